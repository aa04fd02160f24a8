"""Following up as the public reads it: what was advised, what was followed, what not, and why not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import undefer

from app.db.organisation import Organisation
from app.db.publication import PublicRecord
from app.db.recommendation import Recommendation
from app.db.ruling import Ruling
from app.domain.calendar import Term, amsterdam_day, last_day
from app.domain.errors import Invalid
from app.domain.recommendation import (
    CLASSES,
    TAKEN_OVER,
    Carried,
    FollowUpClass,
    Reaction,
    Totals,
    class_of,
    confirmed_states,
    lapsed_states,
    reported_states,
    silent_states,
)
from app.domain.workflow import Workflow
from app.services.work import Work, beyond_sight

Statement = Select[*tuple[Any, ...]]
STRETCH, LONGEST = 25, 100
GROUPS, ALL_GROUPS = 10, 1000
"""So many rulings or organisations are shown by name; the rest is one line, so that the numbers add up."""


@dataclass(frozen=True, slots=True)
class FollowUpFilters:
    """What the follow-up is narrowed to; the year is that of the ruling."""

    ruling: str | None = None
    organisation: str | None = None
    year: int | None = None
    outcome: FollowUpClass | None = None
    carried: Carried | None = None


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
    carried: Carried | None = None
    silence_established: bool = False
    reacted_on: date | None = None
    reported_on: date | None = None
    confirmed_on: date | None = None
    evidence: str | None = None

    @property
    def outcome(self) -> FollowUpClass:
        """The class in which it counts."""
        return class_of(self.reaction)


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


def follow_up_lapsed(work: Work, filters: FollowUpFilters) -> int:
    """How many lapsed before there was an answer; these are in no total, so the page tells how many they are."""
    query = of_rulings(select(func.count()).select_from(Recommendation))
    query = query.where(PublicRecord.withdrawn_at.is_(None), _lapsed_unanswered(work))
    return int(work.session.scalar(beyond_sight(_narrowed(work, query, filters))) or 0)


def follow_up_carried(work: Work, filters: FollowUpFilters) -> dict[Carried, int]:
    """Of what was taken over, wholly or in part: how much is promised, reported and seen; together all of it."""
    conditions = _carried_conditions(work)
    counts = [func.sum(case((conditions[one], 1), else_=0)) for one in Carried]
    row = work.session.execute(beyond_sight(_published(work, select(*counts).select_from(Recommendation), filters)))
    return {one: int(count or 0) for one, count in zip(Carried, row.one(), strict=True)}


def follow_up_by_ruling(work: Work, filters: FollowUpFilters, *, most: int = GROUPS) -> list[Group]:
    """The totals for each of the newest rulings, and of the rest together."""
    query = (
        _published(
            work, select(PublicRecord.number, PublicRecord.title, *_counts()).select_from(Recommendation), filters
        )
        .group_by(PublicRecord.number, PublicRecord.title, PublicRecord.adopted_on, PublicRecord.id)
        .order_by(PublicRecord.adopted_on.desc(), PublicRecord.id.desc())
    )
    return _groups(work, query, filters, rest="Andere uitspraken", most=most)


def follow_up_by_organisation(work: Work, filters: FollowUpFilters, *, most: int = GROUPS) -> list[Group]:
    """The totals for the organisations to which most was advised, and of the rest together."""
    key = func.coalesce(Organisation.tooi_uri, Organisation.name)
    query = (
        _published(work, select(key, Organisation.name, *_counts()).select_from(Recommendation), filters)
        .group_by(Organisation.id, key, Organisation.name)
        .order_by(func.count().desc(), Organisation.name)
    )
    return _groups(work, query, filters, rest="Andere organisaties", most=most)


def follow_up_years(work: Work) -> list[int]:
    """The years in which there were rulings with recommendations, newest first."""
    query = _published(work, select(Ruling.year).select_from(Recommendation), FollowUpFilters())
    rows = work.session.execute(beyond_sight(query.distinct().order_by(Ruling.year.desc())))
    return [year for (year,) in rows if year is not None]


def reaction_days(work: Work, filters: FollowUpFilters) -> list[tuple[date, date | None, date | None]]:
    """For each recommendation that the filters leave: when it was sent, answered, and the last day to answer.

    The term of a later state is another one, so after an answer or established silence the last day to answer is
    reckoned from the first state.
    """
    columns = select(
        Recommendation.version,
        Recommendation.state,
        Recommendation.opened_at,
        Recommendation.reacted_on,
        Recommendation.due,
    )
    rows = work.session.execute(beyond_sight(_published(work, columns.select_from(Recommendation), filters)))
    return [_days(work, *row) for row in rows]


def follow_up_addressees(work: Work) -> list[tuple[str, str]]:
    """The organisations to which something was recommended, to choose from: key and name."""
    key = func.coalesce(Organisation.tooi_uri, Organisation.name)
    query = _published(work, select(key, Organisation.name).select_from(Recommendation), FollowUpFilters())
    rows = work.session.execute(beyond_sight(query.distinct().order_by(Organisation.name)))
    return [(found, name) for found, name in rows]


def whole_follow_up(work: Work, filters: FollowUpFilters) -> Iterator[FollowUp]:
    """Every recommendation that the filters leave, read a stretch at a time: for an export."""
    after = None
    while True:
        stretch = follow_up(work, filters, after=after, amount=LONGEST)
        yield from stretch.rows
        if stretch.following is None:
            return
        after = stretch.following


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
    visible = visible_among(work, [row[0].id for row in rows])
    found = [follow_up_row(work, *row, visible=row[0].id in visible) for row in rows[:amount]]
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


def _published(work: Work, query: Statement, filters: FollowUpFilters) -> Statement:
    """Recommendations of rulings that everybody may read, to the organisations they address.

    What a precedent asks of who relies on it is no advice of the ruling, and would say whose case it settled.
    """
    query = of_rulings(query).where(PublicRecord.withdrawn_at.is_(None), ~_lapsed_unanswered(work))
    return _narrowed(work, query, filters)


def _lapsed_unanswered(work: Work) -> ColumnElement[bool]:
    """The ruling stopped standing before the organisation answered: nobody waits for an answer any more."""
    return and_(_in_states(work, lapsed_states), Recommendation.reaction.is_(None))


def _narrowed(work: Work, query: Statement, filters: FollowUpFilters) -> Statement:
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
    if filters.outcome is not None:
        query = query.where(_reacted(CLASSES[filters.outcome]))
    if filters.carried is not None:
        query = query.where(_carried_conditions(work)[filters.carried])
    return query


def of_rulings(query: Statement) -> Statement:
    """Recommendations with the ruling that made them, its current public record, and whom they address."""
    return (
        query.join(Ruling, Ruling.id == Recommendation.ruling_id)
        .join(PublicRecord, PublicRecord.number == Ruling.number)
        .join(Organisation, Organisation.id == Recommendation.organisation_id)
        .where(PublicRecord.current, Recommendation.case_id == Ruling.case_id)
    )


def _reacted(reactions: Sequence[Reaction | None]) -> ColumnElement[bool]:
    given = [reaction.value for reaction in reactions if reaction is not None]
    silent = Recommendation.reaction.is_(None)
    return or_(Recommendation.reaction.in_(given), silent) if None in reactions else Recommendation.reaction.in_(given)


def _carried_conditions(work: Work) -> dict[Carried, ColumnElement[bool]]:
    """How far what was taken over is; of each exactly one of the three holds."""
    taken_over = Recommendation.reaction.in_(sorted(TAKEN_OVER))
    reported, confirmed = _in_states(work, reported_states), _in_states(work, confirmed_states)
    return {
        Carried.PROMISED: and_(taken_over, ~reported, ~confirmed),
        Carried.REPORTED: and_(taken_over, reported),
        Carried.CONFIRMED: and_(taken_over, confirmed),
    }


def _in_states(work: Work, states: Callable[[Workflow], frozenset[str]]) -> ColumnElement[bool]:
    """The recommendation stands in one of these states of its own version."""
    kind = Recommendation.kind_name()
    return or_(
        false(),
        *(
            and_(Recommendation.version == version, Recommendation.state.in_(states(workflow)))
            for (name, version), workflow in work.workflows.items()
            if name == kind
        ),
    )


def _counts() -> list[ColumnElement[int]]:
    """For each reaction, and for none, how many."""
    reactions = [func.sum(case((Recommendation.reaction == reaction.value, 1), else_=0)) for reaction in Reaction]
    return [*reactions, func.sum(case((Recommendation.reaction.is_(None), 1), else_=0))]


def _totals(counts: Sequence[Any]) -> Totals:
    adopted, partly, declined, elsewhere, silent = (int(count or 0) for count in counts)
    return Totals(adopted, partly, declined + elsewhere, silent, elsewhere)


def _groups(work: Work, query: Statement, filters: FollowUpFilters, *, rest: str, most: int) -> list[Group]:
    rows = work.session.execute(beyond_sight(query.limit(most + 1))).all()
    groups = [Group(key, label, _totals(counts)) for key, label, *counts in rows[:most]]
    if len(rows) > most:
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


def visible_among(work: Work, ids: Sequence[int]) -> set[int]:
    """Of which of these the actor may open the page."""
    return set(work.session.scalars(select(Recommendation.id).where(Recommendation.id.in_(ids))))


def _days(
    work: Work, version: int, state: str, opened_at: datetime, reacted_on: date | None, due: date | None
) -> tuple[date, date | None, date | None]:
    sent = amsterdam_day(opened_at)
    workflow = work.workflows[Recommendation.kind_name(), version]
    term = workflow.states[workflow.initial].term
    if term is not None and (reacted_on is not None or state in silent_states(workflow)):
        due = last_day(sent, Term.parse(term))
    return sent, reacted_on, due


def _carried(workflow: Workflow, recommendation: Recommendation) -> Carried | None:
    if recommendation.reaction not in TAKEN_OVER:
        return None
    if recommendation.state in confirmed_states(workflow):
        return Carried.CONFIRMED
    return Carried.REPORTED if recommendation.state in reported_states(workflow) else Carried.PROMISED


def follow_up_row(
    work: Work,
    recommendation: Recommendation,
    organisation: str,
    tooi_uri: str | None,
    public: PublicRecord,
    *,
    visible: bool,
) -> FollowUp:
    workflow = work.workflows[recommendation.kind, recommendation.version]
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
        carried=_carried(workflow, recommendation),
        silence_established=recommendation.state in silent_states(workflow),
        reacted_on=recommendation.reacted_on,
        reported_on=recommendation.reported_on,
        confirmed_on=recommendation.confirmed_on,
        evidence=recommendation.evidence,
    )


def _text(record: Mapping[str, Any], position: int) -> str:
    return str(advice_in(record, position).get("tekst") or "")


def advice_in(record: Mapping[str, Any], position: int) -> Mapping[str, Any]:
    """One recommendation as the public record has it; nothing where it has none at this place."""
    rows = record.get("aanbevelingen") or []
    return rows[position - 1] if 0 < position <= len(rows) else {}
