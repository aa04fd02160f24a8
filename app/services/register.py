"""The register as it leaves the system: published records in bounded pieces, each with where its precedent stands.

Feeds, maps, catalogue and bulk files read this and nothing else, so that what the public record leaves out is
left out everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, case, exists, func, or_, select
from sqlalchemy.orm import aliased, undefer

from app.db.precedent import Precedent
from app.db.process import Event
from app.db.publication import PublicRecord, RecordSubject
from app.services.work import Work

Condition = SQLColumnExpression[bool]

PIECE = 200
"""So many records are read at once."""
FEED_LENGTH = 100
IN_MAP = 10_000
"""A map may name 50,000 addresses in 50 MB; with its metadata an address of ours takes some 2 kB."""

TOLD = frozenset({"mark_precedent", "record_review", "close_reconsideration", "add_nuance", "lift_one_nuance"})
"""The effects that change what is told of a precedent, whether its state changes or not."""

READABLE: tuple[Condition, ...] = (PublicRecord.current, PublicRecord.withdrawn_at.is_(None))


class Standing(NamedTuple):
    """Where a precedent stands today: facts about it, and none of its words."""

    code: str
    label: str
    in_force_from: date | None
    in_force_until: date | None
    review_on: date | None
    to_reassess: bool
    under_reconsideration: bool
    used_count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The current version of one published ruling; of one that was withdrawn `record` is empty."""

    id: int
    number: str
    issue: int
    title: str
    adopted_on: date
    published_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str | None
    pdf_digest: str | None
    record: Mapping[str, Any]
    standing: Standing | None
    changed_at: datetime
    """The last publication, rectification, withdrawal or change of status."""

    @property
    def identity(self) -> str:
        """The permanent address of the ruling, within the site."""
        return f"/id/uitspraak/{self.number.replace(':', '/')}"


def register(work: Work) -> Iterator[Entry]:
    """Every ruling that everybody may read, the oldest publication first; a fixed number of them in memory."""
    yield from _stream(work, READABLE)


def map_of_register(work: Work, place: int) -> Iterator[Entry]:
    """The rulings of one map, the first of which is 1; a ruling stays in its map until it is published anew."""
    first, last = (place - 1) * IN_MAP, place * IN_MAP
    yield from _stream(work, (*READABLE, PublicRecord.id > first, PublicRecord.id <= last))


def maps_of_register(work: Work) -> Sequence[tuple[int, datetime]]:
    """The maps in which there is a ruling, each with the moment of its last publication."""
    place = (PublicRecord.id - 1) // IN_MAP + 1
    query = select(place, func.max(PublicRecord.published_at)).where(*READABLE).group_by(place).order_by(place)
    return [(int(number), moment) for number, moment in work.session.execute(query)]


def feed(work: Work, subject: str | None = None) -> Sequence[Entry]:
    """What changed last, first: of everything, or of one subject as `domain/register.py` names it.

    The rulings that were withdrawn are among them, for who has them from an earlier feed.
    """
    query = _query(work).where(PublicRecord.current)
    if subject is not None:
        about = select(RecordSubject.record_id)
        about = about.where(RecordSubject.record_id == PublicRecord.id, RecordSubject.subject == subject)
        query = query.where(exists(about))
    query = query.order_by(_changed_at(work).desc(), PublicRecord.id.desc()).limit(FEED_LENGTH)
    return [_entry(work, *row) for row in work.session.execute(query)]


class Stamp(NamedTuple):
    """What changes when anything in the register does."""

    newest: int
    withdrawn: int
    standings: str
    changed_at: datetime | None

    def __str__(self) -> str:
        moment = f"{self.changed_at.timestamp():.6f}" if self.changed_at else "0"
        return f"{self.newest}-{self.withdrawn}-{self.standings}-{moment}"


