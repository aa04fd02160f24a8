"""Logging in and out, choosing a password, one's own page, and managing the accounts of an organisation."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy.orm import selectinload

from app.config import value_list
from app.db.account import Account
from app.domain.access import ADMINISTRATOR_ROLE, COORDINATOR_ROLE, FOR_PEOPLE, may_grant
from app.domain.errors import Busy, Invalid, NotPermitted
from app.schemas.account import (
    CodeForm,
    InvitationForm,
    LoginForm,
    NoticeForm,
    PasswordForm,
    ResetForm,
)
from app.schemas.field import FieldDescription, Form
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.services import account as accounts
from app.services.choice import options
from app.services.reference import known_organisation
from app.services.session import end_sessions_of
from app.services.token import tokens_of
from app.web import confirmation
from app.web.access import EVERYBODY, LOGGED_IN, User, access
from app.web.token import row as token_row

pages = Blueprint("account", __name__)

CODE_TERM = timedelta(minutes=5)
NOT_KNOWN = "Dit e-mailadres en wachtwoord horen niet bij elkaar. Kijk of u ze goed hebt getypt."
WRONG_CODE = "Deze code klopt niet. Vul de code in die uw app nu laat zien."
SENT = "Heeft dit adres een account? Dan is er nu een mail onderweg met een link die een uur werkt."
# What was typed in a form whose session had ended travels through the login page under this name.
CARRIED = "_mee."
NOT_CARRIED = frozenset({"csrf_token", "wachtwoord", "wachtwoordHerhaald", "code"})


@pages.get("/inloggen")
@access(EVERYBODY)
def login() -> ResponseReturnValue:
    """Ask who it is."""
    if current_user.is_authenticated:
        return redirect("/")
    return _show(LoginForm, {"terug": request.args.get("terug", "")}, {})


@pages.post("/inloggen")
@access(EVERYBODY)
def log_in() -> ResponseReturnValue:
    """Log in with a password, and with a code where the account has a second factor."""
    try:
        if "code" in request.form:
            return _check_code()
        return _check_password()
    except Busy as error:
        wait = f"U hebt het te vaak geprobeerd. Wacht {error.retry_after} seconden en probeer het opnieuw."
        headers = {"Retry-After": str(error.retry_after)}
        form = CodeForm if "code" in request.form else LoginForm
        text, _ = _show(form, _typed(), {"": [wait]})
        return text, 429, headers


@pages.post("/uitloggen")
@access(EVERYBODY)
def log_out() -> ResponseReturnValue:
    """End the session; its cookie is worth nothing from now on."""
    session.clear()
    flash("U bent uitgelogd.", "info")
    session.rotate = True  # type: ignore[attr-defined]
    return redirect("/", 303)


@pages.get("/wachtwoord")
@access(EVERYBODY)
def forgotten() -> ResponseReturnValue:
    """Ask for a link to choose a new password."""
    return _form_page(ResetForm, "Wachtwoord vergeten", {}, {}, submit="Stuur mij een link")


@pages.post("/wachtwoord")
@access(EVERYBODY)
def mail_link() -> ResponseReturnValue:
    """Mail the link; the answer is the same whether the address is known or not."""
    try:
        answers = load(ResetForm, from_html(ResetForm, request.form))
    except Invalid as error:
        return _form_page(ResetForm, "Wachtwoord vergeten", request.form, error.faults, submit="Stuur mij een link")
    accounts.ask_reset(g.work, answers["email"])
    flash(SENT, "info")
    return redirect(url_for("account.login"), 303)


@pages.get("/wachtwoord/<token>")
@access(EVERYBODY)
def choose(token: str) -> ResponseReturnValue:
    """Choose a password with a mailed link."""
    accounts.account_of_link(g.work, token)
    return _form_page(PasswordForm, "Kies een wachtwoord", {}, {}, submit="Bewaar het wachtwoord")


@pages.post("/wachtwoord/<token>")
@access(EVERYBODY)
def keep_password(token: str) -> ResponseReturnValue:
    """Keep the new password; the link is worth nothing from now on."""
    try:
        answers = load(PasswordForm, from_html(PasswordForm, request.form))
        accounts.choose_password(g.work, token, answers["password"])
    except Invalid as error:
        return _form_page(PasswordForm, "Kies een wachtwoord", {}, error.faults, submit="Bewaar het wachtwoord")
    flash("Uw wachtwoord is bewaard. U kunt nu inloggen.", "success")
    return redirect(url_for("account.login"), 303)


@pages.get("/account")
@access(LOGGED_IN)
def show() -> ResponseReturnValue:
    """One's own account: roles, how one hears of things, and where one is logged in."""
    return _own_page({})


@pages.post("/account/berichten")
@access(LOGGED_IN)
def choose_notices() -> ResponseReturnValue:
    """Choose how to hear of things."""
    try:
        answers = load(NoticeForm, from_html(NoticeForm, request.form))
    except Invalid as error:
        return _own_page(error.faults)
    accounts.choose_notices(g.work, answers["notices"])
    flash("Uw keuze is bewaard.", "success")
    return redirect(url_for("account.show"), 303)


