"""The journal as a whole: does it hold, and a copy of it that an auditor can check with nothing of ours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select

from app.db.feed import FeedLine
from app.db.process import Event, Process
from app.domain import journal
from app.services.checkpoint import Sealed, tree_faults
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
    """Every line that has its place in the whole, with its hashes.

    A hash is the SHA-256 of `vorigeHash`, a line feed, and `regel` as canonical JSON.
    """
    query = (
        select(FeedLine.place, _process.c.number, Event)
        .join(Event, Event.id == FeedLine.event_id)
        .join(_process, _process.c.id == Event.process_id)
        .where(FeedLine.place.is_not(None))
        .order_by(FeedLine.place)
        .execution_options(yield_per=STRETCH)
    )
    for place, number, event in work.session.execute(query):
        yield as_copied(place, event.previous_hash, event.hash, event.line(number))


def as_copied(place: int, previous_hash: str, line_hash: str, line: Mapping[str, Any] | None) -> dict[str, Any]:
    """A line as it stands in a copy."""
    return {"plaats": place, "vorigeHash": previous_hash, "hash": line_hash, "regel": line}


def copy_faults(copied: Iterable[Mapping[str, Any]], checkpoints: Sequence[Sealed]) -> Iterator[str]:
    """Where a copy of the journal does not hold in itself, or is not what these checkpoints say, by their count."""
    faults: list[str] = []
    yield from tree_faults(_held_against_their_chains(copied, faults), checkpoints)
    yield from faults


def _held_against_their_chains(copied: Iterable[Mapping[str, Any]], faults: list[str]) -> Iterator[tuple[int, str]]:
    heads: dict[str, str] = {}
    for row in copied:
        number = str(row["regel"]["process"])
        link = journal.Link(row["vorigeHash"], row["hash"], row["regel"])
        if journal.verify([link], heads.get(number, journal.GENESIS)) is not None:
            faults.append(f"{number}: regel {row['regel']['sequence']} past niet in de keten.")
        heads[number] = row["hash"]
        yield row["plaats"], row["hash"]


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
