"""The API for people: how it works, every call with its fields and an example, and how to hear what happens."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.kind import RECORDS
from app.domain.access import SYSTEM_ROLE
from app.domain.errors import NotVisible
from app.domain.workflow import Transition, Workflow
from app.schemas.description import CallGroup, call_groups, refusals_of
from app.schemas.form import FORMS, api_field, describe
from app.web.access import EVERYBODY, access

pages = Blueprint("description", __name__)

ROOT = "/api/v1"
LISTED = 12
"""Up to so many values of a field are named; of more it is said how many there are."""


@pages.get("/api")
@access(EVERYBODY)
def guess() -> ResponseReturnValue:
    """Where people look for it first."""
    return redirect(url_for("description.index"))


@pages.get("/ontwikkelaars")
@access(EVERYBODY)
def index() -> ResponseReturnValue:
    """How the API works, and all its calls."""
    description = current_app.extensions["description"]()
    return render_template(
        "description/index.html",
        groups=_groups(),
        amount=sum(len(group.calls) for group in _groups()),
        refusals=refusals_of(description),
        info=description["info"],
        address=_address(),
    )


@pages.get("/ontwikkelaars/<slug>")
@access(EVERYBODY)
def show(slug: str) -> ResponseReturnValue:
    """The calls about one subject, and of a process what can be done with it."""
    group = next((one for one in _groups() if one.slug == slug), None)
    if group is None:
        raise NotVisible(slug)
    record = RECORDS.get(slug)
    workflow = g.work.newest(record.kind_name()) if record else None
    return render_template(
        "description/show.html", group=group, actions=_actions(workflow) if workflow else [], workflow=workflow
    )


def _address() -> str:
    return f"{current_app.extensions['config'].public_url.rstrip('/')}{ROOT}"


def _groups() -> list[CallGroup]:
    return _read(current_app.extensions["description"], _address())


@cache
def _read(description: Callable[[], Mapping[str, Any]], address: str) -> list[CallGroup]:
    """Read once, since the description does not change while we run; by name, as people look for a subject."""
    return sorted(call_groups(description(), address), key=lambda group: group.name.casefold())


def _actions(workflow: Workflow) -> list[dict[str, Any]]:
    """Every action that people take, with from where, by whom, and what it asks."""
    steps: dict[str, list[Transition]] = {}
    for step in workflow.transitions:
        if step.roles - {SYSTEM_ROLE}:
            steps.setdefault(step.action, []).append(step)
    return [_action(workflow, action, found) for action, found in sorted(steps.items())]


def _action(workflow: Workflow, action: str, steps: list[Transition]) -> dict[str, Any]:
    roles = value_list("rol")
    asked = next((step.asks for step in steps if step.asks), None)
    return {
        "action": action,
        "label": steps[0].label,
        "states": [
            state.label for slug, state in workflow.states.items() if any(slug in step.sources for step in steps)
        ],
        "roles": sorted({roles.get(role, role) for step in steps for role in step.roles}),
        "second": sorted({roles.get(role, role) for step in steps for role in step.second}),
        "fields": [_field(api_field(one)) for one in describe(FORMS[asked], _none)] if asked else [],
    }


def _field(told: Mapping[str, Any]) -> dict[str, Any]:
    values = told["waarden"] or ()
    return {
        "name": told["naam"],
        "label": told["label"],
        "shape": told["soort"],
        "required": told["verplicht"],
        "values": values if len(values) <= LISTED else (),
        "parts": [_field(part) for part in told.get("onderdelen") or ()],
    }


def _none(source: str) -> list[tuple[str, str]]:
    """What there is to choose depends on the moment; `…/acties` says it."""
    return []
