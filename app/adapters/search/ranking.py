"""Finding: which texts answer a question best, by BM25 over blocks of postings.

How rare a word is, and how long a text usually is, come from public texts alone: a text that somebody may not see
moves no score of another. Both databases give the same numbers, because they only hold them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.adapters.search.among import among_numbers, is_among
from app.adapters.search.blocks import BODY, HALVES, LENGTHS, TITLE
from app.adapters.search.question import Alternative, Question
from app.adapters.search.reading import NOWHERE, Ints, Read, intersection, read_index
from app.db.search import SearchText
from app.domain.matching import is_common

Floats = np.ndarray[Any, np.dtype[np.float64]]

SATURATION = 1.2
LENGTH_WEIGHT = {TITLE: 0.4, BODY: 0.85}
FIELD_WEIGHT = {TITLE: 2.0, BODY: 1.0}
MEANT = 0.6
"""What an expression that means the same weighs beside what was asked."""
MOST_COUNTED = 1001
MOST_CHOSEN = 5000
"""So many texts to look in are asked by name; of more, the best are looked up one stretch after the other."""
LOOKED_UP = 2000
AT_FIRST, FARTHER, SPARSE = 16, 4, 50
"""So many times what is asked for is looked up at first, and so many times as many each time after that; where fewer
than one in so many may be seen, it is asked by name which texts there are to look in."""
LARGEST_GROUP = 256
STEP = 1000
"""Scores are compared in steps of a thousandth, so that the last bit of a sum decides nothing."""


class Found(NamedTuple):
    """A text that was found. `share` is its score as a part of the best that a text could have for the question.

    `terms` are the stems it has, the rarest first, and `common` those of them that stand in too many texts to tell
    anything; `meant` are the expressions that mean the same as what was asked.
    `lifted`: it stands higher than its words alone would bring it, because of what it means.
    """

    text_id: int
    process_id: int | None
    external_id: int | None
    kind: str
    excerpt: str
    score: float
    share: float
    terms: tuple[str, ...]
    meant: tuple[str, ...]
    common: tuple[str, ...] = ()
    lifted: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was found: the best in full, and the ids of as many as are counted, in the same order, with their scores.

    `every`: all words were needed, and there is something that has them all. `missing` are words, as they were
    typed, that stand in no public text.
    """

    found: Sequence[Found] = ()
    ids: Sequence[int] = ()
    scores: Sequence[float] = ()
    every: bool = False
    missing: tuple[str, ...] = ()
    weighed: "Weighed | None" = None
    """By what the texts were ranked, for who wants to show more of them in full."""

    @property
    def amount(self) -> int:
        """How many match; `MOST_COUNTED` means: that or more."""
        return len(self.ids)


class Weighed(NamedTuple):
    """A question with what the index says of it: the score of each text by its id, and the best that there could be."""

    read: Read
    question: Question
    scores: Floats
    ideal: float


WHAT = select(SearchText.id, SearchText.process_id, SearchText.external_id, SearchText.kind, SearchText.excerpt).where(
    among_numbers(SearchText.id, "ids")
)


