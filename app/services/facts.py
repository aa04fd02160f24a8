"""What the rules may ask about a process: read from the database only when a guard asks."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, or_, select

from app.db.account import Account
from app.db.advice import Advice
from app.db.case import Application, Case, CaseLaw, Party
from app.db.law import LawChange
from app.db.meeting import AgendaItem, Meeting
from app.db.organisation import Organisation
from app.db.precedent import Nuance, Precedent
from app.db.process import Process
from app.db.publication import Publication, Redaction, View
from app.db.recommendation import Recommendation
from app.db.report import Report
from app.db.ruling import Ruling, SeparateNote
from app.db.structural import Structural
from app.domain.access import Scope
from app.domain.ruling import gaps
from app.services.fact import Facts, case_of, latest_item
from app.services.redaction import leaks, outgoing_record
from app.services.sitting import ItemFacts, MeetingFacts, standing
from app.services.work import Work, beyond_sight

SUCCESSOR_FIELD = "new_owner"
"""The answer of a transfer that names the next owner."""


def reporting_cases(case_id: int | BindParameter[Any]) -> ColumnElement[bool]:
    """The condition on `Report` for the reports of a case and of the cases merged into it."""
    # One query inside another: of two conditions with "or" PostgreSQL would read all reports.
    table = Case.__table__
    return Report.case_id.in_(select(table.c.id).where(or_(table.c.id == case_id, table.c.main_id == case_id)))


# Each action and each page of a process asks these, so they are made once.
_REPORTED = select(Report.organisation_id).where(reporting_cases(bindparam("case")))
_INVITED = select(Party.organisation_id).where(Party.case_id == bindparam("case"), Party.invited_at.is_not(None))


def scope_of(work: Work, process: Process) -> Scope:
    """Who is who in this process: the facts by which scoped roles are given."""
    case_id = case_of(process)
    organisations = {process.organisation_id} if process.organisation_id else set()
    if isinstance(process, Case):
        organisations |= set(work.session.scalars(_REPORTED, {"case": process.id}))
    parties: set[int] = set()
    handler_id = None
    if case_id is not None:
        parties = set(work.session.scalars(_INVITED, {"case": case_id}))
        handler_id = process.handler_id if isinstance(process, Case) else _handler_of(work, case_id)
    return Scope(
        organisations=frozenset(organisations),
        parties=frozenset(parties),
        owner_id=process.owner_id,
        handler_id=handler_id,
        adviser_id=process.adviser_id if isinstance(process, Advice) else None,
        successor_id=_successor(work, process),
        **standing(work, process)._asdict(),
    )


def linked_processes(work: Work, process: Process, kind: str) -> Sequence[Process]:
    """The processes of a kind about the same case, the items of a meeting, or what a rule asked; the oldest first."""
    query = select(Process).where(Process.kind == kind, Process.id != process.id).order_by(Process.id)
    case_id = case_of(process)
    if isinstance(process, Meeting):
        query = query.where(Process.id.in_(select(_items.c.id).where(_items.c.meeting_id == process.id)))
    elif isinstance(process, Precedent) and kind == Recommendation.kind_name():
        # What was asked of whoever relied on a rule goes with it, in whatever case it was asked.
        asked = select(Recommendation.id).where(Recommendation.ruling_id == process.ruling_id)
        query = query.where(Process.id.in_(asked))
    elif case_id is None:
        return ()
    else:
        query = query.where((Process.case_id == case_id) | (Process.id == case_id))
    return work.session.scalars(beyond_sight(query)).all()


_items = AgendaItem.__table__


def latest_ruling(work: Work, case_id: int) -> Ruling | None:
    """The draft or ruling that a case led to last."""
    query = select(Ruling).where(Ruling.case_id == case_id).order_by(Ruling.id.desc()).limit(1)
    return work.session.scalars(query).first()


def running_application(work: Work, case_id: int) -> Application | None:
    """The precedent that was proposed for a case, or applied to it, last; none when that was contested."""
    query = select(Application).where(Application.case_id == case_id).order_by(Application.id.desc()).limit(1)
    found = work.session.scalars(query).first()
    return found if found is not None and found.contested_at is None else None


class CaseFacts(Facts):
    """What guards ask of a case."""

    process: Case

    @cached_property
    def organisations(self) -> frozenset[int]:
        """The organisations that report or take part."""
        session = self.work.session
        parties = select(Party.organisation_id).where(Party.case_id == self.process.id)
        reporters = select(Report.organisation_id).where(reporting_cases(self.process.id))
        return frozenset(session.scalars(parties)) | frozenset(session.scalars(reporters))

    @cached_property
    def unidentified_parties(self) -> int:
        """Parties with neither a TOOI address nor a trade number."""
        return self.count(
            select(Party.id)
            .join(Organisation, Organisation.id == Party.organisation_id)
            .where(
                Party.case_id == self.process.id,
                Organisation.tooi_uri.is_(None),
                Organisation.kvk_number.is_(None),
                Organisation.kind.not_in((FICTITIOUS, KNOWN_PARTY)),
            )
        )

    @property
    def handler_id(self) -> int | None:
        """Who handles the case at the work level."""
        return self.process.handler_id

    @property
    def proposer_id(self) -> int | None:
        """Who proposed the precedent that is being applied."""
        application = running_application(self.work, self.process.id)
        return application.proposed_by if application else None

    @cached_property
    def precedent_conditions(self) -> int:
        """The conditions of the applied precedent that still ask something of the reporters."""
        application = running_application(self.work, self.process.id)
        if application is None:
            return 0
        precedent = self.work.session.get_one(Precedent, application.precedent_id)
        ruling = self.work.session.get_one(Ruling, precedent.ruling_id)
        return len(ruling.content.get("voorwaarden") or [])

    @cached_property
    def open_mandatory_advices(self) -> int:
        """Mandatory advice that was asked and may still come."""
        query = select(Advice.id, Advice.version, Advice.state).where(
            Advice.case_id == self.process.id, Advice.mandatory, Advice.delivered_at.is_(None)
        )
        rows = self.work.session.execute(beyond_sight(query)).all()
        return sum(
            not self.work.workflows[Advice.kind_name(), version].states[state].final for _, version, state in rows
        )

    @cached_property
    def _agreements(self) -> Sequence[bool | None]:
        parties = select(Party.agreed).where(Party.case_id == self.process.id, Party.invited_at.is_not(None))
        return self.work.session.scalars(parties).all()

    @property
    def disagreeing_parties(self) -> int:
        """Parties that said that they do not agree with the proposed solution."""
        return sum(agreed is False for agreed in self._agreements)

    @property
    def silent_parties(self) -> int:
        """Parties that have not answered yet."""
        return sum(agreed is None for agreed in self._agreements)

    @property
    def priority(self) -> str | None:
        """Urgent or not, as the triagist established."""
        return self.process.priority

    @cached_property
    def advice_kinds(self) -> frozenset[str]:
        """The kinds of advice that were delivered."""
        query = select(Advice.advice_type).where(Advice.case_id == self.process.id, Advice.delivered_at.is_not(None))
        return frozenset(self.work.session.scalars(beyond_sight(query)))

    @property
    def ruling_gaps(self) -> Sequence[str]:
        """The fields of the register that the draft still lacks."""
        ruling = latest_ruling(self.work, self.process.id)
        return ("uitspraak",) if ruling is None else gaps(ruling.content)

    @property
    def fact_check_closed(self) -> bool:
        """The parties have checked the facts."""
        ruling = latest_ruling(self.work, self.process.id)
        return ruling is not None and ruling.fact_check_done_on is not None

    @cached_property
    def open_recommendations(self) -> int:
        """Recommendations of the case that are not at their end."""
        query = select(Recommendation.version, Recommendation.state).where(Recommendation.case_id == self.process.id)
        kind = Recommendation.kind_name()
        rows = self.work.session.execute(beyond_sight(query)).all()
        return sum(not self.work.workflows[kind, version].states[state].final for version, state in rows)

    @property
    def ruled_on(self) -> date | None:
        """The day on which the ruling was published or the precedent applied."""
        return self.process.ruled_on

    @property
    def closed_on(self) -> date | None:
        """The day on which the case came where it is."""
        return self.process.entered_on

    @cached_property
    def structural(self) -> bool:
        """The cause was found to be structural, and that has not ended."""
        found = self.work.session.get(Structural, self.process.id)
        return found is not None and found.ended_at is None

    @cached_property
    def law_changed(self) -> bool:
        """A law on which the case rests has a version that is newer than its end."""
        return (
            self.work.session.scalar(
                select(
                    exists(
                        select(LawChange.id)
                        .join(
                            CaseLaw, (CaseLaw.system == LawChange.system) & (CaseLaw.identifier == LawChange.identifier)
                        )
                        .where(
                            CaseLaw.case_id == self.process.id,
                            or_(
                                LawChange.article.is_(None),
                                CaseLaw.article.is_(None),
                                CaseLaw.article == LawChange.article,
                            ),
                            LawChange.in_force_on > self.process.entered_on,
                        )
                    )
                )
            )
            or False
        )

    @cached_property
    def waiting_notes(self) -> int:
        """Members who argued a deviating view and may still add their separate note."""
        item = latest_item(self.work, self.process)
        facts = ItemFacts(self.work, item) if item else None
        if item is None or facts is None or facts.note_until is None or self.today > facts.note_until:
            return 0
        given = select(SeparateNote.account_id).where(SeparateNote.item_id == item.id)
        return len(facts.deviating - frozenset(self.work.session.scalars(given)))

    @cached_property
    def other_reporters(self) -> int:
        """Reports of other organisations than the first."""
        return self.count(
            select(Report.id).where(
                reporting_cases(self.process.id), Report.organisation_id != self.process.organisation_id
            )
        )


FICTITIOUS = "voorbeeld"
"""The kind of an organisation that exists in demonstration data only and so has no identifier."""
KNOWN_PARTY = "bekend"
"""The kind of a private party, or of a kind of parties, that the installation's own list names."""


