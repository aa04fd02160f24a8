"""Installations that are followed, for the administrator: who, when last heard, and what went wrong."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import ADMINISTRATOR_ROLE
from app.domain.errors import Invalid
from app.schemas.form import describe, from_html, load, page_faults, to_html
from app.schemas.peer import FollowForm
from app.services import peer as service
from app.services.choice import options
from app.web.access import access

pages = Blueprint("peer", __name__)


@pages.get("/beheer/instanties")
@access(ADMINISTRATOR_ROLE)
def manage() -> ResponseReturnValue:
    """Every installation that is or was followed."""
    return _page({}, {})


@pages.post("/beheer/instanties")
@access(ADMINISTRATOR_ROLE)
def follow() -> ResponseReturnValue:
    """Follow one from now on."""
    given = from_html(FollowForm, request.form)
    try:
        answers = load(FollowForm, given)
        made = service.add_peer(
            g.work,
            url=answers["url"],
            source=answers.get("source"),
            own=current_app.extensions["config"].public_url,
        )
    except Invalid as error:
        return _page(to_html(FollowForm, given), error.faults)
    flash(f"U volgt nu {made.url}. Wat daar openbaar is, wordt overgenomen.", "success")
    return redirect(url_for("peer.manage"), 303)


@pages.post("/beheer/instanties/<source>/ophalen")
@access(ADMINISTRATOR_ROLE)
def ask(source: str) -> ResponseReturnValue:
    """Let the worker ask one at its next turn."""
    peer = service.peer_named(g.work, source)
    service.ask_now(g.work, peer)
    flash(f"Wat er nieuw is bij {peer.source}, wordt nu opgehaald.", "success")
    return redirect(url_for("peer.manage"), 303)


@pages.post("/beheer/instanties/<source>/beeindigen")
@access(ADMINISTRATOR_ROLE)
def end(source: str) -> ResponseReturnValue:
    """Follow one no longer."""
    peer = service.peer_named(g.work, source)
    service.end_peer(g.work, peer)
    flash(f"U volgt {peer.source} niet meer. De uitspraken blijven staan en worden niet meer bijgewerkt.", "success")
    return redirect(url_for("peer.manage"), 303)


def _page(values: Mapping[str, object], faults: Mapping[str, Sequence[str]]) -> ResponseReturnValue:
    page = render_template(
        "peer/index.html",
        rows=service.peers(g.work),
        unread=service.unread(g.work),
        fields=describe(FollowForm, options(g.work)),
        values=values,
        errors=page_faults(FollowForm, faults),
    )
    return page, 400 if faults else 200