def rank(
    session: Session,
    question: Question,
    *,
    public: bool,
    limit: int,
    among: Select[int] | None = None,
    bonus: Mapping[int, float] | None = None,
    every: bool | None = False,
    naming: Collection[int] = (),
    counted: int = MOST_COUNTED,
    least: float = 0.0,
    but: Sequence[int] = (),
) -> Ranking:
    """The texts that answer a question, the best first, those of equal score in the order of their ids.

    Looks in the texts that everybody may read, or in the others: what of those the reader may see stands in `among`,
    the ids of the texts to look in. `bonus` is added to the score of a text. `every` asks for texts with all words;
    with None a text with some of them will do when none has them all. Where something else was asked beside the words,
    `naming` are the texts that have that: only these have it all. No more than `counted` are looked for, and of
    those with a smaller share than `least` only the texts `but`.
    """
    if question.is_empty and not bonus:
        return Ranking()
    read = read_index(session, question.terms, public=public)
    missing = tuple(
        dict.fromkeys(word.typed for place, word in enumerate(question.words) if not _known(read, question, place))
    )
    scores, ideal = _scores(read, question, bonus or {})
    weighed = Weighed(read, question, scores, ideal)
    scores[read.gone[read.gone < len(scores)]] = 0
    for term in question.without:
        scores[read.of(term).texts] = 0
    if least:
        # A share is told in steps, and rounded to the nearest.
        _leave_out(scores, (least - 0.5 / STEP) * ideal, but)
    sight = _Sight(session, among)
    for demand in _demands(read, question, naming, every=every):
        ids = sight.best(scores, demand.texts, counted)
        if ids:
            found = _found(session, weighed, ids[:limit]) if limit else []
            # What was taken away since the index was read is in neither.
            ids = [*(one.text_id for one in found), *ids[limit:]]
            return Ranking(found, ids, _rounded(scores[ids]), demand.every, missing, weighed)
    return Ranking(missing=missing)


def in_full(session: Session, ranking: Ranking, ids: Sequence[int]) -> list[Found]:
    """Some of the texts of a ranking in full, in the order of `ids`; without those that are there no more."""
    return _found(session, ranking.weighed, ids) if ranking.weighed and ids else []


# --- scores ----------------------------------------------------------------------------------------------------------


def _scores(read: Read, question: Question, bonus: Mapping[int, float]) -> tuple[Floats, float]:
    """The score of each text by its id, and the sum of what the words could bring at most."""
    tables = {place: _table(place, round(average, 1)) for place, average in read.average.items()}
    texts, worths = [np.fromiter(bonus, dtype=np.int32)], [np.fromiter(bonus.values(), dtype=np.float32)]

    def add(found: Ints, weights: Ints, place: int, worth: float) -> None:
        texts.append(found)
        worths.append(tables[place].take(weights) * np.float32(worth))

    ideal = 0.0
    for term, weight in question.weights.items():
        worth = weight * read.rarity(read.public.get(term, 0))
        ideal += worth
        for place in tables:
            postings = read.of(term, place)
            if len(postings.texts):
                add(*postings, place, worth * FIELD_WEIGHT[place])
    for one in question.alternatives:
        worth = MEANT * read.rarity(min((read.public.get(term, 0) for term in one.stems), default=0))
        add(*_all_of(read, one), BODY, worth)
    # All are added up at once, each text in the order of the terms: half the time of adding them term by term. They
    # are of the types in which numpy adds up, or it would copy them.
    last = max((int(one.texts[-1]) for one in read.postings.values() if len(one.texts)), default=0)
    places, parts = np.concatenate(texts, dtype=np.intp), np.concatenate(worths, dtype=np.float64)
    sums = np.bincount(places, parts, minlength=last + 1)
    scores: Floats = sums.astype(np.float64, copy=False)
    return scores, ideal + max(bonus.values(), default=0.0)


def _leave_out(scores: Floats, least: float, but: Sequence[int]) -> None:
    """Take away the scores that are too low, whoever may see the text: less is then looked up."""
    stay = np.asarray([one for one in but if one < len(scores)], dtype=np.intp)
    kept = scores[stay]
    scores[scores < least] = 0
    scores[stay] = kept


@lru_cache(maxsize=64)
def _table(place: int, average: float) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """What a packed weight is worth, between 0 and 1 (BM25), for texts of this average length."""
    packed = np.arange(1 << 16)
    times = (packed >> 8) / HALVES
    length = np.exp2((packed & 255) / LENGTHS) - 1
    norm = 1 - LENGTH_WEIGHT[place] + LENGTH_WEIGHT[place] * length / average
    return (times / (times + SATURATION * norm)).astype(np.float32)


def _all_of(read: Read, one: Alternative) -> tuple[Any, Any]:
    """The texts with all words of an expression, and the weight of its rarest word there."""
    rarest = min((read.of(term) for term in one.stems), key=lambda known: len(known.texts), default=NOWHERE)
    texts = reduce(intersection, (read.of(term).texts for term in one.stems), rarest.texts)
    return texts, rarest.weights[np.searchsorted(rarest.texts, texts)]


