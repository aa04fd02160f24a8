"""Moving what runs to a new version: looked at first, then a line in each journal, a state and a term."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.process import Event
from app.domain.errors import Invalid
from app.domain.workflow import Workflow
from app.services.move import Move, move, planned_moves
from app.services.process import advance
from app.services.work import Work
from tests.make import acting, later, make_account, make_case, make_organisation, make_report, work_of, workflows

LAST = max(version for name, version in workflows() if name == "knelpunt")
NEXT = LAST + 1


def next_version(**changes: Any) -> Workflow:
    return replace(workflows()["knelpunt", LAST], version=NEXT, **changes)


def moving(work: Work, new: Workflow) -> Work:
    """The work of an operator who has both versions."""
    return work_of(work.session, definitions={**workflows(), ("knelpunt", NEXT): new})


def without(workflow: Workflow, state: str) -> Any:
    return {slug: found for slug, found in workflow.states.items() if slug != state}


def test_what_runs_gets_the_new_version_a_line_and_keeps_its_state_and_term(work: Any) -> None:
    running, closed = make_case(work, state="in_intake"), make_case(work, state="gesloten")
    due = running.due
    both = moving(work, next_version())

    assert planned_moves(both, "knelpunt", LAST, NEXT) == [Move(running.number, "in_intake", "in_intake")]
    assert running.version == LAST
    move(both, "knelpunt", LAST, NEXT)

    assert (running.version, running.state, running.due) == (NEXT, "in_intake", due)
    assert (closed.version, closed.state) == (LAST, "gesloten")
    lines = select(Event.action, Event.source, Event.target, Event.version).where(Event.process_id == running.id)
    assert [tuple(row) for row in work.session.execute(lines.order_by(Event.sequence))][-1] == (
        "verplaatsen",
        "in_intake",
        "in_intake",
        NEXT,
    )
    assert planned_moves(both, "knelpunt", LAST, NEXT) == []


def test_a_state_that_is_gone_goes_where_the_table_says_with_the_term_of_that_state(work: Any) -> None:
    case = make_case(work, state="tactisch_overleg")
    first = workflows()["knelpunt", LAST]
    new = next_version(states=without(first, "tactisch_overleg"), moves={"tactisch_overleg": "in_behandeling"})
    move(moving(work, new), "knelpunt", LAST, NEXT)

    # Eight weeks at the work level.
    assert (case.state, case.due, case.turn) == ("in_behandeling", date(2027, 1, 18), "behandelaar")


def test_a_state_without_a_place_in_the_new_version_stops_the_move(work: Any) -> None:
    case = make_case(work, state="tactisch_overleg")
    both = moving(work, next_version(states=without(workflows()["knelpunt", LAST], "tactisch_overleg")))

    with pytest.raises(Invalid, match="zegt niet waar deze statussen heen gaan: tactisch_overleg"):
        move(both, "knelpunt", LAST, NEXT)

    assert case.version == LAST


def test_a_term_that_is_another_in_the_new_version_is_counted_from_the_same_day(work: Any) -> None:
    case = make_case(work, state="in_intake")
    states = workflows()["knelpunt", LAST].states
    new = next_version(states={**states, "in_intake": replace(states["in_intake"], term="4 weeks")})

    move(later(moving(work, new), work.now + timedelta(days=3)), "knelpunt", LAST, NEXT)

    # Four weeks from 23 November.
    assert case.due == date(2026, 12, 21)


def test_a_half_that_the_new_version_does_not_know_is_taken_back(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    case = make_case(work, state="precedent_voorgesteld", organisation=home)
    make_report(work, case, account_id=reporter.id)
    advance(acting(work, reporter), case, action="precedent_aanvaarden")
    assert case.turn == "triagist"
    kept = tuple(step for step in workflows()["knelpunt", LAST].transitions if step.action != "precedent_aanvaarden")

    move(moving(work, next_version(transitions=kept)), "knelpunt", LAST, NEXT)

    assert (case.pending_action, case.turn) == (None, "melder")
