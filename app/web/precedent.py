"""Precedents: looking for one, and reading when it can be used."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.precedent import Precedent
from app.schemas.field import FieldDescription
from app.services.overview import overview, process_numbered
from app.services.precedent import (
    PrecedentFilters,
    PrecedentRow,
    citations,
    found_precedents,
    precedent_years,
    precedents,
    public_text,
)
from app.services.search import hits, marked, words_of
from app.web import record as records
from app.web import shape
from app.web.access import EVERYBODY, WHEN_PUBLIC, access

pages = Blueprint("precedent", __name__)

MOST_HITS = 50


@pages.get("/precedenten")
@access(EVERYBODY)
def index() -> ResponseReturnValue:
    """What looks like the words that were given, the best first; or every precedent, the newest first."""
    given = request.args
    words = given.get("q", "").strip()
    filters = _filters()
    rows: Sequence[PrecedentRow]
    following = None
    if words:
        rows = found_precedents(g.work, hits(g.work, words, cases=False, limit=MOST_HITS), filters)
    else:
        stretch = precedents(g.work, filters, after=given.get("na") or None)
        rows, following = stretch.rows, stretch.following
    narrowed: dict[str, Any] = {name: value for name, value in given.items() if name != "na"}
    return render_template(
        "precedent/index.html",
        rows=[_row(row, words) for row in rows],
        words=words,
        fields=_fields(precedent_years(g.work)),
        values=given,
        next_url=url_for("precedent.index", **narrowed, na=following) if following else None,
        first_url=url_for("precedent.index", **narrowed) if "na" in given else None,
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
        **{**given, "tone": records.standing(state, is_nuanced=precedent.nuance is not None, in_force=in_force)},
        precedent=precedent,
        heading=public.title if public else precedent.title,
        rule=record.get("kernregel") or ("" if precedent.public else precedent.rule),
        question=record.get("kernvraag"),
        conclusion=records.concluded(
            {"code": precedent.conclusion, "label": value_list("conclusie").get(precedent.conclusion, "")}
        ),
        record=record,
        is_published=public is not None,
        cites=records.cited(cited.cites),
        cited_by=records.cited(cited.cited_by),
        questions=list(value_list("toepassingsvraag").values()),
    )


def _filters() -> PrecedentFilters:
    given = request.args
    year = given.get("jaar", "")
    return PrecedentFilters(
        state=given.get("status") or None,
        type=given.get("type") or None,
        conclusion=given.get("conclusie") or None,
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
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
    ]


def _choices(name: str) -> list[tuple[str, str]]:
    return list(value_list(name).items())


def _row(row: PrecedentRow, words: str) -> dict[str, Any]:
    state = records.state_of(g.work, row.version, row.state)
    return {
        "number": row.number,
        "url": url_for("precedent.show", number=row.number),
        "title": marked(row.title, row.terms),
        "rule": marked(row.rule, row.terms),
        "why": words_of(words, row.terms),
        "conclusion": row.conclusion,
        "status": state.label,
        "tone": records.standing(state, is_nuanced=row.nuance is not None, in_force=row.in_force_from is not None),
        "used": row.used_count,
        "example": row.demonstration,
    }
