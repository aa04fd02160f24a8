"""Keys for the API: making one for oneself, whose it is, when it was last used, and revoking it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.db.account import Account
from app.db.engine import write_aside
from app.db.token import Token
from app.domain.access import Actor
from app.domain.calendar import a_year_after, amsterdam_day, deadline_instant
from app.domain.errors import Invalid, KeyMayNotConfirm, NotVisible
from app.services.session import new_token, token_hash
from app.services.work import Work

MOST = 20
SHOWN_AFTER = timedelta(days=1)
TOUCH_AFTER = timedelta(minutes=10)
"""How coarse the last use is: a key that is used every second is written once in this time."""


class Key(NamedTuple):
    """A key that was just made, and the value that is shown this once."""

    token: Token
    value: str


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Who a token speaks for: the account, with what the token was narrowed to."""

    account: Account
    token: Token

    def actor(self) -> Actor:
        """The account's rights, never more."""
        return self.account.actor().with_key(self.token.roles, confirms=self.token.confirms)


def create_token(
    work: Work,
    account: Account,
    *,
    name: str,
    roles: list[str] | None = None,
    confirms: bool = True,
    expires_at: datetime | None = None,
    made_with: int | None = None,
    token: str | None = None,
) -> str:
    """Make a key for the API and give it once; only its hash is kept. The operator, who has the database, may."""
    value = token or new_token()
    work.session.add(
        Token(
            token_hash=token_hash(value),
            account_id=account.id,
            made_with_id=made_with,
            name=name,
            roles=roles,
            confirms=confirms,
            created_at=work.now,
            expires_at=expires_at,
        )
    )
    return value


def make_token(
    work: Work,
    *,
    name: str,
    now: datetime,
    roles: Sequence[str] | None = None,
    confirms: bool = False,
    until: date | None = None,
    at_most: datetime | None = None,
    made_with: int | None = None,
) -> Key:
    """Make a key for the actor, with no more rights and no longer a life than the actor has here.

    `now` is the machine's own, since keys do not follow the test clock; without `until` a key lives a year. `at_most`
    is when the key ends with which this one is asked, and `made_with` is that key: this one is revoked with it.
    """
    actor = work.actor
    if not actor.confirms:
        raise KeyMayNotConfirm("making a key asks a key that may confirm")
    expires_at = _end(now, until, at_most)
    if foreign := sorted(set(roles or ()) - actor.roles):
        raise Invalid({"rollen": [f"Deze rollen hebt u zelf niet: {', '.join(foreign)}. Kies uit uw eigen rollen."]})
    if _amount(work, now) >= MOST:
        raise Invalid({"": [f"U hebt al {MOST} sleutels. Trek er eerst een in die u niet meer gebruikt."]})
    kept = sorted(roles) if roles else None
    if kept is None and actor.narrowed is not None:
        kept = sorted(actor.roles)
    value = create_token(
        work, _account(work), name=name, roles=kept, confirms=confirms, expires_at=expires_at, made_with=made_with
    )
    work.session.flush()
    return Key(work.session.scalars(select(Token).filter_by(token_hash=token_hash(value))).one(), value)


def own_tokens(work: Work) -> list[Token]:
    """The keys that the actor made, the newest first; those that expired too, so that it shows why one stopped."""
    return tokens_of(work, work.actor.account_id)


def own_token_of_value(work: Work, value: str) -> Token:
    """The actor's own key that has this value; `NotVisible` for anything else."""
    query = select(Token).filter_by(token_hash=token_hash(value), account_id=work.actor.account_id, revoked_at=None)
    if found := work.session.scalars(query).one_or_none():
        return found
    raise NotVisible("no key of the actor has this value")


def tokens_of(work: Work, account_id: int | None) -> list[Token]:
    """The keys of an account that were not revoked, but for those that a system was given for some minutes."""
    query = select(Token).filter_by(account_id=account_id, revoked_at=None, system_id=None)
    return list(work.session.scalars(query.order_by(Token.id.desc()).limit(100)))


def token_of(work: Work, account_id: int | None, token_id: int) -> Token:
    """One of these; `NotVisible` for one of somebody else."""
    query = select(Token).filter_by(id=token_id, account_id=account_id, revoked_at=None, system_id=None)
    if found := work.session.scalars(query).one_or_none():
        return found
    raise NotVisible(str(token_id))


def revoke_token(work: Work, token: Token) -> None:
    """Take a key back, and every key that was made with it; they are worth nothing from now on."""
    revoke_where(work, Token.id == token.id)


def revoke_where(work: Work, condition: ColumnElement[bool]) -> None:
    """Take these keys back, and every key that was made with one of them, and so on."""
    ended = select(Token.id).where(condition).cte("ended", recursive=True)
    ended = ended.union(select(Token.id).join(ended, Token.made_with_id == ended.c.id))
    rows = update(Token).where(Token.id.in_(select(ended.c.id)), Token.revoked_at.is_(None))
    work.session.execute(rows.values(revoked_at=work.now))


def revoke_all(work: Work, account_id: int) -> None:
    """Take every key of an account back, also what its systems were given."""
    rows = update(Token).where(Token.account_id == account_id, Token.revoked_at.is_(None))
    work.session.execute(rows.values(revoked_at=work.now))


def holder_of_token(session: Session, token: str, now: datetime) -> TokenHolder | None:
    """Who may speak with this token, if it is valid and its account is still active; one query, for every call."""
    found = session.execute(_HOLDER, {"hash": token_hash(token), "now": now}).unique().one_or_none()
    return TokenHolder(*found) if found else None


# Every call asks it, so it is made once.
_HOLDER = (
    select(Account, Token)
    .join(Token, Token.account_id == Account.id)
    .where(
        Account.active,
        Token.token_hash == bindparam("hash"),
        Token.revoked_at.is_(None),
        or_(Token.expires_at.is_(None), Token.expires_at > bindparam("now")),
    )
    .options(joinedload(Account.grants), joinedload(Account.organisation))
)


def has_old_use(token: Token, now: datetime) -> bool:
    """Is it so long ago that the use of this key was kept, that it has to be again?"""
    return token.used_at is None or now - token.used_at >= TOUCH_AFTER


def note_use(engine: Engine, token_id: int, now: datetime) -> None:
    """Keep that a key was used, after the request and without holding up who writes."""
    stale = or_(Token.used_at.is_(None), Token.used_at <= now - TOUCH_AFTER)
    write_aside(engine, update(Token).where(Token.id == token_id, stale).values(used_at=now))


def sweep_tokens(session: Session, now: datetime) -> None:
    """Forget what systems were given and has expired; a key that somebody made shows until it is revoked."""
    session.execute(delete(Token).where(Token.system_id.is_not(None), Token.expires_at < now - SHOWN_AFTER))


def _end(now: datetime, until: date | None, at_most: datetime | None) -> datetime:
    """When the key ends: with the day that was named, or a year from today, and not after the key that asked it."""
    today = amsterdam_day(now)
    if until is not None and not today <= until <= a_year_after(today):
        raise Invalid({"geldigTot": ["Kies een dag vanaf vandaag, en hoogstens een jaar vooruit."]})
    ends = deadline_instant(until or a_year_after(today))
    return ends if at_most is None else min(ends, at_most)


def _amount(work: Work, now: datetime) -> int:
    query = select(func.count()).where(
        Token.account_id == work.actor.account_id,
        Token.revoked_at.is_(None),
        Token.system_id.is_(None),
        or_(Token.expires_at.is_(None), Token.expires_at > now),
    )
    return work.session.scalar(query) or 0


def _account(work: Work) -> Account:
    return work.session.get_one(Account, work.actor.account_id)
