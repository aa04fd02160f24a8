"""Requests for advice: the page of one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.advice import Advice
from app.services.overview import names_of_accounts, overview, process_numbered
from app.services.record import coded, weighed
from app.web import record, shape
from app.web.access import LOGGED_IN, access

pages = Blueprint("advice", __name__)


@pages.get("/adviesaanvragen/<number>")
@access(LOGGED_IN)
def show(number: str) -> ResponseReturnValue:
    """One request: the question, the case behind it, and what came back."""
    advice = process_numbered(g.work, Advice, number)
    names = names_of_accounts(g.work, [advice.adviser_id, advice.asker_id])
    return render_template(
        "advice/show.html",
        **shape.page(g.work, overview(g.work, advice)),
        advice=advice,
        type=value_list("adviessoort").get(advice.advice_type, advice.advice_type),
        disclosure=value_list("vertrouwelijkheid").get(advice.disclosure, advice.disclosure),
        asker=names.get(advice.asker_id or 0),
        adviser=names.get(advice.adviser_id),
        result=_result(advice.result) if advice.result else None,
        use=advice.use,
    )


def _result(result: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "conclusion": record.concluded(coded("conclusie", result["conclusie"])),
        "weights": record.weights(weighed(result["weging"])),
        "motivation": result["motivering"],
        "conditions": result.get("voorwaarden"),
        "uncertainty": result["onzekerheid"],
        "sources": result["bronnen"],
        "interest": value_list("belang").get(result["belang"], result["belang"]),
    }
