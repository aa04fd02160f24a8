"""Publications: the text that will be public, with what is left out of it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.kind import path_of
from app.db.publication import Publication, Redaction
from app.domain.ruling import written
from app.schemas.form import FORMS, describe
from app.schemas.several import laid_out
from app.services.choice import options
from app.services.overview import Overview, overview, process_numbered
from app.services.publication import PublicationOverview, count_of, marked, publication_overview
from app.web import record as records
from app.web import shape
from app.web.access import LOGGED_IN, access

pages = Blueprint("publication", __name__)

# The steps of the work on a publication, by what follows from them.
STEPS = frozenset({"redact_passages", "restore_passage", "choose_attachments", "record_view", "answer_view"})
# The texts of the record in the order in which they are read, and where a passage in them is said to be.
TEXTS = {
    "titel": "titel",
    "samenvatting": "samenvatting",
    "kernvraag": "kernvraag",
    "kernregel": "kernregel",
    "feiten": "feiten",
    "juridischKader": "juridisch_kader",
    "beschouwing": "beschouwing",
}


class Part(NamedTuple):
    """A text of the record: where a passage in it is said to be, and what it is called."""

    place: str
    label: str
    text: str


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
        **shape.with_steps(shape.page(g.work, shown), shown, STEPS),
        ruling_number=found.ruling.number,
        is_whole=found.is_whole,
        texts=[
            {"place": part.place, "label": part.label, "text": part.text, "stretches": _stretches(part.text, found)}
            for part in _texts(found)
            if part.text
        ],
        passages=_passages(found),
        per_ground=[(grounds.get(code, code), amount) for code, amount in found.per_ground.items()],
        attachments=[{"title": row.title, "length": len(row.text)} for row in found.attachments],
        leaks=found.leaks,
        checks=found.checks,
        asked=found.asked,
        answered=sum(party.answered_at is not None for party in found.asked),
        views=[
            {
                "organisation": row.organisation,
                "text": row.view.text,
                "at": row.view.at,
                "answer": row.view.answer,
                "answered_at": row.view.answered_at,
            }
            for row in found.views
        ],
        marking=_marking(publication, shown),
        versions=[
            {
                "issue": row.issue,
                "at": row.published_at,
                "url": _version_url(row.number, row.issue, current=row.current),
            }
            for row in found.versions
        ],
    )


def _passages(found: PublicationOverview) -> list[dict[str, Any]]:
    """Every passage with its ground, and how often it stands in the text."""
    grounds, places = value_list("woo_grond"), value_list("uitspraakveld")
    texts = list(written(found.record))
    return [
        {
            "text": row.passage,
            "ground": grounds.get(row.ground, row.ground),
            "motivation": row.motivation,
            "place": places.get(row.field),
            "times": count_of(row, texts),
            "proposed": row.proposed,
            "restored_because": row.restored_because,
        }
        for row in found.passages
    ]


def _marking(publication: Publication, shown: Overview) -> dict[str, Any] | None:
    """The form with which passages are marked on the page itself, for who may do that now."""
    step = next(
        (one for one in shown.possibilities if one.allowed and "redact_passages" in one.transition.effects), None
    )
    if step is None or step.transition.asks is None:
        return None
    fields, values = laid_out(describe(FORMS[step.transition.asks], options(g.work, publication)), {})
    action = f"{path_of(publication)}/acties/{step.transition.action}"
    return {"fields": fields, "values": values, "action": action, "label": step.transition.label}


def _texts(found: PublicationOverview) -> Iterator[Part]:
    """Every text of the record with what it is called; what is empty says nothing."""
    record, labels = found.record, value_list("uitspraakveld")
    for field, place in TEXTS.items():
        yield Part(place, labels[place], record.get(field) or "")
    for question, _, _, text in records.weights(record.get("weging")):
        yield Part("weging", question, text)
    for label, text in records.tests(record):
        yield Part("toets", label, text)
    for number, row in enumerate(record.get("voorwaarden") or (), start=1):
        text = " ".join(filter(None, (row["wie"], row["wat"], row["toetsbaar"])))
        yield Part("voorwaarden", f"Voorwaarde {number}", text)
    for number, row in enumerate(record.get("aanbevelingen") or (), start=1):
        text = "\n".join(filter(None, (row["tekst"], row.get("eigenaar"), row.get("indicator"))))
        yield Part("aanbevelingen", f"Aanbeveling {number}", text)
    for number, row in enumerate(record.get("afzonderlijkeNotas") or (), start=1):
        yield Part("afzonderlijke_notas", f"Afzonderlijke nota {number}", row["tekst"])
    yield Part("doel", labels["doel"], record.get("doel") or "")
    yield Part("gegevenscategorieen", labels["gegevenscategorieen"], ", ".join(record.get("gegevenscategorieen") or ()))
    yield Part("partijen", labels["partijen"], "\n".join(row["naam"] for row in record.get("partijen") or ()))
    for row in record.get("citaties") or ():
        yield Part("citaties", f"Verwijzing naar {row['nummer']}", row.get("reden") or "")
    for number, row in enumerate(record.get("bijlagen") or (), start=1):
        yield Part("bijlagen", f"Bijlage {number}: {row['titel']}", row["tekst"])


def _stretches(text: str, found: PublicationOverview) -> list[dict[str, Any]]:
    out: list[Redaction] = list(found.staying_out)
    return [{"text": stretch, "ground": ", ".join(grounds)} for stretch, grounds in marked(text, out)]


def _version_url(number: str, issue: int, *, current: bool) -> str:
    if current:
        return url_for("ruling.show", number=number)
    return url_for("ruling.show_version", number=number, issue=issue)
