"""From a refusal to a problem document: one table."""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Response, current_app, g, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.db import trouble
from app.domain import errors
from app.schemas.problem import MEDIA_TYPE, faults_json, only_in, problem
from app.services.process import KEY_MAY_NOT

log = structlog.get_logger()

TYPE = "urn:knelpuntenstelsel:probleem:"
RETRY_AFTER = 30
NEXT_STATE = "Deze actie kan niet in de status waarin dit nu is. Vraag op wat er nu kan."
WITHHELD = "U ziet hier niets van, omdat u (nog) niet meedoet aan agendapunt {item}. Vraag dat punt op."
OVERTAKEN = "Iemand anders heeft dit intussen veranderd. Haal de nieuwe stand op en probeer het opnieuw."

STATUS: Mapping[type[Exception], int] = {
    errors.Invalid: 400,
    errors.NotPermitted: 403,
    errors.WithheldFromMember: 403,
    errors.NotVisible: 404,
    errors.UnknownAction: 409,
    errors.GuardFailed: 409,
    errors.Stale: 412,
    StaleDataError: 409,
    errors.Busy: 429,
}
SYSTEM_STATUS = {"invalid_client": 401, "temporarily_unavailable": 429}
TOLD: Mapping[int, tuple[str, str]] = {
    400: ("Het verzoek klopt niet", "Kijk bij errors wat er beter moet."),
    401: ("Geen geldige sleutel", "Stuur een geldige sleutel mee in de kop Authorization."),
    403: ("Niet toegestaan", "U mag dit zien, maar deze stap is niet voor u."),
    404: ("Niet gevonden", "Dit bestaat niet, of u mag het niet zien."),
    405: ("Dit kan hier niet", "Gebruik een van de methoden in de kop Allow."),
    409: ("Dit kan nu niet", NEXT_STATE),
    410: ("Niet meer openbaar", "Deze uitspraak is niet meer openbaar."),
    412: ("Niet de laatste versie", OVERTAKEN),
    413: ("Te groot", "Stuur hoogstens 25 megabyte."),
    415: ("Verkeerd soort inhoud", "Stuur application/json."),
    428: ("If-Match ontbreekt", "Stuur de ETag mee die u het laatst kreeg, in de kop If-Match."),
    429: ("Te vaak geprobeerd", "Wacht even en probeer het opnieuw."),
    500: ("Er ging iets mis bij ons", "Probeer het later opnieuw. Blijft het misgaan? Meld het met het requestId."),
    503: ("De database is er nu niet", "Uw verzoek is niet uitgevoerd. Probeer het later opnieuw."),
    507: ("De schijf is vol", "Uw verzoek is niet uitgevoerd. Probeer het later opnieuw."),
}
WAITING = frozenset({429, 503, 507})


def answer(error: Exception) -> Response:
    """The problem document of any error; what nobody foresaw is logged, and told without a trace."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, errors.SystemRefused):
        return refuse_system(error)
    status = _status(error)
    if status == 500:
        log.error("fault", path=request.path, request_id=g.get("request_id", ""), exc_info=error)
    code = error.code if isinstance(error, errors.DomainError) else str(status)
    return _respond(status, code, **_particulars(error), headers=_waiting(status, error))


def refuse_system(error: errors.SystemRefused) -> Response:
    """What RFC 6749 has a client expect, which is no problem document."""
    body = {"error": error.code, "error_description": error.sentence}
    response = Response(current_app.json.dumps(body), SYSTEM_STATUS.get(error.code, 400), mimetype="application/json")
    response.headers["Pragma"] = "no-cache"
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    # What a call of ours said itself is in Dutch; what the framework says is not for people.
    own = error.description if error.description != type(error).description else None
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="knelpunten"'
    return _respond(status, str(status), detail=own, headers={**headers, **_waiting(status, error)})


def _status(error: Exception) -> int:
    if trouble.is_full(error):
        return 507
    if trouble.is_lost(error):
        return 503
    if trouble.is_duplicate(error):
        return 409
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


def _particulars(error: Exception) -> dict[str, Any]:
    """What this refusal says beside its kind."""
    if isinstance(error, errors.Invalid):
        return {"faults": faults_json(error.faults)}
    if isinstance(error, errors.KeyMayNotConfirm):
        return {"detail": KEY_MAY_NOT}
    if isinstance(error, errors.GuardFailed):
        return {"reasons": list(error.sentences), "detail": " ".join(error.sentences)}
    if isinstance(error, errors.WithheldFromMember):
        return {"detail": WITHHELD.format(item=error.item)}
    if isinstance(error, errors.UnknownAction):
        told = only_in(error) or NEXT_STATE
        return {"reasons": [told], "detail": told}
    if isinstance(error, StaleDataError) or trouble.is_duplicate(error):
        return {"reasons": [OVERTAKEN], "detail": OVERTAKEN}
    return {}


def _waiting(status: int, error: Exception) -> dict[str, str]:
    if status not in WAITING:
        return {}
    return {"Retry-After": str(getattr(error, "retry_after", None) or RETRY_AFTER)}


def _respond(
    status: int,
    code: str,
    *,
    headers: Mapping[str, str],
    detail: str | None = None,
    reasons: list[str] | None = None,
    faults: list[dict[str, str]] | None = None,
) -> Response:
    title, usual = TOLD.get(status, TOLD[400 if status < 500 else 500])
    document = problem(
        type=f"{TYPE}{code}",
        title=title,
        status=status,
        detail=detail or usual,
        instance=request.path,
        request_id=g.get("request_id", ""),
        reasons=reasons,
    )
    if faults is not None:
        document["errors"] = faults
    response = Response(current_app.json.dumps(document), status, mimetype=MEDIA_TYPE)
    response.headers.update(headers)
    return response
