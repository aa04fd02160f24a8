"""References to law: which law, article and part, as of which day; read from what people paste, and written back.

The address form of Dutch law is Juriconnect BWB 1.3; local law has a CVDR number and European law a CELEX number.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, Self
from urllib.parse import quote, unquote

from app.domain.errors import Invalid
from app.domain.place import (
    ARTICLE,
    LONGEST_LABEL,
    PARAGRAPH,
    PART,
    Names,
    Reading,
    european,
    fold,
    readings,
    split,
)

BWB, CVDR, CELEX = "bwb", "cvdr", "celex"
IDENTIFIERS = {
    BWB: re.compile(r"BWB[RVW]\d{7}", re.ASCII),
    CVDR: re.compile(r"CVDR\d{1,9}(?:/\d{1,4})?", re.ASCII),
    CELEX: re.compile(r"3\d{4}[A-Z]{1,2}\d{4}", re.ASCII),
}
EXAMPLES = {BWB: "BWBR0005537", CVDR: "CVDR401319/1", CELEX: "32016R0679"}

BY_NAME = "naam"
"""What stands for a system where the number of a law is not known: its name is what it is found by."""

LONGEST_TEXT = 500
# The list has "Wmo 2015", and people write "Wmo2015" as well.
GLUED_YEAR = re.compile(r"(?<=[a-z])(?:19|20)\d\d$")
BOOK_IN_ARTICLE = re.compile(r"[:.]\d")

NOT_RECOGNISED = (
    "Wij herkennen deze wet niet. Plak een link van wetten.overheid.nl, lokaleregelgeving.overheid.nl of EUR-Lex, "
    "of vul het nummer in, zoals BWBR0005537."
)


@dataclass(frozen=True, slots=True)
class LawReference:
    """One place in one law on one day; refuses, with all faults together, what cannot be such a place.

    >>> str(LawReference("bwb", "BWBR0005537", "3:50", "1", valid_on=date(2026, 11, 21)))
    'jci1.3:c:BWBR0005537&artikel=3:50&lid=1&z=2026-11-21&g=2026-11-21'
    """

    system: str
    identifier: str
    article: str | None = None
    paragraph: str | None = None
    part: str | None = None
    valid_on: date | None = None

    def __post_init__(self) -> None:
        faults = {field: [fault] for field, fault in _faults(self) if fault}
        if faults:
            raise Invalid(faults)

    def __str__(self) -> str:
        """The whole reference on one line; `parse` gives it back."""
        places = (
            ("artikel", self.article),
            ("lid", self.paragraph),
            ("onderdeel", self.part),
            ("z", self.valid_on),
            ("g", self.valid_on),
        )
        place = "".join(f"&{name}={value}".replace(" ", "_") for name, value in places if value is not None)
        return f"{'jci1.3:c:' if self.system == BWB else ''}{self.identifier}{place}"

    def jci(self) -> str | None:
        """The Juriconnect string; there is none for local and European law."""
        return str(self) if self.system == BWB else None

    def public_url(self) -> str:
        """Where everyone can read it."""
        if self.system == BWB:
            return f"https://wetten.overheid.nl/{quote(str(self), safe=':&=.,-_')}"
        if self.system == CVDR:
            return f"https://lokaleregelgeving.overheid.nl/{self.identifier}"
        return f"https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:{self.identifier}"

    def label(self, laws: "Laws") -> str:
        """The reference in words, with the full title, because abbreviations clash.

        >>> laws = Laws([Law("BWBR0031331", "Wet gemeentelijke schuldhulpverlening", "Wgs")])
        >>> LawReference("bwb", "BWBR0031331", "3", "2").label(laws)
        'artikel 3, lid 2, Wet gemeentelijke schuldhulpverlening (Wgs)'
        """
        places = (("artikel", self.article), ("lid", self.paragraph), ("onderdeel", self.part))
        law = laws.get(self.identifier)
        words = [f"{name} {value}" for name, value in places if value is not None]
        return ", ".join([*words, self.identifier if law is None else law.name])


@dataclass(frozen=True, slots=True)
class Law:
    """A law that is known by name.

    `also` are more names of it; `unclear` are names that belong to another law when they are written with exactly
    the capitals of that law. `colon`: its articles have a colon in their number; `levels`: their numbers consist of so
    many at most, parted by a dot, where that is known. `ordinary`: its abbreviation is a word as well.
    `behind_article` are names that mean something else where no article stands before them.
    """

    identifier: str
    title: str
    abbreviation: str | None = None
    also: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    colon: bool = False
    levels: int = 0
    ordinary: bool = False
    behind_article: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The title, with the abbreviation where there is one."""
        return self.title if self.abbreviation is None else f"{self.title} ({self.abbreviation})"

    @property
    def system(self) -> str:
        """The system of its number; a law whose number is not known has none but its name."""
        return system_of(self.identifier) or BY_NAME


