"""Systems that ask a key with a signed statement, and the statements that were used."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.db.account import Account


class System(Base, kw_only=True):
    """A system with an account of its own, so that it acts in no person's name; we know its public keys alone."""

    __tablename__ = "system"
    __table_args__ = (CheckConstraint("client_id <> ''", name="client_id_not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    public_keys: Mapped[list[dict[str, Any]]]
    revision: Mapped[int] = mapped_column(default=1)
    confirms: Mapped[bool] = mapped_column(default=False)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    account: Mapped[Account] = relationship(init=False, lazy="raise", repr=False, foreign_keys=account_id)


class Statement(Base, kw_only=True):
    """A statement that was used: it counts once, so it is kept until it has expired."""

    __tablename__ = "statement"
    __table_args__ = (Index("ix_statement_expires_at", "expires_at"),)

    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
