"""Publications: the text that will be public, with what is left out of it."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.publication import Publication
from app.services.overview import overview, process_numbered
from app.services.publication import PublicationOverview, publication_overview, without
from app.web import record as records
from app.web import shape
from app.web.access import LOGGED_IN, access

pages = Blueprint("publication", __name__)

# The texts of the record, in the order in which they are read.
TEXTS = {
    "titel": "Titel",
    "samenvatting": "Samenvatting",
    "kernvraag": "De vraag",
    "kernregel": "De uitspraak",
    "feiten": "De feiten",
    "juridischKader": "Het juridisch kader",
    "beschouwing": "Beschouwing",
}


@pages.get("/publicaties/<number>")
@access(LOGGED_IN)
def show(number: str) -> ResponseReturnValue:
    """One publication: the text with the marked passages, what parties say of it, and what was published."""
    publication = process_numbered(g.work, Publication, number)
    shown = overview(g.work, publication)
    found = publication_overview(g.work, publication, handling=shown.handling)
    grounds = value_list("woo_grond")
    return render_template(
        "publication/show.html",
        **shape.with_steps(shape.page(g.work, shown), shown, {"redact_passages", "record_view"}),
        ruling_number=found.ruling.number,
        is_whole=found.is_whole,
        texts=[(label, _stretches(text, found)) for label, text in _texts(found)],
        passages=[
            {
                "text": row.passage,
                "ground": grounds.get(row.ground, row.ground),
                "motivation": row.motivation,
            }
            for row in found.passages
        ],
        views=[{"organisation": row.organisation, "text": row.view.text, "at": row.view.at} for row in found.views],
        versions=[
            {
                "issue": row.issue,
                "at": row.published_at,
                "url": _version_url(row.number, row.issue, current=row.current),
            }
            for row in found.versions
        ],
    )


def _texts(found: PublicationOverview) -> Iterator[tuple[str, str]]:
    """Every text of the record with what it is called; what is empty says nothing."""
    record = found.record
    for field, label in TEXTS.items():
        yield label, record.get(field) or ""
    for question, _, _, text in records.weights(record.get("weging")):
        yield question, text
    yield from records.tests(record)
    for place, row in enumerate(record.get("voorwaarden") or (), start=1):
        yield f"Voorwaarde {place}", " ".join(filter(None, (row["wie"], row["wat"], row["toetsbaar"])))
    for place, row in enumerate(record.get("aanbevelingen") or (), start=1):
        yield f"Aanbeveling {place}", row["tekst"]
    for place, row in enumerate(record.get("afzonderlijkeNotas") or (), start=1):
        yield f"Afzonderlijke nota {place}", row["tekst"]


def _stretches(text: str, found: PublicationOverview) -> list[dict[str, Any]]:
    return [
        {"text": stretch, "ground": passage.ground if passage else None}
        for stretch, passage in without(text, found.passages)
    ]


def _version_url(number: str, issue: int, *, current: bool) -> str:
    if current:
        return url_for("ruling.show", number=number)
    return url_for("ruling.show_version", number=number, issue=issue)
