"""Systems for the administrator: which there are, registering one, its keys, and shutting it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.system import System
from app.domain.access import ADMINISTRATOR_ROLE, FOR_PEOPLE
from app.domain.errors import Invalid, NotVisible
from app.schemas.field import Form
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.schemas.system import GRANT_TYPE, PublicKeysForm, SystemForm
from app.services.choice import options
from app.services.system import (
    ALGORITHMS,
    CONFIRM,
    end_system,
    register_system,
    replace_keys,
    roles_of,
    system_with,
    systems,
)
from app.web import confirmation
from app.web.access import EVERYBODY, access

pages = Blueprint("system", __name__)
ASK_HERE = "/api/v1/oauth/token"
NEW, OTHER_KEYS = "Systeem aanmelden", "Sleutels vervangen"


@pages.get("/.well-known/oauth-authorization-server")
@access(EVERYBODY)
def metadata() -> ResponseReturnValue:
    """How a system asks a key here, for programs (RFC 8414)."""
    address = _address()
    return jsonify(
        issuer=address.removesuffix(ASK_HERE),
        token_endpoint=address,
        response_types_supported=[],
        grant_types_supported=[GRANT_TYPE],
        token_endpoint_auth_methods_supported=["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported=list(ALGORITHMS),
        scopes_supported=[*(role for role in value_list("rol") if role not in FOR_PEOPLE), CONFIRM],
    )


@pages.get("/beheer/systemen")
@access(ADMINISTRATOR_ROLE)
def index() -> ResponseReturnValue:
    """Every system."""
    return render_template("system/index.html", rows=[_row(system) for system in systems(g.work)])


@pages.get("/beheer/systemen/nieuw")
@access(ADMINISTRATOR_ROLE)
def begin() -> ResponseReturnValue:
    """Ask which system it is, and with which keys it signs."""
    return _ask(SystemForm, NEW, to_html(SystemForm, beginning(SystemForm)), {}, url_for("system.index"))


@pages.post("/beheer/systemen/nieuw")
@access(ADMINISTRATOR_ROLE)
def register() -> ResponseReturnValue:
    """Register a system."""
    given = from_html(SystemForm, request.form)
    try:
        confirmation.confirm()
        with g.work.session.begin_nested():
            made = register_system(g.work, **load(SystemForm, given))
    except Invalid as error:
        return _ask(SystemForm, NEW, to_html(SystemForm, given), error.faults, url_for("system.index"))
    flash(f"{made.name} is aangemeld.", "success")
    return redirect(url_for("system.show", client_id=made.client_id), 303)


@pages.get("/beheer/systemen/<client_id>")
@access(ADMINISTRATOR_ROLE)
def show(client_id: str) -> ResponseReturnValue:
    """One system, and what its builder needs to know."""
    system = system_with(g.work, client_id)
    return render_template("system/show.html", system=_row(system), address=_address())


@pages.get("/beheer/systemen/<client_id>/sleutels")
@access(ADMINISTRATOR_ROLE)
def ask_keys(client_id: str) -> ResponseReturnValue:
    """Ask for other keys."""
    system = system_with(g.work, client_id)
    return _ask(PublicKeysForm, OTHER_KEYS, {}, {}, url_for("system.show", client_id=system.client_id))


@pages.post("/beheer/systemen/<client_id>/sleutels")
@access(ADMINISTRATOR_ROLE)
def change_keys(client_id: str) -> ResponseReturnValue:
    """Take other keys in the place of those that are there."""
    system, back = system_with(g.work, client_id), url_for("system.show", client_id=client_id)
    given = from_html(PublicKeysForm, request.form)
    try:
        confirmation.confirm()
        replace_keys(g.work, system, **load(PublicKeysForm, given))
    except Invalid as error:
        return _ask(PublicKeysForm, OTHER_KEYS, to_html(PublicKeysForm, given), error.faults, back)
    flash("De sleutels zijn vervangen. Wat met de oude sleutels was gegeven, werkt niet meer.", "success")
    return redirect(back, 303)


@pages.get("/beheer/systemen/<client_id>/sluiten")
@access(ADMINISTRATOR_ROLE)
def ask_end(client_id: str) -> ResponseReturnValue:
    """Ask whether a system has to be shut."""
    system = system_with(g.work, client_id)
    if system.ended_at is not None:
        raise NotVisible(client_id)
    return confirmation.ask_whether_meant(
        f"{system.name} sluiten",
        "Het systeem krijgt geen sleutels meer, en de sleutels die het heeft, werken niet meer.",
        submit="Sluit dit systeem",
        trail=[
            ("Beheer", url_for("account.manage")),
            ("Systemen", url_for("system.index")),
            (system.name, url_for("system.show", client_id=system.client_id)),
        ],
    )


@pages.post("/beheer/systemen/<client_id>/sluiten")
@access(ADMINISTRATOR_ROLE)
def end(client_id: str) -> ResponseReturnValue:
    """Shut a system."""
    system = system_with(g.work, client_id)
    end_system(g.work, system)
    flash(f"{system.name} is gesloten.", "success")
    return redirect(url_for("system.index"), 303)


def _address() -> str:
    """Where a system asks a key, by the name that this installation has outside."""
    public_url: str = current_app.extensions["config"].public_url
    return public_url.rstrip("/") + ASK_HERE


def _row(system: System) -> dict[str, Any]:
    labels = value_list("rol")
    return {
        "client_id": system.client_id,
        "account_id": system.account_id,
        "name": system.name,
        "organisation": system.account.organisation.name,
        "roles": [labels.get(role, role) for role in roles_of(system)],
        "confirms": system.confirms,
        "keys": [f"{key['kid']} ({key['kty']})" for key in system.public_keys],
        "created_at": system.created_at,
        "used_at": system.used_at,
        "ended_at": system.ended_at,
    }


def _ask(
    form: type[Form], title: str, values: Mapping[str, Any], faults: Mapping[str, Any], back: str
) -> ResponseReturnValue:
    """A page with one form."""
    text = render_template(
        "system/form.html",
        title=title,
        fields=[
            *describe(form, options(g.work), {"organisations": url_for("organisation.names")}),
            *confirmation.asked(),
        ],
        values=values,
        errors=page_faults(form, faults),
        action=request.path,
        back=back,
    )
    return text, 400 if faults else 200
