"""What is asked, in the terms of the index."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.adapters.search.analysis import PART, spelled, stems, words
from app.adapters.search.lexicon import as_written

MOST_WORDS = 100
"""Of a longer question the words that come first count: who writes begins with what matters."""
LONGEST_EXPRESSION = 6
REPEATED = 0.45
"""A word that is asked twice weighs less than twice."""

Synonyms = Mapping[tuple[str, ...], tuple[str, ...]]
"""The stems of an expression, and the expressions that mean the same, as they are written."""


class Word(NamedTuple):
    """A word as it was typed, with its terms."""

    typed: str
    stem: str
    parts: tuple[str, ...]


class Alternative(NamedTuple):
    """An expression that means the same as some words of the question, which stand at `places`.

    A text has it when it has all its stems.
    """

    places: tuple[int, ...]
    expression: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Words to look for; phrases and stems of the title that a text must have, and stems that it may not have."""

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    cut: bool = False
    """Were there more words than are looked at?"""

    @property
    def weights(self) -> dict[str, float]:
        """The terms that count for the score, each with how heavily."""
        asked: dict[str, float] = {}
        for word in self.words:
            asked[word.stem] = asked.get(word.stem, 0.0) + 1.0
            for part in word.parts:
                asked[part] = asked.get(part, 0.0) + PART
        return {term: times**REPEATED for term, times in asked.items()}

    @property
    def terms(self) -> list[str]:
        """Every term whose postings are needed, each once."""
        needed = dict.fromkeys(self.weights)
        for run in (*self.phrases, self.without, self.titled, *(one.stems for one in self.alternatives)):
            needed |= dict.fromkeys(run)
        return list(needed)

    @property
    def is_empty(self) -> bool:
        """Does it ask for nothing that can be found?"""
        return not (self.words or self.phrases or self.titled)


def question(
    text: str,
    *,
    phrases: Sequence[str] = (),
    without: Sequence[str] = (),
    titled: Sequence[str] = (),
    synonyms: Synonyms | None = None,
) -> Question:
    """A question from what was typed; the words of phrases and of titles count for the score as well."""
    typed = words(" ".join([text, *phrases, *titled]))
    asked = typed[:MOST_WORDS]
    found = tuple(Word(as_written(word), spelled(word).stem, spelled(word).parts) for word in asked)
    return Question(
        words=found,
        phrases=tuple(filter(None, (tuple(stems(phrase)) for phrase in phrases))),
        without=tuple(dict.fromkeys(stem for one in without for stem in stems(one))),
        titled=tuple(dict.fromkeys(stem for one in titled for stem in stems(one))),
        alternatives=tuple(_alternatives(found, synonyms or {})),
        cut=len(typed) > MOST_WORDS,
    )


def with_synonyms(asked: Question, synonyms: Synonyms) -> Question:
    """The same question, where other expressions mean the same."""
    return replace(asked, alternatives=tuple(_alternatives(asked.words, synonyms)))


def _alternatives(asked: Sequence[Word], synonyms: Synonyms) -> Iterator[Alternative]:
    run = [word.stem for word in asked]
    seen = set()
    for start in range(len(run) if synonyms else 0):
        for end in range(start + 1, min(len(run), start + LONGEST_EXPRESSION) + 1):
            for expression in synonyms.get(tuple(run[start:end]), ()):
                # Of an expression without any stem it could only be said that every text has it.
                if expression not in seen and (stemmed := tuple(stems(expression))):
                    seen.add(expression)
                    yield Alternative(tuple(range(start, end)), expression, stemmed)