# --- demands ---------------------------------------------------------------------------------------------------------


class Demand(NamedTuple):
    """The texts that will do, ascending, where not every text does; and whether they have all the words."""

    texts: Ints | None
    every: bool


def _demands(read: Read, question: Question, naming: Collection[int], *, every: bool | None) -> list[Demand]:
    """What is asked of a text, the strictest first."""
    runs = [*((term, BODY) for run in question.phrases for term in run), *((term, TITLE) for term in question.titled)]
    needed = reduce(_both, (read.of(term, place).texts for term, place in runs), None) if runs else None
    demands = []
    if every is not False and question.words:
        named = np.sort(np.fromiter(naming, dtype=np.int32)) if naming else None
        demands.append(Demand(_both(_both(_having_all(read, question), needed), named), every=True))
    if not every:
        demands.append(Demand(needed, every=False))
    return demands


def _having_all(read: Read, question: Question) -> Ints:
    """The texts that have every word of a question."""
    # The word that fewest texts have comes first, so little is left from the beginning, and mostly soon nothing.
    having: Ints | None = None
    for place in sorted(_places(question), key=lambda place: len(read.of(question.words[place].stem).texts)):
        having = _texts_with(read, question, place, having)
        if not len(having):
            break
    return NOWHERE.texts if having is None else having


def _places(question: Question) -> list[int]:
    """Where each word of the question stands first."""
    return list({word.stem: place for place, word in reversed(list(enumerate(question.words)))}.values())


def _texts_with(read: Read, question: Question, place: int, among: Ints | None) -> Ints:
    """The texts among some, or all, that have a word in one of its ways."""
    found = [_in_all(read, way, among) for way in _ways(question, place)]
    found = [texts for texts in found if len(texts)]
    return np.unique(np.concatenate(found)) if len(found) > 1 else next(iter(found), NOWHERE.texts)


def _known(read: Read, question: Question, place: int) -> bool:
    """Does a word stand in a public text, in one of its ways?"""
    return any(all(read.public.get(term) for term in way) for way in _ways(question, place))


def _ways(question: Question, place: int) -> list[Sequence[str]]:
    """The terms of a word, of all its parts, and of each expression that means the same as it."""
    word = question.words[place]
    others = (one.stems for one in question.alternatives if place in one.places)
    return [(word.stem,), *([word.parts] if word.parts else []), *others]


def _in_all(read: Read, terms: Sequence[str], among: Ints | None = None) -> Ints:
    """The texts among some, or all, that have all these terms; there is at least one."""
    lists = (read.of(term).texts for term in terms)
    return reduce(intersection, lists) if among is None else reduce(intersection, lists, among)


def _both(some: Ints | None, others: Ints | None) -> Ints | None:
    """What stands in both, where None is everything."""
    if some is None or others is None:
        return others if some is None else some
    return intersection(some, others)


# --- the best --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sight:
    """Where may be looked: everywhere, or in the texts whose ids a query tells."""

    session: Session
    among: Select[int] | None
    _named: Ints | None = None
    _asked: bool = False

    def best(self, scores: Floats, texts: Ints | None, amount: int) -> list[int]:
        """The ids of the best of these texts; the fewer are asked for, the less is looked up."""
        if self.among is None:
            return _ordered(scores, texts, amount)
        found: list[int] = []
        looked, reach = 0, min(AT_FIRST * amount, LOOKED_UP)
        while True:
            candidates = _ordered(scores, texts, reach)
            found += self._allowed(self.among, candidates[looked:], amount - len(found))
            if len(found) == amount or len(candidates) < reach:
                return found
            # Where so few may be seen, it is quicker to ask which these are.
            named = self._names(self.among) if len(found) * SPARSE < len(candidates) else None
            if named is not None:
                return _ordered(scores, _both(texts, named), amount)
            looked, reach = len(candidates), FARTHER * reach

    def _names(self, among: Select[int]) -> Ints | None:
        """The texts to look in, ascending, where they are few enough to be named."""
        if not self._asked:
            ids = self.session.scalars(among.limit(MOST_CHOSEN + 1)).all()
            self._named = np.sort(np.asarray(ids, dtype=np.int32)) if len(ids) <= MOST_CHOSEN else None
            self._asked = True
        return self._named

    def _allowed(self, among: Select[int], candidates: Sequence[int], amount: int) -> list[int]:
        """The first so many candidates in which may be looked, in their order."""
        found: list[int] = []
        for start in range(0, len(candidates), LOOKED_UP):
            stretch = candidates[start : start + LOOKED_UP]
            seen = set(self.session.scalars(among.where(is_among(SearchText.id, stretch))))
            found += [one for one in stretch if one in seen]
            if len(found) >= amount:
                break
        return found[:amount]


