"""A browser without a browser: what a page posts when every field shows the given values."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.schemas.form import FieldDescription, Form, describe, laid_out, to_html

LAW_PARTS = ("link", "wet", "artikel", "lid", "onderdeel", "geldigOp")
SOURCES = {
    "points": [("0", "Welke gegevens precies?"), ("1", "Wie ontvangt ze?")],
    "members": [(f"lid{number}@voorbeeld.example", f"Lid {number}") for number in (1, 2, 3)],
    "agenda": [("AGP-2026-00001", "Zoeken op adres"), ("AGP-2026-00002", "Werkwijze")],
    "meetings": [("VERG-2026-01", "Vergadering"), ("VERG-2026-02", "Vergadering")],
}


def options(source: str) -> list[tuple[str, str]]:
    return SOURCES.get(source, [])


def page(form: type[Form], data: Mapping[str, Any]) -> tuple[list[FieldDescription], dict[str, Any]]:
    return laid_out(describe(form, options), to_html(form, data))


def posted(form: type[Form], data: Mapping[str, Any]) -> MultiDict[str, str]:
    fields, values = page(form, data)
    pairs = [pair for field in fields for pair in _inputs(field, values.get(field.name))]
    return MultiDict([("csrf_token", "x"), ("revisie", "3"), *pairs])


def nothing(_: str) -> list[tuple[str, str]]:
    return []


def _inputs(field: FieldDescription, value: Any) -> Iterator[tuple[str, str]]:
    """As `templates/parts/form.html` names its inputs."""
    if field.kind == "grondslagen":
        for row, law in enumerate([*(value or []), {}]):
            yield from ((f"{field.name}-{row}-{part}", law.get(part) or "") for part in LAW_PARTS)
    elif field.kind == "punten":
        yield from ((f"{field.name}-{row}", answer) for row, answer in enumerate(value or [""] * len(field.choices)))
    elif field.kind in {"lijst", "organisaties", "meerkeuze"}:
        yield from ((field.name, line) for line in value or [])
    elif field.kind in {"jaNee", "vinkje"}:
        if value is not None and (value or field.kind == "jaNee"):
            yield field.name, "true" if value else "false"
    elif value is not None or field.kind not in {"keuze", "bestand"}:
        yield field.name, "" if value is None else str(value)
