"""Accounts: logging in, inviting, and granting."""

import time
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app.db.account import Account, Grant, LoginSession, OneTimeLink
from app.db.organisation import Organisation
from app.db.system import System
from app.domain import access
from app.domain.errors import Invalid, KeyMayNotConfirm, NotPermitted, NotVisible
from app.services.brake import brake_key, count_failure, forgive, hold
from app.services.notice import write_letter
from app.services.session import end_sessions_of, new_token, token_hash
from app.services.token import revoke_all
from app.services.withholding import KEPT_OUT, ask_about_open_items
from app.services.work import Work

HASHER = PasswordHasher()
MINIMUM_PASSWORD = 12
INVITATION, RESET = "uitnodiging", "wachtwoord"
LINK_LIVES = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
TOTP_STEP = 30
NOT_FOR_SYSTEM = "Dit is het account van een systeem. Alleen een mens stemt en beheert. Kies iets anders."


# Each request asks this; made once, since to make a query costs as much as to ask it.
_ACTIVE = (
    select(Account)
    .where(Account.id == bindparam("account"), Account.active)
    .options(joinedload(Account.grants), joinedload(Account.organisation))
)


def account_with_grants(session: Session, account_id: int) -> Account | None:
    """An active account with what it may do, and its organisation."""
    return session.scalars(_ACTIVE, {"account": account_id}).unique().one_or_none()


def authenticate(work: Work, *, email: str, password: str, source: str) -> Account | None:
    """The account that belongs to these, or nothing; raises `Busy` when it was tried too often.

    An unknown name and a wrong password cost the same time and give the same answer.
    """
    keys = [brake_key("account", email.lower()), brake_key("source", source)]
    hold(work, keys)
    account = work.session.scalars(
        select(Account)
        .filter_by(email=email.strip().lower())
        .options(selectinload(Account.grants), selectinload(Account.organisation))
    ).one_or_none()
    known = account.password_hash if account is not None and account.active else None
    if _matches(known or _nobodys(), password) and account is not None and known:
        forgive(work, keys[:1])
        return account
    count_failure(work, keys)
    return None


@cache
def _nobodys() -> str:
    """Checked when the account is unknown, so that the answer takes as long."""
    return HASHER.hash("nobody has this password")


def check_code(work: Work, account: Account, code: str, *, source: str, may_repeat: bool) -> bool:
    """Does the one-time code fit the account's second factor now? A code counts once, save in a demonstration.

    The moment is the machine's own, since a one-time code does not follow the test clock.
    """
    keys = [brake_key("code", account.email), brake_key("source", source)]
    hold(work, keys)
    totp = pyotp.TOTP(account.totp_secret or "")
    step = int(time.time()) // TOTP_STEP
    fits = bool(account.totp_secret) and totp.verify(code.replace(" ", ""), valid_window=1)
    if not fits or (account.totp_last == step and not may_repeat):
        count_failure(work, keys)
        return False
    account.totp_last = step
    forgive(work, keys[:1])
    return True


def confirm_password(work: Work, account_id: int, password: str) -> bool:
    """Is it still the person who logged in? Asked before a vote, an adoption, a publication or a grant."""
    account = work.session.get_one(Account, account_id)
    keys = [brake_key("account", account.email)]
    hold(work, keys)
    if account.password_hash and _matches(account.password_hash, password):
        forgive(work, keys)
        return True
    count_failure(work, keys)
    return False


def hash_password(password: str) -> str:
    """An argon2id hash with the library's defaults."""
    return HASHER.hash(password)


