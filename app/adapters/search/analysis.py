"""From text to terms: folded words, Dutch stems, and the parts of compounds.

Whatever changes here changes what every text is found by: it shows in `version`, and the index is made anew.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import version as release
from threading import local

import Stemmer

from app.adapters.search import lexicon
from app.adapters.search.lexicon import base, compound_parts, fold, is_known, is_whole, verb_of, with_capitals

MADE = 3
"""To be raised with each change of these rules."""

WORD = re.compile(r"[^\W_]+(?:['’:.\-‐‑][^\W_]+)*")
JOINTS = re.compile(r"['’\-‐‑]")
SPELLED_OUT = re.compile(r"(?:[a-z]\.)+[a-z]")
"""An abbreviation with dots, such as b.s.n."""
LONGEST_TERM, LONGEST_WORD = 60, 200
OLD_SPELLING = (
    ("produkt", "product"),
    ("kontrol", "control"),
    ("kontakt", "contact"),
    ("ikatie", "icatie"),
    ("okatie", "ocatie"),
    ("aktie", "actie"),
    ("ekonom", "econom"),
)
"""How the same words were written before 1996."""
LOANED = ("eringen", "eren", "ering", "aties", "atie")
"""The endings of a verb that was taken from another language, and of the nouns for what it does."""
ENDING_OF_ADJECTIVE = re.compile(r"(?<=[dt])en?$")
SHORTEST_LOAN, SHORTEST_PARTICIPLE = 4, 6
PART = 0.5
"""What an occurrence of a part weighs beside a word that stands by itself."""

VOWELS = frozenset("aeiouy")
STOP_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        "aan achter al alle alleen alles als altijd ander andere anders behalve ben bent bij binnen bovendien daar "
        "daarbij daarmee daarom daarover daarvan daarvoor dan dat de deze die dit doch doen doet door dus echter een "
        "eens eigen elk elke en enige er ergens erg even ge geen geweest geworden gij had hadden heb hebben hebt "
        "heeft heel hem hen het hier hierbij hiermee hierover hiervan hiervoor hij hoe hun iedere ieder iemand iets "
        "ik in indien is ja je jij jou jouw jullie kan kon konden kunnen kunt maar mag me mee meer men met mij mijn "
        "mocht mochten moest moesten moet moeten mogen na naar nee niet niets nimmer noch nog nooit nu of om omdat "
        "omtrent onder ons onze ook op over per reeds sinds slechts steeds te tegen ten ter terwijl tijdens toch toe "
        "toen tot tussen u uit uw vaak van vanaf vanuit veel via volgens voor vooral waar waaraan waarbij waardoor "
        "waarin waarmee waarom waarop waarover waaruit waarvan waarvoor wanneer want waren was wat we weer weet wel "
        "welk welke werd werden weten wie wij wil willen worden wordt zal ze zeer zelf zich zij zijn zo zoals zodat "
        "zou zouden zowel zulke zullen",
    )
)


class Spelled:
    """A word as it is indexed: the stem of the whole, and the stems of its parts."""

    __slots__ = ("parts", "stem")

    def __init__(self, stem: str, parts: tuple[str, ...]) -> None:
        self.stem, self.parts = stem, parts


def words(text: str) -> list[str]:
    """The folded words of a text in order, without those that say nothing.

    >>> words("Mag de gemeente foto's van de coördinator delen?")
    ['gemeente', "foto's", 'coordinator', 'delen']
    """
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(with_capitals(text))) if word not in STOP_WORDS]


def stem(word: str) -> str:
    """The stem of a folded word; what joins its pieces falls away.

    >>> stem("gemeenten"), stem("e-mail"), stem("3:50")
    ('gemeent', 'email', '3:50')
    """
    return spelled(word).stem


def parts(word: str) -> tuple[str, ...]:
    """The stems of the parts of a folded word; none where it has no parts.

    >>> parts("gegevensuitwisseling"), parts("brp-gegevens"), parts("huis")
    (('gegef', 'uitwissel'), ('brp', 'gegef'), ())
    """
    return spelled(word).parts


def stems(text: str) -> list[str]:
    """The stems of a text in order, without the words that say nothing.

    >>> stems("De gemeenten delen gegevens met de SVB.")
    ['gemeent', 'del', 'gegef', 'svb']
    """
    return [spelled(word).stem for word in words(text)]


def weights(said: Iterable[str]) -> tuple[Mapping[str, float], float]:
    """How often each term occurs in these folded words, a part counting for less, and how long they are together."""
    found: defaultdict[str, float] = defaultdict(float)
    for word, times in Counter(said).items():
        one = spelled(word)
        found[one.stem] += times
        for part in one.parts:
            found[part] += PART * times
    return found, sum(found.values())


@cache
def version() -> str:
    """By which rules, stemmer and word list terms are made."""
    return f"{MADE}/snowball-{release('PyStemmer')}/{lexicon.VERSION}"


# As many as a large import has different words, or each of its batches would read most of them again.
@lru_cache(maxsize=1 << 16)
def spelled(word: str) -> Spelled:
    """The terms of one folded word."""
    bare = word.removesuffix("'s").removesuffix("’s")
    if SPELLED_OUT.fullmatch(bare):
        bare = bare.replace(".", "")
    pieces = [piece for piece in JOINTS.split(bare) if piece]
    whole = _stem("".join(pieces)[:LONGEST_TERM])
    found = dict.fromkeys(_parts(pieces))
    found.pop(whole, None)
    return Spelled(whole, tuple(found))


def _parts(pieces: list[str]) -> Iterator[str]:
    if len(pieces) > 1:
        yield from (_stem(piece[:LONGEST_TERM]) for piece in pieces if len(piece) > 1 and piece not in STOP_WORDS)
    for piece in pieces:
        yield from (_stem(part) for part in compound_parts(piece) if part not in STOP_WORDS)


@lru_cache(maxsize=1 << 15)
def _stem(word: str) -> str:
    """The stem of the base form: the list knows what is irregular, the stemmer what is new.

    A verb and the nouns that are made of it have one stem.
    """
    if not word.isascii() or not word.isalpha():
        # The rules are those of Dutch: figures and other scripts stay as they are.
        return word
    for old, new in OLD_SPELLING:
        word = word.replace(old, new)
    word = _base(word)
    if is_whole(word):
        return word
    word = verb_of(word) or _verb_of_participle(word) or word
    found = _loaned(word) or str(_stemmers.own.stemWord(word))
    if word == f"{found}s" and base(f"{word}t").endswith("en"):
        # The stemmer takes off what looks like the sign of a plural; but one "toetst" and "wenst".
        found = word
    if len(found) > 3 and found[-1] == found[-2]:
        found = found[:-1]
    # What the stemmer leaves of "huizen" and "brieven", where the list does not know the word.
    return found[:-1] + {"v": "f", "z": "s"}.get(found[-1:], found[-1:])


def _base(word: str) -> str:
    """The base form; of an adjective that is one of a participle, that of the verb; of an unknown plural the word.

    The list says of a man that he is a woman, of a plural who is meant, and of a small thing in the plural one of them:
    "onderzoeker" onderzoekster, "verdachten" verdachte, "zaakjes" zaakje.
    """
    found = base(word)
    if (word.endswith("er") and found.endswith("ster")) or found in (f"{word}in", f"{word}e"):
        return word
    if (word == f"{found}n" and found.endswith("e")) or (word == f"{found}s" and found.endswith("je")):
        return _base(found)
    if word == f"{found}e":
        return base(found)
    if found == word and word[-2:-1] in VOWELS and word.endswith("s") and is_known(word[:-1]) and not is_known(word):
        return base(word[:-1])
    return found


def _verb_of_participle(word: str) -> str | None:
    """The verb of a participle that is used as an adjective: "gekoppelde" koppelen, "bindend" binden."""
    if word.startswith("ge") and word.endswith("de") and is_known(word[:-1]):
        return _verb_of_participle(word[:-1]) or base(word[:-1])
    bare = word if is_known(word) else ENDING_OF_ADJECTIVE.sub("", word)
    if len(bare) < SHORTEST_PARTICIPLE:
        return None
    if bare.endswith("end") and is_known(bare[:-1]):
        verb = base(bare[:-1])
        return verb if verb.endswith("en") else None
    if not bare.startswith("ge") or not bare.endswith(("d", "t")):
        return None
    # One "toetst" or "informeert": the list knows more of these than of "getoetst" and "geinformeerd".
    does = f"{bare[2:-1]}t"
    verb = base(does)
    is_participle = verb.endswith("eren") or (verb.endswith("en") and not is_known(bare))
    return verb if verb != does and is_participle else None


def _loaned(word: str) -> str | None:
    """What "registreren", "registratie" and "registrering" have in common."""
    for ending in LOANED:
        short = word.removesuffix(ending)
        if short == word or len(short) < SHORTEST_LOAN:
            continue
        if ending.startswith("at") or _is_taken_over(short):
            return f"{short}e" if short.endswith("i") else short
    return None


def _is_taken_over(short: str) -> bool:
    """Is this the beginning of such a verb? Not of "terugkeren", beside which stands "terugkeer"."""
    if base(f"{short}eer") == f"{short}eer" and is_known(f"{short}eer"):
        return False
    return is_known(f"{short}eert") or is_known(f"{short}atie")


class _Stemmers(local):
    """A stemmer holds the word it works on, so each thread has its own."""

    def __init__(self) -> None:
        # Not `dutch`, whose rules since version 3 take "ge" out of "gemeente" and "en" out of "schulden" with the d.
        self.own = Stemmer.Stemmer("dutch_porter")


_stemmers = _Stemmers()
