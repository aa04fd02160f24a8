"""The page of a request for advice."""

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.domain.access import account_key
from tests.make import make_advice, make_case
from tests.site import Site, account_with
from tests.web.commission import does, inside

ADVISER, HANDLER = account_with("deskundige"), account_with("behandelaar")
ANSWERS = {
    "conclusie": "mag_mits",
    "kanOordeel": "ja",
    "kanTekst": "Het bestand is er.",
    "magOordeel": "ja_mits",
    "magTekst": "Alleen met een afspraak.",
    "wenselijkOordeel": "nee",
    "wenselijkTekst": "Het vertrouwen neemt af.",
    "motivering": "De wet laat ruimte.",
    "onzekerheid": "Er is geen rechtspraak.",
    "bronnen": "Participatiewet, artikel 64",
    "belang": "geen_belang",
}


@pytest.fixture
def address(site: Site) -> str:
    """The address of a request to one adviser."""
    with site.work() as work:
        adviser, handler = (
            work.session.scalars(select(Account).filter_by(email=email)).one() for email in (ADVISER, HANDLER)
        )
        keys = [account_key(adviser.id), account_key(handler.id)]
        case = make_case(work, title="Pensioengegevens", handler_id=handler.id, audience=keys)
        question = "Mag de SVB deze gegevens geven?"
        advice = make_advice(
            work, case, adviser, asker_id=handler.id, question=question, owner_id=adviser.id, audience=keys
        )
        return f"/adviesaanvragen/{advice.number}"


def test_the_adviser_reads_the_question_and_what_to_do(site: Site, address: str) -> None:
    page = inside(site, ADVISER).get(address)

    assert "Mag de SVB deze gegevens geven?" in page.words
    assert "Er is nog geen advies." in page.words
    assert page.tree.xpath("//a[@href=$url]", url=f"{address}/acties/accepteren")
    assert page.tree.xpath("//nav[@aria-label='Kruimelpad']//a[contains(@href, '/knelpunten/')]")


def test_the_advice_stands_on_the_page_with_what_was_done_with_it(site: Site, address: str) -> None:
    does(site, ADVISER, address, "accepteren")
    does(site, ADVISER, address, "uitbrengen", **ANSWERS)
    asked = inside(site, HANDLER).get(f"{address}/acties/betrekken")
    does(site, HANDLER, address, "betrekken", gevolgd="true", vergewis="De feiten kloppen.")

    page = inside(site, HANDLER).get(address)

    # Who says what was done with an advice has it at hand.
    assert "De wet laat ruimte." in asked.words
    for said in ("Mag, mits", "Alleen met een afspraak.", "Het vertrouwen neemt af.", "Er is geen rechtspraak."):
        assert said in page.words
    assert "Participatiewet, artikel 64" in page.words
    assert "De feiten kloppen." in page.words


def test_a_request_is_not_there_for_others(site: Site, address: str) -> None:
    assert inside(site, "melder@amsterdam.example").get(address).status == 404
