"""A list as a file: the same rows as the page, for who sees the page, and safe to open."""

import csv
from typing import Any

import pytest

from app.domain.access import role_key
from app.services import export
from app.services.external import keep_decisions
from tests.make import make_case
from tests.site import Site, Visitor
from tests.web.commission import SECRETARY, inside
from tests.web.published import Public, change, change_record, publish

FORMULA = "=HYPERLINK(A1)"


@pytest.fixture(scope="module")
def boats(site: Site) -> Public:
    return publish(
        site,
        titel="Woonboten en ligplaatsen",
        kernregel=FORMULA,
        orgaan="Commissie Noord",
        typen=[{"code": "ethisch", "label": "Ethisch"}],
        grondslagen=[
            {"label": "artikel 1", "jci": "jci1.3:c:BWBR0099999&artikel=1", "url": "https://wet.example", "rol": None}
        ],
    )


def rows(visitor: Visitor, path: str) -> list[dict[str, Any]]:
    response = visitor.client.get(path)
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    assert text.startswith("\ufeff")
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines(), delimiter=";"))


def numbers(visitor: Visitor, path: str) -> list[str]:
    return [row["nummer"] for row in rows(visitor, path)]


def test_the_file_of_rulings_is_the_list_as_it_was_narrowed(site: Site, boats: Public) -> None:
    other = publish(site)
    old = publish(site)
    change(site, old, state="ingetrokken")
    anonymous = site.visitor()

    for query in ("type=ethisch", "wet=BWBR0099999", "orgaan=Commissie+Noord"):
        page = anonymous.get(f"/uitspraken?{query}")
        assert numbers(anonymous, f"/uitspraken.csv?{query}") == [boats.number], query
        assert page.tree.xpath("//span[@class='number']/text()") == [boats.number], query
        assert page.tree.xpath("//a[@href=$url]", url=f"/uitspraken.csv?{query}"), query
    assert numbers(anonymous, "/uitspraken.csv?status=ingetrokken") == [old.number]
    assert {boats.number, other.number} <= set(numbers(anonymous, f"/uitspraken.csv?jaar={site.clock.today.year}"))
    assert numbers(anonymous, "/uitspraken.csv?jaar=1999") == []
    assert numbers(anonymous, "/uitspraken.csv?jaar=0000") == []


def test_no_cell_is_a_formula(site: Site, boats: Public) -> None:
    (row,) = rows(site.visitor(), "/precedenten.csv?q=woonboten&van=commissie")

    assert row["tekst"] == f"'{FORMULA}"


def test_the_file_of_precedents_holds_those_of_other_bodies_as_such(site: Site, boats: Public) -> None:
    with site.work() as work:
        keep_decisions(work, [{"source": "AP", "source_id": "w1", "text": "Woonboten aan de kade."}])

    found = rows(site.visitor(), "/precedenten.csv?q=woonboten")

    assert {(row["nummer"], row["soort"], row["status"], row["van"]) for row in found} == {
        (boats.number, "uitspraak", "Geldend", ""),
        ("EXT:AP:w1", "extern", "", "AP"),
    }
    assert numbers(site.visitor(), "/precedenten.csv?q=woonboten&van=anderen") == ["EXT:AP:w1"]
    of_others = rows(site.visitor(), "/precedenten.csv?van=anderen")
    assert of_others[0]["nummer"] == "EXT:AP:w1"
    assert {row["soort"] for row in of_others} == {"extern"}
    assert numbers(site.visitor(), "/precedenten.csv?q=woonboten&status=geldend") == [boats.number]


def test_the_file_goes_on_to_the_end_and_no_further_than_the_most(
    site: Site, boats: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        publish(site)
    anonymous = site.visitor()
    monkeypatch.setattr(export, "STRETCH", 2)
    every = numbers(anonymous, "/uitspraken.csv")
    monkeypatch.setattr(export, "MOST", 3)

    assert len(every) == len(set(every)) >= 5
    assert numbers(anonymous, "/uitspraken.csv") == every[:3]


def test_the_file_of_cases_shows_what_the_reader_may_see(site: Site) -> None:
    with site.work() as work:
        seen = make_case(work, title="Woonwagens", audience=[role_key("ccg_secretaris")]).number
        hidden = make_case(work, title="Woonwagens geheim").number

    found = numbers(inside(site, SECRETARY), "/knelpunten.csv?q=woonwagens&sorteer=nummer")

    assert found == [seen]
    assert hidden not in found
    assert site.visitor().get("/knelpunten.csv").response.headers["Location"].startswith("/inloggen")
    link = (
        inside(site, SECRETARY).get("/knelpunten?q=woonwagens").tree.xpath("//a[starts-with(@href, '/knelpunten.csv')]")
    )
    assert link[0].get("href") == "/knelpunten.csv?q=woonwagens"


def test_what_was_taken_away_is_in_no_file(site: Site) -> None:
    gone = publish(site, titel="Weggehaald")
    change_record(site, gone, withdrawn_at=site.clock.now, withdrawn_because="Fout", record={})

    assert gone.number not in numbers(site.visitor(), "/uitspraken.csv")
