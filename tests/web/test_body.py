"""The pages of bodies: everybody with an account reads them, and each keeps what is theirs to keep."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account, Grant
from app.db.body import Body, Membership, OtherPosition, RulesOfProcedure, Substitution
from app.domain.access import Actor
from app.domain.access import Grant as GrantValue
from tests.make import acting, make_case
from tests.site import Page, Site
from tests.web.commission import inside

ADMINISTRATOR, SECRETARY, MEMBER = "beheer@ccg.example", "secretaris@ccg.example", "lid3@ccg.example"
REPORTER, DEPUTY = "melder@utrecht.example", "plaatsvervanger@ccg.example"
ETHICS = "/organen/ethiek-utrecht"
# A seat ends the sessions of who gets it.
NEWCOMER = "contactpunt@zwolle.example"


def account_of(work: Any, email: str) -> Account:
    found: Account = work.session.scalars(select(Account).filter_by(email=email)).one()
    return found


def kept(page: Page) -> None:
    assert page.status == 303, page.words[:800]


def test_everybody_with_an_account_finds_the_bodies_in_the_menu(site: Site) -> None:
    page = inside(site, REPORTER).get("/organen")

    assert "Centrale Commissie Gegevensgebruik" in page.words
    assert "10 leden met een stem" in page.words
    assert "Ethische commissie gemeente Utrecht (Voorbeeldgegevens)" in page.words
    assert "Nieuw orgaan" not in page.words
    assert page.tree.xpath("//nav//a[@href='/organen' and @aria-current='page']")


def test_a_body_shows_members_rules_and_where_they_come_from_and_nothing_to_change(site: Site) -> None:
    page = inside(site, REPORTER).get("/organen/ccg")

    for words in (
        "Plaatsvervangend voorzitter",
        "Lid van de raad, Raad voor Cultuur",
        "Plaatsvervangend lid (2)",
        "Oud-leden (1)",
        "Het orgaan besluit alleen als ten minste de helft van de leden aanwezig is.",
        "Herkomst: Kaderwet adviescolleges, artikel 20 lid 2.",
        "Herkomst: Eigen keuze van het orgaan.",
    ):
        assert words in page.words, words
    for words in ("Iemand benoemen", "Termijn beëindigen", "Reglement wijzigen", "Vervanging vastleggen", "bijhouden"):
        assert words not in page.words, words


def test_another_body_has_other_rules(site: Site) -> None:
    words = inside(site, REPORTER).get(ETHICS).words

    assert "Staken de stemmen, dan is het voorstel verworpen. Herkomst: Eigen keuze van het orgaan." in words
    assert "Een verschoond lid telt voor het quorum niet mee." in words
    assert "Het orgaan besluit alleen in vergadering. Herkomst: Kaderwet adviescolleges, artikel 20 lid 1." in words


def test_a_body_that_is_not_there_is_not_found(site: Site) -> None:
    assert inside(site, REPORTER).get("/organen/bestaat-niet").status == 404


def test_the_administrator_makes_a_body_appoints_somebody_and_ends_the_term(site: Site) -> None:
    administrator, today = inside(site, ADMINISTRATOR), site.clock.today
    kept(administrator.post("/organen/nieuw", naam="Regietafel", code="regietafel", soort="regietafel"))
    assert "Dit orgaan heeft nog geen leden." in administrator.get("/organen/regietafel").words

    kept(
        administrator.post(
            "/organen/regietafel/leden/nieuw", email=NEWCOMER, functie="lid", van=today.isoformat(), tot="", stemt=""
        )
    )
    page = administrator.get("/organen/regietafel")
    assert "Let op: deze termijn heeft geen einde." in page.words
    assert "Contactpunt gegevensdeling gemeente Zwolle" in page.words
    with site.work() as work:
        seat = work.session.scalars(select(Membership).order_by(Membership.id.desc()).limit(1)).one()
        seat.since = today - timedelta(days=10)
        seat_id, body_id = seat.id, seat.body_id

    yesterday = (today - timedelta(days=1)).isoformat()
    kept(administrator.post(f"/organen/regietafel/leden/{seat_id}/einde", tot=yesterday))

    assert "Oud-leden (1)" in administrator.get("/organen/regietafel").words
    with site.work() as work:
        ended = work.session.scalars(select(Grant.ended_at).where(Grant.body_id == body_id)).all()
    assert len(ended) == 1
    assert ended[0] is not None


@pytest.mark.parametrize("path", ["/organen/nieuw", "/organen/ccg/leden/nieuw", "/organen/ccg/leden/1/einde"])
def test_others_find_no_page_to_manage_a_body(site: Site, path: str) -> None:
    for email in (REPORTER, MEMBER, SECRETARY):
        visitor = inside(site, email)
        assert visitor.get(path).status == 404
        assert visitor.send(path, {"csrf_token": visitor.token()}).status == 404


def test_the_administrator_does_not_appoint_the_own_account(site: Site) -> None:
    today = site.clock.today.isoformat()

    page = inside(site, ADMINISTRATOR).post(
        "/organen/ccg/leden/nieuw", email=ADMINISTRATOR, functie="lid", van=today, tot="", stemt=""
    )

    assert page.status == 403


def test_the_secretary_changes_the_rules_of_the_own_body_alone(site: Site) -> None:
    address = f"{ETHICS}/reglement/nieuw"
    secretary = inside(site, "secretaris@ethiek-utrecht.example")
    form = secretary.get(address).form(address)
    assert (form.values["staken"], form.values["quorumnoemer"], form.values["stukkenDagen"]) == (
        "verworpen",
        "niet_verschoond",
        "10",
    )

    page = secretary.post(address, staken="aanhouden", reden="")
    assert page.status == 400
    assert page.form(address).values["staken"] == "aanhouden"
    soon = (site.clock.today + timedelta(days=9)).isoformat()
    reason = "Een gelijke stand vraagt meer gesprek."
    kept(secretary.post(address, staken="aanhouden", ingangsdatum=soon, reden=reason))

    words = secretary.get(ETHICS).words
    assert "Versie 1, geldt vanaf" in words
    assert "Alle versies (2)" in words
    assert "Was: Staken de stemmen, dan is het voorstel verworpen. Werd: Staken de stemmen, dan wordt" in words
    assert "Reden: Een gelijke stand vraagt meer gesprek. (Secretaris ethische commissie Utrecht)" in words
    for email in (SECRETARY, "secretaris@ethiek-utrecht.example"):
        other = ETHICS if email == SECRETARY else "/organen/ccg"
        assert inside(site, email).get(f"{other}/reglement/nieuw").status == 403
    with site.work() as work:
        assert work.session.scalars(select(RulesOfProcedure.version).order_by(RulesOfProcedure.id)).all() == [1, 1, 2]


def test_nothing_changed_is_said_on_top(site: Site) -> None:
    page = inside(site, SECRETARY).post("/organen/ccg/reglement/nieuw", reden="Zomaar.")

    assert page.status == 400
    assert page.sentences_on_top() == ["Er is niets veranderd. Wijzig ten minste één regel."]


def test_a_member_names_a_substitute_and_ends_it(site: Site) -> None:
    address, today = "/organen/ccg/vervanging/nieuw", site.clock.today.isoformat()
    member = inside(site, MEMBER)
    wrong = member.post(address, afwezige=MEMBER, vervanger="lid4@ccg.example", van=today, tot=today, reden="verlof")
    assert wrong.status == 400
    assert "Een ander lid kan niet twee keer stemmen." in wrong.words
    assert wrong.form(address).values["reden"] == "verlof"

    kept(member.post(address, afwezige=MEMBER, vervanger=DEPUTY, van=today, tot=today, reden="verlof"))

    assert "Plaatsvervangend lid CCG, voor Lid CCG 3" in inside(site, REPORTER).get("/organen/ccg").words
    with site.work() as work:
        (row,) = work.session.scalars(select(Substitution))
        stop = f"/organen/ccg/vervanging/{row.id}/einde"
    token = inside(site, REPORTER).token()
    assert inside(site, REPORTER).send(stop, {"csrf_token": token}).status == 403
    kept(inside(site, SECRETARY).post(stop, page=inside(site, SECRETARY).get("/organen/ccg")))


def test_who_has_no_seat_registers_no_substitution(site: Site) -> None:
    assert inside(site, REPORTER).get("/organen/ccg/vervanging/nieuw").status == 403
    assert inside(site, SECRETARY).get(f"{ETHICS}/vervanging/nieuw").status == 403


def test_a_member_keeps_other_positions(site: Site) -> None:
    address, member = "/organen/ccg/functies", inside(site, MEMBER)
    wrong = member.post(address, organisatie="Nergens", functienaam="Adviseur", van="2020-01-01", tot="")
    assert wrong.status == 400
    assert wrong.form(address).values["organisatie"] == "Nergens"
    kept(member.post(address, organisatie="Kiesraad", functienaam="Adviseur", van="2020-01-01", tot=""))
    with site.work() as work:
        mine = account_of(work, MEMBER)
        (position,) = work.session.scalars(select(OtherPosition).filter_by(account_id=mine.id))
        one = f"{address}/{position.id}"
    form = member.get(one).form(one)
    assert (form.values["organisatie"], form.values["functienaam"], form.values["van"]) == (
        "Kiesraad",
        "Adviseur",
        "2020-01-01",
    )

    assert member.post(one, tot="2019-01-01").status == 400
    kept(member.post(one, tot="2024-01-01"))

    assert "Adviseur, Kiesraad (1 januari 2020 tot en met 1 januari 2024)" in member.get("/organen/ccg").words
    assert inside(site, "lid4@ccg.example").get(one).status == 404
    assert inside(site, REPORTER).get(address).status == 404


def test_the_journal_names_who_was_replaced(site: Site) -> None:
    with site.work() as work:
        chair, deputy = account_of(work, "voorzitter@ccg.example"), account_of(work, "lid1@ccg.example")
        case = make_case(work, audience=["role:ccg_lid"])
        actor = Actor(deputy.id, deputy.organisation_id, frozenset({GrantValue("ccg_lid")}), deputy.name)
        case.write_line(
            action="notitie",
            source=case.state,
            actor=acting(work, actor).actor,
            role="ccg_voorzitter",
            at=work.now,
            stands_in_for=chair.id,
        )
        number = case.number

    assert ", voor Voorzitter CCG" in inside(site, MEMBER).get(f"/knelpunten/{number}").words


def test_the_demonstration_says_which_body_is_an_example(site: Site) -> None:
    with site.work() as work:
        bodies = work.session.execute(select(Body.code, Body.central).order_by(Body.id)).all()

    assert [tuple(row) for row in bodies][:2] == [("ccg", True), ("ethiek-utrecht", False)]
