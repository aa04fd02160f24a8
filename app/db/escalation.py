"""What was put to the administrators or to a minister, and what these answered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

BOARD, MINISTER = "bestuur", "bewindspersoon"
"""The values of the list `escalatieniveau`."""


class Escalation(Base, kw_only=True):
    """One question above the commission, with the answer once it is there.

    `level` is a value of the list `escalatieniveau`; `parliamentary_paper` is a kst number or a reference of a letter.
    """

    __tablename__ = "escalation"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    level: Mapped[str]
    question: Mapped[str]
    asked_at: Mapped[datetime]
    organ: Mapped[str | None] = mapped_column(default=None)
    answered_on: Mapped[date | None] = mapped_column(default=None)
    answer: Mapped[str | None] = mapped_column(default=None)
    owner: Mapped[str | None] = mapped_column(default=None)
    due: Mapped[date | None] = mapped_column(default=None)
    parliamentary_paper: Mapped[str | None] = mapped_column(default=None)
    consequences: Mapped[str | None] = mapped_column(default=None)
