"""The description of the API as people read it: calls by subject, each with its fields and an example."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Description = Mapping[str, Any]

DEEPEST = 5
JSON_TYPES = ("application/json",)
MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"
PLACES = {"path": "in het adres", "query": "in de vraag", "header": "als kop"}
KINDS = {
    "string": "tekst",
    "integer": "geheel getal",
    "number": "getal",
    "boolean": "true of false",
    "array": "lijst",
    "object": "object",
}
FORMATS = {"date": "dag, als JJJJ-MM-DD", "date-time": "moment in UTC", "binary": "bestand", "uri": "adres"}
SAMPLES = {"If-Match": '"7.0f3a5c6d7e8f9a0b"', "If-None-Match": '"7.0f3a5c6d7e8f9a0b"'}
ONE_OF = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class CallField:
    """One field of a question or an answer; its name is the path to it, such as `uitwisseling.doel`."""

    name: str
    kind: str
    says: str
    required: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that a call may give instead, and when."""

    status: int
    title: str


@dataclass(frozen=True, slots=True)
class DescribedCall:
    """One call: how it is made, what it takes and gives, and an example of both."""

    name: str
    method: str
    path: str
    summary: str
    says: str
    public: bool
    parameters: Sequence[CallField]
    body: Sequence[CallField]
    body_required: bool
    answer: Sequence[CallField]
    status: int
    media: str
    refusals: Sequence[Refusal]
    request: str
    example: str


@dataclass(frozen=True, slots=True)
class CallGroup:
    """The calls about one subject."""

    slug: str
    name: str
    says: str
    calls: Sequence[DescribedCall]


def call_groups(description: Description, address: str) -> list[CallGroup]:
    """Every call by its subject, in the order of the description; `address` is where the API is."""
    reader = _Reader(description, address)
    told = {tag["name"]: tag.get("description", "") for tag in description["tags"]}
    found: dict[str, list[DescribedCall]] = {name: [] for name in told}
    for path, item in description["paths"].items():
        for method, one in item.items():
            found.setdefault(one["tags"][0], []).append(reader.call(method, path, one))
    return [CallGroup(slug_of(name), name, told.get(name, ""), calls) for name, calls in found.items() if calls]


def refusals_of(description: Description) -> list[Refusal]:
    """What can stand in the way of any call, by its status."""
    told = description["components"]["responses"]
    named = ((int(name[-3:]), one["description"]) for name, one in told.items() if name[-3:].isdigit())
    return [Refusal(status, title) for status, title in sorted(named)]


