"""One recommendation to one organisation, as everybody may know it, and what it comes from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Event
from app.db.publication import PublicRecord
from app.db.recommendation import Recommendation
from app.db.ruling import Ruling
from app.domain.calendar import amsterdam_day
from app.domain.errors import NotVisible
from app.services.follow_up import FollowUp, advice_in, follow_up_row, of_rulings, visible_among
from app.services.work import Work, beyond_sight


class Moment(NamedTuple):
    """Something that happened to a recommendation, as everybody may know it: what, and on which day."""

    label: str
    on: date


@dataclass(frozen=True, slots=True)
class PublicReaction:
    """One recommendation to one organisation as everybody may read it.

    When the ruling is not public any more, `row` is None and nothing is told but the numbers.
    """

    number: str
    public: PublicRecord
    row: FollowUp | None
    responsible: str | None = None
    indicator: str | None = None
    cost: str | None = None
    history: Sequence[Moment] = ()


def public_reaction(work: Work, number: str) -> PublicReaction:
    """What everybody may know of one recommendation; `NotVisible` when its ruling was never published."""
    columns = select(Recommendation, Organisation.name, Organisation.tooi_uri, PublicRecord)
    query = of_rulings(columns.options(undefer(PublicRecord.record))).where(Recommendation.number == number)
    found = work.session.execute(beyond_sight(query)).one_or_none()
    if found is None:
        raise NotVisible(number)
    recommendation, _, _, public = found
    if public.withdrawn_at is not None:
        return PublicReaction(number, public, None)
    visible = bool(visible_among(work, [recommendation.id]))
    return PublicReaction(
        number,
        public,
        follow_up_row(work, *found, visible=visible),
        **_own_words(work, recommendation, public),
        history=_history(work, recommendation),
    )


def ruling_of(work: Work, ruling_id: int) -> PublicRecord | None:
    """The public record of the ruling that a recommendation comes from."""
    query = (
        select(PublicRecord)
        .join(Ruling, Ruling.number == PublicRecord.number)
        .where(Ruling.id == ruling_id, PublicRecord.current)
    )
    return work.session.scalars(query).first()


def is_public(work: Work, recommendation: Recommendation) -> bool:
    """Has it a page for everybody? What a precedent asks of who relies on it has none."""
    query = of_rulings(select(Recommendation.id).select_from(Recommendation)).where(
        Recommendation.id == recommendation.id
    )
    return work.session.scalar(beyond_sight(query)) is not None


def shown_to_everybody(work: Work, ids: Collection[int]) -> set[int]:
    """Of these recommendations those of which everybody may read what came of them."""
    if not ids:
        return set()
    query = of_rulings(select(Recommendation.id).select_from(Recommendation)).where(
        Recommendation.id.in_(ids), PublicRecord.withdrawn_at.is_(None)
    )
    return set(work.session.scalars(beyond_sight(query)))


def precedent_of(work: Work, ruling_id: int) -> Precedent | None:
    """The precedent of the ruling that a recommendation comes from, if the actor may see it."""
    return work.session.scalars(select(Precedent).where(Precedent.ruling_id == ruling_id)).one_or_none()


def _own_words(work: Work, recommendation: Recommendation, public: PublicRecord) -> dict[str, str | None]:
    """Who does it, by what one will see it and what it costs, as the organisation answered.

    The record of the recommendation begins with the words of the ruling as they were adopted, in which passages may
    stand that were left out of the publication; so what the organisation did not say itself comes from the public one.
    """
    query = select(Event.action, Event.source, Event.version, Event.answers).where(
        Event.process_id == recommendation.id, ~Event.half
    )
    given: Mapping[str, Any] = {}
    for action, source, version, answers in work.session.execute(beyond_sight(query.order_by(Event.sequence))):
        step = work.workflows[recommendation.kind, version].transition(action, source) if source else None
        if step is not None and "record_reaction" in step.effects:
            given = answers
    row = advice_in(public.record, recommendation.position)
    cost = given.get("cost")
    return {
        "responsible": given.get("owner") or row.get("eigenaar"),
        "indicator": given.get("indicator") or row.get("indicator"),
        "cost": None if cost is None else str(cost),
    }


def _history(work: Work, recommendation: Recommendation) -> list[Moment]:
    """The steps of a recommendation and the progress that was told, oldest first, without what was said."""
    query = select(Event.action, Event.source, Event.target, Event.version, Event.at).where(
        Event.process_id == recommendation.id, ~Event.half
    )
    rows = work.session.execute(beyond_sight(query.order_by(Event.sequence))).all()
    found = []
    for action, source, target, version, at in rows:
        workflow = work.workflows[recommendation.kind, version]
        step = workflow.transition(action, source) if source is not None else None
        if source != target:
            found.append(Moment(workflow.states[target].label, amsterdam_day(at)))
        elif step is not None and "record_progress" in step.effects:
            found.append(Moment("Voortgang gemeld", amsterdam_day(at)))
    return found
