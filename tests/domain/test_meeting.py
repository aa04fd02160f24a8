import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.meeting import OnTie, Outcome, Quorum, Rules, Tally, Tie, count, decision, is_quorate, quorum, settled

LENIENT = Rules(excused_count=False)
COUNTS = st.integers(0, 30)
VOTES = st.sampled_from([True, False, None])


@pytest.mark.parametrize(("members", "needed"), [(1, 1), (2, 1), (3, 2), (9, 5), (10, 5), (11, 6), (15, 8)])
def test_half_of_the_members_rounded_up_is_a_quorum(members, needed):
    assert quorum(members) == needed
    assert is_quorate(present=needed, in_office=members)
    assert not is_quorate(present=needed - 1, in_office=members)


def test_nobody_is_never_a_quorum():
    assert not is_quorate(present=0, in_office=0)
    assert not is_quorate(LENIENT, present=0, in_office=4, excused=4)


def test_by_the_strict_reading_an_excused_member_still_counts_among_the_members():
    assert not is_quorate(present=4, in_office=10, excused=3)
    assert is_quorate(LENIENT, present=4, in_office=10, excused=3)


@pytest.mark.parametrize(
    ("part", "members", "needed"),
    [
        (Quorum.HALF, 7, 4),
        (Quorum.MORE_THAN_HALF, 7, 4),
        (Quorum.MORE_THAN_HALF, 8, 5),
        (Quorum.TWO_THIRDS, 8, 6),
        (Quorum.TWO_THIRDS, 9, 6),
    ],
)
def test_the_rules_of_procedure_say_which_part_of_the_members_is_a_quorum(part, members, needed):
    assert quorum(members, part) == needed


@given(present=COUNTS, in_office=COUNTS, excused=COUNTS)
def test_the_lenient_reading_never_asks_more_than_the_strict_one(present, in_office, excused):
    strict = is_quorate(present=present, in_office=in_office, excused=excused)
    lenient = is_quorate(LENIENT, present=present, in_office=in_office, excused=excused)

    assert lenient or not strict


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(5, 4), Outcome.ADOPTED),
        (Tally(1, 0, 9), Outcome.ADOPTED),
        (Tally(4, 5), Outcome.REJECTED),
        (Tally(0, 1, 9), Outcome.REJECTED),
        (Tally(3, 3, 1), Outcome.TIE),
        (Tally(0, 0, 7), Outcome.NONE),
        (Tally(0, 0), Outcome.NONE),
    ],
)
def test_the_majority_is_of_the_votes_cast(tally, expected):
    assert tally.outcome is expected
    assert decision(tally, Tie()) is expected


def test_an_abstention_takes_part():
    assert Tally(3, 2, 4).taking_part == 9


@given(in_favour=COUNTS, against=COUNTS, abstained=COUNTS, chair=VOTES, deputy=VOTES, first=st.booleans())
def test_the_chair_decides_nothing_but_a_tie(in_favour, against, abstained, chair, deputy, first):
    tally = Tally(in_favour, against, abstained)
    settled = decision(tally, Tie(held_over=not first, chair=chair, deputy=deputy))

    assert settled is tally.outcome or tally.outcome is Outcome.TIE


def test_a_first_tie_is_held_over_whatever_the_chair_voted():
    assert decision(Tally(4, 4), Tie(chair=True)) is Outcome.TIE


@pytest.mark.parametrize("reason", ["held_over", "undelayable", "members_complete"])
@pytest.mark.parametrize(("chair", "expected"), [(True, Outcome.ADOPTED), (False, Outcome.REJECTED)])
def test_the_vote_of_the_chair_decides_a_tie_that_cannot_be_held_over(reason, chair, expected):
    assert decision(Tally(4, 4), Tie(**{reason: True}, chair=chair, deputy=not chair)) is expected


def test_the_deputy_decides_when_the_chair_abstained_or_is_excused():
    assert decision(Tally(4, 4), Tie(held_over=True, chair=None, deputy=True)) is Outcome.ADOPTED


def test_a_tie_that_nobody_can_decide_is_held_over_again():
    assert decision(Tally(4, 4), Tie(held_over=True)) is Outcome.TIE


def test_a_tie_is_what_the_rules_of_procedure_say_it_is():
    tie = Tie(held_over=True, chair=True)

    assert decision(Tally(4, 4), tie) is Outcome.ADOPTED
    assert decision(Tally(4, 4), tie, Rules(tie=OnTie.REJECTED)) is Outcome.REJECTED
    assert decision(Tally(4, 4), tie, Rules(tie=OnTie.HELD_OVER)) is Outcome.TIE


def test_without_a_quorum_nothing_is_decided():
    assert settled(Tally(5, 0), Tie(), quorum=False) is Outcome.NONE


def test_in_writing_one_vote_against_is_enough_to_decide_nothing():
    assert settled(Tally(8, 0, 1), Tie(), quorum=True, written=True) is Outcome.ADOPTED
    assert settled(Tally(8, 1), Tie(), quorum=True, written=True) is Outcome.NONE
    assert settled(Tally(8, 1), Tie(), quorum=True) is Outcome.ADOPTED


def test_the_vote_of_the_chair_is_known_only_where_it_decides():
    seats = ["tegen", "voor", "voor", "tegen", "afwezig"]

    assert count(Rules(), seats, chair="tegen").tie.chair is None
    assert count(Rules(), seats, chair="tegen", held_over=True).tie.chair is False
    assert count(Rules(tie=OnTie.REJECTED), seats, chair="tegen", held_over=True).tie.chair is None
    assert count(Rules(), [*seats, "voor"], chair="tegen", held_over=True).tie.chair is None


def test_the_vote_of_the_deputy_chair_is_known_only_where_the_chair_has_none():
    seats = ["onthouding", "voor", "tegen"]

    assert count(Rules(), seats, chair="onthouding", deputy="voor").tie[-2:] == (None, True)
    assert count(Rules(), ["tegen", "voor"], chair="tegen", deputy="voor").tie[-2:] == (False, None)


def test_who_left_before_the_closing_is_missing_from_the_quorum_and_not_from_the_count():
    seats = ["voor", "voor", "tegen", "afwezig", "afwezig"]

    assert count(Rules(), seats).quorum
    assert not count(Rules(), seats, present=2).quorum
    assert count(Rules(), seats, present=2).tally == Tally(2, 1)


def test_in_writing_only_who_took_part_counts_for_the_quorum():
    seats = ["voor", "niet_gestemd", "niet_gestemd"]

    assert count(Rules(), seats).quorum
    assert not count(Rules(), seats, written=True).quorum
