"""Words that must not be read: how they are found in a text, in whatever spelling the text has them.

A passage is looked for in folded text. Folding makes one of what a reader takes for the same: capitals and small
letters, letters with and without accents, the ways in which Unicode writes one letter, every kind of white space and
any amount of it, every kind of dash and of quotation mark. It leaves out what nobody sees, such as a soft hyphen. A
text is read in more than one way, and a passage that is found in one of them is found: as it stands, with words joined
that a line breaks off, and as markup, without tags and with `&amp;` and its like as the sign that they mean. So more
may be left out than was meant (Jan in januari), and never less.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

LIKE = str.maketrans(
    dict.fromkeys("‘’‚‛ʼʹ`´′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
)
MARKUP = re.compile(r"<[^<>]{1,2000}>")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
BROKEN_OFF = re.compile("[-\u00ad\u2010][^\\S\n]*\n\\s*")
UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})

SHORTEST_SQUEEZED = 6
"""A passage of fewer letters than this stands, without its spaces, in half of all words."""

Span = tuple[int, int]


class Reading(NamedTuple):
    """A text as it is compared, and where each of its signs stands in the text as it is."""

    text: str
    spans: Sequence[Span]


def readings(text: str) -> tuple[Reading, ...]:
    """The ways in which a text can be read, each once.

    >>> [one.text for one in readings("Jan <b>de</b> Vries")]
    ['jan <b>de</b> vries', 'jan de vries']
    """
    found: dict[str, Reading] = {}
    for cuts in (None, (BROKEN_OFF,), (MARKUP, ENTITY), (MARKUP, ENTITY, BROKEN_OFF)):
        reading = _folded(_signs(text, cuts or ()))
        found.setdefault(reading.text, reading)
    return tuple(found.values())


def folded(text: str) -> str:
    r"""A text as it is compared.

    >>> folded(" Ren\u00e9\u00a0\u00a0DE\nVri\u00ades ")
    'rene de vries'
    """
    return _folded(_signs(text, ())).text.strip()


def needles(passage: str) -> frozenset[str]:
    """What is looked for of a passage; nothing of one that has nothing to see."""
    return frozenset(text for one in readings(passage) if (text := one.text.strip()))


def places(text: Sequence[Reading], passage: str) -> Iterator[Span]:
    """Where a passage stands in a text, also where it overlaps itself.

    >>> list(places(readings("Ja, JAN de  Vries."), "jan de vries"))
    [(4, 17)]
    """
    for reading in text:
        for needle in needles(passage):
            start = reading.text.find(needle)
            while start >= 0:
                yield reading.spans[start][0], reading.spans[start + len(needle) - 1][1]
                start = reading.text.find(needle, start + 1)


def occurs(passage: str, text: str) -> bool:
    """A passage stands somewhere in a text."""
    return any(True for _ in places(readings(text), passage))


def survivors(passages: Iterable[str], texts: Iterable[str], marks: Collection[str]) -> list[str]:
    """The passages that can still be read in these texts, sought harder than they were taken out.

    Between the `marks` that stand for what was left out, every text is also read without spaces and punctuation, so
    that a name with other signs between its parts is found as well.

    >>> survivors(["Jan de Vries", "06 12345678"], ["[5.1.2e] belt 06-12 34 56 78."], {"5.1.2e"})
    ['06 12345678']
    """
    mark = re.compile("|".join(rf"\[{re.escape(one)}\]" for one in sorted(marks)) or r"(?!)")
    parts = [part for text in texts for part in mark.split(text) if part]
    read = {one.text for part in parts for one in readings(part)}
    squeezed = {_squeezed(text) for text in read}
    return [passage for passage in dict.fromkeys(passages) if _is_among(passage, read, squeezed)]


def _is_among(passage: str, read: Collection[str], squeezed: Collection[str]) -> bool:
    sought = needles(passage)
    if any(needle in text for needle in sought for text in read):
        return True
    tight = {_squeezed(needle) for needle in sought}
    return any(len(needle) >= SHORTEST_SQUEEZED and needle in text for needle in tight for text in squeezed)


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _signs(text: str, cuts: Sequence[re.Pattern[str]]) -> Iterator[tuple[str, int, int]]:
    """Each sign and where it stands; a tag is none, and an entity is the sign that it means."""
    if not cuts:
        yield from ((sign, place, place + 1) for place, sign in enumerate(text))
        return
    end = 0
    for found in re.finditer("|".join(cut.pattern for cut in cuts), text):
        yield from ((text[place], place, place + 1) for place in range(end, found.start()))
        if ENTITY in cuts and ENTITY.fullmatch(found[0]):
            yield html.unescape(found[0]), found.start(), found.end()
        end = found.end()
    yield from ((text[place], place, place + 1) for place in range(end, len(text)))


def _folded(signs: Iterable[tuple[str, int, int]]) -> Reading:
    letters: list[str] = []
    spans: list[Span] = []
    for sign, start, end in signs:
        letter = _letter(sign)
        if not letter and spans:
            # An accent or a hidden sign goes along with the letter that it stands on.
            spans[-1] = (spans[-1][0], max(end, spans[-1][1])) if spans[-1][1] == start else spans[-1]
        for one in letter:
            if one == " " and letters and letters[-1] == " ":
                spans[-1] = (spans[-1][0], end)
                continue
            letters.append(one)
            spans.append((start, end))
    return Reading("".join(letters), spans)


@lru_cache(maxsize=20_000)
def _letter(sign: str) -> str:
    """What a sign is compared as: nothing, one letter or a few."""
    plain = unicodedata.normalize("NFKD", sign.translate(LIKE)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(LIKE)
    return "".join(
        " " if one.isspace() else one for one in plain if one.isspace() or unicodedata.category(one) not in UNSEEN
    )
