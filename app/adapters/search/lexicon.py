"""The Dutch words that are known: the base form of each, and the parts of compounds.

The words are those of `simplemma` and a few of this field. They are kept as a trie in a file, which processes share:
as a table of strings it would cost each of them 60 MB.
"""

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import marisa_trie

from app.config import resource

OWN_WORDS = resource("workflows") / "lists" / "words.toml"
VERSION = f"simplemma-{version('simplemma')}-{sha256(OWN_WORDS.read_bytes()).hexdigest()[:8]}"
SHORTEST_PART, SHORTEST_COMPOUND, LONGEST_COMPOUND = 4, 8, 60
GLUE = ("", "s", "e", "en", "n")
"""What stands between the parts of a Dutch compound (tussenklanken)."""
COST_OF_PART, COST_OF_SHORTNESS, COST_OF_GLUE = 1.0, 10.0, 0.5
PREFIXES = ("be", "er", "ge", "ont", "ver")
"""What stands before a word that is derived of another, and is no word itself."""
SHORTEST_NOUN = 6

ENDINGS = frozenset({"eren", "ering", "eringen"})
"""What words end in, and what is in the list for another reason."""

CAPITAL = "ǀ"
"""Stands behind a word once for each of its capitals. A letter, in a script of which no word is Dutch."""

_folder: Path | None = None


def keep_in(folder: Path) -> None:
    """Keep the trie in this folder, where another process finds it; without, each process makes its own."""
    global _folder  # noqa: PLW0603 - one list for the whole process, wherever its words are asked
    _folder = folder


def fold(text: str) -> str:
    """Small letters without accents.

    >>> fold("Coördinatie")
    'coordinatie'
    """
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return "".join(sign for sign in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(sign))


def with_capitals(text: str) -> str:
    """A text with a word of its own behind each abbreviation that is another word, or another law, when written small.

    >>> with_capitals("het OM, om dat te doen")
    'het OM omǀǀ, om dat te doen'
    """
    return _in_capitals().sub(lambda found: f"{found[0]} {found[0].lower()}{CAPITAL * _capitals(found[0])}", text)


def as_written(word: str) -> str:
    """A folded word as people write it.

    >>> as_written("omǀǀ"), as_written("wgsǀ"), as_written("schuld")
    ('OM', 'Wgs', 'schuld')
    """
    letters = word.rstrip(CAPITAL)
    amount = len(word) - len(letters)
    return letters[:amount].upper() + letters[amount:]


def _capitals(word: str) -> int:
    return sum(map(str.isupper, word))


def base(word: str) -> str:
    """The form by which a dictionary lists a folded word; the word itself where it is not known.

    >>> base("schulden"), base("uitgewisseld"), base("kinderen")
    ('schuld', 'uitwisselen', 'kind')
    """
    found = _trie().get(word)
    return found[0].decode() or word if found else word


def is_known(word: str) -> bool:
    """Does a folded word stand in the list?"""
    return word in _trie()


def is_whole(word: str) -> bool:
    """Is a folded word itself alone, however much it looks like a form of another word, or like two words?"""
    return word in _own_words()["whole"]


def verb_of(noun: str) -> str | None:
    """The verb of which a folded noun in -ing is made.

    >>> verb_of("belasting"), verb_of("leerling")
    ('belasten', None)
    """
    verb = noun.removesuffix("ing") + "en"
    return verb if noun.endswith("ing") and len(noun) >= SHORTEST_NOUN and is_known(verb) else None


@lru_cache(maxsize=1 << 15)
def compound_parts(word: str) -> tuple[str, ...]:
    """The words of which a folded word is made; none where it is not a compound of words in the list.

    The cheapest way to read it wins: few parts, and no short ones where long ones fit.

    >>> compound_parts("schuldhulpverlening")
    ('schuld', 'hulp', 'verlening')
    """
    # Whatever words can be read in it: a noun of a verb is what the verb is, "verstrekken" is not "vers", and a form
    # of a word has the parts of that word.
    word = verb_of(word) or base(word)
    length = len(word)
    if not SHORTEST_COMPOUND <= length <= LONGEST_COMPOUND or not word.isalpha() or _is_derived(word) or is_whole(word):
        return ()
    best: list[tuple[float, tuple[str, ...]] | None] = [None] * (length + 1)
    best[0] = (0.0, ())
    for start in range(length - 1):
        known = best[start]
        if known is None:
            continue
        for part in _trie().prefixes(word[start:]):
            if not _may_be_part(part):
                continue
            for end, cost in _ends(word, start, part):
                offered = (known[0] + cost, (*known[1], part))
                there = best[end]
                if there is None or offered[0] < there[0]:
                    best[end] = offered
    found = best[length]
    return found[1] if found and len(found[1]) > 1 else ()


@lru_cache(maxsize=1 << 13)
def _may_be_part(word: str) -> bool:
    """Not too short, no ending, and no form of a verb as in "hij kent"."""
    if word in ENDINGS:
        return False
    if len(word) < SHORTEST_PART:
        return word in _own_words()["short"]
    return not (word.endswith("t") and is_known(word[:-1]) and base(word) == base(word[:-1]) != word[:-1])


def _is_derived(word: str) -> bool:
    return is_known(word) and any(
        word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_PART and is_known(word[len(prefix) :])
        for prefix in PREFIXES
    )


def _ends(word: str, start: int, part: str) -> Iterator[tuple[int, float]]:
    """Where the next part can begin after this one, and what it costs."""
    after, cost = start + len(part), COST_OF_PART + COST_OF_SHORTNESS / len(part)
    if start == 0 and after == len(word):
        return
    for glue in GLUE:
        end = after + len(glue)
        # Nothing is glued behind the last part.
        if word.startswith(glue, after) and (end < len(word) or not glue):
            yield end, cost + (COST_OF_GLUE if glue else 0.0)


@cache
def _trie() -> marisa_trie.BytesTrie:
    """Each known word with its base, which is empty where that is the word itself."""
    kept = _folder / f"words-{VERSION}.marisa" if _folder else None
    if kept is not None and kept.exists():
        return marisa_trie.BytesTrie().mmap(str(kept))
    made = marisa_trie.BytesTrie(_words().items())
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(dir=kept.parent)
        os.close(handle)
        made.save(name)
        # Whole or not at all: another process may be doing the same.
        Path(name).replace(kept)
    return made


def _words() -> dict[str, bytes]:
    # Only who makes the trie needs the table.
    from simplemma.strategies import DefaultDictionaryFactory  # noqa: PLC0415

    found: dict[str, bytes] = {}
    for word, listed in DefaultDictionaryFactory().get_dictionary("nl").items():
        # A verb that comes apart is listed as in_dienen; names come with a capital, and give way to words.
        folded, of = fold(word), fold(listed)
        of = of.replace("_", "").replace("-", "")
        if word.islower() or folded not in found:
            found[folded] = b"" if of == folded else of.encode()
        found.setdefault(of, b"")
    own = _own_words()
    return found | dict.fromkeys(own["words"], b"") | {word: of.encode() for word, of in own["bases"].items()}


@cache
def _own_words() -> dict[str, Any]:
    """The words of this field, as data."""
    return tomllib.loads(OWN_WORDS.read_text("utf-8"))


@cache
def _in_capitals() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_own_words()['capitals'])})\b")
