"""Does an answer look as the description says: the few words of JSON Schema that the description uses."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def faults(description: Mapping[str, Any], schema: Mapping[str, Any], value: Any, path: str = "") -> Iterator[str]:
    """What in a value is not as its schema says."""
    if "$ref" in schema:
        yield from faults(description, resolved(description, schema["$ref"]), value, path)
        return
    if parts := schema.get("oneOf") or schema.get("anyOf"):
        told = [list(faults(description, part, value, path)) for part in parts]
        yield from () if [] in told else min(told, key=len)
        return
    for part in schema.get("allOf", ()):
        if not (value is None and schema.get("nullable")):
            yield from faults(description, part, value, path)
    if value is None:
        if schema.get("type") and not schema.get("nullable"):
            yield f"{path} is null"
        return
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{path} is {value!r} and no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path} is {value!r} and not listed"
    yield from _format_faults(schema, value, path)
    yield from _faults_inside(description, schema, value, path)


def resolved(description: Mapping[str, Any], reference: str) -> Any:
    """What a reference within the description points to."""
    found: Any = description
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _faults_inside(description: Mapping[str, Any], schema: Mapping[str, Any], value: Any, path: str) -> Iterator[str]:
    if isinstance(value, list) and "items" in schema:
        for place, item in enumerate(value):
            yield from faults(description, schema["items"], item, f"{path}[{place}]")
    if isinstance(value, dict) and "properties" in schema:
        yield from _object_faults(description, schema, value, path)


def _format_faults(schema: Mapping[str, Any], value: Any, path: str) -> Iterator[str]:
    kind = schema.get("format")
    if kind == "date":
        date.fromisoformat(value)
    if kind == "date-time" and not (INSTANT.fullmatch(value) and datetime.fromisoformat(value)):
        yield f"{path} is {value!r} and no moment in UTC"


def _object_faults(
    description: Mapping[str, Any], schema: Mapping[str, Any], value: Mapping[str, Any], path: str
) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, item in value.items():
        if name in schema["properties"]:
            yield from faults(description, schema["properties"][name], item, f"{path}.{name}")
        elif schema.get("additionalProperties") is not True:
            yield f"{path}.{name} is not described"