def _ordered(scores: Floats, texts: Ints | None, amount: int | None) -> list[int]:
    """The ids of the best texts that have a score."""
    if texts is None:
        texts = np.flatnonzero(scores >= _floor(scores, amount) if amount else scores).astype(np.int32)
    else:
        texts = texts[texts < len(scores)]
    steps = _steps(scores[texts])
    matching = scores[texts] > 0
    texts, steps = texts[matching], steps[matching]
    # Stable, so that of equal scores the first text stays first.
    order = np.argsort(-steps, kind="stable")
    best: list[int] = texts[order[:amount]].tolist()
    return best


def _floor(scores: Floats, amount: int) -> float:
    """A score that at least so many texts have, or the least there is: found without sorting them all.

    Of as many groups as are asked for each has a best text, so the worst of these bests will do; where the texts are
    too few to make so many, the text with that place itself is looked for.
    """
    least = float(np.finfo(np.float64).tiny)
    if len(scores) <= amount:
        return least
    best = scores
    if (size := min(LARGEST_GROUP, len(scores) // (2 * amount))) > 1:
        # What is left at the end could only make the floor higher. A group is a column: these are compared in one go.
        best = scores[: len(scores) // size * size].reshape(size, -1).max(axis=0)
    # A little lower, so that equal scores are not cut in the middle of a step.
    return max(float(np.partition(best, -amount)[-amount]) - 1 / STEP, least)


def _found(session: Session, weighed: Weighed, ids: Sequence[int]) -> list[Found]:
    read, question, scores, ideal = weighed
    rows = {row.id: row for row in session.connection().execute(WHAT, {"ids": list(ids)}).all()}
    known = [one for one in ids if one in rows]
    rounded = dict(zip(known, _rounded(scores[known]), strict=True))
    rarest = sorted(question.weights, key=lambda term: (read.public.get(term, 0), term))
    terms = _having(read, known, ((term, (term,)) for term in rarest))
    meant = _having(read, known, ((one.expression, one.stems) for one in question.alternatives))
    return [
        Found(
            *rows[one],
            score=rounded[one],
            share=round(min(1.0, float(scores[one]) / ideal), 3) if ideal else 0.0,
            terms=terms[one],
            meant=meant[one],
            common=tuple(term for term in terms[one] if is_common(read.public.get(term, 0), read.texts)),
        )
        for one in known
    ]


def _steps(scores: Floats) -> Ints:
    return np.rint(scores * STEP).astype(np.int64)


def _rounded(scores: Floats) -> list[float]:
    """Scores in the steps in which they are compared."""
    rounded: list[float] = (_steps(scores) / STEP).tolist()
    return rounded


def _having(read: Read, ids: Sequence[int], named: Iterable[tuple[str, Sequence[str]]]) -> dict[int, tuple[str, ...]]:
    """By text the names of those groups of terms of which it has all."""
    found: dict[int, list[str]] = {one: [] for one in ids}
    asked = np.sort(np.asarray(ids, dtype=np.int32))
    for name, terms in named:
        for one in _in_all(read, terms, asked).tolist():
            found[one].append(name)
    return {one: tuple(names) for one, names in found.items()}
