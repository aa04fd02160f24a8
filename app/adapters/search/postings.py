"""Writing the index: a text gets postings of its own in the transaction that writes it, and later lies in blocks.

The rows of one text are nobody else's, so two transactions never wait for each other. Blocks are written by one
hand at a time: the worker, or a command.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log2
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Integer, String, bindparam, delete, func, insert, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.adapters.search.analysis import weights, words
from app.adapters.search.blocks import BODY, HALVES, LENGTHS, TITLE, Gathered, add_totals, write_blocks
from app.adapters.search.vocabulary import LONGEST_WORD, SHORTEST_WORD, forget_words, keep_words
from app.db.search import LawMention, Posting, SearchGone, SearchText, SearchVector

LONGEST_EXCERPT = 300


# Made once: for one text, making a statement costs more than giving it.
NEW_TEXT = insert(SearchText).returning(SearchText.id, sort_by_parameter_order=True)
NEW_POSTING = insert(Posting)
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
    write_blocks(session, _gathered(zip(ids, entries, packed, strict=True)))
    add_totals(
        session, [(one.length, one.title_length) for entry, one in zip(entries, packed, strict=True) if entry.public]
    )
    keep_words(session, {word for one in packed for word in one.words})
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
    forget_words(session, terms)
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


# --- packing ---------------------------------------------------------------------------------------------------------


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


def _gathered(entries: Iterable[tuple[int, Entry, Packed]]) -> Gathered:
    found: dict[tuple[bool, str, int], list[tuple[int, int]]] = {}
    for identity, entry, packed in entries:
        for field, codes in ((TITLE, packed.title), (BODY, packed.body)):
            for term, code in codes.items():
                found.setdefault((entry.public, term, field), []).append((identity, code))
    return found
