"""A case for the case system of an organisation: what happened to it and who took part, as far as one may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from app.db.case import Case
from app.db.organisation import Organisation
from app.db.process import Attachment, Event
from app.db.publication import PublicRecord
from app.db.report import Report
from app.db.ruling import Ruling
from app.domain.calendar import amsterdam_day
from app.domain.errors import NotPermitted
from app.domain.workflow import Workflow
from app.services.facts import reporting_cases
from app.services.overview import Related, attachments_of, journal_of, related_to, sight_of
from app.services.particulars import numbers_of
from app.services.report import readable
from app.services.work import Work


@dataclass(frozen=True, slots=True)
class Decision:
    """A ruling on a case: adopted, and perhaps published and withdrawn; `rule` is what the public reads of it."""

    number: str
    adopted_on: date
    published_on: date | None
    withdrawn_on: date | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class Handover:
    """A case with what hangs from it, for one reader; `main` is the number of the case that it was merged into."""

    case: Case
    workflow: Workflow
    moves: Sequence[Event]
    lines: Sequence[Event]
    reports: Sequence[Report]
    decisions: Sequence[Decision]
    related: Sequence[Related]
    documents: Sequence[Attachment]
    main: str | None

    @property
    def closed_on(self) -> date | None:
        """The day on which the case came to its end, if it did."""
        return self.case.entered_on if self.workflow.states[self.case.state].final else None

    @property
    def reporters(self) -> Sequence[Organisation]:
        """The organisations that reported it, in their order, as far as the reader may know."""
        found = [self.case.organisation, *(report.organisation for report in self.reports)]
        return list({one.id: one for one in found if one is not None}.values())


def handover(work: Work, case: Case) -> Handover:
    """The case for who is involved in it; `NotPermitted` to who only knows that it is there."""
    involved, handling = sight_of(work, case)
    if not involved:
        raise NotPermitted("only who is involved keeps a file of it")
    lines = [line for line in journal_of(work, case, handling=handling, involved=involved) if not line.half]
    return Handover(
        case=case,
        workflow=work.workflows[case.kind, case.version],
        moves=[line for line in lines if line.source != line.target],
        lines=lines,
        reports=_reports(work, case),
        decisions=_decisions(work, case, handling=handling),
        related=related_to(work, case),
        documents=attachments_of(work, case),
        main=numbers_of(work, [case.main_id]).get(case.main_id or 0),
    )


def _reports(work: Work, case: Case) -> Sequence[Report]:
    query = select(Report).where(reporting_cases(case.id), readable(work)).options(joinedload(Report.organisation))
    return work.session.scalars(query.order_by(Report.id)).all()


def _decisions(work: Work, case: Case, *, handling: bool) -> list[Decision]:
    """The rulings; before publication only for who handles the case, as everywhere."""
    query = (
        select(Ruling, PublicRecord)
        .outerjoin(PublicRecord, (PublicRecord.number == Ruling.number) & PublicRecord.current)
        .where(Ruling.case_id == case.id, Ruling.number.is_not(None))
        .options(undefer(PublicRecord.record))
        .order_by(Ruling.id)
    )
    found: Sequence[tuple[Ruling, PublicRecord | None]]
    found = [(ruling, public) for ruling, public in work.session.execute(query)]
    return [_decision(ruling, public) for ruling, public in found if handling or public is not None]


def _decision(ruling: Ruling, public: PublicRecord | None) -> Decision:
    withdrawn = public.withdrawn_at if public is not None else None
    shown = public.record.get("kernregel") if public is not None and withdrawn is None else None
    assert ruling.number is not None
    assert ruling.adopted_at is not None
    return Decision(
        number=ruling.number,
        adopted_on=amsterdam_day(ruling.adopted_at),
        published_on=amsterdam_day(public.published_at) if public is not None else None,
        withdrawn_on=amsterdam_day(withdrawn) if withdrawn is not None else None,
        rule=shown,
    )
