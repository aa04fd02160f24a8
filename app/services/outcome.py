"""Whether bottlenecks are gone: asking who reported them, and what they said."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from app.db.account import Account
from app.db.case import Application, Case
from app.db.outcome import Outcome
from app.db.process import Process
from app.db.report import Report
from app.db.ruling import Ruling
from app.domain.outcome import ASKED_AFTER, Outcomes, counted
from app.domain.workflow import Workflow
from app.services.facts import CaseFacts, reporting_cases
from app.services.notice import notify, people_of
from app.services.work import Work, Workflows, beyond_sight

ANSWERS_WITH = "record_outcome"
"""The effect of the action by which a reporter says whether the bottleneck is gone."""


def to_ask(workflows: Workflows, today: date) -> ColumnElement[bool]:
    """The condition on `Process` for cases that were settled long enough ago to ask, and were not asked yet."""
    kind = Case.kind_name()
    settled = [
        and_(Process.version == version, Process.state.in_(settled_states(workflow)))
        for (name, version), workflow in workflows.items()
        if name == kind and settled_states(workflow)
    ]
    unasked = Process.id.in_(select(Case.id).where(Case.outcome_asked_on.is_(None)))
    return and_(Process.kind == kind, Process.entered_on <= today - ASKED_AFTER, or_(*settled), unasked)


def settled_states(workflow: Workflow) -> frozenset[str]:
    """The states in which a reporter can say whether it is gone: the definition has the action there."""
    return frozenset(source for step in workflow.transitions if ANSWERS_WITH in step.effects for source in step.sources)


def ask_outcome(work: Work, case: Process) -> bool:
    """Ask every organisation that reported the case, once; not while its recommendations are being carried out."""
    if not isinstance(case, Case) or case.outcome_asked_on is not None or CaseFacts(work, case).open_recommendations:
        return False
    case.outcome_asked_on = work.today
    notify(
        work,
        _people(work, case),
        case,
        subject=f"Is het knelpunt weg? {case.number}",
        text=f"{case.title}\n\nDit knelpunt is enige tijd geleden afgerond. Merkt u dat het nu beter gaat? "
        "Kies op de pagina van het knelpunt “Melden of het knelpunt weg is”.",
    )
    return True


def outcome_of(work: Work, case: Case) -> Outcomes:
    """What the organisations that reported a case say of it."""
    return counted(work.session.scalars(select(Outcome.gone).where(Outcome.case_id == case.id)))


def own_outcome(work: Work, case: Case) -> Outcome | None:
    """What the actor's organisation said last."""
    query = select(Outcome).where(Outcome.case_id == case.id, Outcome.organisation_id == work.actor.organisation_id)
    return work.session.scalars(query).one_or_none()


def outcome_of_ruling(work: Work, number: str) -> Outcomes:
    """What was said of the case of a ruling, and of every case that its precedent settled: counts, and no names.

    An organisation counts once, with what it said last of any of these cases.
    """
    ruled = select(Ruling.case_id).where(Ruling.number == number)
    settled = (
        select(Application.case_id)
        .join(Process, Process.id == Application.precedent_id)
        .where(Process.number == number, Application.applied_at.is_not(None))
    )
    query = (
        select(Outcome.organisation_id, Outcome.gone)
        .where(or_(Outcome.case_id.in_(ruled), Outcome.case_id.in_(settled)))
        .order_by(Outcome.at, Outcome.id)
    )
    last = dict(work.session.execute(beyond_sight(query)).all())
    return counted(last.values())


def _people(work: Work, case: Case) -> Iterable[Account]:
    """Who sent the reports; of an organisation whose sender left, whoever reports for it now."""
    query = (
        select(Account).join(Report, Report.account_id == Account.id).where(reporting_cases(case.id), Account.active)
    )
    senders = work.session.scalars(beyond_sight(query.distinct())).all()
    reported = select(Report.organisation_id).where(reporting_cases(case.id)).distinct()
    present = {account.organisation_id for account in senders}
    left = [organisation for organisation in work.session.scalars(reported) if organisation not in present]
    return [*senders, *people_of(work, left)]
