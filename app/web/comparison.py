"""Two rulings side by side, for everybody."""

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from app.db.publication import PublicRecord
from app.domain.errors import NotVisible
from app.schemas.field import FieldDescription
from app.services.comparison import comparison
from app.services.ruling import published
from app.web.access import EVERYBODY, access

pages = Blueprint("comparison", __name__)

NOT_THERE = "Er is geen openbare uitspraak met nummer {}. Kijk of het nummer klopt."
GONE = "{} is niet meer openbaar. Kies een andere uitspraak."
THE_SAME = "Kies twee verschillende uitspraken."


@pages.get("/uitspraken/vergelijken")
@access(EVERYBODY)
def show() -> ResponseReturnValue:
    """What two rulings both say and where they differ; or the question which two."""
    asked = {name: " ".join(request.args.get(name, "").split()) for name in ("a", "b")}
    faults: dict[str, list[str]] = {}
    records = {name: _record(name, number, faults) for name, number in asked.items() if number}
    left, right = records.get("a"), records.get("b")
    if left and right and left.number == right.number:
        faults["b"] = [THE_SAME]
    found = comparison(g.work, left, right) if left and right and not faults else None
    text = render_template(
        "comparison/show.html",
        found=found,
        fields=_fields(),
        values=asked,
        errors=faults,
        example=_example(left, right),
    )
    return text, 404 if faults else 200


def _record(name: str, number: str, faults: dict[str, list[str]]) -> PublicRecord | None:
    try:
        found = published(g.work, number)
    except NotVisible:
        faults[name] = [NOT_THERE.format(number)]
        return None
    if found.withdrawn_at is not None:
        faults[name] = [GONE.format(number)]
        return None
    return found


def _example(*found: PublicRecord | None) -> bool:
    return any(one.record.get("voorbeeld") for one in found if one is not None)


def _fields() -> list[Any]:
    hint = "Het nummer, zoals CCG:2026:12."
    return [
        FieldDescription(name="a", label="Eerste uitspraak", kind="tekst", required=False, hint=hint),
        FieldDescription(name="b", label="Tweede uitspraak", kind="tekst", required=False, hint=hint),
    ]
