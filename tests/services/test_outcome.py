"""Whether a bottleneck is gone: asked once, answered by each organisation, counted without names."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.account import Account
from app.db.case import Application, Case
from app.db.engine import make_engine, open_session
from app.db.notice import Notice
from app.db.organisation import Organisation
from app.db.outcome import Outcome
from app.domain.access import SYSTEM, organisation_key, role_key
from app.domain.errors import NotPermitted
from app.domain.outcome import Outcomes
from app.services.clock import let_time_pass
from app.services.lifecycle import show_to
from app.services.outcome import outcome_of, outcome_of_ruling
from app.services.process import advance, possibilities
from app.services.work import Work
from tests.make import (
    NOW,
    acting,
    make_account,
    make_case,
    make_organisation,
    make_party,
    make_precedent,
    make_recommendation,
    make_report,
    make_ruling,
    work_of,
    workflows,
)

EIGHT_WEEKS = 56


@pytest.fixture
def engine(own_database_url: str) -> Iterator[Engine]:
    engine = make_engine(own_database_url)
    yield engine
    engine.dispose()


def write(engine: Engine, make: Any) -> Any:
    with open_session(engine, SYSTEM, writes=True) as session:
        made = make(work_of(session))
        session.commit()
        return made


def asked(engine: Engine) -> list[int | None]:
    """Who was asked whether it is gone."""
    query = select(Notice.account_id).where(Notice.subject.startswith("Is het knelpunt weg?"))
    with open_session(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(query.order_by(Notice.account_id)))


def questions(engine: Engine, days: int) -> int:
    return let_time_pass(engine, workflows(), NOW + timedelta(days=days)).questions


def reporter_of(work: Work, case: Case) -> Account:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    make_report(work, case, organisation=home, account_id=reporter.id)
    return reporter


def test_every_organisation_that_reported_is_asked_once_after_eight_weeks(engine: Engine) -> None:
    def make(work: Work) -> list[int]:
        case = make_case(work, state="gesloten")
        reporters = [reporter_of(work, case).id, reporter_of(work, case).id]
        # Who left is not asked; somebody else of the same organisation is.
        home = make_organisation(work.session)
        left = make_account(work.session, "melder", organisation=home, active=False)
        make_report(work, case, organisation=home, account_id=left.id)
        return [*reporters, make_account(work.session, "orgcoordinator", organisation=home).id]

    reporters = write(engine, make)

    assert questions(engine, EIGHT_WEEKS - 1) == 0
    assert questions(engine, EIGHT_WEEKS) == 1
    assert asked(engine) == sorted(reporters)
    assert questions(engine, EIGHT_WEEKS + 100) == 0


def test_nobody_is_asked_while_the_recommendations_are_carried_out_or_the_case_runs(engine: Engine) -> None:
    def make(work: Work) -> None:
        following, running = make_case(work, state="in_navolging"), make_case(work, state="in_behandeling")
        for case in (following, running):
            reporter_of(work, case)
        make_recommendation(work, following, make_ruling(work, following), make_organisation(work.session))

    write(engine, make)

    assert questions(engine, EIGHT_WEEKS) == 0


def settled(work: Work, *, state: str = "gesloten") -> tuple[Case, Account]:
    """A case that is closed, and somebody who reported it."""
    case = make_case(work, state=state, audience=[role_key("triagist")])
    reporter = reporter_of(work, case)
    show_to(work, case, [organisation_key(reporter.organisation_id)])
    return case, reporter


def test_a_later_answer_takes_the_place_of_an_earlier_one(work: Any) -> None:
    case, reporter = settled(work)
    own = acting(work, reporter)

    advance(own, case, action="uitkomst_melden", answers={"gone": "nee", "explanation": "Wij bellen nog steeds."})
    advance(own, case, action="uitkomst_melden", answers={"gone": "ja"})

    assert [(row.gone, row.text) for row in work.session.scalars(select(Outcome))] == [("ja", "")]
    assert outcome_of(work, case) == Outcomes(gone=1)
    assert case.state == "gesloten"


def test_who_did_not_report_it_does_not_say_that_it_is_gone(work: Any) -> None:
    case, _ = settled(work)
    stranger = acting(work, make_account(work.session, "melder"))

    with pytest.raises(NotPermitted):
        advance(stranger, case, action="uitkomst_melden", answers={"gone": "ja"})


def test_when_it_is_not_gone_the_triagist_hears_why_and_a_party_can_reopen(work: Any) -> None:
    case, reporter = settled(work)
    triagist = make_account(work.session, "triagist")
    make_party(work, case, work.session.get_one(Organisation, reporter.organisation_id))

    advance(
        acting(work, reporter),
        case,
        action="uitkomst_melden",
        answers={"gone": "nee", "explanation": "Het loopt vast."},
    )

    notice = work.session.scalars(select(Notice).filter_by(account_id=triagist.id)).one()
    assert "Het loopt vast." in notice.text
    assert "heropenen" in {one.transition.action for one in possibilities(acting(work, reporter), case)}


def test_what_is_opened_again_is_asked_again(work: Any) -> None:
    case, _ = settled(work)
    case.outcome_asked_on = date(2026, 11, 1)
    triagist = make_account(work.session, "triagist")

    advance(acting(work, triagist), case, action="heropenen", answers={"reason": "Het is er nog."})

    assert case.outcome_asked_on is None


def test_the_answers_count_with_the_ruling_and_with_every_case_that_it_settled(work: Any) -> None:
    ruled, settled_too, elsewhere = (make_case(work) for _ in range(3))
    precedent = make_precedent(work, ruled)
    work.session.add(
        Application(
            case_id=settled_too.id,
            precedent_id=precedent.id,
            test=[],
            proposed_by=None,
            proposed_at=NOW,
            applied_at=NOW,
        )
    )
    for case, gone in ((ruled, "ja"), (ruled, "nee"), (settled_too, "deels"), (elsewhere, "ja")):
        organisation = make_organisation(work.session)
        work.session.add(Outcome(case_id=case.id, organisation_id=organisation.id, account_id=None, gone=gone, at=NOW))
    work.session.flush()

    assert outcome_of_ruling(work, precedent.number) == Outcomes(gone=1, partly=1, still=1)
    assert outcome_of_ruling(work, precedent.number).tellable


def test_an_organisation_with_three_cases_counts_once_with_what_it_said_last(work: Any) -> None:
    cases = [make_case(work) for _ in range(3)]
    precedent = make_precedent(work, cases[0])
    home = make_organisation(work.session)
    for days, case in enumerate(cases):
        if days:
            work.session.add(
                Application(
                    case_id=case.id,
                    precedent_id=precedent.id,
                    test=[],
                    proposed_by=None,
                    proposed_at=NOW,
                    applied_at=NOW,
                )
            )
        # The last answer stands first in the table.
        gone, at = ("nee", NOW + timedelta(days=9)) if not days else ("ja", NOW + timedelta(days=days))
        work.session.add(Outcome(case_id=case.id, organisation_id=home.id, account_id=None, gone=gone, at=at))
    work.session.flush()

    assert outcome_of_ruling(work, precedent.number) == Outcomes(still=1)
    assert not outcome_of_ruling(work, precedent.number).tellable
