"""Organisations: the government's own list (TOOI), and private parties by their trade number."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Organisation(Base, kw_only=True):
    """An organisation of government, or a private party that takes part in an exchange."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("tooi_uri IS NULL OR kvk_number IS NULL", name="one_identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    tooi_uri: Mapped[str | None] = mapped_column(unique=True, default=None)
    kvk_number: Mapped[str | None] = mapped_column(unique=True, default=None)
    joined: Mapped[bool] = mapped_column(default=False)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), default=None)
