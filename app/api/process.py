"""Every process alike: the list, one, what can be done with it, doing it, and what happened."""

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.representation import entity, event, rows, withheld
from app.db.kind import COLLECTIONS, RECORDS
from app.db.meeting import AgendaItem
from app.db.process import Process
from app.domain.answers import unpack
from app.domain.errors import Invalid, WithheldFromMember
from app.domain.number import in_path
from app.domain.workflow import Transition
from app.schemas.field import Form, Options
from app.schemas.form import FORMS, REASON, ReasonForm, api_field, describe, load_action
from app.schemas.process import ENTITIES, ROWS, ActionsSchema, JournalSchema, taken
from app.schemas.query import CaseQuery, ListQuery, SubQuery
from app.services.choice import options
from app.services.facts import scope_of
from app.services.listing import Filters, processes
from app.services.overview import journal_of, names_of_accounts, process_numbered, sight_of
from app.services.process import (
    Outcome,
    Possibility,
    advance,
    permitted,
    possibilities,
    process_for_action,
)
from app.services.withholding import ANSWERS_THE_QUESTION, card_of
from app.services.work import Work

P = TypeVar("P", bound=Process)

QUERIES: Mapping[str, type[ListQuery]] = {
    collection: CaseQuery if collection == next(iter(RECORDS)) else SubQuery for collection in RECORDS
}
ITEMS = COLLECTIONS[AgendaItem.kind_name()]
SAID_OTHERWISE = "Wie deze actie voorstelde, vulde hier iets anders in. Laat de velden weg, of neem ze over."


def index(collection: str, call: Call) -> Answer:
    """A stretch of a collection, narrowed and ordered."""
    query = call.query
    kind = RECORDS[collection].kind_name()
    filters = Filters(
        kind=kind,
        states=known_states(call.work, kind, query.get("states") or ()),
        types=query.get("types") or (),
        organisation=query.get("organisation"),
        law=query.get("law"),
        late=query["late"],
        words=query.get("words"),
        case=query.get("case"),
    )
    stretch = processes(call.work, filters, order=query["order"], after=query.get("after"), amount=query["amount"])
    body = {
        "results": rows(call.work, stretch.rows, collection),
        # One more than was counted says that there are more.
        "total": stretch.least,
        "capped": stretch.capped,
    }
    return Answer(body, headers=next_link(stretch.following))


def show(collection: str, call: Call, number: str) -> Answer:
    """One process."""
    return _shown(call.work, collection, number)


def actions(collection: str, call: Call, number: str) -> Answer:
    """What the reader may do now, and what not with the reason."""
    work = call.work
    try:
        process = process_numbered(work, RECORDS[collection], number)
    except WithheldFromMember:
        if collection != ITEMS:
            raise
        return Answer({"actions": _question(work, number)})
    if not sight_of(work, process).involved:
        return Answer({"actions": []})
    choices = _remembered(options(work, process))
    return Answer({"actions": [_action(one, choices) for one in possibilities(work, process)]})


def take(collection: str, call: Call, number: str, action: str) -> Answer:
    """Take an action, or the first half of one; what it made is in the answer."""
    process = process_for_action(call.work, RECORDS[collection], number, action)
    call.check_version(process.revision, required=True)
    return taken_answer(call.work, collection, act(call.work, process, action, call.body))


def history(collection: str, call: Call, number: str) -> Answer:
    """The lines of the journal that the reader may see."""
    work = call.work
    try:
        process = process_numbered(work, RECORDS[collection], number)
    except WithheldFromMember:
        if collection != ITEMS:
            raise
        return Answer({"results": []})
    involved, handling = sight_of(work, process)
    lines = journal_of(work, process, handling=handling, involved=involved)
    names = names_of_accounts(work, [line.for_account_id for line in lines])
    return Answer({"results": [event(line, names, involved=involved) for line in lines]})


def act(
    work: Work,
    process: Process,
    action: str,
    sent: Mapping[str, Any],
    files: Mapping[str, Mapping[str, Any]] | None = None,
) -> Outcome:
    """Check what was sent against the form of the action, and take it."""
    scope = scope_of(work, process)
    transition = permitted(work, process, action, scope)
    answers, reason = _answers(process, transition, sent, files)
    return advance(work, process, action=action, answers=answers, reason=reason, scope=scope)


def taken_answer(work: Work, collection: str, outcome: Outcome) -> Answer:
    """The process as it is after an action, read again, with what the action made."""
    number = outcome.event.process.number
    made = [{"kind": process.kind, "number": process.number} for process in outcome.made]
    work.session.flush()
    work.session.expunge_all()
    return _shown(work, collection, number, made=made, receipt=dict(outcome.receipt) or None)


def read_again(work: Work, record: type[P], number: str) -> P:
    """A process as the database has it now, with nothing of what was read or written before."""
    work.session.flush()
    work.session.expunge_all()
    return process_numbered(work, record, number)


def action_with_effect(work: Work, process: Process, effect: str) -> str:
    """The action of a process that has this effect; in which states it can be taken, the definition says."""
    workflow = work.workflows[process.kind, process.version]
    return next(step.action for step in workflow.transitions if effect in step.effects)


