"""Places in the law are read wherever they stand: in running text, and in a question as somebody types it."""

import gc
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.citation import Mention, NamedPlace, asked, mentions, places_of
from app.domain.errors import Invalid
from app.domain.law import LawReference, parse
from tests.citations import AMOUNT, LAWS, SPELLINGS, places, spelled, told

AVG, AWB, JEUGDWET, WGS, EVRM = "32016R0679", "BWBR0005537", "BWBR0034925", "BWBR0031331", "BWBV0001000"


def read(text: str) -> list[tuple[str, ...]]:
    """The places that a text names: the law, and what is known of article, paragraph and part."""
    return [short(mention) for mention in mentions(text, LAWS)]


def short(mention: Mention) -> tuple[str, ...]:
    return tuple(label or "" for label in places_of(mention.reference)[0][1:])


@pytest.mark.parametrize(
    "text",
    [
        "art. 6 lid 1 onder e AVG",
        "6:1:e avg",
        "6.1.e AVG",
        "art. 6:1:e avg",
        "artikel 6, eerste lid, onder e, van de AVG",
        "Artikel 6, eerste lid, aanhef en onder e, van de Algemene verordening gegevensbescherming",
        "6(1)(e) AVG",
        "ART 6 (1) (E) AVG",
        "AVG art. 6(1)(e)",
        "AVG, artikel 6, lid 1, sub e",
        "de AVG (artikel 6, lid 1, onder e)",
        "art 6 lid 1 e avg",
        "6(1)e AVG",
        "AVG:6:1:e",
        "Article 6(1)(e) GDPR",
        "artikel 6, lid 1, sub e) AVG",
        "eerste lid, onder e, van artikel 6 AVG",
        "artikel 6 lid 1 onder e van verordening 2016/679",
        "artikel 6, lid 1, onder e, Algemene verordening gegevensbescherming (AVG)",
        "artikel 6, 1e lid, onderdeel e, AVG",
        "artikel 6 AVG, eerste lid, onder e",
        "onder e van het eerste lid van artikel 6 van de AVG",
        "artikel\u00a06,\u2009eerste\nlid,  onder\te, van  de\u202fAVG",
        "artikel 6, lid 1, onder e GDPR",
        "artikel 6, eerste lid, onder e, van Verordening (EU) 2016/679",
        "artikel 6 lid 1 onder e, CELEX 32016R0679",
        "32016R0679&artikel=6&lid=1&onderdeel=e",
        "http://data.europa.eu/eli/reg/2016/679/art_6/par_1/pnt_e/oj",
        "AVG 6.1.e",
        "artikel 6.1 onder e AVG",
        "art. 6 lid 1 (e) (AVG)",
        "6:1:e Vo 2016/679",
        "Vo. (EU) 2016/679, art. 6 lid 1 sub e",
        "art.6lid1 sub e AVG",
        "artikel 6 lid een onder e AVG",
        "artikel 6, lid 1, aanhef en onder “e”, AVG",
        "artikel 6 lid 1 sub 'e' AVG",
        "art. 6 lid 1, onder e', AVG",
        "Art. 6(1) lit. e AVG",
        "Article 6, paragraph 1, point (e), GDPR",
        "Article 6 par. 1 point (e) GDPR",
        "artikel: 6, lid: 1, onderdeel: e, AVG",
        "wet: AVG; artikel: 6; lid: 1; onderdeel: e",
        "AVG/art. 6/lid 1/onder e",
        "avg | artikel 6 | lid 1 | onder e",
        "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:32016R0679 artikel 6 lid 1 onder e",
        "artikel 6 lid 1 onder e (https://eur-lex.europa.eu/eli/reg/2016/679/oj)",
        "https://eur-lex.europa.eu/legal-content/NL/TXT/HTML/?uri=CELEX:32016R0679#d1e1888-1-1, art. 6 lid 1 sub e",
    ],
)
def test_one_place_is_written_in_many_ways(text: str) -> None:
    assert {places_of(found)[0][1:] for found in asked(text, LAWS).references} == {(AVG, "6", "1", "e")}
    assert {short(mention) for mention in mentions(f"Dit volgt uit {text}.", LAWS)} >= {(AVG, "6", "1", "e")}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("artikelen 8 en 9 Jeugdwet", [(JEUGDWET, "8", "", ""), (JEUGDWET, "9", "", "")]),
        ("artikel 6, eerste lid, onder c en e, AVG", [(AVG, "6", "1", "c"), (AVG, "6", "1", "e")]),
        ("artikel 6, eerste lid, onder c, en tweede lid, AVG", [(AVG, "6", "1", "c"), (AVG, "6", "2", "")]),
        ("artikel 9, eerste en derde lid, AVG", [(AVG, "9", "1", ""), (AVG, "9", "3", "")]),
        ("AVG artikelen 5, 6 en 9", [(AVG, "5", "", ""), (AVG, "6", "", ""), (AVG, "9", "", "")]),
        ("artikel 5 jo. artikel 6, lid 4, AVG", [(AVG, "5", "", ""), (AVG, "6", "4", "")]),
        ("artikel 8 t/m 10 Jeugdwet", [(JEUGDWET, number, "", "") for number in ("8", "9", "10")]),
        ("artikel 6 AVG en artikel 8 EVRM", [(AVG, "6", "", ""), (EVRM, "8", "", "")]),
        ("de Wet BRP", [("BWBR0033715", "", "", "")]),
        ("artikel 3:50:1 Awb, zie Awb 3:50", [(AWB, "3:50:1", "", ""), (AWB, "3:50", "", "")]),
        ("3:50:1 awb", [(AWB, "3:50", "1", "")]),
        ("5.1.2e Woo, art. 6.1e AVG", [("BWBR0045754", "5.1", "2", "e"), (AVG, "6", "1", "e")]),
        ("hoofdstuk 3 Awb", [(AWB, "", "", "")]),
        ("6:162 BW", [("burgerlijk wetboek", "6:162", "", "")]),
        ("artikel 2, eerste lid, onder aa, onder 1°, IW 1990", [("BWBR0004770", "2", "1", "aa.1")]),
        ("zie ECLI:NL:RBDHA:2020:865.", [("ECLI:NL:RBDHA:2020:865", "", "", "")]),
        ("(https://wetten.overheid.nl/BWBR0005537/2026-01-01/0#Hoofdstuk3_Artikel3:50).", [(AWB, "3:50", "", "")]),
        ("jci1.3:c:BWBR0005537&artikel=3:50&lid=1, en", [(AWB, "3:50", "1", "")]),
        ("https://lokaleregelgeving.overheid.nl/CVDR401319/1", [("CVDR401319", "", "", "")]),
        ("artikel 3 BWBR0031331", [(WGS, "3", "", "")]),
        ("artt. 37 lid 2 en 98 AVG", [(AVG, "37", "2", ""), (AVG, "98", "", "")]),
        ("artikelen 37, lid 2, en 98, lid 1, AVG", [(AVG, "37", "2", ""), (AVG, "98", "1", "")]),
        ("artt. 9 leden 1 en 2 AVG", [(AVG, "9", "1", ""), (AVG, "9", "2", "")]),
        ("art. 9 lid 1 en 2 AVG", [(AVG, "9", "1", ""), (AVG, "9", "2", "")]),
        ("artt. 9 lid 1 t/m 3 AVG", [(AVG, "9", "1", ""), (AVG, "9", "2", ""), (AVG, "9", "3", "")]),
        ("BWBR0034925:8 en BWBR0034925:7.3.11", [(JEUGDWET, "8", "", ""), (JEUGDWET, "7.3.11", "", "")]),
    ],
)
def test_rows_links_numbers_and_judgments_are_read(text: str, named: list[tuple[str, ...]]) -> None:
    assert read(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "artikel 6",
        "In 2015 deelde de gemeente 12 dossiers met 3 partijen.",
        "artikel 5 van deze wet",
        "delen via het web, voor 4.5 TWh of 925 XV",
        "KNP-2026-00001, bijlage 3, onder 2",
        "de wet zegt dat 3 weken genoeg is",
    ],
)
def test_what_names_no_place_is_left_alone(text: str) -> None:
    assert read(text) == []
    assert not asked(text, LAWS).references


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("8.1 EVRM", (EVRM, "8", "1", "")),
        ("artikel 8.1 EVRM", (EVRM, "8", "1", "")),
        ("Wabb art 3.2", ("BWBR0022428", "3", "2", "")),
        ("art. 54.3a wet suwi", ("BWBR0013060", "54", "3", "a")),
        ("art. 37a.2 AVG", (AVG, "37a", "2", "")),
        ("5.2.1 WOO", ("BWBR0045754", "5.2", "1", "")),
        ("art. 5.1.2.e Woo", ("BWBR0045754", "5.1", "2", "e")),
        ("artikel 5.3 Woo", ("BWBR0045754", "5.3", "", "")),
        ("5.2.9.1c Wmo 2015", ("BWBR0035362", "5.2.9", "1", "c")),
        ("art. 3.4 Wmo 2015", ("BWBR0035362", "3.4", "", "")),
        ("artikel 6.1 lid 2 AVG", (AVG, "6.1", "2", "")),
        ("art. 6.1.2.3 AVG", (AVG, "6.1.2.3", "", "")),
        ("AVG 2.0", (AVG, "2.0", "", "")),
        ("AVG 1.500", (AVG, "1.500", "", "")),
    ],
)
def test_dots_part_the_levels_of_a_law_whose_levels_are_known(text: str, place: tuple[str, ...]) -> None:
    assert read(text) == [place]


