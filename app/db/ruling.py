"""What the commission decided, and why; and how rulings and cases cite what was decided before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Ruling(Base, kw_only=True):
    """A ruling: a draft until it has a number; from then on its text is frozen with a digest.

    `content` holds the fields of the register (`domain/register.md` 3.3) in the shape of the public
    record; `frozen` is the canonical text over which `digest` was taken at adoption.
    """

    __tablename__ = "ruling"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        CheckConstraint("(number IS NULL) = (adopted_at IS NULL)", name="adopted_has_number"),
        CheckConstraint("(number IS NULL) = (frozen IS NULL)", name="adopted_is_frozen"),
        CheckConstraint("(frozen IS NULL) = (digest IS NULL)", name="frozen_has_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    number: Mapped[str | None] = mapped_column(unique=True, default=None)
    year: Mapped[int | None] = mapped_column(default=None)
    sequence: Mapped[int | None] = mapped_column(default=None)
    content: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    fact_check_done_on: Mapped[date | None] = mapped_column(default=None)
    adopted_at: Mapped[datetime | None] = mapped_column(default=None)
    frozen: Mapped[str | None] = mapped_column(default=None, deferred=True)
    digest: Mapped[str | None] = mapped_column(default=None)
    demonstration: Mapped[bool] = mapped_column(default=False)


class SeparateNote(Base, kw_only=True):
    """The deviating view of a member, added within its term (Kaderwet adviescolleges art. 20 lid 6)."""

    __tablename__ = "separate_note"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class Citation(Base, kw_only=True):
    """A ruling or a case that cites an earlier precedent, with how it treats it."""

    __tablename__ = "citation"
    __table_args__ = (
        CheckConstraint("(ruling_id IS NULL) <> (case_id IS NULL)", name="one_citing"),
        UniqueConstraint("ruling_id", "precedent_id", "relation"),
        UniqueConstraint("case_id", "precedent_id", "relation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("ruling.id"), index=True, default=None)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True, default=None)
    precedent_id: Mapped[int] = mapped_column(ForeignKey("precedent.id"), index=True)
    relation: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    part: Mapped[str | None] = mapped_column(default=None)
    general: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
