"""The API as a whole: its modules, its errors, and whose token came along."""

from datetime import UTC, datetime

from flask import Flask, Response, abort, g, request
from flask_wtf import CSRFProtect

from app.api import (
    body,
    document,
    follow_up,
    meeting,
    openapi,
    organisation,
    precedent,
    process,
    report,
    ruling,
    workflow,
)
from app.api.operation import BLUEPRINT, OPERATIONS
from app.services.account import TokenHolder, holder_of_token

MODULES = (body, document, follow_up, meeting, openapi, organisation, precedent, process, report, ruling, workflow)
ROOT = "/api/"
LOOKING = frozenset(f"{BLUEPRINT.name}.{made.name}" for made in OPERATIONS if made.public)


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Add the API; who calls it shows a token, so a forged form has nothing to forge with."""
    app.register_blueprint(BLUEPRINT)
    csrf.exempt(BLUEPRINT)
    app.after_request(_say_version)


def is_asked() -> bool:
    """Is this request for the API, also where there is no such call?"""
    return request.path.startswith(ROOT)


def only_looks() -> bool:
    """Does this call change nothing, whatever its method? What needs no token never does."""
    return request.endpoint in LOOKING


def holder_of_request() -> TokenHolder | None:
    """Whose token came along; a token that is not valid is refused, also where none is needed."""
    header = request.headers.get("Authorization")
    if header is None or not is_asked():
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        abort(401)
    # Tokens expire by the clock of the machine; the test clock moves terms and dates alone.
    holder = holder_of_token(g.database, token.strip(), datetime.now(UTC))
    if holder is None:
        abort(401)
    return holder


def _say_version(response: Response) -> Response:
    if is_asked():
        response.headers[openapi.VERSION_HEADER] = openapi.VERSION
    return response
