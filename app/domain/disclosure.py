"""Small counts of what is not public are not told, since one could know from them who it was."""

from collections.abc import Mapping

LEAST = 3
"""A count below this says something of one or two organisations (`shared/lessons.md` 4, row 21: a threshold)."""


def masked(counts: Mapping[str, int], least: int = LEAST) -> dict[str, int | None]:
    """The counts, with None for what is too small to tell; what is nought says nothing of anybody.

    Beside a total one hidden count can be reckoned from the others, so the smallest of the others goes with it.

    >>> masked({"a": 9, "b": 2, "c": 4, "d": 0})
    {'a': 9, 'b': None, 'c': None, 'd': 0}
    >>> masked({"a": 1, "b": 2, "c": 7})
    {'a': None, 'b': None, 'c': 7}
    """
    hidden = {name for name, count in counts.items() if 0 < count < least}
    if len(hidden) == 1:
        others = {name: count for name, count in counts.items() if count >= least}
        hidden |= set(sorted(others, key=lambda name: (others[name], name))[:1])
    return {name: None if name in hidden else count for name, count in counts.items()}


def tellable(count: int, least: int = LEAST) -> int | None:
    """One count, or None where it is too small to tell.

    >>> tellable(2), tellable(0), tellable(3)
    (None, 0, 3)
    """
    return None if 0 < count < least else count
