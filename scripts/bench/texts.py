"""Texts that look like Dutch to a search engine, and questions about them: the same ones each time.

How often a word occurs follows what was counted in letters of the Dutch government: half of the words say nothing, the
commonest of the others stands in a fifth of the texts, the hundredth in a twentieth, the thousandth in one of 150. Of
the words that say nothing 7 in 100 are not among those that PostgreSQL leaves out of Dutch.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from simplemma.strategies import DefaultDictionaryFactory

from app.adapters.search.analysis import STOP_WORDS

SEED, CHUNK = 20261122, 1_000
SHORTEST, LONGEST = 60, 150
TITLE = 8
"""So many words of a text are its title."""
ASKED, NOISE = 28, 8
"""A question is so many words that stand together in a text, between so many that do not."""
VOCABULARY, COMPOUNDS = 60_000, 20_000
"""Words of the list, and words that nobody wrote down: each of two words of the list, the way Dutch makes them."""
FLATNESS, STEEPNESS = 45, 1.1
"""A word of rank r is as common as 1 / (r + flatness) to the power of the steepness."""
SILENT = (3, 1.6)
"""The same of the words that say nothing: then 8 in 100 of these are words that PostgreSQL does not know as such."""
GLUE = ("", "", "s", "e", "en")


class Text(NamedTuple):
    """A text to be found."""

    title: str
    body: str

    @property
    def whole(self) -> str:
        """Title and body together, for who knows no titles."""
        return f"{self.title} {self.body}"


def texts(size: int) -> Iterator[Text]:
    """So many texts, always beginning with the same."""
    for first in range(0, size, CHUNK):
        for words in _chunk(first // CHUNK)[: size - first]:
            yield Text(" ".join(words[:TITLE]), " ".join(words[TITLE:]))


def questions(size: int, amount: int) -> list[str]:
    """Questions of 36 words, each about one of so many texts."""
    source = np.random.default_rng((SEED, size))
    asked = []
    for place in source.integers(size, size=amount):
        words = _chunk(int(place) // CHUNK)[place % CHUNK]
        begin = int(source.integers(len(words) - ASKED + 1))
        question = words[begin : begin + ASKED]
        for word in _drawn(source, NOISE):
            question.insert(int(source.integers(len(question) + 1)), word)
        asked.append(" ".join(question))
    return asked


def saying_words(text: str) -> list[str]:
    """The words of a text that say something, each once."""
    return [word for word in dict.fromkeys(text.split()) if word not in STOP_WORDS]


def _chunk(number: int) -> list[list[str]]:
    """A thousand texts, as words."""
    source = np.random.default_rng((SEED, 0, number))
    lengths = source.integers(SHORTEST, LONGEST + 1, size=CHUNK)
    words = _drawn(source, int(lengths.sum()))
    ends = np.cumsum(lengths).tolist()
    return [words[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def _drawn(source: np.random.Generator, amount: int) -> list[str]:
    """Words as they come, those that say nothing between the others."""
    saying, silent = _vocabulary(), _silent_words()
    drawn = saying.words[np.searchsorted(saying.chances, source.random(amount))]
    quiet = silent.words[np.searchsorted(silent.chances, source.random(amount))]
    words: list[str] = np.where(source.random(amount) < 0.5, drawn, quiet).tolist()
    return words


class _Words(NamedTuple):
    words: np.ndarray[tuple[int], np.dtype[np.object_]]
    chances: np.ndarray[tuple[int], np.dtype[np.float64]]


@cache
def _vocabulary() -> _Words:
    """Words that say something, the commonest first: short ones more often than long ones."""
    source = np.random.default_rng(SEED)
    known = sorted({word for word in DefaultDictionaryFactory().get_dictionary("nl") if _is_plain(word)} - STOP_WORDS)
    order = sorted(known, key=dict(zip(known, _rank(source, known), strict=True)).__getitem__)[:VOCABULARY]
    first, second, glue = (source.integers(most, size=COMPOUNDS) for most in (20_000, 20_000, len(GLUE)))
    made = [order[one] + GLUE[by] + order[other] for one, by, other in zip(first, glue, second, strict=True)]
    # A compound that nobody wrote down is not common either.
    places = np.concatenate([np.arange(len(order)), source.integers(500, len(order), size=COMPOUNDS)])
    words = np.array([*order, *made], dtype=object)[np.argsort(places, kind="stable")]
    return _Words(words, _chances(len(words)))


def _rank(source: np.random.Generator, words: list[str]) -> list[float]:
    lengths = np.array([len(word) for word in words])
    ranks: list[float] = (lengths + 2.5 * source.standard_normal(len(words))).tolist()
    return ranks


@cache
def _silent_words() -> _Words:
    words = sorted(STOP_WORDS, key=lambda word: (len(word), word))
    return _Words(np.array(words, dtype=object), _chances(len(words), *SILENT))


def _chances(
    amount: int, flatness: int = FLATNESS, steepness: float = STEEPNESS
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """For each word the chance of it and of all before it."""
    sums = np.cumsum((np.arange(amount) + flatness) ** -steepness)
    return np.asarray(sums / sums[-1], dtype=np.float64)


def _is_plain(word: str) -> bool:
    return len(word) > 2 and word.isascii() and word.isalpha() and word.islower()
