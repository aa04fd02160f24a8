"""The reusable rule that a published ruling leaves behind."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.process import Process


class Precedent(Process, kw_only=True):
    """A precedent; it has the number of its ruling, and a review date by which someone looks again."""

    __tablename__ = "precedent"
    __mapper_args__ = {"polymorphic_identity": "precedent"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    ruling_id: Mapped[int] = mapped_column(ForeignKey("ruling.id"), unique=True)
    rule: Mapped[str]
    conclusion: Mapped[str]
    conditions_addressed: Mapped[bool] = mapped_column(default=False)
    in_force_from: Mapped[date | None] = mapped_column(default=None)
    in_force_until: Mapped[date | None] = mapped_column(default=None)
    ended_because: Mapped[str | None] = mapped_column(default=None)
    nuance: Mapped[str | None] = mapped_column(default=None)
    nuance_from: Mapped[str | None] = mapped_column(default=None)
    distinction_candidate: Mapped[bool] = mapped_column(default=False)
    ended_condition: Mapped[str | None] = mapped_column(default=None)
    review_on: Mapped[date | None] = mapped_column(default=None)
    to_reassess: Mapped[bool] = mapped_column(default=False)
    under_reconsideration: Mapped[bool] = mapped_column(default=False)
    used_count: Mapped[int] = mapped_column(default=0)
