"""Full text: words to stems, stems to rows, and the ranking; only here is its dialect."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import log
from textwrap import shorten
from typing import NamedTuple

import snowballstemmer
from sqlalchemy import Float, case, cast, delete, func, insert, select
from sqlalchemy.orm import Session

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
LONGEST_QUERY = 60
LONGEST_EXCERPT = 300
SATURATION, LENGTH_WEIGHT = 1.2, 0.75


class Found(NamedTuple):
    """A text that matches: its process, how well, and a stretch of it."""

    process_id: int
    score: float
    excerpt: str
    terms: tuple[str, ...]


def stems(text: str) -> list[str]:
    """The stems of a text, without the words that say nothing, in order.

    >>> stems("De gemeenten delen gegevens met de SVB.")
    ['gemeent', 'del', 'gegeven', 'svb']
    """
    folded = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [_stem(word) for word in WORD.findall(plain) if word not in STOP_WORDS]


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("dutch")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def index(session: Session, process: Process, *, public: bool, fields: Iterable[tuple[str, int]], excerpt: str) -> None:
    """Replace the words of a process: each field is a text and how heavily it weighs."""
    weights: Counter[str] = Counter()
    for text, weight in fields:
        for stem in stems(text):
            weights[stem] += weight
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
        rows = [
            {"term": term[:100], "text_id": text_row.id, "weight": weight}
            for term, weight in sorted(_merged(weights).items())
        ]
        session.execute(insert(Posting), rows)


def remove(session: Session, process: Process) -> None:
    """Take a process out of what can be found."""
    known = session.scalar(select(SearchText.id).where(SearchText.process_id == process.id))
    if known is not None:
        session.execute(delete(Posting).where(Posting.text_id == known))
        session.execute(delete(SearchText).where(SearchText.id == known))
        session.flush()


def find(session: Session, text: str, *, kinds: Sequence[str], limit: int) -> list[Found]:
    """The visible texts that share words with this one, the best first; equal scores in order of number.

    Only what the reader may see is ranked, because the query joins `Process`, to which the session adds its
    filter; how rare a word is comes from public texts alone, so a hidden text moves no score.
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
    scored = (
        select(SearchText.process_id, SearchText.excerpt, score)
        .join(Posting, Posting.text_id == SearchText.id)
        .where(Posting.term.in_(wanted), SearchText.kind.in_(kinds))
        .group_by(SearchText.id)
        .subquery()
    )
    query = (
        select(scored.c.process_id, scored.c.score, scored.c.excerpt)
        .join(Process, Process.id == scored.c.process_id)
        .order_by(func.round(scored.c.score * 1000).desc(), Process.number)
        .limit(limit)
    )
    rows = session.execute(query).all()
    matched = _matched(session, wanted, [row[0] for row in rows])
    return [
        Found(process_id, round(float(points), 3), excerpt, matched.get(process_id, ()))
        for process_id, points, excerpt in rows
    ]


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


def _matched(session: Session, terms: Sequence[str], process_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(SearchText.process_id, Posting.term)
        .join(Posting, Posting.text_id == SearchText.id)
        .where(SearchText.process_id.in_(process_ids), Posting.term.in_(terms))
        .order_by(Posting.weight.desc(), Posting.term)
    )
    found: dict[int, tuple[str, ...]] = {}
    for process_id, term in session.execute(query):
        found[process_id] = (*found.get(process_id, ()), term)
    return found


def _merged(weights: Mapping[str, int]) -> Counter[str]:
    merged: Counter[str] = Counter()
    for term, weight in weights.items():
        merged[term[:100]] += weight
    return merged
