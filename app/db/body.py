"""Bodies that decide in meeting: their members, their rules of procedure, and who stands in for whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Body(Base, kw_only=True):
    """A body that decides: the central commission, or another with members and rules of its own.

    The roles of the commission hold for the central body, unless they were granted for another one.
    """

    __tablename__ = "body"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    body_kind: Mapped[str] = mapped_column(default="commissie")
    central: Mapped[bool] = mapped_column(default=False)


class RulesOfProcedure(Base, kw_only=True):
    """One version of the reglement of a body; a meeting keeps the version with which it was called."""

    __tablename__ = "rules_of_procedure"
    __table_args__ = (
        UniqueConstraint("body_id", "version"),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    version: Mapped[int]
    since: Mapped[date]
    quorum: Mapped[str]
    excused_count: Mapped[bool]
    tie: Mapped[str]
    papers_days: Mapped[int]
    note_days: Mapped[int]
    note_length: Mapped[int]
    written_days: Mapped[int]
    names_in_result: Mapped[bool]
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    at: Mapped[datetime]


class Membership(Base, kw_only=True):
    """A seat in a body during a term of office; a deputy chair and a deputy secretary stand in for their role."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("body_id", "account_id", "role", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    votes: Mapped[bool]
    deputy: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)


class Substitution(Base, kw_only=True):
    """Somebody who takes the seat of an absent member during a period; both names stay in the record."""

    __tablename__ = "substitution"
    __table_args__ = (CheckConstraint("absent_id <> substitute_id", name="two_persons"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    absent_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    since: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class OtherPosition(Base, kw_only=True):
    """Another position of a member, now or before: what the system knows when it asks about interests."""

    __tablename__ = "other_position"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    position_title: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)
