"""The papers of a meeting and of an item, and its minutes, as a document with exactly what the reader may see now.

Looking changes nothing: where a document is not there yet, the reader asks for it with a button.
"""

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db.meeting import AgendaItem, Bundle, Meeting, Paper
from app.domain.errors import NotVisible, WithheldFromMember
from app.services.minutes import ask_for_minutes, document_of_minutes, minutes_kept
from app.services.overview import process_numbered, sight_of
from app.services.paper import ask_for_bundle, ask_for_paper, bundle_of, paper_of
from app.web.access import LOGGED_IN, WHEN_PUBLIC, access
from app.web.errors import card_page
from app.web.ruling import PDF_POLICY

pages = Blueprint("paper", __name__)

DRAWN_SOON = 5


@pages.get("/vergaderingen/<number>/stukken.pdf")
@access(LOGGED_IN)
def bundle(number: str) -> ResponseReturnValue:
    """The papers of a meeting for this reader, or a page that says that they are not drawn yet."""
    meeting = _sent(number)
    back = url_for("meeting.show", number=number)
    return _document(bundle_of(g.work, meeting), f"stukken-{number}.pdf", meeting.title, back)


@pages.post("/vergaderingen/<number>/stukken.pdf")
@access(LOGGED_IN)
def draw_bundle(number: str) -> ResponseReturnValue:
    """Ask for the papers of a meeting as a document."""
    ask_for_bundle(g.work, _sent(number))
    return redirect(url_for("paper.bundle", number=number), 303)


@pages.get("/agendapunten/<number>/stukken.pdf")
@access(LOGGED_IN)
def item(number: str) -> ResponseReturnValue:
    """The papers of one item; for who may not see the item the card that says why."""
    try:
        found = process_numbered(g.work, AgendaItem, number)
    except WithheldFromMember:
        return card_page(number)
    paper = paper_of(g.work, found)
    if paper is None:
        raise NotVisible(number)
    return _document(paper, f"stukken-{number}.pdf", found.title, url_for("agenda.show", number=number))


@pages.post("/agendapunten/<number>/stukken.pdf")
@access(LOGGED_IN)
def draw_item(number: str) -> ResponseReturnValue:
    """Ask for the papers of one item as a document."""
    ask_for_paper(g.work, process_numbered(g.work, AgendaItem, number))
    return redirect(url_for("paper.item", number=number), 303)


@pages.get("/vergaderingen/<number>/verslag.pdf")
@access(WHEN_PUBLIC)
def minutes(number: str) -> ResponseReturnValue:
    """The minutes of a meeting as this reader may read them."""
    meeting, involved = _with_minutes(number)
    back = url_for("meeting.show", number=number)
    return _document(minutes_kept(g.work, meeting, involved=involved), f"verslag-{number}.pdf", meeting.title, back)


@pages.post("/vergaderingen/<number>/verslag.pdf")
@access(WHEN_PUBLIC)
def draw_minutes(number: str) -> ResponseReturnValue:
    """Ask for the minutes as a document."""
    meeting, involved = _with_minutes(number)
    ask_for_minutes(g.work, meeting, involved=involved)
    return redirect(url_for("paper.minutes", number=number), 303)


def _sent(number: str) -> Meeting:
    """A meeting of which the papers went out, for who takes part in it."""
    meeting = process_numbered(g.work, Meeting, number)
    if meeting.papers_sent_at is None or not sight_of(g.work, meeting).involved:
        raise NotVisible(number)
    return meeting


def _with_minutes(number: str) -> tuple[Meeting, bool]:
    """A meeting of which there are minutes that the reader may read, and whether the reader takes part in it."""
    meeting = process_numbered(g.work, Meeting, number)
    involved = sight_of(g.work, meeting).involved
    if document_of_minutes(g.work, meeting, involved=involved) is None:
        raise NotVisible(number)
    return meeting, involved


def _document(found: Bundle | Paper | None, name: str, title: str, back: str) -> ResponseReturnValue:
    """The file, or a page with the same address to ask for it or to try again."""
    if found is None or found.pdf_digest is None:
        page = render_template("meeting/drawing.html", title=title, back=back, here=request.path, asked=found)
        return page, 202, {"Retry-After": str(DRAWN_SOON)}
    response = Response(current_app.extensions["store"].read(found.pdf_digest), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Content-Security-Policy"] = PDF_POLICY
    # What the reader may see can be another thing at the next request.
    response.headers["Cache-Control"] = "no-store"
    return response
