"""Citations of law and of judgments: found in running text, and in what somebody asks."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.domain.errors import Invalid
from app.domain.law import BY_NAME, CVDR, Law, LawReference, Laws, parse, place_of, reference_of
from app.domain.place import Reading, fold, readings
from app.domain.source import Source
from app.domain.source import parse as parse_source

JUDGMENT, UNCLEAR = "ecli", "onzeker"
"""What stands for a system where a judgment is named, and where a name may mean more laws than one."""
LONGEST_QUESTION = 5_000
LONGEST_LINK, LONGEST_BEFORE = 400, 200
LONGEST_SHORT_NAME = 6
LONGEST_ROW = 60

LINK = re.compile(
    r"https?://|\bjci1\.|wetten\.overheid\.nl|lokaleregelgeving\.overheid\.nl|eur-lex\.europa\.eu|data\.europa\.eu/eli"
    r"|\b(?:BWB[RVW]\d{7}|CVDR\d{1,9}(?:/\d{1,4})?|3\d{4}[A-Z]{1,2}\d{4})[&?#]|\bBWB[RVW]\d{7}/\d{4}-",
    re.ASCII | re.IGNORECASE,
)
ECLI = re.compile(r"\bECLI:[A-Z]{2}:[A-Z][A-Z0-9]{0,6}:[0-9]{4}:[A-Z0-9.]{1,25}", re.ASCII | re.IGNORECASE)
AROUND_A_LINK = " \t\r\n.,;:!?()[]<>\"'“”‘’"
WORD_FOR_ARTICLE = re.compile(r"\bart(?:t?\b|t?(?=\d)|ikel|icle)", re.IGNORECASE)
# What is left between citations and says nothing by itself.
BETWEEN = re.compile(
    r"(?:(?:de|het|een|van|en|of|in|op|jo|juncto|wet|artikel|artikelen|art|volgens|over|zie|tot|met|t|m)\b|[^\w]|_)*"
)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place in a law of which only the name is known, a law that may be meant, or a judgment.

    `identifier` is the folded name, the number of the law that may be meant, or the ECLI. Where a name of several
    words ends in a text, nobody knows: `shorter` are the names that it may have as well, the longest first.
    """

    system: str
    identifier: str
    name: str
    article: str | None = None
    paragraph: str | None = None
    part: str | None = None
    shorter: tuple[str, ...] = ()

    def label(self, laws: Laws) -> str:
        """The place in words, as `LawReference.label`."""
        places = (("artikel", self.article), ("lid", self.paragraph), ("onderdeel", self.part))
        named = laws.named(self.name)
        words = [f"{name} {value}" for name, value in places if value is not None]
        return ", ".join([*words, named[0].name if len(named) == 1 else self.name])

    def public_url(self) -> str | None:
        """Where everyone can read it; of a law by name alone that is not known."""
        return _judgment(self.identifier).url if self.system == JUDGMENT else None


Reference = LawReference | NamedPlace


class Mention(NamedTuple):
    """A stretch of a text that names a place; with `unclear` it may mean another law as well."""

    start: int
    end: int
    reference: Reference
    unclear: bool = False


class Place(NamedTuple):
    """A place as it is compared: small differences in writing are gone."""

    system: str
    identifier: str
    article: str | None
    paragraph: str | None
    part: str | None


