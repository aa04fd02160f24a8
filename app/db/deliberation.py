"""The closed deliberation on an agenda item: opinions, draft texts, and who argued a deviating view."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Opinion(Base, kw_only=True):
    """What a member thinks of an item before the vote; sealed for who has not given an own one."""

    __tablename__ = "opinion"

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    leaning: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


class DraftText(Base, kw_only=True):
    """One version of the text on which an item is decided; every version is kept."""

    __tablename__ = "draft_text"
    __table_args__ = (UniqueConstraint("item_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    version: Mapped[int]
    text: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class DeviatingView(Base, kw_only=True):
    """A view that a member brought forward in the meeting, which alone gives the right to a separate note."""

    __tablename__ = "deviating_view"

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    at: Mapped[datetime]
    waived_at: Mapped[datetime | None] = mapped_column(default=None)
