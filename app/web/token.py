"""One's own keys for the API; and those of an account, for who manages it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.token import Token
from app.domain.access import ADMINISTRATOR_ROLE, COORDINATOR_ROLE
from app.domain.errors import Invalid
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.schemas.token import TokenForm
from app.services.account import manageable_account
from app.services.token import make_token, own_token_of_value, own_tokens, revoke_token, token_of
from app.web import confirmation
from app.web.access import LOGGED_IN, access

pages = Blueprint("token", __name__)

NEW_KEY, NEW_KEY_LIVES = "nieuwe_sleutel", 60
"""The cookie with which a new key goes from where it was made to where it is shown, and for how many seconds."""
SEEN = "U ziet een sleutel maar één keer. Hebt u hem niet bewaard? Trek hem dan in en maak een nieuwe."


@pages.get("/account/sleutels")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """One's own keys, and the form for another."""
    return _page(to_html(TokenForm, beginning(TokenForm)), {})


@pages.post("/account/sleutels")
@access(LOGGED_IN)
def create() -> ResponseReturnValue:
    """Make a key, and go on to where it is shown; asking that page anew makes no other."""
    given = from_html(TokenForm, request.form)
    try:
        confirmation.confirm()
        key = make_token(g.work, now=datetime.now(UTC), **load(TokenForm, given))
    except Invalid as error:
        return _page(to_html(TokenForm, given), error.faults)
    response = make_response(redirect(url_for("token.made"), 303))
    response.set_cookie(NEW_KEY, key.value, max_age=NEW_KEY_LIVES, **_of_that_page())
    return response


@pages.get("/account/sleutels/nieuw")
@access(LOGGED_IN)
def made() -> ResponseReturnValue:
    """Show the key that was just made, this once."""
    value = request.cookies.get(NEW_KEY)
    if value is None:
        flash(SEEN, "info")
        return redirect(url_for("token.index"))
    token = own_token_of_value(g.work, value)
    response = make_response(render_template("token/made.html", token=row(token), value=value))
    response.delete_cookie(NEW_KEY, **_of_that_page())
    return response


@pages.get("/account/sleutels/<int:token_id>/intrekken")
@access(LOGGED_IN)
def ask_revoke(token_id: int) -> ResponseReturnValue:
    """Ask whether one of one's own keys has to go."""
    token = token_of(g.work, g.work.actor.account_id, token_id)
    return _ask_revoke(token, [("Uw account", url_for("account.show")), ("Uw sleutels", url_for("token.index"))])


@pages.post("/account/sleutels/<int:token_id>/intrekken")
@access(LOGGED_IN)
def revoke(token_id: int) -> ResponseReturnValue:
    """Take one of one's own keys back."""
    return _revoked(token_of(g.work, g.work.actor.account_id, token_id), url_for("token.index"))


@pages.get("/beheer/accounts/<int:account_id>/sleutels/<int:token_id>/intrekken")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def ask_revoke_of(account_id: int, token_id: int) -> ResponseReturnValue:
    """Ask whether a key of an account has to go."""
    account = manageable_account(g.work, account_id)
    trail = [
        ("Beheer", url_for("account.manage")),
        (account.name, url_for("account.manage_one", account_id=account.id)),
    ]
    return _ask_revoke(token_of(g.work, account.id, token_id), trail)


@pages.post("/beheer/accounts/<int:account_id>/sleutels/<int:token_id>/intrekken")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def revoke_of(account_id: int, token_id: int) -> ResponseReturnValue:
    """Take a key of an account back that the reader manages."""
    account = manageable_account(g.work, account_id)
    back = url_for("account.manage_one", account_id=account.id)
    return _revoked(token_of(g.work, account.id, token_id), back)


def row(token: Token) -> dict[str, Any]:
    """What a page shows of a key."""
    labels = value_list("rol")
    return {
        "id": token.id,
        "name": token.name,
        "roles": None if token.roles is None else [labels.get(role, role) for role in token.roles],
        "confirms": token.confirms,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "is_over": token.expires_at is not None and token.expires_at <= datetime.now(UTC),
        "used_at": token.used_at,
    }


def _ask_revoke(token: Token, trail: Sequence[tuple[str, str]]) -> ResponseReturnValue:
    return confirmation.ask_whether_meant(
        f"Sleutel “{token.name}” intrekken",
        "De sleutel werkt meteen niet meer, en wat ermee is gemaakt, houdt op.",
        submit="Trek de sleutel in",
        trail=trail,
    )


def _revoked(token: Token, back: str) -> ResponseReturnValue:
    revoke_token(g.work, token)
    flash(f"De sleutel “{token.name}” is ingetrokken en werkt niet meer.", "success")
    return redirect(back, 303)


def _of_that_page() -> dict[str, Any]:
    """The value goes along to one page of ours, and to nothing else: the database never has it."""
    return {"path": url_for("token.made"), "secure": request.is_secure, "httponly": True, "samesite": "Strict"}


def _page(values: Mapping[str, Any], faults: Mapping[str, Any]) -> ResponseReturnValue:
    text = render_template(
        "token/index.html",
        rows=[row(token) for token in own_tokens(g.work)],
        fields=[*describe(TokenForm, _own_roles), *confirmation.asked()],
        values=values,
        errors=page_faults(TokenForm, faults),
    )
    return text, 400 if faults else 200


def _own_roles(_source: str) -> list[tuple[str, str]]:
    """The roles to which a key can be narrowed: those that one has."""
    labels = value_list("rol")
    return sorted(((role, labels.get(role, role)) for role in g.work.actor.roles), key=lambda one: one[1])
