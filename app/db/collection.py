"""What an analyst keeps together: rulings with notes, for oneself or for one's organisation."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Collection(Base, kw_only=True):
    """A named set of rulings; `shared` lets the colleagues of the owner read it."""

    __tablename__ = "collection"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class CollectionItem(Base, kw_only=True):
    """One ruling in a collection, with why it is there."""

    __tablename__ = "collection_item"
    __table_args__ = (UniqueConstraint("collection_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"))
    number: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]


class Annotation(Base, kw_only=True):
    """A remark in the margin of a ruling, at the words that it quotes or at the whole."""

    __tablename__ = "annotation"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(index=True)
    passage: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
