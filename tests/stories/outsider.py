"""People outside, who have the description of the API and an account, and speak HTTP: they know nothing else.

What they send is held against the fields that the list of actions asks, and what comes back against the description.
"""

import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import requests

from tests.api.shape import faults, resolved
from tests.stories.installation import PATIENCE

JSON = "application/json"
ATTEMPTS = 5
"""How often somebody reads again and decides again, when the clock of the server was first."""
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "tekst": str,
    "keuze": str,
    "verwijzing": str,
    "datum": str,
    "getal": (int, float),
    "jaNee": bool,
    "meerkeuze": list,
    "lijst": list,
}
CHOICES = ("keuze", "meerkeuze", "verwijzing")


class Api:
    """An installation by its address; every answer is as its own description says, or the test fails."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.description = self.session.get(f"{address}/openapi.json", timeout=PATIENCE).json()
        self.operations = [
            (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path.count("{"), told)
            for path, told in self.description["paths"].items()
        ]

    def send(
        self, method: str, path: str, key: str | None = None, *, expect: Collection[int] = (200,), **more: Any
    ) -> requests.Response:
        """Send a request, that has to be answered with one of these statuses."""
        heads = {**more.pop("headers", {}), **({"Authorization": f"Bearer {key}"} if key else {})}
        answer = self.session.request(method, self.address + path, headers=heads, timeout=PATIENCE, **more)
        assert answer.status_code in expect, (method, path, answer.status_code, answer.text[:2000])
        told = self._operation(method, path)
        if "json" in more and answer.ok:
            self._check(told["requestBody"]["content"], JSON, more["json"])
        response = told["responses"][str(answer.status_code)]
        if "$ref" in response:
            response = resolved(self.description, response["$ref"])
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if kind.endswith("json"):
            self._check(response.get("content", {}), kind, answer.json())
        return answer

    def read(self, path: str, key: str | None = None) -> Any:
        """What stands at a path, for who has this key or none."""
        return self.send("GET", path, key).json()

    def events(self, after: str | None = None, key: str | None = None) -> tuple[list[dict[str, Any]], str | None]:
        """All that happened since, in order, and where to go on the next time."""
        found: list[dict[str, Any]] = []
        while True:
            stretch = self.read(f"/gebeurtenissen?aantal=100{f'&na={after}' if after else ''}", key)
            if not stretch["resultaten"]:
                return found, after
            found += stretch["resultaten"]
            after = stretch["volgende"]

    def _operation(self, method: str, path: str) -> Any:
        """The call that the description has for this address: the one with the fewest places to fill in."""
        plain = path.partition("?")[0]
        known = [(places, told) for form, places, told in self.operations if form.fullmatch(plain)]
        known = [(places, told) for places, told in known if method.lower() in told]
        assert known, f"{method} {path} is not described"
        return min(known, key=lambda one: one[0])[1][method.lower()]

    def _check(self, content: Mapping[str, Any], kind: str, value: Any) -> None:
        assert kind in content, (kind, list(content))
        assert list(faults(self.description, content[kind].get("schema", {}), value)) == []


@dataclass(frozen=True)
class Person:
    """Somebody with the key of an account."""

    api: Api
    email: str
    name: str
    organisation: str
    key: str

    def read(self, path: str) -> Any:
        return self.api.read(path, self.key)

    def post(self, path: str, body: Any, *expect: int, **headers: str) -> requests.Response:
        """Send something, that is made or refused with one of these statuses."""
        heads = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.api.send("POST", path, self.key, expect=expect or (201,), json=body, headers=heads)

    def actions(self, path: str) -> dict[str, Any]:
        """What this person may do with something, and why not: the actions by their name."""
        return {one["actie"]: one for one in self.read(f"{path}/acties")["acties"]}

    def hindrance(self, path: str, action: str) -> str:
        """Why an action that is this person's cannot be taken now."""
        offered = self.actions(path)[action]
        assert not offered["uitvoerbaar"], (path, action)
        return " ".join(offered["redenen"])

    def does(self, path: str, action: str, **fields: Any) -> dict[str, Any]:
        """Take an action as the list of actions offers it; what it was done to, as it is then."""
        own = str(uuid.uuid4())
        for _ in range(ATTEMPTS):
            offered = self.actions(path)
            assert action in offered, (self.email, path, action, list(offered))
            assert offered[action]["uitvoerbaar"], (self.email, action, offered[action]["redenen"])
            assert list(misfits(offered[action]["velden"], fields)) == []
            seen = self.api.send("GET", path, self.key).headers["ETag"]
            answer = self.post(f"{path}/acties/{action}", fields, 200, 412, If_Match=seen, Idempotency_Key=own)
            if answer.ok:
                return dict(answer.json())
        raise AssertionError(f"somebody is always first at {path}")


class Cast:
    """The accounts that `knelpunt demo load --json` printed, and where their organisations stand."""

    def __init__(self, document: Mapping[str, Any], api: Api) -> None:
        self.document = document
        self.api = api

    def everybody(self, role: str, *words: str) -> Sequence[Person]:
        """Who has this role, and all of these words in the name or the organisation of the account."""
        return [
            Person(self.api, row["email"], row["name"], row["organisation"], row["token"])
            for row in self.document["accounts"]
            if role in row["roles"] and all(word in f"{row['name']} {row['organisation']}" for word in words)
        ]

    def one(self, role: str, *words: str) -> Person:
        return self.everybody(role, *words)[0]

    def address(self, organisation: str) -> str:
        """The TOOI address of an organisation that takes part."""
        (found,) = (row["tooiUri"] for row in self.document["organisations"] if row["name"] == organisation)
        return str(found)


def misfits(asked: Sequence[Mapping[str, Any]], given: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Where what somebody fills in is not what was asked."""
    known = {field["naam"]: field for field in asked}
    yield from (f"{path}{name} is not asked" for name in given if name not in known)
    yield from (f"{path}{name} is required" for name, one in known.items() if one["verplicht"] and name not in given)
    for name in known.keys() & given.keys():
        yield from _misfits_of(known[name], given[name], path + name)


def _misfits_of(field: Mapping[str, Any], value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, KINDS[field["soort"]]):
        yield f"{path} is no {field['soort']}"
        return
    if field["soort"] == "datum":
        date.fromisoformat(value)
    if parts := field.get("onderdelen"):
        for place, one in enumerate(value):
            yield from misfits(parts, one, f"{path}.{place}.")
        return
    chosen = value if isinstance(value, list) else [value]
    if field["soort"] in CHOICES and field["waarden"] is not None:
        yield from (f"{path}: {one} cannot be chosen" for one in chosen if one not in field["waarden"])
