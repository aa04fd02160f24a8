"""Examples for calls that bring none of their own: made from their schemas, with words that mean something."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Description = dict[str, Any]
DEEPEST = 6
TEXT = "Een toelichting die een ander kan volgen."
KINDS: Mapping[str, Any] = {"integer": 1, "number": 1.5, "boolean": False, "string": TEXT}
FORMATS: Mapping[str, str] = {
    "date": "2026-12-05",
    "date-time": "2026-11-23T09:30:00Z",
    "binary": "inhoud van het bestand",
    "uri": "https://voorbeeld.example/ontvangst",
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "email": "functie@organisatie.example",
}
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
}
EXAMPLES: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "examples.toml").read_text("utf-8"))
"""The words of the examples."""
ONE_OF = ("allOf", "anyOf", "oneOf")


def add_examples(description: Description) -> None:
    """Give every variable in an address, every body and every answer an example where it has none."""
    for path, item in description["paths"].items():
        for told in item.values():
            sample = Sample(description, path.split("/")[1])
            for parameter in told["parameters"]:
                if parameter["in"] == "path":
                    parameter.setdefault("example", sample.variable(parameter["name"]))
            for content in _contents(told):
                if "example" not in content and "examples" not in content and "schema" in content:
                    content["example"] = sample.of(content["schema"])


def _contents(told: Description) -> Iterator[Description]:
    yield from told.get("requestBody", {}).get("content", {}).values()
    for status, answer in told["responses"].items():
        if status.startswith("2"):
            yield from answer.get("content", {}).values()


class Sample:
    """Makes examples for the calls of one collection."""

    def __init__(self, description: Description, collection: str) -> None:
        self.description = description
        self.here: Mapping[str, Any] = EXAMPLES["collection"].get(collection, {})

    def variable(self, name: str) -> Any:
        """What stands in the address."""
        return self.here.get(name, EXAMPLES["path"].get(name, name))

    def of(self, schema: Mapping[str, Any], name: str = "", within: str = "", depth: int = 0) -> Any:
        """A value that the schema allows; `name` is its field, and `within` the schema that has the field."""
        if name in EXAMPLES["empty"] and _may_be_absent(schema):
            return None
        found, called = self._resolved(schema)
        said = self._said(name, within)
        if said is not None and _fits(found, said):
            return said
        if "example" in found:
            return found["example"]
        if "enum" in found:
            return found["enum"][0]
        if found.get("type") == "array":
            return [] if depth > DEEPEST else [self.of(found["items"], name, within, depth + 1)]
        if "properties" in found:
            return self._object(found, called or within, depth)
        return None if found.get("nullable") else _plain(found)

    def _object(self, schema: Mapping[str, Any], called: str, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        left_out = EXAMPLES["leave_out"]
        return {
            name: self.of(one, name, called, depth + 1)
            for name, one in schema["properties"].items()
            if name in required or name not in left_out
        }

    def _said(self, name: str, within: str) -> Any:
        """What the file says of a field; the schema with the longest beginning of the same name counts."""
        schemas = EXAMPLES["schema"]
        fitting = sorted((known for known in schemas if within.startswith(known)), key=len, reverse=True)
        places = (*(schemas[known] for known in fitting), self.here, EXAMPLES["value"])
        return next((place[name] for place in places if name in place), None)

    def _resolved(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """The schema itself, and its name if it has one; of several the first."""
        called = ""
        while True:
            if "$ref" in schema:
                called = schema["$ref"].rpartition("/")[2]
                schema = self.description["components"]["schemas"][called]
            elif key := next((key for key in ONE_OF if key in schema), None):
                schema = schema[key][0]
            else:
                return schema, called


def _plain(schema: Mapping[str, Any]) -> Any:
    """A value of a field of which nothing is said but its kind."""
    kind = schema.get("type")
    if kind == "string":
        return FORMATS.get(schema.get("format", ""), TEXT[: schema.get("maxLength")])
    if kind in ("integer", "number"):
        return max(KINDS[kind], schema.get("minimum", 0))
    return KINDS.get(kind or "", {})


def _may_be_absent(schema: Mapping[str, Any]) -> bool:
    return schema.get("nullable", False) or any(part.get("nullable") for part in schema.get("anyOf", ()))


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Is this such a value? Two fields of one name may be of two kinds."""
    if schema.get("type") == "array" and isinstance(value, list):
        return all(_fits(schema["items"], item) for item in value)
    allowed = value in schema.get("enum", [value])
    return allowed and isinstance(value, TYPES.get(schema.get("type", ""), dict))
