"""Papers and minutes as documents: asking for one, and getting it when it was drawn."""

from collections.abc import Callable

from flask import Response, current_app

from app.api.operation import Answer, Call, operation
from app.db.kind import COLLECTIONS
from app.db.meeting import AgendaItem, Meeting
from app.domain.errors import GuardFailed, NotVisible
from app.schemas.paper import DrawingSchema
from app.services.minutes import ask_for_minutes, document_of_minutes, minutes_kept
from app.services.overview import process_numbered, sight_of
from app.services.paper import ask_for_bundle, ask_for_paper, bundle_of, paper_of
from app.services.work import Work

MEETINGS, ITEMS = COLLECTIONS[Meeting.kind_name()], COLLECTIONS[AgendaItem.kind_name()]
PDF = "application/pdf"
NOT_DRAWN = "Dit document is nog niet gemaakt. Vraag het met POST op hetzelfde adres, en probeer het daarna opnieuw."


def _papers(work: Work, number: str) -> str | None:
    return _digest(bundle_of(work, _sent(work, number)))


def _draw_papers(work: Work, number: str) -> None:
    ask_for_bundle(work, _sent(work, number))


def _item(work: Work, number: str) -> str | None:
    paper = paper_of(work, process_numbered(work, AgendaItem, number))
    if paper is None:
        raise NotVisible(number)
    return _digest(paper)


def _draw_item(work: Work, number: str) -> None:
    if ask_for_paper(work, process_numbered(work, AgendaItem, number)) is None:
        raise NotVisible(number)


def _minutes(work: Work, number: str) -> str | None:
    meeting, involved = _with_minutes(work, number)
    return _digest(minutes_kept(work, meeting, involved=involved))


def _draw_minutes(work: Work, number: str) -> None:
    meeting, involved = _with_minutes(work, number)
    ask_for_minutes(work, meeting, involved=involved)


def _sent(work: Work, number: str) -> Meeting:
    """A meeting of which the papers went out, for who takes part in it."""
    meeting = process_numbered(work, Meeting, number)
    if meeting.papers_sent_at is None or not sight_of(work, meeting).involved:
        raise NotVisible(number)
    return meeting


def _with_minutes(work: Work, number: str) -> tuple[Meeting, bool]:
    """A meeting of which there are minutes that the reader may read, and whether the reader takes part in it."""
    meeting = process_numbered(work, Meeting, number)
    involved = sight_of(work, meeting).involved
    if document_of_minutes(work, meeting, involved=involved) is None:
        raise NotVisible(number)
    return meeting, involved


def _digest(found: object) -> str | None:
    digest: str | None = getattr(found, "pdf_digest", None)
    return digest


def _register(
    path: str, name: str, what: str, kept: Callable[[Work, str], str | None], ask: Callable[[Work, str], None]
) -> None:
    """The two calls of a document."""

    def download(call: Call, number: str) -> Response:
        digest = kept(call.work, number)
        if digest is None:
            raise GuardFailed(NOT_DRAWN)
        response = Response(current_app.extensions["store"].read(digest), mimetype=PDF)
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{number}.pdf")
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    def draw(call: Call, number: str) -> Answer:
        ask(call.work, number)
        return Answer({"drawn": kept(call.work, number) is not None})

    tag = path.split("/")[1].capitalize()
    operation(
        "GET",
        path,
        name=f"{name}Ophalen",
        summary=f"{what} als document, met precies wat u mag zien",
        tag=tag,
        takes={"gives": PDF, "409": "Het document is nog niet gemaakt."},
    )(download)
    operation(
        "POST", path, name=f"{name}Aanvragen", summary=f"{what} als document laten maken", tag=tag, gives=DrawingSchema
    )(draw)


_register(f"/{MEETINGS}/<number>/stukken", "vergaderstukken", "De stukken van een vergadering", _papers, _draw_papers)
_register(f"/{MEETINGS}/<number>/verslag", "verslag", "Het verslag van een vergadering", _minutes, _draw_minutes)
_register(f"/{ITEMS}/<number>/stukken", "puntstukken", "De stukken van een agendapunt", _item, _draw_item)
