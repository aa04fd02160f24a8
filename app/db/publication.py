"""Publication: the work of making public, and the public record that is all the public reads."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.process import Process


class Publication(Process, kw_only=True):
    """The publication of one ruling, from preparation to release."""

    __tablename__ = "publication"
    __mapper_args__ = {"polymorphic_identity": "publicatie"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    ruling_id: Mapped[int] = mapped_column(ForeignKey("ruling.id"), index=True)
    issue: Mapped[int] = mapped_column(default=0)


class Redaction(Base, kw_only=True):
    """A passage that stays out of the public record, with its ground in the Woo."""

    __tablename__ = "redaction"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    field: Mapped[str]
    passage: Mapped[str]
    ground: Mapped[str]
    motivation: Mapped[str] = mapped_column(default="")


class View(Base, kw_only=True):
    """What a party thinks of the publication of the ruling (zienswijze; Awb 4:8 by analogy)."""

    __tablename__ = "view"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class PublicRecord(Base, kw_only=True):
    """What the public may read of a ruling: copied from an allowlist of fields, and nothing else."""

    __tablename__ = "public_record"
    __table_args__ = (UniqueConstraint("number", "issue"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    number: Mapped[str] = mapped_column(index=True)
    issue: Mapped[int]
    title: Mapped[str]
    adopted_on: Mapped[date] = mapped_column(index=True)
    record: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    published_at: Mapped[datetime]
    current: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_because: Mapped[str | None] = mapped_column(default=None)
    pdf_digest: Mapped[str | None] = mapped_column(default=None)
