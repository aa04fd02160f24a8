"""What became of what was shown to a reporter or a triagist because it looks alike."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class MatchUse(Base, kw_only=True):
    """A reporter said of something that was shown: this answers me, or this is my case too.

    `use` is a value of the list `herkenning`; nothing is kept of who said it but the organisation.
    """

    __tablename__ = "match_use"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    number: Mapped[str] = mapped_column(index=True)
    use: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime] = mapped_column(index=True)


class MatchVerdict(Base, kw_only=True):
    """What a handler thinks of a suggestion for a case: right, or wrong.

    `share` is how alike they looked then, in whole percents, so that a threshold can be chosen by it.
    """

    __tablename__ = "match_verdict"
    __table_args__ = (
        UniqueConstraint("case_id", "number", "account_id"),
        CheckConstraint("share BETWEEN 0 AND 100", name="share_in_percents"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    number: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    right: Mapped[bool]
    share: Mapped[int]
    at: Mapped[datetime]
