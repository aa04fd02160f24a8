"""Interests in an agenda item: what was declared, what a party challenged, and from whom the item is withheld."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Interest(Base, kw_only=True):
    """What a member declared about one agenda item, and what came of it."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("item_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    declared: Mapped[str]
    explanation: Mapped[str]
    prompts: Mapped[list[str] | None] = mapped_column(default=None)
    judgement: Mapped[str | None] = mapped_column(default=None)
    judged_because: Mapped[str | None] = mapped_column(default=None)
    at: Mapped[datetime]


class Challenge(Base, kw_only=True):
    """A party that asks that a member does not take part; the other members decide (Awb 8:15 by analogy)."""

    __tablename__ = "challenge"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    granted: Mapped[bool | None] = mapped_column(default=None)
    votes_for: Mapped[int | None] = mapped_column(default=None)
    votes_against: Mapped[int | None] = mapped_column(default=None)
    motivation: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)


class Withheld(Base, kw_only=True):
    """A process that a member of the commission may not see: not before the question of interests, or not at all.

    The filter of `db/visibility.py` reads it, so that no page, list, count or document has to think of it.
    """

    __tablename__ = "withheld"
    __table_args__ = (Index("ix_withheld_account", "account_id", "process_id"),)

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