def create_account(
    work: Work, *, email: str, name: str, organisation: Organisation, password: str | None = None
) -> Account:
    """Make an account without roles; whoever has none sees what the public sees."""
    email = email.strip().lower()
    if work.session.scalar(select(Account.id).filter_by(email=email)):
        raise Invalid({"email": ["Dit e-mailadres heeft al een account. Zoek het account op in de lijst."]})
    account = Account(
        email=email,
        name=name,
        organisation_id=organisation.id,
        password_hash=hash_password(password) if password else None,
        created_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    return account


def invite(work: Work, *, email: str, name: str, organisation_id: int, roles: list[str]) -> Account:
    """Make an account for somebody of an organisation, and mail a one-time link to choose a password."""
    organisation = work.session.get(Organisation, organisation_id)
    if organisation is None or not access.may_manage(work.actor, organisation_id):
        raise NotPermitted("inviting is for the coordinator and the administrator")
    check_key(work)
    account = create_account(work, email=email, name=name, organisation=organisation)
    for role in roles:
        grant(work, account, role)
    _mail_link(work, account, INVITATION)
    return account


def send_invitation(work: Work, account: Account) -> str:
    """Mail the one-time link for a first password, and give it to the operator who made the account."""
    return _mail_link(work, account, INVITATION)


def grant(work: Work, account: Account, role: str, *, body_id: int | None = None) -> Grant:
    """Give a role; its scope is the account's organisation where the role has that scope, or a body."""
    if not access.may_grant(work.actor, role, account_id=account.id, organisation_id=account.organisation_id):
        raise NotPermitted(f"{role} is not yours to give")
    check_key(work)
    if role in access.FOR_PEOPLE and is_of_system(work, account):
        raise Invalid({"rol": [NOT_FOR_SYSTEM]})
    return grant_as_operator(work, account, role, body_id=body_id)


def grant_as_operator(work: Work, account: Account, role: str, *, body_id: int | None = None) -> Grant:
    """Give a role from the command line, where the operator has the database itself, or because of a term of office."""
    scope = account.organisation_id if role in access.ORGANISATION_ROLES else None
    if held := _grants(work, account, role, body_id):
        return held[0]
    given = Grant(
        account_id=account.id,
        role=role,
        organisation_id=scope,
        body_id=body_id,
        granted_by_id=work.actor.account_id,
        granted_at=work.now,
    )
    work.session.add(given)
    work.session.flush()
    end_sessions_of(work.session, account.id)
    if role in KEPT_OUT:
        ask_about_open_items(work, body_id)
    return given


def check_key(work: Work) -> None:
    """Whoever hands out or takes back rights with a key, does so with one that may confirm."""
    if not work.actor.confirms:
        raise KeyMayNotConfirm("granting asks a key that may confirm")


def is_of_system(work: Work, account: Account) -> bool:
    """The account is that of a system, and not of a person."""
    return work.session.scalar(select(System.id).where(System.account_id == account.id).limit(1)) is not None


def systems_among(work: Work, accounts: Sequence[Account]) -> dict[int, str]:
    """By the ids of these accounts that are of a system, the name by which that system calls itself."""
    query = select(System.account_id, System.client_id).where(System.account_id.in_([one.id for one in accounts]))
    return dict(work.session.execute(query).all()) if accounts else {}


def end_grant(work: Work, account: Account, role: str, *, body_id: int | None = None) -> None:
    """Take a role back, and log the account out so that it counts at once."""
    if not access.may_grant(work.actor, role, account_id=account.id, organisation_id=account.organisation_id):
        raise NotPermitted(f"{role} is not yours to take")
    check_key(work)
    end_grant_as_operator(work, account, role, body_id=body_id)


def end_grant_as_operator(work: Work, account: Account, role: str, *, body_id: int | None = None) -> None:
    """Take a role back because something else ended it, as a term of office does."""
    for held in _grants(work, account, role, body_id):
        held.ended_at = work.now
    end_sessions_of(work.session, account.id)


def disable(work: Work, account: Account) -> None:
    """Shut an account; its sessions and tokens are worth nothing from now on."""
    if not access.may_manage(work.actor, account.organisation_id) and not work.actor.is_system:
        raise NotPermitted("disabling is for the coordinator and the administrator")
    account.active = False
    open_systems = update(System).where(System.account_id == account.id, System.ended_at.is_(None))
    work.session.execute(open_systems.values(ended_at=work.now, revision=System.revision + 1))
    end_sessions_of(work.session, account.id)
    revoke_all(work, account.id)


def manageable_account(work: Work, account_id: int) -> Account:
    """An account that the actor manages, with its grants; `NotVisible` otherwise."""
    query = (
        select(Account)
        .where(Account.id == account_id)
        .options(selectinload(Account.grants), selectinload(Account.organisation))
    )
    account = work.session.scalars(query).one_or_none()
    if account is None or not access.may_manage(work.actor, account.organisation_id):
        raise NotVisible(str(account_id))
    return account


def manageable_accounts(work: Work, *, words: str | None = None, amount: int = 200) -> list[Account]:
    """The accounts that the actor manages: of the own organisation, or all for an administrator."""
    query = select(Account).options(selectinload(Account.grants), selectinload(Account.organisation))
    if access.ADMINISTRATOR_ROLE not in work.actor.roles:
        own = [grant.organisation_id for grant in work.actor.grants if grant.role == access.COORDINATOR_ROLE]
        query = query.where(Account.organisation_id.in_(own))
    if words:
        query = query.where(Account.name.icontains(words, autoescape=True))
    return list(work.session.scalars(query.order_by(Account.name).limit(amount)))


def choose_notices(work: Work, mode: str) -> None:
    """Choose how the actor hears of things: at once, once a day, or not by mail."""
    work.session.get_one(Account, work.actor.account_id).notices = mode


def sessions_of(work: Work) -> list[LoginSession]:
    """Where the actor is logged in, the last used first."""
    query = select(LoginSession).filter_by(account_id=work.actor.account_id)
    return list(work.session.scalars(query.order_by(LoginSession.used_at.desc())))


def ask_reset(work: Work, email: str) -> None:
    """Mail a link for a new password if the address has an account; the answer is the same either way."""
    is_system = exists(select(System.id).where(System.account_id == Account.id))
    query = select(Account).where(Account.email == email.strip().lower(), Account.active, ~is_system)
    account = work.session.scalars(query).one_or_none()
    if account is not None:
        _mail_link(work, account, RESET)


def account_of_link(work: Work, token: str) -> Account:
    """Whose one-time link this is; `NotVisible` when it was used, has expired or never was."""
    link = work.session.get(OneTimeLink, token_hash(token))
    if link is None or link.used_at is not None or link.expires_at <= work.now:
        raise NotVisible("this link is no longer valid")
    return work.session.get_one(Account, link.account_id)


def choose_password(work: Work, token: str, password: str) -> Account:
    """Set a password with a one-time link, and log out whoever is still in with the old one."""
    account = account_of_link(work, token)
    if len(password) < MINIMUM_PASSWORD:
        raise Invalid({"wachtwoord": [f"Kies een wachtwoord van ten minste {MINIMUM_PASSWORD} tekens."]})
    account.password_hash = hash_password(password)
    work.session.get_one(OneTimeLink, token_hash(token)).used_at = work.now
    end_sessions_of(work.session, account.id)
    return account


def _grants(work: Work, account: Account, role: str, body_id: int | None) -> list[Grant]:
    query = select(Grant).filter_by(account_id=account.id, role=role, body_id=body_id, ended_at=None)
    return list(work.session.scalars(query))


def _mail_link(work: Work, account: Account, purpose: str) -> str:
    token = new_token()
    work.session.add(
        OneTimeLink(
            token_hash=token_hash(token),
            account_id=account.id,
            purpose=purpose,
            expires_at=work.now + LINK_LIVES[purpose],
        )
    )
    link = f"/wachtwoord/{token}"
    write_letter(work, account, template=purpose, context={"link": link})
    return link


def _matches(known: str, password: str) -> bool:
    try:
        return HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