class Laws(Mapping[str, Law]):
    """The known laws by identifier, which can also be found by any of their names.

    A law whose number is not known is found by its names alone.
    """

    def __init__(self, laws: Iterable[Law] = (), by_name: Iterable[Law] = ()) -> None:
        self._laws = {law.identifier: law for law in laws}
        self._named: dict[str, list[Law]] = defaultdict(list)
        for law in (*self._laws.values(), *by_name):
            names = {law.identifier, law.title, law.abbreviation or law.title, *law.also, *law.behind_article}
            for name in names | {fold(name) for name in (*names, *law.unclear)}:
                self._named[name].append(law)
        self.names = Names(self._named)

    @classmethod
    def read(cls, text: str) -> Self:
        """The laws of a TOML text: a table for each identifier, and in `by_name` those whose number is not known."""
        known = tomllib.loads(text)
        by_name = known.pop("by_name", [])
        return cls(
            [_law(identifier, named) for identifier, named in known.items()],
            [_law(fold(named["title"]), named) for named in by_name],
        )

    def __getitem__(self, identifier: str) -> Law:
        return self._laws[identifier]

    def __iter__(self) -> Iterator[str]:
        return iter(self._laws)

    def __len__(self) -> int:
        return len(self._laws)

    def named(self, name: str) -> list[Law]:
        """The laws with this name: as it is written, else whatever its capitals; more than one when it is unclear.

        A number is the name of a law too, also where nobody gave that law another.
        """
        name = " ".join(name.split())
        identifier = european(name) or re.sub(r"^CELEX[\s:#]*", "", name, flags=re.IGNORECASE).upper()
        found = self._named.get(name) or self.alike(name) or self._named.get(identifier)
        if not found and system_of(identifier):
            return [Law(identifier, identifier)]
        return found or []

    def alike(self, name: str) -> list[Law]:
        """The laws with this name whatever its capitals; more than one where people have to be asked."""
        name = fold(" ".join(name.split()))
        return self._named.get(name) or self._named.get(GLUED_YEAR.sub(r" \g<0>", name), [])


def parse(text: str, laws: Laws | None = None) -> LawReference:
    """Read a pasted link, a jci string, a bare number, or a citation in words of one of the known laws.

    >>> parse("https://wetten.overheid.nl/BWBR0005537/2026-01-01/0#Hoofdstuk3_Artikel3:50")
    LawReference(system='bwb', identifier='BWBR0005537', article='3:50', paragraph=None, part=None, \
valid_on=datetime.date(2026, 1, 1))
    """
    text = " ".join(unquote(text[:LONGEST_TEXT]).replace("&amp;", "&").split())
    reference = linked(re.sub(r"^CELEX[: ] ?", "", text, flags=re.IGNORECASE)) or _cited(text, laws or Laws())
    if reference is None:
        raise Invalid({"id": [NOT_RECOGNISED]})
    return reference


def system_of(identifier: str) -> str | None:
    """The system to which an identifier belongs.

    >>> system_of("CVDR401319/1"), system_of("ECLI:NL:RBDHA:2020:865")
    ('cvdr', None)
    """
    return next((system for system, pattern in IDENTIFIERS.items() if pattern.fullmatch(identifier)), None)


def reference_of(reading: Reading, law: Law) -> LawReference:
    """The place in one law that was read in a text; raises `Invalid` where there can be no such place."""
    article, paragraph, part = place_of(reading, law)
    reference = LawReference(law.system, law.identifier, article)
    return replace(reference, paragraph=paragraph, part=part)


