"""Systems: asking a key with a signed statement, and for the administrator who they are."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, request

from app.api.errors import refuse_system
from app.api.operation import BLUEPRINT, FORM, JSON, Answer, Call, operation
from app.api.representation import organisation
from app.db.system import System
from app.domain.errors import Invalid, SystemRefused
from app.schemas.field import REQUIRED, Fault
from app.schemas.form import load
from app.schemas.system import (
    AccessRefusedSchema,
    AccessRequestForm,
    AccessSchema,
    PublicKeysForm,
    SystemForm,
    SystemSchema,
    SystemsSchema,
)
from app.services.system import (
    end_system,
    give_key,
    register_system,
    replace_keys,
    roles_of,
    system_with,
    systems,
)

COLLECTION, TAG = "systemen", "Systemen"
ASK_HERE = "/oauth/token"
# The point in the example of RFC 7517: a public key that nobody uses.
SAMPLE_KEYS = {
    "openbareSleutels": '{"keys": [{"kty": "EC", "crv": "P-256", "kid": "2026-11", '
    '"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}'
}
SAMPLE = {
    "naam": "Zaaksysteem gemeente Utrecht",
    "organisatie": "https://identifier.overheid.nl/tooi/id/gemeente/gm0344",
    "rollen": ["melder"],
    "bevestigt": False,
}


@operation(
    "POST",
    ASK_HERE,
    name="toegangVragen",
    summary="Als systeem een sleutel vragen, met een verklaring die het systeem zelf ondertekende",
    tag=TAG,
    gives=AccessSchema,
    asks=AccessRequestForm,
    media=FORM,
    by_statement=True,
    refuses=AccessRefusedSchema,
)
def give(call: Call) -> Answer | Response:
    """A key for a quarter of an hour (RFC 6749, section 4.4, with RFC 7523); that it was refused is kept."""
    try:
        return _key(call)
    except SystemRefused as refused:
        return refuse_system(refused)


@operation("GET", f"/{COLLECTION}", name="systemenLijst", summary="De systemen", tag=TAG, gives=SystemsSchema)
def index(call: Call) -> Answer:
    """Every system, for the administrator."""
    return Answer({"results": [_row(system) for system in systems(call.work)]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="systeemAanmelden",
    summary="Een systeem aanmelden, met een account van zichzelf",
    tag=TAG,
    gives=SystemSchema,
    body=SystemForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
    example={"body": {**SAMPLE, **SAMPLE_KEYS}},
)
def register(call: Call) -> Answer:
    """Register a system."""
    made = register_system(call.work, **call.body)
    where = f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.client_id}"
    return _answer(call, made.client_id, headers={"Location": where})


@operation(
    "GET",
    f"/{COLLECTION}/<client_id>",
    name="systeemEen",
    summary="Eén systeem",
    tag=TAG,
    gives=SystemSchema,
    tagged=True,
)
def show(call: Call, client_id: str) -> Answer:
    """One system."""
    return _answer(call, client_id)


@operation(
    "PUT",
    f"/{COLLECTION}/<client_id>/openbare-sleutels",
    name="systeemSleutels",
    summary="De openbare sleutels van een systeem vervangen",
    tag=TAG,
    gives=SystemSchema,
    body=PublicKeysForm,
    media=JSON,
    example={"body": SAMPLE_KEYS},
    tagged=True,
    changes=True,
    keyed=True,
)
def change_keys(call: Call, client_id: str) -> Answer:
    """Take other keys; what was given with the old ones ends."""
    system = system_with(call.work, client_id)
    call.check_version(system.revision, required=True)
    replace_keys(call.work, system, call.body["keys"])
    return _answer(call, client_id)


@operation(
    "DELETE",
    f"/{COLLECTION}/<client_id>",
    name="systeemSluiten",
    summary="Een systeem sluiten; zijn sleutels werken meteen niet meer",
    tag=TAG,
    status=204,
    changes=True,
)
def end(call: Call, client_id: str) -> Response:
    """Shut a system."""
    system = system_with(call.work, client_id)
    call.check_version(system.revision, required=True)
    end_system(call.work, system)
    return Response(status=204)


def _key(call: Call) -> Answer:
    asked = _request(call.body)
    public_url: str = current_app.extensions["config"].public_url.rstrip("/")
    given = give_key(
        call.work,
        statement=asked["assertion"],
        client_id=asked.get("client_id"),
        audiences=(f"{public_url}{BLUEPRINT.url_prefix}{ASK_HERE}", public_url),
        now=datetime.now(UTC),
        source=request.remote_addr or "",
        scope=asked.get("scope"),
    )
    body = {
        "access_token": given.value,
        "token_type": "Bearer",
        "expires_in": given.seconds,
        "scope": " ".join(given.scope),
    }
    return Answer(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _request(sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What was asked; a fault is told as RFC 6749 has it."""
    if any(len(values) > 1 for values in sent.values()):
        raise SystemRefused("invalid_request", "Stuur elke parameter hoogstens een keer.")
    try:
        return load(AccessRequestForm, {name: values[0] for name, values in sent.items()})
    except Invalid as refused:
        fault = refused.faults.get("grant_type", [None])[0]
        wrong_grant = isinstance(fault, Fault) and fault.code != REQUIRED
        code = "unsupported_grant_type" if wrong_grant else "invalid_request"
        names = ", ".join(sorted(refused.faults))
        raise SystemRefused(code, f"Kijk naar {names}.") from None


def _answer(call: Call, client_id: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """The system as the database has it now."""
    call.work.session.flush()
    call.work.session.expunge_all()
    system = system_with(call.work, client_id)
    return Answer(_row(system), revision=system.revision, headers=headers or {})


def _row(system: System) -> dict[str, Any]:
    names = ("client_id", "name", "confirms", "public_keys", "created_at", "used_at", "ended_at")
    home = organisation(system.account.organisation)
    return {**{name: getattr(system, name) for name in names}, "organisation": home, "roles": roles_of(system)}
