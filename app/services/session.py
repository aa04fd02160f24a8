"""Browser sessions as rows: only the hash of the cookie's token is kept, and a row can be revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.db.account import LoginSession

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
ANONYMOUS = timedelta(hours=1)
TOUCH_AFTER = timedelta(minutes=1)


def token_hash(token: str) -> str:
    """What the database keeps of a token: enough to find it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """An opaque token of 256 bits."""
    return secrets.token_urlsafe(32)


class Held(NamedTuple):
    """What a session holds, and when it was last used."""

    data: dict[str, Any]
    used_at: datetime


def find_session(session: Session, token: str, now: datetime) -> Held | None:
    """What is kept for a token, unless it was idle too long or has lived too long."""
    row = session.execute(_HELD, {"hash": token_hash(token), "now": now, "idle_since": now - IDLE}).one_or_none()
    return Held(*row) if row else None


# Every request asks it, so it is made once.
_HELD = select(LoginSession.data, LoginSession.used_at).where(
    LoginSession.token_hash == bindparam("hash"),
    LoginSession.expires_at > bindparam("now"),
    LoginSession.used_at > bindparam("idle_since"),
)


def start_session(
    session: Session, *, account_id: int | None, data: dict[str, Any], now: datetime, browser: str
) -> str:
    """Make a row and give its token; an anonymous one lives just long enough to log in."""
    token = new_token()
    session.add(
        LoginSession(
            token_hash=token_hash(token),
            account_id=account_id,
            data=data,
            created_at=now,
            used_at=now,
            expires_at=now + (ABSOLUTE if account_id is not None else ANONYMOUS),
            browser=browser[:200],
        )
    )
    return token


def keep_session(session: Session, token: str, data: dict[str, Any], now: datetime) -> None:
    """Write what the session holds, and that it was used."""
    rows = update(LoginSession).where(LoginSession.token_hash == token_hash(token))
    session.execute(rows.values(data=data, used_at=now))


def end_session(session: Session, token: str) -> None:
    """Forget a session; its cookie is worth nothing from now on."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))


def end_sessions_of(session: Session, account_id: int, *, except_token: str | None = None) -> None:
    """Log an account out everywhere, as after a new password or a change of rights."""
    rows = delete(LoginSession).where(LoginSession.account_id == account_id)
    if except_token is not None:
        rows = rows.where(LoginSession.token_hash != token_hash(except_token))
    session.execute(rows)


def sweep_sessions(session: Session, now: datetime) -> None:
    """Delete what has expired."""
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
