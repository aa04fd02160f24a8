"""The checkpoints of the journal: what all of it was at a moment, signed, so that a history written anew shows."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Checkpoint(Base, kw_only=True):
    """The hash over the first `count` lines of the journal, by their places; a trigger refuses change.

    `edge` is what the next one goes on from, so that it reads the new lines alone.
    """

    __tablename__ = "checkpoint"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    count: Mapped[int]
    root: Mapped[str]
    edge: Mapped[list[str]]
    at: Mapped[datetime]
    origin: Mapped[str]
    public_key: Mapped[str]
    signature: Mapped[str]
