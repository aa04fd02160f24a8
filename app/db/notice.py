"""What must leave the application: notices to people, and the outbox that the worker empties."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Notice(Base, kw_only=True):
    """Something an account should know; mailed at once, in the daily letter, or not at all."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), index=True)
    subject: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    for_digest: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None] = mapped_column(default=None)


class Outbox(Base, kw_only=True):
    """One job for the worker, written in the transaction of the change that asks for it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_open", "done_at", "failed_at", "due_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    topic: Mapped[str]
    payload: Mapped[dict[str, Any]]
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), index=True, default=None)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(default=None)


UNANSWERED = 0
"""The status of a request whose answer is still being made."""


class Idempotency(Base, kw_only=True):
    """The answer to a request with an Idempotency-Key, kept in the transaction of its effect."""

    __tablename__ = "idempotency"
    __table_args__ = (Index("ix_idempotency_at", "at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    headers: Mapped[dict[str, Any]]
    at: Mapped[datetime]
