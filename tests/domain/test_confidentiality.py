"""The order of confidentiality, against the list that people choose from."""

import tomllib
from itertools import product
from pathlib import Path

from app.domain.access import CLOSED_WITHIN, KNOWN_TO_OFFICIALS
from app.domain.confidentiality import LEVELS, at_least

LIST = Path(__file__).parents[2] / "workflows" / "lists" / "vertrouwelijkheid.toml"


def test_the_levels_are_those_of_the_list_from_open_to_most_secret():
    assert tuple(tomllib.loads(LIST.read_text("utf-8"))["values"]) == LEVELS


def test_a_level_is_at_least_itself_and_all_below_it():
    for level, other in product(LEVELS, repeat=2):
        assert at_least(level, other) == (LEVELS.index(level) >= LEVELS.index(other))


def test_what_officials_know_is_the_open_end_and_what_stays_within_is_the_other():
    assert frozenset(LEVELS[:2]) == KNOWN_TO_OFFICIALS
    assert frozenset(LEVELS[4:]) == CLOSED_WITHIN
