"""What looks alike as pages show it; how suggestions are judged, how often they fit, and from when there is one."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.case import Case
from app.db.kind import path_of
from app.db.precedent import Precedent
from app.domain.access import ADMINISTRATOR_ROLE, ANALYST_ROLE, PRECEDENT_KEEPERS, TRIAGE_ROLE
from app.domain.errors import Invalid
from app.domain.matching import percent
from app.schemas.form import describe, from_html, load, page_faults, to_html
from app.schemas.matching import ThresholdForm
from app.services.choice import options
from app.services.export import table_of_uses
from app.services.matching import Match
from app.services.overview import Overview, process_numbered
from app.services.precedent import flags_of
from app.services.recognition import ANSWERED, answering_precedents, joined_cases, uses_by_year
from app.services.report import joinable
from app.services.suggestion import (
    MERGES,
    PROPOSES,
    judge,
    judged_by_band,
    likeness,
    reach,
    set_threshold,
    threshold,
)
from app.services.work import Work
from app.web import record as records
from app.web import shape
from app.web.access import LOGGED_IN, access
from app.web.table import csv_response

pages = Blueprint("matching", __name__)

SETTERS = frozenset({ADMINISTRATOR_ROLE, ANALYST_ROLE})
# The field of its form that a suggestion fills in, by the effect of the action.
FILLED_IN = {MERGES: "hoofdknelpunt", PROPOSES: "precedent"}
ASKED = {MERGES: "Lijkt op een bekend knelpunt: samenvoegen?", PROPOSES: "Dit precedent past misschien: voorstellen?"}
TRIED_THRESHOLDS = tuple(range(10, 100, 10))


@pages.get("/precedenten/gebruik")
@access(*PRECEDENT_KEEPERS)
def usage() -> ResponseReturnValue:
    """Which precedents prevent reports, which cases are recognised, and whether suggestions are right."""
    year = _year()
    years = uses_by_year(g.work)
    answered, joined = answering_precedents(g.work, year=year), joined_cases(g.work, year=year)
    return render_template(
        "matching/usage.html",
        year=year,
        years=sorted({one for one, _, _ in years}, reverse=True),
        by_year=years,
        answered=[
            (f"{row.number} {row.title}", row.amount, url_for("precedent.show", number=row.number)) for row in answered
        ],
        joined=[(f"{row.number} {row.title}", row.amount, url_for("case.show", number=row.number)) for row in joined],
        labels=value_list("herkenning"),
        answered_use=ANSWERED,
        judged=judged_by_band(g.work),
        threshold=threshold(g.work),
        may_see_threshold=bool(g.work.actor.roles & (SETTERS | {TRIAGE_ROLE})),
    )


@pages.get("/precedenten/gebruik.csv")
@access(*PRECEDENT_KEEPERS)
def table() -> ResponseReturnValue:
    """The same counts as a file, for each year."""
    return csv_response("gebruik-van-precedenten", table_of_uses(g.work))


@pages.get("/precedenten/drempel")
@access(*SETTERS, TRIAGE_ROLE)
def ask_threshold() -> ResponseReturnValue:
    """From when something is suggested, and what another choice would do."""
    return _threshold({"procent": threshold(g.work)}, {})


@pages.post("/precedenten/drempel")
@access(*SETTERS)
def keep_threshold() -> ResponseReturnValue:
    """Set it."""
    given = from_html(ThresholdForm, request.form)
    try:
        set_threshold(g.work, load(ThresholdForm, given)["percents"])
    except Invalid as error:
        return _threshold(given, page_faults(ThresholdForm, error.faults), status=400)
    flash("De drempel is opgeslagen. Hij geldt vanaf nu voor elk knelpunt.", "success")
    return redirect(url_for("matching.ask_threshold"), 303)


@pages.post("/knelpunten/<number>/suggesties")
@access(LOGGED_IN)
def verdict(number: str) -> ResponseReturnValue:
    """Keep whether a suggestion for a case is right."""
    case = process_numbered(g.work, Case, number)
    right = request.form.get("klopt") == "ja"
    judge(g.work, case, request.form.get("nummer", ""), right=right)
    told = "Bedankt. U vond dat deze suggestie klopt." if right else "Bedankt. Wij tonen deze suggestie hier niet meer."
    flash(told, "success")
    return redirect(path_of(case) + "#suggesties", 303)


def cards(work: Work, found: Sequence[Match]) -> list[dict[str, Any]]:
    """What looks alike: what it is, whether it stands, the rule in a sentence, why it is shown and what differs."""
    least = threshold(work)
    return [_card(work, one, least) for one in found]


def cards_to_join(work: Work, found: Sequence[Match]) -> list[dict[str, Any]]:
    """The same for who is about to report, with what that person can do with each."""
    can = joinable(work, [one.process for one in found if isinstance(one.process, Case)])
    return [
        {**card, "joinable": one.process.id in can, "answers": not one.is_case and not one.ended}
        for card, one in zip(cards(work, found), found, strict=True)
    ]


def part_of_case(case: Case, shown: Overview) -> dict[str, Any]:
    """What the page of a case shows of what looks like it; suggestions for who can act on them now."""
    allowed = [one for one in shown.possibilities if one.allowed] if shown.handling else []
    actions = {
        effect: one.transition.action for one in allowed for effect in one.transition.effects if effect in FILLED_IN
    }
    found = likeness(g.work, case, actions.keys(), involved=shown.involved)
    least = found.threshold
    return {
        "suggested": [_suggestion(case, one, actions, found.verdicts, least) for one in found.suggested],
        "refused": [_suggestion(case, one, actions, found.verdicts, least) for one in found.refused],
        "others": [_card(g.work, one, least) for one in found.others],
        "judging": url_for("matching.verdict", number=case.number),
    }


def _suggestion(
    case: Case, one: Match, actions: Mapping[str, str], verdicts: Mapping[str, bool], least: int
) -> dict[str, Any]:
    effect = MERGES if one.is_case else PROPOSES
    address = f"{path_of(case)}/acties/{actions[effect]}"
    return {
        **_card(g.work, one, least),
        "asked": ASKED[effect],
        "action_url": f"{address}?{FILLED_IN[effect]}={one.number}",
        "verdict": verdicts.get(one.number),
    }


def _card(work: Work, one: Match, least: int) -> dict[str, Any]:
    process = one.process
    state = work.workflows[process.kind, process.version].states[process.state]
    tone = shape.tone(state)
    flags: tuple[str, ...] = ()
    if isinstance(process, Precedent):
        tone = records.standing(state, is_nuanced=process.is_nuanced, in_force=process.in_force_from is not None)
        flags = flags_of(process)
    return {
        "number": one.number,
        "url": path_of(process),
        "title": one.title,
        "status": state.label,
        "tone": tone,
        "flags": flags,
        "rule": one.rule,
        "why": one.why,
        "notes": one.notes,
        "share": percent(one.share),
        "weak": percent(one.share) < least,
        "is_case": one.is_case,
        "ended": one.ended,
        "example": process.demonstration,
    }


def _threshold(values: Mapping[str, Any], faults: Mapping[str, Any], *, status: int = 200) -> ResponseReturnValue:
    now = threshold(g.work)
    tried = sorted({*TRIED_THRESHOLDS, now})
    text = render_template(
        "matching/threshold.html",
        now=now,
        tried=tried,
        reach=reach(g.work, tried),
        judged=judged_by_band(g.work),
        may_set=bool(g.work.actor.roles & SETTERS),
        may_see_usage=bool(g.work.actor.roles & PRECEDENT_KEEPERS),
        fields=describe(ThresholdForm, options(g.work)),
        values=to_html(ThresholdForm, values),
        errors=faults,
    )
    return text, status


def _year() -> int | None:
    given = request.args.get("jaar", "")
    return int(given) if given.isdecimal() and len(given) == 4 else None
