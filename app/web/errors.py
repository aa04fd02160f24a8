"""From a refusal to a page: one table."""

from collections.abc import Mapping

import structlog
from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.db import trouble
from app.domain import errors
from app.schemas.problem import only_in
from app.services.interest import question_about
from app.services.withholding import card_of
from app.web import shape
from app.web.account import carry

log = structlog.get_logger()

STATUS: Mapping[type[Exception], int] = {
    errors.Invalid: 400,
    CSRFError: 400,
    errors.NotPermitted: 403,
    errors.WithheldFromMember: 403,
    errors.NotVisible: 404,
    errors.UnknownAction: 409,
    errors.GuardFailed: 409,
    errors.Stale: 409,
    StaleDataError: 409,
    errors.Busy: 429,
}
PAGES = frozenset({400, 403, 404, 405, 409, 412, 413, 429, 500, 503, 507})
RETRY_AFTER = 30
OVERTAKEN = "Iemand anders heeft dit intussen veranderd. Bekijk de nieuwe stand en probeer het opnieuw."


def answer(error: Exception) -> ResponseReturnValue:
    """The page of any error; what nobody foresaw is logged, and shown without a trace."""
    if trouble.is_full(error):
        return page(507)
    if trouble.is_lost(error):
        return page(503)
    if trouble.is_duplicate(error):
        return page(409, detail=[OVERTAKEN])
    if isinstance(error, tuple(STATUS)):
        return show_refusal(error)
    if isinstance(error, HTTPException):
        return show_http_error(error)
    return show_fault(error)


def show_refusal(error: Exception) -> ResponseReturnValue:
    """The page of a refusal by the rules or by the database."""
    if isinstance(error, errors.WithheldFromMember):
        return card_page(error.item), 403
    if isinstance(error, CSRFError) and request.form and request.path != "/inloggen":
        return carry()
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return page(status, detail=sentences(error), retry_after=getattr(error, "retry_after", None))


def card_page(number: str) -> str:
    """All that a member sees of an item that is withheld: one card, and the question if it was not answered."""
    card = card_of(g.work, number)
    question = None if card.declared else question_about(g.work, number)
    return render_template(
        "agenda/card.html",
        card=shape.card(g.work, card),
        organisations=question.organisations if question else (),
        prompts=question.prompts if question else (),
    )


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """The page of an error of HTTP itself."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return page(status)


def show_fault(error: Exception) -> ResponseReturnValue:
    """The page of a fault of ours: the log has the trace, the page has the request's id."""
    log.error("fault", path=request.path, request_id=g.get("request_id", ""), exc_info=error)
    return page(500)


def page(status: int, *, detail: list[str] | None = None, retry_after: int | None = None) -> ResponseReturnValue:
    """An error page with what to do next."""
    shown = status if status in PAGES else (400 if status < 500 else 500)
    text = render_template(
        f"errors/{shown}.html",
        status=status,
        request_id=g.get("request_id", ""),
        detail=detail or [],
        retry_after=retry_after,
        url="/",
    )
    headers = {"Retry-After": str(retry_after or RETRY_AFTER)} if status in (429, 503, 507) else {}
    return text, status, headers


def sentences(error: Exception) -> list[str]:
    """What a refusal says to people."""
    if isinstance(error, errors.GuardFailed):
        return list(error.sentences)
    if isinstance(error, errors.Invalid):
        return [message for messages in error.faults.values() for message in messages]
    if isinstance(error, (errors.Stale, StaleDataError)):
        return [OVERTAKEN]
    if isinstance(error, errors.UnknownAction):
        return [only_in(error) or "Deze actie kan niet meer in de stand waarin dit nu is. Bekijk wat er nu kan."]
    return []