@pytest.mark.parametrize("text", ["art. 2.3.1 Jeugdwet", "2.3.1 jeugdwet", "artikel 2.3.1 Voorbeeldwet"])
def test_dots_stay_where_nobody_knows_the_levels(text: str) -> None:
    assert [place[1:] for place in read(text)] == [("2.3.1", "", "")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("AWB 3.4", (AWB, "3:4", "", "")),
        ("artikel 3.4 Awb", (AWB, "3:4", "", "")),
        ("art. 8.34 Wvggz", ("BWBR0040635", "8:34", "", "")),
        ("6.162 BW", ("burgerlijk wetboek", "6:162", "", "")),
        ("art. 1.377b lid 1 BW", ("burgerlijk wetboek", "1:377b", "1", "")),
        ("Awb 2:5.1", (AWB, "2:5", "1", "")),
        ("art. 4.5.1c Awb", (AWB, "4:5", "1", "c")),
    ],
)
def test_a_dot_stands_for_the_colon_that_articles_of_a_law_have(text: str, place: tuple[str, ...]) -> None:
    assert read(text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "artikel 162 Boek 6 BW, lid 2",
        "artikel 162, tweede lid, van Boek 6 van het Burgerlijk Wetboek",
        "tweede lid van artikel 162 van boek 6 van het BW",
        "Boek 6 BW, artikel 162 lid 2",
        "Boek 6, artikel 162 lid 2 BW",
        "BW, boek 6, artikel 162 lid 2",
        "artikel 6:162 lid 2 Boek 6 BW",
    ],
)
def test_the_book_of_a_law_may_stand_apart(text: str) -> None:
    assert read(text) == [("burgerlijk wetboek", "6:162", "2", "")]
    assert asked(text, LAWS).is_citation


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("artikel 17 lid 1 (PW)", ("BWBR0015703", "17", "1", "")),
        ("artikel 310 (Sr)", ("wetboek van strafrecht", "310", "", "")),
        ("art. 10 lid 1 (Gw)", ("grondwet", "10", "1", "")),
        ("artikel 2.3 (Jw)", (JEUGDWET, "2.3", "", "")),
        ("artikel 2, lid 1 (aa) IW 1990", ("BWBR0004770", "2", "1", "aa")),
    ],
)
def test_a_law_of_two_letters_in_brackets_is_no_part(text: str, place: tuple[str, ...]) -> None:
    assert read(text) == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("artikel 2 : 5 lid 1 Awb", (AWB, "2:5", "1", "")),
        ("Awb, artikel 2 : 5", (AWB, "2:5", "", "")),
        ("art. 5. 1 lid 2 sub e Woo", ("BWBR0045754", "5.1", "2", "e")),
        ("art. 5. 3. 3 wmo 2015", ("BWBR0035362", "5.3.3", "", "")),
        ("art. 53 a lid 6 P-wet", ("BWBR0015703", "53a", "6", "")),
        ("art. 126 nd WvSv", ("wetboek van strafvordering", "126nd", "", "")),
        ("art. 1:377 b lid 1 BW", ("burgerlijk wetboek", "1:377b", "1", "")),
        ("artikel 38 UR AWR", ("uitvoeringsregeling algemene wet inzake rijksbelastingen", "38", "", "")),
        ("art.8:42lid1 Awb", (AWB, "8:42", "1", "")),
        ("art.39elid2 Wjsg", ("BWBR0014194", "39e", "2", "")),
    ],
)
def test_the_number_of_an_article_may_be_spaced_or_glued(text: str, place: tuple[str, ...]) -> None:
    assert read(text) == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("In artikel 5. 2 leden van de raad; de AVG.", (AVG, "", "", "")),
        ("Zie artikel 3. 4 Awb-procedures lopen.", (AWB, "", "", "")),
        ("In artikel 6: 5 AVG-verzoeken.", (AVG, "", "", "")),
        ("art. 6 ev. AVG", (AVG, "", "", "")),
        ("afd. 3.4 Awb", (AWB, "", "", "")),
        ("§ 3.4 Awb", (AWB, "", "", "")),
    ],
)
def test_a_number_that_begins_something_else_is_no_article(text: str, place: tuple[str, ...]) -> None:
    assert read(text) == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("art. 3 lid 1 sub a Bibob", ("BWBR0013798", "3", "1", "a")),
        ("Bibob, artikel 7a, vierde lid", ("BWBR0013798", "7a", "4", "")),
        ("artikel 37c van de WOZ", ("BWBR0007119", "37c", "", "")),
        ("art. 2.3.2 Wmo2015", ("BWBR0035362", "2.3.2", "", "")),
        ("art 8 onder g vw2000", ("BWBR0011823", "8", "", "g")),
        ("artikel 30 Uitvoeringswet AVG", ("BWBR0040940", "30", "", "")),
        ("art. 43c Uitv.reg. AWR", ("uitvoeringsregeling algemene wet inzake rijksbelastingen", "43c", "", "")),
    ],
)
def test_laws_have_the_names_that_people_give_them(text: str, place: tuple[str, ...]) -> None:
    assert read(text) == [place]


