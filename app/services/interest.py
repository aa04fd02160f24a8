"""What the system knows of a member's interest in an item, before it asks."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from app.config import value_list
from app.db.account import Account
from app.db.advice import Advice
from app.db.body import OtherPosition
from app.db.case import Case, Party
from app.db.meeting import AgendaItem
from app.db.organisation import Organisation
from app.db.process import Event
from app.db.report import Report
from app.services.work import Work, beyond_sight

PARTY, WORKED_THERE, WORKS_THERE, ADVISED, RAPPORTEUR = (
    "organisatie_is_partij",
    "eerder_gewerkt",
    "andere_functie",
    "eerder_adviseur",
    "rapporteur",
)
LOOKED_BACK_YEARS = 2


def prompts(work: Work, item: AgendaItem, account_id: int) -> list[str]:
    """What may be an interest of this member, as codes of the value list `belangsignaal`."""
    cases = _cases_behind(work, item)
    involved = organisations_in(work, item)
    account = work.session.get_one(Account, account_id)
    positions = work.session.scalars(
        select(OtherPosition).where(
            OtherPosition.account_id == account_id, OtherPosition.organisation_id.in_(involved.keys())
        )
    ).all()
    found = {
        PARTY: account.organisation_id in involved,
        WORKED_THERE: any(looked_back_to(work.today) <= _until(row) < work.today for row in positions),
        WORKS_THERE: any(row.since <= work.today <= _until(row) for row in positions),
        ADVISED: _advised(work, cases, account_id),
        RAPPORTEUR: _reported(work, cases, account),
    }
    return [code for code, holds in found.items() if holds]


def looked_back_to(today: date) -> date:
    """The first day on which having worked somewhere still counts.

    >>> looked_back_to(date(2026, 11, 23)).isoformat(), looked_back_to(date(2028, 2, 29)).isoformat()
    ('2024-11-23', '2026-02-28')
    """
    year = today.year - LOOKED_BACK_YEARS
    return today.replace(year=year) if today.day <= monthrange(year, today.month)[1] else today.replace(year, 2, 28)


class Question(NamedTuple):
    """What a member has to know to answer the question of interests, and no more of the item than that."""

    organisations: Sequence[str]
    prompts: Sequence[str]


def question_about(work: Work, number: str) -> Question:
    """The question to the actor about an item that is not shown yet."""
    query = select(AgendaItem).where(AgendaItem.number == number)
    item = work.session.scalars(beyond_sight(query)).one()
    return Question(
        list(organisations_in(work, item).values()), sentences(prompts(work, item, work.actor.account_id or 0))
    )


def sentences(codes: list[str]) -> list[str]:
    """The prompts as people read them."""
    labels = value_list("belangsignaal")
    return [labels.get(code, code) for code in codes]


def organisations_in(work: Work, item: AgendaItem) -> dict[int, str]:
    """The organisations that reported the case, or what was merged into it, or that are a party, by their name."""
    cases = [case.id for case in _cases_behind(work, item)]
    parties = select(Party.organisation_id).where(Party.case_id.in_(cases))
    reporters = select(Report.organisation_id).where(Report.case_id.in_(cases))
    query = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(parties) | Organisation.id.in_(reporters)
    )
    return dict(work.session.execute(query.order_by(Organisation.name)).all())


def _cases_behind(work: Work, item: AgendaItem) -> Sequence[Case]:
    """The case of an item and what was merged into it; an item of another kind has none."""
    if item.case_id is None:
        return []
    query = select(Case).where((Case.id == item.case_id) | (Case.main_id == item.case_id))
    return work.session.scalars(beyond_sight(query)).all()


def _until(row: OtherPosition) -> date:
    return row.until or date.max


def _reported(work: Work, cases: Sequence[Case], account: Account) -> bool:
    """Whether this person prepares the case, or prepared an earlier ruling on it."""
    query = select(Event.id).where(
        Event.process_id.in_([case.id for case in cases]), Event.answers["rapporteur"].as_string() == account.email
    )
    now = any(case.rapporteur_id == account.id for case in cases)
    return now or work.session.scalar(beyond_sight(query.limit(1))) is not None


def _advised(work: Work, cases: Sequence[Case], account_id: int) -> bool:
    """Whether an advice of this person came out; who was asked and refused gave none."""
    query = select(Advice.id).where(
        Advice.case_id.in_([case.id for case in cases]),
        Advice.adviser_id == account_id,
        Advice.delivered_at.is_not(None),
    )
    return work.session.scalar(beyond_sight(query.limit(1))) is not None
