"""The reusable rule that a published ruling leaves behind."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.db.process import Process
from app.domain.workflow import Transition


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
    replaced_by: Mapped[str | None] = mapped_column(default=None)
    distinction_candidate: Mapped[bool] = mapped_column(default=False)
    ended_condition: Mapped[str | None] = mapped_column(default=None)
    review_on: Mapped[date | None] = mapped_column(default=None)
    review_because: Mapped[str | None] = mapped_column(default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(default=None)
    to_reassess: Mapped[bool] = mapped_column(default=False)
    under_reconsideration: Mapped[bool] = mapped_column(default=False)
    used_count: Mapped[int] = mapped_column(default=0)

    nuances: Mapped[list["Nuance"]] = relationship(
        init=False,
        lazy="selectin",
        repr=False,
        primaryjoin="(Nuance.precedent_id == Precedent.id) & Nuance.lifted_at.is_(None)",
        order_by="Nuance.id",
        viewonly=True,
    )

    @hybrid_property
    def has_ended(self) -> bool:
        """Nobody can rely on it any more."""
        return self.in_force_until is not None

    @has_ended.inplace.expression
    @classmethod
    def _has_ended(cls) -> ColumnElement[bool]:
        return cls.in_force_until.is_not(None)

    @property
    def is_nuanced(self) -> bool:
        """A later ruling made it more precise."""
        return bool(self.nuances)

    def announces(self, transition: Transition | None, source: str | None) -> bool:
        """What changes its status, or what everybody reads beside that."""
        return transition is not None and not ANNOUNCED.isdisjoint(transition.effects)


ANNOUNCED = frozenset(
    {
        *("put_in_force", "add_nuance", "lift_nuance", "lift_one_nuance", "replace_precedent", "end_force"),
        *("mark_precedent", "record_review", "close_reconsideration"),
    }
)


class Nuance(Base, kw_only=True):
    """What a later ruling adds to a precedent or takes away, until that ruling no longer stands.

    With a citation the text is the reason of that citation: everybody reads it in the public record of the later
    ruling, and not before that is there. Without one the secretary wrote it for everybody.
    """

    __tablename__ = "nuance"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    precedent_id: Mapped[int] = mapped_column(ForeignKey("precedent.id"), index=True)
    text: Mapped[str]
    ruling_number: Mapped[str]
    at: Mapped[datetime]
    citation_id: Mapped[int | None] = mapped_column(ForeignKey("citation.id"), default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)


class PrecedentLaw(Base, kw_only=True):
    """A law on which a precedent rests, as it was on a day: what finds the precedents when that law changes."""

    __tablename__ = "precedent_law"
    __table_args__ = (Index("ix_precedent_law_reference", "identifier", "article", "precedent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    precedent_id: Mapped[int] = mapped_column(ForeignKey("precedent.id"), index=True)
    system: Mapped[str]
    identifier: Mapped[str]
    article: Mapped[str | None] = mapped_column(default=None)
    valid_on: Mapped[date]
