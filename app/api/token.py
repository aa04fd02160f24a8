"""One's own keys: which there are, making one, and taking one back."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, g

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.db.token import Token
from app.domain.errors import KeyMayNotConfirm
from app.schemas.token import NewTokenSchema, TokenForm, TokenSchema, TokensSchema
from app.services.token import make_token, own_tokens, revoke_token, token_of

COLLECTION, TAG = "sleutels", "Sleutels"
REVISION = 1
"""A key does not change until it is taken back, and then it is not there."""


@operation("GET", f"/{COLLECTION}", name="sleutelsLijst", summary="Uw sleutels", tag=TAG, gives=TokensSchema)
def index(call: Call) -> Answer:
    """The keys that were not revoked."""
    return Answer({"results": [_row(token) for token in own_tokens(call.work)]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="sleutelMaken",
    summary="Een sleutel maken, met een sleutel met `bevestigt`; u krijgt hem alleen nu te zien",
    tag=TAG,
    gives=NewTokenSchema,
    body=TokenForm,
    media=JSON,
    status=201,
    tagged=True,
    example={"body": {"naam": "Zaaksysteem", "rollen": ["melder"], "bevestigt": False}},
)
def create(call: Call) -> Answer:
    """Make a key that may no more than the one with which it is asked, and lives no longer."""
    now, own = datetime.now(UTC), _key_of_request()
    key = make_token(call.work, now=now, at_most=g.key_ends_at, made_with=own, **call.body)
    where = f"{BLUEPRINT.url_prefix}/{COLLECTION}/{key.token.id}"
    return Answer({**_row(key.token), "value": key.value}, revision=REVISION, headers={"Location": where})


@operation(
    "GET",
    f"/{COLLECTION}/<int:token_id>",
    name="sleutelEen",
    summary="Eén sleutel van uzelf",
    tag=TAG,
    gives=TokenSchema,
    tagged=True,
)
def show(call: Call, token_id: int) -> Answer:
    """One of one's own keys."""
    return Answer(_row(token_of(call.work, call.work.actor.account_id, token_id)), revision=REVISION)


@operation(
    "DELETE",
    f"/{COLLECTION}/<int:token_id>",
    name="sleutelIntrekken",
    summary="Een sleutel intrekken; hij werkt meteen niet meer",
    tag=TAG,
    status=204,
    changes=True,
)
def revoke(call: Call, token_id: int) -> Response:
    """Take one of one's own keys back; a key that may not confirm takes back itself alone."""
    token = token_of(call.work, call.work.actor.account_id, token_id)
    if not call.work.actor.confirms and token.id != _key_of_request():
        raise KeyMayNotConfirm("taking another key back asks a key that may confirm")
    call.check_version(REVISION, required=True)
    revoke_token(call.work, token)
    return Response(status=204)


def _key_of_request() -> int | None:
    """The key with which the call is made."""
    key: Token | None = g.get("key")
    return None if key is None else key.id


def _row(token: Token) -> dict[str, Any]:
    names = ("id", "name", "roles", "confirms", "created_at", "expires_at", "used_at")
    return {name: getattr(token, name) for name in names}
