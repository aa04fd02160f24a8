"""Asking again, before what weighs: who it is, or whether it is meant."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import abort, g, render_template, request, session

from app.domain.errors import Invalid
from app.schemas.field import FieldDescription
from app.services.account import confirm_password

FRESH = timedelta(minutes=10)
PASSWORD = FieldDescription(
    name="wachtwoord",
    label="Uw wachtwoord",
    kind="wachtwoord",
    required=True,
    hint="Deze stap is belangrijk. Daarom vragen wij uw wachtwoord nog een keer.",
    autocomplete="current-password",
)


def is_fresh() -> bool:
    """Did the person prove a short while ago who it is?"""
    confirmed = session.get("confirmed_at")
    return confirmed is not None and datetime.now(UTC) - datetime.fromisoformat(confirmed) < FRESH


def asked() -> list[FieldDescription]:
    """The field that a form has to add: none while the last proof is fresh."""
    return [] if is_fresh() else [PASSWORD]


def confirm() -> None:
    """Check the password that was sent along; `Invalid` when it is asked and does not fit."""
    if is_fresh():
        return
    account_id = g.work.actor.account_id
    if account_id is None:
        abort(403)
    if not confirm_password(g.work, account_id, request.form.get(PASSWORD.name, "")):
        raise Invalid({PASSWORD.name: ["Dit wachtwoord klopt niet. Probeer het opnieuw."]})
    session["confirmed_at"] = datetime.now(UTC).isoformat()


def ask_whether_meant(title: str, what_follows: str, *, submit: str, trail: Sequence[tuple[str, str]]) -> str:
    """A page that asks whether somebody means what cannot be undone; its form goes to the page's own address.

    `trail` are the pages above it, of which the last is where one goes back to.
    """
    return render_template(
        "account/sure.html",
        title=title,
        what_follows=what_follows,
        submit=submit,
        action=request.path,
        trail=list(trail),
        back=trail[-1][1],
    )
