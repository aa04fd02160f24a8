"""The words of what can be found: one index in the database's own tables, the same on both databases."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class SearchText(Base, kw_only=True):
    """A thing that can be found; statistics of the ranking come from public texts alone."""

    __tablename__ = "search_text"
    __table_args__ = (
        CheckConstraint("length > 0", name="length_positive"),
        CheckConstraint("(process_id IS NULL) <> (external_id IS NULL)", name="one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), unique=True, default=None)
    external_id: Mapped[int | None] = mapped_column(ForeignKey("external_decision.id"), unique=True, default=None)
    kind: Mapped[str] = mapped_column(index=True)
    public: Mapped[bool]
    length: Mapped[int]
    excerpt: Mapped[str]


class Posting(Base, kw_only=True):
    """How heavily a stem weighs in a text."""

    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_text", "text_id"),)

    term: Mapped[str] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("search_text.id"), primary_key=True)
    weight: Mapped[int]