def place_of(reading: Reading, law: Law | None) -> tuple[str | None, str | None, str | None]:
    """Article, paragraph and part that were read, the short form taken apart as the numbers of that law ask."""
    if reading.article is None:
        return None, None, None
    label, colon = reading.article, law is not None and law.colon
    if colon and reading.book and not BOOK_IN_ARTICLE.search(label):
        label = f"{reading.book}:{label}"
    article, paragraph, part = split(label, colon=colon, levels=law.levels if law else 0, formal=reading.formal)
    if reading.paragraph and paragraph and "." in label and not colon:
        # A number that is a paragraph by the levels of its law, beside another: nobody knows what was meant.
        article, part = label, None
    return article, reading.paragraph or paragraph, reading.part or part


def _law(identifier: str, named: Mapping[str, Any]) -> Law:
    lists: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in named.items()}
    return Law(identifier, **lists)


def _faults(reference: LawReference) -> Iterator[tuple[str, str | None]]:
    pattern = IDENTIFIERS.get(reference.system)
    if pattern is None:
        yield "stelsel", "Kies bwb, cvdr of celex."
    elif not pattern.fullmatch(reference.identifier):
        yield "id", f"Dit is geen nummer van een wet in dit stelsel. Een voorbeeld is {EXAMPLES[reference.system]}."
    yield "artikel", _article_fault(reference)
    yield "lid", _label_fault(PARAGRAPH, reference.paragraph, "Vul alleen het nummer van het lid in, zoals 1 of 2a.")
    yield "onderdeel", _label_fault(PART, reference.part, "Vul alleen het onderdeel in, zoals a of 1°.")


def _article_fault(reference: LawReference) -> str | None:
    if reference.article is None and (reference.paragraph is not None or reference.part is not None):
        return "Vul ook het artikel in."
    return _label_fault(
        ARTICLE, reference.article, "Vul alleen het nummer van het artikel in, zoals 3:50, 5.1.1 of 37a."
    )


def _label_fault(pattern: str, label: str | None, sentence: str) -> str | None:
    fits = label is None or (len(label) <= LONGEST_LABEL and re.fullmatch(pattern, label, re.ASCII))
    return None if fits else sentence


# --- links, jci strings and bare numbers -----------------------------------------------------------------------------

CONSOLIDATED = re.compile(r"(?<![0-9A-Z])0(\d{4}[A-Z]{1,2}\d{4})-(\d{4})(\d\d)(\d\d)(?!\d)", re.ASCII)
ELI = re.compile(
    r"\beli/(reg|dir|dec)[a-z_]*/(\d{4})/(\d{1,4})(?!\d)(?:/art_(\w+))?(?:/par_(\w+))?(?:/pnt_(\w+))?", re.ASCII
)
# #art_6, and #006.001 for its first paragraph.
EUROPEAN_ANCHOR = re.compile(
    r"#(?:art_(?P<article>\d{1,4}[a-z]?)(?![0-9a-z])|0{0,2}(?P<number>[1-9]\d{0,2})\.0{0,2}(?P<paragraph>[1-9]\d?)$)",
    re.ASCII,
)
ELI_LETTER = {"reg": "R", "dir": "L", "dec": "D"}
LINKED = {
    BWB: re.compile(r"(?<![0-9A-Z])BWB[RVW]\d{7}(?!\d)", re.ASCII | re.IGNORECASE),
    CVDR: re.compile(r"(?<![0-9A-Z])CVDR\d{1,9}(?:/\d{1,4}(?![\d-]))?(?!\d)", re.ASCII | re.IGNORECASE),
    CELEX: re.compile(r"(?<![0-9A-Z])3\d{4}[A-Z]{1,2}\d{4}(?!\d)", re.ASCII | re.IGNORECASE),
}
NUMBER_WITH_ARTICLE = re.compile(
    r"(?:BWB[RVW]\d{7}|3\d{4}[A-Z]{1,2}\d{4}):\d{1,4}[a-z]{0,3}(?:[:.](?:\d{1,4}[a-z]{0,2}|[a-z])){0,4}",
    re.ASCII | re.IGNORECASE,
)
PARAMETER = re.compile(r"[?&/]([a-z]+)=([^?&#/\s]*)")
ANCHOR = re.compile(r"#(?:.*_)?artikel_?([^_]+)(?:_lid_?([^_]+))?(?:_onderdeel_?([^_]+))?", re.IGNORECASE)
DAY_IN_PATH = re.compile(r"/(\d{4}-\d\d-\d\d)(?!\d)", re.ASCII)
OLD_DAY_IN_PATH = re.compile(r"geldigheidsdatum_(\d\d)-(\d\d)-(\d{4})", re.ASCII)