def stamp_of_register(work: Work) -> Stamp:
    """A stamp of the whole register, for who asks whether there is anything new.

    It is made of what is told and of nothing else: work inside may not be seen in it.
    """
    standing = (Precedent.version, Precedent.state, Precedent.to_reassess, Precedent.under_reconsideration)
    query = (
        select(
            *standing,
            func.count(Precedent.in_force_from),
            func.count(Precedent.in_force_until),
            func.coalesce(func.sum(Precedent.used_count), 0),
            func.max(PublicRecord.id),
            func.count(PublicRecord.withdrawn_at),
            func.max(_changed_at(work)),
        )
        .outerjoin(Precedent, Precedent.number == PublicRecord.number)
        .where(PublicRecord.current)
        .group_by(*standing)
    )
    told, newest, withdrawn, moments = [], 0, 0, []
    for *facts, last, taken_away, changed_at in work.session.execute(query):
        told.append(" ".join(map(str, facts)))
        newest, withdrawn = max(newest, last), withdrawn + taken_away
        moments.append(changed_at)
    standings = sha256("\n".join(sorted(told)).encode()).hexdigest()[:16]
    return Stamp(newest, withdrawn, standings, max(moments, default=None))


def entry_of(work: Work, number: str, issue: int | None = None) -> Entry | None:
    """One published ruling or an earlier version of it; one that was withdrawn too, without its text."""
    query = _query(work).where(PublicRecord.number == number)
    query = query.where(PublicRecord.current if issue is None else PublicRecord.issue == issue)
    row = work.session.execute(query).one_or_none()
    return _entry(work, *row) if row is not None else None


_PRECEDENT = (
    Precedent.version,
    Precedent.state,
    Precedent.in_force_from,
    Precedent.in_force_until,
    Precedent.review_on,
    Precedent.to_reassess,
    Precedent.under_reconsideration,
    Precedent.used_count,
)


def _query(work: Work) -> Any:
    return (
        select(PublicRecord, _changed_at(work), *_PRECEDENT)
        .outerjoin(Precedent, Precedent.number == PublicRecord.number)
        .options(undefer(PublicRecord.record))
    )


def _changed_at(work: Work) -> ColumnElement[datetime]:
    """The last of the moments that everybody is told; the two databases have no common name for that.

    The journal is read only of a precedent that has a later line: of work inside, as a note, nothing is told.
    """
    ours = func.coalesce(PublicRecord.withdrawn_at, PublicRecord.published_at, type_=PublicRecord.published_at.type)
    line = aliased(Event)
    told = (
        select(func.max(line.at))
        .where(
            line.process_id == Precedent.id,
            line.at > ours,
            ~line.half,
            or_(line.source != line.target, line.action.in_(_told_actions(work))),
        )
        .correlate(Precedent, PublicRecord)
        .scalar_subquery()
    )
    return case(
        (Precedent.changed_at > ours, func.coalesce(told, ours, type_=PublicRecord.published_at.type)), else_=ours
    )


def _told_actions(work: Work) -> list[str]:
    """The actions after which a precedent in the same state is told otherwise: its marks and dates, and its nuances."""
    return sorted(
        {
            step.action
            for (kind, _), workflow in work.workflows.items()
            if kind == Precedent.kind_name()
            for step in workflow.transitions
            if TOLD & set(step.effects)
        }
    )


def _stream(work: Work, conditions: Sequence[Condition]) -> Iterator[Entry]:
    query = _query(work).where(*conditions).order_by(PublicRecord.id).limit(PIECE)
    last = 0
    while rows := work.session.execute(query.where(PublicRecord.id > last)).all():
        yield from (_entry(work, *row) for row in rows)
        last = rows[-1][0].id
        if len(rows) < PIECE:
            return


def _entry(work: Work, public: PublicRecord, changed_at: datetime, version: int | None, *standing: Any) -> Entry:
    return Entry(
        id=public.id,
        number=public.number,
        issue=public.issue,
        title=public.title,
        adopted_on=public.adopted_on,
        published_at=public.published_at,
        withdrawn_at=public.withdrawn_at,
        withdrawn_because=public.withdrawn_because,
        pdf_digest=public.pdf_digest,
        record=public.record,
        standing=_standing(work, version, *standing) if version is not None else None,
        changed_at=changed_at,
    )


def _standing(work: Work, version: int, state: str, *facts: Any) -> Standing:
    return Standing(state, work.workflows[Precedent.kind_name(), version].states[state].label, *facts)
