"""Writing the index: a text gets postings of its own in the transaction that writes it, and later lies in blocks.

The rows of one text are nobody else's, so two transactions never wait for each other. Blocks are written by one
hand at a time: the worker, or a command.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from math import log2
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Boolean, Integer, Row, String, bindparam, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.adapters.search.analysis import spelled, weights, words
from app.db.search import (
    LawMention,
    Posting,
    SearchBlock,
    SearchGone,
    SearchState,
    SearchText,
    SearchVector,
    SearchWord,
)

TITLE, BODY = 0, 1
FULL = 1 << 14
"""How many texts a block holds before the next begins."""
MOST_BLOCKS = 8
"""How many blocks that are not full a term may have before they are put together."""
TERMS_AT_ONCE = 400
LONGEST_EXCERPT = 300
LONGEST_WORD, SHORTEST_WORD = 30, 4
TOTALS = "totals"
HALVES, LENGTHS = 2, 16
"""A weight is packed in steps of a half, a length in sixteenths of a doubling; a byte each."""


# Made once: for one text, making a statement costs more than giving it.
NEW_TEXT = insert(SearchText).returning(SearchText.id, sort_by_parameter_order=True)
NEW_POSTING, NEW_BLOCK = insert(Posting), insert(SearchBlock)
_listed = (
    func.unnest(
        bindparam("terms", type_=ARRAY(String)),
        bindparam("titles", type_=ARRAY(Integer)),
        bindparam("bodies", type_=ARRAY(Integer)),
    )
    .table_valued("term", "title", "body")
    .render_derived()
)
_of_text = bindparam("text_id", type_=Integer), bindparam("public", type_=Boolean)
NEW_POSTINGS = insert(Posting).from_select(
    ["text_id", "public", "term", "title", "body"], select(*_of_text, *_listed.c)
)
OF_THINGS = (
    select(SearchText.id, SearchText.settled, SearchText.public, SearchText.length, SearchText.title_length)
    .where(
        or_(
            SearchText.process_id.in_(bindparam("processes", expanding=True)),
            SearchText.external_id.in_(bindparam("externals", expanding=True)),
        )
    )
    .order_by(SearchText.id)
    # The rows are locked, so that they are not settled meanwhile.
    .with_for_update()
)


class Entry(NamedTuple):
    """A text as it is to be found: the process or the decision of another body that it is of, and its words.

    The words of the title count by themselves and with the body. `facets` is kept as it is given.
    """

    process_id: int | None
    external_id: int | None
    kind: str
    public: bool
    title: str
    body: str
    excerpt: str
    facets: str = ""


class Packed(NamedTuple):
    """The terms of a text: in the title and in all of it, each packed with the length; and both lengths."""

    title: Mapping[str, int]
    body: Mapping[str, int]
    title_length: float
    length: float
    words: frozenset[str]
    """Those that somebody could mistype; of a public text alone."""


def put(session: Session, entry: Entry) -> int:
    """Make a text findable, in the place of what the same thing was found by; the id of the text."""
    remove(session, process_id=entry.process_id, external_id=entry.external_id)
    # What the text is of may be new itself.
    session.flush()
    connection = session.connection()
    packed = _packed(entry)
    text_id: int = connection.scalars(NEW_TEXT, [_columns(entry, packed)]).one()
    terms = sorted(packed.body)
    title, body = [packed.title.get(term, 0) for term in terms], [packed.body[term] for term in terms]
    of_text = {"text_id": text_id, "public": entry.public}
    if connection.dialect.name == "postgresql":
        # Some hundred rows as one value a column: each row by itself costs the way to the server and back.
        connection.execute(NEW_POSTINGS, {**of_text, "terms": terms, "titles": title, "bodies": body})
    elif terms:
        rows = zip(terms, title, body, strict=True)
        connection.execute(NEW_POSTING, [{**of_text, "term": one, "title": t, "body": b} for one, t, b in rows])
    return text_id


def put_many(session: Session, entries: Sequence[Entry], *, again: bool = False) -> list[int]:
    """Make many texts findable at once, in blocks of their own; their ids, in the same order.

    `again`: these texts are what they were, so what they mean is not worked out anew.
    """
    if not entries:
        return []
    meanings = _meanings(session, entries) if again else {}
    _forget(session, [one.process_id for one in entries], [one.external_id for one in entries])
    packed = [_packed(one) for one in entries]
    rows = [
        {**_columns(entry, one), "settled": True, "new_words": None} for entry, one in zip(entries, packed, strict=True)
    ]
    session.flush()
    ids = list(session.connection().scalars(NEW_TEXT, rows))
    _write_blocks(session, _gathered(zip(ids, entries, packed, strict=True)))
    _add_totals(
        session, [(one.length, one.title_length) for entry, one in zip(entries, packed, strict=True) if entry.public]
    )
    _keep_words(session, {word for one in packed for word in one.words})
    kept = [
        {"text_id": identity, **meanings[entry.process_id, entry.external_id]}
        for identity, entry in zip(ids, entries, strict=True)
        if (entry.process_id, entry.external_id) in meanings
    ]
    if kept:
        session.execute(insert(SearchVector), kept)
    return ids


def _meanings(session: Session, entries: Sequence[Entry]) -> dict[tuple[int | None, int | None], dict[str, Any]]:
    """What is known of the meaning of things, by what they are."""
    query = (
        select(SearchText.process_id, SearchText.external_id, SearchVector.model, SearchVector.vector)
        .join(SearchVector, SearchVector.text_id == SearchText.id)
        .where(
            or_(
                SearchText.process_id.in_([one.process_id for one in entries]),
                SearchText.external_id.in_([one.external_id for one in entries]),
            )
        )
    )
    return {
        (process_id, external_id): {"model": model, "vector": vector}
        for process_id, external_id, model, vector in session.execute(query)
    }


def remove(session: Session, *, process_id: int | None = None, external_id: int | None = None) -> None:
    """Take a thing out of what can be found, at once; the worker takes its postings out of the blocks."""
    _forget(session, [process_id], [external_id])


def _forget(session: Session, processes: Sequence[int | None], externals: Sequence[int | None]) -> None:
    connection = session.connection()
    things = {"processes": processes, "externals": externals}
    rows = connection.execute(OF_THINGS, things).all()
    if rows and connection.dialect.name == "postgresql":
        # Whoever had to wait for another finds here what that one left in its place.
        rows = [*rows, *connection.execute(OF_THINGS, things)]
    found = list({row.id: row for row in rows}.values())
    if not found:
        return
    ids = [row.id for row in found]
    single = select(Posting.term).where(Posting.text_id.in_(ids), Posting.public).distinct()
    terms = session.scalars(single).all()
    for record in (Posting, LawMention, SearchVector):
        session.execute(delete(record).where(record.text_id.in_(ids)))
    _forget_words(session, terms)
    session.execute(delete(SearchText).where(SearchText.id.in_(ids)))
    gone = [
        {"text_id": row.id, "public": row.public, "length": row.length, "title_length": row.title_length}
        for row in found
        if row.settled
    ]
    if gone:
        connection.execute(insert(SearchGone), gone)


def hold(session: Session, kind: str, *, after: int, amount: int) -> None:
    """Lock the next texts of a kind, by the ids of what they are of.

    What is read of these things from here on is what they are when they are indexed again.
    """
    thing = func.coalesce(SearchText.process_id, SearchText.external_id)
    query = select(SearchText.id).where(SearchText.kind == kind, thing > after).order_by(thing).limit(amount)
    session.execute(query.with_for_update()).all()


# --- what the worker does --------------------------------------------------------------------------------------------


def has_new_words(session: Session) -> bool:
    """Are there new public texts of which the words still have to be kept?"""
    return session.scalars(select(SearchText.id).where(SearchText.new_words.is_not(None)).limit(1)).first() is not None


def keep_new_words(session: Session, *, limit: int = 100) -> int:
    """Keep the words of new public texts for who mistypes one; of how many texts."""
    query = select(SearchText.id, SearchText.new_words).where(SearchText.new_words.is_not(None)).limit(limit)
    # A text that is taken away at this moment is left alone.
    found = session.execute(query.order_by(SearchText.id).with_for_update(skip_locked=True)).all()
    if found:
        _keep_words(session, {word for _, told in found for word in (told or "").split()})
        done = update(SearchText).where(SearchText.id.in_([identity for identity, _ in found]))
        session.execute(done.values(new_words=None).execution_options(synchronize_session=False))
    return len(found)


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
    _write_blocks(session, gathered)
    session.execute(delete(Posting).where(Posting.text_id.in_(ids)))
    settled = update(SearchText).where(SearchText.id.in_(ids)).values(settled=True)
    session.execute(settled.execution_options(synchronize_session=False))
    _add_totals(session, [(row.length, row.title_length) for row in found if row.public])
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
        texts, packed = _unpacked(block)
        stays = ~np.isin(texts, away)
        left = int(np.count_nonzero(stays))
        if left == len(texts):
            continue
        changed.append(tuple(block[:4]))
        if left:
            rows.append(_block(block[:3], texts[stays], packed[stays]))
        elif block.public and block.field == BODY:
            emptied.add(block.term)
    for some in batched(changed, TERMS_AT_ONCE):
        session.execute(delete(SearchBlock).where(tuple_(*BLOCK[:4]).in_(some)))
    if rows:
        session.connection().execute(NEW_BLOCK, rows)
    _forget_words(session, emptied)
    return last


def _alone(session: Session) -> None:
    """Of two hands that would rewrite blocks one waits for the other; each reads what the other left."""
    session.scalars(select(SearchState.name).where(SearchState.name == TOTALS).with_for_update()).first()


def end_purge(session: Session, gone: Sequence[int]) -> None:
    """What is gone has left every block."""
    query = select(SearchGone.length, SearchGone.title_length).where(SearchGone.text_id.in_(gone), SearchGone.public)
    _add_totals(session, [(row.length, row.title_length) for row in session.execute(query)], sign=-1)
    session.execute(delete(SearchGone).where(SearchGone.text_id.in_(gone)))


def gone_texts(session: Session, *, limit: int = 10_000) -> list[int]:
    """The texts that are gone and that lie in blocks still."""
    return list(session.scalars(select(SearchGone.text_id).order_by(SearchGone.text_id).limit(limit)))


# --- packing ---------------------------------------------------------------------------------------------------------

BLOCK = (
    SearchBlock.public,
    SearchBlock.term,
    SearchBlock.field,
    SearchBlock.first,
    SearchBlock.texts,
    SearchBlock.weights,
)


def _packed(entry: Entry) -> Packed:
    title = words(entry.title)
    said = [*title, *words(entry.body)]
    in_title, title_length = weights(title)
    in_all, length = weights(said)
    told = {word for word in set(said) if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()}
    return Packed(
        _codes(in_title, title_length),
        _codes(in_all, length),
        title_length,
        length,
        frozenset(told) if entry.public else frozenset(),
    )


def _codes(found: Mapping[str, float], length: float) -> dict[str, int]:
    size = min(255, round(LENGTHS * log2(1 + length)))
    return {term: (min(255, max(1, round(HALVES * weight))) << 8) | size for term, weight in found.items()}


def _columns(entry: Entry, packed: Packed) -> dict[str, Any]:
    return {
        "process_id": entry.process_id,
        "external_id": entry.external_id,
        "kind": entry.kind,
        "public": entry.public,
        "length": packed.length,
        "title_length": packed.title_length,
        "excerpt": _beginning(entry.excerpt),
        "settled": False,
        "facets": entry.facets,
        "new_words": " ".join(sorted(packed.words)) or None,
    }


def _beginning(text: str) -> str:
    """Whole words from the beginning of a text, as many as fit; a tenth of the time of `textwrap.shorten`."""
    line = " ".join(text[: 10 * LONGEST_EXCERPT].split())
    if len(line) <= LONGEST_EXCERPT:
        return line
    return f"{line[:LONGEST_EXCERPT].rpartition(' ')[0] or line[: LONGEST_EXCERPT - 1]}…"


Gathered = Mapping[tuple[bool, str, int], Sequence[tuple[int, int]]]
"""By whether it is public, term and field: the texts and what the term weighs there."""


def _gathered(entries: Iterable[tuple[int, Entry, Packed]]) -> Gathered:
    found: dict[tuple[bool, str, int], list[tuple[int, int]]] = {}
    for identity, entry, packed in entries:
        for field, codes in ((TITLE, packed.title), (BODY, packed.body)):
            for term, code in codes.items():
                found.setdefault((entry.public, term, field), []).append((identity, code))
    return found


def _write_blocks(session: Session, gathered: Gathered) -> None:
    rows = []
    for key, postings in gathered.items():
        pairs = np.asarray(postings, dtype=np.int64)
        rows.append(_block(key, pairs[:, 0], pairs[:, 1]))
    # In one order whoever writes, so that two never wait for each other crosswise.
    rows.sort(key=itemgetter("public", "term", "field"))
    if rows:
        session.connection().execute(NEW_BLOCK, rows)


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
        unpacked = [_unpacked(block) for block in blocks]
        texts = np.concatenate([texts for texts, _ in unpacked])
        packed = np.concatenate([weights for _, weights in unpacked])
        order = np.argsort(texts, kind="stable")
        for start in range(0, len(texts), FULL):
            part = order[start : start + FULL]
            rows.append(_block(key, texts[part], packed[part]))
    session.execute(
        delete(SearchBlock).where(
            tuple_(SearchBlock.public, SearchBlock.term, SearchBlock.field).in_([tuple(key) for key in keys]),
            SearchBlock.amount < FULL,
        )
    )
    session.connection().execute(NEW_BLOCK, rows)


def _block(key: Sequence[Any], texts: "np.ndarray[Any, Any]", packed: "np.ndarray[Any, Any]") -> dict[str, Any]:
    public, term, field = key
    return {
        "public": public,
        "term": term,
        "field": field,
        "first": int(texts[0]),
        "amount": len(texts),
        "texts": texts.astype("<i4").tobytes(),
        "weights": packed.astype("<u2").tobytes(),
    }


def _unpacked(block: Any) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    return np.frombuffer(block.texts, dtype="<i4"), np.frombuffer(block.weights, dtype="<u2")


def _add_totals(session: Session, lengths: Sequence[tuple[float, float]], *, sign: int = 1) -> None:
    """Count settled public texts; the row is locked, for settling and importing may go on side by side."""
    state = session.get(SearchState, TOTALS, with_for_update=True)
    if state is None:
        state = SearchState(name=TOTALS, value={"texts": 0, "length": 0.0, "title_length": 0.0})
        session.add(state)
    known = state.value
    state.value = {
        "texts": known["texts"] + sign * len(lengths),
        "length": known["length"] + sign * sum(length for length, _ in lengths),
        "title_length": known["title_length"] + sign * sum(length for _, length in lengths),
    }
    session.flush()


def _keep_words(session: Session, told: Iterable[str]) -> None:
    rows = [
        {"word": word, "initial": word[0], "length": len(word), "stem": spelled(word).stem} for word in sorted(told)
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    if rows:
        session.connection().execute(dialect.insert(SearchWord).on_conflict_do_nothing(), rows)


def batched(rows: Iterable[Any], amount: int) -> Iterator[list[Any]]:
    """Stretches of so many."""
    rest = iter(rows)
    while some := list(islice(rest, amount)):
        yield some


def _forget_words(session: Session, emptied: Iterable[str]) -> None:
    """A word that stands in no public text any more is not proposed to anybody."""
    for some in batched(sorted(emptied), 500):
        standing = select(SearchBlock.term).where(SearchBlock.public, SearchBlock.term.in_(some))
        fresh = select(Posting.term).where(Posting.public, Posting.term.in_(some))
        left = set(some) - set(session.scalars(standing)) - set(session.scalars(fresh))
        session.execute(delete(SearchWord).where(SearchWord.stem.in_(left)))
