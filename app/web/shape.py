"""What services give, in the shape that the templates read: labels, tones, addresses."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, request, url_for

from app.adapters.store import Store
from app.config import value_list
from app.db.kind import COLLECTIONS, path_of
from app.db.meeting import AgendaItem
from app.db.process import Attachment, Event, Message, Process
from app.domain import access, calendar
from app.domain.law import LawReference
from app.domain.workflow import State
from app.schemas.field import FieldDescription
from app.services.law import known_laws
from app.services.listing import Row, Stretch
from app.services.overview import Overview, Related, names_of_accounts
from app.services.process import Possibility
from app.services.reliance import warnings
from app.services.withholding import ANSWERS_THE_QUESTION, Card
from app.services.work import Work

KIND_LABELS = {
    "knelpunten": "Knelpunt",
    "adviesaanvragen": "Adviesaanvraag",
    "vergaderingen": "Vergadering",
    "agendapunten": "Agendapunt",
    "publicaties": "Publicatie",
    "aanbevelingen": "Aanbeveling",
    "precedenten": "Precedent",
}


def page(work: Work, shown: Overview) -> dict[str, Any]:
    """What the page of any process shows."""
    process = shown.process
    acted = [account for event in shown.journal for account in (event.account_id, event.for_account_id)]
    names = names_of_accounts(work, [*acted, process.owner_id, process.pending_by])
    roles = value_list("rol")
    return {
        "process": process,
        "path": path_of(process),
        "kind_label": KIND_LABELS[COLLECTIONS[process.kind]],
        "workflow": shown.workflow,
        "state_label": shown.state_label,
        "tone": tone(shown.workflow.states[process.state], late=is_late(work, process.due)),
        "stage": shown.stage,
        "visited": shown.visited,
        "is_final": shown.is_final,
        "today": work.today,
        "actions": [_action(possibility) for possibility in shown.possibilities],
        "entries": [_entry(shown, event, names) for event in reversed(shown.journal)],
        "messages": [_message(message) for message in shown.messages],
        "documents": [_document(process, attachment) for attachment in shown.attachments],
        "related": [_related(work, one) for one in shown.related],
        "involved": shown.involved,
        "handling": shown.handling,
        "following": shown.following,
        "owner": names.get(process.owner_id or 0) or roles.get(process.turn or "", ""),
        "turn": roles.get(process.turn or "", ""),
        "pending": _pending(shown, names),
    }


def with_steps(given: Mapping[str, Any], shown: Overview, effects: Collection[str]) -> dict[str, Any]:
    """The same page, where an action with one of these effects stands among the steps although nothing moves."""
    raised = actions_that(shown, effects)
    actions = [{**action, "moves": action["moves"] or action["action"] in raised} for action in given["actions"]]
    return {**given, "actions": actions}


def actions_that(shown: Overview, effects: Collection[str]) -> set[str]:
    """The actions of a page that have one of these effects."""
    return {one.transition.action for one in shown.possibilities if set(one.transition.effects) & set(effects)}


def rows(work: Work, found: Sequence[Row], *, waiting: bool = False) -> list[dict[str, Any]]:
    """The rows of a list or of the worklist."""
    return [
        {
            "number": row.number,
            "url": f"/{COLLECTIONS[row.kind]}/{row.number}",
            "title": row.title,
            "kind": KIND_LABELS[COLLECTIONS[row.kind]],
            "state": work.workflows[row.kind, row.version].states[row.state].label,
            "tone": tone(work.workflows[row.kind, row.version].states[row.state], late=is_late(work, row.due)),
            "due": row.due,
            "held": row.held,
            "extended": row.extended,
            "organisation": row.organisation,
            "waiting": waiting,
            "example": row.demonstration,
        }
        for row in found
    ]


def with_warnings(work: Work, found: Sequence[Row], shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of cases, with what changed of the precedents on which they rest; one query for all."""
    known = warnings(work, [row.id for row in found])
    return [{**one, "warnings": known.get(row.id, ())} for row, one in zip(found, shown, strict=True)]


def paging(stretch: Stretch) -> dict[str, str | None]:
    """The addresses of the next stretch and of the first."""
    given = request.args.to_dict(flat=False)
    given.pop("na", None)
    endpoint = request.endpoint or ""
    arguments: Mapping[str, Any] = {**(request.view_args or {}), **given}
    following = stretch.following and url_for(endpoint, **arguments, na=stretch.following)
    return {"next_url": following, "first_url": url_for(endpoint, **arguments) if "na" in request.args else None}


def tone(state: State, *, late: bool = False) -> str:
    """How a state looks; the words say the same."""
    if state.final:
        return "neutral"
    if late:
        return "danger"
    return "waiting" if state.turn in access.ORGANISATION_ROLES | {access.PARTY_ROLE} else "info"


def is_late(work: Work, due: Any) -> bool:
    """The last day has passed."""
    return calendar.is_overdue(due, work.today)


