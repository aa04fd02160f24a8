"""The API of another installation: which addresses are asked, and what comes back as data."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol
from urllib.parse import urlencode

ROOT = "/api/v1"
FEED, RULINGS, PRECEDENTS = f"{ROOT}/gebeurtenissen", f"{ROOT}/uitspraken", f"{ROOT}/precedenten"
AT_ONCE = 50
LARGEST = 4 * 1024 * 1024
HEADERS = {"Accept": "application/json, application/problem+json"}


class Unreadable(Exception):
    """What came back is no JSON."""


class Replied(Protocol):
    """An answer as it came in."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> bytes: ...


Get = Callable[..., Replied]
"""Asks an address, with `headers`, for at most `largest` bytes."""


@dataclass(frozen=True, slots=True)
class Said:
    """The status of an answer, and its JSON."""

    status: int
    data: Any


@dataclass(frozen=True, slots=True)
class PeerApi:
    """One installation; every address is made of its own and of what was checked, never of what it sends."""

    get: Get
    url: str

    def events(self, after: str) -> Said:
        """The events after a cursor; without one from the first."""
        asked = {"aantal": AT_ONCE, **({"na": after} if after else {})}
        return self._ask(f"{FEED}?{urlencode(asked)}")

    def ruling(self, path: str) -> Said:
        """A ruling by its number, as that stands in an address."""
        return self._ask(f"{RULINGS}/{path}")

    def precedent(self, path: str) -> Said:
        """A precedent by its number, as that stands in an address."""
        return self._ask(f"{PRECEDENTS}/{path}")

    def _ask(self, path: str) -> Said:
        reply = self.get(self.url + path, headers=HEADERS, largest=LARGEST)
        try:
            return Said(reply.status, json.loads(reply.body, parse_constant=_refuse))
        except (ValueError, RecursionError) as error:
            if reply.status != 200:
                return Said(reply.status, None)
            raise Unreadable from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