class Unclear(NamedTuple):
    """A name in a question, and the laws that it may mean."""

    name: str
    laws: tuple[Law, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a question is a citation; `words` is the rest of it.

    Where a name is unclear, the places of all the laws that it may mean are among the references; but where it is
    written with exactly the capitals of one of them, only those of that law.
    """

    references: tuple[Reference, ...]
    words: str
    unclear: tuple[Unclear, ...] = ()

    @property
    def is_citation(self) -> bool:
        """Nothing else is asked than places in the law."""
        return bool(self.references) and not self.words


def mentions(text: str, laws: Laws) -> list[Mention]:
    """The places that a running text names, in order; in time that grows with the text alone.

    >>> laws = Laws([Law("BWBR0034925", "Jeugdwet")])
    >>> [(text.reference.article, text.start, text.end) for text in mentions("artikelen 8 en 9 Jeugdwet", laws)]
    [('8', 0, 11), ('9', 15, 25)]
    """
    return _mentions(text, laws, asked=False)


def asked(text: str, laws: Laws) -> Asked:
    """Read a question as somebody types it: which places in the law it names, and what else it says.

    >>> laws = Laws([Law("32016R0679", "Algemene verordening gegevensbescherming", "AVG")])
    >>> found = asked("gegevens delen 6:1:e avg", laws)
    >>> found.references[0].part, found.words
    ('e', 'gegevens delen')
    """
    text = " ".join(unicodedata.normalize("NFKC", text[:LONGEST_QUESTION].replace("º", "°")).split())
    found = _mentions(text, laws, asked=True)
    left, at = [], 0
    for mention in found:
        if mention.start >= at:
            left.append(text[at : mention.start])
        at = max(at, mention.end)
    words = " ".join(word for word in " ".join([*left, text[at:]]).split() if any(map(str.isalnum, word)))
    return Asked(
        tuple(dict.fromkeys(mention.reference for mention in found)),
        "" if found and BETWEEN.fullmatch(words.lower()) else words,
        tuple(_unclear(text, found, laws)),
    )


def places_of(reference: Reference) -> list[Place]:
    """A reference as it is compared; by each of the names that it may have, the likeliest first.

    >>> places_of(LawReference("bwb", "BWBR0034925", "7.3.11", "1", "1°"))
    [Place(system='bwb', identifier='BWBR0034925', article='7.3.11', paragraph='1', part='1')]
    """
    identifiers = [reference.identifier]
    if isinstance(reference, NamedPlace):
        identifiers += reference.shorter
    if reference.system == CVDR:
        identifiers = [reference.identifier.partition("/")[0]]
    article = _article(reference.article) if reference.article else None
    paragraph = reference.paragraph.lower() if reference.paragraph else None
    part = reference.part.lower().replace("°", "") if reference.part else None
    return [Place(reference.system, identifier, article, paragraph, part) for identifier in identifiers]


def _article(label: str) -> str:
    """Letters before the number are capitals, those behind it are not: P 15, 37a."""
    return re.sub(r"^[a-z]+(?![a-z])", lambda found: found[0].upper(), label.lower())


def _mentions(text: str, laws: Laws, *, asked: bool) -> list[Mention]:
    links = list(_links(text))
    fixed = sorted([*links, *_judgments(text)], key=lambda mention: mention[:2])
    plain, moved = _with_numbers_for_addresses(text, links)
    found: list[Mention] = []
    placed: set[int] = set()
    last = 0
    for reading in readings(plain, laws.names, asked=asked):
        start, end = _before(moved, reading.start), _before(moved, reading.end)
        while last < len(fixed) and fixed[last].end <= start:
            last += 1
        named = [one._replace(start=start, end=end) for one in _named(plain, reading, laws, asked=asked)]
        if last == len(fixed) or fixed[last].start >= end:
            found += named
        elif told := _beside_address(text, named, fixed[last]):
            found += told
            placed |= {last} if told[0].end > fixed[last].start else set()
    found += [mention for at, mention in enumerate(fixed) if at not in placed]
    return sorted(found, key=lambda mention: mention[:2])


def _beside_address(text: str, named: Iterable[Mention], address: Mention) -> list[Mention]:
    """What words and an address say together: the place of the one in the law of the other; else the words alone."""
    law = address.reference
    if not isinstance(law, LawReference) or law.article is not None:
        return []
    found = []
    for mention in named:
        place = mention.reference
        if isinstance(place, LawReference) and place.article is not None and place.identifier == law.identifier:
            # A bare number beside an address may be that of a note.
            since = address.end if mention.start >= address.start else mention.start - LONGEST_ROW
            if WORD_FOR_ARTICLE.search(text, max(0, since), mention.end):
                found.append(mention._replace(reference=replace(place, valid_on=law.valid_on)))
        elif mention.start < address.start:
            before = text[mention.start : address.start].rstrip(" ,(")
            found.append(mention._replace(end=mention.start + len(before)))
    return found


def _with_numbers_for_addresses(text: str, links: Iterable[Mention]) -> tuple[str, list[tuple[int, int]]]:
    """The text with the number of a law for each address that names no article of it: a place may stand beside it.

    Also where the stretches of that text begin, and where they stood before.
    """
    pieces, moved, at, length = [], [(0, 0)], 0, 0
    for link in links:
        if not isinstance(link.reference, LawReference) or link.reference.article is not None:
            continue
        for piece, stood in ((text[at : link.start], link.start), (link.reference.identifier, link.end)):
            pieces.append(piece)
            length += len(piece)
            moved.append((length, stood))
        at = link.end
    return "".join([*pieces, text[at:]]), moved


def _before(moved: Sequence[tuple[int, int]], at: int) -> int:
    """Where a sign stood before addresses were replaced."""
    begin, stood = moved[bisect_right(moved, at, key=lambda pair: pair[0]) - 1]
    return stood + at - begin


def _named(text: str, reading: Reading, laws: Laws, *, asked: bool) -> Iterator[Mention]:
    if reading.guesses:
        yield _mention(reading, _guessed(reading), unclear=False)
        return
    named = laws.named(reading.name)
    counting = [law for law in named if reading.article is not None or _counts(text, reading, law, asked=asked)]
    unclear = len(named) > 1
    for law in counting:
        if law.system == BY_NAME or (unclear and not asked):
            system = UNCLEAR if unclear and not asked else BY_NAME
            yield _mention(
                reading, NamedPlace(system, law.identifier, law.title, *place_of(reading, law)), unclear=unclear
            )
            continue
        try:
            reference = reference_of(reading, law)
        except Invalid:
            continue
        yield _mention(reading, reference, unclear=unclear)


def _mention(reading: Reading, reference: Reference, *, unclear: bool) -> Mention:
    return Mention(reading.start, reading.end, reference, unclear)


def _guessed(reading: Reading) -> NamedPlace:
    name, *shorter = reading.guesses
    return NamedPlace(BY_NAME, name, " ".join(reading.name.split()), *place_of(reading, None), tuple(shorter))


def _counts(text: str, reading: Reading, law: Law, *, asked: bool) -> bool:
    """Is a law meant where its name stands alone? A short name in small letters may be any word."""
    name = reading.name
    if fold(name) in map(fold, law.behind_article):
        return False
    if len(name) > LONGEST_SHORT_NAME:
        return True
    if law.ordinary:
        return name == law.abbreviation or (asked and len(name) == len(text))
    return asked or not name.islower()


def _unclear(text: str, found: Sequence[Mention], laws: Laws) -> Iterable[Unclear]:
    """The names that more laws have. Who types does not choose between two laws by a capital, so each is named."""
    names = {}
    for reading in readings(text, laws.names, asked=True):
        alike = laws.alike(reading.name)
        if len(alike) > 1 and any(mention.start == reading.start for mention in found):
            names[reading.name] = Unclear(reading.name, tuple(alike))
    return names.values()


def _links(text: str) -> Iterator[Mention]:
    """Addresses and numbers with a place in them: what stands between two spaces."""
    end = 0
    for anchor in LINK.finditer(text):
        if anchor.start() < end:
            continue
        before = re.search(r"\S*$", text[max(end, anchor.start() - LONGEST_BEFORE) : anchor.start()])
        start = anchor.start() - len(before[0] if before else "")
        stretch = re.compile(r"\S*").match(text, start, anchor.end() + LONGEST_LINK)
        end = stretch.end() if stretch else anchor.end()
        link = text[start:end]
        start += len(link) - len(link.lstrip(AROUND_A_LINK))
        link = link.strip(AROUND_A_LINK)
        try:
            reference = parse(link)
        except Invalid:
            continue
        yield Mention(start, start + len(link), reference)


def _judgments(text: str) -> Iterator[Mention]:
    for match in ECLI.finditer(text):
        number = match[0].rstrip(".").upper()
        yield Mention(match.start(), match.start() + len(number), NamedPlace(JUDGMENT, number, number))


def _judgment(number: str) -> Source:
    return parse_source(number)
