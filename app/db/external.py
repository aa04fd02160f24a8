"""Decisions of other bodies: read in, searched and cited, and never shown as a ruling of the commission."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class ExternalDecision(Base, kw_only=True):
    """A decision of another body as that body published it; everybody may read it."""

    __tablename__ = "external_decision"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    number: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    source_id: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(deferred=True)
    summary: Mapped[str] = mapped_column(default="", deferred=True)
    decided_on: Mapped[date | None] = mapped_column(default=None, index=True)
    url: Mapped[str | None] = mapped_column(default=None)
    laws: Mapped[list[Any]] = mapped_column(default_factory=list)
    types: Mapped[list[str]] = mapped_column(default_factory=list)
    digest: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(index=True)


class ExternalCitation(Base, kw_only=True):
    """A ruling that cites the decision of another body, with how it treats it."""

    __tablename__ = "external_citation"
    __table_args__ = (UniqueConstraint("ruling_id", "external_id", "relation"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ruling_id: Mapped[int] = mapped_column(ForeignKey("ruling.id"))
    external_id: Mapped[int] = mapped_column(ForeignKey("external_decision.id"), index=True)
    relation: Mapped[str]