def linked(text: str) -> LawReference | None:
    """Read what names its law by a number and has no spaces in it; BWBR0002221:49 is read as words are."""
    if " " in text or NUMBER_WITH_ARTICLE.fullmatch(text):
        return None
    if match := CONSOLIDATED.search(text):
        reference = LawReference(CELEX, f"3{match[1]}", valid_on=_day("-".join(match.groups()[1:])))
        return _with_anchor(reference, text[match.end() :])
    if match := ELI.search(text):
        kind, year, number, article, paragraph, part = match.groups()
        reference = LawReference(CELEX, f"3{year}{ELI_LETTER[kind]}{int(number):04}", article, paragraph, part)
        return _with_anchor(reference, text[match.end() :])
    for system, pattern in LINKED.items():
        if match := pattern.search(text):
            reference = LawReference(system, match[0].upper(), **_place(text[match.end() :]))
            return _with_anchor(reference, text[match.end() :]) if system == CELEX else reference
    return None


def _with_anchor(reference: LawReference, rest: str) -> LawReference:
    """The place that an address of EUR-Lex has behind its #, where it names none before."""
    match = EUROPEAN_ANCHOR.search(rest)
    if match is None or reference.article is not None:
        return reference
    return replace(reference, article=match["article"] or match["number"], paragraph=match["paragraph"])


def _place(rest: str) -> dict[str, Any]:
    """Article, paragraph, part and day in what follows the number of the law."""
    values = defaultdict(list)
    for name, value in PARAMETER.findall(rest):
        values[name].append(value.replace("_", " "))
    anchor = ANCHOR.search(rest)
    article, paragraph, part = anchor.groups() if anchor else (None, None, None)
    days = [*values["g"], *values["z"], *DAY_IN_PATH.findall(rest)]
    days += ["-".join(reversed(day)) for day in OLD_DAY_IN_PATH.findall(rest)]
    return {
        # The oldest links say it in English.
        "article": next(iter(values["artikel"] or values["article"]), article),
        "paragraph": next(iter(values["lid"]), paragraph),
        # Within an enumeration jci names each level apart: o=aa&o=1.
        "part": ".".join(values["onderdeel"] or values["o"]) or part,
        "valid_on": _day(days[0]) if days else None,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"geldigOp": ["Deze datum bestaat niet."]}) from None


# --- citations in words ----------------------------------------------------------------------------------------------

WHOLE = re.compile(r"(?:\s*\([^()]*\))?\.?")


def _cited(text: str, laws: Laws) -> LawReference | None:
    """Read a text that is one citation and nothing else; refuses a name that more than one law has."""
    found = list(islice(readings(text, laws.names, asked=True), 2))
    if len(found) != 1 or found[0].guesses or not _is_whole(text, found[0]):
        return None
    named = laws.named(found[0].name)
    if len(named) > 1:
        raise Invalid({"id": [f"Bedoelt u {' of '.join(law.name for law in named)}? Schrijf de volledige naam."]})
    if named[0].system == BY_NAME:
        meant = "".join(
            f" Of bedoelt u “{law.name}”? Schrijf dan {law.abbreviation}."
            for law in laws.alike(found[0].name)
            if law.system != BY_NAME
        )
        told = f"Van “{named[0].name}” kennen wij het nummer niet. Vul dat in, zoals BWBR0005537.{meant}"
        raise Invalid({"id": [told]})
    return reference_of(found[0], named[0])


def _is_whole(text: str, found: Reading) -> bool:
    return text[: found.start].lower() in {"", "de ", "het "} and WHOLE.fullmatch(text, found.end) is not None
