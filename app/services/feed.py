"""What happened, for other systems: every line gets its place in one order, and a reader gets those it may know of.

An event says that something happened and where it can be read, never what: who may not read that learns nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, exists, func, or_, select, update

from app.db.feed import ANNOUNCED, FeedLine
from app.db.kind import COLLECTIONS
from app.db.process import Audience, Event, Process
from app.db.publication import Publication
from app.db.recommendation import Recommendation
from app.db.ruling import Ruling
from app.domain.access import OFFICIALS, Actor, handling_keys, reader_keys
from app.domain.errors import Invalid
from app.domain.feed import type_of
from app.domain.number import in_path
from app.services.number import locked_counter
from app.services.recommendation import shown_to_everybody
from app.services.work import Work, beyond_sight

NUMBERED_AT_ONCE = 1000
LOOKED_AT = 10_000
"""So many lines are looked at for one page; who may see few of them gets a page with less on it."""
COUNTER = "verloop"
# Where everybody reads of a ruling, and of what was done with what it advised.
RULING, RULINGS, FOLLOW_UP = "uitspraak", "uitspraken", "navolging"
NO_PLACE = "Deze plaats is er niet (meer). Begin opnieuw, zonder ‘na’."


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened: what, to what and when, and where it can be read.

    `place` is where it stands in everything that happened; it never leaves the system, since it would tell how much
    happens out of sight. `sequence` is its number among what everybody may hear of. `case_id` is what events have to
    keep their order within; `dataref` is a path under the root of the API.
    """

    place: int
    sequence: int | None
    identity: str
    type: str
    kind: str
    subject: str
    at: datetime
    dataref: str
    public: bool
    case_id: int


class HappeningStretch(NamedTuple):
    """A stretch of what happened, oldest first.

    `following` is the identity after which the next stretch begins, which stays what it was where there is nothing
    new; `more` says that there is a next one now. Up to and with the place `reached` all was looked at: that one is for
    who reads on inside the system.
    """

    rows: Sequence[Happening]
    following: str | None
    more: bool
    reached: int


def has_new_lines(work: Work) -> bool:
    """Is there a line without a place?"""
    return work.session.scalar(select(FeedLine.event_id).where(FeedLine.place.is_(None)).limit(1)) is not None


def was_announced(work: Work) -> bool:
    """Did this transaction write something that everybody may hear of?"""
    return bool(work.session.info.get(ANNOUNCED))


def number_lines(work: Work) -> int:
    """Give the next lines that were committed their places; how many, and zero when there are none left.

    One at a time does this, under the lock of the counter, and commits before the next begins. So a place is only
    given when all before it can be read, and nothing ever comes before a place that somebody read past: what another
    transaction wrote earlier and commits later comes later.
    """
    counter = locked_counter(work, COUNTER, 0)
    # Places may have been given without the counter, as to what was there before there was a feed.
    counter.last = max(counter.last, _last_place(work))
    query = (
        select(FeedLine.event_id, FeedLine.public, Process.kind, Process.id, Process.public)
        .join(Event, Event.id == FeedLine.event_id)
        .join(Process, Process.id == Event.process_id)
        .where(FeedLine.place.is_(None))
        .order_by(FeedLine.event_id)
        .limit(NUMBERED_AT_ONCE)
    )
    new = [_New(*row) for row in work.session.execute(beyond_sight(query))]
    if not new:
        return 0
    shown = shown_to_everybody(work, [line.process_id for line in new if line.kind == Recommendation.kind_name()])
    sequence = work.session.scalar(select(func.max(FeedLine.sequence))) or 0
    rows = []
    for place, line in enumerate(new, start=counter.last + 1):
        public = line.public and _is_public(line, shown)
        sequence += public
        rows.append(
            {"event_id": line.event_id, "place": place, "public": public, "sequence": sequence if public else None}
        )
    work.session.execute(update(FeedLine), rows)
    counter.last += len(rows)
    work.session.flush()
    return len(rows)


def _last_place(work: Work) -> int:
    return work.session.scalar(select(func.max(FeedLine.place))) or 0


class _New(NamedTuple):
    event_id: int
    public: bool
    kind: str
    process_id: int
    is_public_process: bool


def _is_public(line: _New, shown: Collection[int]) -> bool:
    """May everybody read what this is about? A publication that was withdrawn stays a ruling that says so."""
    if line.kind == Recommendation.kind_name():
        return line.process_id in shown
    return line.kind == Publication.kind_name() or line.is_public_process


def place_after(work: Work, given: str | None) -> int:
    """The place behind what a reader was given to go on with: the identity of an event, or the number of a public one.

    Raises `Invalid` for what was never given, or is gone since a back-up was restored: who would read on then would
    miss what happened.
    """
    if given is None or given == "0":
        return 0
    known = FeedLine.sequence == int(given) if _is_number(given) else FeedLine.identity == given
    place = work.session.scalar(select(FeedLine.place).where(known))
    if place is None:
        raise Invalid({"na": [NO_PLACE]})
    return place


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) < len(str(2**31))


