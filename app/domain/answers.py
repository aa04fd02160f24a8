"""The answers to a form as plain JSON and back, for the journal and for a step that waits for a second person."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def pack(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Make JSON of answers so that `unpack` gives the same values back.

    >>> unpack(pack({"day": date(2026, 11, 21), "points": ["a"]}))
    {'day': datetime.date(2026, 11, 21), 'points': ['a']}
    """
    return {name: _pack(value) for name, value in answers.items()}


def unpack(packed: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answers back that were packed."""
    return {name: _unpack(value) for name, value in packed.items()}


def plain(value: Any) -> Any:
    """Make JSON that people read: days become ISO text, and nothing else changes.

    >>> plain({"day": date(2026, 11, 21), "n": None})
    {'day': '2026-11-21', 'n': None}
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        # The canonical form of a journal line has no floats, since their writing is not certain.
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value


def _pack(value: Any) -> Any:
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Mapping):
        return pack(value)
    if isinstance(value, (list, tuple)):
        return [_pack(item) for item in value]
    return value


def _unpack(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == {"$date"}:
            return date.fromisoformat(value["$date"])
        return unpack(value)
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    return value
