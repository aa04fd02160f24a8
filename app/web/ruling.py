"""Rulings: what everybody reads, as a page, a document and data; and the draft for who works on it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.domain.dutch import day
from app.schemas.field import FieldDescription
from app.schemas.form import FORMS
from app.services.annotation import annotations_of
from app.services.body import bodies
from app.services.escalation import public_escalations
from app.services.export import table_of_rulings
from app.services.follow_up import reactions_to_ruling
from app.services.matching import like_ruling
from app.services.outcome import outcome_of_ruling
from app.services.overview import Overview, overview, process_numbered
from app.services.precedent import Citations, citations, later_rulings
from app.services.ruling import (
    RulingFilters,
    RulingRow,
    precedent_numbered,
    published,
    published_rulings,
    ruling_in_progress,
    ruling_years,
    versions_of,
)
from app.web import record as records
from app.web import register, shape
from app.web.access import EVERYBODY, LOGGED_IN, access
from app.web.matching import cards
from app.web.table import csv_response

pages = Blueprint("ruling", __name__)

# What is done with a draft, by what follows from it.
WRITING = frozenset({"update_ruling", "adopt_ruling"})
RENDERED_SOON = 10
# The parameters by which the list is narrowed.
ASKED = ("jaar", "type", "status", "orgaan", "wet")
# A viewer of PDF files in the browser draws the page itself, and needs no more than this.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@pages.get("/uitspraken")
@access(EVERYBODY)
def index() -> ResponseReturnValue:
    """The published rulings, the last adopted first."""
    given = request.args
    stretch = published_rulings(g.work, _filters(), after=given.get("na") or None)
    narrowed: dict[str, Any] = {name: given[name] for name in ASKED if given.get(name)}
    return render_template(
        "ruling/index.html",
        rows=[_row(row) for row in stretch.rows],
        stretch=stretch,
        fields=_fields(ruling_years(g.work)),
        values=given,
        narrowed=narrowed,
        capped=stretch.capped,
        next_url=url_for("ruling.index", **narrowed, na=stretch.following) if stretch.following else None,
        first_url=url_for("ruling.index", **narrowed) if "na" in given else None,
    )


@pages.get("/uitspraken.csv")
@access(EVERYBODY)
def table() -> ResponseReturnValue:
    """Exactly that list as a file."""
    return csv_response("uitspraken", table_of_rulings(g.work, _filters()))


@pages.get("/uitspraken/<number>")
@access(EVERYBODY)
def show(number: str) -> ResponseReturnValue:
    """One ruling as everybody may read it, from its public record and from nothing else."""
    return _show(published(g.work, number))


@pages.get("/uitspraken/<number>/versies/<int:issue>")
@access(EVERYBODY)
def show_version(number: str, issue: int) -> ResponseReturnValue:
    """An earlier version, which says that there is a later one."""
    return _show(published(g.work, number, issue))


@pages.get("/uitspraken/<number>.json")
@access(EVERYBODY)
def data(number: str) -> ResponseReturnValue:
    """The same record as data."""
    return register.json_answer(number)


@pages.get("/uitspraken/<number>.pdf")
@access(EVERYBODY)
def document(number: str) -> ResponseReturnValue:
    """The ruling as a document; the worker draws it, so it can be a moment away."""
    public = published(g.work, number)
    if public.withdrawn_at is not None:
        return _gone(public)
    if public.pdf_digest is None:
        page = render_template("ruling/rendering.html", number=number, title=public.title, seconds=RENDERED_SOON)
        return page, 503, {"Retry-After": str(RENDERED_SOON)}
    response = Response(current_app.extensions["store"].read(public.pdf_digest), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{number.replace(':', '-')}.pdf")
    response.headers["Content-Security-Policy"] = PDF_POLICY
    # A ruling can be withdrawn, so whoever kept the file asks whether it is still this one.
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(public.pdf_digest)
    return response.make_conditional(request)


@pages.get("/id/uitspraak/<body>/<int:year>/<int:sequence>")
@access(EVERYBODY)
def identity(body: str, year: int, sequence: int) -> ResponseReturnValue:
    """The permanent address of a ruling leads to what can be read of it."""
    return redirect(url_for("ruling.show", number=f"{body}:{year}:{sequence}"), 303)


@pages.get("/knelpunten/<number>/uitspraak")
@access(LOGGED_IN)
def draft(number: str) -> ResponseReturnValue:
    """The ruling of a case as it stands now, beside what it still lacks."""
    case = process_numbered(g.work, Case, number)
    found = ruling_in_progress(g.work, case)
    shown = overview(g.work, case)
    given = shape.with_steps(shape.page(g.work, shown), shown, WRITING)
    writing = shape.actions_that(shown, WRITING)
    return render_template(
        "ruling/draft.html",
        parts=_writing_parts(case, shown),
        **{**given, "actions": [action for action in given["actions"] if action["action"] in writing]},
        case=case,
        record=found.record,
        missing=found.gaps,
        is_whole=found.is_whole,
        is_adopted=found.ruling.number is not None,
        facts_checked_on=found.ruling.fact_check_done_on,
        public_number=found.public_number,
        sources=records.sources(g.work, found.record),
        **_parts(found.record),
    )


def _filters() -> RulingFilters:
    given = request.args
    year = given.get("jaar", "")
    return RulingFilters(
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        type=given.get("type") or None,
        law=given.get("wet") or None,
        state=given.get("status") or None,
        body=given.get("orgaan") or None,
    )


def _fields(years: Sequence[int]) -> list[FieldDescription]:
    states = g.work.newest(Precedent.kind_name()).states
    choices = {
        "jaar": ("Jaar", [(str(year), str(year)) for year in years]),
        "type": ("Soort knelpunt", list(value_list("knelpunttype").items())),
        "status": ("Status", [(slug, state.label) for slug, state in states.items()]),
        "orgaan": ("Orgaan", [(body.name, body.name) for body, _ in bodies(g.work)]),
    }
    return [
        *(
            FieldDescription(name=name, label=label, kind="selectie", required=False, choices=known)
            for name, (label, known) in choices.items()
        ),
        shape.law_field("wet", request.args.get("wet")),
    ]


def _writing_parts(case: Case, shown: Overview) -> list[tuple[str, str]]:
    """The parts in which the text can be written now, each with its own page."""
    writing = next(
        (one for one in shown.possibilities if one.allowed and "update_ruling" in one.transition.effects), None
    )
    if writing is None or writing.transition.asks is None:
        return []
    form, action = FORMS[writing.transition.asks], writing.transition.action
    address = partial(url_for, "process.ask", collection=COLLECTIONS[case.kind], number=case.number, action=action)
    return [(part.label, address(deel=part.slug)) for part in form.parts]


def _show(public: PublicRecord) -> ResponseReturnValue:
    if public.withdrawn_at is not None:
        return _gone(public)
    precedent = precedent_numbered(g.work, public.number)
    cited = citations(g.work, precedent, public) if precedent else None
    status = _standing(precedent)
    return render_template(
        "ruling/show.html",
        public=public,
        record=public.record,
        precedent=precedent,
        later=later_rulings(g.work, precedent) if precedent else None,
        status=status,
        drawn=records.picture(
            public.number,
            status["label"] if status else None,
            ended=bool(status and status["final"]),
            record=public.record,
            around=cited or Citations((), ()),
        ),
        cites=records.cited(cited.cites) if cited else [],
        cited_by=records.cited(cited.cited_by) if cited else [],
        recommendations=_followup(public),
        outcomes=outcome_of_ruling(g.work, public.number),
        escalations=public_escalations(g.work, public),
        permanent=current_app.extensions["config"].public_url.rstrip("/") + (public.record.get("uri") or ""),
        versions=versions_of(g.work, public.number),
        sources=records.sources(g.work, public.record),
        annotations=annotations_of(g.work, public.number),
        alike=cards(g.work, like_ruling(g.work, public)),
        **register.addresses(public.number),
        citation=records.citation_line(public.record, day(public.adopted_on)),
        **_parts(public.record),
    )


def _gone(public: PublicRecord) -> ResponseReturnValue:
    return render_template("ruling/gone.html", public=public), 410


def _parts(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "conclusion": records.concluded(record.get("conclusie")),
        "weights": records.weights(record.get("weging")),
        "tests": records.tests(record),
        "laws": records.laws(record),
        "votes": _votes(record),
    }


def _votes(record: Mapping[str, Any]) -> dict[str, int] | None:
    counted = record.get("stemuitslag")
    return {**counted, "verschoond": record.get("verschoond") or 0} if counted else None


def _standing(precedent: Precedent | None) -> dict[str, Any] | None:
    if precedent is None:
        return None
    state = records.state_of(g.work, precedent.version, precedent.state)
    tone = records.standing(state, is_nuanced=precedent.is_nuanced, in_force=precedent.in_force_from is not None)
    return {"label": state.label, "tone": tone, "final": state.final}


def _row(row: RulingRow) -> dict[str, Any]:
    known = row.precedent_state is not None and row.precedent_version is not None
    state = records.state_of(g.work, row.precedent_version or 0, row.precedent_state or "") if known else None
    return {
        "number": row.number,
        "url": url_for("ruling.show", number=row.number),
        "title": row.title,
        "rule": row.rule,
        "conclusion": row.conclusion,
        "adopted_on": row.adopted_on,
        "status": state.label if state else None,
        "tone": records.standing(state, is_nuanced=row.is_nuanced, in_force=True) if state else "neutral",
        "flags": row.flags,
        "example": row.demonstration,
    }


def _followup(public: PublicRecord) -> list[dict[str, Any]]:
    """The recommendations of a ruling, each with what the organisations answered."""
    reactions = reactions_to_ruling(g.work, public.number)
    return [
        {**row, "reactions": _answers(reactions.get(place, {}))}
        for place, row in enumerate(public.record.get("aanbevelingen") or (), start=1)
    ]


def _answers(counts: Mapping[str | None, int]) -> list[dict[str, Any]]:
    return [{**records.reaction(code), "count": counts[code]} for code in records.ANSWERS if counts.get(code)]
