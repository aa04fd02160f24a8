"""The journal as a chain: what a line says as canonical JSON, its hash, and where a chain is broken."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

GENESIS = "0" * 64
"""What the first line of a chain has for the hash before it."""


class Link(NamedTuple):
    """A line with the hash that was stored before it and the one that was stored with it."""

    previous_hash: str
    hash: str
    line: Mapping[str, Any]


def canonical(value: Any) -> str:
    """The one way to write a value as JSON, so that the same content always has the same hash.

    Names are sorted, nothing is spaced, letters are themselves, days are ISO 8601 and instants are UTC to the
    microsecond. A float, an instant without a zone or a name that is no text is refused with a TypeError or
    ValueError: their writing is not certain.

    >>> canonical({"op": datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "naar": "één"})
    '{"naar":"één","op":"2026-11-21T09:30:00.000000Z"}'
    """
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """A value of which JSON has one writing: days and instants as text."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_name(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"a journal line cannot hold {type(value).__name__}")


def line_hash(previous_hash: str, line: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of the hash before it, a line feed, and the line."""
    return sha256(f"{previous_hash}\n{canonical(line)}".encode()).hexdigest()


def verify(links: Iterable[Link], previous_hash: str = GENESIS) -> int | None:
    """The place of the first line, counted from one, that does not fit the chain; None when all fit.

    Lines cut off at the end leave a chain that fits: only a checkpoint that was kept elsewhere shows that.
    """
    for place, link in enumerate(links, start=1):
        if link.previous_hash != previous_hash or link.hash != line_hash(previous_hash, link.line):
            return place
        previous_hash = link.hash
    return None


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant in a journal line needs a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a name in a journal line is text, not {type(name).__name__}")
    return str(name)
