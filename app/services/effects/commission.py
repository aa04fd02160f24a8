"""Effects of the commission: on the agenda, interests, votes, the decision, and the text of the ruling."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from app.db.case import INTERVENTION, Case, Facet, Party
from app.db.meeting import AgendaItem, Interest, Meeting, Membership, Vote, VoteRound
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import Publication
from app.db.ruling import Ruling, SeparateNote
from app.domain import calendar, meeting
from app.domain import number as numbers
from app.domain.access import (
    AUDITOR_ROLE,
    CHAIR_ROLE,
    COMMISSION_ROLES,
    DEPUTY_ROLE,
    EDITOR_ROLE,
    SECRETARY_ROLE,
    account_key,
    role_key,
)
from app.domain.errors import Invalid
from app.services.facts import ItemFacts, last_round, latest_item, latest_ruling, votes_in
from app.services.lifecycle import Taken, beginning, opened, show_to
from app.services.number import next_number, next_sequence
from app.services.record import citations_of_draft, frozen_text, record_of, working_content
from app.services.reference import account_with_role, process_named
from app.services.work import Work

PAPERS_AHEAD = timedelta(days=7)
TOO_SOON = (
    "De stukken gaan ten minste 7 dagen vooraf weg. Kies een latere vergadering, "
    "of vul in dat het spoed heeft en dat de voorzitter akkoord is."
)
REVIEW_TERM = calendar.Term.parse("2 years")
FOR, AGAINST, ABSTAINED = "voor", "tegen", "onthouding"


def appoint_rapporteur(work: Work, case: Case, taken: Taken) -> None:
    """Appoint a member who prepares the case; not one whose own organisation takes part in it."""
    rapporteur = account_with_role(work, "rapporteur", taken.answers["rapporteur"], *COMMISSION_ROLES)
    parties = work.session.scalars(select(Party.organisation_id).where(Party.case_id == case.id)).all()
    if rapporteur.organisation_id in (*parties, case.organisation_id):
        raise Invalid({"rapporteur": ["De organisatie van dit lid is partij. Kies een ander lid."]})
    case.rapporteur_id = rapporteur.id
    show_to(work, case, [account_key(rapporteur.id)])


def put_on_agenda(work: Work, case: Case, taken: Taken) -> list[Process]:
    """Make an agenda item in the meeting; papers go out a week ahead, unless the chair agrees that it is urgent."""
    answers = taken.answers
    target = planned_meeting(work, "vergadering", answers["meeting"])
    hurried = bool(answers.get("urgent"))
    if target.day < work.today + PAPERS_AHEAD and not (hurried and answers.get("consent")):
        raise Invalid({"vergadering": [TOO_SOON]})
    kind = AgendaItem.kind_name()
    item = AgendaItem(
        **beginning(work, kind, next_number(work, kind)),
        title=case.title,
        case_id=case.id,
        meeting_id=target.id,
        position=_next_position(work, target),
        preliminary_advice=answers["preadvice"],
        urgent=hurried,
        confidentiality=case.confidentiality,
        demonstration=case.demonstration,
    )
    opened(work, item, action=taken.event.action, role=taken.event.role, audience=_item_audience())
    case.due = target.day
    return [item]


def planned_meeting(work: Work, field: str, number: str) -> Meeting:
    """A meeting that still comes and has not begun; `Invalid` at the field otherwise."""
    found = process_named(work, field, Meeting, number)
    state = work.workflows[found.kind, found.version].states[found.state]
    if state.final or found.began_at is not None or found.day < work.today:
        raise Invalid({field: [f"{number} is al geweest of gaat niet door. Kies een vergadering die nog komt."]})
    return found


def declare_interest(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep the actor's answer to the question of interests; it can be changed until it was judged."""
    declared, explanation = taken.answers["interest"], taken.answers.get("explanation") or ""
    known = _interest_of(work, item, work.actor.account_id)
    if known is None:
        work.session.add(
            Interest(
                item_id=item.id,
                account_id=work.actor.account_id or 0,
                declared=declared,
                explanation=explanation,
                at=work.now,
            )
        )
    elif known.judgement is not None:
        raise Invalid({"belang": ["Over uw belang is al beslist. Vraag de voorzitter om het opnieuw te bekijken."]})
    else:
        known.declared, known.explanation, known.at = declared, explanation, work.now


