"""Two rulings side by side, for everybody."""

from app.api.operation import Answer, Call, operation
from app.api.representation import Values
from app.db.publication import PublicRecord
from app.domain.errors import Invalid, NotVisible
from app.schemas.comparison import ComparisonQuery, ComparisonSchema
from app.services.comparison import ListPart, TextPart, comparison
from app.services.ruling import published
from app.services.work import Work

NOT_THERE = "Er is geen openbare uitspraak met dit nummer. Kijk of het nummer klopt."
GONE = "Deze uitspraak is niet meer openbaar. Kies een andere."
THE_SAME = "Kies twee verschillende uitspraken."


@operation(
    "GET",
    "/uitspraken/vergelijken",
    name="uitsprakenVergelijken",
    summary="Wat twee uitspraken allebei zeggen, en waarin ze verschillen",
    tag="Uitspraken",
    gives=ComparisonSchema,
    query=ComparisonQuery,
    public=True,
)
def show(call: Call) -> Answer:
    """Both public records, part by part."""
    found = {name: _record(call.work, name, call.query[name]) for name in ("a", "b")}
    if found["a"].number == found["b"].number:
        raise Invalid({"b": [THE_SAME]})
    shown = comparison(call.work, found["a"], found["b"])
    return Answer(
        {
            "left": _named(shown.left),
            "right": _named(shown.right),
            "texts": [_text(part) for part in shown.texts],
            "lists": [_list(part) for part in shown.lists],
        }
    )


def _record(work: Work, name: str, number: str) -> PublicRecord:
    try:
        found = published(work, number)
    except NotVisible:
        raise Invalid({name: [NOT_THERE]}) from None
    if found.withdrawn_at is not None:
        raise Invalid({name: [GONE]})
    return found


def _named(record: PublicRecord) -> Values:
    return {"number": record.number, "title": record.title}


def _text(part: TextPart) -> Values:
    return {"label": part.label, "left": part.left, "right": part.right, "same": part.same}


def _list(part: ListPart) -> Values:
    return {
        "label": part.label,
        "left": [entry.text for entry in part.left],
        "right": [entry.text for entry in part.right],
        "both": [entry.text for entry in part.left if entry.shared],
        "same": part.same,
    }
