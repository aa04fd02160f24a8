"""The record of a ruling: what is still missing, and that what is left out is left out everywhere."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.domain.passage import occurs
from app.domain.ruling import PUBLIC_FIELDS, REQUIRED, WEIGHED, gaps, public_record, stretches, texts, written

COMPLETE = {
    **dict.fromkeys(REQUIRED, "ingevuld"),
    "weging": {part: {"oordeel": "ja", "tekst": ""} for part in WEIGHED},
}


def test_a_draft_that_is_complete_has_no_gaps():
    assert gaps(COMPLETE) == ()


def test_each_part_that_is_missing_or_empty_is_named():
    for field, label in REQUIRED.items():
        assert gaps({**COMPLETE, field: ""}) == (label,)
        assert gaps({name: value for name, value in COMPLETE.items() if name != field}) == (label,)
    assert gaps({**COMPLETE, "weging": None}) == ("weging: kan", "weging: mag", "weging: wenselijk")
    assert gaps({**COMPLETE, "weging": {"kan": {"oordeel": "ja"}, "mag": {"oordeel": None}}}) == (
        "weging: mag",
        "weging: wenselijk",
    )


def test_only_the_fields_on_the_list_become_public():
    content = {**dict.fromkeys(PUBLIC_FIELDS, "openbaar"), "betrokkenengroepen": ["geheim"], "intern": "geheim"}

    assert public_record(content, []) == dict.fromkeys(PUBLIC_FIELDS, "openbaar")


def test_a_passage_is_replaced_wherever_it_stands():
    content = {
        "titel": "Over Jan de Vries",
        "feiten": "Jan de Vries belt. Jan de Vries schrijft.",
        "voorwaarden": [{"wie": "Jan de Vries", "wat": "bellen"}],
        "weging": {"kan": {"tekst": "Ja, zei Jan de Vries."}},
    }

    assert public_record(content, [("feiten", "Jan de Vries", "5.1.2e")]) == {
        "titel": "Over [5.1.2e]",
        "feiten": "[5.1.2e] belt. [5.1.2e] schrijft.",
        "voorwaarden": [{"wie": "[5.1.2e]", "wat": "bellen"}],
        "weging": {"kan": {"tekst": "Ja, zei [5.1.2e]."}},
    }


def test_of_passages_within_or_across_each_other_nothing_is_left():
    def feiten(*passages):
        return public_record({"feiten": "Jan de Vries belt."}, [("", text, ground) for text, ground in passages])[
            "feiten"
        ]

    assert feiten(("Jan", "5.1.2e"), ("Jan de Vries", "5.1.2e")) == "[5.1.2e] belt."
    assert feiten(("Jan de", "5.1.2e"), ("de Vries", "5.1.1c")) == "[5.1.2e][5.1.1c] belt."
    assert feiten(("Vries", "5.1.2e"), ("Jan de Vries", "5.1.1c")) == "[5.1.1c][5.1.2e] belt."


def test_a_ground_is_not_mistaken_for_the_text():
    passages = [("", "Jan", "5.1.2e"), ("", "5.1.2e", "5.1.1c"), ("", "e", "5.2")]

    assert public_record({"feiten": "Jan belt."}, passages) == {"feiten": "[5.1.2e] b[5.2]lt."}


def test_an_empty_passage_leaves_the_text_alone():
    assert public_record({"feiten": "Jan belt."}, [("", "", "5.1.2e")]) == {"feiten": "Jan belt."}


letters = st.text(alphabet="ab", max_size=12)


@given(text=letters, passages=st.lists(letters, max_size=4))
def test_no_letter_of_a_passage_survives_at_its_place(text, passages):
    covered = [False] * len(text)
    for passage in filter(None, passages):
        for start in range(len(text)):
            if text.startswith(passage, start):
                covered[start : start + len(passage)] = [True] * len(passage)

    kept = public_record({"feiten": text}, [("", passage, "5") for passage in passages])["feiten"]

    assert kept.replace("[5]", "") == "".join(
        letter for letter, hidden in zip(text, covered, strict=True) if not hidden
    )


def test_every_text_is_read_at_whatever_depth():
    assert list(texts({"a": "x", "b": [{"c": "y"}, 3, None], "d": ("z",)})) == ["x", "y", "z"]


def test_a_passage_is_found_in_whatever_spelling_the_text_has_it():
    spellings = (
        "JAN DE VRIÈS",
        "jan  de\nVries",
        "Jan\u00a0de\u202fVries",
        "Jan de Vri\u00ades",
        "Jan de Vri-\n  es",
        "Jan\u200b de Vrie\u0300s",
        "Jan <b>de</b> Vries",
        "Jan&nbsp;de Vri&egrave;s",
        "Ｊａｎ de Vries",
    )

    for spelling in spellings:
        kept = public_record({"feiten": f"Toen belde {spelling} ons."}, [("", "Jan de Vries", "5.1.2e")])
        assert kept["feiten"] == "Toen belde [5.1.2e] ons.", spelling


def test_a_passage_with_other_spaces_or_markup_in_it_is_found_in_plain_text():
    for passage in (" Jan\n de  Vries ", "jan <i>de</i> vries", "Jan&nbsp;de Vries", "Jan de Vri\u00ades"):
        assert public_record({"feiten": "Jan de Vries belt."}, [("", passage, "5.1.2e")])["feiten"] == "[5.1.2e] belt."


def test_what_looks_like_markup_hides_no_passage():
    text = "Als x<Jan de Vries en y>z, dan."

    assert "Jan" not in public_record({"feiten": text}, [("", "Jan de Vries", "5.1.2e")])["feiten"]
    assert public_record({"feiten": "a <b>c</b>"}, [("", "<b>", "5.2")])["feiten"] == "a [5.2]c</b>"


def test_what_the_system_made_itself_is_left_alone():
    record = {"nummer": "CCG:2026:1", "conclusie": {"code": "mag", "label": "Mag"}, "datumVastgesteld": "2026-11-23"}
    passages = [("", words, "5.2") for words in ("CCG:2026:1", "mag", "2026")]

    assert public_record(record, passages) == {**record, "conclusie": {"code": "mag", "label": "[5.2]"}}


signs = st.sampled_from("aàbB e\u0301ß\u00a0\u00ad\n-‑'’<>&;/ﬁ1") | st.characters(codec="utf-8")
words = st.text(alphabet=signs, min_size=1, max_size=8)


@st.composite
def passages_in_a_text(draw):
    """Passages, and a text in which they stand in other spellings, next to each other and across each other."""
    passages = draw(st.lists(words, min_size=1, max_size=4))
    respelled = (
        str.upper,
        str.casefold,
        lambda text: text.replace(" ", "\u00a0\n"),
        "\u00ad".join,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: unicodedata.normalize("NFKC", text),
    )
    parts = [draw(st.sampled_from(respelled))(one) for one in draw(st.lists(st.sampled_from(passages), max_size=5))]
    around = draw(st.lists(words, min_size=len(parts) + 1, max_size=len(parts) + 1))
    text = "".join(sign for pair in zip(around, [*parts, ""], strict=True) for sign in pair)
    return passages, text


@given(passages_in_a_text())
def test_no_passage_survives(given_text):
    passages, text = given_text
    record = {"feiten": text, "voorwaarden": [{"wat": text.upper()}], "bijlagen": [{"titel": "a", "tekst": text}]}

    kept = public_record(record, [("feiten", passage, MARK) for passage in passages])

    for left in written(kept):
        for part in left.split(f"[{MARK}]"):
            assert not [passage for passage in passages if occurs(passage, part)]


MARK = "5.1.2e"


@given(st.lists(words, max_size=4), words)
def test_of_a_text_without_a_passage_nothing_is_lost(passages, text):
    if not any(occurs(passage, text) for passage in passages):
        assert public_record({"feiten": text}, [("", one, MARK) for one in passages]) == {"feiten": text}


@given(passages_in_a_text())
def test_the_stretches_of_a_text_are_the_text(given_text):
    passages, text = given_text

    assert "".join(part for part, _ in stretches(text, [("", one, MARK) for one in passages])) == text
