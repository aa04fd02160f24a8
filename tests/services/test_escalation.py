"""What goes above the commission: to the board and to a minister, with the answers; and ruling once more."""

from datetime import date
from typing import Any

import pytest

from app.db.account import Account
from app.db.case import Case
from app.db.publication import PublicRecord
from app.domain.access import role_key
from app.domain.errors import Invalid
from app.services.escalation import escalations_of, public_escalations
from app.services.interest import prompts
from app.services.process import advance
from tests.make import acting, make_account, make_case, make_item, make_meeting, make_organisation, make_ruling

SEEN = [role_key(role) for role in ("regielid", "bestuurssecretaris", "kabinetscontact", "navolgingscoordinator")]
COMMISSION = [role_key(role) for role in ("ccg_voorzitter", "ccg_secretaris", "ccg_lid")]
DECISION = {
    "body": "obdo",
    "decided_on": date(2026, 12, 1),
    "decision": "Er komt geld.",
    "owner": "De directeur van een dienst",
    "due": date(2027, 6, 1),
}


def does(work: Any, who: Account, case: Case, action: str, **answers: Any) -> None:
    advance(acting(work, who), case, action=action, answers=answers)


@pytest.fixture
def board_secretary(work: Any) -> Account:
    return make_account(work.session, "bestuurssecretaris")


def test_a_question_to_the_board_stands_with_the_case_until_it_is_answered(work: Any, board_secretary: Account) -> None:
    case = make_case(work, state="tactisch_overleg", audience=SEEN)
    for _ in range(2):
        member = make_account(work.session, "regielid")
        does(work, member, case, "bestuurlijk_voorleggen", ground="financiering", question="Wie betaalt dit?")
    seen = acting(work, board_secretary)
    (waiting,) = escalations_of(seen, case.id)
    assert (waiting.question, waiting.answered_on) == ("Wie betaalt dit?", None)

    does(work, board_secretary, case, "bestuurlijk_besluiten", **DECISION)

    (answered,) = escalations_of(seen, case.id)
    assert (answered.organ, answered.answered_on, answered.owner) == ("obdo", date(2026, 12, 1), DECISION["owner"])


def test_a_minister_answers_with_a_paper_of_parliament(work: Any, board_secretary: Account) -> None:
    case = make_case(work, state="bestuurlijk_geescaleerd", audience=SEEN)
    cabinet = make_account(work.session, "kabinetscontact")
    does(work, board_secretary, case, "politiek_voorleggen", question="Komt er een wet?", papers="De nota")
    does(
        work,
        cabinet,
        case,
        "standpunt_opvolgen",
        parliamentary_paper="kst-26643-1366",
        position="Ja.",
        consequences="De wet wordt voorbereid.",
    )

    (asked,) = escalations_of(acting(work, cabinet), case.id)
    assert (asked.parliamentary_paper, asked.answer) == ("kst-26643-1366", "Ja.")
    assert asked.consequences == "De wet wordt voorbereid."


def test_a_board_can_send_a_case_back_to_the_work_level(work: Any, board_secretary: Account) -> None:
    case = make_case(work, state="tactisch_overleg", audience=SEEN)
    for _ in range(2):
        member = make_account(work.session, "regielid")
        does(work, member, case, "bestuurlijk_voorleggen", ground="prioriteit", question="Gaat dit voor?")
    handler = make_account(work.session, "behandelaar")
    answers = {"assignment": "Probeer het nog eens.", "handler": handler.email, "due": date(2099, 1, 1)}
    does(work, board_secretary, case, "terugverwijzen", **answers)

    (returned,) = escalations_of(acting(work, handler), case.id)
    assert (returned.answer, returned.due) == ("Probeer het nog eens.", date(2099, 1, 1))


def test_who_may_not_see_the_case_reads_no_question(work: Any) -> None:
    case = make_case(work, state="in_navolging", audience=SEEN)
    coordinator = make_account(work.session, "navolgingscoordinator")
    does(work, coordinator, case, "escaleren", note="Zij antwoorden niet.")

    stranger = make_account(work.session, "melder", organisation=make_organisation(work.session))
    assert [row.question for row in escalations_of(acting(work, coordinator), case.id)] == ["Zij antwoorden niet."]
    assert not escalations_of(acting(work, stranger), case.id)


def test_everybody_knows_that_a_ruling_went_to_the_board_and_not_what_was_asked(work: Any) -> None:
    case = make_case(work, state="in_navolging", audience=SEEN)
    ruling = make_ruling(work, case)
    public = PublicRecord(
        number=ruling.number, issue=1, title="", adopted_on=work.today, record={}, published_at=work.now
    )
    work.session.add(public)
    coordinator = make_account(work.session, "navolgingscoordinator")
    does(work, coordinator, case, "escaleren", note="Geheime nota.")

    (known,) = public_escalations(work, public)

    assert (known.level, known.asked_on, known.answered_on) == ("Bestuurlijk overleg", work.today, None)
    assert "Geheim" not in repr(known)


def test_who_prepared_the_earlier_ruling_does_not_prepare_the_next_by_itself(work: Any) -> None:
    chair, secretary = (make_account(work.session, role) for role in ("ccg_voorzitter", "ccg_secretaris"))
    first, second = (make_account(work.session, "ccg_lid") for _ in range(2))
    case = make_case(work, state="in_heroverweging", rapporteur_id=first.id, audience=COMMISSION)

    does(work, chair, case, "opnieuw_behandelen", reason="De wet is anders.")
    assert case.rapporteur_id is None
    does(work, secretary, case, "rapporteur_aanwijzen", rapporteur=second.email)

    assert case.rapporteur_id == second.id


def test_an_earlier_rapporteur_is_asked_about_that_too(work: Any) -> None:
    secretary = make_account(work.session, "ccg_secretaris")
    first, second = (make_account(work.session, "ccg_lid") for _ in range(2))
    case = make_case(work, state="in_voorbereiding_ccg", audience=COMMISSION)
    does(work, secretary, case, "rapporteur_aanwijzen", rapporteur=first.email)
    does(work, secretary, case, "rapporteur_aanwijzen", rapporteur=second.email)
    item = make_item(work, case, make_meeting(work))

    assert prompts(work, item, first.id) == prompts(work, item, second.id) == ["rapporteur"]


def test_no_rapporteur_is_from_an_organisation_that_takes_part(work: Any) -> None:
    home = make_organisation(work.session)
    secretary = make_account(work.session, "ccg_secretaris")
    case = make_case(work, organisation=home, state="in_voorbereiding_ccg", audience=COMMISSION)

    partisan = make_account(work.session, "ccg_lid", organisation=home)

    with pytest.raises(Invalid, match="Kies een ander lid"):
        does(work, secretary, case, "rapporteur_aanwijzen", rapporteur=partisan.email)


def test_who_decides_on_a_reconsideration_reads_why_it_was_asked(work: Any) -> None:
    chair = make_account(work.session, "ccg_voorzitter")
    case = make_case(work, state="gesloten", ruled_on=work.today, audience=COMMISSION)
    make_ruling(work, case)

    does(work, chair, case, "heroverweging_vragen", ground="wetswijziging", explanation="Artikel 8 is anders.")

    assert case.reconsideration == {
        "grond": "wetswijziging",
        "toelichting": "Artikel 8 is anders.",
        "op": work.today.isoformat(),
    }
