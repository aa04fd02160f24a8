"""The life of a process: how it begins, how it enters a state, and who sees it from then on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from app.db.process import Audience, Event, Process
from app.domain import calendar
from app.domain.access import role_key
from app.services.fact import meeting_day
from app.services.sitting import body_of
from app.services.withholding import withhold_alike
from app.services.work import Work

MEETING = "meeting"
"""The term that lasts until the meeting for which a process waits."""


class Held(NamedTuple):
    """A term that waits: the state it is of, its last day, and since when it stands still."""

    state: str | None
    due: date | None
    since: date | None


class FollowUp(NamedTuple):
    """A step that the system takes on another process because of this one; an effect asks for it, and takes none."""

    process: Process
    action: str
    answers: Mapping[str, Any] = {}
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was just taken, for the effects that follow: its line, its answers, and the terms before it.

    An effect fills `receipt` with what only who takes the step is told, once; nothing keeps it. What has to happen to
    another process it adds to `follow_ups`, which are taken when all effects are done.
    """

    event: Event
    answers: Mapping[str, Any]
    due_before: date | None
    held_before: Held
    receipt: dict[str, Any] = field(default_factory=dict, repr=False)
    follow_ups: list[FollowUp] = field(default_factory=list, repr=False)


def opened(work: Work, process: Process, *, action: str, role: str, audience: Iterable[str]) -> Event:
    """Begin the life of a new process: its first line, its term, and who may see it."""
    work.session.add(process)
    event = process.write_line(
        action=action, source=None, actor=work.actor, role=role, at=work.now, reason="", answers={}
    )
    work.session.flush()
    withhold_alike(work, process)
    show_to(work, process, audience)
    enter(work, process)
    return event


def beginning(work: Work, kind: str, number: str) -> dict[str, Any]:
    """The fields that every new process of a kind begins with."""
    workflow = work.newest(kind)
    return {
        "version": workflow.version,
        "state": workflow.initial,
        "number": number,
        "opened_at": work.now,
        "changed_at": work.now,
        "entered_on": work.today,
    }


def show_to(work: Work, process: Process, keys: Iterable[str]) -> None:
    """Let the holders of these keys see the process from now on."""
    wanted = set(keys)
    if not wanted:
        return
    known = set(work.session.scalars(select(Audience.key).where(Audience.process_id == process.id)))
    work.session.add_all(Audience(process_id=process.id, key=key) for key in sorted(wanted - known))
    work.session.flush()


def enter(work: Work, process: Process) -> None:
    """Start the clock of the state that was entered, and show the process to whom it now concerns."""
    state = work.workflows[process.kind, process.version].states[process.state]
    process.entered_on = work.today
    process.extended = False
    process.reminded_on = process.signalled_on = None
    process.reminders = 0
    process.due = process.held_state = process.held_due = process.held_since = None
    if state.final:
        process.owner_id = None
    else:
        process.due = due_in(work, process)
    set_turn(work, process)
    show_to(work, process, (role_key(role, body_of(work, process)) for role in state.seen))


def due_in(work: Work, process: Process, *, since: date | None = None) -> date | None:
    """The last day of the term of the state in which the process stands, counted from today or another day."""
    term = work.workflows[process.kind, process.version].states[process.state].term
    if term is None:
        return None
    if term == MEETING:
        return meeting_day(work, process)
    return calendar.last_day(since or work.today, calendar.Term.parse(term))


def set_turn(work: Work, process: Process) -> None:
    """Whose turn it is: of whom takes the second half, or of whom the definition names."""
    workflow = work.workflows[process.kind, process.version]
    state = workflow.states[process.state]
    process.turn = state.turn
    if process.pending_action is not None:
        transition = workflow.transition(process.pending_action, process.state)
        if transition is not None:
            process.turn = min(transition.second)
