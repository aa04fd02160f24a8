"""Whether bottlenecks are gone, as the organisations that reported them say: counts, and from when they are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.disclosure import LEAST

ASKED_AFTER = timedelta(weeks=8)
"""So long after a case was settled its reporters are asked; the domain leaves the number open, and eight weeks is the
term in which the work level settles a case (workflow 6.10)."""


class Gone(StrEnum):
    """What a reporting organisation answers."""

    YES = "ja"
    PARTLY = "deels"
    NO = "nee"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many organisations say that the bottleneck is gone, less than it was, or still there."""

    gone: int = 0
    partly: int = 0
    still: int = 0

    @property
    def asked(self) -> int:
        """Everybody who answered."""
        return self.gone + self.partly + self.still

    @property
    def tellable(self) -> bool:
        """So many answered that the number says nothing of one of them."""
        return self.asked >= LEAST


def counted(answers: Iterable[str]) -> Outcomes:
    """The answers, counted.

    >>> counted(["ja", "nee", "ja", "deels"])
    Outcomes(gone=2, partly=1, still=1)
    """
    given = [Gone(answer) for answer in answers]
    return Outcomes(given.count(Gone.YES), given.count(Gone.PARTLY), given.count(Gone.NO))
