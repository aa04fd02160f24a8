"""Laws: on which of them precedents rest, which texts name them, and noting that one has a newer version."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db.law import LawChange
from app.domain.access import ANALYST_ROLE, SECRETARY_ROLE
from app.domain.dutch import number
from app.domain.errors import Invalid
from app.domain.law import LawReference, system_of
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.schemas.precedent import LawChangeForm
from app.services.choice import options
from app.services.citation import Counted, counts_by_article, counts_by_law
from app.services.facet import OF_COMMISSION, OF_OTHERS, WHOSE
from app.services.law import known_laws
from app.services.law_change import cited_laws, law_changes, may_note_changes, note_law_change
from app.web.access import EVERYBODY, access

pages = Blueprint("law", __name__)


@pages.get("/wetten")
@access(EVERYBODY)
def index() -> ResponseReturnValue:
    """The laws on which precedents rest, how many texts name each law and article, and what changed of them."""
    law = request.args.get("wet", "")
    of_law = law if system_of(law) else None
    return render_template(
        "law/index.html",
        laws=cited_laws(g.work),
        named=[_named(row) for row in counts_by_law(g.work)],
        articles=[_named(row) for row in counts_by_article(g.work, of_law)],
        of_law=known_laws()[law].name if law in known_laws() else of_law,
        changes=[_change(row) for row in law_changes(g.work)],
        may_note=may_note_changes(g.work),
    )


@pages.get("/wetten/nieuwe-versie")
@access(ANALYST_ROLE, SECRETARY_ROLE)
def ask() -> ResponseReturnValue:
    """Ask which article has a newer version."""
    known = {"wet": request.args["wet"]} if "wet" in request.args else {}
    return _form({**beginning(LawChangeForm), **known}, {})


@pages.post("/wetten/nieuwe-versie")
@access(ANALYST_ROLE, SECRETARY_ROLE)
def note() -> ResponseReturnValue:
    """Note it, and mark the precedents that read the older one."""
    given = from_html(LawChangeForm, request.form)
    try:
        _, marked = note_law_change(g.work, **load(LawChangeForm, given))
    except Invalid as error:
        return _form(given, error.faults)
    precedents = "1 precedent is" if marked == 1 else f"{number(marked)} precedenten zijn"
    flash(f"De nieuwe versie is vastgelegd. {precedents} gemarkeerd om opnieuw te bekijken.", "success")
    return redirect(url_for("law.index"), 303)


def _form(values: Mapping[str, Any], faults: Mapping[str, Sequence[str]]) -> ResponseReturnValue:
    page = render_template(
        "law/form.html",
        fields=describe(LawChangeForm, options(g.work)),
        values=to_html(LawChangeForm, values),
        errors=page_faults(LawChangeForm, faults),
        action=url_for("law.note"),
    )
    return page, 400 if faults else 200


def _named(row: Counted) -> dict[str, Any]:
    """A law or an article, with how many texts name it and the search that finds these."""
    reference = row.reference
    asked: dict[str, Any] = {"wet": reference.identifier}
    if reference.article:
        asked = {"artikel": f"{reference.identifier}:{reference.article}"}
    return {
        "label": reference.label(known_laws()),
        "url": url_for("law.index", wet=reference.identifier, _anchor="artikelen"),
        "precedents": (row.precedents, url_for("precedent.index", **{**asked, WHOSE: OF_COMMISSION})),
        "decisions": (row.decisions, url_for("precedent.index", **{**asked, WHOSE: OF_OTHERS})),
    }


def _change(row: LawChange) -> dict[str, Any]:
    reference = LawReference(row.system, row.identifier, row.article)
    return {
        "label": reference.label(known_laws()),
        "url": reference.public_url(),
        "in_force_on": row.in_force_on,
        "source": row.source,
        "explanation": row.explanation,
    }
