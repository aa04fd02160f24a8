"""Counting by numbers says what counting by names says, whatever is remembered of the texts and whatever is not."""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.search import tally
from app.adapters.search.tally import Having, Memory, Told

FACETS = ("wet", "artikel", "jaar")
MOST = 3

values = st.builds("{}:{}".format, st.sampled_from(FACETS), st.sampled_from("abcdefgh"))
texts = st.dictionaries(st.integers(1, 60), st.lists(values, unique=True, max_size=6), min_size=1)


def had(memory: Memory, read: dict[int, list[str]], asked: list[int], *, keep: bool = True) -> Told:
    """What these texts have, of which is read what is not remembered."""
    told, unknown = memory.of(asked)
    rows = {one: Having(read[one], one if one % 3 == 0 else None, one if one % 3 == 1 else None) for one in unknown}
    return memory.with_read(told, rows, keep=keep)


def by_name(read: dict[int, list[str]], asked: list[int], facet: str) -> list[tuple[str, int]]:
    amounts = Counter(one.partition(":")[2] for text in asked for one in read[text] if one.startswith(f"{facet}:"))
    return sorted(amounts.items(), key=lambda one: (-one[1], one[0]))[:MOST]


@given(texts, st.data())
def test_what_was_remembered_before_changes_no_count(read: dict[int, list[str]], data: st.DataObject) -> None:
    memory = Memory()
    for _ in range(3):
        asked = data.draw(st.lists(st.sampled_from(sorted(read)), unique=True))
        told = had(memory, read, asked, keep=data.draw(st.booleans()))
        for facet in FACETS:
            assert told.amounts().most(facet, MOST) == by_name(read, asked, facet)
        assert told.rulings() == {one: one for one in asked if one % 3 == 0}
        assert told.copied() == {one: one for one in asked if one % 3 == 1}


@given(texts, st.data())
def test_what_the_others_have_is_what_all_but_some_have(read: dict[int, list[str]], data: st.DataObject) -> None:
    left_out = data.draw(st.lists(st.sampled_from(sorted(read)), unique=True))
    rest = [one for one in read if one not in left_out]
    told = had(Memory(), read, list(read)).without(left_out)
    for facet in FACETS:
        assert told.amounts().most(facet, MOST) == by_name(read, rest, facet)
    assert told.rulings() == {one: one for one in rest if one % 3 == 0}


def test_of_values_that_as_many_texts_have_the_first_by_name_are_told() -> None:
    read = {number: [f"artikel:{article}"] for number, article in enumerate("hgfedcba", start=1)}
    told = had(Memory(), read, list(read))
    assert told.amounts().most("artikel", MOST) == [("a", 1), ("b", 1), ("c", 1)]


def test_a_facet_that_no_text_has_counts_nothing() -> None:
    told = had(Memory(), {1: ["wet:a"]}, [1])
    assert told.amounts().most("jaar", MOST) == []


def test_what_is_not_to_be_kept_is_asked_again() -> None:
    memory, read = Memory(), {1: ["wet:a"], 2: ["wet:b"]}
    had(memory, read, [1], keep=False)
    had(memory, read, [2])
    assert memory.of([1, 2])[1] == [1]


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that change places as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_one_counts_while_another_remembers(restless: None) -> None:
    memory, read = Memory(), {number: [f"wet:{number % 7}"] for number in range(1, 2000)}

    def count(start: int) -> int:
        some = list(range(start, 2000, 8))
        return sum(len(had(memory, read, some[: size + 1]).texts) for size in range(len(some)))

    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(count, range(1, 9)))
    assert counted == [sum(range(1, len(range(start, 2000, 8)) + 1)) for start in range(1, 9)]


def test_a_memory_that_is_full_begins_anew_and_counts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST_REMEMBERED", 4)
    memory, read = Memory(), {number: [f"wet:{number % 2}"] for number in range(1, 10)}
    for first in (1, 4, 7):
        told = had(memory, read, [1, first, first + 1, first + 2] if first > 1 else [1, 2, 3])
        assert sum(amount for _, amount in told.amounts().most("wet", MOST)) == len(told.texts)
    told, unknown = memory.of(list(read))
    assert len(told.texts) + len(unknown) == len(read)
    assert len(told.texts) <= 4
