"""Subscriptions: asking to hear of something, and ending that."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.services import subscription as service
from app.web.access import LOGGED_IN, access
from app.web.record import path_of_number

pages = Blueprint("subscription", __name__)


@pages.get("/abonnementen")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """What one hears of."""
    kinds = value_list("abonnement")
    return render_template(
        "subscription/index.html",
        rows=[
            {
                "id": one.id,
                "kind": kinds.get(one.kind, one.kind),
                "label": one.label,
                "url": _where(one.kind, one.query),
                "since": one.created_at,
                "told": one.told,
                "may_rest": one.kind == service.SEARCH,
            }
            for one in service.subscriptions(g.work)
        ],
    )


@pages.post("/abonnementen")
@access(LOGGED_IN)
def begin() -> ResponseReturnValue:
    """Hear of something from now on."""
    asked = request.form.to_dict(flat=False)
    made = service.subscribe(g.work, request.form.get("soort", ""), asked, told="bewaren" not in request.form)
    _say(made.label, told=made.told)
    return redirect(url_for("subscription.index"), 303)


@pages.post("/abonnementen/<int:identity>/berichten")
@access(LOGGED_IN)
def tell(identity: int) -> ResponseReturnValue:
    """Hear of a search that was only kept, or keep it without hearing of it."""
    made = service.tell(g.work, identity, told="aan" in request.form)
    _say(made.label, told=made.told)
    return redirect(url_for("subscription.index"), 303)


@pages.post("/abonnementen/<int:identity>/stoppen")
@access(LOGGED_IN)
def end(identity: int) -> ResponseReturnValue:
    """Hear of it no longer."""
    service.unsubscribe(g.work, identity)
    flash("Het abonnement is gestopt.", "success")
    return redirect(url_for("subscription.index"), 303)


def _say(label: str, *, told: bool) -> None:
    flash(f"Wij houden u op de hoogte: {label}." if told else f"Bewaard, zonder berichten: {label}.", "success")


def _where(kind: str, query: dict[str, Any]) -> str:
    """Where one sees now what one hears of."""
    if kind == service.RULING:
        return path_of_number(query["nummer"])
    if kind == service.LAW:
        return url_for("ruling.index", wet=query["wet"])
    return url_for("precedent.index", **query)
