"""Counting what texts have: a thousand texts at once, by numbers that stand for values.

A changed text is a new row of the index with a number of its own, so what a number has never changes: it is read once.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int32]]

MOST_REMEMBERED = 400_000
"""So many texts a process remembers, with ten values each some 25 MB; then it begins anew."""
UNKNOWN, NONE = -1, 0
OF_FACET = 1 << 24
"""The number of a value tells its facet too, so that the values of a facet stand together when they are sorted."""


class Having(NamedTuple):
    """All values of a text, as `facet:value`, and of which thing it is where that has a state: a ruling, or a copy."""

    values: Sequence[str]
    process_id: int | None
    copied_id: int | None


class _Names:
    """The values that numbers stand for."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._facets: dict[str, int] = {}
        self._values: list[list[str]] = []

    def number(self, written: str) -> int:
        """The number of a value."""
        known = self._numbers.get(written)
        if known is None:
            facet, _, value = written.partition(":")
            place = self._facets.setdefault(facet, len(self._facets))
            if place == len(self._values):
                self._values.append([])
            known = self._numbers[written] = place * OF_FACET + len(self._values[place])
            self._values[place].append(value)
        return known

    def of(self, facet: str) -> tuple[int, Sequence[str]]:
        """The first number of a facet, and the values from there; below every number where nothing has the facet."""
        place = self._facets.get(facet)
        return (place * OF_FACET, self._values[place]) if place is not None else (-OF_FACET, ())


@dataclass(frozen=True, slots=True)
class Told:
    """What some texts have: the values of one stand after those of another, `lengths` of each."""

    names: _Names
    texts: Ints
    lengths: Ints
    values: Ints
    processes: Ints
    copies: Ints

    def without(self, texts: Sequence[int]) -> "Told":
        """What the others of these texts have."""
        stay = ~np.isin(self.texts, np.asarray(texts, dtype=np.int32))
        values = self.values[np.repeat(stay, self.lengths)]
        columns = (self.texts, self.lengths, self.processes, self.copies)
        texts_left, lengths, processes, copies = (column[stay] for column in columns)
        return Told(self.names, texts_left, lengths, values, processes, copies)

    def amounts(self) -> "Amounts":
        """How many of these texts have each value."""
        numbers, amounts = np.unique(self.values, return_counts=True)
        return Amounts(self.names, numbers, amounts.astype(np.int32))

    def rulings(self) -> dict[int, int]:
        """The text of each ruling that is among them."""
        return _by_thing(self.processes, self.texts)

    def copied(self) -> dict[int, int]:
        """The text of each copy that is among them."""
        return _by_thing(self.copies, self.texts)


class Amounts(NamedTuple):
    """How many texts have a value, by its number, ascending."""

    names: _Names
    values: Ints
    amounts: Ints

    def most(self, facet: str, most: int) -> list[tuple[str, int]]:
        """The values of a facet that occur most, with how many texts have each; those of the same amount by name."""
        first, names = self.names.of(facet)
        start, end = self.values.searchsorted((first, first + OF_FACET)).tolist()
        values, amounts = self.values[start:end] - first, self.amounts[start:end]
        if len(amounts) > most:
            # Hundreds of articles may be named once: what cannot be among the most is not sorted by name.
            chosen = amounts >= np.partition(amounts, -most)[-most]
            values, amounts = values[chosen], amounts[chosen]
        counted = zip(map(names.__getitem__, values.tolist()), amounts.tolist(), strict=True)
        return sorted(counted, key=lambda one: (-one[1], one[0]))[:most]


class Memory:
    """What texts have, by the id of the text; of a database that is open there is one."""

    def __init__(self) -> None:
        self._adding = Lock()
        self._forget()

    def _forget(self) -> None:
        self._names = _Names()
        self._rows = array("i", [UNKNOWN])
        self._ends = array("i", [0])
        self._values = array("i")
        self._processes = array("i")
        self._copies = array("i")

    def of(self, texts: Sequence[int]) -> tuple[Told, list[int]]:
        """What is remembered of these texts, and those of which nothing is."""
        asked = np.asarray(texts, dtype=np.int32)
        with self._adding:
            rows = np.where(asked < len(self._rows), _seen(self._rows).take(asked, mode="clip"), UNKNOWN)
            is_known = rows != UNKNOWN
            rows = rows[is_known]
            starts, ends = _seen(self._ends)[rows], _seen(self._ends)[rows + 1]
            lengths = ends - starts
            # Where each value stands: one further than that before it, but at the first of a text.
            skipped = np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
            values = _seen(self._values).take(skipped + np.arange(len(skipped)))
            processes, copies = _seen(self._processes)[rows], _seen(self._copies)[rows]
            told = Told(self._names, asked[is_known], lengths, values, processes, copies)
        return told, asked[~is_known].tolist()

    def with_read(self, told: Told, read: Mapping[int, Having], *, keep: bool) -> Told:
        """The same with what was read of other texts; `keep` it where these are there for good, for everybody."""
        with self._adding:
            numbers = [[told.names.number(value) for value in having.values] for having in read.values()]
            new = Told(
                told.names,
                _ints(read),
                _ints(map(len, numbers)),
                _ints(one for some in numbers for one in some),
                _ints(one.process_id or NONE for one in read.values()),
                _ints(one.copied_id or NONE for one in read.values()),
            )
            if keep:
                self._keep(new)
        columns = ("texts", "lengths", "values", "processes", "copies")
        return Told(told.names, *(np.concatenate([getattr(told, one), getattr(new, one)]) for one in columns))

    def _keep(self, new: Told) -> None:
        if len(self._processes) + len(new.texts) > MOST_REMEMBERED:
            self._forget()
        # Where all was forgotten since the first of them were asked, their values go by numbers that are no more.
        if new.names is not self._names:
            return
        row, last = len(self._processes), int(new.texts.max(initial=0))
        self._rows.extend([UNKNOWN] * (last + 1 - len(self._rows)))
        _seen(self._rows)[new.texts] = np.arange(row, row + len(new.texts))
        self._ends.extend((self._ends[-1] + np.cumsum(new.lengths)).tolist())
        self._values.extend(new.values.tolist())
        self._processes.extend(new.processes.tolist())
        self._copies.extend(new.copies.tolist())


def _seen(numbers: "array[int]") -> Ints:
    """The numbers as they lie in memory. Nobody may hold on to these: while one does, no others can be added."""
    return np.frombuffer(numbers, dtype=np.int32)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int32)


def _by_thing(things: Ints, texts: Ints) -> dict[int, int]:
    having = things != NONE
    return dict(zip(things[having].tolist(), texts[having].tolist(), strict=True))