def known_states(work: Work, kind: str, given: Any) -> list[str]:
    """States of any version of a definition; `Invalid` for a word that is none."""
    known = {slug for (name, _), workflow in work.workflows.items() if name == kind for slug in workflow.states}
    if unknown := [slug for slug in given if slug not in known]:
        raise Invalid({"status": [f"{', '.join(unknown)} is geen status. Kies uit: {', '.join(sorted(known))}."]})
    return list(given)


def next_link(following: str | None, *, by: str = "na") -> dict[str, str]:
    """The header that says where the list goes on; `by` is the parameter that takes the place."""
    if following is None:
        return {}
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != by]
    return {"Link": f'<{request.path}?{urlencode([*pairs, (by, following)])}>; rel="next"'}


def address_of(collection: str, number: str) -> str:
    """The path of a thing in the API."""
    return f"{BLUEPRINT.url_prefix}/{collection}/{in_path(number)}"


def _shown(work: Work, collection: str, number: str, **more: Any) -> Answer:
    """One process; an item that is withheld from a member is one card, and what hangs from it is not there."""
    try:
        process = process_numbered(work, RECORDS[collection], number)
    except WithheldFromMember:
        if collection != ITEMS:
            raise
        card = card_of(work, number)
        # How often others did something is for who still has to answer, since that request may name the version.
        return Answer({**withheld(work, card), **more}, revision=None if card.declared else card.revision)
    return _answer(work, process, **more)


def _question(work: Work, number: str) -> list[Mapping[str, Any]]:
    """The one action on an item that is not shown yet."""
    card = card_of(work, number)
    workflow = work.workflows[AgendaItem.kind_name(), card.version]
    asked = (step for step in workflow.actions_from(card.state) if ANSWERS_THE_QUESTION in step.effects)
    transition = next(asked, None)
    if transition is None or card.excused:
        return []
    return [_action(Possibility(transition), _remembered(options(work)))]


def _answer(work: Work, process: Process, **more: Any) -> Answer:
    """The process with its version; who may change nothing does not see how often others did."""
    sight = sight_of(work, process)
    return Answer({**entity(work, process, sight), **more}, revision=process.revision if sight.involved else None)


def _answers(
    process: Process, transition: Transition, sent: Mapping[str, Any], files: Mapping[str, Mapping[str, Any]] | None
) -> tuple[dict[str, Any], str]:
    """The typed answers; who completes a half confirms what the other filled in, and may say the same again."""
    completes = transition.second and process.pending_action == transition.action
    if not completes:
        return load_action(transition.asks, sent, files)
    if not sent.keys() - {REASON}:
        return load_action(None, sent)
    answers, reason = load_action(transition.asks, sent, files)
    if answers != unpack(process.pending_answers or {}):
        raise Invalid({"": [SAID_OTHERWISE]})
    return answers, reason


def _action(possibility: Possibility, choices: Options) -> dict[str, Any]:
    transition = possibility.transition
    waits = possibility.is_second_half
    form = FORMS[transition.asks] if transition.asks and not waits else Form
    asked = describe(form, choices)
    if not transition.sealed and not any(field.name == REASON for field in asked):
        asked += describe(ReasonForm, choices)
    return {
        "action": transition.action,
        "label": transition.label,
        "allowed": possibility.allowed,
        "reasons": list(possibility.reasons),
        "second": min(transition.second) if transition.second and not waits else None,
        "asked": [_field(api_field(field)) for field in asked],
    }


def _field(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": told["naam"],
        "label": told["label"],
        "shape": told["soort"],
        "required": told["verplicht"],
        "options": told["waarden"],
        "parts": told.get("onderdelen"),
    }


def _remembered(choices: Options) -> Options:
    """Choices that are looked up once, however many actions offer them."""
    known: dict[str, Any] = {}

    def remembered(source: str) -> Any:
        if source not in known:
            known[source] = choices(source)
        return known[source]

    return remembered


def _register(collection: str) -> None:
    """The five calls of a collection; precedents are searched and shown in a way of their own."""
    tag = collection.capitalize()
    schema = ENTITIES[collection]
    one = f"/{collection}/<number>"
    if collection in ROWS:
        operation(
            "GET",
            f"/{collection}",
            name=f"{collection}Lijst",
            summary=f"De {collection} die u mag zien",
            tag=tag,
            gives=ROWS[collection],
            query=QUERIES[collection],
            paged=True,
        )(partial(index, collection))
    if collection in ROWS:
        operation(
            "GET",
            one,
            name=f"{collection}Een",
            summary=f"Eén {RECORDS[collection].kind_name()}",
            tag=tag,
            gives=schema,
            tagged=True,
        )(partial(show, collection))
    operation(
        "GET",
        f"{one}/acties",
        name=f"{collection}Acties",
        summary="Wat u nu mag doen, met de velden die het vraagt, en wat niet met de reden",
        tag=tag,
        gives=ActionsSchema,
    )(partial(actions, collection))
    operation(
        "POST",
        f"{one}/acties/<action>",
        name=f"{collection}Actie",
        summary="Een actie nemen, of de eerste helft ervan",
        tag=tag,
        gives=taken(schema),
        media=JSON,
        tagged=True,
        changes=True,
        keyed=True,
    )(partial(take, collection))
    operation(
        "GET",
        f"{one}/verloop",
        name=f"{collection}Verloop",
        summary="De regels van het verloop die u mag zien",
        tag=tag,
        gives=JournalSchema,
    )(partial(history, collection))


for _collection in COLLECTIONS.values():
    _register(_collection)
