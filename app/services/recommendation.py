"""Following up as the public reads it: what was advised, what was followed, what not, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import undefer

from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.db.recommendation import Recommendation
from app.db.ruling import Ruling
from app.domain.access import SYSTEM_ROLE
from app.domain.errors import Invalid
from app.domain.recommendation import Reaction, Totals
from app.domain.workflow import Workflow
from app.services.work import Work, beyond_sight

Statement = Select[*tuple[Any, ...]]
STRETCH, LONGEST = 25, 100
GROUPS = 10
"""So many rulings or organisations are shown by name; the rest is one line, so that the numbers add up."""


@dataclass(frozen=True, slots=True)
class FollowUpFilters:
    """What the follow-up is narrowed to; the year is that of the ruling."""

    ruling: str | None = None
    organisation: str | None = None
    year: int | None = None


class FollowUp(NamedTuple):
    """One recommendation to one organisation, in the words of the public record."""

    number: str
    version: int
    state: str
    ruling: str
    title: str
    text: str
    organisation: str
    tooi_uri: str | None
    reaction: str | None
    motivation: str | None
    planned_on: date | None
    due: date | None
    visible: bool
    demonstration: bool


class Group(NamedTuple):
    """The totals of one ruling or one organisation; `key` narrows the overview to it."""

    key: str
    label: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class FollowUpStretch:
    """A stretch of the recommendations, newest first, and the number after which the next begins."""

    rows: Sequence[FollowUp]
    following: str | None


def follow_up_totals(work: Work, filters: FollowUpFilters) -> Totals:
    """How often each reaction was given, over everything that the filters leave."""
    query = _published(work, select(*_counts()).select_from(Recommendation), filters)
    return _totals(work.session.execute(beyond_sight(query)).one())


def follow_up_by_ruling(work: Work, filters: FollowUpFilters) -> list[Group]:
    """The totals for each of the newest rulings, and of the rest together."""
    query = (
        _published(
            work, select(PublicRecord.number, PublicRecord.title, *_counts()).select_from(Recommendation), filters
        )
        .group_by(PublicRecord.number, PublicRecord.title, PublicRecord.adopted_on, PublicRecord.id)
        .order_by(PublicRecord.adopted_on.desc(), PublicRecord.id.desc())
    )
    return _groups(work, query, filters, rest="Andere uitspraken")


def follow_up_by_organisation(work: Work, filters: FollowUpFilters) -> list[Group]:
    """The totals for the organisations to which most was advised, and of the rest together."""
    key = func.coalesce(Organisation.tooi_uri, Organisation.name)
    query = (
        _published(work, select(key, Organisation.name, *_counts()).select_from(Recommendation), filters)
        .group_by(Organisation.id, key, Organisation.name)
        .order_by(func.count().desc(), Organisation.name)
    )
    return _groups(work, query, filters, rest="Andere organisaties")


def follow_up_years(work: Work) -> list[int]:
    """The years in which there were rulings with recommendations, newest first."""
    query = _published(work, select(Ruling.year).select_from(Recommendation), FollowUpFilters())
    rows = work.session.execute(beyond_sight(query.distinct().order_by(Ruling.year.desc())))
    return [year for (year,) in rows if year is not None]


def follow_up(
    work: Work, filters: FollowUpFilters, *, after: str | None = None, amount: int = STRETCH
) -> FollowUpStretch:
    """The recommendations that the filters leave; raises `Invalid` for a place that is not in the list.

    The text comes from the public record, where what was left out is left out here too.
    """
    if not 1 <= amount <= LONGEST:
        raise Invalid({"aantal": [f"Kies een getal van 1 tot en met {LONGEST}."]})
    columns = select(
        Recommendation,
        Organisation.name,
        Organisation.tooi_uri,
        PublicRecord,
    ).options(undefer(PublicRecord.record))
    query = _published(work, columns, filters)
    if after is not None:
        query = query.where(Recommendation.id < _place_of(work, after))
    rows = work.session.execute(beyond_sight(query.order_by(Recommendation.id.desc()).limit(amount + 1))).all()
    visible = _visible(work, [row[0].id for row in rows])
    found = [_row(*row, visible=row[0].id in visible) for row in rows[:amount]]
    return FollowUpStretch(found, found[-1].number if len(rows) > amount else None)


def reactions_to_ruling(work: Work, number: str) -> dict[int, dict[str | None, int]]:
    """How often each reaction was given to each recommendation of a published ruling, by its place in the record."""
    columns = select(Recommendation.position, Recommendation.reaction, func.count()).select_from(Recommendation)
    query = _published(work, columns, FollowUpFilters(ruling=number))
    query = query.group_by(Recommendation.position, Recommendation.reaction)
    found: dict[int, dict[str | None, int]] = {}
    for position, reaction, count in work.session.execute(beyond_sight(query)):
        found.setdefault(position, {})[reaction] = count
    return found


def ruling_of(work: Work, ruling_id: int) -> PublicRecord | None:
    """The public record of the ruling that a recommendation comes from."""
    query = (
        select(PublicRecord)
        .join(Ruling, Ruling.number == PublicRecord.number)
        .where(Ruling.id == ruling_id, PublicRecord.current)
    )
    return work.session.scalars(query).first()


def precedent_of(work: Work, ruling_id: int) -> Precedent | None:
    """The precedent of the ruling that a recommendation comes from, if the actor may see it."""
    return work.session.scalars(select(Precedent).where(Precedent.ruling_id == ruling_id)).one_or_none()


def _published(work: Work, query: Statement, filters: FollowUpFilters) -> Statement:
    """Recommendations of rulings that everybody may read, to the organisations they address.

    What a precedent asks of who relies on it is no advice of the ruling, and would say whose case it settled.
    """
    query = (
        query.join(Ruling, Ruling.id == Recommendation.ruling_id)
        .join(PublicRecord, PublicRecord.number == Ruling.number)
        .join(Organisation, Organisation.id == Recommendation.organisation_id)
        .where(
            PublicRecord.current,
            PublicRecord.withdrawn_at.is_(None),
            Recommendation.case_id == Ruling.case_id,
            *(~condition for condition in _lapsed_conditions(work)),
        )
    )
    if filters.ruling is not None:
        query = query.where(Ruling.number == filters.ruling)
    if filters.year is not None:
        query = query.where(Ruling.year == filters.year)
    if filters.organisation is not None:
        query = query.where(
            or_(
                Organisation.tooi_uri == filters.organisation,
                func.lower(Organisation.name) == filters.organisation.lower(),
            )
        )
    return query


def _lapsed_conditions(work: Work) -> list[ColumnElement[bool]]:
    """Recommendations that ask nothing any more count nowhere."""
    kind = Recommendation.kind_name()
    return [
        and_(Recommendation.version == version, Recommendation.state.in_(lapsed_states(workflow)))
        for (name, version), workflow in work.workflows.items()
        if name == kind
    ]


def lapsed_states(workflow: Workflow) -> frozenset[str]:
    """The ends to which only the system brings a process: it lapsed because what it came from did."""
    ends = {slug for slug, state in workflow.states.items() if state.final}
    reached = {step.target for step in workflow.transitions if step.roles != {SYSTEM_ROLE}}
    return frozenset(ends - reached)


def _counts() -> list[ColumnElement[int]]:
    """For each reaction, and for none, how many."""
    reactions = [func.sum(case((Recommendation.reaction == reaction.value, 1), else_=0)) for reaction in Reaction]
    return [*reactions, func.sum(case((Recommendation.reaction.is_(None), 1), else_=0))]


def _totals(counts: Sequence[Any]) -> Totals:
    adopted, partly, declined, elsewhere, silent = (int(count or 0) for count in counts)
    return Totals(adopted, partly, declined + elsewhere, silent, elsewhere)


def _groups(work: Work, query: Statement, filters: FollowUpFilters, *, rest: str) -> list[Group]:
    rows = work.session.execute(beyond_sight(query.limit(GROUPS + 1))).all()
    groups = [Group(key, label, _totals(counts)) for key, label, *counts in rows[:GROUPS]]
    if len(rows) > GROUPS:
        groups.append(Group("", rest, _difference(follow_up_totals(work, filters), [row.totals for row in groups])))
    return groups


def _difference(whole: Totals, parts: Sequence[Totals]) -> Totals:
    shown = sum(parts, start=Totals())
    return Totals(
        whole.followed - shown.followed,
        whole.partly - shown.partly,
        whole.not_followed - shown.not_followed,
        whole.no_reaction - shown.no_reaction,
        whole.not_applicable - shown.not_applicable,
    )


def _place_of(work: Work, number: str) -> int:
    query = select(Recommendation.id).where(Recommendation.number == number)
    identity = work.session.scalar(beyond_sight(query))
    if identity is None:
        raise Invalid({"na": ["Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."]})
    return identity


def _visible(work: Work, ids: Sequence[int]) -> set[int]:
    """Of which of these the actor may open the page."""
    return set(work.session.scalars(select(Recommendation.id).where(Recommendation.id.in_(ids))))


def _row(
    recommendation: Recommendation, organisation: str, tooi_uri: str | None, public: PublicRecord, *, visible: bool
) -> FollowUp:
    return FollowUp(
        number=recommendation.number,
        version=recommendation.version,
        state=recommendation.state,
        ruling=public.number,
        title=public.title,
        text=_text(public.record, recommendation.position),
        organisation=organisation,
        tooi_uri=tooi_uri,
        reaction=recommendation.reaction,
        motivation=recommendation.motivation,
        planned_on=recommendation.planned_on,
        due=recommendation.due,
        visible=visible,
        demonstration=recommendation.demonstration,
    )


def _text(record: Mapping[str, Any], position: int) -> str:
    rows = record.get("aanbevelingen") or []
    return str(rows[position - 1]["tekst"]) if position <= len(rows) else ""
