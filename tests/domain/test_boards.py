"""Every board of up to seven members, under every rule, against a reckoning of its own: no difference.

The reckoning below imports nothing of ours: it is written from the law and from what was decided about it, seat by
seat and with fractions, the way somebody with pencil and paper would.
"""

from fractions import Fraction
from itertools import product

import pytest

from app.domain.meeting import OnTie, Outcome, Quorum, Rules, Stand, Tie, count, settled

STANDS = ("voor", "tegen", "onthouding", "afwezig", "verschoond")
QUORUMS = ("helft", "meer_dan_helft", "twee_derde")
TIES = ("voorzitter", "verworpen", "aanhouden")
MOST_MEMBERS = 7
RULES = [(part, counted, tie) for part in QUORUMS for counted in (True, False) for tie in TIES]
AT_ONCE = (False, False, False)
TIMES = [
    (held_over, undelayable, written)
    for held_over in (False, True)
    for undelayable in (False, True)
    for written in (False, True)
]


def reckoned(board, part, excused_count, on_tie, held_over, undelayable, written):
    """What this board decides; seat 0 is the chair, seat 1 the deputy chair."""
    if not may_decide(board, part, excused_count) or (written and "tegen" in board):
        return "none"
    if "voor" not in board and "tegen" not in board:
        return "none"
    balance = sum(+1 if stand == "voor" else -1 for stand in board if stand in ("voor", "tegen"))
    if balance != 0:
        return "adopted" if balance > 0 else "rejected"
    if on_tie == "verworpen":
        return "rejected"
    waits = "afwezig" in board and not held_over and not undelayable
    return "tie" if on_tie == "aanhouden" or waits else said_by_who_presides(board)


def may_decide(board, part, excused_count):
    """Somebody is there, and they are large enough a part of the members."""
    members = [stand for stand in board if excused_count or stand != "verschoond"]
    there = [stand for stand in board if stand in ("voor", "tegen", "onthouding")]
    if not there:
        return False
    share = Fraction(len(there), len(members))
    reached = {
        "helft": share >= Fraction(1, 2),
        "meer_dan_helft": share > Fraction(1, 2),
        "twee_derde": share >= Fraction(2, 3),
    }
    return reached[part]


def said_by_who_presides(board):
    """The vote of the chair, else that of the deputy chair, else nothing."""
    for decisive in board[:2]:
        if decisive in ("voor", "tegen"):
            return "adopted" if decisive == "voor" else "rejected"
    return "tie"


def boards():
    for members in range(1, MOST_MEMBERS + 1):
        yield from product(STANDS, repeat=members)


def alike(board):
    """The board with its other seats in order; who sits on those is the same to every rule."""
    return (*board[:2], *sorted(board[2:]))


def test_the_words_of_the_reckoning_are_those_of_the_rules():
    assert set(STANDS) == set(Stand) - {Stand.SILENT}
    assert set(QUORUMS) == set(Quorum)
    assert set(TIES) == set(OnTie)


def test_every_board_decides_by_the_kaderwet_what_a_second_reckoning_says():
    differences = [
        board
        for board in boards()
        if decided(board, Rules(), *AT_ONCE) != reckoned(board, "helft", True, "voorzitter", *AT_ONCE)
    ]

    assert differences == []
    assert sum(1 for _ in boards()) == 97_655


@pytest.mark.parametrize(("part", "excused_count", "on_tie"), RULES)
def test_every_board_decides_by_other_rules_what_a_second_reckoning_says(kinds, part, excused_count, on_tie):
    rules = Rules(quorum=part, excused_count=excused_count, tie=on_tie)

    differences = [
        (board, times)
        for board in kinds
        for times in TIMES
        if decided(board, rules, *times) != reckoned(board, part, excused_count, on_tie, *times)
    ]

    assert differences == []


@pytest.fixture(scope="module")
def kinds():
    """One of each kind of board: 97,655 come to 6,305."""
    return sorted({alike(board) for board in boards()})


def decided(board, rules, held_over, undelayable, written):
    """What the application decides: it counts at the closing, and decides by what it kept of that."""
    chair, deputy = (*board[:2], None)[:2]
    counted = count(
        rules,
        board,
        chair=chair,
        deputy=deputy,
        held_over=held_over,
        undelayable=undelayable,
        written=written,
    )
    kept = Tie(held_over, undelayable, counted.tie.members_complete, counted.tie.chair, counted.tie.deputy)
    later = settled(counted.tally, kept, rules, quorum=counted.quorum, written=written)
    assert later is counted.outcome
    assert later in Outcome
    return later.value
