"""Structural bottlenecks: whom one cause hits, who owns it, and how far it is with being taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select

from app.db.case import Case
from app.db.organisation import Organisation
from app.db.report import Report
from app.db.structural import Structural, StructuralProgress
from app.domain.calendar import Term, Unit, amsterdam_day, last_day
from app.domain.priority import Weight, weigh
from app.services.work import Work, beyond_sight

MOST = 200
PROGRESS_WITHIN = Term(6, Unit.MONTHS)
"""An owner says every half year how far it is (workflow 6.9, by the custom of the OBDO)."""


class Hit(NamedTuple):
    """How many organisations reported a bottleneck, and how often."""

    organisations: int
    reports: int


NOBODY = Hit(0, 0)


@dataclass(frozen=True, slots=True)
class StructuralRow:
    """A structural bottleneck in the list: its cause, its owner, and when it last moved."""

    number: str
    title: str
    owner: str
    cause: str
    system: str | None
    identifier: str | None
    article: str | None
    phase: str
    since: datetime
    ended_at: datetime | None
    last_at: datetime
    progress_due: date
    late: bool
    hit: Hit
    weight: Weight
    demonstration: bool


class Step(NamedTuple):
    """One step on the way to taking a cause away."""

    phase: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page of a case shows of its cause and its weight; without a cause that was found there is no `row`."""

    row: StructuralRow | None
    steps: Sequence[Step]
    hit: Hit
    weight: Weight


# Each page of a case asks these, so they are made once.
_CAUSE = select(Structural).where(Structural.case_id == bindparam("case"))
_main = func.coalesce(Case.main_id, Case.id)
_cases: BindParameter[Any] = bindparam("cases", expanding=True)
_HITS = beyond_sight(
    select(_main, func.count(Report.organisation_id.distinct()), func.count())
    .select_from(Report)
    .join(Case, Case.id == Report.case_id)
    .where(Case.id.in_(_cases) | Case.main_id.in_(_cases))
    .group_by(_main)
)


def hits_of(work: Work, case_ids: Sequence[int]) -> Mapping[int, Hit]:
    """Whom each of these cases hits, with the reports of the cases merged into it; only numbers."""
    rows = work.session.execute(_HITS, {"cases": list(case_ids)})
    return {case_id: Hit(organisations, reports) for case_id, organisations, reports in rows}


def structural_cases(work: Work, *, ended: bool = False) -> list[StructuralRow]:
    """The structural bottlenecks that the actor may know of, which hit most organisations first."""
    condition = Structural.ended_at.is_not(None) if ended else Structural.ended_at.is_(None)
    query = (
        select(Structural, Case, Organisation.name)
        .join(Case, Case.id == Structural.case_id)
        .join(Organisation, Organisation.id == Structural.owner_id)
        .where(condition)
        .order_by(Structural.since.desc())
        .limit(MOST)
    )
    found = work.session.execute(query).all()
    ids = [case.id for _, case, _ in found]
    hits, moved = hits_of(work, ids), _last_moves(work, ids)
    rows = [_row(work, *one, hits.get(one[1].id, NOBODY), moved.get(one[1].id)) for one in found]
    return sorted(rows, key=lambda row: (-row.hit.organisations, -row.hit.reports, row.number))


def standing_of(work: Work, case: Case) -> Standing:
    """The cause behind a case, with its steps, and how heavy the case weighs."""
    hit = hits_of(work, [case.id]).get(case.id, NOBODY)
    found = work.session.scalars(_CAUSE, {"case": case.id}).one_or_none()
    if found is None:
        return Standing(None, (), hit, weigh(hit.organisations, structural=False))
    query = select(StructuralProgress).where(StructuralProgress.case_id == case.id).order_by(StructuralProgress.id)
    steps = [Step(one.phase, one.text, one.at) for one in work.session.scalars(query)]
    owner = work.session.get_one(Organisation, found.owner_id)
    row = _row(work, found, case, owner.name, hit, steps[-1].at if steps else None)
    return Standing(row, steps, hit, row.weight)


def _last_moves(work: Work, case_ids: Sequence[int]) -> dict[int, datetime]:
    query = (
        select(StructuralProgress.case_id, func.max(StructuralProgress.at))
        .where(StructuralProgress.case_id.in_(case_ids))
        .group_by(StructuralProgress.case_id)
    )
    return dict(work.session.execute(query).all())


def _row(work: Work, found: Structural, case: Case, owner: str, hit: Hit, moved: datetime | None) -> StructuralRow:
    last = max(moved, found.since) if moved is not None else found.since
    due = last_day(amsterdam_day(last), PROGRESS_WITHIN)
    return StructuralRow(
        number=case.number,
        title=case.title,
        owner=owner,
        cause=found.cause,
        system=found.system,
        identifier=found.identifier,
        article=found.article,
        phase=found.phase,
        since=found.since,
        ended_at=found.ended_at,
        last_at=last,
        progress_due=due,
        late=found.ended_at is None and work.today > due,
        hit=hit,
        weight=weigh(hit.organisations, structural=found.ended_at is None),
        demonstration=case.demonstration,
    )
