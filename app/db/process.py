"""Whatever has a state, and its journal: every change is a line, and no line ever changes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from app.db import Base
from app.db.account import Account
from app.db.feed import FeedLine
from app.db.organisation import Organisation
from app.domain import journal
from app.domain.access import Actor
from app.domain.workflow import Transition, is_internal


class Process(Base, kw_only=True):
    """Anything that has a state; kept narrow, because lists read it and nothing else."""

    __tablename__ = "process"
    __table_args__ = (
        CheckConstraint("length(number) > 0", name="number_not_empty"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("(pending_action IS NULL) = (pending_by IS NULL)", name="half_has_a_person"),
        Index("ix_process_list", "kind", "changed_at", "id"),
        Index("ix_process_due", "kind", "due", "id"),
        # With `public`, so that counting what may be seen in a state reads the index alone.
        Index("ix_process_state", "kind", "state", "due", "id", "public"),
        Index("ix_process_public", "kind", "id", sqlite_where=text("public = 1"), postgresql_where=text("public")),
        Index("ix_process_turn", "turn", "due", "id"),
        Index("ix_process_owner", "owner_id", "due", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    kind: Mapped[str] = mapped_column(init=False)
    version: Mapped[int]
    state: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True, default=None)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), index=True, default=None)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    turn: Mapped[str | None] = mapped_column(default=None)
    confidentiality: Mapped[str] = mapped_column(default="intern")
    public: Mapped[bool] = mapped_column(default=False)
    demonstration: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    entered_on: Mapped[date]
    due: Mapped[date | None] = mapped_column(default=None)
    extended: Mapped[bool] = mapped_column(default=False)
    reminded_on: Mapped[date | None] = mapped_column(default=None)
    reminders: Mapped[int] = mapped_column(default=0)
    signalled_on: Mapped[date | None] = mapped_column(default=None)
    held_state: Mapped[str | None] = mapped_column(default=None)
    held_due: Mapped[date | None] = mapped_column(default=None)
    held_since: Mapped[date | None] = mapped_column(default=None)
    pending_action: Mapped[str | None] = mapped_column(default=None)
    pending_by: Mapped[int | None] = mapped_column(default=None)
    pending_answers: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(init=False)
    last_sequence: Mapped[int] = mapped_column(default=0, init=False)
    last_hash: Mapped[str] = mapped_column(default=journal.GENESIS, init=False)

    organisation: Mapped[Organisation | None] = relationship(
        init=False, lazy="raise", repr=False, foreign_keys=organisation_id
    )
    owner: Mapped[Account | None] = relationship(init=False, lazy="raise", repr=False, foreign_keys=owner_id)
    # Only added to: a line that was written is read by a query of its own, through the filter.
    lines: WriteOnlyMapped["Event"] = relationship(init=False, repr=False, back_populates="process")

    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": revision}  # noqa: RUF012

    @classmethod
    def kind_name(cls) -> str:
        """What the kind is called in the definitions and in `kind`."""
        return str(cls.__mapper__.polymorphic_identity)

    def record(
        self,
        transition: Transition,
        *,
        actor: Actor,
        role: str,
        at: datetime,
        half: bool = False,
        stands_in_for: int | None = None,
        reason: str = "",
        answers: Mapping[str, Any] | None = None,
    ) -> "Event":
        """Take the step and write its line: the only place where a state changes.

        `answers` is what the form asked, as plain JSON; `half` marks the first half of four eyes, which
        leaves the state as it is; `stands_in_for` is the account whose role the actor fills here.
        """
        source = self.state
        if transition.target is not None and not half:
            self.state = transition.target
        return self.write_line(
            action=transition.action,
            source=source,
            transition=transition,
            actor=actor,
            role=role,
            at=at,
            half=half,
            stands_in_for=stands_in_for,
            reason=reason,
            answers=dict(answers or {}),
        )

    def write_line(
        self,
        *,
        action: str,
        source: str | None,
        actor: Actor,
        role: str,
        at: datetime,
        transition: Transition | None = None,
        half: bool = False,
        stands_in_for: int | None = None,
        reason: str = "",
        answers: dict[str, Any] | None = None,
    ) -> "Event":
        """Add one line to the chain; the state it ends in is the state as it is now.

        `transition` is the step that was taken, where it was one.
        """
        event = Event(
            sequence=self.last_sequence + 1,
            version=self.version,
            action=action,
            source=source,
            target=self.state,
            half=half,
            at=at,
            account_id=actor.account_id,
            role=role,
            for_account_id=stands_in_for,
            organisation_id=actor.organisation_id,
            reason=reason,
            answers=answers or {},
            previous_hash=self.last_hash,
        )
        event.hash = journal.line_hash(self.last_hash, event.line(self.number))
        event.feed_line = self._feed_line(event, transition)
        self.lines.add(event)
        self.last_sequence, self.last_hash = event.sequence, event.hash
        self.changed_at = at
        return event

    def announces(self, transition: Transition | None, source: str | None) -> bool:
        """May everybody hear of this step, once the process itself is public? Of most kinds nobody does."""
        return False

    def _feed_line(self, event: "Event", transition: Transition | None) -> FeedLine:
        # The first half of four eyes is no step yet, and that somebody took a sealed one is nobody's business.
        told = not event.half and not (transition is not None and transition.sealed)
        return FeedLine(
            told=told,
            public=told and self.announces(transition, event.source),
            internal=is_internal(transition, event.source, event.target),
        )


class Event(Base, kw_only=True):
    """One line of the journal, chained by hash to the line before it; a trigger refuses change."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("process_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), init=False)
    sequence: Mapped[int]
    version: Mapped[int]
    action: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str]
    half: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    for_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str]
    answers: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(default="", init=False)

    process: Mapped[Process] = relationship(init=False, lazy="raise", repr=False, back_populates="lines")
    organisation: Mapped[Organisation | None] = relationship(init=False, lazy="raise", repr=False)
    feed_line: Mapped[FeedLine] = relationship(init=False, lazy="raise", repr=False)

    def line(self, number: str) -> dict[str, Any]:
        """The content that the hash covers; `number` is the number of the process.

        Who stood in for somebody else is named beside that person; other lines have no such part.
        """
        stood_in = {} if self.for_account_id is None else {"for": self.for_account_id}
        return {
            "process": number,
            "sequence": self.sequence,
            "version": self.version,
            "action": self.action,
            "from": self.source,
            "to": self.target,
            "half": self.half,
            "at": self.at,
            "account": self.account_id,
            "role": self.role,
            "organisation": self.organisation_id,
            "reason": self.reason,
            "answers": self.answers,
            **stood_in,
        }


class Audience(Base, kw_only=True):
    """A key of `domain/access.py` whose holders may see the process."""

    __tablename__ = "audience"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (Index("ix_audience_key", "key", "process_id"),)


class Follower(Base, kw_only=True):
    """Someone who wants to hear what happens to a process."""

    __tablename__ = "follower"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)


class Message(Base, kw_only=True):
    """A note among those who handle a process, or a reply to its reporters and parties."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    internal: Mapped[bool]
    text: Mapped[str]
    at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship(init=False, lazy="raise", repr=False)


class Attachment(Base, kw_only=True):
    """A file with a process; the bytes are kept by digest."""

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_is_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    digest: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    internal: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class Counter(Base, kw_only=True):
    """The last number given out for a kind in a year; a rollback gives the number back."""

    __tablename__ = "counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
