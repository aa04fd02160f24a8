"""References to law survive every way in which people write them, and come back as one address."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.law import Law, LawReference, Laws, parse, system_of

LAWS = Laws.read((Path(__file__).parents[2] / "workflows" / "lists" / "laws.toml").read_text("utf-8"))
AWB = "BWBR0005537"
DAY = date(2026, 11, 21)

LETTERS = st.sampled_from(["", "a", "k"])
counts = st.integers(1, 999).map(str)
articles = st.builds(
    lambda labels, separator, letter: separator.join(labels) + letter,
    st.lists(counts, min_size=1, max_size=4),
    st.sampled_from(":."),
    LETTERS,
) | st.sampled_from(["IV", "P 15", "43 bis", "A1", "4:3a", "II-7"])
paragraphs = st.builds("{}{}".format, st.integers(1, 99), LETTERS)
parts = st.sampled_from(["a", "bb", "1°", "aa.1", "c.2°", "12"])
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
dutch = st.builds("BWB{}{:07}".format, st.sampled_from("RVW"), st.integers(0, 9_999_999))
local = st.builds("CVDR{}{}".format, st.integers(1, 999_999), st.sampled_from(["", "/1", "/12"]))
european = st.builds("3{}{}{:04}".format, st.integers(1952, 2030), st.sampled_from("RLD"), st.integers(1, 9999))
identifiers = dutch | local | european


@st.composite
def references(draw, identifiers=identifiers) -> LawReference:
    identifier = draw(identifiers)
    system = system_of(identifier)
    assert system is not None
    reference = LawReference(system, identifier, valid_on=draw(st.none() | days))
    if draw(st.booleans()):
        return reference
    article, paragraph, part = draw(articles), draw(st.none() | paragraphs), draw(st.none() | parts)
    return LawReference(system, identifier, article, paragraph, part, reference.valid_on)


@given(references())
@settings(max_examples=60)
def test_a_reference_is_read_back_as_it_was_written(reference):
    assert parse(str(reference)) == reference


@given(references(dutch))
def test_the_address_of_a_dutch_law_holds_the_whole_reference(reference):
    assert reference.jci() == str(reference)
    assert parse(reference.public_url()) == reference


def is_numbered_as_its_law(reference: LawReference) -> bool:
    """Has the article no more numbers than those of its law, and a colon where those have one?"""
    law, dots = LAWS[reference.identifier], (reference.article or "").count(".")
    return dots == 0 if law.colon else not law.levels or dots < law.levels


@given(references(st.sampled_from(sorted(LAWS))).filter(is_numbered_as_its_law))
@settings(max_examples=60)
def test_the_words_of_a_known_law_hold_all_but_the_day(reference):
    expected = LawReference(
        reference.system, reference.identifier, reference.article, reference.paragraph, reference.part
    )

    assert parse(reference.label(LAWS), LAWS) == expected


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        (
            "https://wetten.overheid.nl/BWBR0005537/2026-01-01/0#Hoofdstuk3_Artikel3:50",
            LawReference("bwb", AWB, "3:50", valid_on=date(2026, 1, 1)),
        ),
        (
            "https://wetten.overheid.nl/BWBR0005537/2026-01-01/#Hoofdstuk3_Afdeling3.7_Artikel3%3A50",
            LawReference("bwb", AWB, "3:50", valid_on=date(2026, 1, 1)),
        ),
        (
            "https://wetten.overheid.nl/BWBR0041330/2024-01-01#Hoofdstuk3_Afdeling3.2_Paragraaf3.2.6_Artikel3.19",
            LawReference("bwb", "BWBR0041330", "3.19", valid_on=date(2024, 1, 1)),
        ),
        ("wetten.overheid.nl/BWBR0034925#Artikel7.3.11", LawReference("bwb", "BWBR0034925", "7.3.11")),
        ("https://wetten.overheid.nl/BWBR0031331/", LawReference("bwb", "BWBR0031331")),
        (
            "https://wetten.overheid.nl/BWBR0031331/geldigheidsdatum_21-11-2016",
            LawReference("bwb", "BWBR0031331", valid_on=date(2016, 11, 21)),
        ),
        (
            "https://wetten.overheid.nl/jci1.3:c:BWBR0005537&artikel=3:50&lid=1&z=2026-11-21&g=2026-11-21",
            LawReference("bwb", AWB, "3:50", "1", valid_on=DAY),
        ),
        (
            "https://wetten.overheid.nl/jci1.3:c:BWBR0005537&amp;hoofdstuk=3&amp;afdeling=3.7&amp;artikel=3:50",
            LawReference("bwb", AWB, "3:50"),
        ),
        (
            "jci1.3:c:BWBR0005537&hoofdstuk=3&artikel=3:50&lid=1&onderdeel=a&z=2026-11-21&g=2026-11-21",
            LawReference("bwb", AWB, "3:50", "1", "a", DAY),
        ),
        (
            "jci1.31:c:BWBR0011823&hoofdstuk=3&afdeling=4&paragraaf=1&artikel=30b&lid=1&o=k&z=2019-02-27&g=2019-02-27",
            LawReference("bwb", "BWBR0011823", "30b", "1", "k", date(2019, 2, 27)),
        ),
        (
            "jci1.3:c:BWBR0004770&hoofdstuk=I&artikel=2&lid=1&o=aa&o=1",
            LawReference("bwb", "BWBR0004770", "2", "1", "aa.1"),
        ),
        ("jci1.0:c:BWBR0005537&artikel=3:50&g=2005-01-01", LawReference("bwb", AWB, "3:50", valid_on=date(2005, 1, 1))),
        ("jci1.3:v:BWBV0001000&artikel=8", LawReference("bwb", "BWBV0001000", "8")),
        ("jci1.3:c:BWBR0004627&afdeling=II&hoofdstuk=P&artikel=P_15", LawReference("bwb", "BWBR0004627", "P 15")),
        ("  bwbr0005537 ", LawReference("bwb", AWB)),
        ("https://lokaleregelgeving.overheid.nl/CVDR401319/1", LawReference("cvdr", "CVDR401319/1")),
        ("https://lokaleregelgeving.overheid.nl/CVDR142115#Artikel_2a", LawReference("cvdr", "CVDR142115", "2a")),
        ("CVDR401319", LawReference("cvdr", "CVDR401319")),
        (
            "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX%3A32016R0679",
            LawReference("celex", "32016R0679"),
        ),
        (
            "https://eur-lex.europa.eu/legal-content/NL/TXT/PDF/?uri=CELEX:02016R0679-20160504&from=EN",
            LawReference("celex", "32016R0679", valid_on=date(2016, 5, 4)),
        ),
        ("CELEX 32024R0903", LawReference("celex", "32024R0903")),
        ("celex:32016r0679", LawReference("celex", "32016R0679")),
        ("http://data.europa.eu/eli/reg/2016/679/oj", LawReference("celex", "32016R0679")),
        ("https://eur-lex.europa.eu/eli/reg/2024/903/oj/nld", LawReference("celex", "32024R0903")),
        (
            "http://data.europa.eu/eli/dir/2016/680/art_4/par_1/pnt_b/oj",
            LawReference("celex", "32016L0680", "4", "1", "b"),
        ),
        ("http://data.europa.eu/eli/dec_impl/2021/914/oj", LawReference("celex", "32021D0914")),
        (
            "https://eur-lex.europa.eu/legal-content/NL/TXT/HTML/?uri=CELEX%3A32024R0903#art_6",
            LawReference("celex", "32024R0903", "6"),
        ),
        ("https://eur-lex.europa.eu/eli/reg/2024/903/oj/nld#art_4", LawReference("celex", "32024R0903", "4")),
        (
            "https://eur-lex.europa.eu/legal-content/NL/TXT/HTML/?uri=CELEX:32016R0679#006.001",
            LawReference("celex", "32016R0679", "6", "1"),
        ),
        (
            "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:32016R0679&from=NL#d1e1888-1-1",
            LawReference("celex", "32016R0679"),
        ),
        (
            "http://wetten.overheid.nl/cgi-bin/deeplink/law1/bwbid=BWBR0040940/article=41",
            LawReference("bwb", "BWBR0040940", "41"),
        ),
    ],
)
def test_a_pasted_link_or_number_is_understood(pasted, expected):
    assert parse(pasted) == expected


AVG = "32016R0679"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("art. 3:50 lid 1 Awb", LawReference("bwb", AWB, "3:50", "1")),
        ("artikel 6, eerste lid, onder e, AVG", LawReference("celex", AVG, "6", "1", "e")),
        ("Artikel 6, eerste lid, aanhef en onder c, van de AVG.", LawReference("celex", AVG, "6", "1", "c")),
        ("6(1)(e) AVG", LawReference("celex", AVG, "6", "1", "e")),
        ("AVG art. 6(4)", LawReference("celex", AVG, "6", "4")),
        ("Awb 3:50", LawReference("bwb", AWB, "3:50")),
        ("awb artikel 4:15 lid 1 sub a", LawReference("bwb", AWB, "4:15", "1", "a")),
        ("Wmo 2015 art. 5.1.1 lid 4", LawReference("bwb", "BWBR0035362", "5.1.1", "4")),
        ("art 40a Wet WOZ", LawReference("bwb", "BWBR0007119", "40a")),
        ("artikel 2.1.1 van de Wet maatschappelijke ondersteuning 2015", LawReference("bwb", "BWBR0035362", "2.1.1")),
        ("artikel 8 EVRM", LawReference("bwb", "BWBV0001000", "8")),
        ("artikel 3 BWBR0031331", LawReference("bwb", "BWBR0031331", "3")),
        ("de Participatiewet", LawReference("bwb", "BWBR0015703")),
        ("Wet gemeentelijke schuldhulpverlening", LawReference("bwb", "BWBR0031331")),
        ("Wgs", LawReference("bwb", "BWBR0031331")),
        ("Wpg 18 lid 2", LawReference("bwb", "BWBR0022463", "18", "2")),
        ("BWBR0002221:49", LawReference("bwb", "BWBR0002221", "49")),
        ("32016R0679:6:1:e", LawReference("celex", AVG, "6", "1", "e")),
        ("art. 3.50.1 Awb", LawReference("bwb", AWB, "3:50", "1")),
        ("artikel 6.1 AVG", LawReference("celex", AVG, "6", "1")),
        ("Wmo2015 art. 5.1.1 lid 4", LawReference("bwb", "BWBR0035362", "5.1.1", "4")),
    ],
)
def test_a_citation_in_words_is_understood(words, expected):
    assert parse(words, LAWS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "artikel 6",
        "artikel 6 van de Wet op alles",
        "ECLI:NL:RBDHA:2020:865",
        "https://example.nl/wetten",
        "KNP-2026-00001",
        "BWBR000553",
        "BWBA0005537",
        "12345678901234",
        "kst-35316-3",
    ],
)
def test_what_names_no_law_is_refused_and_says_what_to_paste(text):
    with pytest.raises(Invalid, match="Plak een link van wetten") as refusal:
        parse(text, LAWS)

    assert list(refusal.value.faults) == ["id"]


def test_without_known_laws_only_links_and_numbers_are_understood():
    assert parse(AWB).identifier == AWB
    with pytest.raises(Invalid, match="Wij herkennen deze wet niet"):
        parse("art. 3:50 lid 1 Awb")


def test_a_name_that_two_laws_have_asks_which_one():
    laws = Laws(
        [
            Law("BWBR0031331", "Wet gemeentelijke schuldhulpverlening", "Wgs"),
            Law("BWBR9999999", "Wet gegevensverwerking door samenwerkingsverbanden", "WGS"),
        ]
    )

    assert parse("art. 3 Wgs", laws).identifier == "BWBR0031331"
    assert parse("art. 3 WGS", laws).identifier == "BWBR9999999"
    with pytest.raises(Invalid, match=r"Bedoelt u Wet gemeentelijke schuldhulpverlening \(Wgs\) of Wet gegevens"):
        parse("art. 3 wgs", laws)


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(Invalid) as refusal:
        parse("https://wetten.overheid.nl/BWBR0005537/2026-02-30/0")

    assert refusal.value.faults == {"geldigOp": ["Deze datum bestaat niet."]}


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        (("wet", AWB), ["stelsel"]),
        (("bwb", "BWBR1"), ["id"]),
        (("bwb", "CVDR401319"), ["id"]),
        (("celex", "02016R0679"), ["id"]),
        (("cvdr", "401319"), ["id"]),
        (("bwb", AWB, "art. 3"), ["artikel"]),
        (("bwb", AWB, ""), ["artikel"]),
        (("bwb", AWB, "3:50&lid=1"), ["artikel"]),
        (("bwb", AWB, "3:" + "5" * 40), ["artikel"]),
        (("bwb", AWB, None, "1"), ["artikel"]),
        (("bwb", AWB, "3", "eerste"), ["lid"]),
        (("bwb", AWB, "3", None, "onder a"), ["onderdeel"]),
        (("cvdr", "x", "?", "?", "?"), ["id", "artikel", "lid", "onderdeel"]),
    ],
)
def test_what_cannot_be_a_place_in_a_law_is_refused_with_all_faults(fields, faulty):
    with pytest.raises(Invalid) as refusal:
        LawReference(*fields)

    assert list(refusal.value.faults) == faulty
    assert all(sentence.endswith(".") for sentences in refusal.value.faults.values() for sentence in sentences)


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        (
            LawReference("bwb", AWB, "3:50", "1", "a", DAY),
            "https://wetten.overheid.nl/jci1.3:c:BWBR0005537&artikel=3:50&lid=1&onderdeel=a&z=2026-11-21&g=2026-11-21",
        ),
        (LawReference("cvdr", "CVDR401319/1", "2"), "https://lokaleregelgeving.overheid.nl/CVDR401319/1"),
        (LawReference("celex", AVG, "6"), "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:32016R0679"),
    ],
)
def test_everyone_can_read_a_law_at_its_public_address(reference, url):
    assert reference.public_url() == url


def test_only_dutch_law_has_a_jci_string():
    assert LawReference("bwb", AWB, "3:50").jci() == "jci1.3:c:BWBR0005537&artikel=3:50"
    assert LawReference("celex", AVG, "6").jci() is None


def test_a_label_says_the_full_title_or_the_number_of_an_unknown_law():
    known = LawReference("celex", AVG, "6", "1", "e", DAY)
    unknown = LawReference("cvdr", "CVDR401319/1", "2")

    assert known.label(LAWS) == "artikel 6, lid 1, onderdeel e, Algemene verordening gegevensbescherming (AVG)"
    assert unknown.label(LAWS) == "artikel 2, CVDR401319/1"


def test_every_known_law_has_an_identifier_of_a_system_and_a_title_of_its_own():
    assert len(LAWS) >= 45
    assert all(system_of(identifier) for identifier in LAWS)
    assert len({law.title for law in LAWS.values()}) == len(LAWS)
    assert all(LAWS.named(law.title) == [law] for law in LAWS.values())


@pytest.mark.parametrize("text", ["art. " + "3:" * 5000, "Awb " + "1.a" * 3000 + "!", "a" * 20_000, "lid " * 5000])
def test_a_very_long_text_is_refused_at_once(text):
    began = time.process_time()

    with pytest.raises(Invalid):
        parse(text, LAWS)

    assert time.process_time() - began < 1
