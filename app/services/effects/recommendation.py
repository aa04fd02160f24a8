"""Effects of following up: what was sent, what came back, and when a case can close."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.db.account import Account
from app.db.case import Case
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.recommendation import Recommendation
from app.db.report import Report
from app.db.ruling import Ruling
from app.domain.access import AUDITOR_ROLE, COORDINATOR_ROLE, FOLLOW_UP_ROLE, organisation_key, role_key
from app.domain.recommendation import TAKEN_OVER
from app.services.facts import latest_ruling, reporting_cases, running_application
from app.services.lifecycle import Taken, beginning, opened
from app.services.notice import notify, people_with_role, respondents_of
from app.services.number import next_number
from app.services.reference import organisation_named
from app.services.work import Work

SILENCE = timedelta(weeks=4)
"""So long after the term to react who stays silent is the concern of the coordinators (workflow 6.9)."""


def open_recommendations(work: Work, case: Case, taken: Taken) -> list[Process]:
    """Send each recommendation of the ruling to each organisation it addresses.

    After a precedent was applied, its conditions are what the reporting organisations are asked to do.
    """
    ruling = latest_ruling(work, case.id)
    case.ruled_on = case.ruled_on or work.today
    if ruling is not None and ruling.number is not None:
        return [
            _send(work, case, ruling, place, row, address, taken)
            for place, row in enumerate(_as_published(work, ruling, "aanbevelingen"), start=1)
            for address in row["geadresseerden"]
        ]
    return _conditions_of_precedent(work, case, taken)


def record_reaction(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """Keep what the organisation answered, with who does it and when, or why not."""
    answers = taken.answers
    recommendation.reaction = answers["reaction"]
    recommendation.motivation = answers.get("motivation")
    recommendation.responsible = answers.get("owner")
    recommendation.planned_on = answers.get("planned_on")
    recommendation.indicator = answers.get("indicator") or recommendation.indicator
    cost = answers.get("cost")
    recommendation.cost = None if cost is None else str(cost)
    recommendation.reacted_on = work.today
    if recommendation.reaction not in TAKEN_OVER:
        # Nothing is asked of who declined: a coordinator reads why, and closes it.
        recommendation.turn = FOLLOW_UP_ROLE


def record_progress(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """The line in the journal holds the progress; nothing else changes."""


def record_evidence(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """Keep where one can see that it was done."""
    recommendation.evidence = taken.answers["evidence"]
    recommendation.reported_on = work.today


def record_confirmation(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """Somebody of another organisation saw that it was done; the note stays in the journal."""
    recommendation.confirmed_on = work.today


def send_back(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """The evidence does not show it: it counts as promised again until new evidence comes."""
    recommendation.reported_on = None


def count_from_old_term(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """Count the weeks of silence from the end of the term to react, and not from the day on which it was established.

    So the third reminder goes two weeks after the term, and the coordinators hear of it after four.
    """
    if taken.due_before is not None:
        recommendation.due = max(taken.due_before + SILENCE, work.today)


def tell_coordinators(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """An organisation that stays silent is the concern of its own coordinator too, and of those of the follow-up."""
    own = [
        account
        for account in people_with_role(work, COORDINATOR_ROLE)
        if account.organisation_id == recommendation.organisation_id
    ]
    notify(
        work,
        [*people_with_role(work, FOLLOW_UP_ROLE), *own],
        recommendation,
        subject=f"{recommendation.number}: de organisatie laat niets horen",
        text=f"{recommendation.text}\n\nDe termijn is verstreken, ook na herinneringen. Neem contact op.",
    )


def propose_closing(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """When this was the last one, tell the coordinators that the case can be closed."""
    query = select(Recommendation.version, Recommendation.state).where(Recommendation.case_id == recommendation.case_id)
    rows = work.session.execute(query.execution_options(as_system=True)).all()
    workflows, kind = work.workflows, recommendation.kind
    if all(workflows[kind, version].states[state].final for version, state in rows):
        notify(
            work,
            people_with_role(work, FOLLOW_UP_ROLE),
            recommendation,
            subject=f"Alle aanbevelingen zijn afgerond: {recommendation.title}",
            text="U kunt het knelpunt afsluiten.",
        )


def notify_coordinator(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """Tell the coordinators of the follow-up where it stands."""
    _tell(work, recommendation, people_with_role(work, FOLLOW_UP_ROLE))


def notify_respondents(work: Work, recommendation: Recommendation, taken: Taken) -> None:
    """Tell who answers for the addressed organisation where it stands."""
    _tell(work, recommendation, respondents_of(work, recommendation.organisation_id))


def _send(
    work: Work, case: Case, ruling: Ruling, place: int, row: dict[str, str], address: str, taken: Taken
) -> Process:
    organisation = _organisation(work, address)
    kind = Recommendation.kind_name()
    recommendation = Recommendation(
        **beginning(work, kind, next_number(work, kind)),
        title=_public_title(work, ruling) or case.title,
        case_id=case.id,
        organisation_id=organisation,
        ruling_id=ruling.id,
        position=place,
        text=row["tekst"],
        indicator=row.get("indicator"),
        responsible=row.get("eigenaar"),
        confidentiality=case.confidentiality,
        demonstration=case.demonstration,
    )
    keys = {role_key(FOLLOW_UP_ROLE), role_key(AUDITOR_ROLE), organisation_key(organisation)}
    opened(work, recommendation, action=taken.event.action, role=taken.event.role, audience=keys)
    if row.get("termijn"):
        recommendation.due = max(date.fromisoformat(row["termijn"]), work.today)
    notify(
        work,
        respondents_of(work, recommendation.organisation_id),
        recommendation,
        subject=f"Aanbeveling {recommendation.number}",
        text=recommendation.text,
    )
    return recommendation


def _as_published(work: Work, ruling: Ruling, field: str) -> list[dict[str, Any]]:
    """The rows of a ruling in the words that everybody may read: who is addressed need not be a party."""
    rows = ruling.content.get(field) or []
    query = select(PublicRecord).where(PublicRecord.number == ruling.number, PublicRecord.current)
    public = work.session.scalars(query.options(undefer(PublicRecord.record))).one_or_none()
    if public is None:
        return rows
    # Of a ruling that was taken away the words are gone for everybody.
    shown = public.record.get(field) or [dict.fromkeys(row.keys() & WORDS, GONE) for row in rows]
    return [
        {**row, **{name: words for name, words in told.items() if name in WORDS}}
        for row, told in zip(rows, shown, strict=True)
    ]


GONE = "Deze tekst is niet meer openbaar."
WORDS = frozenset({"tekst", "eigenaar", "indicator", "wat", "toetsbaar"})


def _public_title(work: Work, ruling: Ruling) -> str | None:
    query = select(PublicRecord.title).where(PublicRecord.number == ruling.number, PublicRecord.current)
    return work.session.scalars(query).one_or_none()


def _organisation(work: Work, address: str) -> int:
    """An addressee is the address of the organisation in the list, or its name."""
    is_uri = address.startswith("https://")
    field = "aanbevelingen"
    found = organisation_named(work, field, tooi_uri=address if is_uri else None, name=None if is_uri else address)
    return found.id


def _conditions_of_precedent(work: Work, case: Case, taken: Taken) -> list[Process]:
    application = running_application(work, case.id)
    if application is None:
        return []
    precedent = work.session.get_one(Precedent, application.precedent_id)
    ruling = work.session.get_one(Ruling, precedent.ruling_id)
    organisations = work.session.scalars(
        select(Report.organisation_id).where(reporting_cases(case.id)).distinct()
    ).all()
    names = _names(work, organisations)
    return [
        _send(work, case, ruling, place, {"tekst": row["wat"], "indicator": row.get("toetsbaar") or ""}, name, taken)
        for place, row in enumerate(_as_published(work, ruling, "voorwaarden"), start=1)
        for name in names
    ]


def _names(work: Work, organisation_ids: Sequence[int]) -> list[str]:
    rows = work.session.scalars(select(Organisation).where(Organisation.id.in_(organisation_ids)))
    return [row.tooi_uri or row.name for row in rows]


def _tell(work: Work, recommendation: Recommendation, accounts: list[Account]) -> None:
    state = work.workflows[recommendation.kind, recommendation.version].states[recommendation.state].label
    notify(
        work,
        accounts,
        recommendation,
        subject=f"{recommendation.number}: {state}",
        text=f"{recommendation.text}\n\nStatus: {state}.",
    )


EFFECTS = {
    effect.__name__: effect
    for effect in (
        open_recommendations,
        record_reaction,
        record_progress,
        record_evidence,
        record_confirmation,
        send_back,
        count_from_old_term,
        tell_coordinators,
        propose_closing,
        notify_coordinator,
        notify_respondents,
    )
}
