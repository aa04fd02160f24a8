"""Quorum, votes, and a tie: when the commission may decide and what it has decided.

After article 20 of the Kaderwet adviescolleges (BWBR0008159). Where that leaves room, the strict reading was taken.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain import dutch


class Outcome(StrEnum):
    """What a vote comes to."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    TIE = "tie"
    NONE = "none"


class Tally(NamedTuple):
    """The votes of one round. An abstention counts for the quorum, and is no vote cast."""

    in_favour: int
    against: int
    abstained: int = 0

    @property
    def outcome(self) -> Outcome:
        """Adopted by more for than against; without a vote cast there is no decision.

        >>> Tally(5, 3, 2).outcome.value, Tally(0, 0, 9).outcome.value
        ('adopted', 'none')
        """
        if self.in_favour == self.against:
            return Outcome.TIE if self.in_favour else Outcome.NONE
        return Outcome.ADOPTED if self.in_favour > self.against else Outcome.REJECTED

    @property
    def taking_part(self) -> int:
        """How many took part, also by abstaining."""
        return sum(self)


class Tie(NamedTuple):
    """What is known when the votes are equal.

    A vote is True for, False against, and None for who abstained, is excused or is absent.
    """

    held_over: bool = False
    undelayable: bool = False
    members_complete: bool = False
    chair: bool | None = None
    deputy: bool | None = None

    @property
    def is_for_the_chair(self) -> bool:
        """At a first tie the item is held over, unless it cannot wait or every member is there."""
        return self.held_over or self.undelayable or self.members_complete

    @property
    def outcome(self) -> Outcome:
        """The vote of the chair decides, else that of the deputy chair; else the item is held over.

        >>> Tie(held_over=True, chair=None, deputy=False).outcome.value
        'rejected'
        """
        decisive = self.deputy if self.chair is None else self.chair
        if not self.is_for_the_chair or decisive is None:
            return Outcome.TIE
        return Outcome.ADOPTED if decisive else Outcome.REJECTED


def quorum(members: int) -> int:
    """How many of so many members must be present: at least half of them, and somebody.

    >>> quorum(9), quorum(10), quorum(0)
    (5, 5, 1)
    """
    return max(1, -(-members // 2))


def is_quorate(*, present: int, in_office: int, excused: int = 0, excused_count: bool = True) -> bool:
    """Whether an item can be decided on.

    Who is excused from the item is not present for it. By the strict reading (`excused_count`) they still are members
    of whom half must be present; by the other reading they are left out on both sides.

    >>> is_quorate(present=4, in_office=10, excused=2)
    False
    >>> is_quorate(present=4, in_office=10, excused=2, excused_count=False)
    True
    """
    return present >= quorum(in_office if excused_count else in_office - excused)


def decision(tally: Tally, tie: Tie) -> Outcome:
    """What was decided, after the chair's vote where that is the one that counts."""
    return tie.outcome if tally.outcome is Outcome.TIE else tally.outcome


def title(body: str, held_on: date) -> str:
    """What a meeting of a body, by its code, is called.

    >>> title("ccg", date(2026, 11, 21))
    'Vergadering CCG 21 november 2026'
    """
    return f"Vergadering {body.upper()} {dutch.day(held_on)}"
