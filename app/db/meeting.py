"""Meetings: their agenda, who was there, the papers as they were sent, and what was agreed to do."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.process import Process


class Meeting(Process, kw_only=True):
    """A meeting of a body on a day and at a place."""

    __tablename__ = "meeting"
    __mapper_args__ = {"polymorphic_identity": "vergadering"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules_of_procedure.id"), default=None)
    day: Mapped[date] = mapped_column(index=True)
    place: Mapped[str]
    starts_at: Mapped[str | None] = mapped_column(default=None)
    invitation: Mapped[str | None] = mapped_column(default=None, deferred=True)
    papers_sent_at: Mapped[datetime | None] = mapped_column(default=None)
    sitting: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime | None] = mapped_column(default=None)
    presided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    minutes: Mapped[str | None] = mapped_column(default=None, deferred=True)


class Attendance(Base, kw_only=True):
    """Who is present at a meeting, as the chair established last, and for whom a deputy sits there."""

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    present: Mapped[bool]
    apologised: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)


class AgendaItem(Process, kw_only=True):
    """A case on the agenda of a meeting, with how it was decided; another body's item may have no case."""

    __tablename__ = "agenda_item"
    __mapper_args__ = {"polymorphic_identity": "agendapunt"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    preliminary_advice: Mapped[str] = mapped_column(deferred=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[str | None] = mapped_column(default=None)
    duration: Mapped[int | None] = mapped_column(default=None)
    opinions_open: Mapped[bool] = mapped_column(default=False)
    held_over: Mapped[bool] = mapped_column(default=False)
    held_over_because: Mapped[str | None] = mapped_column(default=None)
    dictum: Mapped[str | None] = mapped_column(default=None, deferred=True)
    interventions: Mapped[list[str] | None] = mapped_column(default=None)
    consensus: Mapped[bool | None] = mapped_column(default=None)
    chair_decided: Mapped[bool] = mapped_column(default=False)
    decided_on: Mapped[date | None] = mapped_column(default=None)


class Handling(Base, kw_only=True):
    """What one meeting did with an item: it stays there when the item goes on to a later meeting."""

    __tablename__ = "handling"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    position: Mapped[int]
    held_over_because: Mapped[str | None] = mapped_column(default=None)
    minutes: Mapped[str | None] = mapped_column(default=None)


class Paper(Base, kw_only=True):
    """The papers of one item as they were frozen when they went out; a later sending is a next version."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    digest: Mapped[str]
    pdf_digest: Mapped[str | None] = mapped_column(default=None)
    at: Mapped[datetime]


class Bundle(Base, kw_only=True):
    """The papers of a meeting as one document, for whoever may read exactly these items.

    `selection` is the SHA-256 of the papers that are in it, so that readers of the same items share one document.
    """

    __tablename__ = "bundle"
    __table_args__ = (UniqueConstraint("meeting_id", "selection"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    selection: Mapped[str]
    papers: Mapped[list[Any]]
    pdf_digest: Mapped[str | None] = mapped_column(default=None)
    at: Mapped[datetime]


class ActionPoint(Base, kw_only=True):
    """What a meeting agreed that somebody does."""

    __tablename__ = "action_point"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"), default=None)
    text: Mapped[str]
    doer: Mapped[str]
    due: Mapped[date | None] = mapped_column(default=None)
    done_on: Mapped[date | None] = mapped_column(default=None)
    done_note: Mapped[str | None] = mapped_column(default=None)
