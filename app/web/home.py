"""Home for each role, and the pages about the system itself."""

from flask import Blueprint, g, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.domain.access import COORDINATOR_ROLE, REPORTER_ROLE
from app.services.health import faults
from app.services.listing import Filters, processes
from app.services.notice import notices_for
from app.services.report import drafts_for_approval, drafts_of
from app.services.ruling import latest_rulings, numbers_of_the_system
from app.services.withholding import cards as withheld_items
from app.web import shape
from app.web.access import EVERYBODY, access

pages = Blueprint("home", __name__)

FEW = 5


@pages.get("/")
@access(EVERYBODY)
def show() -> ResponseReturnValue:
    """For the public: what this is and what was decided; for who works here: what waits."""
    work = g.work
    if work.actor.account_id is None:
        return render_template(
            "home/public.html", rulings=latest_rulings(work, FEW), numbers=numbers_of_the_system(work)
        )
    waiting = processes(work, Filters(waiting=True), order="termijn", amount=FEW)
    late = processes(work, Filters(late=True, waiting=True), order="termijn", amount=1)
    cards = [shape.card(work, one) for one in withheld_items(work)]
    following = processes(work, Filters(following=True), amount=FEW)
    reports = work.actor.roles & {REPORTER_ROLE, COORDINATOR_ROLE}
    return render_template(
        "home/show.html",
        waiting=shape.rows(work, waiting.rows, waiting=True),
        waiting_total=waiting.total,
        waiting_capped=waiting.capped,
        late_total=late.total,
        questions=[card for card in cards if not card["declared"]],
        following=shape.rows(work, following.rows),
        following_total=following.total,
        drafts=drafts_of(work) if reports else [],
        approvals=drafts_for_approval(work) if COORDINATOR_ROLE in work.actor.roles else [],
        reports=bool(reports),
        notices=notices_for(work, limit=FEW),
        rulings=latest_rulings(work, FEW),
        today=work.today,
    )


@pages.get("/over")
@access(EVERYBODY)
def about() -> ResponseReturnValue:
    """What the system is for, and how a bottleneck travels through it."""
    return render_template("home/about.html", workflow=g.work.newest("knelpunt"))


@pages.get("/toegankelijkheid")
@access(EVERYBODY)
def accessibility() -> ResponseReturnValue:
    """How accessible the site is, and where to say that it is not."""
    return render_template("home/accessibility.html")


@pages.get("/privacy")
@access(EVERYBODY)
def privacy() -> ResponseReturnValue:
    """Which data the system keeps of whom."""
    return render_template("home/privacy.html")


@pages.get("/broncode")
@access(EVERYBODY)
def source() -> ResponseReturnValue:
    """Where the source is, and under which licence."""
    return render_template("home/source.html")


@pages.get("/healthz")
@access(EVERYBODY)
def healthz() -> ResponseReturnValue:
    """The process lives."""
    return jsonify(status="ok")


@pages.get("/readyz")
@access(EVERYBODY)
def readyz() -> ResponseReturnValue:
    """Database, migrations and workflows are in order."""
    found = faults(g.work)
    return jsonify(status="niet gereed" if found else "ok", fouten=found), 503 if found else 200
