from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.errors import Invalid
from app.domain.law import LawReference
from app.schemas.field import Form
from app.schemas.form import describe, from_html, load, page_faults, to_html
from app.schemas.law import Laws, law_json, recognised
from app.schemas.precedent import SimilarForm
from tests.schemas.browser import nothing

LINK = "https://wetten.overheid.nl/BWBR0005537/2026-01-01/0#Hoofdstuk3_Artikel3:50"
AWB = {
    "system": "bwb",
    "identifier": "BWBR0005537",
    "article": "3:50",
    "paragraph": None,
    "part": None,
    "valid_on": date(2026, 1, 1),
}


class Asks(Form):
    laws = Laws("grondslagen", "Grondslagen")


def laws(*rows):
    return load(Asks, {"grondslagen": [*rows]})["laws"]


def faults_of(*rows):
    with pytest.raises(Invalid) as refused:
        laws(*rows)
    return refused.value.faults


@pytest.mark.parametrize(
    "row",
    [
        {"link": LINK},
        LINK,
        {"stelsel": "bwb", "id": "BWBR0005537", "artikel": "3:50", "geldigOp": "2026-01-01"},
        {"id": "BWBR0005537", "artikel": "3:50", "geldigOp": "2026-01-01"},
        {"wet": "Awb", "artikel": "3:50", "geldigOp": "2026-01-01"},
        {"wet": "Algemene wet bestuursrecht", "artikel": "3:50", "geldigOp": "2026-01-01"},
        {"link": "https://wetten.overheid.nl/BWBR0005537", "artikel": "3:50", "geldigOp": "2026-01-01"},
    ],
)
def test_a_law_may_be_named_in_many_ways(row):
    assert laws(row) == [AWB]


def test_what_is_filled_in_beside_a_link_goes_before_it():
    assert laws({"link": LINK, "artikel": "3:51", "lid": "2"})[0] == {**AWB, "article": "3:51", "paragraph": "2"}


@pytest.mark.parametrize(
    ("row", "path", "box"),
    [
        ({"link": "https://voorbeeld.example"}, "link", "link"),
        ({"wet": "Wet die niet bestaat"}, "wet", "wet"),
        ({"id": "zomaar"}, "id", "wet"),
        ({"stelsel": "bwb", "id": "32016R0679"}, "id", "wet"),
        ({"stelsel": "ecli", "id": "BWBR0005537"}, "stelsel", "wet"),
        ({"id": "BWBR0005537", "lid": "1"}, "artikel", "artikel"),
        ({"link": LINK, "lid": "eerste"}, "lid", "lid"),
        ({"id": "BWBR0005537", "geldigOp": "ooit"}, "geldigOp", "geldigOp"),
        ({}, "id", "wet"),
    ],
)
def test_a_fault_stands_at_the_part_that_is_wrong(row, path, box):
    faults = faults_of("BWBR0031331", row)

    assert [*faults] == [f"grondslagen.1.{path}"]
    assert [*page_faults(Asks, faults)] == [f"grondslagen-1-{box}"]


def test_rows_without_anything_in_them_do_not_count():
    typed = MultiDict([("grondslagen-0-link", " "), ("grondslagen-0-wet", ""), ("grondslagen-4-wet", "bwbr0005537")])

    assert from_html(Asks, typed) == {"grondslagen": [{"stelsel": "bwb", "id": "BWBR0005537"}]}


def test_a_page_shows_what_was_recognised():
    (row,) = to_html(Asks, {"grondslagen": [{"stelsel": "bwb", "id": "BWBR0005537", "artikel": "3:50"}]})["grondslagen"]

    assert row == {
        "wet": "BWBR0005537",
        "artikel": "3:50",
        "label": "artikel 3:50, Algemene wet bestuursrecht (Awb)",
        "url": "https://wetten.overheid.nl/jci1.3:c:BWBR0005537&artikel=3:50",
        "jci": "jci1.3:c:BWBR0005537&artikel=3:50",
    }


@pytest.mark.parametrize("row", [None, 3, {}, {"link": "zomaar"}])
def test_nothing_is_recognised_in_what_is_wrong(row):
    assert recognised(row) == {}


def test_laws_are_chosen_by_their_full_title():
    (field,) = describe(Asks, nothing)

    assert field.kind == "grondslagen"
    assert ("BWBR0005537", "Algemene wet bestuursrecht (Awb)") in field.choices


def test_a_reference_goes_over_the_wire_and_back():
    reference = LawReference("bwb", "BWBR0031331", "3", "1", "a", date(2026, 11, 21))

    assert LawReference(**laws(law_json(reference))[0]) == reference


def test_looking_for_like_texts_takes_laws_as_they_are_pasted():
    asked = load(SimilarForm, {"tekst": "Mag dit?", "grondslagen": [LINK]})

    assert asked == {"text": "Mag dit?", "laws": [AWB], "limit": 10}


@pytest.mark.parametrize("limit", [0, 101])
def test_no_more_than_a_hundred_like_texts_are_given(limit):
    with pytest.raises(Invalid) as refused:
        load(SimilarForm, {"tekst": "Mag dit?", "aantal": limit})

    assert refused.value.faults == {"aantal": ["Vraag er 1 tot en met 100."]}
