"""Changes of the law: what makes somebody look again at the precedents that rest on it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class LawChange(Base, kw_only=True):
    """A newer version of a law, or of one article; without an article all of the law may have changed."""

    __tablename__ = "law_change"
    __table_args__ = (Index("ix_law_change_identifier", "identifier", "article"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    system: Mapped[str]
    identifier: Mapped[str]
    article: Mapped[str | None] = mapped_column(default=None)
    in_force_on: Mapped[date]
    source: Mapped[str]
    explanation: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
