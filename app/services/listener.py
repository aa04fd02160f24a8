"""Listening to the installations that are followed: what happened there is read, and what it is about taken over.

What they send is read outside a transaction. The copies and the cursor are then kept in one, so that whoever is
stopped in between reads the same again and nothing comes twice.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.adapters.egress import TOO_LARGE, TOO_SLOW, UNREADABLE, Egress, EgressFailed, Reply
from app.adapters.peer import PeerApi, Said, Unreadable
from app.db.engine import open_session
from app.db.peer import Peer, PeerEvent
from app.domain import number as numbers
from app.domain.access import SYSTEM
from app.domain.errors import Invalid
from app.services.copied import Told, keep_copies
from app.services.egress import why_not_reached
from app.services.external import Kept
from app.services.work import Work

RHYTHM, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
STRETCHES_AT_A_TURN, TURN_SECONDS = 20, 60.0
"""So many stretches at most before the next has its turn, and none is begun after so long; nor takes one longer."""
MOST_BYTES = 32 * 1024 * 1024
"""So much is read for one stretch; a ruling that no longer fits is read later."""
LONGEST_REASON = 2000
UNREAD_AGAIN, UNREAD_AT_ONCE = timedelta(hours=1), 10
OK, NOT_UNDERSTOOD, NOT_FOUND, GONE = 200, 400, 404, 410
# Who answers this is busy or away, whatever is asked; anything else is about what was asked.
AWAY = frozenset({408, 429, 502, 503, 504})
OF_ONE_ANSWER = frozenset({TOO_LARGE, TOO_SLOW, UNREADABLE})

NO_JSON = "Het antwoord is geen JSON."
NO_PROGRESS = "De lijst met gebeurtenissen gaat niet verder."
OTHER_NUMBER = "De installatie gaf een andere uitspraak dan gevraagd."
NOT_KNOWN_THERE = "De bron kent dit nummer niet meer."
NOT_EXPECTED = "Wij konden niet verwerken wat de installatie stuurde. De reden staat in het logboek van de verwerker."

log = structlog.get_logger()


class Heard(NamedTuple):
    """An event of another installation: what it is about, and when it happened there."""

    identity: str
    type: str
    subject: str
    at: datetime


class Stretch(NamedTuple):
    """Some events in order, and the cursor after the last of them."""

    rows: Sequence[Heard]
    following: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How JSON of another installation becomes what is known; each raises `Invalid` for what cannot be read."""

    stretch: Callable[[object], Stretch]
    ruling: Callable[[object], tuple[Mapping[str, Any], Mapping[str, Any]]]
    precedent: Callable[[object], tuple[Mapping[str, Any], Mapping[str, Any]]]


class Taken(NamedTuple):
    """What became of what was taken over, and what went wrong where not everything could be."""

    kept: Kept
    trouble: str | None = None


class Unwilling(Exception):
    """The installation answers that it does not; the number is the status of its answer."""


class AnotherWasFirst(Exception):
    """Somebody else took over the same events meanwhile."""


FAILURES = (EgressFailed, Unreadable, Unwilling, Invalid)
"""What can be wrong with an installation; it is told on the page and tried again later."""


