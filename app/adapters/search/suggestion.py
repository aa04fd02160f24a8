"""What somebody may have meant who typed a word that stands nowhere."""

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.search.analysis import spelled
from app.adapters.search.lexicon import fold, is_known
from app.adapters.search.reading import standing
from app.adapters.search.vocabulary import LONGEST_WORD, SHORTEST_WORD
from app.db.search import SearchWord

MOST_LOOKED_AT, MOST_COMPARED = 20_000, 10


def suggest(session: Session, word: str, *, limit: int = 3) -> Sequence[str]:
    """The words of public texts that differ least from this one: one sign in a short word, two in a long one.

    Where no text has such a word, a form of one: who types "schuldne" finds what has "schuld".
    """
    # Few searches are mistyped.
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import DamerauLevenshtein  # noqa: PLC0415

    typed = fold(word)
    if not SHORTEST_WORD <= len(typed) <= LONGEST_WORD or not typed.isalpha():
        return []
    most = 1 if len(typed) < 8 else 2
    # Who mistypes seldom mistypes the first letter, and the two first letters at most change places.
    query = (
        select(SearchWord.word)
        .where(
            SearchWord.initial.in_(sorted({typed[0], typed[1]})),
            SearchWord.length.between(len(typed) - most, len(typed) + most),
        )
        .order_by(SearchWord.word)
        .limit(MOST_LOOKED_AT)
    )
    known = session.scalars(query).all()
    found = process.extract(typed, known, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=MOST_COMPARED)
    near = [text for text, _, _ in sorted(found, key=lambda one: (one[1], one[0])) if text != typed]
    # A word of a text that was taken away is forgotten by the worker, and never proposed.
    return _standing(session, near)[:limit] or _standing(session, sorted(set(_slips(typed))))[:limit]


def _standing(session: Session, near: Sequence[str]) -> list[str]:
    """Those of these words of which a form stands in a public text."""
    there = standing(session, [spelled(text).stem for text in near]) if near else set()
    return [text for text in near if spelled(text).stem in there]


def _slips(typed: str) -> Iterator[str]:
    """The known words that become this one by one slip of a finger; the first letter is right."""
    for place in range(1, len(typed) + 1):
        before, after = typed[:place], typed[place:]
        meant = [after[1:], after[1:2] + after[:1] + after[2:]]
        meant += [letter + rest for letter in ascii_lowercase for rest in (after, after[1:])]
        yield from (before + rest for rest in meant if before + rest != typed and is_known(before + rest))
