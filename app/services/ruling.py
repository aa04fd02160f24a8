"""Rulings as the public reads them: from the public record, and from nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, extract, func, literal, select, tuple_
from sqlalchemy.orm import undefer

from app.config import value_list
from app.db.case import Case
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.db.ruling import Ruling
from app.db.search import SearchText
from app.domain.access import PARTY_ROLE, roles_in
from app.domain.errors import Invalid, NotVisible
from app.domain.ruling import gaps
from app.services.facts import latest_ruling, scope_of
from app.services.overview import sight_of
from app.services.precedent import flags_of, said_in_record
from app.services.record import record_of
from app.services.work import Work, beyond_sight

STRETCH, LONGEST = 25, 100
COUNTED = 1000


def latest_rulings(work: Work, amount: int) -> Sequence[PublicRecord]:
    """The rulings that were published last."""
    query = (
        select(PublicRecord)
        .where(PublicRecord.current, PublicRecord.withdrawn_at.is_(None))
        .order_by(PublicRecord.published_at.desc(), PublicRecord.id.desc())
        .limit(amount)
    )
    return work.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the home page counts; nothing in it says anything about one case."""

    cases: int
    rulings: int
    applied: int


def numbers_of_the_system(work: Work) -> Numbers:
    """How many bottlenecks were reported, how many rulings published, how often one settled a case."""
    cases = work.session.scalar(beyond_sight(select(func.count()).select_from(Case))) or 0
    rulings = select(func.count()).select_from(PublicRecord).where(PublicRecord.current)
    applied = select(func.coalesce(func.sum(Precedent.used_count), 0))
    return Numbers(cases, work.session.scalar(rulings) or 0, int(work.session.scalar(beyond_sight(applied)) or 0))


class RulingRow(NamedTuple):
    """What the list shows of a published ruling; the precedent's state is the one it has now."""

    number: str
    title: str
    rule: str
    conclusion: str | None
    adopted_on: date
    precedent_version: int | None
    precedent_state: str | None
    is_nuanced: bool
    demonstration: bool
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulingFilters:
    """What the list is narrowed to, by what the public records say; what is empty narrows nothing."""

    year: int | None = None
    type: str | None = None
    law: str | None = None
    state: str | None = None
    body: str | None = None


EVERY_RULING = RulingFilters()


@dataclass(frozen=True, slots=True)
class RulingStretch:
    """A stretch of the rulings, the last adopted first, and the number after which the next begins."""

    rows: Sequence[RulingRow]
    following: str | None
    total: int
    capped: bool


def published_rulings(
    work: Work, filters: RulingFilters = EVERY_RULING, *, after: str | None = None, amount: int = STRETCH
) -> RulingStretch:
    """The rulings that everybody may read; raises `Invalid` for a place that is not in the list."""
    if not 1 <= amount <= LONGEST:
        raise Invalid({"aantal": [f"Kies een getal van 1 tot en met {LONGEST}."]})
    readable = and_(PublicRecord.current, PublicRecord.withdrawn_at.is_(None), *_conditions(filters))
    query = (
        select(PublicRecord, Precedent, SearchText.excerpt)
        .outerjoin(Precedent, Precedent.number == PublicRecord.number)
        .outerjoin(SearchText, SearchText.process_id == Precedent.id)
        .where(readable)
        .order_by(PublicRecord.adopted_on.desc(), PublicRecord.id.desc())
        .limit(amount + 1)
    )
    if after is not None:
        query = query.where(tuple_(PublicRecord.adopted_on, PublicRecord.id) < _place_of(work, after))
    rows = [_ruling_row(*row) for row in work.session.execute(query)]
    known = select(PublicRecord.id).outerjoin(Precedent, Precedent.number == PublicRecord.number).where(readable)
    counted = select(func.count()).select_from(known.limit(COUNTED + 1).subquery())
    total = work.session.scalar(counted) or 0
    following = rows[amount - 1].number if len(rows) > amount else None
    return RulingStretch(rows[:amount], following, min(total, COUNTED), total > COUNTED)


def ruling_years(work: Work) -> list[int]:
    """The years of the published rulings, newest first."""
    year = extract("year", PublicRecord.adopted_on)
    query = select(year).where(PublicRecord.current).distinct().order_by(year.desc())
    return [int(found) for found in work.session.scalars(query)]


