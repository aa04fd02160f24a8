"""The words of public texts, kept as they are spelled for who mistypes one."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.adapters.search.analysis import spelled
from app.adapters.search.blocks import batched
from app.db.search import Posting, SearchBlock, SearchText, SearchWord

LONGEST_WORD, SHORTEST_WORD = 30, 4


def has_new_words(session: Session) -> bool:
    """Are there new public texts of which the words still have to be kept?"""
    return session.scalars(select(SearchText.id).where(SearchText.new_words.is_not(None)).limit(1)).first() is not None


def keep_new_words(session: Session, *, limit: int = 100) -> int:
    """Keep the words of new public texts for who mistypes one; of how many texts."""
    query = select(SearchText.id, SearchText.new_words).where(SearchText.new_words.is_not(None)).limit(limit)
    # A text that is taken away at this moment is left alone.
    found = session.execute(query.order_by(SearchText.id).with_for_update(skip_locked=True)).all()
    if found:
        keep_words(session, {word for _, told in found for word in (told or "").split()})
        done = update(SearchText).where(SearchText.id.in_([identity for identity, _ in found]))
        session.execute(done.values(new_words=None).execution_options(synchronize_session=False))
    return len(found)


def keep_words(session: Session, told: Iterable[str]) -> None:
    """Keep these words; those that are kept already stay as they are."""
    rows = [
        {"word": word, "initial": word[0], "length": len(word), "stem": spelled(word).stem} for word in sorted(told)
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    if rows:
        session.connection().execute(dialect.insert(SearchWord).on_conflict_do_nothing(), rows)


def forget_words(session: Session, emptied: Iterable[str]) -> None:
    """Of these stems, forget the words of those that stand in no public text any more: nobody gets them proposed."""
    for some in batched(sorted(emptied), 500):
        standing = select(SearchBlock.term).where(SearchBlock.public, SearchBlock.term.in_(some))
        fresh = select(Posting.term).where(Posting.public, Posting.term.in_(some))
        left = set(some) - set(session.scalars(standing)) - set(session.scalars(fresh))
        session.execute(delete(SearchWord).where(SearchWord.stem.in_(left)))
