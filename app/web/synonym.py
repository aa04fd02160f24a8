"""Words that mean the same: what the search knows, and what an analyst adds after seeing what it changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import ANALYST_ROLE
from app.domain.dutch import listing
from app.domain.errors import Invalid
from app.schemas.form import describe, from_html, load, page_faults, to_html, with_one_more
from app.schemas.synonym import SynonymForm
from app.services import synonym as service
from app.services.choice import options
from app.services.meaning import told
from app.services.synonym_effect import effect_of
from app.web.access import access
from app.web.record import path_of_number

pages = Blueprint("synonym", __name__)

FIRST_LINES = 3
FIELD = service.FIELD


@pages.get("/zoekwoorden")
@access(ANALYST_ROLE)
def index() -> ResponseReturnValue:
    """Every group: those that were added, and those of the product."""
    asked = " ".join(request.args.get("q", "").split())[:100]
    own = [group for group in service.own_groups(g.work) if _has(group.expressions, asked)]
    return render_template(
        "synonym/index.html",
        asked=asked,
        current=[group for group in own if group.ended_at is None],
        ended=[group for group in own if group.ended_at is not None],
        product=[group for group in service.product_groups() if _has(group, asked)],
        meaning=told(g.work),
    )


@pages.get("/zoekwoorden/nieuw")
@access(ANALYST_ROLE)
def ask() -> ResponseReturnValue:
    """Ask which words mean the same."""
    return _form({FIELD: [""] * FIRST_LINES}, {})


@pages.post("/zoekwoorden/nieuw")
@access(ANALYST_ROLE)
def check() -> ResponseReturnValue:
    """Show what it would change, before anything is kept."""
    values = to_html(SynonymForm, from_html(SynonymForm, request.form))
    if "_meer" in request.form:
        return _form(with_one_more(SynonymForm, values, request.form["_meer"]), {})
    if "terug" in request.form:
        return _form(values, {})
    try:
        expressions = service.checked(g.work, _expressions())
    except Invalid as error:
        return _form(values, error.faults)
    effect = effect_of(g.work, service.synonyms_with(g.work, expressions))
    return render_template("synonym/check.html", expressions=expressions, effect=effect, path_of_number=path_of_number)


@pages.post("/zoekwoorden")
@access(ANALYST_ROLE)
def add() -> ResponseReturnValue:
    """Keep the group."""
    try:
        made = service.add_synonym(g.work, expressions=_expressions())
    except Invalid as error:
        return _form(to_html(SynonymForm, from_html(SynonymForm, request.form)), error.faults)
    flash(f"{_quoted(made.expressions)} vinden elkaar vanaf nu.", "success")
    return redirect(url_for("synonym.index"), 303)


@pages.get("/zoekwoorden/<int:identity>/beeindigen")
@access(ANALYST_ROLE)
def ask_end(identity: int) -> ResponseReturnValue:
    """Show what ending a group would change."""
    group = service.own_group(g.work, identity)
    effect = effect_of(g.work, service.synonyms_without(g.work, identity))
    return render_template("synonym/end.html", group=group, effect=effect, path_of_number=path_of_number)


@pages.post("/zoekwoorden/<int:identity>/beeindigen")
@access(ANALYST_ROLE)
def end(identity: int) -> ResponseReturnValue:
    """End a group; it stays to be seen."""
    group = service.end_synonym(g.work, identity)
    flash(f"{_quoted(group.expressions)} vinden elkaar niet meer door deze groep.", "success")
    return redirect(url_for("synonym.index"), 303)


def _expressions() -> list[str]:
    expressions: list[str] = load(SynonymForm, from_html(SynonymForm, request.form))["expressions"]
    return expressions


def _form(values: Mapping[str, Any], faults: Mapping[str, Sequence[str]]) -> ResponseReturnValue:
    page = render_template(
        "synonym/form.html",
        fields=describe(SynonymForm, options(g.work)),
        values=values,
        errors=page_faults(SynonymForm, faults),
        action=url_for("synonym.check"),
    )
    return page, 400 if faults else 200


def _has(expressions: Sequence[str], asked: str) -> bool:
    return any(asked.casefold() in expression.casefold() for expression in expressions)


def _quoted(expressions: Sequence[str]) -> str:
    return listing([f"“{one}”" for one in expressions])