@pytest.mark.parametrize(
    "text", ["de WOZ en een toets aan Bibob", "artikel 3 Uitv.besl. AWR", "in het vo 2016/2017", "in het vo 12/50"]
)
def test_a_name_that_is_of_something_else_is_no_law(text: str) -> None:
    assert read(text) == []


LINK_TO_JEUGDWET = "https://wetten.overheid.nl/BWBR0034925/2026-01-01"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"{LINK_TO_JEUGDWET} artikel 2.3 lid 1", [(JEUGDWET, "2.3", "1", "")]),
        (f"artikel 2.3 lid 1 {LINK_TO_JEUGDWET}", [(JEUGDWET, "2.3", "1", "")]),
        (f"artikel 2.3, lid 1, Jeugdwet ({LINK_TO_JEUGDWET})", [(JEUGDWET, "2.3", "1", "")]),
        (f"artikelen 8 en 9 {LINK_TO_JEUGDWET}", [(JEUGDWET, "8", "", ""), (JEUGDWET, "9", "", "")]),
        (f"{LINK_TO_JEUGDWET} en artikel 6 AVG", [(JEUGDWET, "", "", ""), (AVG, "6", "", "")]),
        (f"artikel 6 AVG ({LINK_TO_JEUGDWET})", [(AVG, "6", "", ""), (JEUGDWET, "", "", "")]),
        (f"{LINK_TO_JEUGDWET}#Artikel8 artikel 6 AVG", [(JEUGDWET, "8", "", ""), (AVG, "6", "", "")]),
        (f"noot 3 {LINK_TO_JEUGDWET} 4 weken", [(JEUGDWET, "", "", "")]),
    ],
)
def test_a_place_beside_an_address_is_of_its_law(text: str, named: list[tuple[str, ...]]) -> None:
    assert read(text) == named


