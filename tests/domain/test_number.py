"""Numbers are written in one way, read back as they were, and are never mistaken for a court's."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.number import FORMS, ExternalNumber, Number, external, in_path, make, parse

ECLI = re.compile(r"ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:[0-9]{4}:[A-Z0-9.]{1,25}", re.IGNORECASE)

counted = st.sampled_from(sorted(set(FORMS) - {"precedent"}))
names = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\x7f"), min_size=1).filter(
    lambda text: text == text.strip()
)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("melding", "MLD-2026-00001"),
        ("knelpunt", "KNP-2026-00001"),
        ("adviesaanvraag", "ADV-2026-00001"),
        ("vergadering", "VERG-2026-01"),
        ("agendapunt", "AGP-2026-00001"),
        ("publicatie", "PUB-2026-00001"),
        ("aanbeveling", "AANB-2026-00001"),
        ("uitspraak", "CCG:2026:1"),
        ("precedent", "CCG:2026:1"),
    ],
)
def test_each_kind_has_the_number_of_the_contract(kind, expected):
    assert make(kind, 2026, 1) == expected


def test_a_row_that_grows_past_its_width_goes_on():
    assert make("knelpunt", 2026, 123456) == "KNP-2026-123456"
    assert parse("VERG-2026-101") == Number("vergadering", 2026, 101)


@given(counted, st.integers(2014, 2999), st.integers(1, 10**6))
def test_a_number_is_read_as_it_was_made(kind, year, sequence):
    assert parse(make(kind, year, sequence)) == Number(kind, year, sequence)


@given(counted, st.integers(2014, 2999), st.integers(1, 10**6))
def test_no_number_of_our_own_is_an_ecli(kind, year, sequence):
    assert not ECLI.fullmatch(make(kind, year, sequence))


@given(names.filter(lambda source: ":" not in source), names)
def test_an_external_number_is_read_as_it_was_made_and_is_no_ecli(source, source_id):
    number = external(source, source_id)

    assert parse(number) == ExternalNumber(source, source_id)
    assert unquote(in_path(number)) == number
    assert re.fullmatch(r"[A-Za-z0-9._:%-]+", in_path(number))
    assert not ECLI.fullmatch(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KNP-2026-1",
        "KNP-2026-00000",
        "KNP-26-00001",
        "knp-2026-00001",
        "KNP:2026:00001",
        "KNP-2026-000001",
        "CCG-2026-1",
        "CCG:2026:01",
        "XYZ-2026-00001",
        " KNP-2026-00001",
        "KNP-2026-00001\n",
        "ECLI:NL:RBDHA:2020:865",
        "EXT:bron",
        "EXT::1",
        "EXT:bron:",
        "EXT: bron:1",
        "EXT:bron:1\n",
    ],
)
def test_what_is_written_differently_is_no_number(text):
    with pytest.raises(Invalid) as refusal:
        parse(text)

    assert list(refusal.value.faults) == ["nummer"]


def test_a_source_that_could_not_be_read_back_is_refused_with_all_faults():
    with pytest.raises(Invalid) as refusal:
        external("a:b", " ")

    assert refusal.value.faults == {
        "bron": ["Gebruik geen dubbele punt in de naam van de bron."],
        "bronId": ["Vul dit in."],
    }
