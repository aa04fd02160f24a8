"""Accounts, what they were granted, and the ways in: sessions, one-time links, the brake."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.db.organisation import Organisation
from app.domain.access import Actor
from app.domain.access import Grant as GrantValue


class Account(Base, kw_only=True):
    """Someone who can log in; the name is a function, so that a file does not spell out persons."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(default=None)
    totp_secret: Mapped[str | None] = mapped_column(default=None)
    totp_last: Mapped[int | None] = mapped_column(default=None)
    active: Mapped[bool] = mapped_column(default=True)
    notices: Mapped[str] = mapped_column(default="direct")
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(init=False, lazy="raise", repr=False)
    grants: Mapped[list["Grant"]] = relationship(
        init=False, lazy="raise", repr=False, foreign_keys="Grant.account_id", back_populates="account"
    )

    def actor(self) -> Actor:
        """Who this account is to the rules; its grants must be loaded."""
        held = (
            GrantValue(grant.role, grant.organisation_id, grant.body_id)
            for grant in self.grants
            if grant.ended_at is None
        )
        return Actor(self.id, self.organisation_id, frozenset(held), self.name)


class Grant(Base, kw_only=True):
    """A role that was given to an account, by whom and when; it ends, and is never deleted.

    A role of a commission holds for the central body, or for the body of the grant.
    """

    __tablename__ = "account_grant"
    __table_args__ = (Index("ix_account_grant_role", "role", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), default=None)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    account: Mapped[Account] = relationship(
        init=False, lazy="raise", repr=False, foreign_keys=account_id, back_populates="grants"
    )


class LoginSession(Base, kw_only=True):
    """A browser's session; the cookie holds a token of which only the hash is kept."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True, default=None)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    browser: Mapped[str] = mapped_column(default="")


class OneTimeLink(Base, kw_only=True):
    """A mailed link for an invitation or a new password, good for one use and a short time."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class LoginBrake(Base, kw_only=True):
    """How often a login failed, per account name and per source address (both hashed)."""

    __tablename__ = "login_brake"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
