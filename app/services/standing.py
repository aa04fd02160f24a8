"""What each precedent is worth, computed again from citations and journals, and compared with what is kept."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.db.precedent import Precedent
from app.db.process import Event, Process
from app.db.ruling import Citation, Ruling
from app.domain.access import SYSTEM_ROLE
from app.domain.precedent import ENDS, Happening, Relation, Standing, Step, follows_from, standing
from app.domain.workflow import Workflow
from app.services.work import Work, beyond_sight

# What a step did, by its effect; an end says by its state which of the two it is.
HAPPENINGS: Mapping[str, Happening | None] = {
    "put_in_force": Happening.PUBLISHED,
    "add_nuance": Happening.NUANCED,
    "lift_nuance": Happening.NUANCE_LIFTED,
    "lift_one_nuance": Happening.NUANCE_LIFTED,
    "end_force": None,
}
ENDING = {worth: happening for happening, worth in ENDS.items()}


class Difference(NamedTuple):
    """A precedent whose status is not what follows from what happened to it."""

    number: str
    kept: str
    computed: str


class _Dated(NamedTuple):
    """Something that happened, and when; a lift that names no ruling lifts all."""

    at: datetime
    step: Step


def differences(work: Work) -> Sequence[Difference]:
    """Every precedent whose kept status differs from the computed one, oldest first."""
    computed = recomputed(work)
    query = select(Precedent.number, Precedent.version, Precedent.state).order_by(Precedent.id)
    found = []
    for number, version, state in work.session.execute(beyond_sight(query)):
        workflow = work.workflows[Precedent.kind_name(), version]
        worth = computed[number]
        if worth_of(workflow, state) is not worth:
            label = next(one.label for slug, one in workflow.states.items() if worth_of(workflow, slug) is worth)
            found.append(Difference(number, workflow.states[state].label, label))
    return found


def standing_faults(work: Work) -> list[str]:
    """Each difference as a sentence, for who verifies an installation."""
    return [
        f"{one.number} staat op {one.kept}, maar uit de verwijzingen en het verloop volgt {one.computed}."
        for one in differences(work)
    ]


def recomputed(work: Work) -> Mapping[str, Standing]:
    """By number what each precedent is worth, from the citations of adopted rulings and what people did.

    What the system did because of a citation is left out: it is what has to follow. When a precedent ended is known
    first, since what its ruling says of others holds for as long as it stands itself.
    """
    told, citing = _told(work), _citations(work)
    numbers = work.session.scalars(beyond_sight(select(Precedent.number))).all()
    happened = {number: [*told[number], *citing[number]] for number in numbers}
    ends = {number: _ended_at(steps) for number, steps in happened.items()}
    found: dict[str, Standing] = {}
    for number, steps in happened.items():
        nuancing = {one.step.by for one in steps if one.step.happening is Happening.NUANCED} - {number}
        lifted = [_Dated(ended, Step(Happening.NUANCE_LIFTED, by)) for by in nuancing if (ended := ends.get(by))]
        found[number] = standing(_spelled_out(sorted([*steps, *lifted], key=lambda one: one.at)))
    return found


def worth_of(workflow: Workflow, state: str) -> Standing:
    """What a state means: the definition has the same five in the same order as the rules."""
    return dict(zip(workflow.states, Standing, strict=True))[state]


def _spelled_out(happened: Sequence[_Dated]) -> Iterator[Step]:
    """The steps, with for a lift of all nuances one for each that stood."""
    known: set[str] = set()
    for _, step in happened:
        if step.happening is Happening.NUANCED:
            known.add(step.by)
        if step.happening is Happening.NUANCE_LIFTED and not step.by:
            yield from (Step(Happening.NUANCE_LIFTED, by) for by in sorted(known))
        else:
            yield step


def _ended_at(happened: Sequence[_Dated]) -> datetime | None:
    """When it stopped being worth anything: at its end, or at its publication when that came after."""
    ended = [one.at for one in happened if one.step.happening in ENDS]
    published = [one.at for one in happened if one.step.happening is Happening.PUBLISHED]
    return max(min(ended), *published) if ended and published else None


def _told(work: Work) -> defaultdict[str, list[_Dated]]:
    """What the journals of the precedents say that people did to them, and that they were published."""
    query = (
        select(Process.number, Event)
        .join(Process, Process.id == Event.process_id)
        .where(Process.kind == Precedent.kind_name(), ~Event.half)
        .order_by(Event.process_id, Event.sequence)
    )
    found: defaultdict[str, list[_Dated]] = defaultdict(list)
    for number, event in work.session.execute(beyond_sight(query)):
        happening = _happening(work.workflows[Precedent.kind_name(), event.version], event)
        if happening is Happening.PUBLISHED or (happening is not None and event.role != SYSTEM_ROLE):
            found[number].append(_Dated(event.at, Step(happening, event.answers.get("ruling") or "")))
    return found


def _happening(workflow: Workflow, event: Event) -> Happening | None:
    transition = workflow.transition(event.action, event.source) if event.source else None
    effect = next((one for one in transition.effects if one in HAPPENINGS), None) if transition else None
    if effect is None:
        return None
    return HAPPENINGS[effect] or ENDING[worth_of(workflow, event.target)]


def _citations(work: Work) -> defaultdict[str, list[_Dated]]:
    """What adopted rulings do to what they cite."""
    query = (
        select(Precedent.number, Citation, Ruling.number, Ruling.adopted_at)
        .join(Precedent, Precedent.id == Citation.precedent_id)
        .join(Ruling, Ruling.id == Citation.ruling_id)
        .where(Ruling.adopted_at.is_not(None))
        .order_by(Ruling.adopted_at, Citation.id)
    )
    found: defaultdict[str, list[_Dated]] = defaultdict(list)
    for number, citation, by, at in work.session.execute(beyond_sight(query)):
        happening = follows_from(Relation(citation.relation), part=citation.part or "", general=citation.general)
        if happening is not None and at is not None and by is not None:
            found[number].append(_Dated(at, Step(happening, by)))
    return found
