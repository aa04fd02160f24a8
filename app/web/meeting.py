"""Meetings of the commission and the items on their agenda."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.meeting import AgendaItem, Meeting
from app.domain.access import SECRETARY_ROLE
from app.domain.errors import Invalid
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.schemas.meeting import MeetingForm
from app.services.agenda import AgendaEntry, ItemOverview, MemberInterest, Result, agenda, is_excused, item_overview
from app.services.choice import options
from app.services.facts import EXCUSED
from app.services.meeting import MeetingRow, Seat, call_meeting, meetings, seats
from app.services.overview import overview, process_numbered
from app.web import shape
from app.web.access import LOGGED_IN, WHEN_PUBLIC, access

pages = Blueprint("meeting", __name__)

# What members do with an item without moving it, by what follows from it.
MEMBERS_DO = frozenset({"declare_interest", "judge_interest", "cast_vote", "add_separate_note"})


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
    return render_template(
        "meeting/show.html",
        **shape.page(g.work, shown),
        meeting=meeting,
        agenda=[_entry(entry, members) for entry in agenda(g.work, meeting)] if shown.involved else [],
        seats=[_seat(seat) for seat in members],
        present=sum(bool(seat.present) for seat in members),
        is_opened=meeting.began_at is not None,
    )


@pages.get("/agendapunten/<number>")
@access(LOGGED_IN)
def show_item(number: str) -> ResponseReturnValue:
    """One item: the question, the advice, the interests, and the vote without a single vote in it."""
    item = process_numbered(g.work, AgendaItem, number)
    if is_excused(g.work, item):
        return render_template("agenda/excused.html", number=item.number)
    shown = overview(g.work, item)
    found = item_overview(g.work, item)
    given = shape.with_steps(shape.page(g.work, shown), shown, MEMBERS_DO)
    # A vote cannot be changed, so who voted is not asked again.
    done = shape.actions_that(shown, {"cast_vote"}) if found.has_voted else set()
    return render_template(
        "agenda/show.html",
        **{**given, "actions": [action for action in given["actions"] if action["action"] not in done]},
        item=item,
        meeting=found.meeting,
        case=found.case,
        interests=[_interest(row) for row in found.interests],
        unanswered=sum(not row.answered for row in found.interests),
        vote=_vote(found, g.work.actor.account_id),
        results=[_result(row) for row in found.results],
        notes=[
            {"text": note.text, "at": note.at, "own": note.account_id == g.work.actor.account_id}
            for note in found.notes
        ],
        interventions=[value_list("interventie").get(code, code) for code in item.interventions or ()],
        held_over_because=value_list("aanhoudgrond").get(item.held_over_because or "", item.held_over_because),
        quorum=found.quorum,
        present=found.present,
    )


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


def _entry(entry: AgendaEntry, members: list[Seat]) -> dict[str, Any]:
    if entry.is_excused:
        return {"position": entry.item.position, "excused": True}
    item = entry.item
    state = g.work.workflows[AgendaItem.kind_name(), item.version].states[item.state]
    voting = sum(seat.votes for seat in members)
    return {
        "position": item.position,
        "excused": False,
        "number": item.number,
        "url": url_for("meeting.show_item", number=item.number),
        "title": item.title,
        "state": state.label,
        "tone": shape.tone(state),
        "urgent": item.urgent,
        "declared": f"{entry.declared} van de {voting} leden",
        "excused_members": entry.excused_members,
        "result": _counts(entry),
        "example": item.demonstration,
    }


def _counts(entry: AgendaEntry) -> str | None:
    if entry.result is None:
        return "Bij consensus" if entry.item.consensus else None
    counted = entry.result
    return f"{counted.votes_for} voor, {counted.votes_against} tegen, {counted.abstained} onthouding"


def _seat(seat: Seat) -> dict[str, Any]:
    words = {True: ("Aanwezig", "success"), False: ("Afwezig", "neutral"), None: (None, None)}
    note, tone = ("Afwezig met bericht", "neutral") if seat.apologised else words[seat.present]
    return {
        "role": value_list("rol").get(seat.role, seat.role),
        "name": seat.name,
        "url": None,
        "note": note,
        "tone": tone,
    }


def _interest(row: MemberInterest) -> dict[str, Any]:
    label, tone = _answer(row)
    return {
        "role": value_list("rol").get(row.seat.role, row.seat.role),
        "name": row.seat.name,
        "url": None,
        "note": label if row.explanation is None else f"{label}: “{row.explanation}”",
        "tone": tone if row.explanation is None else None,
    }


def _answer(row: MemberInterest) -> tuple[str, str]:
    """What may be said of a member's answer to the question of interests."""
    if not row.answered:
        return "Nog geen antwoord", "waiting"
    if row.judgement is not None:
        tone = "danger" if row.judgement == EXCUSED else "success"
        return value_list("belangoordeel").get(row.judgement, row.judgement), tone
    if row.declared is not None:
        return value_list("belang").get(row.declared, row.declared), "info"
    return "Heeft geantwoord", "info"


def _vote(found: ItemOverview, account_id: int | None) -> dict[str, Any] | None:
    if found.open_round is None:
        return None
    return {
        "proposal": found.open_round.proposal,
        "cast": found.cast,
        "voters": found.voters,
        "has_voted": found.has_voted,
    }


def _result(row: Result) -> dict[str, Any]:
    notes = [] if row.quorum else ["Bij het sluiten waren er te weinig leden aanwezig: er is niets besloten."]
    if row.silent:
        notes.append(f"{row.silent} aanwezige leden hebben niet gestemd.")
    return {
        "number": row.number,
        "proposal": row.proposal,
        "closed_at": row.closed_at,
        "votes": {
            "voor": row.votes_for,
            "tegen": row.votes_against,
            "onthouding": row.abstained,
            "verschoond": row.excused,
            "afwezig": row.absent,
        },
        "note": " ".join(notes) or None,
    }
