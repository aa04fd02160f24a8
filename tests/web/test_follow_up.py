"""The follow-up that anybody can check: each number leads to the reactions behind it, and each reaction has a page."""

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.db.organisation import Organisation
from app.db.recommendation import Recommendation
from app.domain.access import role_key
from app.services.process import advance
from tests.make import acting, make_account
from tests.site import Page, Site, Visitor, account_with
from tests.web.commission import inside
from tests.web.published import MEANT_FOR_NOBODY, Public, change_record, publish, recommend

FIRST, SECOND, THIRD = "gemeente Utrecht", "gemeente Amsterdam", "gemeente Rotterdam"
DECLINED = "niet_overgenomen"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def public(site: Site) -> Public:
    """Two rulings with every kind of reaction; one recommendation lapsed."""
    other = publish(site, titel="Andere uitspraak")
    recommend(site, other, FIRST, position=1, reaction="overgenomen", state="gereageerd")
    found = publish(site, titel="Wijkteam")
    here: dict[str, Any] = {"position": 2}
    recommend(site, found, FIRST, reaction="overgenomen", state="gereageerd", **here)
    recommend(site, found, SECOND, reaction="overgenomen", state="uitgevoerd_gemeld", **here)
    recommend(site, found, THIRD, reaction="deels_overgenomen", state="uitgevoerd", motivation=FORMULA, **here)
    recommend(site, found, FIRST, reaction=DECLINED, motivation="Wij hebben al iets.", state="gereageerd", position=1)
    recommend(site, found, SECOND, reaction="niet_van_toepassing", state="gemotiveerd_niet", position=1)
    recommend(site, found, THIRD, state="geen_reactie", position=1)
    recommend(site, found, FIRST, state="verzonden", **here)
    recommend(site, found, SECOND, state="vervallen", **here)
    return found


def links(page: Page) -> dict[str, int]:
    """Every number that leads somewhere, by the address."""
    found = {}
    for row in page.tree.xpath("//table[contains(@class, 'chart--share')]//tr[th/a]"):
        found[row.xpath("th/a/@href")[0]] = int(re.match(r"\d+", "".join(row.xpath("td//text()")).strip())[0])  # type: ignore[index]
    for link in page.tree.xpath("//td//a[span[@class='number']]"):
        found[link.get("href")] = int(link.text_content())
    return found


def amount(visitor: Visitor, address: str) -> int:
    """How many reactions the list holds at an address, page after page."""
    page = visitor.get(address.partition("#")[0])
    count = len(page.tree.xpath("//section[@aria-labelledby='aanbevelingen']//li"))
    following = page.tree.xpath("//a[@rel='next']/@href")
    return count + (amount(visitor, following[0]) if following else 0)


def test_every_number_leads_to_exactly_the_reactions_behind_it(site: Site, public: Public) -> None:
    visitor = site.visitor()

    found = links(visitor.get(f"/navolging?uitspraak={public.number}"))

    assert len(found) > 10
    assert {address: amount(visitor, address) for address in found} == found


def test_the_parts_add_up_to_what_was_advised_and_what_was_taken_over(site: Site, public: Public) -> None:
    page = site.visitor().get(f"/navolging?uitspraak={public.number}")
    values = [" ".join(one.text_content().split()) for one in page.tree.xpath("//table//span[@class='chart__value']")]

    assert values == [
        *("2 van 7 (29%)", "1 van 7 (14%)", "2 van 7 (29%)", "2 van 7 (28%)"),
        *("1 van 3 (34%)", "1 van 3 (33%)", "1 van 3 (33%)"),
    ]


def test_the_table_holds_exactly_the_list_and_no_formula(site: Site, public: Public) -> None:
    visitor = site.visitor()
    address = f"uitspraak={public.number}&uitkomst=deels"

    text = visitor.client.get(f"/navolging.csv?{address}").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    data = visitor.client.get(f"/navolging.json?{address}").get_json()

    assert [row["organisatie"] for row in rows] == [THIRD]
    assert rows[0]["motivering"] == f"'{FORMULA}"
    assert data["totalen"] == {
        "geadviseerd": 1, "opgevolgd": 0, "deels": 1, "nietOpgevolgd": 0, "geenReactie": 0
    }  # fmt: skip
    assert [row["uitvoering"] for row in data["resultaten"]] == ["gecontroleerd"]


def test_the_export_of_everything_goes_past_one_stretch(site: Site, public: Public) -> None:
    for _ in range(101):
        recommend(site, publish(site), FIRST)
    data = site.visitor().client.get("/navolging.json").get_json()

    assert data["totalen"]["geadviseerd"] == len(data["resultaten"]) > 100


