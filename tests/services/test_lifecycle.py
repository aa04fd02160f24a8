"""The life of a process: how it begins, what a new state brings, and who sees it from then on."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.case import Case
from app.db.process import Audience, Event, Process
from app.domain.access import role_key
from app.domain.journal import GENESIS
from app.services.lifecycle import beginning, due_in, enter, opened, set_turn, show_to
from app.services.work import Work
from tests.make import acting, later, make_account, make_case, make_item, make_meeting, workflows


def keys(work: Work, process: Process) -> set[str]:
    return set(work.session.scalars(select(Audience.key).where(Audience.process_id == process.id)))


def test_a_process_begins_in_the_initial_state_of_the_newest_definition(work: Any) -> None:
    begun = beginning(work, "knelpunt", "KNP-2026-00001")
    newest = max(version for name, version in workflows() if name == "knelpunt")

    assert (begun["version"], begun["state"]) == (newest, workflows()["knelpunt", newest].initial)
    assert begun["entered_on"] == date(2026, 11, 23)


def test_the_first_line_comes_from_nowhere_and_starts_the_chain(work: Any) -> None:
    triagist = make_account(work.session, "triagist")
    case = Case(
        **beginning(work, "knelpunt", "KNP-2026-00042"), title="a", key_question="a?", description="a", exchange={}
    )

    line = opened(acting(work, triagist), case, action="indienen", role="melder", audience=["org:1"])

    assert (line.sequence, line.source, line.target) == (1, None, case.state)
    assert line.previous_hash == GENESIS
    assert case.last_hash == line.hash
    assert keys(work, case) == {"org:1", "role:triagist", "role:auditor"}
    assert (case.due, case.turn) == (date(2026, 11, 30), "triagist")


def test_a_new_state_starts_its_own_clock_and_forgets_the_old_one(work: Any) -> None:
    case = make_case(work, state="in_behandeling")
    case.extended, case.reminders = True, 2
    case.reminded_on = case.signalled_on = date(2026, 11, 20)
    case.state = "tactisch_overleg"

    enter(later(work, work.now + timedelta(days=1)), case)
    case.state = "in_behandeling"

    assert case.entered_on == date(2026, 11, 24)
    assert case.due == date(2027, 1, 5)
    assert (case.extended, case.reminders, case.reminded_on, case.signalled_on) == (False, 0, None, None)


def test_at_its_end_a_process_has_no_term_no_turn_and_no_owner(work: Any) -> None:
    account = make_account(work.session, "triagist")
    case = make_case(work, state="in_intake", owner_id=account.id)
    case.state = "doorverwezen"

    enter(work, case)
    case.state = "in_intake"

    assert (case.due, case.turn, case.owner_id) == (None, None, None)


def test_who_saw_a_process_goes_on_seeing_it(work: Any) -> None:
    case = make_case(work, state="in_behandeling", audience=["org:1"])
    before = keys(work, case)
    case.state = "tactisch_overleg"

    enter(work, case)
    case.state = "in_behandeling"

    assert keys(work, case) == before | {role_key("regielid")}


def test_showing_twice_is_showing_once(work: Any) -> None:
    case = make_case(work)

    show_to(work, case, ["org:1", "org:1"])
    show_to(work, case, ["org:1", "org:2"])

    rows = work.session.scalars(select(Audience.key).where(Audience.process_id == case.id, Audience.key.like("org:%")))
    assert sorted(rows) == ["org:1", "org:2"]


def test_a_half_that_waits_gives_the_turn_to_who_can_complete_it(work: Any) -> None:
    case = make_case(work, state="voorgedragen_ccg")
    case.pending_action, case.pending_by = "toelaten", 1

    set_turn(work, case)
    waiting = case.turn
    case.pending_action = case.pending_by = None
    set_turn(work, case)

    assert (waiting, case.turn) == ("ccg_voorzitter", "ccg_secretaris")


@pytest.mark.parametrize("state", ["geagendeerd", "in_beraadslaging"])
def test_a_case_on_the_agenda_has_until_its_meeting(work: Any, state: str) -> None:
    case = make_case(work, state="in_voorbereiding_ccg")
    make_item(work, case, make_meeting(work, day=date(2026, 12, 14)))
    case.state = state

    due = due_in(work, case)
    case.state = "in_voorbereiding_ccg"

    assert due == date(2026, 12, 14)


def test_what_was_held_over_has_until_the_next_meeting_that_is_planned(work: Any) -> None:
    case = make_case(work, state="aangehouden")
    make_item(work, case, make_meeting(work, day=date(2026, 11, 23)), held_over=True)
    assert due_in(work, case) == work.today + timedelta(weeks=6)

    make_meeting(work, day=date(2026, 12, 7))

    assert due_in(work, case) == date(2026, 12, 7)


def test_the_chain_goes_on_from_line_to_line(work: Any) -> None:
    case = make_case(work)
    for place in range(3):
        case.write_line(
            action="notitie", source=case.state, actor=work.actor, role="systeem", at=work.now, reason=str(place)
        )
    work.session.flush()

    lines = work.session.scalars(select(Event).where(Event.process_id == case.id).order_by(Event.sequence)).all()

    assert [line.sequence for line in lines] == [1, 2, 3, 4]
    assert [line.previous_hash for line in lines[1:]] == [line.hash for line in lines[:-1]]
    assert len({line.hash for line in lines}) == 4
