"""Meetings of the commission and the items on their agenda."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.meeting import AgendaItem, Meeting
from app.domain.access import SECRETARY_ROLE
from app.domain.errors import Invalid
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.schemas.meeting import MeetingForm
from app.services.agenda import AgendaEntry, agenda
from app.services.appointment import calendar_file_of
from app.services.choice import options
from app.services.meeting import (
    MeetingRow,
    Point,
    Seat,
    action_points,
    call_meeting,
    meetings,
    rules_shown,
    seats,
)
from app.services.minutes import minutes_of
from app.services.overview import overview, process_numbered
from app.services.paper import lines_of, was_sent_later
from app.services.withholding import cards
from app.web import shape
from app.web.access import LOGGED_IN, WHEN_PUBLIC, access

pages = Blueprint("meeting", __name__)

# What is done with a meeting without moving it, by what follows from it.
SECRETARY_DOES = frozenset(
    {"order_agenda", "add_other_item", "send_papers", "note_attendance", "write_minutes", "add_action_point"}
)


@pages.get("/vergaderingen")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """The meetings that the reader may see, the last day first."""
    stretch = meetings(g.work, after=request.args.get("na") or None)
    return render_template(
        "meeting/index.html",
        rows=[_row(row) for row in stretch.rows],
        may_call=SECRETARY_ROLE in g.work.actor.roles,
        today=g.work.today,
        next_url=url_for("meeting.index", na=stretch.following) if stretch.following else None,
        first_url=url_for("meeting.index") if "na" in request.args else None,
    )


@pages.get("/vergaderingen/nieuw")
@access(SECRETARY_ROLE)
def begin() -> ResponseReturnValue:
    """Ask when and where."""
    return _show_form(to_html(MeetingForm, beginning(MeetingForm)), {})


@pages.post("/vergaderingen/nieuw")
@access(SECRETARY_ROLE)
def call() -> ResponseReturnValue:
    """Begin a meeting, or say what is wrong with all that was typed still there."""
    given = from_html(MeetingForm, request.form)
    try:
        answers = load(MeetingForm, given)
        with g.work.session.begin_nested():
            meeting = call_meeting(g.work, **answers)
    except Invalid as error:
        return _show_form(to_html(MeetingForm, given), page_faults(MeetingForm, error.faults)), 400
    flash(f"Vergadering {meeting.number} is gemaakt.", "success")
    return redirect(url_for("meeting.show", number=meeting.number), 303)


@pages.get("/vergaderingen/<number>")
@access(WHEN_PUBLIC)
def show(number: str) -> ResponseReturnValue:
    """One meeting: what is on its agenda, who was there, and the minutes."""
    meeting = process_numbered(g.work, Meeting, number)
    shown = overview(g.work, meeting)
    members = seats(g.work, meeting)
    own, earlier = action_points(g.work, meeting) if shown.involved else ([], [])
    return render_template(
        "meeting/show.html",
        **shape.with_steps(shape.page(g.work, shown), shown, SECRETARY_DOES),
        meeting=meeting,
        agenda=_lines(meeting, members) if shown.involved else [],
        papers=_papers(meeting) if shown.involved else None,
        seats=[_seat(seat) for seat in members],
        present=sum(bool(seat.present) for seat in members),
        is_opened=meeting.began_at is not None,
        minutes=minutes_of(g.work, meeting, involved=shown.involved),
        points=[_point(point) for point in own],
        earlier_points=[_point(point) for point in earlier],
        rules=rules_shown(g.work, meeting),
    )


@pages.get("/vergaderingen/<number>/agenda.ics")
@access(LOGGED_IN)
def calendar(number: str) -> ResponseReturnValue:
    """The meeting for a calendar: when and where, and nothing of what is discussed."""
    meeting = process_numbered(g.work, Meeting, number)
    public_url = current_app.extensions["config"].public_url
    response = Response(calendar_file_of(g.work, meeting, public_url=public_url), mimetype="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename=f"{number}.ics")
    return response


def _show_form(values: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    return render_template(
        "meeting/new.html", fields=describe(MeetingForm, options(g.work)), values=values, errors=errors
    )


def _row(row: MeetingRow) -> dict[str, Any]:
    state = g.work.workflows[Meeting.kind_name(), row.version].states[row.state]
    return {
        "number": row.number,
        "url": url_for("meeting.show", number=row.number),
        "title": row.title,
        "day": row.day,
        "starts_at": row.starts_at,
        "place": row.place,
        "items": row.items,
        "state": state.label,
        "tone": shape.tone(state),
        "example": row.demonstration,
    }


def _lines(meeting: Meeting, members: list[Seat]) -> list[dict[str, Any]]:
    """The agenda in its order; an item that is withheld from the reader is only a card."""
    lines = [_entry(entry, members) for entry in agenda(g.work, meeting)]
    lines += [shape.card(g.work, one) for one in cards(g.work, meeting)]
    return sorted(lines, key=lambda line: line["position"])


def _entry(entry: AgendaEntry, members: list[Seat]) -> dict[str, Any]:
    item = entry.item
    state = g.work.workflows[AgendaItem.kind_name(), item.version].states[item.state]
    voting = sum(seat.votes for seat in members)
    return {
        "position": item.position,
        "withheld": False,
        "number": item.number,
        "url": url_for("agenda.show", number=item.number),
        "title": item.title,
        "state": state.label,
        "tone": shape.tone(state),
        "time": ", ".join(filter(None, (item.starts_at, f"{item.duration} minuten" if item.duration else None))),
        "urgent": item.urgent,
        "declared": f"{entry.declared} van de {voting} leden",
        "excused_members": entry.excused_members,
        "result": _counts(entry),
        "example": item.demonstration,
    }


def _papers(meeting: Meeting) -> dict[str, Any] | None:
    """The document with what this reader may see, once the papers went out."""
    if meeting.papers_sent_at is None:
        return None
    lines = lines_of(g.work, meeting)
    return {
        "url": url_for("paper.bundle", number=meeting.number),
        "at": meeting.papers_sent_at,
        "items": sum(line["stuk"] is not None for line in lines),
        "withheld": sum(line["titel"] is None for line in lines),
        "later": was_sent_later(g.work, meeting),
    }


def _point(point: Point) -> dict[str, Any]:
    return {**point._asdict(), "url": url_for("meeting.show", number=point.meeting)}


def _counts(entry: AgendaEntry) -> str | None:
    if entry.result is None:
        return "Bij consensus" if entry.item.consensus else None
    counted = entry.result
    return f"{counted.votes_for} voor, {counted.votes_against} tegen, {counted.abstained} onthouding"


def _seat(seat: Seat) -> dict[str, Any]:
    words = {True: ("Aanwezig", "success"), False: ("Afwezig", "neutral"), None: (None, None)}
    note, tone = ("Afwezig met bericht", "neutral") if seat.apologised else words[seat.present]
    if seat.present and seat.replaces:
        note = f"Aanwezig, vervangt {seat.replaces}"
    return {
        "role": value_list("rol").get(seat.role, seat.role),
        "name": seat.name,
        "url": None,
        "note": note,
        "tone": tone,
    }
