"""Rulings as everybody may read them."""

from flask import abort

from app.api.operation import Answer, Call, operation
from app.api.process import known_states, next_link
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.db.precedent import Precedent
from app.schemas.public_record import PublicRecordSchema, RulingInProgressSchema, RulingsSchema
from app.schemas.query import RulingQuery
from app.services.overview import process_numbered
from app.services.ruling import RulingFilters, RulingRow, published, published_rulings, ruling_in_progress
from app.services.work import Work

COLLECTION, TAG = "uitspraken", "Uitspraken"
CASES = COLLECTIONS[Case.kind_name()]


@operation(
    "GET",
    f"/{COLLECTION}",
    name="uitsprakenLijst",
    summary="De openbare uitspraken, de laatst vastgestelde eerst",
    tag=TAG,
    gives=RulingsSchema,
    query=RulingQuery,
    public=True,
    paged=True,
)
def index(call: Call) -> Answer:
    """A stretch of the rulings."""
    query = call.query
    if query.get("state"):
        known_states(call.work, Precedent.kind_name(), [query["state"]])
    filters = RulingFilters(**{name: query.get(name) for name in ("year", "type", "law", "state", "body")})
    stretch = published_rulings(call.work, filters, after=query.get("after"), amount=query["amount"])
    body = {
        "results": [_row(call.work, row) for row in stretch.rows],
        "total": stretch.total + stretch.capped,
        "capped": stretch.capped,
    }
    return Answer(body, headers=next_link(stretch.following))


@operation(
    "GET",
    f"/{COLLECTION}/<number>",
    name="uitsprakenEen",
    summary="Eén uitspraak, zoals die openbaar is gemaakt",
    tag=TAG,
    gives=PublicRecordSchema,
    public=True,
    tagged=True,
    takes={"410": "De uitspraak is niet meer openbaar."},
)
def show(call: Call, number: str) -> Answer:
    """The public record, and nothing else; of one that was withdrawn, that it was and why."""
    found = published(call.work, number)
    if found.withdrawn_at is not None:
        abort(410, f"“{found.title}” is niet meer openbaar. Reden: {found.withdrawn_because}")
    return Answer(found.record, plain=True)


@operation(
    "GET",
    f"/{CASES}/<number>/uitspraak",
    name="uitspraakInWording",
    summary="De uitspraak van een knelpunt zoals die nu is, en wat er nog aan ontbreekt",
    tag=CASES.capitalize(),
    gives=RulingInProgressSchema,
)
def draft(call: Call, number: str) -> Answer:
    """For who handles the case; a party gets what it can check, and not the decision."""
    found = ruling_in_progress(call.work, process_numbered(call.work, Case, number))
    return Answer(
        {
            "record": found.record,
            "gaps": list(found.gaps),
            "whole": found.is_whole,
            "adopted": found.ruling.number is not None,
            "public_number": found.public_number,
        }
    )


def _row(work: Work, row: RulingRow) -> dict[str, object]:
    state = None
    if row.precedent_version is not None and row.precedent_state is not None:
        state = row.precedent_state
    return {
        "number": row.number,
        "title": row.title,
        "rule": row.rule,
        "conclusion": row.conclusion,
        "adopted_on": row.adopted_on,
        "precedent_state": state,
        "demonstration": row.demonstration,
    }