@pages.post("/account/overal-uitloggen")
@access(LOGGED_IN)
def log_out_elsewhere() -> ResponseReturnValue:
    """End every other session."""
    end_sessions_of(g.work.session, g.work.actor.account_id, except_token=session.token)  # type: ignore[attr-defined]
    flash("U bent op andere apparaten uitgelogd.", "success")
    return redirect(url_for("account.show"), 303)


@pages.get("/beheer")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def management() -> ResponseReturnValue:
    """To the first page of management."""
    return redirect(url_for("account.manage"))


@pages.get("/beheer/accounts")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def manage() -> ResponseReturnValue:
    """The accounts that the reader manages."""
    found = accounts.manageable_accounts(g.work, words=request.args.get("q") or None)
    return render_template(
        "account/index.html",
        accounts=found,
        systems=accounts.systems_among(g.work, found),
        roles=value_list("rol"),
        values=request.args,
        is_administrator=ADMINISTRATOR_ROLE in g.work.actor.roles,
    )


@pages.get("/beheer/accounts/nieuw")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def ask_invitation() -> ResponseReturnValue:
    """Ask whom to invite."""
    return _invitation_page({}, {})


@pages.post("/beheer/accounts/nieuw")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def invite() -> ResponseReturnValue:
    """Invite somebody, with roles that the reader may give."""
    raw = from_html(InvitationForm, request.form)
    try:
        confirmation.confirm()
        answers = load(InvitationForm, raw)
        with g.work.session.begin_nested():
            account = accounts.invite(
                g.work,
                email=answers["email"],
                name=answers["name"],
                organisation_id=_organisation(answers.get("organisation")),
                roles=answers.get("roles") or [],
            )
    except Invalid as error:
        return _invitation_page(to_html(InvitationForm, raw), error.faults)
    flash(f"De uitnodiging voor {account.name} is onderweg.", "success")
    return redirect(url_for("account.manage"), 303)


@pages.get("/beheer/accounts/<int:account_id>")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def manage_one(account_id: int) -> ResponseReturnValue:
    """One account: its roles, and whether it is open."""
    account = accounts.manageable_account(g.work, account_id)
    labels = value_list("rol")
    # A role in one body comes and goes with the seat there.
    held = [grant.role for grant in account.grants if grant.ended_at is None and grant.body_id is None]
    system = accounts.systems_among(g.work, [account]).get(account.id)
    not_for_it = set(held) if system is None else FOR_PEOPLE.union(held)
    return render_template(
        "account/manage.html",
        managed=account,
        system=system,
        is_administrator=ADMINISTRATOR_ROLE in g.work.actor.roles,
        held=[(role, labels.get(role, role), _may(account, role)) for role in sorted(held)],
        grantable=[(role, label) for role, label in labels.items() if role not in not_for_it and _may(account, role)],
        tokens=[token_row(token) for token in tokens_of(g.work, account.id)],
    )


@pages.post("/beheer/accounts/<int:account_id>/rollen")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def change_role(account_id: int) -> ResponseReturnValue:
    """Give a role, or take one back."""
    account = accounts.manageable_account(g.work, account_id)
    role = request.form.get("rol", "")
    if role not in value_list("rol"):
        raise Invalid({"rol": ["Kies een rol."]})
    if not confirmation.is_fresh() and confirmation.PASSWORD.name not in request.form:
        return _confirmation_page({})
    try:
        confirmation.confirm()
    except Invalid as error:
        return _confirmation_page(error.faults)
    if request.form.get("nemen"):
        accounts.end_grant(g.work, account, role)
    else:
        accounts.grant(g.work, account, role)
    flash("De rollen zijn gewijzigd. Wie was ingelogd, logt opnieuw in.", "success")
    return redirect(url_for("account.manage_one", account_id=account_id), 303)


