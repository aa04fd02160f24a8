"""The pages of a vote: the receipt that is shown once, and the round in which it is found back."""

import json
import re
from urllib.parse import unquote

import pytest

from tests.site import Page, Site
from tests.web.commission import CHAIR, MEMBERS, SECRETARY, Sitting, declared, does, inside, sitting

PROOF = re.compile("[0-9a-f]{64}")


@pytest.fixture(scope="module")
def found(site: Site) -> Sitting:
    """A vote that was opened just now."""
    made = sitting(site, title="Leveren aan de gemeente", present=4)
    declared(site, made)
    does(site, CHAIR, made.page, "stemming_openen", voorstel="Leveren mag, mits.", onuitstelbaar="false")
    return made


@pytest.fixture(scope="module")
def receipt(site: Site, found: Sitting) -> Page:
    return does(site, MEMBERS[0], found.page, "stemmen", stem="voor")


@pytest.fixture(scope="module")
def closed(site: Site, found: Sitting, receipt: Page) -> Page:
    does(site, MEMBERS[1], found.page, "stemmen", stem="tegen")
    does(site, CHAIR, found.page, "stemming_sluiten")
    return inside(site, MEMBERS[0]).get(f"{found.page}/stemrondes/1")


def test_who_votes_reads_the_receipt_once_and_can_keep_it_as_a_file(found: Sitting, receipt: Page) -> None:
    (linked,) = receipt.tree.xpath("//a[@download]/@href")
    (shown,) = receipt.tree.xpath("//textarea[@readonly]")
    kept = json.loads(unquote(linked.partition(",")[2]))

    assert receipt.response.headers["Cache-Control"] == "no-store"
    assert (kept["agendapunt"], kept["ronde"], kept["keuze"]) == (found.item, 1, "voor")
    assert kept["bewijs"] in receipt.words
    assert kept["zout"] in receipt.words
    assert json.loads(shown.text) == kept


def test_the_round_shows_every_vote_without_a_name_and_how_to_check(receipt: Page, closed: Page) -> None:
    assert closed.status == 200
    (proof,) = set(PROOF.findall(receipt.words))
    assert proof in closed.words
    assert "Nagaan of uw stem is meegeteld" in closed.words
    assert not any(email.partition("@")[0] in closed.words for email in MEMBERS)


def test_the_item_leads_to_the_round_and_the_journal_holds_its_digest(site: Site, found: Sitting, closed: Page) -> None:
    page = inside(site, SECRETARY).get(found.page)
    data = inside(site, SECRETARY).get(f"{found.page}/stemrondes/1/ronde.json").response

    assert (data.json["voor"], data.json["tegen"]) == (1, 1)
    assert data.json["controlegetal"] in closed.words
    assert data.json["controlegetal"] in page.words
    assert f"{found.page}/stemrondes/1" in page.text


def test_a_vote_that_comes_late_is_told_when_it_could_be_cast(site: Site) -> None:
    made = sitting(site, title="Leveren aan de provincie", present=4)
    declared(site, made)
    does(site, CHAIR, made.page, "stemming_openen", voorstel="Leveren mag.", onuitstelbaar="false")
    address = f"{made.page}/acties/stemmen"
    form = inside(site, MEMBERS[2]).get(address)
    does(site, CHAIR, made.page, "stemming_sluiten")

    late = inside(site, MEMBERS[2]).post(address, page=form, stem="voor")

    assert late.status == 409
    assert "“Stemmen” kan alleen als de status “In stemming” of “Schriftelijke ronde” is." in late.words


def test_sending_a_vote_again_by_accident_casts_no_second_vote_and_gives_no_second_receipt(site: Site) -> None:
    made = sitting(site, title="Leveren aan de sluis", present=4)
    declared(site, made)
    does(site, CHAIR, made.page, "stemming_openen", voorstel="Leveren mag.", onuitstelbaar="false")
    address, member = f"{made.page}/acties/stemmen", inside(site, MEMBERS[2])
    form = member.get(address)
    assert member.post(address, page=form, stem="voor").status == 200

    again = member.post(address, page=form, stem="voor")

    assert again.status in (403, 409)
    assert "Uw stembewijs" not in again.words
    does(site, CHAIR, made.page, "stemming_sluiten")
    round_data = inside(site, SECRETARY).get(f"{made.page}/stemrondes/1/ronde.json").response
    assert (round_data.json["voor"], len(round_data.json["stemmen"])) == (1, 1)


def test_nobody_outside_the_commission_finds_the_round(site: Site, found: Sitting, closed: Page) -> None:
    assert site.visitor().get(f"{found.page}/stemrondes/1").status in (302, 303, 401)
    assert inside(site, MEMBERS[0]).get(f"{found.page}/stemrondes/2").status == 404


def test_an_open_round_says_only_that_it_is_open(site: Site) -> None:
    made = sitting(site, title="Leveren aan het waterschap", present=4)
    declared(site, made)
    does(site, CHAIR, made.page, "stemming_openen", voorstel="Leveren mag.", onuitstelbaar="false")
    does(site, CHAIR, made.page, "stemmen", stem="voor")

    page = inside(site, CHAIR).get(f"{made.page}/stemrondes/1")

    assert page.status == 409
    assert "De stemming is nog open." in page.words
