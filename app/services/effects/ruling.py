"""Effects on the text of a ruling: drafting it, letting the facts be checked, and adopting it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.db.case import INTERVENTION, Case, Facet
from app.db.precedent import Precedent, PrecedentLaw
from app.db.process import Message, Process
from app.db.publication import Publication
from app.db.ruling import Ruling
from app.domain import calendar
from app.domain import number as numbers
from app.domain.access import AUDITOR_ROLE, COMMISSION_ROLES, EDITOR_ROLE, SECRETARY_ROLE, role_key
from app.domain.errors import Invalid
from app.services.external import sources_of_draft
from app.services.fact import latest_item
from app.services.facts import latest_ruling
from app.services.lifecycle import Taken, beginning, opened
from app.services.number import next_number, next_sequence
from app.services.record import citations_of_draft, frozen_text, record_of, working_content
from app.services.redaction import propose_passages
from app.services.treatment import check_cited, treated_by
from app.services.work import Work

REVIEW_TERM = calendar.Term.parse("2 years")


def open_ruling(work: Work, case: Case, taken: Taken) -> None:
    """Open the draft of the ruling, or go on with the one there is, from what the commission decided."""
    item = latest_item(work, case)
    ruling = latest_ruling(work, case.id)
    if ruling is None or ruling.number is not None:
        ruling = Ruling(
            case_id=case.id,
            item_id=item.id if item else None,
            content=working_content(work, case),
            opened_at=work.now,
            demonstration=case.demonstration,
        )
        work.session.add(ruling)
    if item is not None:
        ruling.item_id = item.id
        ruling.content = {**ruling.content, "kernregel": item.dictum or ruling.content.get("kernregel") or ""}
        for value in item.interventions or ():
            if work.session.get(Facet, (case.id, INTERVENTION, value)) is None:
                row = Facet(facet=INTERVENTION, value=value)
                row.case_id = case.id
                work.session.add(row)


def update_ruling(work: Work, case: Case, taken: Taken) -> None:
    """Fill in the given fields of the draft; what was left out stays, and what was emptied goes."""
    ruling = latest_ruling(work, case.id)
    if ruling is None:
        raise Invalid({"": ["Er is nog geen concept van een uitspraak."]})
    if ruling.number is not None:
        raise Invalid({"": ["Deze uitspraak is vastgesteld. De tekst verandert niet meer."]})
    answers = dict(taken.answers)
    if answers.pop("fact_check_closed", None):
        ruling.fact_check_done_on = work.today
    if "citations" in answers:
        citations_of_draft(work, ruling, answers["citations"] or ())
    sources = {}
    if "sources" in answers:
        sources["bronnen"] = sources_of_draft(work, ruling, answers["sources"] or ())
    ruling.content = {**ruling.content, **_content(ruling.content, answers), **sources}


# The attribute of the form, and the field of the record that it fills.
CONTENT = {
    "title": "titel",
    "summary": "samenvatting",
    "kind": "typeUitspraak",
    "key_question": "kernvraag",
    "dictum": "kernregel",
    "facts": "feiten",
    "legal_framework": "juridischKader",
    "considerations": "beschouwing",
    "conclusion": "conclusie",
    "purpose": "doel",
    "data_categories": "gegevenscategorieen",
    "special_categories": "bijzondereCategorieen",
    "groups": "betrokkenengroepen",
    "types": "typen",
    "layers": "interoperabiliteitslagen",
    "gdi": "gdiKnelpunten",
    "interventions": "interventies",
    "deviation": "afwijkingAdvies",
    "valid_from": "geldigVanaf",
    "valid_until": "geldigTot",
    "review_on": "datumHerbeoordeling",
}
TAKING_PART = {"providers": "verstrekkers", "receivers": "ontvangers", "processors": "verwerkers"}
PARTY = {"tooi_uri": "tooiUri", "name": "naam", "kvk_number": "kvkNummer"}
CONDITION = {"who": "wie", "what": "wat", "check": "toetsbaar"}
RECOMMENDATION = {
    "text": "tekst",
    "addressees": "geadresseerden",
    "owner": "eigenaar",
    "due": "termijn",
    "indicator": "indicator",
}
JUDGED = {"can": "kan", "may": "mag", "desirable": "wenselijk"}
TESTED = {
    "test_purpose": "finaliteit",
    "test_proportionality": "proportionaliteit",
    "test_subsidiarity": "subsidiariteit",
    "test_transparency": "transparantie",
    "test_security": "beveiliging",
}


def _content(known: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of the form as fields of the record."""
    given: dict[str, Any] = {
        field: _text(answers[attribute]) for attribute, field in CONTENT.items() if attribute in answers
    }
    given["weging"] = _weighing(known.get("weging") or {}, answers)
    tests = {field: answers[name] or "" for name, field in TESTED.items() if name in answers}
    if tests:
        given["toets"] = {**(known.get("toets") or {}), **tests}
    for name, field in TAKING_PART.items():
        if name in answers:
            given[field] = [_renamed(row, PARTY) for row in answers[name] or ()]
    if "conditions" in answers:
        given["voorwaarden"] = [_renamed(row, CONDITION) for row in answers["conditions"] or ()]
    if "recommendations" in answers:
        given["aanbevelingen"] = [_renamed(row, RECOMMENDATION) for row in answers["recommendations"] or ()]
    if "bases" in answers:
        given["grondslagen"] = [{name: _text(value) for name, value in row.items()} for row in answers["bases"] or ()]
    return given


