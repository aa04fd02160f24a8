"""The agenda: what a member sees of an item, and what nobody sees before a vote is closed or while excused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, exists, func, select

from app.db.case import Case
from app.db.meeting import AgendaItem, Interest, Meeting, Vote, VoteRound
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.ruling import Ruling, SeparateNote
from app.domain.access import CHAIR_ROLE, SECRETARY_ROLE
from app.domain.meeting import quorum
from app.services.facts import EXCUSED, ItemFacts
from app.services.meeting import Seat, seats
from app.services.work import Work

EXCUSED_TITLE = "U bent verschoond van dit agendapunt"
READS_INTERESTS = frozenset({CHAIR_ROLE, SECRETARY_ROLE})
"""What a member wrote about an own interest is for these roles, and for that member."""


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A line of the agenda; for who is excused from it, there is nothing but its number and place."""

    item: AgendaItem
    declared: int
    excused_members: int
    result: VoteRound | None
    is_excused: bool


class MemberInterest(NamedTuple):
    """What became of the question of interests for a member; what was answered is only there for who may read it."""

    seat: Seat
    answered: bool
    judgement: str | None
    declared: str | None
    explanation: str | None


class Result(NamedTuple):
    """The count of a round that was closed."""

    number: int
    proposal: str | None
    closed_at: datetime
    votes_for: int
    votes_against: int
    abstained: int
    excused: int
    absent: int
    silent: int
    quorum: bool


@dataclass(frozen=True, slots=True)
class ItemOverview:
    """An agenda item for a member who takes part in it, or for who prepares it."""

    item: AgendaItem
    meeting: Meeting
    case: Case | None
    interests: Sequence[MemberInterest]
    results: Sequence[Result]
    open_round: VoteRound | None
    cast: int
    voters: int
    has_voted: bool
    notes: Sequence[SeparateNote]
    quorum: int
    present: int


def agenda(work: Work, meeting: Meeting) -> list[AgendaEntry]:
    """The items of a meeting in their order; the result of a vote only when it was closed."""
    items = work.session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    ids = [item.id for item in items]
    excused = excused_items(work, ids)
    interests = _interests_of(work, ids)
    rounds = _last_rounds(work, ids)
    return [
        AgendaEntry(item, *interests.get(item.id, (0, 0)), rounds.get(item.id), item.id in excused) for item in items
    ]


def excused_items(work: Work, item_ids: Sequence[int]) -> set[int]:
    """From which of these items the actor is excused; once the ruling is public everybody may read it."""
    if work.actor.account_id is None or not item_ids:
        return set()
    query = select(AgendaItem.id).where(AgendaItem.id.in_(item_ids), excused_from(work, AgendaItem.id))
    return set(work.session.scalars(query))


def excused_from(work: Work, item_id: Any) -> ColumnElement[bool]:
    """The condition that the actor is excused from the item with this id, and that its ruling is not public yet."""
    published = (
        select(PublicRecord.id)
        .join(Ruling, Ruling.number == PublicRecord.number)
        .where(Ruling.item_id == Interest.item_id)
    )
    interest = select(Interest.id).where(
        Interest.item_id == item_id,
        Interest.account_id == work.actor.account_id,
        Interest.judgement == EXCUSED,
        ~exists(published),
    )
    return exists(interest)


def is_excused(work: Work, process: Process) -> bool:
    """Is the actor excused from this agenda item, so that nothing of it may be shown? Every door asks this first."""
    return isinstance(process, AgendaItem) and process.id in excused_items(work, [process.id])


def item_overview(work: Work, item: AgendaItem) -> ItemOverview:
    """What a member sees of an item: never a vote, and how many voted only as a number."""
    work.session.refresh(item, ["preliminary_advice", "dictum"])
    facts = ItemFacts(work, item)
    rounds = work.session.scalars(
        select(VoteRound).where(VoteRound.item_id == item.id).order_by(VoteRound.number)
    ).all()
    open_round = next((one for one in rounds if one.closed_at is None), None)
    voted = _voted(work, open_round) if open_round else frozenset()
    return ItemOverview(
        item=item,
        meeting=facts.meeting,
        case=work.session.scalars(select(Case).where(Case.id == item.case_id)).one_or_none(),
        interests=_member_interests(work, item, seats(work, facts.meeting)),
        results=[_result(one, facts) for one in rounds if one.closed_at is not None],
        open_round=open_round,
        cast=len(voted),
        voters=len(facts.voters),
        has_voted=work.actor.account_id in voted,
        notes=work.session.scalars(
            select(SeparateNote).where(SeparateNote.item_id == item.id).order_by(SeparateNote.id)
        ).all(),
        quorum=quorum(
            facts.members_in_office if facts.excused_count else facts.members_in_office - facts.members_excused
        ),
        present=facts.members_present,
    )


def _interests_of(work: Work, item_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For each item how many members answered the question of interests, and how many are excused."""
    is_out = case((Interest.judgement == EXCUSED, 1), else_=0)
    query = (
        select(Interest.item_id, func.count(Interest.id), func.sum(is_out))
        .where(Interest.item_id.in_(item_ids))
        .group_by(Interest.item_id)
    )
    return {item_id: (answered, int(out or 0)) for item_id, answered, out in work.session.execute(query)}


def _last_rounds(work: Work, item_ids: Sequence[int]) -> dict[int, VoteRound]:
    query = (
        select(VoteRound)
        .where(VoteRound.item_id.in_(item_ids), VoteRound.closed_at.is_not(None))
        .order_by(VoteRound.number)
    )
    return {one.item_id: one for one in work.session.scalars(query)}


def _voted(work: Work, current: VoteRound) -> frozenset[int]:
    """Who cast a vote in a round; what it was is not even read."""
    return frozenset(work.session.scalars(select(Vote.account_id).where(Vote.round_id == current.id)))


def _member_interests(work: Work, item: AgendaItem, members: Sequence[Seat]) -> list[MemberInterest]:
    query = select(Interest).where(Interest.item_id == item.id)
    known = {interest.account_id: interest for interest in work.session.scalars(query)}
    reads_all = not READS_INTERESTS.isdisjoint(work.actor.roles)
    return [
        _member_interest(seat, known.get(seat.account_id), reads=reads_all or seat.account_id == work.actor.account_id)
        for seat in members
        if seat.votes
    ]


def _member_interest(seat: Seat, interest: Interest | None, *, reads: bool) -> MemberInterest:
    if interest is None:
        return MemberInterest(seat, answered=False, judgement=None, declared=None, explanation=None)
    return MemberInterest(
        seat,
        answered=True,
        judgement=interest.judgement,
        declared=interest.declared if reads else None,
        explanation=(interest.explanation or None) if reads else None,
    )


def _result(counted: VoteRound, facts: ItemFacts) -> Result:
    """The count of a round; who was not there is reckoned with the attendance as it is known now."""
    votes = (counted.votes_for or 0, counted.votes_against or 0, counted.abstained or 0)
    silent = max(0, facts.members_present - sum(votes))
    absent = max(0, facts.members_in_office - facts.members_excused - sum(votes) - silent)
    assert counted.closed_at is not None
    return Result(
        counted.number,
        counted.proposal,
        counted.closed_at,
        *votes,
        excused=facts.members_excused,
        absent=absent,
        silent=silent,
        quorum=bool(counted.quorum_at_close),
    )
