"""Joins the layers into an application; imported only by wsgi.py, the command line and tests."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, g, request, session
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter

from app.adapters.ballot_box import BallotBox
from app.adapters.egress import Egress
from app.adapters.log import write_json_lines
from app.adapters.meaning import meaning
from app.adapters.page import ReadTemplates
from app.adapters.scanner import clamav
from app.adapters.search.lexicon import keep_in
from app.adapters.store import Store
from app.api import errors as api_errors
from app.api import site as api
from app.api.openapi import description
from app.config import Config, resource
from app.db import trouble
from app.db.engine import make_engine, open_session
from app.domain.access import PUBLIC, Actor
from app.schemas.form import FORMS
from app.services.account import account_with_grants
from app.services.definition import load_workflows
from app.services.feed import number_lines, was_announced
from app.services.work import Work, Workflows
from app.web import errors as web_errors
from app.web import site as web
from app.web.access import User
from app.web.session import RowSessions

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BYTES = 25 * 1024 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Clock = Callable[[], datetime]
log = structlog.get_logger()

OF_EVERY_DICTIONARY = frozenset(dir(dict))


class SmallNumber(IntegerConverter):
    """A number in an address that a database can look for; a larger one becomes the largest, which nothing has.

    It is not refused here: then the address would be there for one method and not for another.
    """

    regex = r"\d{1,18}"

    def to_python(self, value: str) -> int:
        """The number, or the largest."""
        return min(int(super().to_python(value)), 2**31 - 1)


class Templates(Environment):
    """Jinja, which looks for the parts of a dictionary where they are before it looks where they cannot be."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of a thing by its name: as a rule of what a view made for the page, and that is a dictionary."""
        if type(obj) is dict and attribute in obj and attribute not in OF_EVERY_DICTIONARY:
            return obj[attribute]
        return super().getattr(obj, attribute)


class Application(Flask):
    """Flask, with one transaction a request."""

    jinja_environment = Templates

    def dispatch_request(self, *args: Any, **kwargs: Any) -> Any:
        """Commit when the view returns; keep nothing when it raises, or when it only looks."""
        if request.endpoint == "static":
            return super().dispatch_request(*args, **kwargs)
        writes = request.method not in SAFE and not api.only_looks()
        extension = self.extensions
        with open_session(extension["engine"], PUBLIC, writes=writes) as database:
            g.database = database
            g.work = Work(database, PUBLIC, extension["clock"](), extension["workflows"])
            actor = _actor()
            database.info["reader"] = actor
            g.work = Work(database, actor, g.work.now, extension["workflows"])
            response = super().dispatch_request(*args, **kwargs)
            if writes:
                database.commit()
                _announce(g.work)
            return response


def create_app(
    config: Config | None = None,
    *,
    clock: Clock | None = None,
    engine: Engine | None = None,
    workflows: Workflows | None = None,
) -> Application:
    """Make the application; what is given takes the place of what would be made."""
    write_json_lines()
    config = config or Config.from_environment()
    app = Application(
        "app", template_folder=str(resource("templates")), static_folder="web/static", static_url_path="/static"
    )
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TEMPLATES_AUTO_RELOAD=False,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.url_map.converters["int"] = SmallNumber
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["config"] = config
    app.extensions["engine"] = engine = engine or make_engine(config.database_url)
    store = Store(config.data_dir / "files")
    keep_in(config.data_dir)
    app.jinja_env.bytecode_cache = ReadTemplates(config.data_dir)
    known = meaning() if config.search_meaning else None
    egress = Egress(config.egress_networks, plain=config.is_demo)
    engine.update_execution_options(ballots=BallotBox(config.ballot_key), store=store, meaning=known, egress=egress)
    app.extensions["clock"] = clock or _clock(config)
    app.extensions["workflows"] = workflows or load_workflows(FORMS)
    app.extensions["store"] = store
    app.extensions["description"] = description
    app.extensions["scanner"] = clamav(config.clamav_socket) if config.clamav_socket else None
    app.session_interface = RowSessions(engine)
    _install_requests(app)
    csrf = CSRFProtect(app)
    _install_login(app)
    web.install(app)
    api.install(app, csrf)
    app.register_error_handler(Exception, _answer)
    return app


def _answer(error: Exception) -> ResponseReturnValue:
    """An error is told by the side that was asked: as a problem document, or as a page."""
    cause = getattr(error, "original_exception", None) or error
    g.unreachable = trouble.is_lost(cause)
    return api_errors.answer(cause) if api.is_asked() else web_errors.answer(cause)


def _clock(config: Config) -> Clock:
    offset = timedelta(seconds=config.clock_offset)
    return lambda: datetime.now(UTC) + offset


def _install_login(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # The session is a row that we rotate and revoke ourselves.

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(identity: str) -> User | None:
        # The API knows tokens alone: a browser that is logged in lends it no rights.
        if api.is_asked() or g.get("unreachable"):
            return None
        if "database" in g:
            return _user(g.database, identity)
        # A request that is refused before its transaction begins still gets a page with one's name on it.
        with open_session(app.extensions["engine"], PUBLIC, writes=False) as database:
            return _user(database, identity)

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load_from_request(_: object) -> User | None:
        holder = api.holder_of_request()
        return User(holder.actor(), holder.account) if holder else None


def _user(database: Session, identity: str) -> User | None:
    account = account_with_grants(database, int(identity))
    return User(account.actor(), account) if account else None


def _announce(work: Work) -> None:
    """Who reads what was just made public finds at once that it happened; the worker sees to everything else."""
    if not was_announced(work):
        return
    try:
        number_lines(work)
        work.session.commit()
    except SQLAlchemyError as error:
        # What was asked is done and kept; the worker gives these lines their place.
        log.warning("feed", error=str(error))


def _actor() -> Actor:
    return current_user.actor if current_user.is_authenticated else PUBLIC


def _is_foreign() -> bool:
    """Does a page of another site send this? Scripts send no origin, and pass."""
    origin = request.headers.get("Origin")
    return origin is not None and request.method not in SAFE and urlsplit(origin).netloc != request.host


def _install_requests(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.request_id = request.headers.get("X-Request-Id", "")[:64] or secrets.token_hex(8)
        g.began = time.perf_counter()
        if fault := getattr(session, "fault", None):
            raise fault
        if _is_foreign():
            abort(403)

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Request-Id"] = g.get("request_id", "")
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            request_id=g.get("request_id", ""),
        )
        return response