class AdviceFacts(Facts):
    """What guards ask of a request for advice."""

    process: Advice

    @property
    def asked_by(self) -> int | None:
        """Who asked."""
        return self.process.asker_id


class PublicationFacts(Facts):
    """What guards ask of a publication."""

    process: Publication

    @cached_property
    def unresolved_passages(self) -> int:
        """Passages that were marked without a ground."""
        return self.count(
            select(Redaction.id).where(Redaction.publication_id == self.process.id, Redaction.ground == "")
        )

    @cached_property
    def leaks(self) -> int:
        """What would go out and may not, looked for now."""
        ruling = self.work.session.get_one(Ruling, self.process.ruling_id)
        record = outgoing_record(self.work, self.process, ruling)
        return len(leaks(self.work, self.process, record).found)

    @cached_property
    def asked_parties(self) -> int:
        """The organisations that may say what they think of the publication, whatever parts they have in the case."""
        asked = select(Party.organisation_id).where(
            Party.case_id == self.process.case_id, Party.invited_at.is_not(None)
        )
        return self.count(asked.distinct())

    @cached_property
    def answered_parties(self) -> int:
        """The organisations that gave a view, however many."""
        given = select(View.organisation_id).where(View.publication_id == self.process.id)
        return self.count(given.distinct())


