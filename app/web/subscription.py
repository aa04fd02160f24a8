"""Subscriptions: asking to hear of something, and ending that."""

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
            }
            for one in service.subscriptions(g.work)
        ],
    )


@pages.post("/abonnementen")
@access(LOGGED_IN)
def begin() -> ResponseReturnValue:
    """Hear of something from now on."""
    made = service.subscribe(g.work, request.form.get("soort", ""), request.form)
    flash(f"Wij houden u op de hoogte: {made.label}.", "success")
    return redirect(url_for("subscription.index"), 303)


@pages.post("/abonnementen/<int:identity>/stoppen")
@access(LOGGED_IN)
def end(identity: int) -> ResponseReturnValue:
    """Hear of it no longer."""
    service.unsubscribe(g.work, identity)
    flash("Het abonnement is gestopt.", "success")
    return redirect(url_for("subscription.index"), 303)


def _where(kind: str, query: dict[str, str]) -> str:
    """Where one sees now what one hears of."""
    if kind == service.RULING:
        return path_of_number(query["nummer"])
    if kind == service.LAW:
        return url_for("ruling.index", wet=query["wet"])
    return url_for("precedent.index", **query)  # type: ignore[arg-type]
