"""Keys for the API: only their hash is kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Token(Base, kw_only=True):
    """A key for the API: the rights of its account, possibly fewer roles, never more.

    `confirms` says that it may also take the acts that ask a person for the password again. One of a system was given
    for a signed statement, and lives shortly. One that was made with another key ends with it.
    """

    __tablename__ = "token"
    __table_args__ = (Index("ix_token_expires_at", "expires_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"), index=True, default=None)
    made_with_id: Mapped[int | None] = mapped_column(
        ForeignKey("token.id", ondelete="CASCADE"), index=True, default=None
    )
    name: Mapped[str]
    roles: Mapped[list[str] | None] = mapped_column(default=None)
    confirms: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
