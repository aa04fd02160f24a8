"""Settling: what the worker does to the index while people search, a stretch at a time.

Postings of texts move into blocks, blocks are put together, and what is gone is taken out of them. None of it moves
a score.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Row, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from app.adapters.search.blocks import (
    BLOCK,
    BODY,
    NEW_BLOCK,
    TITLE,
    TOTALS,
    add_totals,
    batched,
    block_of,
    unpacked,
    write_blocks,
)
from app.adapters.search.vocabulary import forget_words
from app.db.search import Posting, SearchBlock, SearchGone, SearchState, SearchText

FULL = 1 << 14
"""How many texts a block holds before the next begins."""
MOST_BLOCKS = 8
"""How many blocks that are not full a term may have before they are put together."""
TERMS_AT_ONCE = 400


def unsettled(session: Session) -> int:
    """How many texts have postings of their own."""
    return session.scalar(select(func.count()).select_from(SearchText).where(~SearchText.settled)) or 0


def settle(session: Session, *, limit: int) -> int:
    """Move the postings of the oldest texts into blocks; of how many texts."""
    waiting = select(SearchText.id, SearchText.public, SearchText.length, SearchText.title_length)
    query = waiting.where(~SearchText.settled).order_by(SearchText.id).limit(limit)
    found = session.execute(query.with_for_update(skip_locked=True)).all()
    if not found:
        return 0
    ids = [row.id for row in found]
    postings = session.execute(
        select(Posting.public, Posting.term, Posting.text_id, Posting.title, Posting.body)
        .where(Posting.text_id.in_(ids))
        .order_by(Posting.public, Posting.term, Posting.text_id)
    ).all()
    gathered: dict[tuple[bool, str, int], list[tuple[int, int]]] = {}
    for public, term, text_id, title, body in postings:
        gathered.setdefault((public, term, BODY), []).append((text_id, body))
        if title:
            gathered.setdefault((public, term, TITLE), []).append((text_id, title))
    write_blocks(session, gathered)
    session.execute(delete(Posting).where(Posting.text_id.in_(ids)))
    settled = update(SearchText).where(SearchText.id.in_(ids)).values(settled=True)
    session.execute(settled.execution_options(synchronize_session=False))
    add_totals(session, [(row.length, row.title_length) for row in found if row.public])
    return len(found)


def compact(
    session: Session, *, after: str = "", terms: int = 5 * TERMS_AT_ONCE, most: int = MOST_BLOCKS
) -> str | None:
    """Put blocks together of the terms that follow `after`; the last term looked at, or None at the end.

    Of a term with `most` blocks that are not full, or fewer, the blocks stay: each rewriting costs as much as all that
    was written before.
    Each stretch of terms is a transaction of its own: between two of them every term is as whole as before.
    """
    _alone(session)
    following = select(SearchBlock.term).where(SearchBlock.term > after).distinct().order_by(SearchBlock.term)
    last = session.scalars(following.offset(terms - 1).limit(1)).first()
    stretch = [SearchBlock.term > after, *([SearchBlock.term <= last] if last is not None else [])]
    scattered = (
        select(SearchBlock.public, SearchBlock.term, SearchBlock.field)
        .where(*stretch, SearchBlock.amount < FULL)
        .group_by(SearchBlock.public, SearchBlock.term, SearchBlock.field)
        .having(func.count() > most)
    )
    for keys in batched(session.execute(scattered).all(), TERMS_AT_ONCE):
        _put_together(session, keys)
    return last


def purge(session: Session, gone: Sequence[int], *, after: str = "", terms: int = 5 * TERMS_AT_ONCE) -> str | None:
    """Take texts that are gone out of the blocks of the terms that follow `after`; as `compact` otherwise."""
    _alone(session)
    following = select(SearchBlock.term).where(SearchBlock.term > after).distinct().order_by(SearchBlock.term)
    last = session.scalars(following.offset(terms - 1).limit(1)).first()
    stretch = [SearchBlock.term > after, *([SearchBlock.term <= last] if last is not None else [])]
    # A block can only hold a text that is not older than its first.
    blocks = session.execute(select(*BLOCK).where(*stretch, SearchBlock.first <= max(gone))).all()
    away = np.asarray(sorted(gone), dtype=np.int32)
    emptied: set[str] = set()
    changed, rows = [], []
    for block in blocks:
        texts, packed = unpacked(block.texts, block.weights)
        stays = ~np.isin(texts, away)
        left = int(np.count_nonzero(stays))
        if left == len(texts):
            continue
        changed.append(tuple(block[:4]))
        if left:
            rows.append(block_of(block[:3], texts[stays], packed[stays]))
        elif block.public and block.field == BODY:
            emptied.add(block.term)
    for some in batched(changed, TERMS_AT_ONCE):
        session.execute(delete(SearchBlock).where(tuple_(*BLOCK[:4]).in_(some)))
    if rows:
        session.connection().execute(NEW_BLOCK, rows)
    forget_words(session, emptied)
    return last


def _alone(session: Session) -> None:
    """Of two hands that would rewrite blocks one waits for the other; each reads what the other left."""
    session.scalars(select(SearchState.name).where(SearchState.name == TOTALS).with_for_update()).first()


def end_purge(session: Session, gone: Sequence[int]) -> None:
    """What is gone has left every block."""
    query = select(SearchGone.length, SearchGone.title_length).where(SearchGone.text_id.in_(gone), SearchGone.public)
    add_totals(session, [(row.length, row.title_length) for row in session.execute(query)], sign=-1)
    session.execute(delete(SearchGone).where(SearchGone.text_id.in_(gone)))


def gone_texts(session: Session, *, limit: int = 10_000) -> list[int]:
    """The texts that are gone and that lie in blocks still."""
    return list(session.scalars(select(SearchGone.text_id).order_by(SearchGone.text_id).limit(limit)))


def _put_together(session: Session, keys: Sequence[Row[Any]]) -> None:
    """Rewrite the blocks of some terms that are not full, in the order of their texts."""
    found = session.execute(
        select(*BLOCK)
        .where(
            tuple_(SearchBlock.public, SearchBlock.term, SearchBlock.field).in_([tuple(key) for key in keys]),
            SearchBlock.amount < FULL,
        )
        .order_by(SearchBlock.public, SearchBlock.term, SearchBlock.field, SearchBlock.first)
    ).all()
    rows = []
    for key, blocks in groupby(found, key=itemgetter(0, 1, 2)):
        read = [unpacked(one.texts, one.weights) for one in blocks]
        texts, packed = (np.concatenate(column) for column in zip(*read, strict=True))
        order = np.argsort(texts, kind="stable")
        for start in range(0, len(texts), FULL):
            part = order[start : start + FULL]
            rows.append(block_of(key, texts[part], packed[part]))
    session.execute(
        delete(SearchBlock).where(
            tuple_(SearchBlock.public, SearchBlock.term, SearchBlock.field).in_([tuple(key) for key in keys]),
            SearchBlock.amount < FULL,
        )
    )
    session.connection().execute(NEW_BLOCK, rows)
