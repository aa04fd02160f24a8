"""Lists: filters, stretches, and a number of queries that does not grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.api.conftest import shared_stage
from tests.api.shelf import fill_shelf
from tests.api.stage import SVB, UTRECHT, Stage
from tests.databases import Databases


@pytest.fixture(scope="module")
def library(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """More than a thousand cases, of which nobody reads more than a stretch."""
    with shared_stage(databases, tmp_path_factory.mktemp("library")) as made:
        fill_shelf(made, 1001)
        yield made


READERS = ("utrecht", "svb", "triagist", "behandelaar", "regielid", "ccg_secretaris", "auditor", "niemand")


@contextmanager
def counted(stage: Stage) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(stage.engine, "before_cursor_execute", count)
    yield statements
    event.remove(stage.engine, "before_cursor_execute", count)


def queries(stage: Stage, path: str, who: str) -> int:
    with counted(stage) as statements:
        answer = stage.get(path, who)
    assert answer.status_code == 200
    return len([statement for statement in statements if statement.lstrip().upper().startswith("SELECT")])


@pytest.mark.parametrize("path", ["/knelpunten", "/agendapunten", "/meldingen", "/vergaderingen"])
def test_a_list_costs_each_role_as_many_queries_with_ten_rows_as_with_a_thousand(
    shelf: Stage, library: Stage, path: str
) -> None:
    whole = f"{path}?aantal=100"
    few = {who: queries(shelf, whole, who) for who in READERS}
    many = {who: queries(library, whole, who) for who in READERS}

    assert many == few
    assert max(many.values()) <= 14


def test_reading_one_costs_as_many_queries_whatever_else_there_is(shelf: Stage, library: Stage) -> None:
    one = shelf.get("/knelpunten?sorteer=nummer", "triagist").json["resultaten"][0]["nummer"]
    few = queries(shelf, f"/knelpunten/{one}", "triagist")

    assert queries(library, f"/knelpunten/{one}", "triagist") == few
    assert few <= 25


@pytest.mark.parametrize("order", ["gewijzigd", "termijn", "nummer"])
def test_a_list_is_read_a_stretch_at_a_time_without_gaps(shelf: Stage, order: str) -> None:
    path, numbers = f"/knelpunten?aantal=3&sorteer={order}&type=juridisch", []
    while path:
        answer = shelf.get(path, "triagist")
        numbers += [row["nummer"] for row in answer.json["resultaten"]]
        assert answer.json["totaal"] == 10
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('; rel="next"')
        path = link.partition(">")[0].removeprefix("</api/v1")

    assert len(numbers) == len(set(numbers)) == 10
    if order == "nummer":
        assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("asked", "amount"),
    [
        ("status=in_intake", 2),
        ("status=in_intake&status=ingediend", 4),
        ("type=juridisch", 10),
        ("type=juridisch&type=ethisch", 10),
        ("type=technisch", 0),
        (f"organisatie={SVB}", 10),
        ("organisatie=GEMEENTE%20Utrecht", 10),
        (f"organisatie={UTRECHT.replace('0344', '0001')}", 0),
        ("grondslag=BWBR0015703", 10),
        ("grondslag=BWBR0015703:64", 10),
        ("grondslag=BWBR0015703:65", 0),
        ("teLaat=true", 0),
        ("teLaat=false", 10),
        ("q=bijzondere", 10),
        ("q=%25", 0),
        ("q=", 10),
    ],
)
def test_a_list_is_narrowed_by_its_filters(shelf: Stage, asked: str, amount: int) -> None:
    answer = shelf.get(f"/knelpunten?{asked}", "triagist")

    assert answer.status_code == 200, answer.json
    assert (len(answer.json["resultaten"]), answer.json["totaal"]) == (amount, amount)


def test_a_count_stops_after_a_thousand(library: Stage) -> None:
    found = library.get("/knelpunten", "triagist").json

    assert (len(found["resultaten"]), found["totaal"], found["totaalBegrensd"]) == (25, 1001, True)


@pytest.mark.parametrize(
    "asked",
    [
        "status=onbekend",
        "type=onbekend",
        "aantal=0",
        "aantal=101",
        "aantal=veel",
        "aantal=-1",
        "teLaat=misschien",
        "sorteer=toeval",
        "na=onzin",
        "na=WyJnZXdpanppZ2QiLCAiMjAyNi0xMS0yM1QwOTowMDowMCIsIDFd",
        "na=WyJnZXdpanppZ2QiLCAiMjAyNi0xMS0yM1QwOTowMDowMCswMDowMCIsIDk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
        "na=WyJnZXdpanppZ2QiLCAiMjAyNi0xMS0yM1QwOTowMDowMCswMDowMCIsIEluZmluaXR5XQ",
        "pagina=2",
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_parameter(shelf: Stage, asked: str) -> None:
    answer = shelf.get(f"/knelpunten?{asked}", "triagist")

    assert answer.status_code == 400, answer.json
    assert [fault["veld"] for fault in answer.json["errors"]] == [asked.partition("=")[0]]
    assert answer.json["errors"][0]["melding"]


def test_signs_that_no_database_keeps_are_left_out_of_what_is_asked(shelf: Stage) -> None:
    for asked in ("q=%00", "organisatie=%00x", "grondslag=%00", "na=%00", "q=%ED%A0%80", "knelpunt=%00"):
        assert shelf.get(f"/knelpunten?{asked}", "triagist").status_code in (200, 400)
    for path in ("/uitspraken?na=%00", "/organisaties?na=%00", "/meldingen?na=%00", "/precedenten?q=%00"):
        assert shelf.get(path, "triagist").status_code in (200, 400)