def _conditions(filters: RulingFilters) -> list[ColumnElement[bool]]:
    conditions = said_in_record(kind=filters.type, law=filters.law, body=filters.body)
    if filters.year is not None:
        conditions.append(extract("year", PublicRecord.adopted_on) == filters.year)
    if filters.state is not None:
        conditions.append(Precedent.state == filters.state)
    return conditions


def published(work: Work, number: str, issue: int | None = None) -> PublicRecord:
    """The public record of a ruling with its text, or an earlier version of it.

    One that was withdrawn is given too, without its text: its address has to say what happened.
    """
    query = select(PublicRecord).where(PublicRecord.number == number).options(undefer(PublicRecord.record))
    query = query.where(PublicRecord.current if issue is None else PublicRecord.issue == issue)
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotVisible(number)
    return found


def versions_of(work: Work, number: str) -> Sequence[PublicRecord]:
    """Every version that was published of a ruling, the newest first."""
    query = select(PublicRecord).where(PublicRecord.number == number).order_by(PublicRecord.issue.desc())
    return work.session.scalars(query).all()


def precedent_numbered(work: Work, number: str) -> Precedent | None:
    """The precedent that a ruling left behind, as the actor may see it."""
    return work.session.scalars(select(Precedent).where(Precedent.number == number)).one_or_none()


@dataclass(frozen=True, slots=True)
class RulingInProgress:
    """The ruling of a case before everybody may read it; a party gets what it can check, and not the decision."""

    ruling: Ruling
    record: Mapping[str, Any]
    gaps: Sequence[str]
    is_whole: bool
    public_number: str | None


# What a party reads to check the facts: the decision and the deliberation stay secret until publication.
CHECKED_BY_PARTIES = (
    "titel",
    "orgaan",
    "kernvraag",
    "feiten",
    "juridischKader",
    "grondslagen",
    "doel",
    "gegevenscategorieen",
    "typen",
    "partijen",
    "voorbeeld",
)


def reads_ruling(work: Work, case: Case) -> bool:
    """Is there a ruling of this case, a draft or more, that the actor may open?"""
    try:
        _ruling_for(work, case)
    except NotVisible:
        return False
    return True


def ruling_in_progress(work: Work, case: Case) -> RulingInProgress:
    """The ruling as it stands now, for who handles the case or checks the facts; `NotVisible` for others."""
    ruling, whole = _ruling_for(work, case)
    record = record_of(work, ruling, case)
    public = select(PublicRecord.number).where(PublicRecord.number == ruling.number, PublicRecord.current)
    return RulingInProgress(
        ruling,
        record if whole else {field: record[field] for field in CHECKED_BY_PARTIES},
        gaps(ruling.content) if whole and ruling.number is None else (),
        whole,
        work.session.scalar(public),
    )


def _ruling_for(work: Work, case: Case) -> tuple[Ruling, bool]:
    """The ruling of a case, and whether the actor reads the whole of it; `NotVisible` for who reads nothing."""
    ruling = latest_ruling(work, case.id)
    if ruling is None:
        raise NotVisible(case.number)
    whole = sight_of(work, case).handling
    if not whole and PARTY_ROLE not in roles_in(scope_of(work, case), work.actor):
        raise NotVisible(case.number)
    return ruling, whole


def _ruling_row(public: PublicRecord, precedent: Precedent | None, excerpt: str | None) -> RulingRow:
    labels = value_list("conclusie")
    return RulingRow(
        number=public.number,
        title=public.title,
        rule=excerpt or "",
        conclusion=labels.get(precedent.conclusion, precedent.conclusion) if precedent else None,
        adopted_on=public.adopted_on,
        precedent_version=precedent.version if precedent else None,
        precedent_state=precedent.state if precedent else None,
        is_nuanced=precedent is not None and precedent.is_nuanced,
        demonstration=precedent.demonstration if precedent else False,
        flags=flags_of(precedent) if precedent else (),
    )


def _place_of(work: Work, number: str) -> Any:
    query = select(PublicRecord.adopted_on, PublicRecord.id).where(PublicRecord.number == number, PublicRecord.current)
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise Invalid({"na": ["Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."]})
    return tuple_(literal(row[0], PublicRecord.adopted_on.type), literal(row[1]))
