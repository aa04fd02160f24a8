"""What was advised to one organisation, and what that organisation did with it."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.process import Process
from app.domain.workflow import Transition


class Recommendation(Process, kw_only=True):
    """One recommendation of one ruling to one organisation; the addressee is `organisation_id`."""

    __tablename__ = "recommendation"
    __mapper_args__ = {"polymorphic_identity": "aanbeveling"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    ruling_id: Mapped[int] = mapped_column(ForeignKey("ruling.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    indicator: Mapped[str | None] = mapped_column(default=None)
    reaction: Mapped[str | None] = mapped_column(default=None, index=True)
    motivation: Mapped[str | None] = mapped_column(default=None)
    responsible: Mapped[str | None] = mapped_column(default=None)
    planned_on: Mapped[date | None] = mapped_column(default=None)
    cost: Mapped[str | None] = mapped_column(default=None)
    reacted_on: Mapped[date | None] = mapped_column(default=None)
    evidence: Mapped[str | None] = mapped_column(default=None)
    reported_on: Mapped[date | None] = mapped_column(default=None)
    confirmed_on: Mapped[date | None] = mapped_column(default=None)

    def announces(self, transition: Transition | None, source: str | None) -> bool:
        """Each of its moves, and the progress that was told: what its public page tells too."""
        return source != self.state or (transition is not None and "record_progress" in transition.effects)
