"""Votes: the rounds of an item, who may vote in each, and the sealed ballots of a round that is open."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class VoteRound(Base, kw_only=True):
    """One vote on an item: opened for a fixed electorate, closed, and counted only then.

    `openings` are the ballots after the count, in the order of their commitments and without names: each is
    `{"bewijs", "zout", "keuze"}`; `digest` is the SHA-256 of them that stands in the journal. `by_name` says who voted
    what, only where the rules of procedure want names.
    """

    __tablename__ = "vote_round"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    number: Mapped[int]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), default=None)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    proposal: Mapped[str | None] = mapped_column(default=None)
    undelayable: Mapped[bool] = mapped_column(default=False)
    written: Mapped[bool] = mapped_column(default=False)
    closes_on: Mapped[date | None] = mapped_column(default=None)
    broken_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    quorum_at_close: Mapped[bool | None] = mapped_column(default=None)
    members_complete: Mapped[bool | None] = mapped_column(default=None)
    chair_vote: Mapped[bool | None] = mapped_column(default=None)
    deputy_vote: Mapped[bool | None] = mapped_column(default=None)
    votes_for: Mapped[int | None] = mapped_column(default=None)
    votes_against: Mapped[int | None] = mapped_column(default=None)
    abstained: Mapped[int | None] = mapped_column(default=None)
    absent: Mapped[int | None] = mapped_column(default=None)
    excused: Mapped[int | None] = mapped_column(default=None)
    silent: Mapped[int | None] = mapped_column(default=None)
    openings: Mapped[list[Any] | None] = mapped_column(default=None, deferred=True)
    digest: Mapped[str | None] = mapped_column(default=None)
    by_name: Mapped[list[Any] | None] = mapped_column(default=None, deferred=True)


class Elector(Base, kw_only=True):
    """Who may vote in a round, fixed when it opened, and whether they did; never what they voted."""

    __tablename__ = "elector"

    round_id: Mapped[int] = mapped_column(ForeignKey("vote_round.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    voted: Mapped[bool] = mapped_column(default=False)


class Ballot(Base, kw_only=True):
    """A sealed vote in a round that is open; whose it is stands inside the seal alone.

    The row says nothing of who cast it: its key is random, it has no moment, and after the count it is gone. The
    commitment of the receipt is inside the seal too, or who saw the rows grow could find them in the result.
    """

    __tablename__ = "ballot"
    __table_args__ = (CheckConstraint("length(key) = 64", name="key_is_random"), {"sqlite_with_rowid": False})

    round_id: Mapped[int] = mapped_column(ForeignKey("vote_round.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str]
