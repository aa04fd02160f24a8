"""The API as a whole: its modules, its errors, and whose token came along."""

from datetime import UTC, datetime

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf import CSRFProtect

from app.api import (
    account,
    annotation,
    body,
    checkpoint,
    collection,
    comparison,
    deliberation,
    document,
    feed,
    follow_up,
    handover,
    law,
    matching,
    meeting,
    notice,
    openapi,
    organisation,
    paper,
    peer,
    precedent,
    process,
    report,
    ruling,
    structural,
    subscription,
    synonym,
    system,
    token,
    webhook,
    workflow,
)
from app.api.operation import BLUEPRINT, OPERATIONS
from app.services.token import TokenHolder, has_old_use, holder_of_token, note_use

MODULES = (
    account,
    annotation,
    body,
    checkpoint,
    collection,
    comparison,
    deliberation,
    document,
    feed,
    follow_up,
    handover,
    law,
    matching,
    meeting,
    notice,
    openapi,
    organisation,
    paper,
    peer,
    precedent,
    process,
    report,
    ruling,
    structural,
    subscription,
    synonym,
    system,
    token,
    webhook,
    workflow,
)
ROOT = "/api/"
LOOKING = frozenset(f"{BLUEPRINT.name}.{made.name}" for made in OPERATIONS if made.public)


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Add the API; who calls it shows a token, so a forged form has nothing to forge with."""
    app.url_map.converters["precedent"] = precedent.PrecedentNumber
    app.register_blueprint(BLUEPRINT)
    csrf.exempt(BLUEPRINT)
    app.after_request(_say_version)
    app.after_request(_note_use)


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
    now = datetime.now(UTC)
    g.key_to_note = holder.token.id if has_old_use(holder.token, now) else None
    g.key_ends_at = holder.token.expires_at
    g.key = holder.token
    return holder


def _note_use(response: Response) -> Response:
    """Keep that a key was used, when its request is over."""
    if token_id := g.get("key_to_note"):
        note_use(current_app.extensions["engine"], token_id, datetime.now(UTC))
    return response


def _say_version(response: Response) -> Response:
    if is_asked():
        response.headers[openapi.VERSION_HEADER] = openapi.VERSION
    return response
