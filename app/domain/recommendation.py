"""What was advised, what was followed, what in part, what not: counts that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Self

from app.domain.access import SYSTEM_ROLE
from app.domain.workflow import Workflow


class Reaction(StrEnum):
    """What an organisation answers to a recommendation."""

    ADOPTED = "overgenomen"
    PARTLY = "deels_overgenomen"
    NOT = "niet_overgenomen"
    NOT_APPLICABLE = "niet_van_toepassing"


TAKEN_OVER = frozenset({Reaction.ADOPTED, Reaction.PARTLY})
"""Who answers this promises to do it, wholly or in part."""


class FollowUpClass(StrEnum):
    """What became of a recommendation; each is in one class."""

    FOLLOWED = "opgevolgd"
    PARTLY = "deels"
    NOT = "niet"
    SILENT = "geen_reactie"


CLASSES: Mapping[FollowUpClass, tuple[Reaction | None, ...]] = {
    FollowUpClass.FOLLOWED: (Reaction.ADOPTED,),
    FollowUpClass.PARTLY: (Reaction.PARTLY,),
    FollowUpClass.NOT: (Reaction.NOT, Reaction.NOT_APPLICABLE),
    FollowUpClass.SILENT: (None,),
}
"""The reactions in each class; None is no reaction."""


def class_of(reaction: str | None) -> FollowUpClass:
    """The class that a reaction belongs to.

    >>> class_of("niet_van_toepassing"), class_of(None)
    (<FollowUpClass.NOT: 'niet'>, <FollowUpClass.SILENT: 'geen_reactie'>)
    """
    return next(found for found, reactions in CLASSES.items() if reaction in reactions)


class Carried(StrEnum):
    """How far what was taken over is: a promise, the word of the organisation, or seen by another organisation."""

    PROMISED = "toegezegd"
    REPORTED = "gemeld"
    CONFIRMED = "gecontroleerd"


@dataclass(frozen=True, slots=True)
class Totals:
    """Recommendations by what became of them; each is in one of the four classes, and together they are `advised`.

    "Niet van toepassing" is an answer with a reason and an advice that is not followed; `not_applicable` says how
    many of `not_followed` those are. Who has not answered yet counts as no reaction, also while the term runs. A
    recommendation that lapsed before anybody answered asks for nothing any more: the caller leaves it out.
    """

    followed: int = 0
    partly: int = 0
    not_followed: int = 0
    no_reaction: int = 0
    not_applicable: int = 0

    @property
    def advised(self) -> int:
        """All of them."""
        return self.followed + self.partly + self.not_followed + self.no_reaction

    def __add__(self, other: Self) -> "Totals":
        return Totals(*map(sum, zip(astuple(self), astuple(other), strict=True)))


def totals(counts: Mapping[str | None, int]) -> Totals:
    """The totals of how often each reaction was given; None stands for no reaction.

    >>> totals({"overgenomen": 3, "niet_van_toepassing": 1, None: 2})
    Totals(followed=3, partly=0, not_followed=1, no_reaction=2, not_applicable=1)
    """
    by_reaction = {Reaction(reaction): count for reaction, count in counts.items() if reaction is not None}
    not_applicable = by_reaction.get(Reaction.NOT_APPLICABLE, 0)
    return Totals(
        followed=by_reaction.get(Reaction.ADOPTED, 0),
        partly=by_reaction.get(Reaction.PARTLY, 0),
        not_followed=by_reaction.get(Reaction.NOT, 0) + not_applicable,
        no_reaction=counts.get(None, 0),
        not_applicable=not_applicable,
    )


def percentages(of: Totals) -> tuple[int, int, int, int]:
    """Followed, partly, not and no reaction in whole percents that add up to 100, or four zeroes without advice.

    What rounding down leaves over goes to the largest remainders, and between equals to the first.

    >>> percentages(Totals(followed=1, partly=1, not_followed=1))
    (34, 33, 33, 0)
    """
    followed, partly, declined, silent = shares((of.followed, of.partly, of.not_followed, of.no_reaction))
    return (followed, partly, declined, silent)


def shares(counts: Sequence[int]) -> tuple[int, ...]:
    """Parts of a whole in whole percents that add up to 100; of nothing they are zeroes.

    >>> shares((2, 1)), shares((0, 0))
    ((67, 33), (0, 0))
    """
    total = sum(counts)
    if total == 0:
        return tuple(0 for _ in counts)
    whole = [100 * count // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: -(100 * counts[place] % total))
    for place in by_remainder[: 100 - sum(whole)]:
        whole[place] += 1
    return tuple(whole)


# --- the states of a workflow, by what its steps do ------------------------------------------------------------------


def lapsed_states(workflow: Workflow) -> frozenset[str]:
    """The ends to which only the system brings a process: it lapsed because what it came from did."""
    ends = {slug for slug, state in workflow.states.items() if state.final}
    reached = {step.target for step in workflow.transitions if step.roles != {SYSTEM_ROLE}}
    return frozenset(ends - reached)


def reported_states(workflow: Workflow) -> frozenset[str]:
    """Where a recommendation stands when the organisation showed that it was done."""
    return frozenset(
        step.target for step in workflow.transitions if "record_evidence" in step.effects and step.target is not None
    )


def confirmed_states(workflow: Workflow) -> frozenset[str]:
    """Where a recommendation ends when somebody else saw that it was done."""
    reported = reported_states(workflow)
    return frozenset(
        step.target
        for step in workflow.transitions
        if step.target is not None
        and workflow.states[step.target].final
        and step.roles != {SYSTEM_ROLE}
        and not reported.isdisjoint(step.sources)
    )


def silent_states(workflow: Workflow) -> frozenset[str]:
    """Where a recommendation stands when the reminders brought no answer."""
    return frozenset(
        step.target for step in workflow.transitions if "reminded_twice" in step.guards and step.target is not None
    )