def judge_interest(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Excuse a member for this item, or admit the member with a reason."""
    member = account_with_role(work, "lid", taken.answers["member"], *COMMISSION_ROLES)
    interest = _interest_of(work, item, member.id)
    if interest is None:
        raise Invalid({"lid": ["Dit lid heeft nog geen belang opgegeven."]})
    interest.judgement = taken.answers["judgement"]
    interest.judged_because = taken.answers.get("motivation")


def open_vote(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Open a round; nobody votes twice in it, and nobody reads a vote before the chair closes it."""
    earlier = last_round(work, item)
    work.session.add(
        VoteRound(
            item_id=item.id,
            number=earlier.number + 1 if earlier else 1,
            opened_at=work.now,
            proposal=taken.answers.get("proposal"),
            undelayable=bool(taken.answers.get("undelayable")),
        )
    )


def cast_vote(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep the actor's vote in the open round; the journal says that it was cast, not what it was."""
    current = last_round(work, item)
    account_id = work.actor.account_id
    if current is None or current.closed_at is not None or account_id is None:
        raise Invalid({"stem": ["De stemming is gesloten."]})
    query = select(Vote).where(Vote.round_id == current.id, Vote.account_id == account_id)
    known = work.session.scalars(query).one_or_none()
    if known is not None:
        raise Invalid({"stem": ["U hebt al gestemd. Een stem kan niet meer veranderen."]})
    work.session.add(Vote(round_id=current.id, account_id=account_id, choice=taken.answers["vote"], at=work.now))


def close_vote(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Close the round and count it, with the quorum and the chair's own vote as they are at that moment."""
    current = last_round(work, item)
    if current is None:
        return
    facts = ItemFacts(work, item)
    votes = {vote.account_id: vote.choice for vote in votes_in(work, current.id) if vote.account_id in facts.voters}
    current.closed_at = work.now
    current.votes_for = _count(votes, FOR)
    current.votes_against = _count(votes, AGAINST)
    current.abstained = _count(votes, ABSTAINED)
    current.quorum_at_close = meeting.is_quorate(
        present=facts.members_present,
        in_office=facts.members_in_office,
        excused=facts.members_excused,
        excused_count=facts.excused_count,
    )
    current.members_complete = facts.in_office - facts.excused == facts.voters
    current.chair_vote = _vote_of_role(work, facts, votes, CHAIR_ROLE)
    current.deputy_vote = _vote_of_role(work, facts, votes, DEPUTY_ROLE)


def record_decision(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep the dictum, and whether it came by consensus or by the chair's deciding vote."""
    answers = taken.answers
    current = last_round(work, item)
    item.dictum = answers.get("dictum") or answers.get("question")
    item.interventions = list(answers.get("interventions") or ())
    item.consensus = current is None
    item.decided_on = work.today
    item.chair_decided = current is not None and current.votes_for == current.votes_against


def add_separate_note(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep the deviating view of a member (Kaderwet adviescolleges art. 20 lid 6)."""
    work.session.add(
        SeparateNote(item_id=item.id, account_id=work.actor.account_id or 0, text=taken.answers["text"], at=work.now)
    )


def hold_over(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep that the item waits for a later meeting, and why."""
    item.held_over = True
    item.held_over_because = taken.answers.get("ground")


def move_to_meeting(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Put the item in a later meeting; declared interests stay with it."""
    target = planned_meeting(work, "vergadering", taken.answers["meeting"])
    item.meeting_id = target.id
    item.position = _next_position(work, target)
    item.held_over = False
    item.due = target.day


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
    answers = dict(taken.answers)
    if answers.pop("fact_check_closed", None):
        ruling.fact_check_done_on = work.today
    if "citations" in answers:
        citations_of_draft(work, ruling, answers["citations"] or ())
    ruling.content = {**ruling.content, **_content(ruling.content, answers)}


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
RECOMMENDATION = {"text": "tekst", "addressees": "geadresseerden", "due": "termijn", "indicator": "indicator"}
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


def adopt_ruling(work: Work, case: Case, taken: Taken) -> list[Process]:
    """Give the ruling its number, freeze its text with a digest, and begin its precedent and publication."""
    ruling = latest_ruling(work, case.id)
    if ruling is None:
        raise Invalid({"": ["Er is nog geen concept van een uitspraak."]})
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
    return publication


def _item_audience() -> Iterable[str]:
    return (role_key(role) for role in (*COMMISSION_ROLES, SECRETARY_ROLE, AUDITOR_ROLE))


def _next_position(work: Work, target: Meeting) -> int:
    table = AgendaItem.__table__
    last = work.session.scalar(select(func.max(table.c.position)).where(table.c.meeting_id == target.id))
    return (last or 0) + 1


def _interest_of(work: Work, item: AgendaItem, account_id: int | None) -> Interest | None:
    query = select(Interest).where(Interest.item_id == item.id, Interest.account_id == account_id)
    return work.session.scalars(query).one_or_none()


def _count(votes: dict[int, str], choice: str) -> int:
    return sum(cast == choice for cast in votes.values())


def _vote_of_role(work: Work, facts: ItemFacts, votes: dict[int, str], role: str) -> bool | None:
    """How the holder of a role voted: for, against, or neither (abstained, excused or absent)."""
    holders = work.session.scalars(
        select(Membership.account_id).where(
            Membership.body_id == facts.meeting.body_id, Membership.role == role, Membership.until.is_(None)
        )
    )
    cast = {votes[account] for account in holders if account in votes} & {FOR, AGAINST}
    return None if not cast else FOR in cast


EFFECTS = {
    effect.__name__: effect
    for effect in (
        appoint_rapporteur,
        put_on_agenda,
        declare_interest,
        judge_interest,
        open_vote,
        cast_vote,
        close_vote,
        record_decision,
        add_separate_note,
        hold_over,
        move_to_meeting,
        open_ruling,
        update_ruling,
        adopt_ruling,
    )
}
