"""What somebody asks of the search: words, phrases, what may not occur, and fields; no text is an error."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.domain.dutch import listing

TITLE, LAW, ARTICLE, TYPE, STATE, YEAR, SOURCE, SECTOR, PARTY, CONCLUSION = FIELDS = (
    "titel",
    "wet",
    "artikel",
    "type",
    "status",
    "jaar",
    "bron",
    "sector",
    "partij",
    "conclusie",
)
LONGEST, LONGEST_WORD = 2_000, 60
MOST_WORDS, MOST_OTHERS = 60, 10
"""More words than this say nothing more; of phrases, fields and exclusions there may be this many."""

QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
BETWEEN = frozenset({"AND", "EN", "OF", "OR"})
"""What other systems write between words; here the texts with most of the words come first, whatever stands between."""
TOKEN = re.compile(
    r"(?:(?<!\S)(?P<excluded>[-–—!]|(?-i:NIET|NOT)\s+))?"
    rf"(?:(?<!\w)(?P<field>{'|'.join(FIELDS)}):(?=[^\s]))?"
    r'(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)
# A word keeps the signs within it that make it that word: 3:50, foto's, e-mail, artikel 6.1.
WORD = re.compile(r"[^\W_]+(?:(?:['’.\-‐‑]|(?<=\d):|:(?=\d))[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class FieldAsked:
    """A field with what has to stand in it, or may not."""

    field: str
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was understood; `asked` is the part of the text that was read, `free` what of it has no sign.

    `without` are words and phrases that may not occur. `cut` says that there was more than is looked for.
    """

    asked: str = ""
    free: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fields: tuple[FieldAsked, ...] = ()
    cut: bool = False

    @property
    def titled(self) -> tuple[str, ...]:
        """What has to stand in the title."""
        return tuple(one.value for one in self.fields if one.field == TITLE)

    @property
    def text(self) -> str:
        """All the words that have to be found, those of phrases and titles too."""
        return " ".join([*self.words, *self.phrases, *self.titled])

    @property
    def is_plain(self) -> bool:
        """There are only words in it."""
        return not (self.phrases or self.without or self.fields)

    def said(self) -> list[str]:
        """The question back in words.

        >>> read('schuld "in beeld" -huur status:geldend').said()
        ['met schuld', 'met precies “in beeld”', 'zonder huur', 'status: geldend']
        """
        return [
            *([f"met {listing(self.words)}"] if self.words else []),
            *(f"met precies “{phrase}”" for phrase in self.phrases),
            *(f"zonder {f'“{one}”' if ' ' in one else one}" for one in self.without),
            *(f"{'niet ' if one.excluded else ''}{one.field}: {one.value}" for one in self.fields),
        ]


# A search reads the same question in several places.
@lru_cache(maxsize=8)
def read(text: str) -> Query:
    """Read a question; every sign without a meaning parts words, and nothing is refused.

    >>> read('titel:"Wet BRP" delen, -"in het kort" artikel:6')
    Query(asked='titel:"Wet BRP" delen, -"in het kort" artikel:6', free='delen,', words=('delen',), phrases=(), \
without=('in het kort',), fields=(FieldAsked(field='titel', value='Wet BRP', excluded=False), \
FieldAsked(field='artikel', value='6', excluded=False)), cut=False)
    >>> read(' - : "" -"" ( )').words
    ()
    >>> read("schuld AND wijkteam NIET huur –toeslag !bijstand").said()
    ['met schuld en wijkteam', 'zonder huur', 'zonder toeslag', 'zonder bijstand']
    """
    asked = _beginning(" ".join(_printable(text).translate(QUOTES).split()))
    free: list[str] = []
    words: dict[str, None] = {}
    phrases: dict[str, None] = {}
    without: dict[str, None] = {}
    fields: dict[FieldAsked, None] = {}
    for token in TOKEN.finditer(asked):
        excluded, field = token["excluded"] is not None, (token["field"] or "").lower()
        value = " ".join(_words(token["phrase"] if token["phrase"] is not None else token["word"]))
        if not value:
            continue
        if field and not (excluded and field == TITLE):
            fields[FieldAsked(field, _value(token), excluded)] = None
        elif excluded:
            without[value] = None
        elif token["phrase"] is not None and " " in value:
            phrases[value] = None
        elif token[0] not in BETWEEN:
            free.append(token[0])
            words.update(dict.fromkeys(value.split()))
    return Query(
        asked,
        " ".join(free),
        _first(words, MOST_WORDS),
        _first(phrases, MOST_OTHERS),
        _first(without, MOST_OTHERS),
        tuple(fields)[:MOST_OTHERS],
        cut=len(words) > MOST_WORDS
        or max(len(phrases), len(without), len(fields)) > MOST_OTHERS
        or len(text.strip()) > LONGEST,
    )


def without_word(asked: str, word: str) -> str:
    """The same question without a word.

    >>> without_word('schuld "schuld in beeld" huur', "schuld")
    '"schuld in beeld" huur'
    """
    return _replaced(asked, word, "")


def with_word(asked: str, word: str, other: str) -> str:
    """The same question with another word in the place of one.

    >>> with_word("gegvens delen", "gegvens", "gegevens")
    'gegevens delen'
    """
    return _replaced(asked, word, other)


def _replaced(asked: str, word: str, other: str) -> str:
    parts = re.split(r'("[^"]*")', asked)
    own = re.compile(rf"(?<![\w:]){re.escape(word)}(?!\w)", re.IGNORECASE)
    changed = "".join(part if part.startswith('"') else own.sub(lambda _: other, part) for part in parts)
    return " ".join(changed.split())


def _value(token: re.Match[str]) -> str:
    """The value of a field as it was written, without what only surrounds it."""
    value = token["phrase"] if token["phrase"] is not None else token["word"]
    return " ".join(str(value).strip(" ,;.!?()[]{}<>'\"").split())[:200]


def _words(text: str) -> Iterator[str]:
    return (word[:LONGEST_WORD] for word in WORD.findall(text))


def _first(some: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(some)[:most]


def _beginning(text: str) -> str:
    """As much of a long text as is read, to the end of a word where it has one."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]


def _printable(text: str) -> str:
    """The text without the signs that steer a machine, and halves of a sign."""
    return "".join(sign if sign.isprintable() or sign.isspace() else " " for sign in text[: 20 * LONGEST])
