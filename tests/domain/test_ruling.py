"""The record of a ruling: what is still missing, and that what is left out is left out everywhere."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ruling import PUBLIC_FIELDS, REQUIRED, WEIGHED, gaps, public_record, texts

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
