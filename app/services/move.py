"""Moving what runs to another version of its definition: looked at first, and then a line in each journal."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from app.db.process import Process
from app.domain.access import SYSTEM_ROLE
from app.domain.errors import Invalid
from app.domain.workflow import Workflow
from app.services.lifecycle import due_in, enter, set_turn
from app.services.work import Work

MOVE = "verplaatsen"


class Move(NamedTuple):
    """A process that goes to the new version, with where it stands and will stand."""

    number: str
    state: str
    target: str


def planned_moves(work: Work, name: str, source: int, target: int) -> Sequence[Move]:
    """What a move would do to everything that runs on the old version; `Invalid` when something has nowhere to go."""
    old, new = _version(work, name, source), _version(work, name, target)
    query = select(Process.number, Process.state).where(Process.kind == name, Process.version == source)
    running = [
        Move(number, state, new.moves.get(state, state))
        for number, state in work.session.execute(query.order_by(Process.id))
        if not old.states[state].final
    ]
    if lost := sorted({move.target for move in running if move.target not in new.states}):
        states = ", ".join(lost)
        raise Invalid({"": [f"Versie {target} van {name} zegt niet waar deze statussen heen gaan: {states}."]})
    return running


def move(work: Work, name: str, source: int, target: int) -> Sequence[Move]:
    """Move everything that runs: its version, its state by the table `[moves]`, and its term where that changed."""
    moves = planned_moves(work, name, source, target)
    old, new = _version(work, name, source), _version(work, name, target)
    for planned in moves:
        query = select(Process).where(Process.number == planned.number).with_for_update(of=Process.__table__)
        _move_one(work, work.session.scalars(query).one(), old, new)
    return moves


def move_to_newest(work: Work, process: Process) -> None:
    """Move one process to the newest version of its definition."""
    newest = work.newest(process.kind)
    if process.version != newest.version:
        _move_one(work, process, work.workflows[process.kind, process.version], newest)


def _move_one(work: Work, process: Process, old: Workflow, new: Workflow) -> None:
    before = process.state
    process.version, process.state = new.version, new.moves.get(before, before)
    if process.held_state is not None:
        process.held_state = new.moves.get(process.held_state, process.held_state)
    if process.pending_action and new.transition(process.pending_action, process.state) is None:
        # The half waited for a step that is no longer there.
        process.pending_action = process.pending_by = process.pending_answers = None
    process.write_line(
        action=MOVE,
        source=before,
        actor=work.actor,
        role=SYSTEM_ROLE,
        at=work.now,
        reason=f"Van versie {old.version} naar versie {new.version}.",
    )
    if process.state != before:
        enter(work, process)
    elif old.states[before].term != new.states[before].term and process.held_since is None:
        process.due = due_in(work, process, since=process.entered_on)
    set_turn(work, process)
    work.session.flush()


def _version(work: Work, name: str, version: int) -> Workflow:
    found = work.workflows.get((name, version))
    if found is None:
        raise Invalid({"": [f"{name} heeft geen versie {version}."]})
    return found
