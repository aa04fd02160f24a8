"""What somebody wants to hear of: a ruling, a law, or whatever a search finds."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Subscription(Base, kw_only=True):
    """A wish to hear of what is published or changes; `key` is the same for the same wish.

    `kind` is a value of the list `abonnement`, `query` what is looked for, `seen_at` until when it was told.
    A search that is only kept (`told` is false) is found back and never told of.
    """

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    key: Mapped[str]
    query: Mapped[dict[str, Any]]
    label: Mapped[str]
    created_at: Mapped[datetime]
    told: Mapped[bool] = mapped_column(default=True)
    seen_at: Mapped[datetime]
