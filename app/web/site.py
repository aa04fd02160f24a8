"""The site: its blueprints, filters and what every template is given."""

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from app.config import Config
from app.domain.access import ADMINISTRATOR_ROLE, COORDINATOR_ROLE, REPORTER_ROLE, Actor
from app.web import (
    account,
    advice,
    agenda,
    annotation,
    body,
    case,
    collection,
    comparison,
    description,
    filters,
    home,
    joining,
    law,
    matching,
    meeting,
    organisation,
    paper,
    peer,
    precedent,
    process,
    publication,
    recommendation,
    register,
    report,
    ruling,
    structural,
    subscription,
    synonym,
    system,
    token,
    vote,
    webhook,
    worklist,
)

BLUEPRINTS = (
    account,
    advice,
    agenda,
    annotation,
    body,
    case,
    collection,
    comparison,
    description,
    home,
    joining,
    law,
    matching,
    meeting,
    organisation,
    paper,
    peer,
    precedent,
    process,
    publication,
    recommendation,
    register,
    report,
    ruling,
    structural,
    subscription,
    synonym,
    system,
    token,
    vote,
    webhook,
    worklist,
)


def install(app: Flask) -> None:
    """Add the pages to the application."""
    filters.install(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.pages)
    app.context_processor(_given)


def _given() -> dict[str, Any]:
    """What the frame of every page shows."""
    config: Config = current_app.extensions["config"]
    return {
        "navigation": _navigation(),
        "footer": _footer(),
        "account": _account(),
        "demonstration": config.is_demo,
    }


def _navigation() -> list[tuple[str, str, bool]]:
    actor = _actor()
    items = [("Home", "/")]
    if actor is not None and actor.account_id is not None:
        items.append(("Werkvoorraad", url_for("worklist.show")))
        items.append(("Knelpunten", url_for("case.index")))
        items.append(("Structureel", url_for("structural.index")))
        if actor.roles & {REPORTER_ROLE, COORDINATOR_ROLE}:
            items.insert(1, ("Melden", url_for("report.begin")))
        if any(role.startswith("ccg_") for role in actor.roles):
            items.append(("Vergaderingen", url_for("meeting.index")))
        items.append(("Organen", url_for("body.index")))
    items.append(("Uitspraken", url_for("ruling.index")))
    items.append(("Precedenten", url_for("precedent.index")))
    items.append(("Navolging", url_for("recommendation.overview")))
    if actor is not None and actor.roles & {ADMINISTRATOR_ROLE, COORDINATOR_ROLE}:
        items.append(("Beheer", url_for("account.manage")))
    return [(label, url, _is_current(url)) for label, url in items]


def _is_current(url: str) -> bool:
    return request.path == url if url == "/" else request.path.startswith(url)


def _footer() -> list[tuple[str, str]]:
    return [
        ("Over dit stelsel", url_for("home.about")),
        ("Toegankelijkheid", url_for("home.accessibility")),
        ("Privacy", url_for("home.privacy")),
        ("Open data", url_for("register.open_data")),
        ("API", url_for("description.index")),
        ("Broncode", url_for("home.source")),
    ]


def _actor() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def _account() -> dict[str, str] | None:
    if not current_user.is_authenticated:
        return None
    account_row = current_user.account
    return {
        "name": account_row.name,
        "organisation": account_row.organisation.name,
        "url": url_for("account.show"),
    }
