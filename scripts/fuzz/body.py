"""Bodies that an action might be sent: made of its form, with what is there on the stage, and now and then wrong."""

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

WORDS = (
    "De SVB mag leveren.",
    "Zie artikel 64.",
    "x",
    "ß — “ja”",
    "0",
    " a\tb\nc ",
    "<b>vet</b>",
    "=1+1",
    "\u202eomgekeerd",
)
ODD = (None, "", [], {}, True, -1, 10**30, 1.5, "x" * 400, "\x00", [[]], {"a": {}}, "2026-02-30", "ja")
OFTEN_LEFT_OUT, SELDOM_WRONG = 0.4, 0.03
DEEPEST = 8


class Bodies:
    """Makes values for schemas of a description; `known` holds, by the name of a field, what exists."""

    def __init__(self, description: Mapping[str, Any], known: Mapping[str, Sequence[Any]], random: Random) -> None:
        self.description, self.known, self.random = description, known, random

    def of(self, schema: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
        """A value that mostly is as the schema says."""
        if "$ref" in schema:
            return self.of(self._resolved(schema["$ref"]), name, depth)
        if self.random.random() < SELDOM_WRONG or depth > DEEPEST:
            return self.random.choice(ODD)
        if parts := schema.get("anyOf") or schema.get("oneOf"):
            return self.of(self.random.choice(parts), name, depth)
        if "allOf" in schema:
            return self.of(schema["allOf"][0], name, depth)
        if name in self.known and schema.get("type") == "string":
            return self.random.choice(self.known[name])
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        return getattr(self, f"_{schema.get('type', 'string')}")(schema, name, depth)

    def _object(self, schema: Mapping[str, Any], name: str, depth: int) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        return {
            key: self.of(part, key, depth + 1)
            for key, part in schema.get("properties", {}).items()
            if (key in required and self.random.random() > SELDOM_WRONG) or self.random.random() > OFTEN_LEFT_OUT
        }

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        if name in self.known:
            return self.random.choices(self.known[name], k=self.random.randint(0, 3))
        return [self.of(schema["items"], name, depth + 1) for _ in range(self.random.randint(0, 3))]

    def _string(self, schema: Mapping[str, Any], name: str, depth: int) -> str:
        if schema.get("format") == "date":
            return f"20{self.random.randint(20, 32)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        word = self.random.choice(WORDS)
        fits = [one for one in (word, *WORDS, "12345678", "12.30 uur") if re.search(schema.get("pattern", ""), one)]
        return fits[0] if fits else word

    def _integer(self, schema: Mapping[str, Any], name: str, depth: int) -> int:
        return self.random.randint(schema.get("minimum", -1), min(schema.get("maximum", 20), 20))

    _number = _integer

    def _boolean(self, schema: Mapping[str, Any], name: str, depth: int) -> bool:
        return self.random.random() < 0.5

    def _resolved(self, reference: str) -> Any:
        found: Any = self.description
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return found
