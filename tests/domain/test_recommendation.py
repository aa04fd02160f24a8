"""What was advised and followed is counted so that it adds up."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.access import SYSTEM_ROLE
from app.domain.recommendation import (
    Reaction,
    Totals,
    confirmed_states,
    lapsed_states,
    percentages,
    reported_states,
    silent_states,
    totals,
)
from app.domain.workflow import State, Transition, Workflow

PEOPLE, SYSTEM = frozenset({"respondent"}), frozenset({SYSTEM_ROLE})
counts = st.dictionaries(st.sampled_from([*map(str, Reaction), None]), st.integers(0, 10_000))


def test_the_reactions_are_those_of_the_list():
    text = (Path(__file__).parents[2] / "workflows" / "lists" / "reactie.toml").read_text("utf-8")

    assert list(tomllib.loads(text)["values"]) == list(Reaction)


def test_each_reaction_is_in_one_class():
    counted = totals(
        {"overgenomen": 96, "deels_overgenomen": 24, "niet_overgenomen": 12, "niet_van_toepassing": 4, None: 24}
    )

    assert counted == Totals(followed=96, partly=24, not_followed=16, no_reaction=24, not_applicable=4)
    assert counted.advised == 160


def test_a_reaction_that_nobody_knows_is_not_counted_in_silence():
    with pytest.raises(ValueError, match="misschien"):
        totals({"misschien": 1})


@given(counts)
@settings(max_examples=50)
def test_the_classes_add_up_to_what_was_advised(counts):
    assert totals(counts).advised == sum(counts.values())


@given(counts, counts)
@settings(max_examples=50)
def test_the_totals_of_two_groups_add_up_to_the_total(one, other):
    together = {reaction: one.get(reaction, 0) + other.get(reaction, 0) for reaction in {*one, *other}}

    assert totals(one) + totals(other) == totals(together)


@given(counts)
@settings(max_examples=100)
def test_percentages_add_up_to_a_hundred_and_lie_next_to_the_truth(counts):
    counted = totals(counts)

    shares = percentages(counted)

    if counted.advised == 0:
        assert shares == (0, 0, 0, 0)
        return
    assert sum(shares) == 100
    true_shares = [
        100 * count / counted.advised
        for count in (counted.followed, counted.partly, counted.not_followed, counted.no_reaction)
    ]
    assert all(abs(share - true) < 1 for share, true in zip(shares, true_shares, strict=True))


def test_what_nobody_is_in_is_zero_percent():
    assert percentages(totals({"overgenomen": 2, "deels_overgenomen": 1})) == (67, 33, 0, 0)


def step(action, source, target, roles=PEOPLE, **rest):
    return Transition(action, action, (source,), roles, target, **rest)


def recommendation(*steps):
    """A workflow of these steps; what no step leaves is an end."""
    left = {source for one in steps for source in one.sources}
    slugs = left | {one.target for one in steps}
    states = {slug: State(slug, slug, final=slug not in left) for slug in slugs}
    return Workflow("aanbeveling", "Aanbeveling", 1, "uitgezet", states=states, transitions=steps)


def test_where_a_recommendation_stands_follows_from_what_the_steps_do():
    flow = recommendation(
        step("meld", "uitgezet", "gemeld", effects=("record_evidence",)),
        step("zie", "gemeld", "klaar"),
        step("zwijg", "uitgezet", "stil", roles=SYSTEM, guards=("reminded_twice",)),
        step("reageer", "stil", "uitgezet"),
        step("verval", "uitgezet", "vervallen", roles=SYSTEM),
    )

    assert reported_states(flow) == {"gemeld"}
    assert confirmed_states(flow) == {"klaar"}
    assert silent_states(flow) == {"stil"}
    assert lapsed_states(flow) == {"vervallen"}


def test_an_end_that_people_can_reach_too_is_not_a_lapse():
    flow = recommendation(step("sluit", "uitgezet", "vervallen"), step("verval", "uitgezet", "vervallen", roles=SYSTEM))

    assert lapsed_states(flow) == frozenset()
