"""Other installations that are followed: how far we heard each, and what we have of theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Peer(Base, kw_only=True):
    """Another installation whose rulings are taken over here; `source` names it in the numbers of the copies.

    `cursor` is how far its events were read, in its own words. It moves in the transaction that keeps what they tell.
    """

    __tablename__ = "peer"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    url: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str] = mapped_column(unique=True)
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    cursor: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime] = mapped_column(index=True)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    heard_at: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)


class CopiedDecision(Base, kw_only=True):
    """What a followed installation says of its decision: where it stands, and what later rulings made of it.

    The decision itself is an `ExternalDecision` as any other; of one that is no longer public only its title is left.
    """

    __tablename__ = "copied_decision"

    external_id: Mapped[int] = mapped_column(ForeignKey("external_decision.id"), primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"), index=True)
    state: Mapped[str | None] = mapped_column(index=True, default=None)
    state_label: Mapped[str | None] = mapped_column(default=None)
    ended: Mapped[bool] = mapped_column(default=False)
    treatment: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    record: Mapped[dict[str, Any] | None] = mapped_column(default=None, deferred=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_because: Mapped[str | None] = mapped_column(default=None)


class CopiedCitation(Base, kw_only=True):
    """What one copy cites, by its number here; what cites a copy is found by it."""

    __tablename__ = "copied_citation"
    __table_args__ = (UniqueConstraint("external_id", "cited", "relation"), Index("ix_copied_citation_cited", "cited"))

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    external_id: Mapped[int] = mapped_column(ForeignKey("external_decision.id"))
    cited: Mapped[str]
    relation: Mapped[str]
    title: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)


class PeerEvent(Base, kw_only=True):
    """An event of a followed installation that was read, once; `fault` is why what it is about could not be."""

    __tablename__ = "peer_event"
    __table_args__ = (UniqueConstraint("peer_id", "event_id"), Index("ix_peer_event_subject", "peer_id", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    event_id: Mapped[str]
    type: Mapped[str]
    subject: Mapped[str]
    at: Mapped[datetime]
    taken_at: Mapped[datetime]
    fault: Mapped[str | None] = mapped_column(default=None)
