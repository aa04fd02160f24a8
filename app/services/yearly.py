"""One year in numbers, as the Kaderwet adviescolleges asks (art. 28): rulings, what became of the advice, and cases.

What is public is counted as it is. Of cases, which are not, a count below three is not told: `domain/disclosure.py`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, extract, func, or_, select

from app.config import value_list
from app.db.case import Application, Case
from app.db.process import Event, Process
from app.db.publication import PublicRecord
from app.db.report import Report
from app.domain.calendar import AMSTERDAM
from app.domain.disclosure import masked, tellable
from app.domain.recommendation import Carried, Totals
from app.domain.workflow import Workflow
from app.services.follow_up import (
    FollowUpFilters,
    Group,
    follow_up_by_organisation,
    follow_up_by_ruling,
    follow_up_carried,
    follow_up_totals,
    reaction_days,
)
from app.services.work import Work, beyond_sight

# The forms in which somebody says why a case is not handled, with the list from which the ground is chosen.
GROUNDS = {"inadmissibility": ("ground", "niet_ontvankelijk_grond"), "referral": ("desk", "loket")}


@dataclass(frozen=True, slots=True)
class ReactionTimes:
    """How long organisations took, in days from the day of sending; and how many are past the term now."""

    answered: int
    average: int | None
    in_time: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Year:
    """One year; a count of None is too small to tell."""

    year: int
    rulings: int
    totals: Totals
    carried: Mapping[Carried, int]
    by_ruling: Sequence[Group]
    by_organisation: Sequence[Group]
    times: ReactionTimes
    reports: int | None
    ended: Mapping[str, int | None]
    declined: Mapping[str, int | None]
    applied: int | None


def year_in_numbers(work: Work, year: int) -> Year:
    """The follow-up of the rulings of a year, and what happened to cases in it."""
    filters = FollowUpFilters(year=year)
    return Year(
        year=year,
        rulings=_rulings(work, year),
        totals=follow_up_totals(work, filters),
        carried=follow_up_carried(work, filters),
        by_ruling=follow_up_by_ruling(work, filters),
        by_organisation=follow_up_by_organisation(work, filters),
        times=_times(work, filters),
        reports=tellable(_count(work, year, Report.filed_at)),
        ended=masked(_ended(work, year)),
        declined=masked(_declined(work, year)),
        applied=tellable(_count(work, year, Application.applied_at)),
    )


def years_in_numbers(work: Work) -> list[int]:
    """The years in which a ruling that is public was adopted, the newest first."""
    year = extract("year", PublicRecord.adopted_on)
    query = select(year).where(PublicRecord.current, PublicRecord.withdrawn_at.is_(None)).distinct()
    return sorted((int(found) for found in work.session.scalars(query)), reverse=True)


def _rulings(work: Work, year: int) -> int:
    query = select(func.count()).select_from(PublicRecord)
    query = query.where(
        PublicRecord.current,
        PublicRecord.withdrawn_at.is_(None),
        extract("year", PublicRecord.adopted_on) == year,
    )
    return work.session.scalar(query) or 0


def _times(work: Work, filters: FollowUpFilters) -> ReactionTimes:
    days, in_time, overdue = [], 0, 0
    for sent, reacted, due in reaction_days(work, filters):
        if reacted is None:
            overdue += due is not None and due < work.today
            continue
        days.append((reacted - sent).days)
        in_time += due is None or reacted <= due
    average = round(sum(days) / len(days)) if days else None
    return ReactionTimes(len(days), average, in_time, overdue)


def _ended(work: Work, year: int) -> dict[str, int]:
    """How often a case came to each of its ends, by what people call it."""
    counts: Counter[str] = Counter()
    for version, workflow in _definitions(work):
        ends = [slug for slug, state in workflow.states.items() if state.final]
        query = (
            select(Event.target, func.count(Event.process_id.distinct()))
            .join(Process, Process.id == Event.process_id)
            .where(
                Process.kind == Case.kind_name(),
                Event.version == version,
                Event.target.in_(ends),
                Event.source != Event.target,
                *_within(year, Event.at),
            )
            .group_by(Event.target)
        )
        for state, count in work.session.execute(beyond_sight(query)):
            counts[workflow.states[state].label] += count
    return dict(counts.most_common())


def _declined(work: Work, year: int) -> dict[str, int]:
    """Why cases were not handled, or where they were sent, by the words of the lists."""
    counts: Counter[str] = Counter()
    asked = {
        (version, step.action): step.asks
        for version, workflow in _definitions(work)
        for step in workflow.transitions
        if step.asks in GROUNDS
    }
    by_step = [and_(Event.version == version, Event.action == action) for version, action in asked]
    query = (
        select(Event.version, Event.action, Event.answers)
        .join(Process, Process.id == Event.process_id)
        .where(Process.kind == Case.kind_name(), ~Event.half, or_(*by_step), *_within(year, Event.at))
    )
    for version, action, answers in work.session.execute(beyond_sight(query)):
        counts[_ground(asked[version, action] or "", answers)] += 1
    return dict(counts.most_common())


def _ground(form: str, answers: Mapping[str, Any]) -> str:
    field, name = GROUNDS[form]
    code = str(answers.get(field, ""))
    label = value_list(name).get(code, code)
    return f"Doorverwezen: {label}" if field == "desk" else label


def _definitions(work: Work) -> Iterable[tuple[int, Workflow]]:
    return [(version, found) for (name, version), found in work.workflows.items() if name == Case.kind_name()]


def _count(work: Work, year: int, moment: Any) -> int:
    return work.session.scalar(beyond_sight(select(func.count(moment)).where(*_within(year, moment)))) or 0


def _within(year: int, moment: Any) -> Collection[Any]:
    """The moments of a year on the clock of Amsterdam."""
    first, last = datetime(year, 1, 1, tzinfo=AMSTERDAM), datetime(year + 1, 1, 1, tzinfo=AMSTERDAM)
    return (moment >= first, moment < last)
