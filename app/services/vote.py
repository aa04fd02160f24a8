"""Votes: a round from its opening to its count, and what a member can check afterwards."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from app.adapters.ballot_box import BallotBox, BallotUnreadable
from app.db.account import Account
from app.db.meeting import AgendaItem
from app.db.vote import Ballot, Elector, VoteRound
from app.domain.access import CHAIR_ROLE
from app.domain.ballot import SALT_BYTES, Receipt, in_list, result_digest
from app.domain.errors import GuardFailed, NotVisible
from app.domain.meeting import Count, Stand, count
from app.services.sitting import ItemFacts, last_round
from app.services.work import Work

KEY_BYTES = 32
STILL_OPEN = "De stemming is nog open. De uitslag is er als de stemming is gesloten."
ANOTHER_KEY = "De stemmen zijn verzegeld met een andere sleutel. Vraag de beheerder om die sleutel terug te zetten."
NOT_COUNTED = "Deze ronde is zonder telling beëindigd. Er is geen uitslag."


class Cast(NamedTuple):
    """A vote as it came out of its seal, while it is counted."""

    account_id: int
    receipt: Receipt


class ClosedRound(NamedTuple):
    """A round that was counted, with the list in which a member finds the own vote.

    `named` says who voted what, only where the rules of procedure want that.
    """

    item: str
    number: int
    proposal: str | None
    closed_at: datetime
    votes_for: int
    votes_against: int
    abstained: int
    silent: int
    absent: int
    excused: int
    quorum: bool
    digest: str
    openings: Sequence[Mapping[str, str]]
    named: Sequence[Mapping[str, str]] | None


def ballot_box(work: Work) -> BallotBox:
    """What seals and opens votes; its key came with the installation and is in no database."""
    box = work.session.info["ballots"]
    assert isinstance(box, BallotBox)
    return box


def open_round(work: Work, item: AgendaItem, electorate: Mapping[int, int | None], **particulars: Any) -> VoteRound:
    """Begin the next round of an item, for an electorate that does not change: who votes, in the place of whom."""
    earlier = last_round(work, item)
    number = earlier.number + 1 if earlier else 1
    begun = VoteRound(item_id=item.id, number=number, meeting_id=item.meeting_id, opened_at=work.now, **particulars)
    work.session.add(begun)
    work.session.flush()
    work.session.add_all(
        Elector(round_id=begun.id, account_id=account_id, replaces_id=electorate[account_id])
        for account_id in sorted(electorate)
    )
    work.session.flush()
    return begun


def seal_vote(work: Work, item: AgendaItem, current: VoteRound, account_id: int, choice: str) -> Receipt:
    """Put a sealed vote in the box; the receipt goes to who voted and is not kept."""
    receipt = Receipt(item.number, current.number, choice, secrets.token_hex(SALT_BYTES))
    content = {"account": account_id, "choice": choice, "salt": receipt.salt}
    sealed = ballot_box(work).seal(content, place=_place(item, current))
    work.session.add(Ballot(round_id=current.id, key=secrets.token_hex(KEY_BYTES), sealed=sealed))
    return receipt


def close_round(work: Work, item: AgendaItem, current: VoteRound) -> Count:
    """Open the ballots, count them, keep the list without names, and throw the ballots away.

    The vote of who was excused since does not count. Who voted what is known here and nowhere after, but for the one
    vote that decides a tie, and where the rules of procedure want names in the result.
    """
    facts = ItemFacts(work, item)
    cast = [vote for vote in _opened(work, item, current) if vote.account_id not in facts.excused]
    choices = {vote.account_id: vote.receipt.choice for vote in cast}
    stands = _stands(work, facts, current, choices)
    counted = count(
        facts.rules,
        list(stands.values()),
        chair=_stand_of(facts, choices, deputy=False),
        deputy=_stand_of(facts, choices, deputy=True),
        present=None if current.written else facts.members_present,
        held_over=facts.held_over,
        undelayable=current.undelayable,
        written=current.written,
    )
    current.closed_at = work.now
    current.votes_for, current.votes_against, current.abstained = counted.tally
    current.silent, current.absent, current.excused = counted.silent, counted.absent, counted.excused
    current.quorum_at_close, current.members_complete = counted.quorum, counted.tie.members_complete
    current.chair_vote, current.deputy_vote = counted.tie.chair, counted.tie.deputy
    current.openings = in_list(vote.receipt for vote in cast)
    current.digest = result_digest(item.number, current.number, current.openings)
    if facts.rules.names_in_result:
        current.by_name = [{"account": account, "keuze": choices[account]} for account in sorted(choices)]
    throw_ballots_away(work, current)
    return counted


def throw_ballots_away(work: Work, current: VoteRound) -> None:
    """After a round that was counted or broken off, nothing tells who voted what."""
    work.session.execute(delete(Ballot).where(Ballot.round_id == current.id))


def closed_round(work: Work, item: AgendaItem, number: int) -> ClosedRound:
    """A round of an item with its list; refused while it is open, and when it was broken off without a count."""
    query = select(VoteRound).where(VoteRound.item_id == item.id, VoteRound.number == number)
    found = work.session.scalars(query.options(undefer(VoteRound.openings), undefer(VoteRound.by_name))).one_or_none()
    if found is None:
        raise NotVisible(f"{item.number}/{number}")
    if found.closed_at is None:
        raise GuardFailed(STILL_OPEN)
    if found.digest is None:
        raise GuardFailed(NOT_COUNTED)
    return ClosedRound(
        item=item.number,
        number=found.number,
        proposal=found.proposal,
        closed_at=found.closed_at,
        votes_for=found.votes_for or 0,
        votes_against=found.votes_against or 0,
        abstained=found.abstained or 0,
        silent=found.silent or 0,
        absent=found.absent or 0,
        excused=found.excused or 0,
        quorum=bool(found.quorum_at_close),
        digest=found.digest,
        openings=found.openings or [],
        named=_named(work, found.by_name),
    )


def _named(work: Work, by_name: Sequence[Mapping[str, Any]] | None) -> list[dict[str, str]] | None:
    if by_name is None:
        return None
    query = select(Account.id, Account.name).where(Account.id.in_([row["account"] for row in by_name]))
    names = dict(work.session.execute(query).all())
    return [{"name": names[row["account"]], "choice": row["keuze"]} for row in by_name]


def _opened(work: Work, item: AgendaItem, current: VoteRound) -> Iterable[Cast]:
    box, place = ballot_box(work), _place(item, current)
    for ballot in work.session.scalars(select(Ballot).where(Ballot.round_id == current.id).order_by(Ballot.key)):
        try:
            vote = box.open(ballot.sealed, place=place)
        except BallotUnreadable as error:
            raise GuardFailed(ANOTHER_KEY) from error
        yield Cast(vote["account"], Receipt(item.number, current.number, vote["choice"], vote["salt"]))


def _place(item: AgendaItem, current: VoteRound) -> str:
    """A ballot is of one round; put with another it does not open."""
    return f"{item.number}/{current.number}"


def _stands(work: Work, facts: ItemFacts, current: VoteRound, choices: Mapping[int, str]) -> dict[int, str]:
    """How each seat of the body stands: by the vote of who sits there, or by why there is none."""
    query = select(Elector).where(Elector.round_id == current.id)
    sits = {row.replaces_id or row.account_id: row.account_id for row in work.session.scalars(query)}
    excused = facts.excused_seats
    stands: dict[int, str] = {}
    for seat in sorted(facts.in_office):
        voter = sits.get(seat)
        if seat in excused or voter in facts.excused:
            stands[seat] = Stand.EXCUSED
        elif voter is None:
            stands[seat] = Stand.ABSENT
        else:
            stands[seat] = choices.get(voter, Stand.SILENT)
    return stands


def _stand_of(facts: ItemFacts, choices: Mapping[int, str], *, deputy: bool) -> str | None:
    """What the chair or the deputy chair did in this round; of several deputies the first who chose a side."""
    holders = [seat.account_id for seat in facts.seats if seat.role == CHAIR_ROLE and seat.deputy == deputy]
    voted = [choices[account] for account in holders if account in choices]
    return next((choice for choice in voted if choice != Stand.ABSTAINED), voted[0] if voted else None)
