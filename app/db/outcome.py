"""Whether a bottleneck is gone, as who reported it says some weeks later."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Outcome(Base, kw_only=True):
    """What one reporting organisation says about one bottleneck; a later answer takes the place of an earlier one."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("case_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    gone: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
