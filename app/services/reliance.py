"""Who relied on a precedent: the cases that were settled with it, those for which it was proposed, and drafts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.db.account import Account
from app.db.case import Application, Case
from app.db.precedent import Nuance, Precedent
from app.db.process import Audience, Process
from app.db.report import Report
from app.db.ruling import Citation, Ruling
from app.domain import access
from app.domain.dutch import listing
from app.domain.workflow import Workflow
from app.services.work import Work, beyond_sight

APPLIES = "past_toe"
ACCEPTS = "apply_precedent"
"""The effect of the actions by which a proposed precedent is accepted."""
RELIED_ON = timedelta(days=730)

Waiting = frozenset[tuple[int, frozenset[str]]]
"""By version of the definition the states in which a proposed precedent can be accepted."""


def cases_by_organisation(work: Work, precedent: Precedent, *, since: datetime) -> Mapping[int, Sequence[str]]:
    """By reporting organisation the numbers of the cases that were settled with a precedent since a moment."""
    joined = aliased(Case)
    query = (
        select(Report.organisation_id, Case.number)
        .join(joined, joined.id == Report.case_id)
        .join(Case, or_(Case.id == joined.id, Case.id == joined.main_id))
        .join(Citation, Citation.case_id == Case.id)
        .where(Citation.precedent_id == precedent.id, Citation.relation == APPLIES, Citation.at >= since)
        .distinct()
        .order_by(Case.number)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for organisation, number in work.session.execute(beyond_sight(query)):
        found[organisation].append(number)
    return found


def proposed_for(work: Work, precedent: Precedent) -> Sequence[tuple[str, Account]]:
    """The open cases for which a precedent was proposed, with who holds them."""
    query = (
        select(Case.number, Account)
        .join(Application, Application.case_id == Case.id)
        .join(Account, Account.id == Case.owner_id)
        .where(
            Application.precedent_id == precedent.id,
            _is_proposed(_waiting(work)),
        )
        .order_by(Case.number)
    )
    return [(number, account) for number, account in work.session.execute(beyond_sight(query))]


class Reliance(NamedTuple):
    """A precedent on which a case rests and that changed since: a sentence, and its number to follow."""

    number: str
    sentence: str


def warnings(work: Work, case_ids: Collection[int]) -> Mapping[int, Sequence[Reliance]]:
    """By case what changed of the precedents on which it rests, as far as the actor may read the file; one query.

    A case rests on what settled it in the last 24 months, on what is proposed for it now, and on what its draft ruling
    cites; that last is told only to who reads the draft. Which later ruling did it is told to who may see that one.
    """
    if not case_ids:
        return {}
    asked: dict[str, Any] = {"cases": sorted(case_ids), "since": work.now - RELIED_ON}
    if not work.actor.is_system:
        asked["readers"] = sorted(access.reader_keys(work.actor) - {access.OFFICIALS})
        asked["handlers"] = sorted(access.handling_keys(work.actor))
    query = _changes(_waiting(work), everything=work.actor.is_system)
    found: dict[int, list[Reliance]] = defaultdict(list)
    for key, rows in groupby(work.session.execute(query, asked), key=_of_one):
        case_id, number, version, state, ended, reconsidered = key
        changes = [(nuance, by) for *_, nuance, by in rows]
        label = work.workflows[Precedent.kind_name(), version].states[state].label.lower()
        by = listing(sorted({by for _, by in changes if by}))
        if ended is not None or any(nuance for nuance, _ in changes):
            found[case_id].append(_changed(number, f"dat nu {label} is" + (f" door {by}" if by else "")))
        if reconsidered:
            found[case_id].append(_changed(number, "dat de commissie nu heroverweegt"))
    return found


@lru_cache
def _changes(waiting: Waiting, *, everything: bool) -> Select[Any]:
    """What changed of the precedents on which cases rest.

    Every list and every page of a case asks it, and making the statement costs more than running it: so it is made
    once, and is given the cases and who asks.
    """
    relied = _relied_on(waiting, everything=everything).subquery()
    later = aliased(Process)
    return (
        select(
            relied.c.case_id,
            Precedent.number,
            Precedent.version,
            Precedent.state,
            Precedent.in_force_until,
            Precedent.under_reconsideration,
            Nuance.id,
            later.number,
        )
        .join(Precedent, Precedent.id == relied.c.precedent_id)
        .outerjoin(
            Nuance,
            (Nuance.precedent_id == Precedent.id)
            & Nuance.lifted_at.is_(None)
            & (Nuance.at > relied.c.at)
            & Precedent.in_force_until.is_(None),
        )
        .outerjoin(later, later.number == func.coalesce(Precedent.replaced_by, Nuance.ruling_number))
        .where(
            or_(Precedent.in_force_until.is_not(None), Precedent.under_reconsideration, Nuance.id.is_not(None)),
        )
        .distinct()
        .order_by(relied.c.case_id, Precedent.number, Nuance.id)
    )


def _of_one(row: Row[Any]) -> tuple[Any, ...]:
    """The case and the precedent that a row is about, with how that stands."""
    return tuple(row)[:6]


def _changed(number: str, change: str) -> Reliance:
    return Reliance(number, f"Dit knelpunt steunt op {number}, {change}.")


def _relied_on(waiting: Waiting, *, everything: bool) -> CompoundSelect[tuple[int | None, int, datetime]]:
    """Which precedents the cases rest on, and since when, for who asks."""
    cases: BindParameter[Any] = bindparam("cases", expanding=True)
    applied = select(Citation.case_id, Citation.precedent_id, Citation.at).where(
        Citation.case_id.in_(cases), Citation.relation == APPLIES, Citation.at >= bindparam("since")
    )
    proposed = select(Application.case_id, Application.precedent_id, Application.proposed_at).where(
        Application.case_id.in_(cases), _is_proposed(waiting)
    )
    drafted = (
        select(Ruling.case_id, Citation.precedent_id, Citation.at)
        .join(Ruling, Ruling.id == Citation.ruling_id)
        .where(Ruling.case_id.in_(cases), Ruling.number.is_(None))
    )
    if not everything:
        applied = applied.where(_holds(Citation.case_id, "readers"))
        proposed = proposed.where(_holds(Application.case_id, "readers"))
        drafted = drafted.where(_holds(Ruling.case_id, "handlers"))
    return union_all(applied, proposed, drafted)


def _waiting(work: Work) -> Waiting:
    return frozenset(
        (version, sources)
        for (name, version), workflow in work.workflows.items()
        if name == Case.kind_name() and (sources := _accepted_from(workflow))
    )


def _is_proposed(waiting: Waiting) -> ColumnElement[bool]:
    """The condition on `Application` that it waits for an answer: the last of a case from which it can be accepted."""
    later, cases = aliased(Application), aliased(Process)
    stands = func.coalesce(cases.held_state, cases.state)
    there = [
        and_(cases.version == version, stands.in_(sorted(sources)))
        for version, sources in sorted(waiting, key=lambda one: one[0])
    ]
    return and_(
        Application.applied_at.is_(None),
        Application.contested_at.is_(None),
        ~exists(select(later.id).where(later.case_id == Application.case_id, later.id > Application.id)),
        exists(select(cases.id).where(cases.id == Application.case_id, or_(*there))),
    )


def _accepted_from(workflow: Workflow) -> frozenset[str]:
    """The states in which a proposed precedent can be accepted: the definition has the effect there."""
    return frozenset(source for step in workflow.transitions if ACCEPTS in step.effects for source in step.sources)


def _holds(case_id: ColumnElement[int | None] | Any, keys: str) -> ColumnElement[bool]:
    """One of the keys that are given under this name opens the case."""
    known = Audience.key.in_(bindparam(keys, expanding=True))
    return exists(select(Audience.process_id).where(Audience.process_id == case_id, known))