def test_a_place_with_its_address_is_one_stretch_on_one_day() -> None:
    text = f"Zie {LINK_TO_JEUGDWET}, artikel 2.3, en ook de AVG."

    place, law = mentions(text, LAWS)

    assert text[place.start : place.end] == f"{LINK_TO_JEUGDWET}, artikel 2.3"
    assert isinstance(place.reference, LawReference)
    assert place.reference.valid_on == date(2026, 1, 1)
    assert text[law.start : law.end] == "AVG"


def test_a_stretch_says_where_its_place_is_named() -> None:
    text = "Zie artikelen 8 en 9 Jeugdwet, en de AVG (art. 6)."

    stretches = [text[mention.start : mention.end] for mention in mentions(text, LAWS)]

    assert stretches == ["artikelen 8", "9 Jeugdwet", "AVG (art. 6)"]


def test_a_law_that_nobody_listed_is_known_by_its_name() -> None:
    ways = ("artikel 8 Voorbeeldwet", "art. 8 van de Voorbeeldwet", "Voorbeeldwet, artikel 8", "8 voorbeeldwet")

    assert {read(way)[0] for way in ways} == {("voorbeeldwet", "8", "", "")}
    assert read("art. 8 VBW") == read("VBW art. 8") == [("vbw", "8", "", "")]


