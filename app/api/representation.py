"""What a process looks like from outside: the values that the schemas read, as far as the reader may know them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.config import value_list
from app.db.advice import Advice
from app.db.case import TYPE, Case
from app.db.kind import COLLECTIONS
from app.db.meeting import AgendaItem, Meeting
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Event, Process
from app.db.publication import Publication
from app.db.recommendation import Recommendation
from app.db.vote import VoteRound
from app.domain.calendar import is_overdue
from app.domain.law import LawReference
from app.services import particulars
from app.services.agenda import agenda
from app.services.escalation import escalations_of
from app.services.law import known_laws
from app.services.listing import Row
from app.services.overview import (
    Related,
    Sight,
    application_of,
    attachments_of,
    messages_of,
    names_of_accounts,
    related_to,
)
from app.services.precedent import later_rulings, public_text
from app.services.reliance import warnings
from app.services.structural import Standing, standing_of
from app.services.withholding import Card, cards
from app.services.work import Work

Values = dict[str, Any]
EXCUSED = "U bent verschoond van dit agendapunt."
NOT_ANSWERED = "Verklaar eerst uw belang bij dit agendapunt."
NOT_JUDGED = "Uw belang bij dit agendapunt is nog niet beoordeeld."


def rows(work: Work, found: Sequence[Row], collection: str) -> list[Values]:
    """The rows of a list, in a number of queries that does not depend on how many there are."""
    ids = [row.id for row in found]
    involved = particulars.involved_in(work, ids)
    names = names_of_accounts(work, [row.owner_id for row in found if row.id in involved])
    cases = particulars.numbers_of(work, [row.case_id for row in found])
    more = ROW_PARTS.get(collection, _nothing)(work, ids)
    return [
        {
            **_common(work, row),
            "case": cases.get(row.case_id or 0),
            "organisation": _organisation(row.organisation, row.tooi_uri),
            "owner": _owner(row, names) if row.id in involved else None,
            **more.get(row.id, {}),
        }
        for row in found
    ]


def entity(work: Work, process: Process, sight: Sight) -> Values:
    """One process with all that this reader may know of it."""
    involved, handling = sight
    values = {
        **_common(work, process),
        "case": particulars.numbers_of(work, [process.case_id]).get(process.case_id or 0),
        "organisation": organisation(process.organisation),
        "owner": _holder(process) if involved else None,
        "pending": pending(work, process) if involved else None,
        "documents": attachments_of(work, process) if involved else [],
        "messages": [_message(one) for one in messages_of(work, process, handling=handling)] if involved else [],
        "related": [_related(work, one) for one in related_to(work, process)],
    }
    return {**values, **PARTS[type(process)](work, process, involved=involved, handling=handling)}


def withheld(work: Work, card: Card) -> Values:
    """An item that is withheld from a member: its number and its place, and nothing of what it is about."""
    kind = AgendaItem.kind_name()
    return {
        "number": card.number,
        "kind": kind,
        "state": card.state,
        "state_label": work.workflows[kind, card.version].states[card.state].label,
        "title": EXCUSED if card.excused else NOT_JUDGED if card.declared else NOT_ANSWERED,
        "due": None,
        "late": False,
        "workflow": {"name": kind, "version": card.version},
        "changed_at": card.opened_at,
        "demonstration": False,
        **dict.fromkeys(("case", "organisation", "owner", "pending")),
        **{name: [] for name in ("documents", "messages", "related")},
        **dict.fromkeys(("interest", "round", "dictum", "decided_on", "consensus")),
        "meeting": card.meeting,
        "position": card.position,
        "preliminary_advice": "",
        "urgent": False,
        "held_over": False,
        "chair_decided": False,
    }


def pending(work: Work, process: Process) -> Values | None:
    """The first half of four eyes that waits."""
    if process.pending_action is None:
        return None
    transition = work.workflows[process.kind, process.version].transition(process.pending_action, process.state)
    return {"action": process.pending_action, "role": min(transition.second) if transition else ""}


def organisation(found: Organisation | None) -> Values | None:
    """An organisation."""
    return None if found is None else {"tooi_uri": found.tooi_uri, "name": found.name}


def law(reference: LawReference) -> Values:
    """A reference to law, with its words and addresses."""
    return {
        "system": reference.system,
        "identifier": reference.identifier,
        "article": reference.article,
        "paragraph": reference.paragraph,
        "part": reference.part,
        "valid_on": reference.valid_on,
        "label": reference.label(known_laws()),
        "jci": reference.jci(),
        "url": reference.public_url(),
    }


def event(line: Event, names: Mapping[int, str], *, involved: bool) -> Values:
    """A line of the journal; who only knows that the case exists reads where it went, and not why."""
    return {
        "sequence": line.sequence,
        "action": line.action,
        "source": line.source,
        "target": line.target,
        "half": line.half,
        "at": line.at,
        "role": line.role,
        "stood_in_for": names.get(line.for_account_id or 0) if involved else None,
        "organisation": organisation(line.organisation) if involved else None,
        "reason": line.reason if involved else None,
        "previous_hash": line.previous_hash,
        "hash": line.hash,
    }


def _common(work: Work, found: Row | Process) -> Values:
    return {
        "number": found.number,
        "kind": found.kind,
        "state": found.state,
        "state_label": work.workflows[found.kind, found.version].states[found.state].label,
        "title": found.title,
        "due": found.due,
        "late": is_overdue(found.due, work.today),
        "workflow": {"name": found.kind, "version": found.version},
        "changed_at": found.changed_at,
        "demonstration": found.demonstration,
    }


def _owner(found: Row, names: Mapping[int, str]) -> str | None:
    """Who holds it, or else the role whose turn it is."""
    return names.get(found.owner_id or 0) or value_list("rol").get(found.turn or "")


def _holder(process: Process) -> str | None:
    return process.owner.name if process.owner is not None else value_list("rol").get(process.turn or "")


def _organisation(name: str | None, tooi_uri: str | None) -> Values | None:
    return None if name is None else {"tooi_uri": tooi_uri, "name": name}


def _message(message: Any) -> Values:
    return {
        "internal": message.internal,
        "role": message.role,
        "organisation": organisation(message.organisation),
        "text": message.text,
        "at": message.at,
    }


def _related(work: Work, process: Process | Related) -> Values:
    state = work.workflows[process.kind, process.version].states[process.state]
    return {
        "kind": process.kind,
        "number": process.number,
        "state": process.state,
        "state_label": state.label,
        "title": process.title,
    }


# --- what a row of each collection has of its own ------------------------------------------------------------


def _nothing(work: Work, ids: Sequence[int]) -> Mapping[int, Values]:
    return {}


def _case_rows(work: Work, ids: Sequence[int]) -> Mapping[int, Values]:
    types = particulars.types_of(work, ids)
    questions = particulars.key_questions(work, ids)
    changed = warnings(work, ids)
    return {
        identity: {
            "key_question": questions[identity],
            "types": types.get(identity, []),
            "warnings": [one.sentence for one in changed.get(identity, ())],
        }
        for identity in questions
    }


def _meeting_rows(work: Work, ids: Sequence[int]) -> Mapping[int, Values]:
    found = particulars.meeting_places(work, ids)
    return {identity: {"day": meeting.day, "place": meeting.place} for identity, meeting in found.items()}


ROW_PARTS: Mapping[str, Callable[[Work, Sequence[int]], Mapping[int, Values]]] = {
    COLLECTIONS[Case.kind_name()]: _case_rows,
    COLLECTIONS[Meeting.kind_name()]: _meeting_rows,
}


# --- what one process of each kind has of its own ------------------------------------------------------------


def _case(work: Work, case: Case, *, involved: bool, handling: bool) -> Values:
    return {
        "key_question": case.key_question,
        "types": [row.value for row in case.facets if row.facet == TYPE],
        "parties": [_party(row) for row in case.parties] if involved else [],
        "laws": [law(_reference(row)) for row in case.laws],
        "reports": particulars.report_numbers(work, case),
        "ruling": particulars.ruling_number(work, case, handling=handling),
        "warnings": [one.sentence for one in warnings(work, [case.id]).get(case.id, ())],
        "file": _file(work, case) if involved else None,
    }


def _file(work: Work, case: Case) -> Values:
    application = application_of(work, case)
    numbers = particulars.numbers_of(work, [case.main_id, application.precedent_id if application else None])
    solution = case.solution or {}
    facets: dict[str, list[str]] = {}
    for row in case.facets:
        facets.setdefault(FACET_LISTS.get(row.facet, row.facet), []).append(row.value)
    return {
        "description": case.description,
        "exchange": case.exchange,
        "tried": case.tried,
        "societal_effect": case.societal_effect,
        "urgency": case.urgency,
        "priority": case.priority,
        "domain": case.domain,
        "confidentiality": case.confidentiality,
        "apparent": case.apparent,
        "facets": facets,
        "completion_points": case.completion_points,
        "solution": {
            "text": solution["tekst"],
            "weighing": solution["weging"],
            "adopted_on": solution.get("vastgesteldOp"),
        }
        if solution
        else None,
        "nomination": case.nomination,
        "main": numbers.get(case.main_id or 0),
        "precedent": numbers.get(application.precedent_id) if application else None,
        "structural": _structural(standing_of(work, case)),
        "escalations": escalations_of(work, case.id),
        "reconsideration": case.reconsideration,
    }


def _structural(standing: Standing) -> Values | None:
    if standing.row is None:
        return None
    names = ("owner", "cause", "phase", "since", "ended_at", "last_at")
    return {**{name: getattr(standing.row, name) for name in names}, **standing.hit._asdict()}


# The value list of each classification, which is its name outside.
FACET_LISTS = {
    "type": "knelpunttype",
    "subfacet": "subfacet",
    "root_cause": "grondoorzaak",
    "layer": "interoperabiliteitslaag",
    "gdi": "gdiKnelpunt",
    "intervention": "interventie",
}


def _party(row: Any) -> Values:
    return {"role": row.role, "organisation": organisation(row.organisation), "agreed": row.agreed}


def _reference(row: Any) -> LawReference:
    return LawReference(row.system, row.identifier, row.article, row.paragraph, row.part, row.valid_on)


def _advice(work: Work, advice: Advice, *, involved: bool, handling: bool) -> Values:
    names = names_of_accounts(work, [advice.adviser_id, advice.asker_id])
    return {
        "advice_type": advice.advice_type,
        "adviser": names.get(advice.adviser_id),
        "asker": names.get(advice.asker_id or 0),
        "question": advice.question,
        "basis": advice.basis,
        "papers": advice.papers,
        "mandatory": advice.mandatory,
        "disclosure": advice.disclosure,
        "delivered_at": advice.delivered_at,
        "edition": advice.edition,
        "result": advice.result,
        "use": advice.use,
    }


def _meeting(work: Work, meeting: Meeting, *, involved: bool, handling: bool) -> Values:
    return {
        "day": meeting.day,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "body": particulars.body_name(work, meeting),
        "papers_sent_at": meeting.papers_sent_at,
        "invitation": meeting.invitation,
        "minutes": meeting.minutes,
        "agenda": _agenda(work, meeting),
    }


def _agenda(work: Work, meeting: Meeting) -> list[Values]:
    """The items in their order; one that is withheld from the reader is a card, as on the page."""
    lines = [{**_related(work, entry.item), "position": entry.item.position} for entry in agenda(work, meeting)]
    hidden = [withheld(work, card) for card in cards(work, meeting)]
    return sorted([*lines, *hidden], key=lambda line: line["position"])


def _agenda_item(work: Work, item: AgendaItem, *, involved: bool, handling: bool) -> Values:
    found = particulars.vote_round(work, item)
    return {
        "meeting": particulars.numbers_of(work, [item.meeting_id]).get(item.meeting_id, ""),
        "position": item.position,
        "preliminary_advice": item.preliminary_advice,
        "urgent": item.urgent,
        "held_over": item.held_over,
        "interest": particulars.own_interest(work, item),
        "round": _round(found[0], voted=found[1]) if found else None,
        "dictum": item.dictum,
        "decided_on": item.decided_on,
        "consensus": item.consensus,
        "chair_decided": item.chair_decided,
    }


def _round(current: VoteRound, *, voted: bool) -> Values:
    names = ("number", "proposal", "opened_at", "closed_at", "votes_for", "votes_against", "abstained")
    return {**{name: getattr(current, name) for name in names}, "voted": voted}


def _publication(work: Work, publication: Publication, *, involved: bool, handling: bool) -> Values:
    views = particulars.views(work, publication, everybody=handling) if involved else ()
    return {
        "ruling": particulars.adopted_number(work, publication.ruling_id),
        "issue": publication.issue,
        "redactions": particulars.redactions(work, publication) if handling else [],
        "views": [{"organisation": organisation(party), "text": view.text, "at": view.at} for view, party in views],
    }


def _recommendation(work: Work, found: Recommendation, *, involved: bool, handling: bool) -> Values:
    names = (
        *("text", "indicator", "reaction", "motivation", "responsible", "planned_on", "cost"),
        *("reacted_on", "evidence", "reported_on"),
    )
    return {
        **{name: getattr(found, name) for name in names},
        "ruling": particulars.adopted_number(work, found.ruling_id),
    }


def _precedent(work: Work, precedent: Precedent, *, involved: bool, handling: bool) -> Values:
    public = public_text(work, precedent)
    record: Mapping[str, Any] = public.record if public is not None else {}
    later = later_rulings(work, precedent)
    names = (
        *("in_force_from", "in_force_until", "ended_because", "review_on"),
        *("to_reassess", "under_reconsideration", "used_count"),
    )
    return {
        **{name: getattr(precedent, name) for name in names},
        "conclusion": precedent.conclusion if public is None or public.withdrawn_at is None else None,
        "nuances": [one._asdict() for one in later.nuances],
        "replaced_by": later.replaced_by,
        "review_because": list(later.review_because),
        "title": public.title if public is not None else precedent.title,
        "key_question": record.get("kernvraag"),
        # Before publication the rule is for who prepares it; after a withdrawal it is for nobody.
        "rule": record.get("kernregel") or ("" if precedent.public else precedent.rule),
        "types": [row["code"] for row in record.get("typen") or () if row],
        "bases": record.get("grondslagen") or [],
    }


PARTS: Mapping[type[Process], Callable[..., Values]] = {
    Case: _case,
    Advice: _advice,
    Meeting: _meeting,
    AgendaItem: _agenda_item,
    Publication: _publication,
    Recommendation: _recommendation,
    Precedent: _precedent,
}
