"""Blocks: the texts of a term one after the other, each with what the term weighs there, packed in bytes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db.search import SearchBlock, SearchState

TITLE, BODY = 0, 1
TOTALS = "totals"
HALVES, LENGTHS = 2, 16
"""A weight is packed in steps of a half, a length in sixteenths of a doubling; a byte each."""

Gathered = Mapping[tuple[bool, str, int], Sequence[tuple[int, int]]]
"""By whether it is public, term and field: the texts and what the term weighs there."""

NEW_BLOCK = insert(SearchBlock)
BLOCK = (
    SearchBlock.public,
    SearchBlock.term,
    SearchBlock.field,
    SearchBlock.first,
    SearchBlock.texts,
    SearchBlock.weights,
)


def write_blocks(session: Session, gathered: Gathered) -> None:
    """Give each term a new block of these texts, in the order in which they are given."""
    rows = []
    for key, postings in gathered.items():
        pairs = np.asarray(postings, dtype=np.int64)
        rows.append(block_of(key, pairs[:, 0], pairs[:, 1]))
    # In one order whoever writes, so that two never wait for each other crosswise.
    rows.sort(key=itemgetter("public", "term", "field"))
    if rows:
        session.connection().execute(NEW_BLOCK, rows)


def block_of(key: Sequence[Any], texts: "np.ndarray[Any, Any]", packed: "np.ndarray[Any, Any]") -> dict[str, Any]:
    """The row of a block: `key` is whether it is public, the term and the field; `texts` ascend."""
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


def unpacked(texts: bytes, weights: bytes) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """The texts of a block and what its term weighs in them, as they were packed."""
    return np.frombuffer(texts, dtype="<i4"), np.frombuffer(weights, dtype="<u2")


def add_totals(session: Session, lengths: Sequence[tuple[float, float]], *, sign: int = 1) -> None:
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


def batched(rows: Iterable[Any], amount: int) -> Iterator[list[Any]]:
    """Stretches of so many."""
    rest = iter(rows)
    while some := list(islice(rest, amount)):
        yield some