def test_a_long_name_is_known_by_each_name_that_it_may_have() -> None:
    (mention,) = mentions("artikel 8 van de Wet werk en bijstand gemeenten geeft regels", LAWS)

    assert isinstance(mention.reference, NamedPlace)
    assert [place.identifier for place in places_of(mention.reference)] == [
        "wet werk en bijstand gemeenten",
        "wet werk en bijstand",
        "wet werk",
    ]


@pytest.mark.parametrize("text", ["art 3.8 brp", "art. 3.8 BRP", "artikel 3.8 van de brp", "art. 3.8 Wet BRP"])
def test_the_register_behind_an_article_is_its_law(text: str) -> None:
    assert read(text) == [("BWBR0033715", "3.8", "", "")]


def test_the_register_without_an_article_is_a_word() -> None:
    assert asked("gegevens uit de BRP", LAWS).references == asked("brp", LAWS).references == ()
    assert mentions("Het adres staat in de BRP.", LAWS) == []
    assert [one.reference.identifier for one in mentions("Zie artikel 3.8 BRP.", LAWS)] == ["BWBR0033715"]
    assert [one.reference.identifier for one in mentions("Zie artikel 3 Besluit BRP.", LAWS)] == ["BWBR0034306"]


def test_of_two_laws_with_one_abbreviation_the_capitals_decide_and_is_asked_whatever_they_are() -> None:
    by_name = "wet gegevensverwerking door samenwerkingsverbanden"

    assert read("art. 3 Wgs") == [(WGS, "3", "", "")]
    assert read("art. 3 WGS") == [(by_name, "3", "", "")]
    for name in ("Wgs", "WGS", "wgs"):
        (unclear,) = asked(f"art. 3 {name}", LAWS).unclear
        assert unclear.name == name
        assert [law.title for law in unclear.laws] == [
            "Wet gemeentelijke schuldhulpverlening",
            "Wet gegevensverwerking door samenwerkingsverbanden",
        ]
    for name in ("wpg", "Wpg"):
        assert {law.abbreviation for law in asked(name, LAWS).unclear[0].laws} == {None, "Wpg"}
    assert not asked("art. 3 Wet gemeentelijke schuldhulpverlening", LAWS).unclear


def test_a_question_is_a_citation_or_has_one_beside_its_words() -> None:
    alone, beside = asked("art. 6 van de AVG?", LAWS), asked("mag delen volgens artikel 6 AVG met de politie", LAWS)

    assert alone.is_citation
    assert not alone.words
    assert not beside.is_citation
    assert beside.words == "mag delen volgens met de politie"
    assert beside.references == alone.references == (LawReference("celex", AVG, "6"),)


def test_an_abbreviation_that_is_a_word_as_well_needs_its_capitals_or_a_place() -> None:
    assert read("de WEB, en niet het web") == [("BWBR0007625", "", "", "")]
    assert not asked("delen via web", LAWS).references
    assert read("art. 8 web") == [("BWBR0007625", "8", "", "")]


def test_a_place_says_its_name_and_where_it_can_be_read() -> None:
    law, judgment = (mentions(text, LAWS)[0].reference for text in ("art. 8 lid 2 WGS", "ECLI:NL:RBDHA:2020:865"))

    assert law.label(LAWS) == "artikel 8, lid 2, Wet gegevensverwerking door samenwerkingsverbanden (WGS)"
    assert law.public_url() is None
    assert judgment.public_url() == "https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:RBDHA:2020:865"


def test_four_hundred_places_are_read_in_five_spellings() -> None:
    expected = {place: places_of(place)[0][1:] for place in places()}

    wrong = [
        spelled(place, way)
        for place in expected
        for way in range(len(SPELLINGS))
        if expected[place] not in {places_of(found)[0][1:] for found in asked(spelled(place, way), LAWS).references}
        or expected[place] not in {places_of(one.reference)[0][1:] for one in mentions(told(place, way), LAWS)}
    ]

    assert len(expected) == AMOUNT
    assert wrong == []


