"""Organisations for the administrator: who takes part; and the jobs that failed."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.domain.access import ADMINISTRATOR_ROLE
from app.domain.errors import Invalid
from app.schemas.form import describe, from_html, load, page_faults
from app.schemas.organisation import OrganisationSettings
from app.services import organisation as organisations
from app.services.choice import options
from app.services.notice import failed_jobs as jobs_that_failed
from app.services.notice import retry_job
from app.services.webhook import dead_letters, explanation
from app.web.access import LOGGED_IN, access
from app.web.shape import what_happened

pages = Blueprint("organisation", __name__)


@pages.get("/organisaties/namen")
@access(LOGGED_IN)
def names() -> ResponseReturnValue:
    """Names that fit what is being typed, as the options of a list; the parameter is the field's own name."""
    typed = next(iter(request.args.values()), "")
    return render_template("organisation/names.html", names=organisations.names_like(g.work, typed))


@pages.get("/beheer/organisaties")
@access(ADMINISTRATOR_ROLE)
def manage() -> ResponseReturnValue:
    """The list of organisations, a stretch at a time."""
    after = request.args.get("na", "0")
    found = organisations.organisations(
        g.work,
        words=request.args.get("q") or None,
        after=int(after) if after.isdigit() else 0,
        joined=request.args.get("doetMee") == "true",
    )
    full = len(found) == organisations.STRETCH
    return render_template(
        "organisation/index.html",
        organisations=found,
        kinds=value_list("organisatiesoort"),
        values=request.args,
        next_url=_following(found[-1].id) if full else None,
        first_url=url_for("organisation.manage") if after != "0" else None,
    )


@pages.get("/beheer/organisaties/<int:organisation_id>")
@access(ADMINISTRATOR_ROLE)
def manage_one(organisation_id: int) -> ResponseReturnValue:
    """What is set for one organisation."""
    organisation = organisations.organisation_with(g.work, organisation_id)
    values = {"doetMee": _said(organisation.joined), "akkoordNodig": _said(organisation.needs_approval)}
    return _show(organisation_id, values, {})


@pages.post("/beheer/organisaties/<int:organisation_id>")
@access(ADMINISTRATOR_ROLE)
def change(organisation_id: int) -> ResponseReturnValue:
    """Set whether an organisation takes part, and who sends its reports."""
    organisation = organisations.organisation_with(g.work, organisation_id)
    try:
        answers = load(OrganisationSettings, from_html(OrganisationSettings, request.form))
    except Invalid as error:
        return _show(organisation_id, request.form.to_dict(), error.faults)
    organisations.set_joined(g.work, organisation, joined=answers["joined"], needs_approval=answers["needs_approval"])
    flash("De instellingen zijn bewaard.", "success")
    return redirect(url_for("organisation.manage"), 303)


@pages.get("/beheer/berichten")
@access(ADMINISTRATOR_ROLE)
def failed_jobs() -> ResponseReturnValue:
    """Letters, documents and messages that failed after all attempts; their content is not shown."""
    letters = [
        (letter, what_happened(g.work, letter.delivery.type), explanation(letter.delivery))
        for letter in dead_letters(g.work)
    ]
    return render_template("organisation/failed.html", jobs=jobs_that_failed(g.work), letters=letters)


@pages.post("/beheer/berichten/<int:job_id>")
@access(ADMINISTRATOR_ROLE)
def retry(job_id: int) -> ResponseReturnValue:
    """Try a failed job once more."""
    retry_job(g.work, job_id)
    flash("Het bericht wordt opnieuw geprobeerd.", "success")
    return redirect(url_for("organisation.failed_jobs"), 303)


def _following(after: int) -> str:
    given: dict[str, Any] = {**request.args, "na": after}
    return url_for("organisation.manage", **given)


def _said(value: bool) -> str:  # noqa: FBT001 - the value of a field, not a flag of the function
    return "true" if value else "false"


def _show(organisation_id: int, values: dict[str, str], faults: dict[str, list[str]]) -> ResponseReturnValue:
    organisation = organisations.organisation_with(g.work, organisation_id)
    text = render_template(
        "account/form.html",
        title=organisation.name,
        fields=describe(OrganisationSettings, options(g.work)),
        values=values,
        errors=page_faults(OrganisationSettings, faults),
        action=request.path,
        submit="Bewaren",
    )
    return text, 400 if faults else 200
