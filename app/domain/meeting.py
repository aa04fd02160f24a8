"""Quorum, votes, and a tie: when a body may decide and what it has decided.

After article 20 of the Kaderwet adviescolleges (BWBR0008159). Where that leaves room, the strict reading was taken, and
the rules of procedure of a body may choose another.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain import dutch


class Quorum(StrEnum):
    """Which part of the members has to be there; the words are those of the value list `quorumregel`."""

    HALF = "helft"
    MORE_THAN_HALF = "meer_dan_helft"
    TWO_THIRDS = "twee_derde"


class OnTie(StrEnum):
    """What comes of as many votes for as against; the words are those of the value list `stakenregel`."""

    CHAIR = "voorzitter"
    REJECTED = "verworpen"
    HELD_OVER = "aanhouden"


class Rules(NamedTuple):
    """The rules by which a body meets; the defaults are those of the Kaderwet, and of `domain/workflow.md` 6.10.

    `papers_days` and `note_days` are days, `written_days` working days (0: no written rounds), `note_length`
    characters.
    """

    quorum: str = Quorum.HALF
    excused_count: bool = True
    tie: str = OnTie.CHAIR
    papers_days: int = 7
    note_days: int = 7
    note_length: int = 6000
    written_days: int = 5
    names_in_result: bool = False


KADERWET = Rules()


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


def quorum(members: int, part: str = Quorum.HALF) -> int:
    """How many of so many members must be present: that part of them, and somebody.

    >>> quorum(9), quorum(10), quorum(0)
    (5, 5, 1)
    >>> quorum(10, Quorum.MORE_THAN_HALF), quorum(10, Quorum.TWO_THIRDS)
    (6, 7)
    """
    needed = {
        Quorum.HALF: -(-members // 2),
        Quorum.MORE_THAN_HALF: members // 2 + 1,
        Quorum.TWO_THIRDS: -(-2 * members // 3),
    }
    return max(1, needed[Quorum(part)])


def needed(rules: Rules, *, in_office: int, excused: int) -> int:
    """How many members must be present for an item from which so many are excused.

    >>> needed(KADERWET, in_office=10, excused=2), needed(Rules(excused_count=False), in_office=10, excused=2)
    (5, 4)
    """
    return quorum(in_office if rules.excused_count else in_office - excused, rules.quorum)


def is_quorate(rules: Rules = KADERWET, *, present: int, in_office: int, excused: int = 0) -> bool:
    """Whether an item can be decided on.

    Who is excused from the item is not present for it. By the strict reading (`excused_count`) they still are members
    of whom half must be present; by the other reading they are left out on both sides.

    >>> is_quorate(present=4, in_office=10, excused=2)
    False
    >>> is_quorate(Rules(excused_count=False), present=4, in_office=10, excused=2)
    True
    """
    return present >= needed(rules, in_office=in_office, excused=excused)


def decision(tally: Tally, tie: Tie, rules: Rules = KADERWET) -> Outcome:
    """What was decided, by the rules for a tie where there is one.

    >>> decision(Tally(2, 2), Tie(), Rules(tie=OnTie.REJECTED)).value
    'rejected'
    """
    if tally.outcome is not Outcome.TIE:
        return tally.outcome
    if rules.tie == OnTie.REJECTED:
        return Outcome.REJECTED
    return Outcome.TIE if rules.tie == OnTie.HELD_OVER else tie.outcome


def settled(tally: Tally, tie: Tie, rules: Rules = KADERWET, *, quorum: bool, written: bool = False) -> Outcome:
    """What a closed round decides: nothing without a quorum, and in writing nothing that somebody is against.

    >>> settled(Tally(4, 1), Tie(), quorum=True, written=True).value
    'none'
    """
    if not quorum or (written and tally.against):
        return Outcome.NONE
    return decision(tally, tie, rules)


class Stand(StrEnum):
    """How a seat stands when a round is closed; the first three are the words of the value list `stem`."""

    FOR = "voor"
    AGAINST = "tegen"
    ABSTAINED = "onthouding"
    SILENT = "niet_gestemd"
    ABSENT = "afwezig"
    EXCUSED = "verschoond"


VOTES = {Stand.FOR: True, Stand.AGAINST: False}
TOOK_PART = frozenset({Stand.FOR, Stand.AGAINST, Stand.ABSTAINED})


class Count(NamedTuple):
    """A round as it was counted: the votes, who had none, and what the rules ask to know beside them.

    `tie` holds the vote of the chair, or else of the deputy chair, only where it decides.
    """

    tally: Tally
    silent: int
    absent: int
    excused: int
    quorum: bool
    tie: Tie
    outcome: Outcome


def count(
    rules: Rules,
    seats: Sequence[str],
    *,
    chair: str | None = None,
    deputy: str | None = None,
    present: int | None = None,
    held_over: bool = False,
    undelayable: bool = False,
    written: bool = False,
) -> Count:
    """Count a round by how each seat stands; `chair` and `deputy` say how the seats of these two do.

    `present` is who is there now; without it that is who did not stay away. In writing nobody is there but who took
    part.

    >>> count(KADERWET, ["voor", "tegen", "afwezig"], chair="voor").outcome.value
    'tie'
    >>> count(KADERWET, ["voor", "tegen", "verschoond"], chair="voor").outcome.value
    'adopted'
    """
    number = {stand: seats.count(stand) for stand in Stand}
    tally = Tally(number[Stand.FOR], number[Stand.AGAINST], number[Stand.ABSTAINED])
    there = tally.taking_part if written else tally.taking_part + number[Stand.SILENT] if present is None else present
    excused = number[Stand.EXCUSED]
    quorate = is_quorate(rules, present=there, in_office=len(seats), excused=excused)
    tie = Tie(held_over, undelayable, members_complete=there >= len(seats) - excused)
    if quorate and not (written and tally.against) and decides_a_tie(tally, tie, rules):
        first = vote_of(chair)
        tie = tie._replace(chair=first, deputy=vote_of(deputy) if first is None else None)
    outcome = settled(tally, tie, rules, quorum=quorate, written=written)
    return Count(tally, number[Stand.SILENT], number[Stand.ABSENT], excused, quorate, tie, outcome)


def decides_a_tie(tally: Tally, tie: Tie, rules: Rules) -> bool:
    """Whether the rules leave these votes to the chair."""
    return tally.outcome is Outcome.TIE and rules.tie == OnTie.CHAIR and tie.is_for_the_chair


def vote_of(stand: str | None) -> bool | None:
    """For or against, or None for who did neither.

    >>> vote_of("tegen"), vote_of("onthouding"), vote_of(None)
    (False, None, None)
    """
    return VOTES.get(Stand(stand)) if stand is not None else None


def title(body: str, held_on: date) -> str:
    """What a meeting of a body, by its code, is called.

    >>> title("ccg", date(2026, 11, 21))
    'Vergadering CCG 21 november 2026'
    """
    return f"Vergadering {body.upper()} {dutch.day(held_on)}"