def _weighing(known: Mapping[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """The weighing with what was given of it; a judgement and its reasons can come apart."""
    weighing = {field: dict(judged or {}) for field, judged in known.items()}
    for name, field in JUDGED.items():
        for part, key in (("judgement", "oordeel"), ("text", "tekst")):
            if f"{name}_{part}" in answers:
                weighing.setdefault(field, {"oordeel": None, "tekst": ""})[key] = answers[f"{name}_{part}"]
    return {field: judged for field, judged in weighing.items() if any(judged.values())}


def _renamed(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {field: _text(row.get(name)) for name, field in names.items()}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def note_fact_check(work: Work, case: Case, taken: Taken) -> None:
    """Keep what a party says of the facts in the draft; it stands in the dialogue of the case."""
    remarks = taken.answers.get("remarks") or "De feiten kloppen."
    work.session.add(
        Message(
            process_id=case.id,
            account_id=work.actor.account_id,
            organisation_id=work.actor.organisation_id,
            role=taken.event.role,
            internal=False,
            text=f"Feitencontrole: {remarks}",
            at=work.now,
        )
    )


def adopt_ruling(work: Work, case: Case, taken: Taken) -> list[Process]:
    """Give the ruling its number, freeze its text with a digest, and begin its precedent and publication."""
    ruling = latest_ruling(work, case.id)
    if ruling is None:
        raise Invalid({"": ["Er is nog geen concept van een uitspraak."]})
    check_cited(work, ruling)
    kind = Precedent.kind_name()
    year = work.today.year
    sequence = next_sequence(work, kind, year)
    review = ruling.content.get("datumHerbeoordeling")
    review_on = date.fromisoformat(review) if review else calendar.last_day(work.today, REVIEW_TERM)
    # A ruling has its number and its frozen text at once: nothing is written in between.
    with work.session.no_autoflush:
        ruling.year, ruling.sequence = year, sequence
        ruling.number = numbers.make(kind, year, sequence)
        ruling.adopted_at = work.now
        ruling.content = {
            **ruling.content,
            "datumHerbeoordeling": review_on.isoformat(),
            "grondslagen": [_as_of(row, work.today) for row in ruling.content.get("grondslagen") or ()],
        }
        ruling.frozen, ruling.digest = frozen_text(record_of(work, ruling, case))
    work.session.flush()
    taken.follow_ups.extend(treated_by(work, ruling))
    return [_begin_precedent(work, case, ruling, review_on, taken), _begin_publication(work, case, ruling, taken)]


def _as_of(row: dict[str, Any], day: date) -> dict[str, Any]:
    """A law as the ruling read it: on the day that was given, else on the day of adoption."""
    return {**row, "valid_on": row.get("valid_on") or day.isoformat()}


def _begin_precedent(work: Work, case: Case, ruling: Ruling, review_on: date, taken: Taken) -> Process:
    kind = Precedent.kind_name()
    precedent = Precedent(
        **beginning(work, kind, ruling.number or ""),
        title=ruling.content["titel"],
        case_id=case.id,
        ruling_id=ruling.id,
        rule=ruling.content["kernregel"],
        conclusion=ruling.content["conclusie"],
        conditions_addressed=bool(ruling.content.get("voorwaarden")),
        review_on=review_on,
        confidentiality=case.confidentiality,
        demonstration=case.demonstration,
    )
    audience = (role_key(role) for role in (*COMMISSION_ROLES, SECRETARY_ROLE, AUDITOR_ROLE))
    opened(work, precedent, action=taken.event.action, role=taken.event.role, audience=audience)
    work.session.add_all(
        PrecedentLaw(
            precedent_id=precedent.id,
            system=row["system"],
            identifier=row["id"],
            article=row.get("article"),
            valid_on=date.fromisoformat(row["valid_on"]),
        )
        for row in ruling.content["grondslagen"]
    )
    return precedent


def _begin_publication(work: Work, case: Case, ruling: Ruling, taken: Taken) -> Process:
    kind = Publication.kind_name()
    publication = Publication(
        **beginning(work, kind, next_number(work, kind)),
        title=ruling.content["titel"],
        case_id=case.id,
        ruling_id=ruling.id,
        confidentiality=case.confidentiality,
        demonstration=case.demonstration,
    )
    audience = (role_key(role) for role in (EDITOR_ROLE, SECRETARY_ROLE, AUDITOR_ROLE))
    opened(work, publication, action=taken.event.action, role=taken.event.role, audience=audience)
    propose_passages(work, publication, ruling)
    return publication


EFFECTS = {
    effect.__name__: effect
    for effect in (
        open_ruling,
        update_ruling,
        note_fact_check,
        adopt_ruling,
    )
}
