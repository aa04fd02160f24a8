"""What was advised, what was followed, what in part, what not: counts that add up."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Self


class Reaction(StrEnum):
    """What an organisation answers to a recommendation."""

    ADOPTED = "overgenomen"
    PARTLY = "deels_overgenomen"
    NOT = "niet_overgenomen"
    NOT_APPLICABLE = "niet_van_toepassing"


@dataclass(frozen=True, slots=True)
class Totals:
    """Recommendations by what became of them; each is in one of the four classes, and together they are `advised`.

    "Niet van toepassing" is an answer with a reason and an advice that is not followed; `not_applicable` says how
    many of `not_followed` those are. Who has not answered yet counts as no reaction, also while the term runs. A
    recommendation that lapsed with its precedent asks for nothing any more: the caller leaves it out.
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
    counts = (of.followed, of.partly, of.not_followed, of.no_reaction)
    if of.advised == 0:
        return (0, 0, 0, 0)
    whole = [100 * count // of.advised for count in counts]
    by_remainder = sorted(range(4), key=lambda place: -(100 * counts[place] % of.advised))
    for place in by_remainder[: 100 - sum(whole)]:
        whole[place] += 1
    return (whole[0], whole[1], whole[2], whole[3])
