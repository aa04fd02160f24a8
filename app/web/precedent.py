"""Precedents: looking for one, and reading when it can be used."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.precedent import Precedent
from app.domain import number as numbers
from app.schemas.field import FieldDescription
from app.services.application import objections
from app.services.export import table_of_precedents
from app.services.external import citing_rulings, external_decision, laws_of
from app.services.finding import ASKED, OF_COMMISSION, OF_OTHERS, ExternalRow, FoundRow, found, search_of
from app.services.law import known_laws
from app.services.outcome import outcome_of_ruling
from app.services.overview import overview, process_numbered
from app.services.precedent import citations, later_rulings, precedent_years, public_text
from app.services.search import marked, words_of
from app.web import record as records
from app.web import shape
from app.web.access import EVERYBODY, WHEN_PUBLIC, access
from app.web.record import path_of_external
from app.web.table import csv_response

pages = Blueprint("precedent", __name__)


@pages.get("/precedenten")
@access(EVERYBODY)
def index() -> ResponseReturnValue:
    """What looks like the words that were given, the best first; or every precedent, the newest first."""
    given = request.args
    search = search_of(given)
    stretch = found(g.work, search, after=given.get("na") or None)
    narrowed: dict[str, Any] = {name: given[name] for name in ASKED if given.get(name)}
    return render_template(
        "precedent/index.html",
        rows=[_row(row, search.words) for row in stretch.rows],
        words=search.words,
        fields=_fields(precedent_years(g.work)),
        values=given,
        narrowed=narrowed,
        next_url=url_for("precedent.index", **narrowed, na=stretch.following) if stretch.following else None,
        first_url=url_for("precedent.index", **narrowed) if "na" in given else None,
    )


@pages.get("/precedenten.csv")
@access(EVERYBODY)
def table() -> ResponseReturnValue:
    """Exactly that list as a file."""
    return csv_response("precedenten", table_of_precedents(g.work, search_of(request.args)))


@pages.get("/precedenten/EXT:<path:external>")
@access(EVERYBODY)
def show_external(external: str) -> ResponseReturnValue:
    """A decision of another body, plainly marked as that, with where it can be read there."""
    decision = external_decision(g.work, f"{numbers.EXTERNAL}:{external}")
    return render_template(
        "external/show.html",
        decision=decision,
        url=path_of_external(decision.number),
        laws=[{"label": law.label(known_laws()), "url": law.public_url()} for law in laws_of(decision)],
        types=[value_list("knelpunttype").get(code, code) for code in decision.types],
        cited_by=[
            {
                "number": row.number,
                "url": url_for("ruling.show", number=row.number),
                "title": row.title,
                "relation": row.relation_label,
                "reason": row.reason,
            }
            for row in citing_rulings(g.work, decision)
        ],
    )


@pages.get("/precedenten/<number>")
@access(WHEN_PUBLIC)
def show(number: str) -> ResponseReturnValue:
    """One precedent: whether it stands, the rule, and when one can rely on it."""
    precedent = process_numbered(g.work, Precedent, number)
    shown = overview(g.work, precedent)
    public = public_text(g.work, precedent)
    cited = citations(g.work, precedent, public)
    readable = public is not None and public.withdrawn_at is None
    record = public.record if public is not None and readable else {}
    state = records.state_of(g.work, precedent.version, precedent.state)
    in_force = precedent.in_force_from is not None
    given = shape.page(g.work, shown)
    return render_template(
        "precedent/show.html",
        **{**given, "tone": records.standing(state, is_nuanced=precedent.is_nuanced, in_force=in_force)},
        precedent=precedent,
        objections=objections(g.work, precedent),
        later=later_rulings(g.work, precedent),
        heading=public.title if public else precedent.title,
        rule=record.get("kernregel") or ("" if precedent.public else precedent.rule),
        question=record.get("kernvraag"),
        conclusion=records.concluded(
            {"code": precedent.conclusion, "label": value_list("conclusie").get(precedent.conclusion, "")}
        ),
        record=record,
        is_published=public is not None,
        gone_because=public.withdrawn_because if public is not None and not readable else None,
        drawn=records.picture(precedent.number, state.label, ended=state.final, record=record, around=cited),
        cites=records.cited(cited.cites),
        cited_by=records.cited(cited.cited_by),
        questions=list(value_list("toepassingsvraag").values()),
        outcomes=outcome_of_ruling(g.work, precedent.number),
    )


def _fields(years: Sequence[int]) -> list[FieldDescription]:
    states = g.work.newest(Precedent.kind_name()).states
    return [
        FieldDescription(name="q", label="Waar gaat het over?", kind="tekst", required=False),
        FieldDescription(
            name="status",
            label="Status",
            kind="selectie",
            required=False,
            choices=[(slug, state.label) for slug, state in states.items()],
        ),
        FieldDescription(
            name="type", label="Soort knelpunt", kind="selectie", required=False, choices=_choices("knelpunttype")
        ),
        FieldDescription(
            name="conclusie", label="Conclusie", kind="selectie", required=False, choices=_choices("conclusie")
        ),
        FieldDescription(
            name="jaar",
            label="Jaar",
            kind="selectie",
            required=False,
            choices=[(str(year), str(year)) for year in years],
        ),
        shape.law_field("wet", request.args.get("wet")),
        FieldDescription(
            name="van",
            label="Van wie",
            kind="selectie",
            required=False,
            choices=[(OF_COMMISSION, "De commissie"), (OF_OTHERS, "Andere instanties")],
        ),
    ]


def _choices(name: str) -> list[tuple[str, str]]:
    return list(value_list(name).items())


def _row(row: FoundRow, words: str) -> dict[str, Any]:
    if isinstance(row, ExternalRow):
        return {
            "number": row.number,
            "url": path_of_external(row.number),
            "title": marked(row.title, row.terms),
            "rule": marked(row.excerpt, row.terms),
            "why": words_of(words, row.terms),
            "source": row.source,
            "decided_on": row.decided_on,
        }
    state = records.state_of(g.work, row.version, row.state)
    return {
        "number": row.number,
        "url": url_for("precedent.show", number=row.number),
        "title": marked(row.title, row.terms),
        "rule": marked(row.rule, row.terms),
        "why": words_of(words, row.terms),
        "conclusion": row.conclusion,
        "status": state.label,
        "tone": records.standing(state, is_nuanced=row.is_nuanced, in_force=row.in_force_from is not None),
        "flags": row.flags,
        "used": row.used_count,
        "example": row.demonstration,
        "source": None,
    }
