"""One item of an agenda: what is asked, who takes part, what is thought of it, and how it was decided."""

from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.meeting import AgendaItem
from app.domain.errors import WithheldFromMember
from app.services.agenda import ItemOverview, MemberInterest, Result, item_overview
from app.services.deliberation import (
    KnownChallenge,
    challenges,
    comparison,
    deviating_members,
    opinions,
    versions,
)
from app.services.overview import overview, process_numbered
from app.services.paper import paper_of
from app.services.sitting import EXCUSED
from app.web import shape
from app.web.access import LOGGED_IN, access
from app.web.errors import card_page

pages = Blueprint("agenda", __name__)

# What people do with an item without moving it, by what follows from it.
MEMBERS_DO = frozenset(
    {
        *("declare_interest", "judge_interest", "decide_challenge", "cast_vote", "give_opinion", "open_opinions"),
        *("keep_draft_text", "note_deviating_view", "waive_note", "add_separate_note"),
    }
)


@pages.get("/agendapunten/<number>")
@access(LOGGED_IN)
def show(number: str) -> ResponseReturnValue:
    """One item; for who may not see it yet, or takes no part in it, only a card."""
    try:
        item = process_numbered(g.work, AgendaItem, number)
    except WithheldFromMember:
        return card_page(number)
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
        challenges=[_challenge(row) for row in challenges(g.work, item)],
        opinions=opinions(g.work, item),
        leanings=value_list("neiging"),
        versions=versions(g.work, item),
        has_papers=paper_of(g.work, item) is not None,
        deviating=deviating_members(g.work, item),
        vote=_vote(found, g.work.actor.account_id),
        results=[_result(row) for row in found.results],
        broken_off=found.broken_off,
        notes=[
            {"text": note.text, "at": note.at, "own": note.account_id == g.work.actor.account_id}
            for note in found.notes
        ],
        interventions=[value_list("interventie").get(code, code) for code in item.interventions or ()],
        held_over_because=value_list("aanhoudgrond").get(item.held_over_because or "", item.held_over_because),
        rules=found.rules,
        members=found.members,
        quorum=found.quorum,
        present=found.present,
        reachable=found.reachable,
        chair=found.chair,
    )


@pages.get("/agendapunten/<number>/teksten/<int:older>/<int:newer>")
@access(LOGGED_IN)
def compare(number: str, older: int, newer: int) -> ResponseReturnValue:
    """What changed between two versions of the text on which an item is decided."""
    item = process_numbered(g.work, AgendaItem, number)
    return render_template(
        "agenda/compare.html",
        item=item,
        found=comparison(g.work, item, older, newer),
        back_url=url_for("agenda.show", number=number),
    )


def _challenge(row: KnownChallenge) -> dict[str, Any]:
    if row.granted is None:
        label, tone = "Wacht op een besluit van de andere leden", "waiting"
    else:
        outcome = "Toegewezen: het lid doet niet mee" if row.granted else "Afgewezen: het lid doet mee"
        label, tone = f"{outcome} ({row.votes_for} voor, {row.votes_against} tegen)", "neutral"
    return {**row._asdict(), "label": label, "tone": tone}


def _interest(row: MemberInterest) -> dict[str, Any]:
    label, tone = _answer(row)
    return {
        "role": value_list("rol").get(row.seat.role, row.seat.role),
        "name": row.seat.name,
        "url": None,
        "note": ". ".join([label if row.explanation is None else f"{label}: “{row.explanation}”", *row.prompts]),
        "tone": tone if row.explanation is None and not row.prompts else None,
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
        "closes_on": found.open_round.closes_on,
    }


def _result(row: Result) -> dict[str, Any]:
    notes = [] if row.quorum else ["Bij het sluiten waren er te weinig leden aanwezig: er is niets besloten."]
    if row.silent:
        who = "leden" if row.written else "aanwezige leden"
        notes.append(f"{row.silent} {who} hebben niet gestemd.")
    if row.written and row.votes_against:
        notes.append("Er was een stem tegen. Een schriftelijk voorstel is alleen aangenomen als niemand tegen is.")
    return {
        "number": row.number,
        "proposal": row.proposal,
        "closed_at": row.closed_at,
        "written": row.written,
        "checkable": row.checkable,
        "votes": {
            "voor": row.votes_for,
            "tegen": row.votes_against,
            "onthouding": row.abstained,
            "verschoond": row.excused,
            "afwezig": row.absent,
        },
        "note": " ".join(notes) or None,
    }