PIECES = st.sampled_from(
    [
        *(
            "art. ",
            "artikel ",
            "artikelen ",
            "lid ",
            "eerste lid",
            "onder ",
            "sub ",
            "aanhef en onder ",
            "van de ",
            " en ",
        ),
        *(
            "6",
            "3:50",
            "7.3.11",
            "(1)",
            "(e)",
            "e",
            ",",
            " ",
            ".",
            " tot en met ",
            "jo. ",
            "-",
            ":",
            "°",
            "IV",
            "\u00a0",
        ),
        *(
            "AVG",
            "Awb",
            "wgs",
            "Jeugdwet",
            "Wet op de ",
            "Wet BRP",
            "Voorbeeldwet",
            "besluit",
            "BWBR0005537",
            "&artikel=",
        ),
        *(
            "https://wetten.overheid.nl/",
            " https://wetten.overheid.nl/BWBR0005537 ",
            "Boek 6 ",
            "ECLI:NL:HR:2020:1",
            "İ",
            "ß",
            "ij",
            "é",
            "\ud83d\ude00"[:0],
            "😀",
            "\n",
            "1990",
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join))
@example("İ artikel 6 AVG")
@settings(max_examples=300)
def test_whatever_a_text_holds_its_stretches_lie_in_it_and_in_order(text: str) -> None:
    found = mentions(text, LAWS)

    assert [mention.start for mention in found] == sorted(mention.start for mention in found)
    assert all(0 <= mention.start < mention.end <= len(text) for mention in found)
    assert all(places_of(mention.reference) for mention in found)
    assert isinstance(asked(text, LAWS).words, str)


HOSTILE = [
    *(
        "1 ",
        "1, ",
        "1.",
        "3:",
        "art. 1, ",
        "art ",
        "a",
        "a-",
        "(",
        "6(1)(e)",
        " ",
        "lid 1 ",
        "eerste lid ",
        "onder a en b ",
    ),
    *("wet ", "Wet op de ", "crisis- en ", "awb ", "AVG artikel 1, 2, 3, 4 ", "artikel 1 Wet a b c d e f g h i j k l "),
    *(
        "artikelen 1 t/m 99 ",
        "BWBR0005537",
        "BWBR0005537 ",
        "BWBR0005537&",
        "http://",
        "wetten.overheid.nl",
        "ECLI:NL:",
    ),
    *("artikel 6 lid 1 onder a ", "1 t/m ", "lid 1, 2, 3 ", "artikel 1, eerste, tweede, "),
    *("1 : ", "art. 1. 1. ", "art. 1 a ", "artikel: ", "lid lid lid ", "(1)(PW)", "AVG/art. 1/lid 1/", "onder '"),
    *("artikel 1 Boek 6 ", "artt. 1 lid 1 en 2 en ", "art.1lid1", "Wmo2015 ", "vo 2016/679 "),
    *("BWBR0002221:49 ", "https://wetten.overheid.nl/BWBR0002221 artikel 1 "),
]


def seconds(text: str) -> float:
    """What reading takes by itself: the least of three times, without what the collector of garbage adds."""

    def once() -> float:
        began = time.process_time()
        mentions(text, LAWS)
        return time.process_time() - began

    gc.disable()
    try:
        return min(once() for _ in range(3))
    finally:
        gc.enable()


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_a_hostile_text_and_no_faster(piece: str) -> None:
    whole = (piece * 40_000)[:40_000]

    assert seconds(whole) < 8 * seconds(whole[:10_000]) + 0.2


@pytest.mark.parametrize("piece", ["3:", "wet ", "art. 1, ", "a"])
def test_two_hundred_thousand_characters_are_read_in_seconds(piece: str) -> None:
    assert seconds((piece * 200_000)[:200_000]) < 15


def test_a_pasted_page_is_a_question_as_well() -> None:
    began = time.process_time()

    asked("artikel 6 AVG en nog wat woorden " * 20_000, LAWS)

    assert time.process_time() - began < 1


def test_a_law_without_a_number_is_refused_where_a_number_is_asked() -> None:
    with pytest.raises(Invalid) as refused:
        parse("art. 3 WGS", LAWS)

    (told,) = refused.value.faults["id"]
    assert "kennen wij het nummer niet" in told
    assert told.endswith("Of bedoelt u “Wet gemeentelijke schuldhulpverlening (Wgs)”? Schrijf dan Wgs.")
