"""Effects of saying whether a bottleneck is gone: the answer is kept, and who can look again is told."""

from sqlalchemy import select

from app.db.case import Case
from app.db.outcome import Outcome
from app.db.report import Report
from app.domain.access import COORDINATOR_ROLE, REPORTER_ROLE, TRIAGE_ROLE
from app.domain.errors import NotPermitted
from app.domain.outcome import Gone
from app.services.facts import reporting_cases
from app.services.lifecycle import Taken
from app.services.notice import notify, people_with_role
from app.services.work import Work


def record_outcome(work: Work, case: Case, taken: Taken) -> None:
    """Keep what the organisation says; its last answer counts. Who takes cases in hears that one is not gone."""
    organisation_id = _answering(work, case)
    gone, text = taken.answers["gone"], taken.answers.get("explanation") or ""
    known = work.session.scalars(
        select(Outcome).where(Outcome.case_id == case.id, Outcome.organisation_id == organisation_id)
    ).one_or_none()
    if known is None:
        known = Outcome(
            case_id=case.id,
            organisation_id=organisation_id,
            account_id=work.actor.account_id,
            gone=gone,
            text=text,
            at=work.now,
        )
        work.session.add(known)
    known.account_id, known.gone, known.text, known.at = work.actor.account_id, gone, text, work.now
    if gone != Gone.YES:
        notify(
            work,
            people_with_role(work, TRIAGE_ROLE),
            case,
            subject=f"{case.number}: het knelpunt is niet weg",
            text=f"{case.title}\n\nEen melder zegt dat het knelpunt niet of niet helemaal weg is:\n\n{text}",
        )


def _answering(work: Work, case: Case) -> int:
    """The organisation for which the actor answers: one that reported the case."""
    reported = set(work.session.scalars(select(Report.organisation_id).where(reporting_cases(case.id))))
    for grant in sorted(work.actor.grants, key=str):
        if grant.role in (REPORTER_ROLE, COORDINATOR_ROLE) and grant.organisation_id in reported | {
            case.organisation_id
        }:
            return grant.organisation_id or 0
    raise NotPermitted("only an organisation that reported the case says whether it is gone")


EFFECTS = {effect.__name__: effect for effect in (record_outcome,)}
