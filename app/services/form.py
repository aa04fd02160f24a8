"""What a form begins with when the process already knows it, and what one must read before filling it in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.config import value_list
from app.db.account import Account
from app.db.advice import Advice
from app.db.case import Case
from app.db.interest import Interest
from app.db.meeting import AgendaItem, Meeting
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.ruling import Citation, Ruling
from app.db.visibility import AS_SYSTEM
from app.domain.ruling import TESTS, WEIGHED
from app.services.application import compared, fitting
from app.services.effects.meeting import items_of
from app.services.fact import case_of, latest_item
from app.services.facts import latest_ruling
from app.services.interest import question_about, sentences
from app.services.meeting import seating
from app.services.minutes import draft_general, draft_items
from app.services.sitting import NO_INTEREST, last_round
from app.services.work import Work

Answers = Mapping[str, Any]
Background = Sequence[tuple[str, str]]

# The field of the draft, and the name of the form's field where that is another.
RENAMED = {"samenvatting": "samenvattingB1", "typen": "knelpunttypen"}
BASIS = {
    "system": "stelsel",
    "id": "id",
    "article": "artikel",
    "paragraph": "lid",
    "part": "onderdeel",
    "valid_on": "geldigOp",
    "role": "rol",
}
MADE_OF_PARTS = ("weging", "toets", "grondslagen")


def initial_answers(work: Work, process: Process, form: str | None) -> Answers:
    """What is known already of what a form asks, as a machine would send it; nothing has to be typed twice."""
    return INITIAL[form](work, process) if form in INITIAL else {}


def background(work: Work, process: Process, form: str | None) -> Background:
    """What somebody must know to fill in a form: a label and a text for each thing."""
    return BACKGROUND[form](work, process) if form in BACKGROUND else ()


def beside(work: Work, process: Process, form: str | None) -> Background:
    """What somebody who writes wants to read beside the text: a label and a text for each thing."""
    return BESIDE[form](work, process) if form in BESIDE else ()


def hints(work: Work, process: Process, form: str | None, values: Mapping[str, Any]) -> Mapping[str, str]:
    """What stands beside single inputs once something was chosen: a text by the name of the input."""
    return HINTS[form](work, process, values) if form in HINTS else {}


def suggestions(work: Work, process: Process, form: str | None) -> Background:
    """What can be chosen first, so that the form can say more: an address of the same page and a text for each."""
    return SUGGESTIONS[form](work, process) if form in SUGGESTIONS else ()


def _application_hints(work: Work, process: Process, values: Mapping[str, Any]) -> Mapping[str, str]:
    """Beside each question of the test what the precedent says and what the case says."""
    said = compared(work, process, str(values.get("precedent") or ""))
    questions = ((name, value) for name, value in values.items() if name.endswith("-vraag"))
    return {
        f"{name.removesuffix('vraag')}antwoord": said[question].sentence
        for name, question in questions
        if question in said
    }


def _fitting(work: Work, process: Process) -> Background:
    return [(f"?precedent={number}", f"{number} {title}") for number, title in fitting(work, process)]


def _ruling_text(work: Work, process: Process) -> Answers:
    ruling = latest_ruling(work, case_of(process) or 0)
    if ruling is None:
        return {}
    content = ruling.content
    answers = {RENAMED.get(field, field): value for field, value in content.items() if field not in MADE_OF_PARTS}
    weighing, tests = content.get("weging") or {}, content.get("toets") or {}
    for part in WEIGHED:
        judged = weighing.get(part) or {}
        answers |= {f"{part}Oordeel": judged.get("oordeel"), f"{part}Tekst": judged.get("tekst")}
    answers |= {f"toets{part.capitalize()}": tests.get(part) for part in TESTS}
    answers["grondslagen"] = [
        {field: row[name] for name, field in BASIS.items() if row.get(name)} for row in content.get("grondslagen") or ()
    ]
    answers["citaties"] = _citations(work, ruling)
    answers["bronnen"] = [
        {name: row.get(name) for name in ("relatie", "verwijzing", "reden")} for row in content.get("bronnen") or ()
    ]
    answers["feitencontroleAfgerond"] = True if ruling.fact_check_done_on else None
    return {field: value for field, value in answers.items() if value not in (None, "", [])}


def _citations(work: Work, ruling: Ruling) -> list[dict[str, Any]]:
    query = (
        select(Citation, Precedent.number)
        .join(Precedent, Precedent.id == Citation.precedent_id)
        .where(Citation.ruling_id == ruling.id)
        .order_by(Citation.id)
        .execution_options(**AS_SYSTEM)
    )
    return [
        {
            "doel": number,
            "relatie": citation.relation,
            "reden": citation.reason,
            "deel": citation.part,
            "algemeen": citation.general or None,
        }
        for citation, number in work.session.execute(query)
    ]


def _meeting_plan(work: Work, process: Process) -> Answers:
    if not isinstance(process, Meeting):
        return {}
    answers = {
        "datum": process.day.isoformat(),
        "aanvang": process.starts_at,
        "plaats": process.place,
        "toelichting": process.invitation,
    }
    return {field: value for field, value in answers.items() if value}


def _seating(work: Work, process: Process) -> Answers:
    """Who was noted last; before that the deputies who were appointed for the day."""
    if not isinstance(process, Meeting):
        return {}
    known = seating(work, process)
    answers = {
        "aanwezig": list(known.present),
        "afwezigMetBericht": list(known.apologies),
        "vervangingen": [{"lid": member, "plaatsvervanger": deputy} for member, deputy in known.substitutions],
    }
    return {field: value for field, value in answers.items() if value}


def _agenda_order(work: Work, process: Process) -> Answers:
    """The agenda as it is, in the order of the choices of the form."""
    if not isinstance(process, Meeting):
        return {}
    rows = (
        {
            "agendapunt": item.number,
            "volgorde": place,
            "aanvang": item.starts_at,
            "minuten": item.duration,
        }
        for place, item in enumerate(items_of(work, process), start=1)
    )
    return {"punten": [{field: value for field, value in row.items() if value} for row in rows]}


def _minutes(work: Work, process: Process) -> Answers:
    """What was written before, else sentences made of what was recorded."""
    if not isinstance(process, Meeting):
        return {}
    work.session.refresh(process, ["minutes"])
    drafted = draft_items(work, process)
    written = bool(process.minutes)
    rows = [
        {"agendapunt": item.number, "tekst": (handling.minutes or "") if written else text}
        for item, handling, text in drafted
    ]
    return {
        "verslag": process.minutes or draft_general(work, process),
        "punten": [{field: value for field, value in row.items() if value} for row in rows],
    }


def _own_interest(work: Work, process: Process) -> Answers:
    query = select(Interest).where(Interest.item_id == process.id, Interest.account_id == work.actor.account_id)
    known = work.session.scalars(query).one_or_none()
    return {"belang": known.declared, "toelichting": known.explanation} if known else {}


def _decided_dictum(work: Work, process: Process) -> Answers:
    """What was put to the vote and adopted is what was decided."""
    if not isinstance(process, AgendaItem):
        return {}
    current = last_round(work, process)
    return {"dictum": current.proposal} if current is not None and current.proposal else {}


def _proposal(work: Work, process: Process) -> Background:
    if not isinstance(process, AgendaItem):
        return ()
    current = last_round(work, process)
    return (("Voorstel", current.proposal),) if current is not None and current.proposal else ()


def _question(work: Work, process: Process) -> Background:
    """Whose data the item is about, and what may be an interest of the actor in it."""
    asked = question_about(work, process.number)
    known = ". ".join(asked.prompts)
    return [
        ("Organisaties in deze zaak", ", ".join(asked.organisations) or "Niet bekend"),
        *([(KNOWN, f"{known}. Is dat hier geen belang? Schrijf dan waarom niet.")] if known else []),
    ]


KNOWN = "Dit weet het systeem al"


def _declared_interests(work: Work, process: Process) -> Background:
    """The interests that wait for a judgement, in the words of the members."""
    query = (
        select(Account.name, Interest)
        .select_from(Interest)
        .join(Account, Account.id == Interest.account_id)
        .where(Interest.item_id == process.id)
        .order_by(Account.name)
    )
    labels = value_list("belang")
    return [
        (name, ". ".join([interest.explanation or labels.get(interest.declared, interest.declared), *known]))
        for name, interest in work.session.execute(query)
        if (known := sentences(interest.prompts or [])) or interest.declared != NO_INTEREST
    ]


def _advice(work: Work, process: Process) -> Background:
    if not isinstance(process, Advice):
        return ()
    asked = [("Vraag", process.question)]
    if process.result is None:
        return asked
    label = value_list("conclusie").get(process.result["conclusie"], process.result["conclusie"])
    return [*asked, ("Conclusie van het advies", label), ("Motivering", process.result["motivering"])]


def _case_beside(work: Work, process: Process) -> Background:
    """The case, what was advised and what was decided, for who writes the text of a ruling or of a decision."""
    case_id = case_of(process)
    case = work.session.get(Case, case_id, execution_options=AS_SYSTEM) if case_id else None
    item = latest_item(work, process)
    found: list[tuple[str, str]] = []
    if case is not None:
        work.session.refresh(case, ["description", "solution"])
        found += [("Kernvraag", case.key_question), ("Wat er speelt", case.description)]
        found += [("Voorgestelde oplossing", (case.solution or {}).get("tekst") or "")]
    if item is not None:
        work.session.refresh(item, ["preliminary_advice", "dictum"])
        found += [("Preadvies", item.preliminary_advice), ("Besluit van de commissie", item.dictum or "")]
    found += _advices_beside(work, case_id)
    return [(label, text) for label, text in found if text]


def _advices_beside(work: Work, case_id: int | None) -> Background:
    query = select(Advice).where(Advice.case_id == case_id, Advice.delivered_at.is_not(None)).order_by(Advice.id)
    kinds, conclusions = value_list("adviessoort"), value_list("conclusie")
    return [
        (
            f"Advies: {kinds.get(advice.advice_type, advice.advice_type).lower()}",
            f"{conclusions.get(advice.result['conclusie'], '')}. {advice.result['motivering']}",
        )
        for advice in work.session.scalars(query)
        if advice.result is not None
    ]


INITIAL: Mapping[str | None, Callable[[Work, Process], Answers]] = {
    "ruling_text": _ruling_text,
    "meeting_plan": _meeting_plan,
    "attendance": _seating,
    "agenda_order": _agenda_order,
    "minutes": _minutes,
    "interest": _own_interest,
    "decision": _decided_dictum,
}

BACKGROUND: Mapping[str | None, Callable[[Work, Process], Background]] = {
    "vote": _proposal,
    "interest": _question,
    "interest_judgement": _declared_interests,
    "advice": _advice,
    "advice_use": _advice,
}

BESIDE: Mapping[str | None, Callable[[Work, Process], Background]] = {
    "ruling_text": _case_beside,
    "draft_text": _case_beside,
}

HINTS: Mapping[str | None, Callable[[Work, Process, Mapping[str, Any]], Mapping[str, str]]] = {
    "precedent_application": _application_hints,
}

SUGGESTIONS: Mapping[str | None, Callable[[Work, Process], Background]] = {
    "precedent_application": _fitting,
}
