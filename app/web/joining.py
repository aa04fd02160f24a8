"""Having the same bottleneck: one page that asks only what differs, and a report that joins the known case."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db.case import TYPE, Case, CaseLaw
from app.db.report import Draft
from app.domain.access import COORDINATOR_ROLE, REPORTER_ROLE
from app.domain.errors import Invalid, NotVisible
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.schemas.joining import JoiningForm
from app.schemas.report import CHECK, PERSONAL_DATA_REASON, ReportSchema, faults_of, findings
from app.services import report as reports
from app.services.choice import options
from app.services.overview import process_numbered, sight_of
from app.services.recognition import count_joining
from app.web.access import access
from app.web.report import attach_files

pages = Blueprint("joining", __name__)

TRIED = "Er is al een knelpunt bekend: {number}. Onze melding sluit daarbij aan."
SAME = "Bij ons gaat het net zo als in {number}."
BOX = "uitwisseling"
DRAFT = "melding"
"""The parameter with the key of the draft from which somebody came here."""
# What the form asks and a draft may know already; and what a draft says and the form does not ask.
ASKED = (BOX, "maatschappelijkEffect", "urgentie", "omschrijving")
OWN = ("titel", "kernvraag", "typen", "alGeprobeerd", "vertrouwelijkheid")


@pages.get("/knelpunten/<number>/ook-last-van")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def ask(number: str) -> ResponseReturnValue:
    """The form, filled with the exchange of the case for who may read its file, or with what was typed in a draft."""
    case = _joinable(number)
    known: dict[str, Any] = {"urgentie": "normaal"}
    if sight_of(g.work, case).involved:
        known[BOX] = case.exchange
    draft = _draft(request.args.get(DRAFT))
    typed = {name: value for name in ASKED if draft and (value := draft.answers.get(name))}
    return _show(case, to_html(JoiningForm, {**beginning(JoiningForm), **known, **typed}), {}, draft=draft)


@pages.post("/knelpunten/<number>/ook-last-van")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def send(number: str) -> ResponseReturnValue:
    """Send the report; where the coordinator of the organisation sends reports, it waits for that as a draft."""
    case = _joinable(number)
    draft = _draft(request.form.get(DRAFT))
    given = from_html(JoiningForm, request.form)
    try:
        load(JoiningForm, given)
        told = {**_told(case, given), **_own_words(draft)}
        if reports.needs_approval(g.work, reports.reporting_organisation(g.work)):
            waiting = _kept(draft, told)
            return redirect(url_for("report.step", key=waiting.key, slug=CHECK.slug), 303)
        with g.work.session.begin_nested():
            report = reports.file_report(g.work, load(ReportSchema, told))
            if draft is not None:
                attach_files(draft, report.case_id)
                count_joining(g.work, draft, case)
                reports.delete_draft(g.work, draft)
                g.work.session.flush()
    except Invalid as error:
        faults = page_faults(JoiningForm, error.faults)
        return _show(case, to_html(JoiningForm, given), faults, draft=draft, status=400)
    flash(f"Uw melding sluit aan bij {case.number}. Het nummer is {report.number}.", "success")
    return redirect(url_for("report.show", number=report.number), 303)


def _joinable(number: str) -> Case:
    """A case that still runs and that the actor's organisation has not reported yet."""
    case = process_numbered(g.work, Case, number)
    state = g.work.workflows[case.kind, case.version].states[case.state]
    if state.final or not reports.can_join(g.work, case):
        raise NotVisible(number)
    return case


def _told(case: Case, given: Mapping[str, Any]) -> dict[str, Any]:
    """The whole report as a machine would send it: what the case says, and what the reporter says of the own case.

    Who joins reads the file of the case from then on, so what was left open may be as the case has it.
    """
    own = given.get(BOX) or {}
    same = SAME.format(number=case.number)
    return {
        "titel": case.title,
        "kernvraag": case.key_question,
        "typen": [row.value for row in case.facets if row.facet == TYPE],
        "grondslagen": [_law(row) for row in case.laws],
        "grondslagOnbekend": not case.laws,
        "alGeprobeerd": TRIED.format(number=case.number),
        "vertrouwelijkheid": "intern",
        "sluitAanBij": case.number,
        **given,
        BOX: {**case.exchange, **{name: value for name, value in own.items() if value}},
        "maatschappelijkEffect": given.get("maatschappelijkEffect") or same,
        "omschrijving": given.get("omschrijving") or same,
    }


def _draft(key: str | None) -> Draft | None:
    """The draft from which somebody came here, if any."""
    return reports.draft_of(g.work, key) if key else None


def _own_words(draft: Draft | None) -> dict[str, Any]:
    """What a draft says itself, as far as a report may say it so."""
    if draft is None:
        return {}
    faults = faults_of(draft.answers)
    return {name: value for name in OWN if (value := draft.answers.get(name)) and name not in faults}


def _kept(draft: Draft | None, told: Mapping[str, Any]) -> Draft:
    """The whole report as a draft: in the one from which somebody came, or in a new one."""
    if draft is None:
        return reports.start_draft(g.work, told)
    reports.keep_draft(g.work, draft, told)
    return draft


def _law(row: CaseLaw) -> dict[str, Any]:
    return {
        "stelsel": row.system,
        "id": row.identifier,
        "artikel": row.article,
        "lid": row.paragraph,
        "onderdeel": row.part,
        "geldigOp": row.valid_on.isoformat() if row.valid_on else None,
    }


def _show(
    case: Case,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    *,
    draft: Draft | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    sources = {"organisations": url_for("organisation.names")}
    asked = PERSONAL_DATA_REASON in errors or bool(findings(from_html(JoiningForm, request.form)))
    fields = [
        field
        for field in describe(JoiningForm, options(g.work), sources)
        if field.name != PERSONAL_DATA_REASON or asked
    ]
    text = render_template("report/join.html", case=case, fields=fields, values=values, errors=errors, draft=draft)
    return text, status
