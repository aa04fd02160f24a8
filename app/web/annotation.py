"""Annotations: making, changing and taking away one's own remarks at a ruling."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.schemas.annotation import AnnotationForm
from app.schemas.form import describe, from_html, load, page_faults
from app.services import annotation as service
from app.services.choice import options
from app.web.access import LOGGED_IN, access

pages = Blueprint("annotation", __name__)


@pages.get("/aantekeningen/nieuw")
@access(LOGGED_IN)
def new() -> ResponseReturnValue:
    """Ask what is remarked."""
    return _form_page("Nieuwe aantekening", request.args, {})


@pages.post("/aantekeningen/nieuw")
@access(LOGGED_IN)
def make() -> ResponseReturnValue:
    """Keep a remark."""
    try:
        answers = load(AnnotationForm, from_html(AnnotationForm, request.form))
        made = service.annotate(g.work, **{**answers, "passage": answers.get("passage") or ""})
    except Invalid as error:
        return _form_page("Nieuwe aantekening", request.form, error.faults)
    flash("Uw aantekening is bewaard.", "success")
    return redirect(url_for("ruling.show", number=made.number), 303)


@pages.get("/aantekeningen/<int:identity>")
@access(LOGGED_IN)
def edit(identity: int) -> ResponseReturnValue:
    """Ask what is remarked from now on."""
    found = service.annotation_of_owner(g.work, identity)
    values = {
        "nummer": found.number,
        "tekst": found.text,
        "passage": found.passage,
        "gedeeld": "true" if found.shared else "",
    }
    return _form_page("Aantekening wijzigen", values, {})


@pages.post("/aantekeningen/<int:identity>")
@access(LOGGED_IN)
def change(identity: int) -> ResponseReturnValue:
    """Keep what is remarked; the ruling at which it stands stays the same."""
    found = service.annotation_of_owner(g.work, identity)
    try:
        answers = load(AnnotationForm, from_html(AnnotationForm, request.form))
        passage = answers.get("passage") or ""
        service.change_annotation(g.work, found, text=answers["text"], passage=passage, shared=answers["shared"])
    except Invalid as error:
        return _form_page("Aantekening wijzigen", request.form, error.faults)
    flash("Uw aantekening is gewijzigd.", "success")
    return redirect(url_for("ruling.show", number=found.number), 303)


@pages.post("/aantekeningen/<int:identity>/verwijderen")
@access(LOGGED_IN)
def drop(identity: int) -> ResponseReturnValue:
    """Take a remark away."""
    dropped = service.drop_annotation(g.work, identity)
    flash("Uw aantekening is verwijderd.", "success")
    return redirect(url_for("ruling.show", number=dropped.number), 303)


def _form_page(title: str, values: Any, faults: Any) -> ResponseReturnValue:
    text = render_template(
        "account/form.html",
        title=f"{title} bij {values.get('nummer', '')}",
        fields=describe(AnnotationForm, options(g.work)),
        values={name: values[name] for name in values},
        errors=page_faults(AnnotationForm, faults),
        action=request.path,
        submit="Bewaren",
    )
    return text, 400 if faults else 200
