"""A request for an expert's advice, and the advice."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.process import Process


class Advice(Process, kw_only=True):
    """What one expert was asked about a case, and what came back; versions count upwards."""

    __tablename__ = "advice"
    __mapper_args__ = {"polymorphic_identity": "adviesaanvraag"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    advice_type: Mapped[str]
    adviser_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    question: Mapped[str]
    basis: Mapped[str | None] = mapped_column(default=None)
    mandatory: Mapped[bool] = mapped_column(default=True)
    disclosure: Mapped[str] = mapped_column(default="intern")
    papers: Mapped[str | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    edition: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    use: Mapped[dict[str, Any] | None] = mapped_column(default=None)
