"""What can be found: one index in the database's own tables, the same on both databases.

A text is first found through its postings, a row each, which are written with it; the worker moves these to blocks,
in which the postings of a term lie together, so that a query reads a few rows however many texts there are.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

# Blocks are packed as tightly as they can be: PostgreSQL compressing them again would only cost time.
PACKED = LargeBinary()


class SearchText(Base, kw_only=True):
    """A thing that can be found; a changed text is a new row, so that a number means one text for ever.

    `length` and `title_length` are in weighted words. `settled`: its postings lie in blocks.
    `new_words` are the words of a public text that still have to be kept for who mistypes one.
    `facets` are the values that counting reads, a line each: the facet, a colon and the value.
    """

    __tablename__ = "search_text"
    __table_args__ = (
        CheckConstraint("(process_id IS NULL) <> (external_id IS NULL)", name="one_thing"),
        Index("ix_search_text_kind_id", "kind", "id"),
        Index("ix_search_text_fresh", "id", sqlite_where=text("settled = 0"), postgresql_where=text("NOT settled")),
        Index(
            "ix_search_text_new",
            "id",
            sqlite_where=text("new_words IS NOT NULL"),
            postgresql_where=text("new_words IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), unique=True, default=None)
    external_id: Mapped[int | None] = mapped_column(ForeignKey("external_decision.id"), unique=True, default=None)
    kind: Mapped[str]
    public: Mapped[bool]
    length: Mapped[float]
    title_length: Mapped[float]
    excerpt: Mapped[str]
    settled: Mapped[bool] = mapped_column(default=False)
    facets: Mapped[str] = mapped_column(default="", server_default=text("''"), deferred=True)
    new_words: Mapped[str | None] = mapped_column(default=None, deferred=True)


class Posting(Base, kw_only=True):
    """How heavily a term weighs in a text that is not yet settled: packed as in a block, 0 where it does not occur."""

    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_text_id", "text_id"),)

    term: Mapped[str] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("search_text.id"), primary_key=True)
    public: Mapped[bool]
    title: Mapped[int]
    body: Mapped[int]


class SearchBlock(Base, kw_only=True):
    """A stretch of the texts in which a term occurs: `texts` are their ids as int32, ascending; `weights` uint16 each.

    Texts that everybody may read lie apart from the others, so that statistics come from those alone.
    """

    __tablename__ = "search_block"

    public: Mapped[bool] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    texts: Mapped[bytes] = mapped_column(PACKED)
    weights: Mapped[bytes] = mapped_column(PACKED)


class SearchGone(Base, kw_only=True):
    """A text that is no longer there and whose postings still lie in blocks, until the worker takes them out."""

    __tablename__ = "search_gone"

    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[bool]
    length: Mapped[float]
    title_length: Mapped[float]


class SearchState(Base, kw_only=True):
    """What is known of the index as a whole, by name: its analysis, its totals, its settings."""

    __tablename__ = "search_state"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class SearchWord(Base, kw_only=True):
    """A word that occurs in a public text, for who mistypes one."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_initial_length", "initial", "length"),)

    word: Mapped[str] = mapped_column(primary_key=True)
    initial: Mapped[str]
    length: Mapped[int]
    stem: Mapped[str] = mapped_column(index=True)


class SearchVector(Base, kw_only=True):
    """The meaning of a public text as numbers, where the extra for it is installed: int8, and the model."""

    __tablename__ = "search_vector"

    text_id: Mapped[int] = mapped_column(ForeignKey("search_text.id"), primary_key=True)
    model: Mapped[str]
    vector: Mapped[bytes] = mapped_column(PACKED)


class LawMention(Base, kw_only=True):
    """A place in the law that a text names, whether in a field of its own or in its words."""

    __tablename__ = "law_mention"
    __table_args__ = (Index("ix_law_mention_place", "identifier", "article", "text_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    text_id: Mapped[int] = mapped_column(ForeignKey("search_text.id"), index=True)
    public: Mapped[bool]
    system: Mapped[str]
    identifier: Mapped[str]
    article: Mapped[str | None] = mapped_column(default=None)
    paragraph: Mapped[str | None] = mapped_column(default=None)
    part: Mapped[str | None] = mapped_column(default=None)


class SearchFacet(Base, kw_only=True):
    """A value that a public text has in a facet, read from what everybody may read of it alone."""

    __tablename__ = "search_facet"

    facet: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("search_text.id", ondelete="CASCADE"), primary_key=True, index=True)


class Synonym(Base, kw_only=True):
    """Expressions that mean the same in this field, added by an analyst to the list that the product brings."""

    __tablename__ = "synonym"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    expressions: Mapped[list[str]]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
