"""The journal as a whole: does it hold, and a copy of it that an auditor can check with nothing of ours."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select

from app.db.process import Event, Process
from app.domain import journal
from app.services.work import Work

STRETCH = 500
_process = Process.__table__


def journal_faults(work: Work) -> Iterator[str]:
    """Where the journal does not hold, one sentence a process: a broken chain, or an end that is not its state."""
    known = {row.number: row for row in work.session.execute(_heads())}
    for number, lines in groupby(_lines(work), key=lambda found: found[0]):
        head = known.pop(number)
        events = [event for _, event in lines]
        last = events[-1]
        place = journal.verify(_link(number, event) for event in events)
        if place is not None:
            yield f"{number}: regel {place} past niet in de keten."
        elif last.target != head.state:
            yield f"{number}: de laatste regel zegt {last.target}, het proces staat op {head.state}."
        elif (last.sequence, last.hash) != (head.last_sequence, head.last_hash):
            yield f"{number}: aan het einde ontbreken regels."
    yield from (f"{number}: er zijn geen regels." for number in known)


def journal_lines(work: Work) -> Iterator[dict[str, Any]]:
    """Every line with its hashes; a hash is the SHA-256 of `vorigeHash`, a line feed, and `regel` as canonical JSON."""
    for number, event in _lines(work):
        yield {"vorigeHash": event.previous_hash, "hash": event.hash, "regel": event.line(number)}


def _heads() -> Any:
    columns = _process.c
    return select(columns.number, columns.state, columns.last_sequence, columns.last_hash)


def _lines(work: Work) -> Iterator[tuple[str, Event]]:
    query = (
        select(_process.c.number, Event)
        .join(_process, _process.c.id == Event.process_id)
        .order_by(Event.process_id, Event.sequence)
        .execution_options(yield_per=STRETCH)
    )
    yield from work.session.execute(query)


def _link(number: str, event: Event) -> journal.Link:
    return journal.Link(event.previous_hash, event.hash, event.line(number))