def slug_of(name: str) -> str:
    """The name of a subject in an address.

    >>> slug_of("Sleutels en systemen"), slug_of("Geïmporteerd")
    ('sleutels-en-systemen', 'geimporteerd')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


class _Reader:
    """Reads calls out of one description."""

    def __init__(self, description: Description, address: str) -> None:
        self.description = description
        self.address = address

    def call(self, method: str, path: str, told: Description) -> DescribedCall:
        """One call."""
        status, success = next((code, one) for code, one in told["responses"].items() if code.startswith("2"))
        media, content = _first_content(self._whole(success))
        sent, body = _first_content(told.get("requestBody", {}))
        example = content.get("example")
        return DescribedCall(
            name=told["operationId"],
            method=method.upper(),
            path=path,
            summary=told["summary"],
            says=told.get("description", ""),
            public=not any(told.get("security", self.description.get("security", ()))),
            parameters=[self._parameter(one) for one in told.get("parameters", ())],
            body=list(self._fields(body.get("schema", {}))),
            body_required=told.get("requestBody", {}).get("required", False),
            answer=list(self._fields(content.get("schema", {}))),
            status=int(status),
            media=media,
            refusals=[
                Refusal(int(code), self._whole(one)["description"])
                for code, one in told["responses"].items()
                if code != status and code.isdigit()
            ],
            request=self._request(method.upper(), path, told, sent, body.get("example")),
            example=_written(example) if media in JSON_TYPES and example is not None else "",
        )

    def _parameter(self, told: Description) -> CallField:
        told = self._whole(told)
        return CallField(
            name=told["name"],
            kind=self._kind(told["schema"]),
            says=told.get("description") or "",
            required=told.get("required", False),
            place=PLACES.get(told["in"], ""),
        )

    def _fields(self, schema: Description, path: str = "", depth: int = 0) -> Iterator[CallField]:
        """The fields of a schema and of the objects inside; where it may be one of several, those of each."""
        schema = self._whole(schema)
        if key := next((key for key in ONE_OF if key in schema), None):
            seen: dict[str, CallField] = {}
            for part in schema[key]:
                seen |= {one.name: one for one in self._fields(part, path, depth) if one.name not in seen}
            yield from seen.values()
            return
        if schema.get("type") == "array":
            yield from self._fields(schema["items"], f"{path}[]", depth)
            return
        for name, one in schema.get("properties", {}).items():
            place = f"{path}.{name}" if path else name
            whole = self._whole(one)
            says = one.get("description") or whole.get("description") or one.get("title") or ""
            yield CallField(place, self._kind(one), says, name in schema.get("required", ()))
            if depth < DEEPEST:
                yield from self._fields(one, place, depth + 1)

    def _kind(self, schema: Description) -> str:
        """What sort of value it is, in words."""
        whole = self._whole(schema)
        if key := next((key for key in ONE_OF if key in whole), None):
            words = [self._kind(part) for part in whole[key] if not self._whole(part).get("nullable")]
            absent = len(words) < len(whole[key])
            return " of ".join([*dict.fromkeys(words), *(["null"] if absent else [])])
        word = FORMATS.get(whole.get("format", ""), KINDS.get(whole.get("type", ""), "waarde"))
        if "enum" in whole:
            word = f"één van {', '.join(str(value) for value in whole['enum'] if value is not None)}"
        if whole.get("type") == "array" and "enum" in (inner := self._whole(whole["items"])):
            word = f"lijst met waarden uit {', '.join(map(str, inner['enum']))}"
        if "maxLength" in whole:
            word += f", ten hoogste {whole['maxLength']} tekens"
        return f"{word} of null" if whole.get("nullable") else word

    def _whole(self, part: Any) -> Description:
        """What a reference points to; what only wraps one reference is that reference."""
        if isinstance(part, str):
            part = {"$ref": f"#/components/responses/{part}"}
        while "$ref" in part or len(part.get("allOf", ())) == 1:
            if "$ref" not in part:
                part = {**self._whole(part["allOf"][0]), **{key: part[key] for key in ("nullable",) if key in part}}
                continue
            found: Any = self.description
            for step in part["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            part = found
        return dict(part)

    def _request(self, method: str, path: str, told: Description, sent: str, body: Any) -> str:
        """The call as one types it in a terminal."""
        named = [self._whole(one) for one in told.get("parameters", ())]
        for one in named:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", str(one.get("example", one["name"])))
        asked = "&".join(f"{one['name']}=…" for one in named if one["in"] == "query" and one.get("required"))
        lines = [
            f'curl{"" if method == "GET" else f" -X {method}"} "{self.address}{path}{"?" if asked else ""}{asked}"'
        ]
        if any(told.get("security", ())):
            lines.append('-H "Authorization: Bearer $SLEUTEL"')
        lines += [f"-H '{name}: {value}'" for name, value in _headers(named)]
        lines += _body_lines(sent, body)
        return " \\\n  ".join(lines)


def _first_content(told: Description) -> tuple[str, Description]:
    found: Mapping[str, Description] = told.get("content", {})
    return next(iter(found.items()), ("", {}))


def _headers(named: Sequence[Description]) -> Iterator[tuple[str, str]]:
    for one in named:
        if one["in"] != "header":
            continue
        if one.get("required"):
            yield one["name"], SAMPLES.get(one["name"], "…")
        elif one["name"] == "Idempotency-Key":
            yield one["name"], "0f8fad5b-d9cb-469f-a165-70867728950e"


def _body_lines(sent: str, body: Any) -> list[str]:
    if not sent or body is None:
        return []
    if sent in (MULTIPART, FORM):
        flag = "-F" if sent == MULTIPART else "--data-urlencode"
        return [f"{flag} '{name}={_part(name, value)}'" for name, value in body.items() if value is not None]
    quoted = _written(body).replace("'", "'\\''")
    return [f"-H 'Content-Type: {sent}'", f"-d '{quoted}'"]


def _part(name: str, value: Any) -> str:
    return "@bestand.pdf" if name == "bestand" else str(value)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
