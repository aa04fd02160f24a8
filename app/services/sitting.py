"""A body as it sits: who is in office, who is there, who is excused, and who stands in for whom."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.body import Body, Membership, RulesOfProcedure, Substitution
from app.db.case import Case
from app.db.deliberation import DeviatingView
from app.db.interest import Challenge, Interest
from app.db.meeting import AgendaItem, Attendance, Meeting
from app.db.process import Process
from app.db.vote import Elector, VoteRound
from app.domain.access import CHAIR_ROLE, SEATED_ROLES, StandIn
from app.domain.meeting import KADERWET, Rules
from app.services.fact import Facts, latest_item
from app.services.work import Work, beyond_sight

EXCUSED = "verschoond"
NO_INTEREST = "geen_belang"
RULES = tuple(Rules._fields)


class Standing(NamedTuple):
    """Whose roles hold in a process: of which body, without whom, and with whom in the place of whom."""

    body_id: int | None = None
    excused: frozenset[int] = frozenset()
    stand_ins: frozenset[StandIn] = frozenset()


def in_office(work: Work, body_id: int | None, day: date) -> Sequence[Membership]:
    """The seats of a body that are taken on a day, the longest in office first."""
    query = (
        select(Membership)
        .where(Membership.body_id == body_id, covers(Membership.since, Membership.until, day))
        .order_by(Membership.since, Membership.id)
    )
    return work.session.scalars(query).all()


def covers(
    since: InstrumentedAttribute[date],
    until: InstrumentedAttribute[date] | InstrumentedAttribute[date | None],
    day: date,
) -> ColumnElement[bool]:
    """The condition that a day lies in a period, of which the last day may not be known yet."""
    return (since <= day) & (until.is_(None) | (until >= day))


def rules_in_force(work: Work, body_id: int, day: date) -> RulesOfProcedure | None:
    """The newest rules of procedure that hold on a day; without them the Kaderwet holds."""
    query = select(RulesOfProcedure).where(RulesOfProcedure.body_id == body_id, RulesOfProcedure.since <= day)
    return work.session.scalars(query.order_by(RulesOfProcedure.version.desc()).limit(1)).first()


def rules_of(work: Work, meeting: Meeting) -> Rules:
    """The rules that a meeting began with."""
    kept = work.session.get(RulesOfProcedure, meeting.rules_id) if meeting.rules_id else None
    return Rules(**{name: getattr(kept, name) for name in RULES}) if kept else KADERWET


def meeting_of(work: Work, process: Process) -> Meeting | None:
    """The meeting that a process is, stands in, or stood in last."""
    item = process if isinstance(process, AgendaItem) else None
    if isinstance(process, Meeting):
        return process
    if isinstance(process, Case):
        item = latest_item(work, process)
    return work.session.get(Meeting, item.meeting_id, execution_options={"as_system": True}) if item else None


def standing(work: Work, process: Process) -> Standing:
    """Whose roles hold in a process; for who has no seat anywhere nothing more is looked up."""
    body_id = body_of(work, process)
    if work.actor.roles.isdisjoint(SEATED_ROLES):
        return Standing(body_id)
    item = _item_of(work, process)
    meeting = meeting_of(work, item or process) if item or isinstance(process, Meeting) else None
    seats = in_office(work, meeting.body_id if meeting else central_body_id(work), work.today)
    excused = excused_members(work, item) if item else frozenset()
    substitutes = frozenset(_substitutes(work, seats))
    return Standing(body_id, excused, substitutes.union(_in_the_chair(work, meeting, item, seats, substitutes)))


def central_body_id(work: Work) -> int | None:
    """The central commission; without one nobody has a seat in it."""
    return work.session.scalar(select(Body.id).where(Body.central).order_by(Body.id).limit(1))


def body_of(work: Work, process: Process) -> int | None:
    """The body whose roles hold in a process; None for the central commission, of which a case always is."""
    if not isinstance(process, Meeting | AgendaItem):
        return None
    meeting = meeting_of(work, process)
    body = work.session.get_one(Body, meeting.body_id) if meeting else None
    return None if body is None or body.central else body.id


def excused_members(work: Work, item: AgendaItem) -> frozenset[int]:
    """Who may not take part in an item."""
    query = select(Interest.account_id).where(Interest.item_id == item.id, Interest.judgement == EXCUSED)
    return frozenset(work.session.scalars(query))


def _item_of(work: Work, process: Process) -> AgendaItem | None:
    """The item itself, or the last on which the central commission had a case: what another body does is not its."""
    if isinstance(process, AgendaItem):
        return process
    if not isinstance(process, Case):
        return None
    central = select(Meeting.id).join(Body, Body.id == Meeting.body_id).where(Body.central)
    query = select(AgendaItem).where(AgendaItem.case_id == process.id, AgendaItem.meeting_id.in_(central))
    return work.session.scalars(beyond_sight(query.order_by(AgendaItem.id.desc()).limit(1))).first()


def _substitutes(work: Work, seats: Sequence[Membership]) -> Iterator[StandIn]:
    """Who was named for the seat of somebody who is absent today; being a deputy is no seat to fill."""
    seated = {seat.account_id: seat.body_id for seat in seats}
    query = select(Substitution).where(
        Substitution.body_id.in_(set(seated.values())), covers(Substitution.since, Substitution.until, work.today)
    )
    for row in work.session.scalars(query) if seated else ():
        for seat in seats:
            if seat.account_id == row.absent_id and row.substitute_id in seated and not seat.deputy:
                yield StandIn(row.substitute_id, seat.role, row.absent_id)


def _in_the_chair(
    work: Work,
    meeting: Meeting | None,
    item: AgendaItem | None,
    seats: Sequence[Membership],
    substitutes: frozenset[StandIn],
) -> Iterator[StandIn]:
    """Who presides when the chair cannot: who opened the meeting, the substitute, the deputy, else the longest there.

    Before a meeting is opened every deputy may open it, since only those who are there know that the chair is not.
    """
    chair = next((seat.account_id for seat in seats if seat.role == CHAIR_ROLE and not seat.deputy), None)
    presides = meeting.presided_by_id if meeting else None
    unfit = (_away(work, meeting, seats) if meeting else frozenset()) | (_unfit(work, item) if item else frozenset())
    named = sorted(one.account_id for one in substitutes if one.role == CHAIR_ROLE)
    missing = chair is None or chair in unfit or (bool(named) and presides != chair)
    unopened = meeting is not None and item is None and meeting.began_at is None
    if not missing and not unopened and presides in (None, chair):
        return
    deputies = [seat.account_id for seat in seats if seat.role == CHAIR_ROLE and seat.deputy]
    line = [account for account in (presides, *named, *deputies) if account is not None and account != chair]
    able = [account for account in line if account not in unfit]
    if missing and not able:
        able = [seat.account_id for seat in seats if seat.votes and seat.account_id not in unfit | {chair}]
        unopened = False
    for account in able if unopened else able[:1]:
        yield StandIn(account, CHAIR_ROLE, chair)


def _away(work: Work, meeting: Meeting, seats: Sequence[Membership]) -> frozenset[int]:
    """Who is not at a meeting that sits: noted as absent, or not noted where others are noted as present."""
    if not meeting.sitting:
        return frozenset()
    rows = work.session.execute(
        select(Attendance.account_id, Attendance.present).where(Attendance.meeting_id == meeting.id)
    ).all()
    there = {account_id for account_id, present in rows if present}
    gone = {account_id for account_id, present in rows if not present}
    if there:
        gone |= {seat.account_id for seat in seats} - there - {meeting.presided_by_id}
    return frozenset(gone)


def _unfit(work: Work, item: AgendaItem) -> frozenset[int]:
    """Who may not lead an item: the excused, and those about whom something still has to be decided."""
    return excused_members(work, item) | _questioned(work, item)


def _questioned(work: Work, item: AgendaItem) -> frozenset[int]:
    """Members whose interest or challenge waits for a decision, in which they themselves have no part."""
    declared = select(Interest.account_id).where(
        Interest.item_id == item.id, Interest.declared != NO_INTEREST, Interest.judgement.is_(None)
    )
    challenged = select(Challenge.account_id).where(Challenge.item_id == item.id, Challenge.granted.is_(None))
    return frozenset(work.session.scalars(declared)) | frozenset(work.session.scalars(challenged))


class MeetingFacts(Facts):
    """What guards ask of a meeting."""

    process: Meeting

    @cached_property
    def running_votes(self) -> int:
        """Items of this meeting whose vote is open; a written round does not need the meeting.

        An item that went off the agenda during its vote does not keep the meeting open.
        """
        query = (
            select(AgendaItem.version, AgendaItem.state)
            .join(VoteRound, VoteRound.item_id == AgendaItem.id)
            .where(AgendaItem.meeting_id == self.process.id, VoteRound.closed_at.is_(None), ~VoteRound.written)
        )
        rows = self.work.session.execute(beyond_sight(query)).all()
        kind = AgendaItem.kind_name()
        return sum(not self.work.workflows[kind, version].states[state].final for version, state in rows)

    @cached_property
    def hurried_items(self) -> bool:
        """The chair agreed to the urgency of every item."""
        calm = select(AgendaItem.id).where(AgendaItem.meeting_id == self.process.id, ~AgendaItem.urgent)
        return self.count(calm) == 0

    @property
    def day(self) -> date:
        """The day of the meeting."""
        return self.process.day

    @cached_property
    def papers_days(self) -> int:
        """How many days ahead the papers go out, by the rules of procedure."""
        return rules_of(self.work, self.process).papers_days

    @property
    def has_minutes(self) -> bool:
        """Somebody wrote the minutes."""
        return bool(self.process.minutes)


class ItemFacts(Facts):
    """What guards ask of an agenda item: the numbers of the body, for this item."""

    process: AgendaItem

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting in which the item stands."""
        return self.work.session.get_one(Meeting, self.process.meeting_id, execution_options={"as_system": True})

    @cached_property
    def rules(self) -> Rules:
        """The rules that the meeting began with."""
        return rules_of(self.work, self.meeting)

    @property
    def meeting_is_open(self) -> bool:
        """The chair has opened the meeting and not closed it."""
        return self.meeting.sitting

    @cached_property
    def seats(self) -> Sequence[Membership]:
        """The seats that are taken on the day of the meeting."""
        return in_office(self.work, self.meeting.body_id, self.meeting.day)

    @cached_property
    def in_office(self) -> frozenset[int]:
        """The voting members in office on the day of the meeting."""
        return frozenset(seat.account_id for seat in self.seats if seat.votes)

    @cached_property
    def _interests(self) -> dict[int, Interest]:
        query = select(Interest).where(Interest.item_id == self.process.id)
        return {interest.account_id: interest for interest in self.work.session.scalars(query)}

    @cached_property
    def _there(self) -> dict[int, int | None]:
        """Who is noted as present, and for whom a deputy is there."""
        query = select(Attendance).where(Attendance.meeting_id == self.meeting.id, Attendance.present)
        return {row.account_id: row.replaces_id for row in self.work.session.scalars(query)}

    @cached_property
    def replaced(self) -> dict[int, int]:
        """For each deputy who is there the member in whose place that is; never for who is there as well."""
        return {
            deputy: member
            for deputy, member in self._there.items()
            if member in self.in_office and member not in self._there and deputy not in self.in_office
        }

    @cached_property
    def attending(self) -> frozenset[int]:
        """Members and deputies who are there: noted, or, where nothing was noted, who answered the question."""
        if not self._there and not self._noted:
            return frozenset(self._interests) & self.in_office
        return (frozenset(self._there) & self.in_office) | frozenset(self.replaced)

    @cached_property
    def _noted(self) -> bool:
        """Somebody noted who is there or sent word."""
        return self.count(select(Attendance.account_id).where(Attendance.meeting_id == self.meeting.id)) > 0

    @property
    def excused(self) -> frozenset[int]:
        """Who may not take part in this item."""
        return frozenset(account for account, interest in self._interests.items() if interest.judgement == EXCUSED)

    @property
    def voters(self) -> frozenset[int]:
        """Who takes part: there and not excused; of a vote that is open, or was in writing, its electorate."""
        current = self._round
        if current is not None and (current.closed_at is None or (current.written and current.votes_for is not None)):
            return self.electorate - self.excused
        return self.attending - self.excused

    @cached_property
    def electorate(self) -> frozenset[int]:
        """Who could vote when the last round opened."""
        if self._round is None:
            return frozenset()
        query = select(Elector.account_id).where(Elector.round_id == self._round.id)
        return frozenset(self.work.session.scalars(query))

    @cached_property
    def voted(self) -> frozenset[int]:
        """Who cast a vote in the last round; what it was is not known here."""
        if self._round is None:
            return frozenset()
        query = select(Elector.account_id).where(Elector.round_id == self._round.id, Elector.voted)
        return frozenset(self.work.session.scalars(query))

    @property
    def members_in_office(self) -> int:
        """The denominator of the quorum, before excused members are taken off."""
        return len(self.in_office)

    @property
    def members_present(self) -> int:
        """Present for this item: there, and not excused."""
        return len(self.attending - self.excused)

    @property
    def members_excused(self) -> int:
        """How many seats are excused."""
        return len(self.excused_seats)

    @property
    def excused_seats(self) -> frozenset[int]:
        """Seats whose holder, or the deputy who sits there, may not take part in this item."""
        return frozenset(self.replaced.get(account, account) for account in self.excused) & self.in_office

    @property
    def members_able(self) -> int:
        """Seats that could be filled for this item, if everybody came."""
        return self.members_in_office - self.members_excused

    @property
    def undeclared_members(self) -> int:
        """Who is there and has not said whether they have an interest."""
        return len(self.attending - frozenset(self._interests))

    @property
    def silent_members(self) -> int:
        """Members in office who have not said whether they have an interest, there or not."""
        return len(self.in_office - frozenset(self._interests))

    @property
    def unjudged_interests(self) -> int:
        """Interests that were declared and not yet judged."""
        return sum(
            interest.declared != NO_INTEREST and interest.judgement is None for interest in self._interests.values()
        )

    @cached_property
    def open_challenges(self) -> int:
        """Challenges on which the other members have not decided."""
        return self.count(select(Challenge.id).where(Challenge.item_id == self.process.id, Challenge.granted.is_(None)))

    @property
    def opinions_open(self) -> bool:
        """The chair opened the opinions for everybody."""
        return self.process.opinions_open

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
    def written(self) -> bool:
        """The last round was in writing."""
        return bool(self._round and self._round.written)

    @property
    def closes_on(self) -> date | None:
        """The last day of a written round."""
        return self._round.closes_on if self._round else None

    @cached_property
    def waiting_votes(self) -> int:
        """Who could vote in the last round, may still take part, and did not vote."""
        if self._round is None:
            return 0
        query = select(Elector.account_id).where(Elector.round_id == self._round.id, ~Elector.voted)
        return len(frozenset(self.work.session.scalars(query)) - self.excused)

    @property
    def held_over(self) -> bool:
        """Did a vote on this item end in a tie in an earlier meeting?"""
        tied = select(VoteRound.id).where(
            VoteRound.item_id == self.process.id,
            VoteRound.meeting_id != self.process.meeting_id,
            VoteRound.votes_for > 0,
            VoteRound.votes_for == VoteRound.votes_against,
        )
        return self.count(tied) > 0

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
        """The last day for a separate note, by the rules of procedure."""
        decided = self.process.decided_on
        return decided and decided + timedelta(days=self.rules.note_days)

    @cached_property
    def views_noted(self) -> bool:
        """Somebody noted who argued a deviating view in the meeting."""
        return self.count(select(DeviatingView.account_id).where(DeviatingView.item_id == self.process.id)) > 0

    @cached_property
    def deviating(self) -> frozenset[int]:
        """Members who brought a deviating view forward in the meeting and did not waive their note."""
        query = select(DeviatingView.account_id).where(
            DeviatingView.item_id == self.process.id, DeviatingView.waived_at.is_(None)
        )
        return frozenset(self.work.session.scalars(query))


def last_round(work: Work, item: AgendaItem) -> VoteRound | None:
    """The newest round of votes on an item."""
    query = select(VoteRound).where(VoteRound.item_id == item.id).order_by(VoteRound.number.desc()).limit(1)
    return work.session.scalars(query).first()
