"""Following up: the numbers that everybody reads add up, and the page of one recommendation."""

import re
from typing import Any

import pytest

from app.domain.access import role_key
from tests.queries import counted
from tests.site import Page, Site, account_with
from tests.web.commission import inside
from tests.web.published import MEANT_FOR_NOBODY, Public, publish, recommend

ORGANISATIONS = ("gemeente Utrecht", "gemeente Amsterdam", "gemeente Rotterdam")
TEXT = "Maak één voorbeeldprotocol"


@pytest.fixture(scope="module")
def public(site: Site) -> Public:
    """A ruling with recommendations to three organisations: followed, not followed, and one that lapsed."""
    found = publish(site, titel="Wijkteam")
    recommend(site, found, ORGANISATIONS[0], position=2, reaction="overgenomen", state="gereageerd")
    recommend(
        site,
        found,
        ORGANISATIONS[1],
        position=2,
        reaction="niet_overgenomen",
        motivation="Wij hebben al een protocol.",
        state="gereageerd",
    )
    recommend(site, found, ORGANISATIONS[2], position=2, state="vervallen")
    return found


def counts(page: Page, caption: str) -> list[list[int]]:
    """The numbers of a table, row by row, without the percentages."""
    rows = page.tree.xpath("//table[caption[contains(., $caption)]]/tbody/tr", caption=caption)
    return [
        [int(re.match(r"\d+", text.strip())[0]) for text in row.xpath(".//td//span[@class='number']/text()")]  # type: ignore[index]
        for row in rows
    ]


def test_the_numbers_of_a_ruling_add_up(site: Site, public: Public) -> None:
    page = site.visitor().get(f"/navolging?uitspraak={public.number}")

    assert "2 aanbevelingen aan organisaties" in page.words
    assert counts(page, "per uitspraak") == [[2, 1, 0, 1, 0]]
    assert counts(page, "per organisatie") == [[1, 0, 0, 1, 0], [1, 1, 0, 0, 0]]


def test_why_something_was_not_followed_is_public(site: Site, public: Public) -> None:
    page = site.visitor().get(f"/navolging?uitspraak={public.number}")

    assert "Wij hebben al een protocol." in page.words
    assert TEXT in page.words
    assert MEANT_FOR_NOBODY not in page.text


def test_with_many_rulings_the_rest_is_one_line_so_that_all_adds_up(site: Site, public: Public) -> None:
    for number in range(12):
        found = publish(site)
        recommend(site, found, ORGANISATIONS[number % 3], reaction="overgenomen" if number % 2 else None)

    page = site.visitor().get("/navolging")
    rows = counts(page, "per uitspraak")
    total = int(re.search(r"(\d+) aanbevelingen aan organisaties", page.words)[1])  # type: ignore[index]

    assert "Andere uitspraken" in page.words
    assert len(rows) == 11
    assert sum(row[0] for row in rows) == total
    for advised, *parts in rows:
        assert sum(parts) == advised
    assert [sum(column) for column in zip(*counts(page, "per organisatie"), strict=True)] == [
        sum(column) for column in zip(*rows, strict=True)
    ]
    shares = page.tree.xpath("(//table[contains(@class, 'chart--share')])[1]//span[@class='chart__share']/text()")
    assert sum(int(re.search(r"\d+", share)[0]) for share in shares) == 100  # type: ignore[index]


def test_one_looks_at_one_organisation_or_year(site: Site, public: Public) -> None:
    anonymous = site.visitor()
    year = public.number.split(":")[1]

    narrowed = anonymous.get(f"/navolging?organisatie=gemeente utrecht&uitspraak={public.number}&jaar={year}")

    assert counts(narrowed, "per organisatie") == [[1, 1, 0, 0, 0]]
    assert "Er zijn geen aanbevelingen die hierbij passen." in anonymous.get("/navolging?jaar=1999").words


def test_the_overview_costs_the_same_with_more_recommendations(site: Site, public: Public) -> None:
    anonymous = site.visitor()
    costs = []
    for _ in range(2):
        with counted(site.engine) as sent:
            anonymous.get("/navolging")
        costs.append(len(sent))
        for _ in range(4):
            recommend(site, publish(site), ORGANISATIONS[0])

    assert costs[0] == costs[1]


def test_the_page_of_a_recommendation_is_for_who_works_on_it(site: Site) -> None:
    public = publish(site)
    coordinator = account_with("navolgingscoordinator")
    fields: dict[str, Any] = {
        "text": "Maak een protocol.",
        "state": "uitgevoerd_gemeld",
        "reaction": "overgenomen",
        "responsible": "Directeur",
        "evidence": "https://voorbeeld.example/protocol",
        "audience": [role_key("navolgingscoordinator")],
    }
    number = recommend(site, public, ORGANISATIONS[0], **fields)

    page = inside(site, coordinator).get(f"/aanbevelingen/{number}")

    assert "Aanbeveling aan gemeente Utrecht" in page.words
    assert page.tree.xpath("//a[@href='https://voorbeeld.example/protocol']")
    assert page.tree.xpath("//a[@href=$url]", url=f"/aanbevelingen/{number}/acties/uitvoering_bevestigen")
    assert page.tree.xpath("//a[@href=$url]", url=public.page)
    assert inside(site, "melder@amsterdam.example").get(f"/aanbevelingen/{number}").status == 404
