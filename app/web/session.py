"""Flask's session kept as a row in the database; the cookie holds nothing but an opaque token."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from app.db import trouble
from app.db.engine import open_session
from app.domain.access import PUBLIC
from app.services import session as sessions


class RowSession(CallbackDict[str, Any], SessionMixin):
    """What a session holds, and which token it came with."""

    def __init__(self, data: dict[str, Any] | None = None, token: str | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(data, changed)
        self.modified = False
        self.token = token
        self.used_at: datetime | None = None
        self.rotate = False
        self.ended = False
        self.fault: SQLAlchemyError | None = None


class RowSessions(SessionInterface):
    """Open and keep sessions, each in a short transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def open_session(self, app: Flask, request: Request) -> RowSession:
        """The session of the cookie, or an empty one; where the database is gone, an empty one that says so."""
        token = request.cookies.get(self.cookie_name(request))
        if not token:
            return RowSession()
        try:
            return self._read(token)
        except SQLAlchemyError as error:
            if not trouble.is_lost(error):
                raise
            empty = RowSession()
            empty.fault = error
            return empty

    def _read(self, token: str) -> RowSession:
        with open_session(self.engine, PUBLIC, writes=False) as database:
            row = sessions.find_session(database, token, datetime.now(UTC))
            if row is None:
                return RowSession()
            found = RowSession(dict(row.data), token)
            found.used_at = row.used_at
            return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; a new token at login and at logout, so that an old one is worth nothing."""
        assert isinstance(session, RowSession)
        now = datetime.now(UTC)
        idle = session.used_at is not None and now - session.used_at > sessions.TOUCH_AFTER
        if not (session.modified or session.rotate or idle) or (not session and session.token is None):
            return
        with open_session(self.engine, PUBLIC, writes=True) as database:
            if session.token and (session.rotate or not session):
                sessions.end_session(database, session.token)
                session.token = None
            if session and session.token:
                sessions.keep_session(database, session.token, dict(session), now)
            elif session:
                session.token = self._start(database, session, now)
            database.commit()
        self._set_cookie(response, session.token)

    def cookie_name(self, request: Request) -> str:
        """Over https the name itself makes the browser keep the cookie to this host."""
        return "__Host-sessie" if request.is_secure else "sessie"

    def _start(self, database: Any, session: RowSession, now: datetime) -> str:
        account = session.get("_user_id")
        return sessions.start_session(
            database,
            account_id=int(account) if account else None,
            data=dict(session),
            now=now,
            browser=request.user_agent.string,
        )

    def _set_cookie(self, response: Response, token: str | None) -> None:
        name = self.cookie_name(request)
        if token is None:
            response.delete_cookie(name, path="/", secure=request.is_secure, httponly=True, samesite="Lax")
        else:
            response.set_cookie(name, token, path="/", secure=request.is_secure, httponly=True, samesite="Lax")
        response.vary.add("Cookie")
