"""A structural bottleneck: one cause behind many reports, with an owner who has to take it away."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Structural(Base, kw_only=True):
    """That a case is structural: which organisation owns the cause, by which law, and how far it is."""

    __tablename__ = "structural"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    cause: Mapped[str]
    system: Mapped[str | None] = mapped_column(default=None)
    identifier: Mapped[str | None] = mapped_column(default=None, index=True)
    article: Mapped[str | None] = mapped_column(default=None)
    phase: Mapped[str]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class StructuralProgress(Base, kw_only=True):
    """One step on the way to taking a structural bottleneck away."""

    __tablename__ = "structural_progress"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("structural.case_id"), index=True)
    phase: Mapped[str]
    text: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
