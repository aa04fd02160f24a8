"""Full text: words to stems, stems to rows, and the ranking; only here is its dialect."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import log
from textwrap import shorten
from typing import Any, NamedTuple

import snowballstemmer
from sqlalchemy import Float, Select, Subquery, case, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from app.db.external import ExternalDecision
from app.db.process import Process
from app.db.search import Posting, SearchText

WORD = re.compile(r"[0-9a-z]+(?:[:.][0-9a-z]+)*")
STOP_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        "aan al alle als altijd ander andere anders ben bent bij daar dan dat de deze die dit doch doen door dus "
        "een eens en er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je "
        "kan kunnen maar me meer men met mij mijn moet moeten mag mogen na naar niet niets nog nu of om omdat onder "
        "ons onze ook op over reeds te tegen toch toen tot u uit uw van veel voor want waren was wat we wel welke "
        "werd wezen wie wij wil worden wordt zal ze zelf zich zij zijn zo zonder zou",
    )
)
EXTERNAL = "extern"
"""The kind of a decision of another body, which is no process."""

LONGEST_QUERY, LONGEST_TERM = 60, 100
LONGEST_EXCERPT = 300
SATURATION, LENGTH_WEIGHT = 1.2, 0.75


Fields = Iterable[tuple[str, int]]
"""Texts, each with how heavily it weighs."""


class Found(NamedTuple):
    """A text that matches: its process or the decision of another body, how well, and a stretch of it."""

    process_id: int | None
    external_id: int | None
    score: float
    excerpt: str
    terms: tuple[str, ...]


class External(NamedTuple):
    """A decision of another body as it is to be found."""

    id: int
    fields: Fields
    excerpt: str


def stems(text: str) -> list[str]:
    """The stems of a text, without the words that say nothing, in order.

    >>> stems("De gemeenten delen gegevens met de SVB.")
    ['gemeent', 'del', 'gegeven', 'svb']
    """
    folded = unicodedata.normalize("NFKD", text.lower())
    plain = folded if folded.isascii() else "".join(sign for sign in folded if not unicodedata.combining(sign))
    return [_stem(word) for word in WORD.findall(plain) if word not in STOP_WORDS]


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("dutch")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def index(session: Session, process: Process, *, public: bool, fields: Fields, excerpt: str) -> None:
    """Replace the words of a process."""
    weights = _weights(fields)
    remove(session, process)
    text_row = SearchText(
        process_id=process.id,
        kind=process.kind,
        public=public,
        length=max(1, sum(weights.values())),
        excerpt=shorten(excerpt, LONGEST_EXCERPT, placeholder="…"),
    )
    session.add(text_row)
    session.flush()
    if weights:
        session.execute(insert(Posting), _postings(text_row.id, weights))


def index_externals(session: Session, externals: Sequence[External]) -> None:
    """Replace the words of decisions of other bodies, many at a time; everybody may read these."""
    known = select(SearchText.id).where(SearchText.external_id.in_([one.id for one in externals]))
    session.execute(delete(Posting).where(Posting.text_id.in_(known)))
    session.execute(delete(SearchText).where(SearchText.id.in_(known)))
    weights = {one.id: _weights(one.fields) for one in externals}
    texts = [
        {
            "external_id": one.id,
            "kind": EXTERNAL,
            "public": True,
            "length": max(1, sum(weights[one.id].values())),
            "excerpt": shorten(one.excerpt[: 10 * LONGEST_EXCERPT], LONGEST_EXCERPT, placeholder="…"),
        }
        for one in externals
    ]
    session.execute(insert(SearchText), texts)
    places = session.execute(select(SearchText.id, SearchText.external_id).where(SearchText.external_id.in_(weights)))
    postings = [row for text_id, external_id in places for row in _postings(text_id, weights[external_id or 0])]
    if postings:
        session.execute(insert(Posting), postings)


def remove(session: Session, process: Process) -> None:
    """Take a process out of what can be found."""
    known = session.scalar(select(SearchText.id).where(SearchText.process_id == process.id))
    if known is not None:
        session.execute(delete(Posting).where(Posting.text_id == known))
        session.execute(delete(SearchText).where(SearchText.id == known))
        session.flush()


def find(
    session: Session, text: str, *, kinds: Sequence[str], limit: int, among: Select[int] | None = None
) -> list[Found]:
    """The visible texts that share words with this one, the best first; equal scores in order of number.

    Only what the reader may see is ranked, because the query joins `Process`, to which the session adds its
    filter; how rare a word is comes from public texts alone, so a hidden text moves no score. `among` are the ids of
    the texts to look in.
    """
    wanted = list(dict.fromkeys(stems(text)))[:LONGEST_QUERY]
    if not wanted:
        return []
    total, average = _public_texts(session)
    rarity = _rarity(session, wanted, total)
    weight = cast(Posting.weight, Float)
    norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * cast(SearchText.length, Float) / average)
    points = case({term: rarity[term] for term in wanted}, value=Posting.term, else_=0.0)
    score = func.sum(points * weight * (SATURATION + 1) / (weight + norm)).label("score")
    # The words are added up first, so that who may see a text is asked once for each text.
    matching = (
        select(SearchText.id, SearchText.process_id, SearchText.external_id, SearchText.excerpt, score)
        .join(Posting, Posting.text_id == SearchText.id)
        .where(Posting.term.in_(wanted), SearchText.kind.in_(kinds))
        .group_by(SearchText.id)
    )
    scored = (matching if among is None else matching.where(SearchText.id.in_(among))).subquery()
    queries = [_best(scored, Process, scored.c.process_id, limit)]
    if EXTERNAL in kinds:
        queries.append(_best(scored, ExternalDecision, scored.c.external_id, limit))
    rows = [row for query in queries for row in session.execute(query)]
    best = sorted(rows, key=lambda row: (-row.rank, row.number))[:limit]
    matched = _matched(session, wanted, [row.id for row in best])
    return [
        Found(row.process_id, row.external_id, round(float(row.score), 3), row.excerpt, matched.get(row.id, ()))
        for row in best
    ]


def _best(scored: Subquery, record: type[Process] | type[ExternalDecision], place: Any, limit: int) -> Select[Any]:
    """The texts of one kind of record that match best."""
    rank = func.round(scored.c.score * 1000)
    columns = (scored.c.id, scored.c.process_id, scored.c.external_id, scored.c.score, scored.c.excerpt)
    return (
        select(*columns, record.number, rank.label("rank"))
        .join(record, record.id == place)
        .order_by(rank.desc(), record.number)
        .limit(limit)
    )


def _public_texts(session: Session) -> tuple[int, float]:
    """How many texts everybody may read, and how long they are on average."""
    query = select(func.count(), func.avg(SearchText.length)).where(SearchText.public)
    total, average = session.execute(query).one()
    return total, float(average or 100)


def _rarity(session: Session, terms: Sequence[str], total: int) -> Mapping[str, float]:
    query = (
        select(Posting.term, func.count())
        .join(SearchText, SearchText.id == Posting.text_id)
        .where(SearchText.public, Posting.term.in_(terms))
        .group_by(Posting.term)
    )
    counts = dict(session.execute(query).all())
    return {term: log(1 + (total + 1) / (counts.get(term, 0) + 0.5)) for term in terms}


def _matched(session: Session, terms: Sequence[str], text_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(Posting.text_id, Posting.term)
        .where(Posting.text_id.in_(text_ids), Posting.term.in_(terms))
        .order_by(Posting.weight.desc(), Posting.term)
    )
    found: dict[int, tuple[str, ...]] = {}
    for text_id, term in session.execute(query):
        found[text_id] = (*found.get(text_id, ()), term)
    return found


def _weights(fields: Fields) -> Counter[str]:
    """How heavily each stem weighs."""
    weights: Counter[str] = Counter()
    for text, weight in fields:
        for stem in stems(text):
            weights[stem[:LONGEST_TERM]] += weight
    return weights


def _postings(text_id: int, weights: Mapping[str, int]) -> list[dict[str, str | int]]:
    return [{"term": term, "text_id": text_id, "weight": weight} for term, weight in sorted(weights.items())]
