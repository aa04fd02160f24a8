"""Looking for a precedent, and reading whether one can rely on it."""

from datetime import UTC, datetime

import pytest

from app.domain.access import role_key
from app.services.finding import STRETCH
from tests.make import make_case, make_precedent
from tests.queries import counted
from tests.site import Site
from tests.web.commission import SECRETARY, inside
from tests.web.published import MEANT_FOR_NOBODY, Public, change, change_record, publish

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ABOUT_BOATS = "Woonboten en ligplaatsen"


@pytest.fixture(scope="module")
def boats(site: Site) -> Public:
    rule = "De gemeente mag weten wie op een woonboot woont."
    return publish(site, titel=ABOUT_BOATS, kernregel=rule, typen=[{"code": "juridisch", "label": "Juridisch"}])


def test_words_that_were_looked_for_are_marked(site: Site, boats: Public) -> None:
    publish(site)

    page = site.visitor().get("/precedenten?q=woonboot")

    assert page.tree.xpath("//span[@class='number']/text()") == [boats.number]
    assert "woonboot" in page.tree.xpath("//li//mark/text()")
    assert "Gevonden door: woonboot." in page.words
    assert "1 precedent past bij “woonboot”" in page.words


def test_nothing_found_says_what_to_do(site: Site) -> None:
    assert "Probeer andere of minder woorden." in site.visitor().get("/precedenten?q=zeppelin").words


def test_the_list_is_narrowed_by_what_one_chooses(site: Site, boats: Public) -> None:
    gone = publish(site, titel="Vervallen regel")
    change(site, gone, state="ingetrokken")
    anonymous = site.visitor()

    def numbers(query: str) -> list[str]:
        found: list[str] = anonymous.get(f"/precedenten?{query}").tree.xpath("//span[@class='number']/text()")
        return found

    assert gone.number in numbers("status=ingetrokken")
    assert boats.number not in numbers("status=ingetrokken")
    assert boats.number in numbers("type=juridisch&conclusie=mag_mits")
    assert boats.number not in numbers("type=technisch")
    assert numbers("jaar=1999") == []
    assert anonymous.get("/precedenten?jaar=gisteren").status == 400


def test_what_was_left_out_of_the_publication_is_nowhere(site: Site, boats: Public) -> None:
    anonymous = site.visitor()

    for path in ("/precedenten", "/precedenten?q=woonboot", f"/precedenten/{boats.number}", "/uitspraken"):
        assert MEANT_FOR_NOBODY not in anonymous.get(path).text


def test_a_precedent_says_when_one_can_rely_on_it(site: Site, boats: Public) -> None:
    page = site.visitor().get(f"/precedenten/{boats.number}")

    assert "De gemeente mag weten wie op een woonboot woont." in page.words
    assert "Is de wettelijke grondslag dezelfde?" in page.words
    assert "Verwijdert de samengebrachte gegevens" in page.words
    assert page.tree.xpath("//a[@href=$url]", url=boats.page)
    assert "Wat kunt u nu doen?" not in page.words


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": "achterhaald", "ended_because": "ECLI:NL:HR:2026:1"}, "Dit precedent geldt niet meer"),
        ({"state": "genuanceerd", "nuance": "Alleen bij nacht."}, "Alleen bij nacht."),
        ({"under_reconsideration": True}, "De commissie kijkt opnieuw naar de uitspraak"),
    ],
)
def test_a_warning_stands_on_top(site: Site, fields: dict[str, object], sentence: str) -> None:
    public = publish(site)
    change(site, public, **fields)

    assert sentence in site.visitor().get(f"/precedenten/{public.number}").words


def test_before_publication_it_is_there_only_for_the_commission(site: Site) -> None:
    with site.work() as work:
        case = make_case(work)
        number = make_precedent(work, case, rule="Nog geheim.", audience=[role_key("ccg_secretaris")]).number

    assert "Nog geheim." in inside(site, SECRETARY).get(f"/precedenten/{number}").words
    assert site.visitor().get(f"/precedenten/{number}").response.headers["Location"].startswith("/inloggen")
    assert number not in site.visitor().get("/precedenten").text


def test_who_works_with_precedents_finds_the_actions(site: Site, boats: Public) -> None:
    page = inside(site, SECRETARY).get(f"/precedenten/{boats.number}")

    assert page.tree.xpath("//a[@href=$url]", url=f"/precedenten/{boats.number}/acties/nuanceren")


def test_a_list_costs_the_same_with_more_precedents(site: Site) -> None:
    anonymous = site.visitor()
    # What finds nothing, or less than a page, asks other things than what finds a page.
    for _ in range(STRETCH + 1):
        publish(site)
    costs = []
    for _ in range(2):
        # What a text has is read once, the first time that it is counted.
        for _ in range(2):
            with counted(site.engine) as sent:
                anonymous.get("/precedenten?q=huishouden")
                anonymous.get("/precedenten")
        costs.append(len(sent))
        for _ in range(5):
            publish(site)

    assert costs[0] == costs[1]


def test_a_precedent_of_which_the_ruling_was_taken_away_says_so_and_offers_no_test(site: Site) -> None:
    gone = publish(site, titel="Weggehaald")
    change_record(site, gone, record={}, withdrawn_at=NOW, withdrawn_because="Er stond een naam in.")

    page = site.visitor().get(f"/precedenten/{gone.number}")

    assert "De uitspraak is niet meer openbaar" in page.words
    assert "Er stond een naam in." in page.words
    assert "Is de wettelijke grondslag dezelfde?" not in page.words
    assert not page.tree.xpath("//a[@href=$url]", url=gone.page)
