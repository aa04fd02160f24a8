"""The agenda: what a member sees of an item, and what nobody sees before a vote is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select

from app.db.case import Case
from app.db.interest import Interest
from app.db.meeting import AgendaItem, Meeting
from app.db.ruling import SeparateNote
from app.db.vote import Elector, VoteRound
from app.domain.access import CHAIR_ROLE, SECRETARY_ROLE, roles_in
from app.domain.meeting import Rules, needed
from app.services.facts import scope_of
from app.services.interest import sentences
from app.services.meeting import Seat, seats
from app.services.overview import names_of_accounts
from app.services.sitting import EXCUSED, ItemFacts, standing
from app.services.work import Work

READS_INTERESTS = frozenset({CHAIR_ROLE, SECRETARY_ROLE})
"""What a member wrote about an own interest is for these roles, and for that member."""


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A line of the agenda that the actor may read."""

    item: AgendaItem
    declared: int
    excused_members: int
    result: VoteRound | None


class MemberInterest(NamedTuple):
    """What became of the question of interests for a member; what was answered is only there for who may read it."""

    seat: Seat
    answered: bool
    judgement: str | None
    declared: str | None
    explanation: str | None
    prompts: Sequence[str] = ()


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
    written: bool
    checkable: bool


@dataclass(frozen=True, slots=True)
class ItemOverview:
    """An agenda item for a member who takes part in it, or for who prepares it."""

    item: AgendaItem
    meeting: Meeting
    case: Case | None
    interests: Sequence[MemberInterest]
    results: Sequence[Result]
    broken_off: Sequence[int]
    open_round: VoteRound | None
    cast: int
    voters: int
    has_voted: bool
    notes: Sequence[SeparateNote]
    rules: Rules
    members: int
    quorum: int
    present: int
    reachable: bool
    chair: str | None


def agenda(work: Work, meeting: Meeting) -> list[AgendaEntry]:
    """The items of a meeting in their order; the result of a vote only when it was closed."""
    items = work.session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    ids = [item.id for item in items]
    interests = _interests_of(work, ids)
    rounds = _last_rounds(work, ids)
    return [AgendaEntry(item, *interests.get(item.id, (0, 0)), rounds.get(item.id)) for item in items]


def item_overview(work: Work, item: AgendaItem) -> ItemOverview:
    """What a member sees of an item: never a vote, and how many voted only as a number."""
    work.session.refresh(item, ["preliminary_advice", "dictum"])
    facts = ItemFacts(work, item)
    rounds = work.session.scalars(
        select(VoteRound).where(VoteRound.item_id == item.id).order_by(VoteRound.number)
    ).all()
    open_round = next((one for one in rounds if one.closed_at is None), None)
    voted = _voted(work, open_round) if open_round else frozenset()
    least = needed(facts.rules, in_office=facts.members_in_office, excused=facts.members_excused)
    return ItemOverview(
        item=item,
        meeting=facts.meeting,
        case=work.session.scalars(select(Case).where(Case.id == item.case_id)).one_or_none(),
        interests=_member_interests(work, item, seats(work, facts.meeting)),
        results=[_result(one) for one in rounds if one.votes_for is not None],
        broken_off=[one.number for one in rounds if one.broken_off_by_id is not None],
        open_round=open_round,
        cast=len(voted),
        voters=len(facts.voters),
        has_voted=work.actor.account_id in voted,
        notes=work.session.scalars(
            select(SeparateNote).where(SeparateNote.item_id == item.id).order_by(SeparateNote.id)
        ).all(),
        rules=facts.rules,
        members=facts.members_in_office,
        quorum=least,
        present=facts.members_present,
        reachable=facts.members_able >= least,
        chair=_in_the_chair(work, item),
    )


def _in_the_chair(work: Work, item: AgendaItem) -> str | None:
    """Who presides over the item for the chair; nobody when the chair does."""
    acting = [one.account_id for one in standing(work, item).stand_ins if one.role == CHAIR_ROLE]
    names = names_of_accounts(work, acting)
    return " of ".join(sorted(names.values())) or None


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
        .where(VoteRound.item_id.in_(item_ids), VoteRound.votes_for.is_not(None))
        .order_by(VoteRound.number)
    )
    return {one.item_id: one for one in work.session.scalars(query)}


def _voted(work: Work, current: VoteRound) -> frozenset[int]:
    """Who cast a vote in a round; what it was is not even read."""
    return frozenset(
        work.session.scalars(select(Elector.account_id).where(Elector.round_id == current.id, Elector.voted))
    )


def _member_interests(work: Work, item: AgendaItem, members: Sequence[Seat]) -> list[MemberInterest]:
    query = select(Interest).where(Interest.item_id == item.id)
    known = {interest.account_id: interest for interest in work.session.scalars(query)}
    reads_all = not READS_INTERESTS.isdisjoint(roles_in(scope_of(work, item), work.actor))
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
        prompts=sentences(interest.prompts or []) if reads else (),
    )


def _result(counted: VoteRound) -> Result:
    """The count of a round, as it was made when it closed."""
    assert counted.closed_at is not None
    return Result(
        counted.number,
        counted.proposal,
        counted.closed_at,
        counted.votes_for or 0,
        counted.votes_against or 0,
        counted.abstained or 0,
        excused=counted.excused or 0,
        absent=counted.absent or 0,
        silent=counted.silent or 0,
        quorum=bool(counted.quorum_at_close),
        written=counted.written,
        checkable=counted.digest is not None,
    )