def file_response(store: Store, attachment: Attachment) -> Response:
    """A file as a download that no browser opens in the page."""
    response = Response(store.read(attachment.digest), mimetype=attachment.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=attachment.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def card(work: Work, found: Card) -> dict[str, Any]:
    """An item that is withheld from the reader: where it is, and the question if it can be answered."""
    page = f"/{COLLECTIONS[AgendaItem.kind_name()]}/{found.number}"
    asked = work.workflows[AgendaItem.kind_name(), found.version].actions_from(found.state)
    action = next((step.action for step in asked if ANSWERS_THE_QUESTION in step.effects), None)
    return {
        "withheld": True,
        "number": found.number,
        "position": found.position,
        "url": page,
        "meeting": found.meeting,
        "excused": found.excused,
        "declared": found.declared,
        "answer_url": f"{page}/acties/{action}" if action and not found.excused else None,
    }


def law_field(name: str, given: str | None) -> FieldDescription:
    """The filter on a law: a choice of the known laws by name, and of what was given in the address beside these."""
    known = {identifier: one.abbreviation or one.title for identifier, one in known_laws().items()}
    if given and given not in known:
        known[given] = given
    choices = sorted(known.items(), key=lambda one: one[1].casefold())
    return FieldDescription(name=name, label="Wet", kind="selectie", required=False, choices=choices)


def law(row: Mapping[str, Any]) -> dict[str, Any]:
    """A law of a report or case: what people call it, where to read it, and its Juriconnect string."""
    day = row.get("valid_on")
    reference = LawReference(
        row["system"],
        row["identifier"],
        row.get("article"),
        row.get("paragraph"),
        row.get("part"),
        date.fromisoformat(day) if isinstance(day, str) else day,
    )
    return {
        "label": reference.label(known_laws()),
        "url": reference.public_url(),
        "jci": reference.jci(),
        "note": None,
    }


def _action(possibility: Possibility) -> dict[str, Any]:
    transition = possibility.transition
    roles = value_list("rol")
    second = " of ".join(roles.get(role, role) for role in sorted(transition.second))
    return {
        "action": transition.action,
        "label": f"Bevestigen: {transition.label}" if possibility.is_second_half else transition.label,
        "allowed": possibility.allowed,
        "reasons": list(possibility.reasons),
        "second": f"Daarna bevestigt: {second}" if second and not possibility.is_second_half else None,
        "moves": transition.target is not None,
    }


def what_happened(work: Work, type_of_event: str) -> str:
    """The type of an event in words: the label of the action, and of what it happened to.

    What is said of a ruling comes from a step of another process, so its action is looked for in all definitions.
    """
    *_, noun, slug, _ = type_of_event.split(".")
    action = slug.replace("-", "_")
    # The newest version that knows the action, of the process itself before that of another.
    known = sorted(work.workflows.values(), key=lambda one: (one.name == noun, one.version), reverse=True)
    labels = (step.label for workflow in known for step in workflow.transitions if step.action == action)
    about = next((workflow.label for workflow in known if workflow.name == noun), noun.capitalize())
    return f"{about}: {next(labels, action.replace('_', ' ').capitalize())}"


def _entry(shown: Overview, event: Event, names: Mapping[int, str]) -> dict[str, Any]:
    states = shown.workflow.states
    moved = event.source is not None and event.source != event.target
    source, target = states.get(event.source or ""), states.get(event.target)
    transition = shown.workflow.transition(event.action, event.source) if event.source else None
    label = transition.label if transition else event.action.replace("_", " ").capitalize()
    roles = value_list("rol")
    return {
        "number": event.sequence,
        "label": f"{label} (voorstel, wacht op een tweede persoon)" if event.half else label,
        "at": event.at,
        "actor": names.get(event.account_id or 0, "Systeem"),
        "role": roles.get(event.role, event.role),
        "organisation": event.organisation.name if event.organisation else None,
        "stood_in_for": names.get(event.for_account_id or 0),
        "from_label": source.label if moved and source else None,
        "to_label": target.label if moved and target else None,
        "reason": event.reason,
        "hash": event.hash,
        "system": event.account_id is None,
    }


def _message(message: Message) -> dict[str, Any]:
    roles = value_list("rol")
    return {
        "internal": message.internal,
        "author": roles.get(message.role, message.role),
        "role": roles.get(message.role, message.role),
        "organisation": message.organisation.name if message.organisation else None,
        "at": message.at,
        "text": message.text,
        "readers": ["alleen behandelaars"] if message.internal else ["melders, partijen en behandelaars"],
    }


def _document(process: Process, attachment: Attachment) -> dict[str, Any]:
    return {
        "title": attachment.title or attachment.name,
        "url": f"{path_of(process)}/documenten/{attachment.id}",
        "kind": attachment.name.rpartition(".")[2].upper(),
        "size": attachment.size,
        "at": attachment.at,
        "by": None,
        "note": None,
    }


def _related(work: Work, one: Related) -> dict[str, Any]:
    state = work.workflows[one.kind, one.version].states[one.state]
    return {
        "number": one.number,
        "url": f"/{COLLECTIONS[one.kind]}/{one.number}",
        "kind": KIND_LABELS[COLLECTIONS[one.kind]],
        "title": one.title,
        "state": state.label,
        "tone": tone(state, late=is_late(work, one.due)),
        "organisation": one.organisation,
        "due": one.due,
    }


def _pending(shown: Overview, names: Mapping[int, str]) -> dict[str, str] | None:
    process = shown.process
    if process.pending_action is None:
        return None
    transition = shown.workflow.transition(process.pending_action, process.state)
    roles = value_list("rol")
    second = sorted(transition.second) if transition else []
    return {
        "label": transition.label if transition else process.pending_action,
        "role": " of ".join(roles.get(role, role) for role in second),
        "by": names.get(process.pending_by or 0, "Systeem"),
    }
