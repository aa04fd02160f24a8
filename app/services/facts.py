"""What the rules may ask about a process: read from the database only when a guard asks."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app.db.account import Account
from app.db.advice import Advice
from app.db.case import Application, Case, Party
from app.db.meeting import AgendaItem, Attendance, Body, Interest, Meeting, Membership, Vote, VoteRound
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import Publication, Redaction
from app.db.recommendation import Recommendation
from app.db.report import Report
from app.db.ruling import Ruling
from app.domain.access import Scope
from app.domain.ruling import gaps
from app.services.work import Work, beyond_sight

NOTE_TERM = timedelta(weeks=1)
NO_MEETING_YET = timedelta(weeks=6)
EXCUSED = "verschoond"
SUCCESSOR_FIELD = "new_owner"
"""The answer of a transfer that names the next owner."""


def reporting_cases(case_id: int) -> ColumnElement[bool]:
    """The condition on `Report` for the reports of a case and of the cases merged into it."""
    table = Case.__table__
    merged = select(table.c.id).where(table.c.main_id == case_id)
    return (Report.case_id == case_id) | Report.case_id.in_(merged)


def scope_of(work: Work, process: Process) -> Scope:
    """Who is who in this process: the facts by which scoped roles are given."""
    case_id = case_of(process)
    organisations = {process.organisation_id} if process.organisation_id else set()
    if isinstance(process, Case):
        organisations |= set(work.session.scalars(select(Report.organisation_id).where(reporting_cases(process.id))))
    parties: set[int] = set()
    handler_id = None
    if case_id is not None:
        invited = select(Party.organisation_id).where(Party.case_id == case_id, Party.invited_at.is_not(None))
        parties = set(work.session.scalars(invited))
        handler_id = process.handler_id if isinstance(process, Case) else _handler_of(work, case_id)
    return Scope(
        organisations=frozenset(organisations),
        parties=frozenset(parties),
        owner_id=process.owner_id,
        handler_id=handler_id,
        adviser_id=process.adviser_id if isinstance(process, Advice) else None,
        successor_id=_successor(work, process),
    )


def case_of(process: Process) -> int | None:
    """The case that a process is about: itself, or the one it hangs from."""
    return process.id if isinstance(process, Case) else process.case_id


def linked_processes(work: Work, process: Process, kind: str) -> Sequence[Process]:
    """The processes of a kind about the same case, or the items of a meeting; locked, oldest first."""
    query = select(Process).where(Process.kind == kind, Process.id != process.id).order_by(Process.id)
    if isinstance(process, Meeting):
        query = query.where(Process.id.in_(select(AgendaItem.__table__.c.id).where(_items.c.meeting_id == process.id)))
    else:
        case_id = case_of(process)
        query = query.where((Process.case_id == case_id) | (Process.id == case_id))
    return work.session.scalars(beyond_sight(query)).all()


_items = AgendaItem.__table__


def meeting_day(work: Work, process: Process) -> date:
    """The day of the meeting that a process waits for; without one, the next that is planned."""
    if isinstance(process, Meeting):
        return process.day
    item = process if isinstance(process, AgendaItem) else latest_item(work, process)
    if item is not None and not item.held_over:
        meeting = work.session.get(Meeting, item.meeting_id, execution_options={"as_system": True})
        if meeting is not None:
            return meeting.day
    following = beyond_sight(select(func.min(Meeting.day)).where(Meeting.day > work.today))
    return work.session.scalar(following) or work.today + NO_MEETING_YET


def latest_item(work: Work, process: Process) -> AgendaItem | None:
    """The agenda item on which a case stands or stood last."""
    query = select(AgendaItem).where(AgendaItem.case_id == case_of(process)).order_by(AgendaItem.id.desc())
    return work.session.scalars(beyond_sight(query.limit(1))).first()


def latest_ruling(work: Work, case_id: int) -> Ruling | None:
    """The draft or ruling that a case led to last."""
    query = select(Ruling).where(Ruling.case_id == case_id).order_by(Ruling.id.desc()).limit(1)
    return work.session.scalars(query).first()


def running_application(work: Work, case_id: int) -> Application | None:
    """The precedent that was proposed for a case, or applied to it, last."""
    query = select(Application).where(Application.case_id == case_id, Application.contested_at.is_(None))
    return work.session.scalars(query.order_by(Application.id.desc()).limit(1)).first()


class Facts:
    """What every guard may ask of any process."""

    def __init__(self, work: Work, process: Process) -> None:
        self.work = work
        self.process = process
        self.state = process.state
        self.pending_action = process.pending_action
        self.pending_by = process.pending_by
        self.today = work.today
        self.due = process.due
        self.extended = process.extended
        self.signalled = process.signalled_on is not None
        self.reminded_on = process.reminded_on
        self.reminders = process.reminders

    def count(self, query: Select[Any]) -> int:
        """How many rows a query has, whoever asks."""
        counted = beyond_sight(select(func.count()).select_from(query.subquery()))
        return self.work.session.scalar(counted) or 0


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

    law_changed = False

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


class MeetingFacts(Facts):
    """What guards ask of a meeting."""

    process: Meeting

    @cached_property
    def running_votes(self) -> int:
        """Items of this meeting whose vote is open."""
        return self.count(
            select(VoteRound.id)
            .join(AgendaItem.__table__, VoteRound.item_id == _items.c.id)
            .where(_items.c.meeting_id == self.process.id, VoteRound.closed_at.is_(None))
        )


class ItemFacts(Facts):
    """What guards ask of an agenda item: the numbers of the commission, for this item."""

    process: AgendaItem

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting in which the item stands."""
        return self.work.session.get_one(Meeting, self.process.meeting_id, execution_options={"as_system": True})

    @cached_property
    def body(self) -> Body:
        """The body that meets."""
        return self.work.session.get_one(Body, self.meeting.body_id)

    @property
    def meeting_is_open(self) -> bool:
        """The chair has opened the meeting and not closed it."""
        return self.meeting.sitting

    @cached_property
    def in_office(self) -> frozenset[int]:
        """The voting members in office on the day of the meeting."""
        day = self.meeting.day
        query = select(Membership.account_id).where(
            Membership.body_id == self.meeting.body_id,
            Membership.votes,
            Membership.since <= day,
            (Membership.until.is_(None)) | (Membership.until >= day),
        )
        return frozenset(self.work.session.scalars(query))

    @cached_property
    def _interests(self) -> dict[int, Interest]:
        query = select(Interest).where(Interest.item_id == self.process.id)
        return {interest.account_id: interest for interest in self.work.session.scalars(query)}

    @cached_property
    def attending(self) -> frozenset[int]:
        """Members who are there: noted at the opening, or known because they answered the question."""
        query = select(Attendance.account_id).where(Attendance.meeting_id == self.meeting.id, Attendance.present)
        noted = frozenset(self.work.session.scalars(query)) & self.in_office
        return noted or frozenset(self._interests) & self.in_office

    @property
    def excused(self) -> frozenset[int]:
        """Members who may not take part in this item."""
        return frozenset(account for account, interest in self._interests.items() if interest.judgement == EXCUSED)

    @property
    def voters(self) -> frozenset[int]:
        """Who may vote on this item."""
        return self.attending - self.excused

    @property
    def members_in_office(self) -> int:
        """The denominator of the quorum, before excused members are taken off."""
        return len(self.in_office)

    @property
    def members_present(self) -> int:
        """Present for this item: there, and not excused."""
        return len(self.voters)

    @property
    def members_excused(self) -> int:
        """Members in office who may not take part in this item."""
        return len(self.excused & self.in_office)

    @property
    def excused_count(self) -> bool:
        """Do excused members count in the denominator? A setting of the body."""
        return self.body.excused_count_for_quorum

    @property
    def undeclared_members(self) -> int:
        """Members who are there and have not said whether they have an interest."""
        return len(self.attending - frozenset(self._interests))

    @property
    def unjudged_interests(self) -> int:
        """Interests that were declared and not yet judged."""
        return sum(
            interest.declared != NO_INTEREST and interest.judgement is None for interest in self._interests.values()
        )

    @cached_property
    def _round(self) -> VoteRound | None:
        return last_round(self.work, self.process)

    @property
    def votes_for(self) -> int:
        """Votes for, in the last closed round."""
        return (self._round and self._round.votes_for) or 0

    @property
    def votes_against(self) -> int:
        """Votes against, in the last closed round."""
        return (self._round and self._round.votes_against) or 0

    @property
    def votes_abstained(self) -> int:
        """Abstentions, in the last closed round."""
        return (self._round and self._round.abstained) or 0

    @property
    def quorum_at_close(self) -> bool:
        """Was the quorum there when the vote closed?"""
        return bool(self._round and self._round.quorum_at_close)

    @property
    def held_over(self) -> bool:
        """Was this item held over from an earlier meeting after a tie?"""
        return self.process.held_over_because is not None

    @property
    def undelayable(self) -> bool:
        """The proposal said that it cannot wait."""
        return bool(self._round and self._round.undelayable)

    @property
    def members_complete(self) -> bool:
        """Every member in office who is not excused was there."""
        return bool(self._round and self._round.members_complete)

    @property
    def chair_vote(self) -> bool | None:
        """The chair's vote in the last round: for, against, or none."""
        return self._round.chair_vote if self._round else None

    @property
    def deputy_vote(self) -> bool | None:
        """The deputy chair's vote in the last round."""
        return self._round.deputy_vote if self._round else None

    @property
    def note_until(self) -> date | None:
        """The last day for a separate note: a week after the decision (domain/workflow.md 6.10)."""
        return self.process.decided_on and self.process.decided_on + NOTE_TERM


NO_INTEREST = "geen_belang"


def last_round(work: Work, item: AgendaItem) -> VoteRound | None:
    """The newest round of votes on an item."""
    query = select(VoteRound).where(VoteRound.item_id == item.id).order_by(VoteRound.number.desc()).limit(1)
    return work.session.scalars(query).first()


def votes_in(work: Work, round_id: int) -> Sequence[Vote]:
    """The votes of a round; read by the count at closing, and by nothing before it."""
    return work.session.scalars(select(Vote).where(Vote.round_id == round_id)).all()


class PublicationFacts(Facts):
    """What guards ask of a publication."""

    process: Publication

    @cached_property
    def unresolved_passages(self) -> int:
        """Passages that were marked without a ground."""
        return self.count(
            select(Redaction.id).where(Redaction.publication_id == self.process.id, Redaction.ground == "")
        )


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


FACTS: dict[type[Process], type[Facts]] = {
    Case: CaseFacts,
    Advice: AdviceFacts,
    Meeting: MeetingFacts,
    AgendaItem: ItemFacts,
    Publication: PublicationFacts,
    Recommendation: RecommendationFacts,
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
