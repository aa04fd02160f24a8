"""What is told of the journal, and in which order: a line gets its place when it is there for everybody to count on."""

from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, event, text
from sqlalchemy.orm import Mapped, mapped_column, object_session

from app.db import Base

ANNOUNCED = "announced"
"""In `Session.info`: this transaction wrote something that everybody may hear of."""


class FeedLine(Base, kw_only=True):
    """What others may hear of a line of the journal, and its places in the whole once that was committed.

    `place` counts every line of every journal and never changes; lines that were not numbered yet have none. Of what is
    `public` a second count, `sequence`, has no gaps: the other one would tell how much happens out of sight. What
    nobody hears of, such as that somebody voted, is not `told`; what handlers do among themselves is `internal`.
    """

    __tablename__ = "feed_line"
    __table_args__ = (
        CheckConstraint("told OR NOT public", name="public_is_told"),
        CheckConstraint("sequence IS NULL OR (public AND place IS NOT NULL)", name="sequence_is_public"),
        CheckConstraint("place > 0", name="place_positive"),
        Index(
            "ix_feed_line_new", "event_id", sqlite_where=text("place IS NULL"), postgresql_where=text("place IS NULL")
        ),
        Index("ix_feed_line_public", "place", sqlite_where=text("public = 1"), postgresql_where=text("public")),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, init=False)
    identity: Mapped[str] = mapped_column(unique=True, init=False, default_factory=lambda: str(uuid4()))
    told: Mapped[bool] = mapped_column(default=True)
    public: Mapped[bool] = mapped_column(default=False)
    internal: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int | None] = mapped_column(unique=True, default=None)
    sequence: Mapped[int | None] = mapped_column(unique=True, default=None)


@event.listens_for(FeedLine, "after_insert")
def _note_announcement(_mapper: Any, _connection: Any, line: FeedLine) -> None:
    session = object_session(line)
    if line.public and session is not None:
        session.info[ANNOUNCED] = True