@pages.post("/beheer/accounts/<int:account_id>/sluiten")
@access(ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
def close(account_id: int) -> ResponseReturnValue:
    """Shut an account."""
    account = accounts.manageable_account(g.work, account_id)
    if account.id == g.work.actor.account_id:
        raise NotPermitted("nobody shuts the own account")
    accounts.disable(g.work, account)
    flash(f"Het account {account.name} is gesloten.", "success")
    return redirect(url_for("account.manage"), 303)


def carry() -> ResponseReturnValue:
    """The login page for who posted a form after the session ended: what was typed comes along."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    message = "Uw sessie is verlopen. Log opnieuw in. Wat u typte, is niet weg: het komt mee."
    return _show(LoginForm, {"_naar": request.path, "_gedragen": typed}, {"": [message]})


def _may(account: Account, role: str) -> bool:
    return may_grant(g.work.actor, role, account_id=account.id, organisation_id=account.organisation_id)


def _organisation(given: str | None) -> int:
    """The organisation that was named, or one's own."""
    own: int = g.work.actor.organisation_id
    return known_organisation(g.work, "organisatie", given).id if given else own


def _own_page(faults: Any) -> ResponseReturnValue:
    labels = value_list("rol")
    text = render_template(
        "account/show.html",
        email=current_user.account.email,
        roles=sorted(labels.get(role, role) for role in g.work.actor.roles),
        fields=describe(NoticeForm, options(g.work)),
        values={"berichten": request.form.get("berichten") or current_user.account.notices},
        errors=faults,
        sessions=accounts.sessions_of(g.work),
    )
    return text, 400 if faults else 200


def _invitation_page(values: Any, faults: Any) -> ResponseReturnValue:
    """Whom to invite; who hands out roles shows who it is."""
    asked = confirmation.asked()
    return _form_page(InvitationForm, "Iemand uitnodigen", values, faults, submit="Stuur de uitnodiging", beside=asked)


def _confirmation_page(faults: Any) -> ResponseReturnValue:
    """Ask who it is, before a role is given or taken back."""
    typed = {name: request.form[name] for name in ("rol", "nemen") if name in request.form}
    text = render_template(
        "account/form.html",
        title="Rollen wijzigen",
        fields=[confirmation.PASSWORD],
        values={},
        errors=faults,
        action=request.path,
        submit="Wijzig de rollen",
        hidden=typed,
    )
    return text, 400 if faults else 200


def _form_page(
    form: type[Form],
    title: str,
    values: Any,
    faults: Any,
    *,
    submit: str,
    beside: Sequence[FieldDescription] = (),
) -> ResponseReturnValue:
    """A page with one form, and what is asked beside it."""
    shown = {**to_html(form, beginning(form)), **{name: values[name] for name in values}}
    text = render_template(
        "account/form.html",
        title=title,
        fields=[*describe(form, options(g.work)), *beside],
        values=shown,
        errors=page_faults(form, faults),
        action=request.path,
        submit=submit,
    )
    return text, 400 if faults else 200


def _show(form: type[Form], typed: Any, errors: Any) -> tuple[str, int]:
    """The login page, with what has to come along."""
    hidden = [("terug", typed.get("terug", "")), ("_naar", typed.get("_naar", ""))]
    hidden += [(f"{CARRIED}{name}", value) for name, value in typed.get("_gedragen", ())]
    text = render_template(
        "account/login.html",
        fields=describe(form, _nothing_to_choose),
        values=typed,
        errors=errors,
        hidden=[(name, value) for name, value in hidden if value],
    )
    return text, 400 if errors else 200


def _nothing_to_choose(_source: str) -> list[tuple[str, str]]:
    """Logging in offers no choices; this page is also shown where no transaction has begun to read them in."""
    return []


def _check_password() -> ResponseReturnValue:
    try:
        answers = load(LoginForm, from_html(LoginForm, request.form))
    except Invalid as error:
        return _show(LoginForm, _typed(), error.faults)
    account = accounts.authenticate(
        g.work, email=answers["email"], password=answers["password"], source=request.remote_addr or ""
    )
    if account is None:
        return _show(LoginForm, _typed(), {"": [NOT_KNOWN]})
    if account.totp_secret:
        session["pending_account"] = account.id
        session["pending_since"] = datetime.now(UTC).isoformat()
        return _show(CodeForm, _typed(), {})
    return _enter(account)


def _check_code() -> ResponseReturnValue:
    account = _pending_account()
    if account is None:
        return redirect(url_for("account.login"), 303)
    fits = accounts.check_code(
        g.work,
        account,
        request.form["code"],
        source=request.remote_addr or "",
        may_repeat=current_app.extensions["config"].is_demo,
    )
    return _enter(account) if fits else _show(CodeForm, _typed(), {"code": [WRONG_CODE]})


def _pending_account() -> Account | None:
    since = session.get("pending_since")
    if since is None or datetime.now(UTC) - datetime.fromisoformat(since) > CODE_TERM:
        return None
    account: Account | None = g.work.session.get(
        Account,
        session["pending_account"],
        options=[selectinload(Account.grants), selectinload(Account.organisation)],
    )
    return account


def _enter(account: Account) -> ResponseReturnValue:
    """Begin a session with a token of its own; what was held before login does not come along."""
    back = _safe(request.form.get("terug", ""))
    session.clear()
    login_user(User(account.actor(), account))
    session["confirmed_at"] = datetime.now(UTC).isoformat()
    session.rotate = True  # type: ignore[attr-defined]
    typed = _typed()
    if typed["_naar"] and typed["_gedragen"]:
        return render_template("account/again.html", action=_safe(typed["_naar"]), typed=typed["_gedragen"])
    return redirect(back, 303)


def _safe(target: str) -> str:
    """Only a path of our own to go back to; anything else goes home."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    return target


def _typed() -> dict[str, Any]:
    """What the login page was sent, and what travels through it."""
    return {
        "email": request.form.get("email", ""),
        "terug": request.form.get("terug", ""),
        "_naar": request.form.get("_naar", ""),
        "_gedragen": [
            (name.removeprefix(CARRIED), value)
            for name, value in request.form.items(multi=True)
            if name.startswith(CARRIED)
        ],
    }
