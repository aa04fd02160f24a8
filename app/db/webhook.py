"""Webhooks: the systems that are told of what happens, and what was delivered to each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Webhook(Base, kw_only=True):
    """An address of a system that is told of what its account may see, and how far the telling has come.

    With a key that was narrowed it was made no wider than that key: `roles`; and it ends with the key, or with the
    `client` that asked one. The secret of the signature is not here: it follows from `salt` and a key of the
    installation. `cursor` is the place in all that happened up to which there are deliveries.
    """

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("length(url) > 0", name="url_not_empty"),
        CheckConstraint("(paused_at IS NULL) = (pause IS NULL)", name="pause_has_a_reason"),
        Index("ix_webhook_due", "paused_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_id: Mapped[int | None] = mapped_column(ForeignKey("token.id", ondelete="CASCADE"), index=True, default=None)
    client: Mapped[str | None] = mapped_column(default=None)
    roles: Mapped[list[str] | None] = mapped_column(default=None)
    name: Mapped[str]
    url: Mapped[str]
    kinds: Mapped[list[str]]
    salt: Mapped[str]
    previous_salt: Mapped[str | None] = mapped_column(default=None)
    salted_at: Mapped[datetime]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    cursor: Mapped[int]
    failures: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    served_at: Mapped[datetime | None] = mapped_column(default=None)
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    pause: Mapped[str | None] = mapped_column(default=None)


class Delivery(Base, kw_only=True):
    """One happening for one webhook, written before it is sent, so that it goes out as the same one until it arrives.

    What happened with one case goes in order: `lane_id` is the case, or the process itself where it has none.
    `outcome` says how it ended, `error` and `status` why it did not yet.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "identity"),
        CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done_has_an_outcome"),
        CheckConstraint("done_at IS NULL OR failed_at IS NULL", name="done_or_failed"),
        Index(
            "ix_delivery_open",
            *("webhook_id", "lane_id", "place"),
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_delivery_failed_at", "failed_at"),
        Index("ix_delivery_done_at", "done_at"),
    )

    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    identity: Mapped[str]
    lane_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    type: Mapped[str]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[int | None] = mapped_column(default=None)
