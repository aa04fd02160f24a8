"""What stands above the commission: the questions to the board and to a minister, and their answers."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from app.config import value_list
from app.db.case import Case
from app.db.escalation import Escalation
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.ruling import Ruling
from app.domain.calendar import amsterdam_day
from app.domain.number import parliamentary_paper
from app.services.work import Work


class PublicEscalation(NamedTuple):
    """What everybody may know of a question above the commission: that it was put, to whom, and where the answer is.

    The question and the answer themselves were never redacted for the public, so they are not in it.
    """

    level: str
    asked_on: date
    organ: str | None
    answered_on: date | None
    paper: str | None


def open_escalation(work: Work, case: Case, level: str) -> Escalation | None:
    """The last question at this level that nobody has answered yet."""
    query = (
        select(Escalation)
        .where(Escalation.case_id == case.id, Escalation.level == level, Escalation.answered_on.is_(None))
        .order_by(Escalation.id.desc())
        .limit(1)
    )
    return work.session.scalars(query).one_or_none()


def escalations_of(work: Work, case_id: int) -> Sequence[Escalation]:
    """Everything that was put above the commission in a case that the actor may see, oldest first."""
    query = (
        select(Escalation)
        .join(Process, Process.id == Escalation.case_id)
        .where(Escalation.case_id == case_id)
        .order_by(Escalation.id)
    )
    return work.session.scalars(query).all()


def public_escalations(work: Work, public: PublicRecord) -> list[PublicEscalation]:
    """What was put above the commission because of a published ruling, oldest first."""
    # A correction is published later than the ruling itself.
    first = select(func.min(PublicRecord.published_at)).where(PublicRecord.number == public.number).scalar_subquery()
    query = (
        select(Escalation)
        .join(Ruling, Ruling.case_id == Escalation.case_id)
        .where(Ruling.number == public.number, Escalation.asked_at >= first)
        .order_by(Escalation.id)
    )
    levels, organs = value_list("escalatieniveau"), value_list("bestuursorgaan")
    return [
        PublicEscalation(
            levels.get(row.level, row.level),
            amsterdam_day(row.asked_at),
            organs.get(row.organ or ""),
            row.answered_on,
            parliamentary_paper(row.parliamentary_paper),
        )
        for row in work.session.scalars(query)
    ]