class Listener:
    """Takes over what happened at the installations that are followed; any number of them share a database."""

    def __init__(
        self,
        engine: Engine,
        egress: Egress,
        reading: Reading,
        clock: Callable[[], datetime],
        *,
        seconds: float = TURN_SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.engine, self.egress, self.reading, self.clock = engine, egress, reading, clock
        self.seconds, self.most_bytes = seconds, most_bytes

    def take_turn(self) -> None:
        """Follow each installation for which it is time; who does not answer holds up no other."""
        with open_session(self.engine, SYSTEM, writes=False) as session:
            query = select(Peer.id).where(Peer.ended_at.is_(None), Peer.due_at <= self.clock()).order_by(Peer.due_at)
            due = session.scalars(query).all()
        for identity in due:
            try:
                self.follow(identity)
            except OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - what one sends must not keep the others waiting; it is shown
                log.warning("peer", peer=identity, error=repr(error))
                self._fail(identity, NOT_EXPECTED)

    def follow(self, identity: int) -> Taken:
        """Take over some of what is new at an installation, so that the next has its turn too."""
        taken = self._take_over(identity, _one_turn(self.seconds))
        if taken.trouble:
            log.warning("peer", peer=identity, error=taken.trouble)
        return taken

    def catch_up(self, identity: int) -> Taken:
        """Take over all that is new at an installation."""
        return self._take_over(identity, count())

    def _take_over(self, identity: int, stretches: Iterable[int]) -> Taken:
        """What became of it; what went wrong is kept with the installation."""
        kept = Kept()
        for _ in stretches:
            try:
                more, some = self._take_stretch(identity)
            except AnotherWasFirst:
                break
            except FAILURES as error:
                trouble = _trouble(error)
                self._fail(identity, trouble)
                return Taken(kept, trouble)
            kept = kept.plus(some)
            if not more:
                break
        return Taken(kept)

    def _take_stretch(self, identity: int) -> tuple[bool, Kept]:
        """Take over one stretch; was there any, and what became of it."""
        with open_session(self.engine, SYSTEM, writes=False) as session:
            peer = session.get_one(Peer, identity)
        if peer.ended_at is not None:
            raise AnotherWasFirst
        api = PeerApi(_Ration(self.egress, self.seconds, self.most_bytes).get, peer.url)
        said = api.events(peer.cursor)
        if said.status == NOT_UNDERSTOOD and peer.cursor:
            # The place where we were is gone, as after a back-up was put back there: all of it is read again.
            said = api.events("")
        stretch = self.reading.stretch(_data(said))
        if stretch.rows and stretch.following in (None, peer.cursor):
            raise Invalid({"volgende": [NO_PROGRESS]})
        # Without rows there is nothing more now, also where the cursor became another one.
        more = bool(stretch.rows) and stretch.following is not None
        rows = stretch.rows or self._unread(identity)
        told, faults = self._told(api, rows)
        with open_session(self.engine, SYSTEM, writes=True) as session:
            work = Work(session, SYSTEM, self.clock(), {})
            kept = _keep(work, peer, Stretch(rows, stretch.following), told, faults)
            # Where there is more, the next turn goes on.
            work.session.get_one(Peer, identity).due_at = work.now if more else work.now + RHYTHM
            session.commit()
        return more, kept

    def _unread(self, identity: int) -> list[Heard]:
        """What could not be read some time ago: the fault there, or here, may be mended."""
        query = (
            select(PeerEvent.event_id, PeerEvent.type, PeerEvent.subject, PeerEvent.at)
            .where(
                PeerEvent.peer_id == identity,
                PeerEvent.fault.is_not(None),
                PeerEvent.taken_at <= self.clock() - UNREAD_AGAIN,
            )
            .order_by(PeerEvent.taken_at, PeerEvent.id)
            .limit(UNREAD_AT_ONCE)
        )
        with open_session(self.engine, SYSTEM, writes=False) as session:
            return [Heard(*row) for row in session.execute(query)]

    def _told(self, api: PeerApi, rows: Sequence[Heard]) -> tuple[list[Told], dict[str, str]]:
        """What the installation says today of each ruling in the events; and why one could not be read."""
        told: list[Told] = []
        faults: dict[str, str] = {}
        for number, at in {row.subject: row.at for row in rows if _is_ruling(row.subject)}.items():
            try:
                told.append(self._ruling(api, number, at))
            except FAILURES as error:
                if not _is_of_one_answer(error):
                    raise
                faults[number] = _sentence(error)
        return told, faults

    def _ruling(self, api: PeerApi, number: str, at: datetime) -> Told:
        path = numbers.in_path(number)
        said, standing = api.ruling(path), api.precedent(path)
        ruling, record = self.reading.ruling(said.data) if said.status == OK else (None, None)
        if ruling is None and said.status not in (NOT_FOUND, GONE):
            raise Unwilling(said.status)
        if ruling is not None and ruling["number"] != number:
            raise Invalid({"nummer": [OTHER_NUMBER]})
        if standing.status not in (OK, NOT_FOUND, GONE):
            raise Unwilling(standing.status)
        precedent, treatment = self.reading.precedent(standing.data) if standing.status == OK else (None, None)
        return Told(
            number=number,
            at=at,
            ruling=ruling,
            record=record,
            precedent=precedent,
            treatment=treatment,
            gone_because="" if ruling is not None else _reason(said),
        )

    def _fail(self, identity: int, sentence: str) -> None:
        """Keep what went wrong, and wait longer each time."""
        with open_session(self.engine, SYSTEM, writes=True) as session:
            peer = session.get_one(Peer, identity, with_for_update=True)
            peer.tried_at = self.clock()
            peer.due_at = peer.tried_at + min(RHYTHM * 2 ** min(peer.failures, 10), LONGEST_WAIT)
            peer.failures += 1
            peer.trouble = sentence
            session.commit()


class _Ration:
    """What is read for one stretch, so that whoever answers slowly or at length is left in the end."""

    def __init__(self, egress: Egress, seconds: float, most_bytes: int) -> None:
        self.egress, self.ends, self.left = egress, time.monotonic() + seconds, most_bytes

    def get(self, url: str, *, headers: Mapping[str, str], largest: int) -> Reply:
        if time.monotonic() >= self.ends:
            raise EgressFailed(TOO_SLOW)
        if self.left <= 0:
            raise EgressFailed(TOO_LARGE)
        reply = self.egress.get(url, headers=headers, largest=min(largest, self.left))
        self.left -= len(reply.body)
        return reply


def _one_turn(seconds: float) -> Iterator[int]:
    """The stretches of one turn; there is always a first."""
    ends = time.monotonic() + seconds
    for place in range(STRETCHES_AT_A_TURN):
        yield place
        if time.monotonic() >= ends:
            return


def _is_of_one_answer(error: Exception) -> bool:
    """Is this about the one ruling that was asked for, so that others can be read?"""
    if isinstance(error, EgressFailed):
        return error.code in OF_ONE_ANSWER
    return not (isinstance(error, Unwilling) and error.args[0] in AWAY)


def _keep(work: Work, seen: Peer, stretch: Stretch, told: Sequence[Told], faults: Mapping[str, str]) -> Kept:
    """Copies, events and cursor together, unless somebody else moved the cursor since it was read."""
    peer = work.session.get_one(Peer, seen.id, with_for_update=True)
    if peer.cursor != seen.cursor or peer.ended_at is not None:
        raise AnotherWasFirst
    kept = keep_copies(work, peer, told)
    _keep_events(work.session, peer, stretch.rows, faults, work.now)
    peer.cursor = stretch.following or peer.cursor
    peer.tried_at = peer.heard_at = work.now
    peer.failures, peer.trouble = 0, None
    return kept


def _keep_events(session: Session, peer: Peer, rows: Sequence[Heard], faults: Mapping[str, str], at: datetime) -> None:
    """Each event once, also when a list is read again from the first; what can be read now has no fault any more."""
    offered = {row.identity: row for row in rows if _is_ruling(row.subject)}
    of_peer = PeerEvent.peer_id == peer.id
    mended = {row.subject for row in offered.values()} - faults.keys()
    session.execute(update(PeerEvent).where(of_peer, PeerEvent.subject.in_(mended)).values(fault=None))
    known = select(PeerEvent).where(of_peer, PeerEvent.event_id.in_(offered))
    events = {event.event_id: event for event in session.scalars(known)}
    for row in offered.values():
        event = events.get(row.identity)
        if event is None:
            event = PeerEvent(
                peer_id=peer.id, event_id=row.identity, type=row.type, subject=row.subject, at=row.at, taken_at=at
            )
            session.add(event)
        if row.subject in faults:
            event.fault, event.taken_at = faults[row.subject], at
    session.flush()


def _is_ruling(subject: str) -> bool:
    """Is this the number of a ruling? What else happens there is not taken over."""
    try:
        number = numbers.parse(subject)
    except Invalid:
        return False
    return isinstance(number, numbers.Number) and numbers.FORMS[number.kind] is numbers.RULING


def _data(said: Said) -> Any:
    if said.status != OK:
        raise Unwilling(said.status)
    return said.data


def _reason(said: Said) -> str:
    """Why a ruling is no longer public, in the words of its source."""
    if said.status == NOT_FOUND or not isinstance(said.data, Mapping):
        return NOT_KNOWN_THERE
    detail = said.data.get("detail")
    text = " ".join(detail.split()) if isinstance(detail, str) else ""
    return "".join(sign for sign in text if sign.isprintable())[:LONGEST_REASON]


def _trouble(error: Exception) -> str:
    """What went wrong with an installation, for the administrator."""
    if isinstance(error, EgressFailed):
        return why_not_reached(error.code, may_open=True)
    return _sentence(error)


def _sentence(error: Exception) -> str:
    """What went wrong, for people."""
    if isinstance(error, EgressFailed):
        return why_not_reached(error.code, may_open=False)
    if isinstance(error, Unreadable):
        return NO_JSON
    if isinstance(error, Unwilling):
        return f"De installatie antwoordt met foutcode {error}."
    assert isinstance(error, Invalid)
    told = [f"{path}: {sentence}" for path, sentences in error.faults.items() for sentence in sentences]
    return " ".join(told[:3])[:LONGEST_REASON]
