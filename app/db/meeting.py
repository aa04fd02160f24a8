"""The commission: its members, meetings, agenda items, interests and votes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.process import Process


class Body(Base, kw_only=True):
    """A body that decides, with the rules of its reglement; the defaults are the Kaderwet's (art. 20)."""

    __tablename__ = "body"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    excused_count_for_quorum: Mapped[bool] = mapped_column(default=True)
    names_in_result: Mapped[bool] = mapped_column(default=False)


class Membership(Base, kw_only=True):
    """A seat in a body during a term of office; the role tells chair, member, deputy and secretary apart."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("body_id", "account_id", "role", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    votes: Mapped[bool]
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)


class Meeting(Process, kw_only=True):
    """A meeting of a body on a day and at a place."""

    __tablename__ = "meeting"
    __mapper_args__ = {"polymorphic_identity": "vergadering"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    place: Mapped[str]
    starts_at: Mapped[str | None] = mapped_column(default=None)
    invitation: Mapped[str | None] = mapped_column(default=None, deferred=True)
    papers_sent_at: Mapped[datetime | None] = mapped_column(default=None)
    sitting: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime | None] = mapped_column(default=None)
    minutes: Mapped[str | None] = mapped_column(default=None, deferred=True)


class Attendance(Base, kw_only=True):
    """Who was present at a meeting, as the chair established at its opening."""

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    present: Mapped[bool]
    apologised: Mapped[bool] = mapped_column(default=False)


class AgendaItem(Process, kw_only=True):
    """A case on the agenda of a meeting, with how it was decided."""

    __tablename__ = "agenda_item"
    __mapper_args__ = {"polymorphic_identity": "agendapunt"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    preliminary_advice: Mapped[str] = mapped_column(deferred=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    held_over: Mapped[bool] = mapped_column(default=False)
    held_over_because: Mapped[str | None] = mapped_column(default=None)
    dictum: Mapped[str | None] = mapped_column(default=None, deferred=True)
    interventions: Mapped[list[str] | None] = mapped_column(default=None)
    consensus: Mapped[bool | None] = mapped_column(default=None)
    chair_decided: Mapped[bool] = mapped_column(default=False)
    decided_on: Mapped[date | None] = mapped_column(default=None)


class Interest(Base, kw_only=True):
    """What a member declared about one agenda item, and what came of it."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("item_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    declared: Mapped[str]
    explanation: Mapped[str]
    judgement: Mapped[str | None] = mapped_column(default=None)
    judged_because: Mapped[str | None] = mapped_column(default=None)
    at: Mapped[datetime]


class VoteRound(Base, kw_only=True):
    """One vote on an item: opened, closed, and counted only at closing."""

    __tablename__ = "vote_round"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    proposal: Mapped[str | None] = mapped_column(default=None)
    undelayable: Mapped[bool] = mapped_column(default=False)
    quorum_at_close: Mapped[bool | None] = mapped_column(default=None)
    members_complete: Mapped[bool | None] = mapped_column(default=None)
    chair_vote: Mapped[bool | None] = mapped_column(default=None)
    deputy_vote: Mapped[bool | None] = mapped_column(default=None)
    votes_for: Mapped[int | None] = mapped_column(default=None)
    votes_against: Mapped[int | None] = mapped_column(default=None)
    abstained: Mapped[int | None] = mapped_column(default=None)


class Vote(Base, kw_only=True):
    """The vote of one member in one round; nobody reads it before the round closes."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("round_id", "account_id"),
        CheckConstraint("length(choice) > 0", name="choice_not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("vote_round.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    choice: Mapped[str]
    at: Mapped[datetime]
