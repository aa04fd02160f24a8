"""A line has one writing and one hash, and a chain shows where it was touched."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.journal import GENESIS, Link, canonical, line_hash, verify

values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text('aé"\n€', max_size=5)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.lists(st.integers(), max_size=2)
)
lines = st.lists(st.fixed_dictionaries({"answers": values, "reason": values}), min_size=2, max_size=4)


def chain(contents) -> list[Link]:
    links, previous = [], GENESIS
    for line in contents:
        links.append(Link(previous, line_hash(previous, line), line))
        previous = links[-1].hash
    return links


def test_the_order_of_names_does_not_matter():
    assert canonical({"b": 1, "a": [True, None]}) == canonical({"a": [True, None], "b": 1}) == '{"a":[true,null],"b":1}'


def test_letters_are_written_as_themselves_and_signs_as_json_writes_them():
    assert canonical({"naam": 'één "woord"\n'}) == '{"naam":"één \\"woord\\"\\n"}'


def test_an_instant_is_the_same_in_every_zone():
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)

    summer = noon.astimezone(timezone(timedelta(hours=2)))

    assert canonical(noon) == canonical(summer) == '"2026-07-01T12:00:00.000000Z"'


def test_a_day_is_a_day_and_an_enum_is_its_value():
    class Reaction(StrEnum):
        ADOPTED = "overgenomen"

    assert canonical([date(2026, 11, 21), Reaction.ADOPTED]) == '["2026-11-21","overgenomen"]'


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, b"bytes", {1: "een"}, {"a"}])
def test_what_has_no_certain_writing_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        canonical({"op": datetime(2026, 7, 1, 12)})  # noqa: DTZ001 - that is the fault


def test_the_hash_of_a_line_never_changes():
    line = {"sequence": 1, "action": "indienen", "at": datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "reason": "één"}

    assert line_hash(GENESIS, line) == "906aaf4267a2c56cecda1a4e57f1dc681966a71027913fb7daa3fbfba7c93767"


def test_an_empty_journal_has_no_break():
    assert verify([]) is None


@given(lines)
@settings(max_examples=30)
def test_an_untouched_chain_has_no_break(contents):
    assert verify(chain(contents)) is None


@given(lines, st.data())
@settings(max_examples=30)
def test_a_changed_line_is_the_first_break(contents, data):
    links = chain(contents)
    place = data.draw(st.integers(1, len(links)))
    touched = links[place - 1]

    links[place - 1] = touched._replace(line={**touched.line, "touched": True})

    assert verify(links) == place


@given(lines, st.data())
@settings(max_examples=30)
def test_a_line_that_is_changed_and_hashed_again_breaks_at_the_next(contents, data):
    links = chain(contents)
    place = data.draw(st.integers(1, len(links) - 1))
    forged = {**links[place - 1].line, "touched": True}

    links[place - 1] = Link(links[place - 1].previous_hash, line_hash(links[place - 1].previous_hash, forged), forged)

    assert verify(links) == place + 1


@given(lines, st.data())
@settings(max_examples=30)
def test_a_line_that_was_taken_out_is_missed(contents, data):
    links = chain(contents)
    place = data.draw(st.integers(1, len(links) - 1))

    del links[place - 1]

    assert verify(links) == place


def test_two_lines_that_changed_places_are_missed():
    first, second, third = chain([{"sequence": 1}, {"sequence": 2}, {"sequence": 3}])

    assert verify([first, third, second]) == 2


def test_a_chain_can_be_verified_from_a_line_that_is_known():
    first, *rest = chain([{"sequence": 1}, {"sequence": 2}, {"sequence": 3}])

    assert verify(rest, first.hash) is None
