"""Checkpoints: the journal as a whole, counted, hashed and signed on a fixed rhythm, and held against what is there."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import defer

from app.adapters.notary import Notary, is_signed
from app.db.checkpoint import Checkpoint
from app.db.engine import open_session
from app.db.feed import FeedLine
from app.db.process import Event, Process
from app.domain.access import AUDITOR_ROLE, SYSTEM
from app.domain.checkpoint import Tree, statement
from app.domain.errors import NotPermitted
from app.services.feed import COUNTER, has_new_lines, number_lines
from app.services.number import locked_counter
from app.services.work import Work, beyond_sight

RHYTHM = timedelta(seconds=10)
"""So often at most: a checkpoint for each line would tell everybody when somebody does something."""
STRETCH = 1000


class Sealed(Protocol):
    """What a checkpoint says, wherever it was kept."""

    @property
    def count(self) -> int: ...
    @property
    def root(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def origin(self) -> str: ...
    @property
    def public_key(self) -> str: ...
    @property
    def signature(self) -> str: ...


class Clerk:
    """Who keeps the journal as a whole: gives lines their place, and draws up checkpoints; any number can."""

    def __init__(self, engine: Engine, notary: Notary, clock: Callable[[], datetime]) -> None:
        self.engine, self.notary, self.clock = engine, notary, clock

    def take_turn(self) -> None:
        """Number what is new, and seal it when it is time for that."""
        self.number()
        self._seal(self.clock() - RHYTHM)

    def finish(self) -> None:
        """Number and seal all that is new."""
        self.number()
        self._seal(self.clock())

    def number(self) -> None:
        """Give every line that was committed its place."""
        with open_session(self.engine, SYSTEM, writes=False) as session:
            if not has_new_lines(self._work(session)):
                return
        numbered = STRETCH
        while numbered:
            with open_session(self.engine, SYSTEM, writes=True) as session:
                numbered = number_lines(self._work(session))
                session.commit()

    def _seal(self, before: datetime) -> None:
        """Draw up a checkpoint, if there is something new and the last one is not from after this moment."""
        # Hashing may take a while, and is done without keeping anybody from writing.
        with open_session(self.engine, SYSTEM, writes=False) as session:
            work = self._work(session)
            last = latest_checkpoint(work)
            if last is not None and before < last.at <= self.clock():
                return
            tree = _tree_after(work, last)
        if tree.count == 0 or (last is not None and _says_the_same(last, tree, self.notary)):
            return
        with open_session(self.engine, SYSTEM, writes=True) as session:
            work = self._work(session)
            locked_counter(work, COUNTER, 0)
            newest = latest_checkpoint(work)
            if (newest and newest.id) == (last and last.id):
                session.add(self._signed(tree, work.now))
                session.commit()

    def _signed(self, tree: Tree, at: datetime) -> Checkpoint:
        told: dict[str, Any] = {"count": tree.count, "root": tree.root(), "at": at, "origin": self.notary.origin}
        return Checkpoint(
            **told,
            edge=tree.written(),
            public_key=self.notary.public_key,
            signature=self.notary.sign(statement(**told)),
        )

    def _work(self, session: Any) -> Work:
        return Work(session, SYSTEM, self.clock(), {})


def latest_checkpoint(work: Work) -> Checkpoint | None:
    """The last checkpoint; None before the first."""
    return work.session.scalars(select(Checkpoint).order_by(Checkpoint.id.desc()).limit(1)).first()


class JournalLine(NamedTuple):
    """A line at its place; what it says is there for who may see its process, its hash for every auditor."""

    place: int
    previous_hash: str
    hash: str
    line: dict[str, Any] | None


def journal_from(work: Work, place: int, amount: int) -> tuple[Sequence[JournalLine], int | None]:
    """Lines from a place on, for an auditor, and the place where the next stretch begins."""
    if AUDITOR_ROLE not in work.actor.roles:
        raise NotPermitted("the journal as a whole is for auditors")
    query = (
        select(FeedLine.place, Event, Process.number)
        .join(Event, Event.id == FeedLine.event_id)
        .join(Process, Process.id == Event.process_id)
        .where(FeedLine.place >= place)
        .order_by(FeedLine.place)
        .limit(amount + 1)
    )
    found = work.session.execute(beyond_sight(query)).all()
    ids = {event.process_id for _, event, _ in found}
    seen = set(work.session.scalars(select(Process.id).where(Process.id.in_(ids))))
    rows = [
        JournalLine(at, event.previous_hash, event.hash, event.line(number) if event.process_id in seen else None)
        for at, event, number in found
        if at is not None
    ]
    return rows[:amount], rows[amount].place if len(rows) > amount else None


def checkpoint_faults(work: Work, known_keys: Collection[str]) -> Iterator[str]:
    """Where the journal is not what its checkpoints say, one sentence each; only these keys may have signed."""
    without = select(func.count()).select_from(Event).outerjoin(FeedLine).where(FeedLine.event_id.is_(None))
    if missing := work.session.scalar(beyond_sight(without)):
        yield f"Van {missing} regels is niet bekend wanneer ze kwamen: ze zijn buiten het systeem om toegevoegd."
    # There may be a million of them, so they are read twice and never kept.
    with closing(_checkpoints(work)) as checkpoints:
        yield from sealed_faults(checkpoints, known_keys)
    with closing(_checkpoints(work)) as checkpoints:
        yield from journal_tree_faults(work, checkpoints)


def _checkpoints(work: Work) -> Generator[Checkpoint, None, None]:
    query = select(Checkpoint).order_by(Checkpoint.count, Checkpoint.id).options(defer(Checkpoint.edge))
    with work.session.scalars(query.execution_options(yield_per=STRETCH)) as found:
        yield from found


def journal_tree_faults(work: Work, checkpoints: Iterable[Sealed]) -> Iterator[str]:
    """Which checkpoints, in order of their count, tell of another journal than the one that is here."""
    with closing(_hashes(work)) as hashes:
        yield from tree_faults(hashes, checkpoints)


def sealed_faults(checkpoints: Iterable[Sealed], known_keys: Collection[str]) -> Iterator[str]:
    """Which checkpoints were not signed by one of these keys."""
    for one in checkpoints:
        said = statement(count=one.count, root=one.root, at=one.at, origin=one.origin)
        if one.public_key not in known_keys:
            yield f"{_name(one)} is ondertekend met een onbekende sleutel."
        elif not is_signed(said, signature=one.signature, public_key=one.public_key):
            yield f"De handtekening van {_name(one)} klopt niet."


def tree_faults(hashes: Iterable[tuple[int, str]], checkpoints: Iterable[Sealed]) -> Iterator[str]:
    """Which checkpoints, in order of their count, tell of other lines than these, each with its place."""
    tree, waiting = Tree(), iter(checkpoints)
    one = next(waiting, None)
    for place, line_hash in hashes:
        if place != tree.count + 1:
            yield f"Op plaats {tree.count + 1} van het hele verloop ontbreekt een regel."
            return
        tree.add(line_hash)
        while one is not None and one.count == tree.count:
            if one.root != tree.root():
                yield f"De eerste {one.count} regels zijn veranderd sinds {_name(one)}."
            one = next(waiting, None)
    while one is not None:
        yield f"Er zijn nog {tree.count} regels: bij {_name(one)} waren het er {one.count}."
        one = next(waiting, None)


def _name(one: Sealed) -> str:
    return f"checkpoint {one.count} van {one.at:%d-%m-%Y %H.%M.%S} UTC"


def _says_the_same(last: Checkpoint, tree: Tree, notary: Notary) -> bool:
    """Nothing is new, and who reads it can check it with the key of today."""
    return (last.count, last.public_key, last.origin) == (tree.count, notary.public_key, notary.origin)


def _tree_after(work: Work, last: Checkpoint | None) -> Tree:
    tree = Tree.read(last.count, last.edge) if last is not None else Tree()
    for _, line_hash in _hashes(work, after=tree.count):
        tree.add(line_hash)
    return tree


def _hashes(work: Work, *, after: int = 0) -> Generator[tuple[int, str], None, None]:
    query = (
        select(FeedLine.place, Event.hash)
        .join(Event, Event.id == FeedLine.event_id)
        .where(FeedLine.place > after)
        .order_by(FeedLine.place)
        .execution_options(yield_per=STRETCH)
    )
    with work.session.execute(beyond_sight(query)) as found:
        for place, line_hash in found:
            assert place is not None
            yield place, line_hash
