"""Reading the index: where the terms of a question stand, and what is counted of all public texts.

What is read is the same however a text lies there: in blocks, in postings of its own, or gone and still in a block.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import log
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import (
    CompoundSelect,
    Connection,
    LargeBinary,
    Row,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from app.adapters.search.among import among_words
from app.adapters.search.blocks import BODY, TITLE, TOTALS, unpacked
from app.db.search import Posting, SearchBlock, SearchGone, SearchState, SearchText

Ints = np.ndarray[Any, np.dtype[np.int32]]

SINGLE, WHOLE = -1, -2
"""Where a block has a field, a posting that is not in a block has the first, and what is counted of all the other."""
LEAST_RARE = 0.05
"""What a word tells that stands in every text: little, and not nothing."""


class Postings(NamedTuple):
    """The texts in which a term occurs, ascending, each with what it weighs there."""

    texts: Ints
    weights: Ints


class _Totals(NamedTuple):
    """What is counted of public texts: of those in blocks, and how many others there are and how long together."""

    settled: Mapping[str, Any] = MappingProxyType({})
    gone: bool = False
    """Do texts lie in blocks that are there no more?"""
    fresh: int = 0
    title_length: float = 0.0
    length: float = 0.0


NOWHERE = Postings(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint16))


@dataclass(slots=True)
class Read:
    """What the index says of the terms of a question."""

    texts: int
    average: Mapping[int, float]
    postings: dict[tuple[str, int], Postings]
    public: dict[str, int]
    """In how many public texts a term occurs."""
    gone: Ints

    def of(self, term: str, place: int = BODY) -> Postings:
        """Where a term occurs."""
        return self.postings.get((term, place), NOWHERE)

    def rarity(self, amount: int) -> float:
        """How much a word tells that occurs in so many public texts."""
        return max(LEAST_RARE, log(1 + (self.texts - min(amount, self.texts) + 0.5) / (amount + 0.5)))


NOTHING = type_coerce(null(), LargeBinary)


def _statement(*, public: bool) -> CompoundSelect[*tuple[Any, ...]]:
    columns = (SearchBlock.texts, SearchBlock.weights)
    blocks = select(
        SearchBlock.public,
        SearchBlock.term,
        SearchBlock.field,
        SearchBlock.amount,
        # When the others are searched, of the public texts only how many there are is asked.
        *(columns if public else (case((SearchBlock.public, NOTHING), else_=column) for column in columns)),
        literal(0),
        literal(0),
    ).where(
        SearchBlock.public if public else SearchBlock.public.in_([True, False]), among_words(SearchBlock.term, "terms")
    )
    singles = select(
        Posting.public, Posting.term, literal(SINGLE), Posting.text_id, NOTHING, NOTHING, Posting.title, Posting.body
    ).where(among_words(Posting.term, "terms"), *([Posting.public] if public else []))
    # What is counted over all texts comes along: each statement of its own costs the way to the server and back.
    totals = select(
        select(SearchGone.text_id).exists(),
        cast(select(SearchState.value).where(SearchState.name == TOTALS).scalar_subquery(), String),
        literal(WHOLE),
        func.count(),
        NOTHING,
        NOTHING,
        func.sum(SearchText.title_length),
        func.sum(SearchText.length),
    ).where(~SearchText.settled, SearchText.public)
    return union_all(blocks, singles, totals).execution_options(packed=True)


# Made once: making them costs as much as asking them.
OF_PUBLIC, OF_OTHERS = _statement(public=True), _statement(public=False)
GONE = select(SearchGone.text_id, SearchGone.public, SearchGone.length, SearchGone.title_length)


def read_index(session: Session, terms: Sequence[str], *, public: bool) -> Read:
    """Blocks, single postings and totals in one statement: what is settled meanwhile is counted once."""
    # These tables are of the index alone, so no filter on what may be seen has to be added to their statements.
    connection = session.connection()
    parts: dict[tuple[str, int], list[tuple[Any, Any]]] = {}
    fresh: dict[tuple[str, int], list[tuple[int, int]]] = {}
    known: dict[str, int] = {}
    asked = {"terms": list(terms)}
    rows = connection.execute(OF_PUBLIC if public else OF_OTHERS, asked).all()
    totals = _Totals()
    for of_public, term, place, number, texts, weights, title, body in rows:
        if place == WHOLE:
            totals = _Totals(json.loads(term or "{}"), of_public, number, title or 0.0, body or 0.0)
            continue
        if of_public and place != TITLE:
            known[term] = known.get(term, 0) + (1 if place == SINGLE else number)
        if of_public != public:
            continue
        if place == SINGLE:
            fresh.setdefault((term, BODY), []).append((number, body))
            if title:
                fresh.setdefault((term, TITLE), []).append((number, title))
        else:
            parts.setdefault((term, place), []).append(unpacked(texts, weights))
    for key, pairs in fresh.items():
        both = np.asarray(sorted(pairs), dtype=np.int32)
        parts.setdefault(key, []).append((both[:, 0], both[:, 1].astype(np.uint16)))
    postings = {key: _joined(found) for key, found in parts.items()}
    # As a rule nothing is gone, and then it is not asked which.
    gone = connection.execute(GONE).all() if totals.gone else []
    gone_texts = np.sort(np.asarray([row.text_id for row in gone], dtype=np.int32))
    if gone:
        _take_off(connection, known, postings if public else None, gone_texts)
    return Read(*_totals(totals, gone), postings, known, gone_texts)


def _take_off(
    connection: Connection, known: dict[str, int], postings: Mapping[tuple[str, int], Postings] | None, gone: Ints
) -> None:
    """What is gone and still lies in blocks does not count, so that no score moves when it is taken out of them."""
    places = postings if postings is not None else _read_public(connection, list(known))
    for term in known:
        there = places.get((term, BODY), NOWHERE)
        known[term] -= len(intersection(gone, there.texts))


def _read_public(connection: Connection, terms: Sequence[str]) -> dict[tuple[str, int], Postings]:
    """Where terms stand in public texts that lie in blocks."""
    parts: dict[tuple[str, int], list[tuple[Any, Any]]] = {}
    for _, term, place, _, texts, weights, _, _ in connection.execute(OF_PUBLIC, {"terms": list(terms)}).all():
        if place == BODY:
            parts.setdefault((term, place), []).append(unpacked(texts, weights))
    return {key: _joined(found) for key, found in parts.items()}


def _totals(totals: _Totals, gone: Sequence[Row[*tuple[Any, ...]]]) -> tuple[int, dict[int, float]]:
    """How many texts everybody may read, and how long title and body are on average."""
    gone = [row for row in gone if row.public]
    texts = totals.settled.get("texts", 0) + totals.fresh - len(gone)
    sums = {
        TITLE: totals.settled.get("title_length", 0.0) + totals.title_length - sum(row.title_length for row in gone),
        BODY: totals.settled.get("length", 0.0) + totals.length - sum(row.length for row in gone),
    }
    return texts, {place: max(1.0, total / texts) if texts else 1.0 for place, total in sums.items()}


def _joined(found: list[tuple[Any, Any]]) -> Postings:
    """All blocks of a term together; they overlap only where a text was settled after a later one."""
    if len(found) == 1:
        return Postings(*found[0])
    found.sort(key=lambda pair: int(pair[0][0]))
    texts, weights = (np.concatenate(column) for column in zip(*found, strict=True))
    if any(one[0][-1] > after[0][0] for one, after in pairwise(found)):
        order = np.argsort(texts, kind="stable")
        return Postings(texts[order], weights[order])
    return Postings(texts, weights)


def texts_having(session: Session, terms: Sequence[str]) -> set[int]:
    """The ids of the public texts that have all these terms, anywhere in the text."""
    if not terms:
        return set()
    read = read_index(session, terms, public=True)
    having = reduce(intersection, (read.of(term).texts for term in terms))
    return set(having.tolist()).difference(read.gone.tolist())


def standing(session: Session, terms: Sequence[str]) -> set[str]:
    """Those terms that stand in a text that everybody may read now."""
    return {term for term, amount in read_index(session, terms, public=True).public.items() if amount > 0}


def intersection(some: Ints, others: Ints) -> Ints:
    """What stands in both. Ids are int32 everywhere: of another width numpy would first copy all of the longer list."""
    if len(some) > len(others):
        some, others = others, some
    if not len(some):
        return some
    kept: Ints = some[others.take(others.searchsorted(some), mode="clip") == some]
    return kept