def test_an_organisation_is_chosen_from_those_that_were_addressed(site: Site, public: Public) -> None:
    page = site.visitor().get(f"/navolging?organisatie=GEMEENTE Rotterdam&uitspraak={public.number}")

    assert page.tree.xpath("//select[@name='organisatie']/option[@selected]/text()") == [THIRD]
    assert "2 aanbevelingen aan organisaties" in page.words


def numbers(site: Site, public: Public) -> dict[str, str]:
    with site.work() as work:
        rows = work.session.scalars(select(Recommendation).where(Recommendation.ruling_id == public.ruling_id))
        return {row.state: row.number for row in rows}


def test_everybody_reads_what_came_of_one_recommendation_and_nothing_from_the_file(site: Site, public: Public) -> None:
    found = numbers(site, public)
    visitor = site.visitor()

    declined, silent = visitor.get(f"/navolging/{found['gemotiveerd_niet']}"), visitor.get(
        f"/navolging/{found['geen_reactie']}"
    )  # fmt: skip

    assert "Niet van toepassing" in declined.words
    assert "niet gereageerd, ook niet na twee herinneringen" in silent.words
    assert MEANT_FOR_NOBODY not in declined.text + silent.text
    assert visitor.get(f"/aanbevelingen/{found['geen_reactie']}").status == 302
    assert visitor.get("/navolging/AANB-2026-99999").status == 404


def test_what_lapsed_keeps_its_page_and_what_is_not_public_any_more_tells_nothing(site: Site) -> None:
    public = publish(site)
    number = recommend(site, public, FIRST, state="vervallen", motivation="Dat is geheim.")
    visitor = site.visitor()
    assert "Vervallen" in visitor.get(f"/navolging/{number}").words

    with site.work() as work:
        now = work.now
    change_record(site, public, withdrawn_at=now, withdrawn_because="Er stond een naam in.")
    page = visitor.get(f"/navolging/{number}")

    assert page.status == 410
    assert "Dat is geheim" not in page.text
    assert public.number in page.words
    assert number not in visitor.client.get("/navolging.json").get_data(as_text=True)


def test_the_days_of_what_happened_are_public_and_what_was_said_of_the_progress_is_not(site: Site) -> None:
    public = publish(site)
    number = recommend(site, public, FIRST, audience=[role_key("navolgingscoordinator")])
    with site.work() as work:
        process = work.session.scalars(select(Recommendation).filter_by(number=number)).one()
        home = work.session.get_one(Organisation, process.organisation_id)
        who = make_account(work.session, "respondent", organisation=home)
        advance(
            acting(work, who), process, action="reageren", answers={"reaction": "overgenomen", "owner": "Directeur"}
        )
        advance(acting(work, who), process, action="voortgang_melden", answers={"progress": "Dit is intern."})

    page = site.visitor().get(f"/navolging/{number}")

    assert "Voortgang gemeld" in page.words
    assert "Directeur" in page.words
    assert "Dit is intern" not in page.text


def test_what_was_left_out_of_the_ruling_is_not_told_by_the_recommendation(site: Site) -> None:
    public = publish(site)
    kept = {"responsible": MEANT_FOR_NOBODY, "indicator": MEANT_FOR_NOBODY}
    number = recommend(site, public, FIRST, position=2, reaction="overgenomen", state="gereageerd", **kept)
    visitor = site.visitor()

    assert MEANT_FOR_NOBODY not in visitor.get(f"/navolging/{number}").text
    for path in ("/navolging.csv", "/navolging.json"):
        assert MEANT_FOR_NOBODY not in visitor.client.get(f"{path}?uitspraak={public.number}").get_data(as_text=True)


def test_a_year_tells_what_was_followed_and_leads_to_it(site: Site, public: Public) -> None:
    visitor = site.visitor()
    year = int(public.number.split(":")[1])

    page = visitor.get(f"/navolging/jaar/{year}")
    found = links(page)

    assert f"uit uitspraken van {year}" in page.words
    assert {address: amount(visitor, address) for address in found} == found
    assert visitor.get("/navolging/jaar/1999").status == 404


def test_who_works_on_it_goes_from_the_public_page_to_the_work(site: Site) -> None:
    public = publish(site)
    number = recommend(site, public, FIRST, audience=[role_key("navolgingscoordinator")])
    coordinator = inside(site, account_with("navolgingscoordinator"))

    assert coordinator.get(f"/navolging/{number}").tree.xpath("//a[@href=$url]", url=f"/aanbevelingen/{number}")
    assert coordinator.get(f"/aanbevelingen/{number}").tree.xpath("//a[@href=$url]", url=f"/navolging/{number}")
