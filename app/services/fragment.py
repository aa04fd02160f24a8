"""What was looked for, in the text where it stands: words that match are marked, and the best stretch is shown."""

import html
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.adapters.search.analysis import LONGEST_WORD, STOP_WORDS, WORD, spelled

Stretches = Sequence[tuple[str, bool]]
"""A text in pieces, each with whether it is a word that was looked for."""

LONGEST, LONGEST_TEXT, MOST_PLACES = 300, 60_000, 1_500


class Place(NamedTuple):
    """A word that matches: where it stands, and the term that it has in common with the question."""

    start: int
    end: int
    term: str


class Fragment(NamedTuple):
    """A stretch of a text, and how many of the terms that were looked for stand in it.

    `said` has of each term in the whole text the word as it is first written there.
    """

    stretches: Stretches
    amount: int
    said: Mapping[str, str]

    def html(self) -> str:
        """The stretch as HTML, with the words that match in `em`."""
        return as_html(self.stretches)


def fragment(text: str, terms: Collection[str], *, longest: int = LONGEST) -> Fragment:
    """The stretch of a text in which most terms stand, the first where that is equal; without any its beginning."""
    text = text[:LONGEST_TEXT]
    found = places(text, terms)
    start, end, amount = _best(found, longest)
    room = max(0, longest - (end - start))
    start = max(0, start - room // 2) if found else 0
    start, end = _at_words(text, start, min(len(text), start + longest))
    pieces = _pieces(text, start, end, found)
    before = [("… ", False)] * bool(text[:start].strip())
    after = [(" …", False)] * bool(text[end:].strip())
    said = {place.term: text[place.start : place.end] for place in reversed(found)}
    return Fragment([*before, *pieces, *after], amount, said)


def places(text: str, terms: Collection[str]) -> list[Place]:
    """Where a text has words with one of these stems, or that are made of one, in order."""
    wanted = frozenset(term for term in terms if term)
    if not wanted:
        return []
    found: list[Place] = []
    for match in WORD.finditer(_flat(text)):
        said = match[0]
        if said in STOP_WORDS:
            continue
        word = spelled(said[:LONGEST_WORD])
        if word.stem in wanted:
            found.append(Place(match.start(), match.end(), word.stem))
        elif word.parts and not wanted.isdisjoint(word.parts):
            found.append(Place(match.start(), match.end(), next(part for part in word.parts if part in wanted)))
        if len(found) == MOST_PLACES:
            break
    return found


def as_html(stretches: Stretches) -> str:
    """Pieces of a text as HTML, with the words that match in `em`.

    >>> as_html([("Gemeenten & ", False), ("gegevens", True)])
    'Gemeenten &amp; <em>gegevens</em>'
    """
    return "".join(
        f"<em>{html.escape(piece, quote=False)}</em>" if hit else html.escape(piece, quote=False)
        for piece, hit in stretches
    )


def _best(found: Sequence[Place], longest: int) -> tuple[int, int, int]:
    """The stretch with the most different terms, and then the most words: where it begins and ends, and how many."""
    best, chosen = (0, 0), (0, 0)
    inside: dict[str, int] = {}
    first = 0
    for place in found:
        inside[place.term] = inside.get(place.term, 0) + 1
        while place.end - found[first].start > longest and found[first] is not place:
            gone = found[first].term
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            first += 1
        worth = (len(inside), sum(inside.values()))
        if worth > best:
            best, chosen = worth, (found[first].start, place.end)
    return (*chosen, best[0])


def _at_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without half words at its ends."""
    if start > 0 and text[start - 1].isalnum():
        space = text.find(" ", start, start + 40)
        start = space + 1 if space >= 0 else start
    if end < len(text) and text[end].isalnum():
        space = text.rfind(" ", max(start, end - 40), end)
        end = space if space > start else end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _pieces(text: str, start: int, end: int, found: Sequence[Place]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = start
    for place in found:
        if place.start < start or place.end > end:
            continue
        pieces += [(text[at : place.start], False), (text[place.start : place.end], True)]
        at = place.end
    return [piece for piece in (*pieces, (text[at:end], False)) if piece[0]]


def _flat(text: str) -> str:
    """Small letters without accents, as long as the text itself."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return "".join(map(_plain, lowered if len(lowered) == len(text) else text))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    return (unicodedata.normalize("NFKD", sign.lower()) or sign)[0]