def happenings(work: Work, *, after: int, amount: int) -> HappeningStretch:
    """What happened after a place, as far as the actor may know.

    That is what is public, and with an account also every line of a process in which the actor is involved, as far as
    the journal of that process shows it to the actor.
    """
    top = _last_place(work)
    asked = {"after": after, "reached": top, "amount": amount + 1}
    if work.actor.account_id is None and not work.actor.is_system:
        return _stretch(work, _found(work, _public_lines(), asked), after, amount, top, top)
    reached = min(top, after + LOOKED_AT)
    asked = {**asked, "reached": reached}
    rows = _found(work, _public_lines(), asked) + _found(work, *_own_lines(work.actor, asked))
    return _stretch(work, sorted(rows, key=lambda row: row.place), after, amount, reached, top)


def _stretch(
    work: Work, rows: Sequence[Happening], after: int, amount: int, reached: int, top: int
) -> HappeningStretch:
    if len(rows) > amount:
        shown = rows[:amount]
        return HappeningStretch(shown, shown[-1].identity, True, shown[-1].place)
    if reached < top:
        return HappeningStretch(rows, _identity_at(work, reached), True, reached)
    following = rows[-1].identity if rows else _identity_at(work, after)
    return HappeningStretch(rows, following, False, max(reached, after))


def _identity_at(work: Work, place: int) -> str | None:
    return work.session.scalar(select(FeedLine.identity).where(FeedLine.place == place)) if place else None


# The queries are made once: to make one costs as much as to ask it.


@cache
def _lines() -> Select[*tuple[Any, ...]]:
    publications, recommendations = Publication.__table__, Recommendation.__table__
    ruling_id = func.coalesce(publications.c.ruling_id, recommendations.c.ruling_id)
    return (
        select(
            *(FeedLine.place, FeedLine.sequence, FeedLine.identity, FeedLine.public, Event.action, Event.at),
            *(Process.kind, Process.number, Ruling.number.label("ruling")),
            func.coalesce(Process.case_id, Process.id).label("case_id"),
        )
        .select_from(FeedLine)
        .join(Event, Event.id == FeedLine.event_id)
        .join(Process, Process.id == Event.process_id)
        .outerjoin(publications, publications.c.id == Process.id)
        .outerjoin(recommendations, recommendations.c.id == Process.id)
        .outerjoin(Ruling, Ruling.id == ruling_id)
        .where(FeedLine.place > bindparam("after"), FeedLine.place <= bindparam("reached"))
        .order_by(FeedLine.place)
        .limit(bindparam("amount", type_=Integer))
    )


@cache
def _public_lines() -> Select[*tuple[Any, ...]]:
    return beyond_sight(_lines().where(FeedLine.public))


@cache
def _lines_in_journals() -> Select[*tuple[Any, ...]]:
    """What `journal_of` shows of a process to who is involved: whoever handles it sees every line."""
    handles = or_(Process.owner_id == bindparam("account"), _holds("handling"))
    return _every_other_line().where(_holds("involved"), or_(~FeedLine.internal, handles))


@cache
def _every_other_line() -> Select[*tuple[Any, ...]]:
    return _lines().where(~FeedLine.public, FeedLine.told)


def _own_lines(actor: Actor, asked: Mapping[str, Any]) -> tuple[Select[*tuple[Any, ...]], Mapping[str, Any]]:
    if actor.is_system:
        return _every_other_line(), asked
    keys = {"involved": sorted(reader_keys(actor) - {OFFICIALS}), "handling": sorted(handling_keys(actor))}
    return _lines_in_journals(), {**asked, **keys, "account": actor.owner_as}


def _holds(keys: str) -> ColumnElement[bool]:
    holding = Audience.key.in_(bindparam(keys, expanding=True))
    return exists(select(Audience.key).where(Audience.process_id == Process.id, holding))


def _found(work: Work, query: Select[*tuple[Any, ...]], asked: Mapping[str, Any]) -> list[Happening]:
    return [_happening(row) for row in work.session.execute(query, asked)]


def _happening(row: Row[*tuple[Any, ...]]) -> Happening:
    kind, subject, dataref = row.kind, row.number, f"/{COLLECTIONS[row.kind]}/{in_path(row.number)}"
    if row.public and kind == Publication.kind_name():
        # Everybody knows the ruling, and nobody outside the number of its publication.
        kind, subject, dataref = RULING, row.ruling, f"/{RULINGS}/{in_path(row.ruling)}"
    if row.public and kind == Recommendation.kind_name():
        dataref = f"/{FOLLOW_UP}?{urlencode({RULING: row.ruling})}"
    return Happening(
        place=row.place,
        sequence=row.sequence,
        identity=row.identity,
        type=type_of(kind, row.action),
        kind=kind,
        subject=subject,
        at=row.at,
        dataref=dataref,
        public=row.public,
        case_id=row.case_id,
    )
