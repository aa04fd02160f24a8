"""Taking an action on any process: one page for the form, one way to send it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from app.config import value_list
from app.db.kind import RECORDS, path_of
from app.db.process import Process
from app.domain.errors import GuardFailed, Invalid, NotPermitted, Stale, UnknownAction, WithheldFromMember
from app.domain.workflow import Transition, not_here
from app.schemas.field import FieldDescription, Form
from app.schemas.form import (
    FORMS,
    beginning,
    describe,
    from_html,
    load_action,
    page_faults,
    part_of,
    to_html,
    with_one_more,
)
from app.schemas.several import laid_out
from app.services.attachment import receive
from app.services.choice import options
from app.services.form import background, beside, hints, initial_answers, suggestions
from app.services.notice import readers_of, set_following
from app.services.overview import overview, process_numbered
from app.services.process import Outcome, Possibility, advance, item_to_ask_about, process_for_action
from app.services.withholding import is_withheld
from app.web import confirmation
from app.web.access import LOGGED_IN, access
from app.web.errors import sentences
from app.web.vote import receipt_page

pages = Blueprint("process", __name__)

COLLECTION = f"<any({', '.join(RECORDS)}):collection>"
REASON = FieldDescription(
    name="reden",
    label="Reden van deze stap",
    kind="lange_tekst",
    required=False,
    hint="Wat u hier schrijft, staat in het verloop. Dat kan iedereen lezen die dit mag zien.",
    max_length=2000,
    rows=3,
)


@dataclass(frozen=True, slots=True)
class ActionPage:
    """The form of one action on one process."""

    process: Process
    possibility: Possibility
    fields: list[FieldDescription]

    @property
    def transition(self) -> Transition:
        """The step that the form is for."""
        return self.possibility.transition


@pages.get(f"/{COLLECTION}/<number>/acties/<action>")
@access(LOGGED_IN)
def ask(collection: str, number: str, action: str) -> ResponseReturnValue:
    """Show what the action asks."""
    page = _page(collection, number, action)
    if page.possibility.reasons:
        return _show(page, {}, {"": list(page.possibility.reasons)}, status=409)
    form = _form(page)
    known = {**initial_answers(g.work, page.process, _asked(page)), **_chosen(page)}
    return _show(page, to_html(form, {**beginning(form), **known}) if form else {}, {})


@pages.post(f"/{COLLECTION}/<number>/acties/<action>")
@access(LOGGED_IN)
def take(collection: str, number: str, action: str) -> ResponseReturnValue:
    """Take the action, or show the form again with what is wrong and all that was typed."""
    try:
        page = _page(collection, number, action)
    except (UnknownAction, NotPermitted) as error:
        return _overtaken(collection, number, action, error)
    form = _form(page)
    values = dict(to_html(form, from_html(form, request.form))) if form else {}
    values["reden"] = request.form.get("reden", "")
    if form and "_meer" in request.form:
        return _show(page, with_one_more(form, values, request.form["_meer"]), {})
    try:
        if page.transition.confirm:
            confirmation.confirm()
        answers, reason = load_action(_asked(page), _posted(form), _files())
        with g.work.session.begin_nested():
            outcome = _advance(collection, number, action, answers, reason)
    except Invalid as error:
        faults = page_faults(form, error.faults) if form else error.faults
        return _show(_page(collection, number, action), values, faults, status=400)
    except (GuardFailed, UnknownAction, Stale, StaleDataError, NotPermitted) as error:
        status = 403 if isinstance(error, NotPermitted) else 409
        return _show(page, values, {"": sentences(error) or ["Dit kan niet meer."]}, status=status)
    if outcome.receipt:
        return receipt_page(page.process, outcome.receipt)
    flash(_done(page.transition, outcome), "success")
    return redirect(_afterwards(page), 303)


@pages.post(f"/{COLLECTION}/<number>/volgen")
@access(LOGGED_IN)
def follow(collection: str, number: str) -> ResponseReturnValue:
    """Follow a process, or stop following it."""
    process = process_numbered(g.work, RECORDS[collection], number)
    set_following(g.work, process, following=request.form.get("volgen") == "ja")
    return redirect(path_of(process), 303)


def _page(collection: str, number: str, action: str) -> ActionPage:
    try:
        process = process_numbered(g.work, RECORDS[collection], number)
    except WithheldFromMember as withheld:
        process = item_to_ask_about(g.work, withheld, action)
    shown = overview(g.work, process)
    found = next((one for one in shown.possibilities if one.transition.action == action), None)
    if found is None:
        if shown.workflow.transition(action, process.state) is None:
            raise not_here(shown.workflow, action, process.state)
        raise NotPermitted(action)
    fields: list[FieldDescription] = []
    if found.transition.asks and not found.is_second_half:
        fields += _asked_fields(process, FORMS[found.transition.asks])
    # What is answered to a sealed step stays out of the journal, and so does a reason.
    if not found.transition.sealed and not any(field.name == REASON.name for field in fields):
        fields.append(REASON)
    if found.transition.confirm:
        fields += confirmation.asked()
    return ActionPage(process, found, fields)


def _asked_fields(process: Process, form: type[Form]) -> list[FieldDescription]:
    """The fields of the form, or of the part of it that the address names."""
    part = part_of(form, request.args.get("deel"))
    fields = describe(form, options(g.work, process))
    return [field for field in fields if part is None or field.name in part.fields]


def _parts(page: ActionPage) -> list[tuple[str, str, bool, None]]:
    """The whole of a long form and its parts, each with its own address."""
    form = _form(page)
    if form is None or not form.parts:
        return []
    here = part_of(form, request.args.get("deel"))
    address: dict[str, Any] = {**(request.view_args or {})}
    whole = ("Alles", url_for("process.ask", **address), here is None, None)
    return [
        whole,
        *((one.label, url_for("process.ask", **address, deel=one.slug), one is here, None) for one in form.parts),
    ]


def _show(
    page: ActionPage, values: Mapping[str, Any], errors: Mapping[str, Any], *, status: int = 200
) -> ResponseReturnValue:
    internal = "add_note" in page.transition.effects
    fields, filled = laid_out(page.fields, values)
    told = hints(g.work, page.process, _asked(page), filled)
    fields = [replace(field, hint=told.get(field.name, field.hint)) for field in fields]
    text = render_template(
        "process/action.html",
        process=page.process,
        path=path_of(page.process),
        workflow=g.work.workflows[page.process.kind, page.process.version],
        transition=page.transition,
        second=_second(page),
        subject=_subject(page.process),
        background=background(g.work, page.process, _asked(page)),
        reading=beside(g.work, page.process, _asked(page)),
        suggestions=() if told else suggestions(g.work, page.process, _asked(page)),
        proposal=page.process.pending_answers if page.possibility.is_second_half else None,
        fields=fields,
        values=filled,
        errors=errors,
        action=url_for("process.take", **(request.view_args or {}), deel=request.args.get("deel")),
        parts=_parts(page),
        writes=bool({"add_note", "add_reply"} & set(page.transition.effects)),
        internal=internal,
        readers=_readers(page.process, internal=internal),
    )
    return text, status


def _chosen(page: ActionPage) -> dict[str, str]:
    """What the address already fills in of the form."""
    return {field.name: request.args[field.name] for field in page.fields if field.name in request.args}


def _subject(process: Process) -> str:
    """What the form is about; of an item that is not shown yet only its place."""
    return "" if is_withheld(g.work, process.id) else process.title


def _overtaken(collection: str, number: str, action: str, error: Exception) -> ResponseReturnValue:
    """Somebody else was first: the step is no longer there, but what was typed for it still is."""
    process = process_numbered(g.work, RECORDS[collection], number)
    workflow = g.work.workflows[process.kind, process.version]
    known = next((one for one in workflow.transitions if one.action == action), None)
    fields = describe(FORMS[known.asks], options(g.work, process)) if known and known.asks else []
    labels = {field.name: field.label for field in (*fields, REASON)}
    typed = [(labels[name], text) for name, text in request.form.items(multi=True) if name in labels and text.strip()]
    if not typed:
        raise error
    text = render_template(
        "process/overtaken.html", process=process, path=path_of(process), typed=typed, reasons=sentences(error)
    )
    return text, 403 if isinstance(error, NotPermitted) else 409


def _second(page: ActionPage) -> str | None:
    """Who takes the second half, in words."""
    labels = value_list("rol")
    if not page.transition.second or page.possibility.is_second_half:
        return None
    return " of ".join(labels.get(role, role) for role in sorted(page.transition.second))


def _readers(process: Process, *, internal: bool) -> list[str]:
    labels = value_list("rol")
    found = []
    for key in readers_of(g.work, process, internal=internal):
        kind, _, name = key.partition(":")
        if kind == "role":
            found.append(labels.get(name, name))
    return found if internal else ["Melders en partijen bij dit knelpunt", *found]


def _asked(page: ActionPage) -> str | None:
    """The name of the form; who completes a half confirms what the other filled in."""
    return None if page.possibility.is_second_half else page.transition.asks


def _form(page: ActionPage) -> type[Form] | None:
    name = _asked(page)
    return FORMS[name] if name is not None else None


def _posted(form: type[Form] | None) -> dict[str, Any]:
    """What was posted, with the reason."""
    raw = dict(from_html(form, request.form)) if form else {}
    if request.form.get("reden", "").strip():
        raw["reden"] = request.form["reden"]
    return raw


def _files() -> dict[str, Any]:
    """The files that were sent along, checked and kept."""
    extensions = current_app.extensions
    return {
        name: receive(extensions["store"], extensions["scanner"], upload.filename, upload.read())
        for name, upload in request.files.items()
        if upload.filename
    }


def _advance(collection: str, number: str, action: str, answers: Mapping[str, Any], reason: str) -> Outcome:
    process = process_for_action(g.work, RECORDS[collection], number, action)
    revision = request.form.get("revisie", "")
    return advance(
        g.work,
        process,
        action=action,
        answers=answers,
        reason=reason,
        revision=int(revision) if revision.isdigit() else None,
    )


def _afterwards(page: ActionPage) -> str:
    """Where one goes on: a draft is saved in parts, and its page says what is still missing."""
    if "update_ruling" in page.transition.effects:
        return url_for("ruling.draft", number=page.process.number)
    return path_of(page.process)


def _done(transition: Transition, outcome: Outcome) -> str:
    made = ", ".join(process.number for process in outcome.made)
    if outcome.event.half:
        return f"Uw voorstel is vastgelegd: {transition.label}. Het wacht op een tweede persoon."
    return f"Gedaan: {transition.label}." + (f" Gemaakt: {made}." if made else "")
