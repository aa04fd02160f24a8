"""What happens because time passes: terms, reminders, drafts and daily letters; and nothing twice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from app.db.account import Grant, LoginSession
from app.db.engine import make_engine, open_session
from app.db.notice import Notice, Outbox
from app.db.process import Event, Process
from app.db.report import Draft
from app.domain.access import SYSTEM
from app.domain.calendar import amsterdam_day
from app.services.clock import Passed, let_time_pass
from app.services.process import advance
from app.services.work import Work
from tests.make import (
    NOW,
    acting,
    make_account,
    make_body,
    make_case,
    make_organisation,
    make_party,
    make_recommendation,
    make_report,
    make_ruling,
    make_seat,
    work_of,
    workflows,
)

NOTHING = Passed(0, 0, 0, 0)


@pytest.fixture
def engine(own_database_url: str) -> Iterator[Engine]:
    engine = make_engine(own_database_url)
    yield engine
    engine.dispose()


def write(engine: Engine, make: Any) -> Any:
    """Make something and keep it."""
    with open_session(engine, SYSTEM, writes=True) as session:
        made = make(work_of(session))
        session.commit()
        return made


def days_later(engine: Engine, days: int) -> Passed:
    return let_time_pass(engine, workflows(), NOW + timedelta(days=days))


def find(engine: Engine, number: str) -> Process:
    with open_session(engine, SYSTEM, writes=False) as session:
        return session.scalars(select(Process).filter_by(number=number)).one()


def lines(engine: Engine, number: str) -> list[tuple[str, bool]]:
    table = Process.__table__
    query = (
        select(Event.action, Event.half)
        .join(table, table.c.id == Event.process_id)
        .where(table.c.number == number, Event.sequence > 1)
    )
    with open_session(engine, SYSTEM, writes=False) as session:
        return [tuple(row) for row in session.execute(query.order_by(Event.sequence))]


def subjects(engine: Engine) -> list[str]:
    with open_session(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(select(Notice.subject).order_by(Notice.id)))


def reported_case(work: Work, state: str, **fields: Any) -> str:
    """A case with a reporter, in some state since today."""
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    case = make_case(work, state=state, organisation=home, **fields)
    make_report(work, case, account_id=reporter.id)
    return case.number


def test_a_term_that_passed_is_told_once_and_nothing_moves(engine: Engine) -> None:
    def make(work: Work) -> str:
        owner = make_account(work.session, "triagist")
        return reported_case(work, "in_intake", owner_id=owner.id)

    number = write(engine, make)

    # The term is two weeks: 7 December is its last day.
    assert days_later(engine, 14) == NOTHING
    assert days_later(engine, 15) == Passed(actions=1, reminders=0, drafts=0, digests=0)
    assert days_later(engine, 15) == NOTHING
    assert days_later(engine, 40) == NOTHING

    assert lines(engine, number) == [("termijn_signaleren", False)]
    assert find(engine, number).state == "in_intake"
    assert subjects(engine) == [f"Termijn verstreken: {number}"]


def test_who_was_asked_to_complete_is_reminded_a_week_ahead_and_then_the_clock_takes_its_half(engine: Engine) -> None:
    number = write(engine, lambda work: reported_case(work, "aanvulling_gevraagd"))

    # Four weeks: 21 December is the last day, 14 December a week before it.
    assert days_later(engine, 20) == NOTHING
    assert days_later(engine, 21).reminders == 1
    assert days_later(engine, 22) == NOTHING
    assert subjects(engine) == [f"Herinnering: {number}"]
    assert days_later(engine, 28) == NOTHING
    assert days_later(engine, 29).actions == 1
    assert days_later(engine, 30) == NOTHING

    assert lines(engine, number) == [("termijn_laten_verlopen", True)]
    assert find(engine, number).turn == "triagist"


def test_a_half_of_a_person_is_not_pushed_aside_by_the_clock(engine: Engine) -> None:
    def make(work: Work) -> str:
        home = make_organisation(work.session)
        reporter = make_account(work.session, "melder", organisation=home)
        case = make_case(work, state="precedent_voorgesteld", organisation=home)
        make_report(work, case, account_id=reporter.id)
        advance(acting(work, reporter), case, action="precedent_aanvaarden")
        return case.number

    number = write(engine, make)

    assert days_later(engine, 30).actions == 0
    assert find(engine, number).pending_action == "precedent_aanvaarden"


def test_an_addressee_is_reminded_and_after_two_reminders_there_is_no_reaction(engine: Engine) -> None:
    def make(work: Work) -> str:
        home = make_organisation(work.session)
        make_account(work.session, "respondent", organisation=home)
        make_account(work.session, "respondent")
        case = make_case(work, state="gesloten")
        return make_recommendation(work, case, make_ruling(work, case), home, due=date(2027, 2, 23)).number

    number = write(engine, make)
    due = (date(2027, 2, 23) - amsterdam_day(NOW)).days

    assert days_later(engine, due - 15) == NOTHING
    assert days_later(engine, due - 14).reminders == 1
    assert days_later(engine, due).reminders == 1
    assert days_later(engine, due + 1).actions == 1
    assert find(engine, number).state == "geen_reactie"
    # Of the second respondent nothing is asked: that is another organisation.
    assert subjects(engine).count(f"Herinnering: {number}") == 2


def test_a_party_that_has_not_answered_is_reminded_and_one_that_has_is_not(engine: Engine) -> None:
    def make(work: Work) -> list[int]:
        case = make_case(work, state="oplossing_voorgesteld")
        silent, agreed = make_organisation(work.session), make_organisation(work.session)
        make_party(work, case, silent)
        make_party(work, case, agreed, agreed=True)
        return [make_account(work.session, "melder", organisation=one).id for one in (silent, agreed)]

    waiting, _ = write(engine, make)
    days_later(engine, 7)

    with open_session(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Notice.account_id)).all() == [waiting]


def test_a_draft_goes_a_month_after_its_writer_was_warned(engine: Engine) -> None:
    def make(work: Work) -> None:
        writer = make_account(work.session, "melder")
        draft = Draft(
            key="sleutel",
            account_id=writer.id,
            organisation_id=writer.organisation_id,
            answers={"titel": "Half af"},
            created_at=NOW,
            changed_at=NOW,
        )
        work.session.add(draft)

    def drafts() -> int:
        with open_session(engine, SYSTEM, writes=False) as session:
            return len(session.scalars(select(Draft.id)).all())

    write(engine, make)

    assert days_later(engine, 334) == NOTHING
    assert days_later(engine, 335).drafts == 1
    assert days_later(engine, 336) == NOTHING
    with open_session(engine, SYSTEM, writes=False) as session:
        (letter,) = session.scalars(select(Outbox.payload))
    assert letter["template"] == "concept"
    assert letter["context"] == {"title": "Half af", "link": "/meldingen/concept/sleutel/controle"}
    assert drafts() == 1
    assert days_later(engine, 365).drafts == 1
    assert drafts() == 0


def test_a_draft_that_somebody_went_on_with_stays(engine: Engine) -> None:
    def make(work: Work) -> None:
        writer = make_account(work.session, "melder")
        answers = {"account_id": writer.id, "organisation_id": writer.organisation_id, "answers": {}}
        work.session.add(Draft(key="sleutel", created_at=NOW, changed_at=NOW, **answers))

    write(engine, make)
    days_later(engine, 340)
    write(engine, lambda work: work.session.execute(update(Draft).values(changed_at=NOW + timedelta(days=350))))

    assert days_later(engine, 400) == NOTHING


def test_the_daily_letter_goes_once_a_day_at_seven_in_the_morning(engine: Engine) -> None:
    def make(work: Work) -> None:
        reader = make_account(work.session, "triagist", notices="dagelijks")
        make_account(work.session, "triagist", notices="uit")
        case = make_case(work)
        for subject in ("Eén", "Twee"):
            work.session.add(
                Notice(
                    account_id=reader.id, process_id=case.id, subject=subject, text="Tekst.", at=NOW, for_digest=True
                )
            )

    write(engine, make)
    before, after = datetime(2026, 11, 24, 5, 59, tzinfo=UTC), datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

    assert let_time_pass(engine, workflows(), before).digests == 0
    assert let_time_pass(engine, workflows(), after).digests == 1
    assert let_time_pass(engine, workflows(), after + timedelta(hours=9)).digests == 0
    with open_session(engine, SYSTEM, writes=False) as session:
        (letter,) = session.scalars(select(Outbox.payload))
    assert [notice["subject"] for notice in letter["context"]["notices"]] == ["Eén", "Twee"]


def test_sessions_that_have_ended_are_swept(engine: Engine) -> None:
    now = datetime.now(UTC)
    times = {"data": {}, "created_at": now, "used_at": now}

    def make(work: Work) -> None:
        work.session.add(LoginSession(token_hash="oud", expires_at=now - timedelta(minutes=1), **times))
        work.session.add(LoginSession(token_hash="nieuw", expires_at=now + timedelta(hours=1), **times))

    write(engine, make)
    days_later(engine, 0)

    with open_session(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(LoginSession.token_hash)).all() == ["nieuw"]


def test_a_term_that_stood_still_is_forgotten_when_the_case_goes_elsewhere(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    case = make_case(work, state="in_intake", organisation=home, audience=[f"org:{home.id}"])
    make_report(work, case, account_id=reporter.id)
    triagist = acting(work, make_account(work.session, "triagist"))
    advance(triagist, case, action="aanvulling_vragen", answers={"points": ["Sinds wanneer?"]})
    assert (case.held_state, case.held_since) == ("in_intake", work.today)

    advance(acting(work, reporter), case, action="intrekken")

    assert (case.held_state, case.held_due, case.held_since) == (None, None, None)


def test_a_term_of_office_begins_and_ends_with_its_role_once(engine: Engine) -> None:
    def make(work: Work) -> int:
        body, account = make_body(work), make_account(work.session)
        make_seat(work, body, account, since=date(2026, 12, 1), until=date(2026, 12, 31))
        return account.id

    account_id = write(engine, make)

    def roles() -> list[tuple[str, bool]]:
        with open_session(engine, SYSTEM, writes=False) as session:
            grants = session.scalars(select(Grant).filter_by(account_id=account_id).order_by(Grant.id))
            return [(grant.role, grant.ended_at is None) for grant in grants]

    found = []
    for days in (7, 8, 8, 38, 39, 39, 60):
        assert days_later(engine, days) == NOTHING
        found.append(roles())

    assert found == [
        [],
        *[[("ccg_lid", True)]] * 3,
        *[[("ccg_lid", False)]] * 3,
    ]
