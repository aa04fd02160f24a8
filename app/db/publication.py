"""Publication: the work of making public, and the public record that is all the public reads."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.db.process import Process
from app.domain.register import subjects_of
from app.domain.workflow import Transition


class Publication(Process, kw_only=True):
    """The publication of one ruling, from preparation to release."""

    __tablename__ = "publication"
    __mapper_args__ = {"polymorphic_identity": "publicatie"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    ruling_id: Mapped[int] = mapped_column(ForeignKey("ruling.id"), index=True)
    issue: Mapped[int] = mapped_column(default=0)

    def announces(self, transition: Transition | None, source: str | None) -> bool:
        """What changes the public record."""
        return transition is not None and not ANNOUNCED.isdisjoint(transition.effects)


ANNOUNCED = frozenset({"publish_ruling", "rectify_publication", "withdraw_publication"})


class Redaction(Base, kw_only=True):
    """A passage that stays out of the public record, with its ground in the Woo.

    `proposed` is a passage that the system found by itself, such as the name of an official: it stays out until an
    editor puts it back, and `restored_because` says why.
    """

    __tablename__ = "redaction"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    field: Mapped[str]
    passage: Mapped[str]
    ground: Mapped[str]
    motivation: Mapped[str] = mapped_column(default="")
    proposed: Mapped[bool] = mapped_column(default=False)
    restored_because: Mapped[str | None] = mapped_column(default=None)


class PublishedAttachment(Base, kw_only=True):
    """A file of the case whose words are published with the ruling: the text, never the file itself."""

    __tablename__ = "published_attachment"
    __table_args__ = (UniqueConstraint("publication_id", "attachment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    title: Mapped[str]
    text: Mapped[str] = mapped_column(deferred=True)


class LeakCheck(Base, kw_only=True):
    """The outcome of looking for what stays out in everything that would be published."""

    __tablename__ = "leak_check"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    at: Mapped[datetime]
    looked_for: Mapped[int]
    looked_in: Mapped[list[str]]
    found: Mapped[list[str]]


class View(Base, kw_only=True):
    """What a party thinks of the publication of the ruling (zienswijze; Awb 4:8 by analogy)."""

    __tablename__ = "view"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


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

    subjects: Mapped[list["RecordSubject"]] = relationship(init=False, lazy="raise", repr=False)

    def __post_init__(self) -> None:
        """What it is about is read from it once, when it is published."""
        self.subjects = [RecordSubject(subject=subject) for subject in subjects_of(self.record)]


class RecordSubject(Base, kw_only=True):
    """What a published version is about: a law, or a type of bottleneck.

    It stays when the text is taken away, so that whoever follows that law hears of it.
    """

    __tablename__ = "record_subject"
    __table_args__ = (Index("ix_record_subject_subject", "subject", "record_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("public_record.id"), primary_key=True, init=False)
    subject: Mapped[str] = mapped_column(primary_key=True)
