"""Who is waited for: the people whose turn it is in a process, never more than those of the organisations in it."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from app.db.account import Account
from app.db.case import Case, Party
from app.db.process import Process
from app.db.report import Report
from app.domain import access
from app.services.fact import case_of
from app.services.facts import reporting_cases
from app.services.notice import people_of, people_with_role, respondents_of
from app.services.work import Work, beyond_sight


def people_at_turn(work: Work, process: Process) -> Sequence[Account]:
    """Whose turn it is: of a role that belongs to an organisation, only those of the organisations concerned."""
    if process.turn is None:
        return ()
    find = OUTSIDE.get(process.turn)
    return find(work, process) if find else people_with_role(work, process.turn)


def _reporters(work: Work, process: Process) -> Sequence[Account]:
    """Who sent in the reports; a colleague may not be allowed to see a confidential one."""
    case_id = case_of(process)
    query = select(Account).join(Report, Report.account_id == Account.id).where(Account.active).distinct()
    return work.session.scalars(beyond_sight(query.where(reporting_cases(case_id or 0)))).all()


def _parties(work: Work, process: Process) -> Sequence[Account]:
    """The people of the parties that were invited; of those that are asked to agree, who has not answered."""
    query = select(Party.organisation_id).where(Party.case_id == case_of(process), Party.invited_at.is_not(None))
    if isinstance(process, Case):
        query = query.where(Party.agreed.is_(None))
    return people_of(work, work.session.scalars(query).all())


def _respondents(work: Work, process: Process) -> Sequence[Account]:
    return respondents_of(work, process.organisation_id)


def _holder(work: Work, process: Process) -> Sequence[Account]:
    """The one person to whom it was given."""
    return () if process.owner_id is None else [work.session.get_one(Account, process.owner_id)]


OUTSIDE: Mapping[str, Callable[[Work, Process], Sequence[Account]]] = {
    access.REPORTER_ROLE: _reporters,
    access.COORDINATOR_ROLE: _reporters,
    access.PARTY_ROLE: _parties,
    access.RESPONDENT_ROLE: _respondents,
    access.ADVISER_ROLE: _holder,
}
"""The roles of people outside the secretariat; they are reminded before a term passes."""
