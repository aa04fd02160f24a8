"""advance(): the one way to act. Permission, four eyes, staleness, terms, and what is left when it fails."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from app.db.account import Account
from app.db.case import Case
from app.db.engine import open_session
from app.db.notice import Notice, Outbox
from app.db.process import Event, Follower, Process
from app.domain.access import SYSTEM, account_key
from app.domain.errors import GuardFailed, Invalid, NotPermitted, NotVisible, Stale, UnknownAction
from app.services.process import advance, follow, offer, possibilities, process_for_action
from app.services.work import Work
from tests.make import (
    acting,
    actor_of,
    later,
    make_account,
    make_case,
    make_organisation,
    make_report,
    work_of,
)

QUESTION = {"question": "Wie beslist dit?"}


def journal(work: Work, process: Process) -> list[tuple[str, str | None, str, bool]]:
    lines = select(Event.action, Event.source, Event.target, Event.half).where(Event.process_id == process.id)
    return [tuple(row) for row in work.session.execute(lines.order_by(Event.sequence))]


# --- Who may, in which order it is asked, and what is stale


def test_permission_comes_before_the_conditions(work: Any) -> None:
    home = make_organisation(work.session)
    case = make_case(work, organisation=home)
    make_report(work, case)

    with pytest.raises(NotPermitted):
        advance(acting(work, make_account(work.session, "melder", organisation=home)), case, action="oppakken")
    with pytest.raises(GuardFailed, match="alleen van uw eigen organisatie"):
        advance(acting(work, make_account(work.session, "triagist", organisation=home)), case, action="oppakken")


def test_an_action_of_another_state_does_not_exist_here(work: Any) -> None:
    case = make_case(work)

    with pytest.raises(UnknownAction):
        advance(acting(work, make_account(work.session, "triagist")), case, action="samenvoegen")


def test_what_may_not_be_seen_cannot_be_acted_on(work: Any) -> None:
    case = make_case(work)
    stranger = acting(work, make_account(work.session, "behandelaar"))

    with pytest.raises(NotVisible):
        process_for_action(stranger, Case, case.number)


def test_who_looked_at_an_older_revision_is_told(work: Any) -> None:
    case = make_case(work)
    triagist = acting(work, make_account(work.session, "triagist"))
    seen = case.revision
    advance(triagist, case, action="oppakken", revision=seen)

    with pytest.raises(Stale):
        advance(triagist, case, action="notitie", answers={"text": "Let op."}, revision=seen)
    advance(triagist, case, action="notitie", answers={"text": "Let op."}, revision=case.revision)

    assert [line[0] for line in journal(work, case)] == ["beginnen", "oppakken", "notitie"]


def test_every_action_gives_the_process_a_new_revision(work: Any) -> None:
    case = make_case(work, state="tactisch_overleg")
    revisions = [case.revision]
    member = acting(work, make_account(work.session, "regielid"))
    for action, answers in (("notitie", {"text": "Let op."}), ("bestuurlijk_voorleggen", QUESTION)):
        advance(member, case, action=action, answers=answers)
        revisions.append(case.revision)

    assert revisions == sorted(set(revisions))


# --- Four eyes


@pytest.fixture
def proposed(work: Any) -> Any:
    """A case at the tactical level, which somebody proposed to lay before the board."""
    case = make_case(work, state="tactisch_overleg")
    first = make_account(work.session, "regielid")
    outcome = advance(acting(work, first), case, action="bestuurlijk_voorleggen", answers=QUESTION, reason="Het moet.")
    return work, case, first, outcome


def test_the_first_half_is_a_line_that_leaves_the_state(proposed: Any) -> None:
    work, case, first, outcome = proposed

    assert outcome.event.half
    assert case.state == "tactisch_overleg"
    assert (case.pending_action, case.pending_by) == ("bestuurlijk_voorleggen", first.id)
    assert case.turn == "regielid"
    assert journal(work, case)[-1] == ("bestuurlijk_voorleggen", "tactisch_overleg", "tactisch_overleg", True)


def test_the_same_person_is_not_the_second(proposed: Any) -> None:
    work, case, first, _ = proposed

    with pytest.raises(NotPermitted):
        advance(acting(work, first), case, action="bestuurlijk_voorleggen", answers=QUESTION)
    shown = {one.transition.action: one for one in possibilities(acting(work, first), case)}

    assert case.state == "tactisch_overleg"
    assert shown["bestuurlijk_voorleggen"].reasons == ("Dit wacht op een tweede persoon.",)


def test_another_person_takes_the_step_with_what_the_first_filled_in(proposed: Any) -> None:
    work, case, _, _ = proposed
    second = acting(work, make_account(work.session, "regielid"))

    outcome = advance(second, case, action="bestuurlijk_voorleggen")

    assert case.state == "bestuurlijk_geescaleerd"
    assert not outcome.event.half
    assert outcome.event.answers == QUESTION
    assert (case.pending_action, case.pending_by, case.pending_answers) == (None, None, None)


def test_who_proposed_can_take_it_back_and_nobody_else(proposed: Any) -> None:
    work, case, first, _ = proposed

    with pytest.raises(GuardFailed):
        advance(acting(work, make_account(work.session, "regielid")), case, action="terugtrekken")
    advance(acting(work, first), case, action="terugtrekken")

    assert case.pending_action is None
    assert case.turn == "regielid"
    with pytest.raises(GuardFailed):
        advance(acting(work, first), case, action="terugtrekken")


def test_another_step_forgets_the_half_that_waited(proposed: Any) -> None:
    work, case, first, _ = proposed
    answers = {"assignment": "Zoek verder.", "text": "Zoek verder."}

    advance(acting(work, first), case, action="terug_naar_werkniveau", answers=answers)

    assert case.state == "in_behandeling"
    assert (case.pending_action, case.pending_answers) == (None, None)


def test_a_note_in_between_leaves_the_half_waiting(proposed: Any) -> None:
    work, case, first, _ = proposed

    advance(acting(work, first), case, action="notitie", answers={"text": "Nog even."})

    assert case.pending_action == "bestuurlijk_voorleggen"


# --- What fails leaves nothing


def test_a_failing_effect_leaves_nothing_behind(own_engine: Any) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        work = work_of(session)
        triagist = make_account(session, "triagist")
        case = make_case(work, state="in_intake", owner_id=triagist.id)
        session.commit()
        actor, number, revision = actor_of(triagist), case.number, case.revision

    with open_session(own_engine, actor, writes=True) as session:
        found = process_for_action(work_of(session, actor), Case, number)
        with pytest.raises(Invalid, match="hoofdknelpunt"):
            advance(work_of(session, actor), found, action="samenvoegen", answers={"main": "KNP-2026-09999"})

    with open_session(own_engine, SYSTEM, writes=False) as session:
        case = session.scalars(select(Case)).one()
        assert (case.state, case.revision, case.last_sequence) == ("in_intake", revision, 1)
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Event, Notice, Outbox)] == [
            1,
            0,
            0,
        ]


def test_what_a_person_leads_happens_or_the_person_does_nothing(work: Any) -> None:
    case = make_case(work, state="in_intake")
    with pytest.raises(UnknownAction):
        follow(work, case, "publiceren")

    assert offer(work, case, "publiceren") is None
    assert offer(work, case, "adviezen_verwerken") is None
    assert len(journal(work, case)) == 1


# --- Many at once


@pytest.mark.parametrize("sends_revision", [True, False], ids=["by revision", "by state"])
def test_of_sixteen_at_once_exactly_one_succeeds(own_engine: Any, sends_revision: bool) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        work = work_of(session)
        people = [make_account(session, "triagist") for _ in range(16)]
        case = make_case(work)
        session.commit()
        number, revision = case.number, case.revision if sends_revision else None
        actors = [actor_of(one) for one in people]
    start = Barrier(len(actors))

    def take(actor: Any) -> str:
        start.wait()
        with open_session(own_engine, actor, writes=True) as session:
            work = work_of(session, actor)
            try:
                found = process_for_action(work, Case, number)
                advance(work, found, action="oppakken", revision=revision)
                session.commit()
            except (Stale, StaleDataError, UnknownAction) as error:
                return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(actors)) as pool:
        answers = Counter(pool.map(take, actors))

    assert answers["done"] == 1
    assert answers["Stale" if sends_revision else "UnknownAction"] == 15
    with open_session(own_engine, SYSTEM, writes=False) as session:
        found = session.scalars(select(Case)).one()
        assert found.state == "in_intake"
        assert [line[0] for line in journal(work_of(session), found)] == ["beginnen", "oppakken"]


# --- The clock of a state, through the definition


def test_asking_for_more_stops_the_clock_and_the_answer_starts_it_again(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    triagist = make_account(work.session, "triagist")
    case = make_case(work, state="in_intake", organisation=home, owner_id=triagist.id)
    make_report(work, case, account_id=reporter.id)
    assert case.due == date(2026, 12, 7)

    advance(
        acting(work, triagist), case, action="aanvulling_vragen", answers={"points": ["Sinds wanneer?"], "due": None}
    )
    assert (case.held_due, case.held_since) == (date(2026, 12, 7), date(2026, 11, 23))
    assert case.due == date(2026, 12, 21)
    assert case.turn == "melder"

    week = later(acting(work, reporter), work.now + timedelta(days=7))
    advance(week, case, action="aanvullen", answers={"answers": ["Sinds 2021."]})
    # Six days stood still: the day of the question counts, and so does the day of the answer. The end of the term
    # would fall on a Sunday, so it is the Monday after it.
    assert case.due == date(2026, 12, 14)
    assert (case.held_due, case.held_since, case.turn) == (None, None, "triagist")


def test_a_term_is_extended_once_by_who_holds_the_case_and_only_in_time(work: Any) -> None:
    triagist = make_account(work.session, "triagist")
    case = make_case(work, state="in_intake", owner_id=triagist.id)
    answers = {"motivation": "Het is veel."}

    with pytest.raises(NotPermitted):
        advance(acting(work, make_account(work.session, "triagist")), case, action="termijn_verlengen", answers=answers)
    advance(acting(work, triagist), case, action="termijn_verlengen", answers=answers)
    assert case.due == date(2026, 12, 21)
    assert case.extended

    with pytest.raises(GuardFailed, match="al een keer verlengd"):
        advance(acting(work, triagist), case, action="termijn_verlengen", answers=answers)
    late = make_case(work, state="in_intake", owner_id=triagist.id)
    after = later(acting(work, triagist), work.now + timedelta(days=15))
    with pytest.raises(GuardFailed, match="zolang die nog loopt"):
        advance(after, late, action="termijn_verlengen", answers=answers)


def test_the_clock_signals_a_term_that_passed_once(work: Any) -> None:
    triagist = make_account(work.session, "triagist")
    case = make_case(work, state="in_intake", owner_id=triagist.id)
    last_day = later(work, datetime(2026, 12, 7, 20, tzinfo=UTC))
    day_after = later(work, datetime(2026, 12, 8, 9, tzinfo=UTC))

    assert offer(last_day, case, "termijn_signaleren") is None
    assert offer(day_after, case, "termijn_signaleren") is not None
    assert offer(day_after, case, "termijn_signaleren") is None
    assert case.signalled_on == date(2026, 12, 8)
    assert case.due == date(2026, 12, 7)
    assert work.session.scalars(select(Notice.account_id)).all() == [triagist.id]


@pytest.mark.parametrize(
    ("moment", "entered", "due"),
    [
        # Winter: midnight in Amsterdam is 23.00 UTC. Summer: it is 22.00 UTC.
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), date(2026, 11, 22), date(2026, 12, 7)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23), date(2026, 12, 7)),
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), date(2026, 11, 23), date(2026, 12, 7)),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24), date(2026, 12, 8)),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30), date(2026, 7, 14)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1), date(2026, 7, 15)),
    ],
)
def test_a_term_counts_days_of_amsterdam(work: Any, moment: datetime, entered: date, due: date) -> None:
    case = make_case(work)
    triagist = acting(work, make_account(work.session, "triagist"))

    advance(later(triagist, moment), case, action="oppakken")

    assert (case.entered_on, case.due) == (entered, due)


# --- What is told


def test_a_notice_is_written_once_a_person_and_not_to_who_acted(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    daily = make_account(work.session, "melder", organisation=home, notices="dagelijks")
    triagist = make_account(work.session, "triagist")
    case = make_case(work, organisation=home, audience=[account_key(one.id) for one in (reporter, daily)])
    for account in (reporter, reporter, daily):
        make_report(work, case, account_id=account.id)
    for account in (reporter, triagist):
        work.session.add(Follower(process_id=case.id, account_id=account.id))

    advance(acting(work, triagist), case, action="oppakken")
    notices = work.session.execute(select(Notice.account_id, Notice.for_digest).order_by(Notice.account_id)).all()
    letters = work.session.scalars(select(Outbox.payload)).all()

    assert [tuple(row) for row in notices] == [(reporter.id, False), (daily.id, True)]
    assert [letter["to"] for letter in letters] == [reporter.email]


def test_who_was_disabled_hears_nothing(work: Any) -> None:
    home = make_organisation(work.session)
    left: Account = make_account(work.session, "melder", organisation=home, active=False)
    case = make_case(work, organisation=home)
    make_report(work, case, account_id=left.id)

    advance(acting(work, make_account(work.session, "triagist")), case, action="oppakken")

    assert work.session.scalar(select(func.count(Notice.id))) == 0


# --- What one may do now


def test_what_stands_in_the_way_is_a_sentence(work: Any) -> None:
    home = make_organisation(work.session)
    case = make_case(work, organisation=home)
    make_report(work, case)

    (found,) = [
        one
        for one in possibilities(acting(work, make_account(work.session, "triagist", organisation=home)), case)
        if one.transition.action == "oppakken"
    ]

    assert not found.allowed
    assert found.reasons == (
        "Dit knelpunt is alleen van uw eigen organisatie. Vraag een andere triagist om het op te pakken.",
    )


def test_what_is_for_others_is_not_offered(work: Any) -> None:
    home = make_organisation(work.session)
    case = make_case(work, organisation=home)
    make_report(work, case)

    shown = possibilities(acting(work, make_account(work.session, "melder", organisation=home)), case)
    offered = {one.transition.action for one in shown}

    assert "oppakken" not in offered
    assert "intrekken" in offered


def test_everything_that_is_offered_without_a_reason_may_be_done(work: Any) -> None:
    """What the page promises and what `advance` allows come from one decision."""
    triagist = make_account(work.session, "triagist")
    case = make_case(work, state="in_intake", owner_id=triagist.id)
    shown = possibilities(acting(work, triagist), case)
    workflow = work.workflows[case.kind, case.version]

    assert [one.transition.action for one in shown] == [
        step.action for step in workflow.actions_from(case.state) if step.roles & {"triagist", "eigenaar"}
    ]
