"""Effects on the agenda: who reports on a case, where it stands, and what waits for a later meeting."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select

from app.db.body import Body
from app.db.case import Case, Party
from app.db.meeting import AgendaItem, Meeting
from app.db.process import Process
from app.domain.access import AUDITOR_ROLE, COMMISSION_ROLES, SECRETARY_ROLE, account_key, role_key
from app.domain.errors import Invalid
from app.services.lifecycle import Taken, beginning, opened, show_to
from app.services.meeting import handling_of
from app.services.number import next_number
from app.services.reference import account_with_role, process_named
from app.services.sitting import rules_of
from app.services.withholding import ask_for_interests
from app.services.work import Work

TOO_SOON = (
    "De stukken gaan ten minste {days} dagen vooraf weg. Kies een latere vergadering, "
    "of vul in dat het spoed heeft en dat de voorzitter akkoord is."
)


def appoint_rapporteur(work: Work, case: Case, taken: Taken) -> None:
    """Appoint a member who prepares the case; not one whose own organisation takes part in it."""
    rapporteur = account_with_role(work, "rapporteur", taken.answers["rapporteur"], *COMMISSION_ROLES)
    parties = work.session.scalars(select(Party.organisation_id).where(Party.case_id == case.id)).all()
    if rapporteur.organisation_id in (*parties, case.organisation_id):
        raise Invalid({"rapporteur": ["De organisatie van dit lid is partij. Kies een ander lid."]})
    case.rapporteur_id = rapporteur.id
    show_to(work, case, [account_key(rapporteur.id)])


def renew_rapporteur(work: Work, case: Case, taken: Taken) -> None:
    """Whoever prepared the earlier ruling does not prepare the next one by itself (Awb 7:5 by analogy)."""
    case.rapporteur_id = None
    if taken.answers.get("rapporteur"):
        appoint_rapporteur(work, case, taken)


def put_on_agenda(work: Work, case: Case, taken: Taken) -> list[Process]:
    """Make an agenda item in the meeting; papers go out a week ahead, unless the chair agrees that it is urgent."""
    answers = taken.answers
    target = planned_meeting(work, "vergadering", answers["meeting"])
    hurried = bool(answers.get("urgent"))
    ahead = rules_of(work, target).papers_days
    if target.day < work.today + timedelta(days=ahead) and not (hurried and answers.get("consent")):
        raise Invalid({"vergadering": [TOO_SOON.format(days=ahead)]})
    body = work.session.get_one(Body, target.body_id)
    kind = AgendaItem.kind_name()
    item = AgendaItem(
        **beginning(work, kind, next_number(work, kind)),
        title=case.title,
        case_id=case.id,
        meeting_id=target.id,
        position=next_position(work, target),
        preliminary_advice=answers["preadvice"],
        urgent=hurried,
        confidentiality=case.confidentiality,
        demonstration=case.demonstration,
    )
    opened(work, item, action=taken.event.action, role=taken.event.role, audience=item_audience(body))
    ask_for_interests(work, item, target)
    case.due = target.day
    return [item]


def planned_meeting(work: Work, field: str, number: str) -> Meeting:
    """A meeting that still comes and has not begun; `Invalid` at the field otherwise."""
    found = process_named(work, field, Meeting, number)
    state = work.workflows[found.kind, found.version].states[found.state]
    if state.final or found.began_at is not None or found.day < work.today:
        raise Invalid({field: [f"{number} is al geweest of gaat niet door. Kies een vergadering die nog komt."]})
    return found


def hold_over(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep that the item waits for a later meeting, and why; this meeting keeps that it was there."""
    item.held_over = True
    item.held_over_because = taken.answers.get("ground")
    handling = handling_of(work, item)
    handling.held_over_because = item.held_over_because


def move_to_meeting(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Put the item in a later meeting; declared interests stay with it."""
    target = planned_meeting(work, "vergadering", taken.answers["meeting"])
    item.meeting_id = target.id
    item.position = next_position(work, target)
    item.held_over = False
    item.starts_at = None
    item.due = target.day
    ask_for_interests(work, item, target)


def item_audience(body: Body) -> Iterable[str]:
    """Who sees an item of a body, but for who has an interest in it."""
    scope = None if body.central else body.id
    return (role_key(role, scope) for role in (*COMMISSION_ROLES, SECRETARY_ROLE, AUDITOR_ROLE))


def next_position(work: Work, target: Meeting) -> int:
    """The place at the end of an agenda."""
    table = AgendaItem.__table__
    last = work.session.scalar(select(func.max(table.c.position)).where(table.c.meeting_id == target.id))
    return (last or 0) + 1


EFFECTS = {
    effect.__name__: effect
    for effect in (
        appoint_rapporteur,
        renew_rapporteur,
        put_on_agenda,
        hold_over,
        move_to_meeting,
    )
}