class RecommendationFacts(Facts):
    """What guards ask of a recommendation."""

    process: Recommendation

    @property
    def addressee_id(self) -> int | None:
        """The organisation to which it was sent."""
        return self.process.organisation_id

    @property
    def reaction(self) -> str | None:
        """What the organisation answered."""
        return self.process.reaction


class PrecedentFacts(Facts):
    """What guards ask of a precedent."""

    process: Precedent

    @cached_property
    def nuancing_rulings(self) -> int:
        """How many later rulings qualify it."""
        numbers = select(Nuance.ruling_number).where(Nuance.precedent_id == self.process.id, Nuance.lifted_at.is_(None))
        return self.count(numbers.distinct())

    @property
    def reconsidered(self) -> bool:
        """The commission looks at it again."""
        return self.process.under_reconsideration


FACTS: dict[type[Process], type[Facts]] = {
    Case: CaseFacts,
    Advice: AdviceFacts,
    Meeting: MeetingFacts,
    AgendaItem: ItemFacts,
    Publication: PublicationFacts,
    Recommendation: RecommendationFacts,
    Precedent: PrecedentFacts,
}


def facts_of(work: Work, process: Process) -> Facts:
    """The facts of a process, of its kind."""
    return FACTS.get(type(process), Facts)(work, process)


def _handler_of(work: Work, case_id: int) -> int | None:
    cases = Case.__table__
    return work.session.scalar(select(cases.c.handler_id).where(cases.c.id == case_id))


def _successor(work: Work, process: Process) -> int | None:
    """Who was named as the next owner in a transfer that waits for consent."""
    email = (process.pending_answers or {}).get(SUCCESSOR_FIELD)
    if not isinstance(email, str):
        return None
    return work.session.scalar(select(Account.id).where(Account.email == email.lower()))
