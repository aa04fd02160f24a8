"""Places in the law as people write them: "art. 6 lid 1 onder e AVG", "6(1)(e) AVG", "Awb 3:50", in any text.

Reading goes from left to right and looks ahead over a bounded stretch, so that its time grows with the text alone.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

# 3:50, 5.1.1, 37a, 7.3.11, IV, P 15, 43 bis; 1, 2a; a, bb, 1°, aa.1°.
ARTICLE = (
    r"(?:[A-Z]{1,2} )?(?:[A-Za-z]{0,3}\d[0-9A-Za-z]*|[IVXLC]+[a-z]?)(?:[:.-][0-9A-Za-z]+)*(?: (?:bis|ter|quater))?"
)
PARAGRAPH = r"\d{1,3}[a-z]{0,3}"
PART = r"(?:[a-z]{1,4}|\d{1,3}[a-z]?)°?(?:\.(?:[a-z]{1,4}|\d{1,3}[a-z]?)°?)*"

ORDINALS = (
    *("eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende"),
    *("elfde", "twaalfde", "dertiende", "veertiende", "vijftiende", "zestiende", "zeventiende", "achttiende"),
    *("negentiende", "twintigste"),
)

MOST_IN_ROW = 20
LONGEST_LABEL, LONGEST_NAME = 30, 12
LOOKING_BACK, LONGEST_BEFORE = 60, 16


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of text that names a law, or a place in one.

    `name` is what the law is called there. What is no known name is a guess at where the name ends: `guesses` has
    the possible ones, folded, the longest first. `formal`: the word "artikel" in full stands before the number.
    `book` is the book of the law that is named apart from the number of the article.
    """

    start: int
    end: int
    name: str
    guesses: tuple[str, ...] = ()
    article: str | None = None
    paragraph: str | None = None
    part: str | None = None
    formal: bool = False
    book: str | None = None


class Names:
    """Names of laws, to be recognised wherever they stand in a text, whatever their capitals, accents and spaces."""

    def __init__(self, names: Iterable[str]) -> None:
        begun: dict[str, set[str]] = defaultdict(set)
        for name in map(fold, names):
            if first := WORD.match(name):
                begun[first[0]].add(name)
        self._patterns = {first: _one_of(some) for first, some in begun.items()}
        self.first = frozenset(self._patterns) | WORDS_FOR_ARTICLE | FIRST_WORDS | NUMBERED_BY | SHORT_FOR_EUROPEAN
        self.short = frozenset(name for some in begun.values() for name in some if name.isalpha())

    def end(self, plain: str, at: int) -> int | None:
        """Where the name ends that begins here, in a folded text."""
        first = WORD.match(plain, at)
        pattern = self._patterns.get(first[0]) if first else None
        match = pattern.match(plain, at) if pattern else None
        return match.end() if match else None


def fold(text: str) -> str:
    """The text in small letters without accents, each sign in the place where it stood.

    >>> fold("Wet justitiële en strafvorderlijke gegevens")
    'wet justitiele en strafvorderlijke gegevens'
    """
    return (text if text.isascii() else text.translate(PLAIN)).lower()


def readings(text: str, names: Names, *, asked: bool = False) -> Iterator[Reading]:
    """What a text names, in order; `asked`: the text is a question, in which people write shorter.

    >>> [(one.name, one.article, one.paragraph) for one in readings("Artikel 8, tweede lid, EVRM", Names(["EVRM"]))]
    [('EVRM', '8', '2')]
    """
    reader = _Reader(text, fold(text), names, asked=asked)
    at = since = 0
    for word in TOKEN.finditer(reader.plain):
        token = word[0]
        if word.start() < at or not (token in names.first or token[0] in DIGITS or token.endswith(LIKE_A_LAW)):
            continue
        found = reader.read(word.start(), token, since)
        yield from found.readings
        at = found.end
        since = at if found.readings else since


def split(label: str, *, colon: bool, levels: int, formal: bool) -> tuple[str, str | None, str | None]:
    """Article, paragraph and part of a short form; where articles have a colon themselves, the first is theirs.

    `levels` is of how many numbers an article of this law consists at most, where that is known: 6 of one, 5.1 of two.
    Known numbers say more than the word "artikel" before them. A dot stands for a colon as well.

    >>> split("6:1:e", colon=False, levels=0, formal=False), split("3.50.1", colon=True, levels=0, formal=False)
    (('6', '1', 'e'), ('3:50', '1', None))
    >>> split("5.1.2e", colon=False, levels=2, formal=True), split("5.1.2", colon=False, levels=0, formal=False)
    (('5.1', '2', 'e'), ('5.1.2', None, None))
    >>> split("3:50", colon=False, levels=0, formal=True)
    ('3:50', None, None)
    """
    ends_in_letter = LETTER_LAST.search(label) is not None
    if colon and "." in label:
        article, rest = _after_levels(label.replace(":", "."), 2)
        article = article.replace(".", ":")
    elif levels and "." in label and ":" not in label:
        article, rest = _after_levels(label, levels)
    elif formal and not ends_in_letter:
        return label, None, None
    elif colon:
        first, *rest = label.split(":")
        article, rest = ":".join([first, *rest[:1]]), rest[1:]
    else:
        article, *rest = label.split("." if ends_in_letter and ":" not in label else ":")
    paragraphs = [piece for piece in rest if piece[0].isdigit()]
    parts = [piece for piece in rest if not piece[0].isdigit()]
    if len(paragraphs) > 1 or len(parts) > 1 or any(map(NO_PARAGRAPH.match, rest)):
        return label, None, None
    return article, next(iter(paragraphs), None), next(iter(parts), None)


def _after_levels(label: str, levels: int) -> tuple[str, list[str]]:
    """The number of the article, and what stands behind it: the numbers and the letters, each apart."""
    pieces = label.split(".")
    size = next((at for at, piece in enumerate(pieces) if at and (at == levels or not piece[0].isdigit())), len(pieces))
    return ".".join(pieces[:size]), NUMBER_AND_LETTER.findall(".".join(pieces[size:]))


def european(name: str) -> str | None:
    """The CELEX number of European law that is named by its own number: before 2015 that came before the year.

    >>> european("Verordening (EU) 2016/679"), european("Richtlijn 95/46/EG"), european("Verordening (EG) nr. 45/2001")
    ('32016R0679', '31995L0046', '32001R0045')
    >>> european("Vo 2016/679"), european("vo 2016/2017")
    ('32016R0679', None)
    """
    match = EUROPEAN.fullmatch(fold(name))
    if match is None or (match["kind"] in SHORT_FOR_EUROPEAN and not match["by"] and not _has_year(match)):
        return None
    if match["old"]:
        year, number, letter = match["year"], match["number"], "L"
    else:
        year, number, letter = match["one"], match["other"], EUROPEAN_LETTER[match["kind"]]
        if len(year) != 4 or (letter == "R" and _is_year(number) and not _is_year(year)):
            year, number = number, year
    year = f"19{year}" if len(year) == 2 else year
    return f"3{year}{letter}{int(number):04}" if len(year) == 4 else None


# --- the signs of a place --------------------------------------------------------------------------------------------


def _plain() -> dict[int, str]:
    signs = {sign: unicodedata.normalize("NFD", chr(sign))[0] for sign in range(0xC0, 0x250)}
    return signs | dict.fromkeys(map(ord, "‐‑‒–—"), "-") | {ord("º"): "°", 0x200B: " ", 0xFEFF: " "}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLAIN = _plain()
# A number, or letters; the number of a law and of an article that is glued to its word begin with letters as well.
# So does a name with its year: Wmo2015.
TOKEN = re.compile(r"(?:bwb[rvw]|cvdr|art(?:ikel(?:en)?)?)(?=\d)|[^\W\d_]{2,16}(?=(?:19|20)\d\d(?![^\W_]))|[^\W_]+")
NUMBERED_BY = frozenset({"celex", "cvdr", "bwbr", "bwbv", "bwbw"})
DIGITS = frozenset("0123456789")
WORD = re.compile(r"[^\W\d_]+")
LETTER_LAST = re.compile(r"[:.][a-z]$")
# No article has a hundred paragraphs, or a paragraph 0: 1.500 is an amount, 2.0 a version.
NO_PARAGRAPH = re.compile(r"0|\d{3}")
NUMBER_AND_LETTER = re.compile(r"\d+|[a-z]+")

PREFIX = re.compile(r"(artikel(?:en|s)?|articles?|artt?)(?![a-z])\.?(?:\s?:(?=\s)|/(?=\d))?\s{0,6}")
WORDS_FOR_ARTICLE = frozenset({"artikel", "artikelen", "artikels", "article", "articles", "art", "artt"})
PLURAL = frozenset({"artikelen", "artikels", "articles", "artt"})
ENGLISH = frozenset({"article", "articles"})
SEGMENT = r"(?:[:.-](?:\d[0-9a-z]*|[a-z](?![a-z])))"
LABEL = re.compile(
    rf"(?:[a-z]{{1,2}} (?=\d))?[a-z]{{0,3}}\d[0-9a-z]*{SEGMENT}*(?: (?:bis|ter|quater)(?![a-z]))?(?![0-9a-z])"
)
ROMAN = re.compile(rf"(?=[ivx])x{{0,3}}(?:ix|iv|v?i{{0,3}})([a-z]?){SEGMENT}*(?![0-9a-z])")
BARE = re.compile(
    r"\d{1,4}[a-z]{0,3}(?:[:.](?:\d{1,4}[a-z]{0,2}|[a-z](?![a-z])))*(?: (?:bis|ter|quater)(?![a-z]))?(?![0-9a-z])"
)
GLUED = re.compile(r"(\d{1,4})([a-z]{2,8})(?![0-9a-z])")
GLUED_TO_PARAGRAPH = re.compile(r"\d{1,4}(?:[:.]\d{1,4}){0,3}[a-z]{0,3}?(?=lid\.?\s?\d)")
# 2 : 5, 5. 1, 53 a: one article when what follows shows it.
SPACED = re.compile(
    r"\d{1,3}(?:[:.]\d{1,3}){0,3}[^\S\n](?P<letters>[a-z]{1,2})(?![^\W_]|[.'’-])"
    r"|\d{1,3}[a-z]?(?:[^\S\n]{0,2}[.:][^\S\n]{0,2}\d{1,3}[a-z]{0,2}(?![0-9a-z])){1,3}"
)
BETWEEN_SPACES = re.compile(r"\d\s{1,2}:\s{1,2}\d")
SPACE = re.compile(r"\s{1,3}")
FOLLOWING_PAGES = frozenset({"ev", "ff", "vv", "cf", "ex"})
BEGUN_BEFORE = re.compile(r"(?<![^\W_])art(?:ikel(?:en)?|t)?\.?\s?\d[\w.: ]{0,7}\s?[.:]\s{1,2}$")
IN_ORDER = rf"(?:{'|'.join(ORDINALS)}|\d{{1,2}}(?:ste|de|e)(?![a-z]))"
NUMBERED = r"\d{1,3}[a-z]{0,3}(?![0-9a-z])"
AND = r"(?:\s?,\s?(?:en\s|of\s)?|\s{1,3}(?:en/of|en|of|alsmede|t/m|tot en met|tot)\s{1,3}|\s?-\s?)"
CARDINALS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")
GAP = r"(?:\s?[/|;]\s?|[\s,]{0,4})(?:(?:en|of|en/of|alsmede|van|jo\.?|juncto)\s{1,3})?(?:(?:het|de)\s)?"


def _paragraph_signs(one: str) -> re.Pattern[str]:
    """`one`: what joins numbers behind a single "lid"; behind "leden" it is all that can join them."""
    return re.compile(
        rf"{GAP}(?:\()?(?:(?:leden)\.?\s{{0,3}}(?P<more>{NUMBERED}(?:{AND}{NUMBERED}){{0,9}})"
        rf"|(?:lid|ld|(?P<english>paragraphs?|par))[.:/]?\s{{0,3}}(?P<numbers>{NUMBERED}(?:{one}{NUMBERED}){{0,9}})"
        rf"|lid\s{{1,3}}(?P<cardinal>{'|'.join(CARDINALS)})(?![a-z])"
        rf"|(?P<words>{IN_ORDER}(?:{AND}(?:het\s)?{IN_ORDER}){{0,9}})\s{{1,3}}(?:lid|leden)(?![a-z]))(?:\))?"
    )


PARAGRAPHS = _paragraph_signs(AND)
# Among several articles a number behind "en" is the next of them: artt. 37 lid 2 en 98.
PARAGRAPHS_OF_ONE = _paragraph_signs(r"(?:\s{1,3}(?:t/m|tot en met|tot)\s{1,3}|\s?-\s?)")
PART_LABEL = (
    r"(?:[a-z]{1,2}|[ivx]{2,5}|\d{1,3}[a-z]?(?![a-z]))°?(?:\.(?:[a-z]{1,2}|\d{1,3}[a-z]?)°?(?![0-9a-z]))*(?![0-9a-z])"
)
NEXT_PART = r"(?:(?P<same>[a-z])(?P=same)?|\d{1,3}°)(?![0-9a-z])"
PARTS = re.compile(
    rf"{GAP}(?:aanhef(?:\s?,\s|\s{{1,3}}en\s{{1,3}}|\s{{1,3}}))?"
    r"(?:onderdeel|onderdelen|onder|sub|letters?|lit\.?|punten|punt|points?|ond\.?)(?![a-z]):?\s{0,3}"
    rf"(?P<quote>['\"‘’“”„])?\(?(?P<first>{PART_LABEL})\)?(?(quote)['\"‘’“”]|(?:['’](?=,?\s))?)"
    rf"(?P<rest>(?:{AND}['\"‘’“”„]?{NEXT_PART}(?:['\"’”](?=,?\s))?){{0,9}})"
)
WITHIN_PART = re.compile(r"[\s,]{1,3}(?:ten\s)?(\d{1,2}°)")
ONE_LETTER = re.compile(r"\s{0,2}([a-z])(?![^\W_]|[.'’-][a-z])")
BESIDE = re.compile(rf"{GAP}(?:aanhef|(?:{IN_ORDER}|laatste|slot)\s{{0,2}}(?:vol)?zin(?:nen|snede)?)(?![a-z])")
BRACKETS = re.compile(r"\s?\(\s?(?:(?P<paragraph>\d{1,3}[a-z]{0,2})|(?P<part>[a-z]{1,2}|[ivx]{1,5}|\d{1,2}°))\s?\)")
NO_PARTS = _words("de en er te in op of om is ik ze we je na al zo nu bv nr jo el ha up me mr dr")
OTHER_PARTS = _words(
    "hoofdstuk bijlage bijlagen titel afdeling paragraaf boek deel punt overweging versie stap vraag pagina blz lid "
    "onderdeel hfst afd par §"
)
FURTHER = re.compile(
    r"(?:[\s,;]{0,3}(?P<joint>en/of|en|of|alsmede|jo\.?|juncto|i\.v\.m\.|in verbinding met"
    r"|(?:gelezen )?in samenhang met|t/m|tot en met)\s{1,3}|\s?[,;]\s?|(?P<dash>-))(?:(?:van|met)\s)?(?:de\s(?=art))?"
)
BEFORE_ARTICLE = re.compile(
    rf"(?<![^\W_])(?:(?:onder(?:deel)?|sub|letter)\s{{1,3}}(?P<part>{PART_LABEL}),?\s{{1,3}}(?:van\s{{1,3}})?(?:het\s{{1,3}})?)?"
    rf"(?:lid\s{{1,3}}(?P<number>{NUMBERED})|(?P<ordinal>{IN_ORDER})\s{{1,3}}lid)"
    rf"(?:,?\s{{1,3}}(?:aanhef en )?(?:onder(?:deel)?|sub|letter)\s{{1,3}}(?P<behind>{PART_LABEL}))?"
    r"(?:,?\s{1,3}van|\s)\s{0,3}$"
)
JOINED = re.compile(r"[\s,]{0,4}(?:en|of|en/of|alsmede|jo|juncto|het|van)(?![a-z])")
OF_ANOTHER = re.compile(r",?\s{1,3}(?:van|uit|art)")
PART_BEFORE_ARTICLE = re.compile(
    rf"(?<![^\W_])(?:onder(?:deel)?|sub|letter)\s{{1,3}}(?P<part>{PART_LABEL}),?\s{{1,3}}van\s{{1,3}}$"
)

# --- the names of laws -----------------------------------------------------------------------------------------------

NUMBER = re.compile(
    r"(?:celex\s?[:#]?\s?)?(?:bwb[rvw]\d{7}|cvdr\d{1,9}(?:/\d{1,4}(?![\d-]))?|3\d{4}[a-z]{1,2}\d{4})(?![0-9a-z])",
    re.ASCII,
)
EUROPEAN = re.compile(
    r"(?P<kind>verordening|richtlijn|besluit|vo)(?:(?<=vo)\.)?\s{1,3}(?P<by>\((?:eu|eg|eeg)\)\s{1,3})?(?:nr\.?\s{1,3})?"
    r"(?P<one>\d{1,4})/(?P<other>\d{1,4})(?![0-9a-z/])"
    r"|(?P<old>richtlijn)\s{1,3}(?P<year>\d{2}(?:\d\d)?)/(?P<number>\d{1,3})/(?:eu|eg|eeg)(?![0-9a-z])"
)
EUROPEAN_LETTER = {"verordening": "R", "richtlijn": "L", "besluit": "D", "vo": "R"}
SHORT_FOR_EUROPEAN = frozenset({"vo"})
CONNECTED = re.compile(
    r"[\s,]{0,4}\(?(?:(?:van|uit|in|bij|onder|volgens|krachtens)\s{1,4})?"
    r"(?:(?:de|het|onze|die|deze|genoemde|voornoemde|huidige|nieuwe|oude)\s{1,4})?"
)
# What carries a law out is another law: Uitv.besl. AWR.
OF_CARRYING_OUT = re.compile(
    r"(?<![^\W_])(?:uitvoerings|uitv\.?\s?)(?:regeling|reg|besluit|besl)\.?\s{1,2}(?:van\s)?(?:de\s)?$"
)
BARRED = re.compile(r"\s?[/|]\s?(?=art)")
BOOK = r"boek\s{1,2}(?P<book>\d{1,2}a?)"
BOOK_OF_LAW = re.compile(rf"[\s,]{{0,3}}(?:(?:van|uit|in)\s{{1,3}})?{BOOK}(?=[\s,])")
BOOK_BEFORE = re.compile(rf"(?<![^\W_]){BOOK},?\s{{1,3}}(?:van\s{{1,3}})?(?:het\s{{1,3}})?$")
THEN = re.compile(r"[\s,:;(–-]{0,5}(?:(?:in het bijzonder|meer specifiek|namelijk|te weten|met name)[\s,]{1,3})?")
SAME_IN_BRACKETS = re.compile(r"\s{0,3}\(\s?(?:hierna:?\s|de\s|het\s){0,2}([^()\"'“”‘’]{1,90})\)")

LIKE_A_LAW = ("wet", "wetboek", "besluit", "regeling", "verordening", "reglement", "verdrag", "statuut", "handvest")
NO_LAW_ALONE = frozenset((*LIKE_A_LAW, "raadsbesluit", "collegebesluit", "deelbesluit", "rechtsregeling"))
FIRST_WORDS = _words(
    "wet wetboek besluit regeling verordening rijkswet kaderwet invoeringswet uitvoeringswet aanpassingswet "
    "uitvoeringsbesluit uitvoeringsregeling invoeringsbesluit reglement verdrag handvest statuut richtlijn "
    "algemene tijdelijke beleidsregel beleidsregels protocol"
)
MUST_GO_ON = frozenset({"algemene", "tijdelijke"})
JOINING = _words(
    "van de het der des den op en voor in tot bij door inzake ter ten met aan over tegen of uit te naar om "
    "betreffende houdende onder tussen a"
)
NO_NAME = _words(
    "is zijn was waren wordt worden werd werden kan kunnen kon mag mogen moet moeten zal zullen zou heeft hebben had "
    "bepaalt bepalen geeft geven regelt regelen staat staan biedt bieden volgt volgen vereist vereisen schrijft "
    "verplicht maakt maken geldt gelden stelt stellen luidt luiden ziet zien die dat dit deze waarin waarop waarbij "
    "waardoor waarmee blijkt blijken verbiedt verbieden vraagt laat laten dan niet ook als wel er hier daar daarom "
    "daarin omdat want maar dus echter mits tenzij indien wanneer hierna lid art artikel artikelen sub onderdeel "
    "eerste tweede derde ik wij u hij zij men we je jullie alsmede juncto jo toegestaan staande noemt noemen spreekt "
    "verzet ontbreekt vormt biedt gaat gaan heet toe opgenomen genoemd genoemde bedoeld bedoelde"
)
YEAR = re.compile(r"\s{1,3}((?:1[89]|20)\d\d|bes)(?![0-9a-z])")
# A year may be glued to the name: Wmo2015.
YEAR_OF_NAME = re.compile(r"\\s\{1,4\}(?=(?:19|20)\d\d$)")
NEXT_WORD = re.compile(r"\s{1,3}([^\W_]+(?:[-/][^\W_]+)*-?)")
NAME_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?:- en [^\W\d_]+)?")
ABBREVIATION = re.compile(r"[A-Za-z]{2,6}(?:[-/][A-Za-z]{1,5})?(?![^\W_])", re.ASCII)
ABBREVIATION_BEFORE = re.compile(r"(?<![^\W_])([A-Za-z]{2,6}(?:[-/][A-Za-z]{1,5})?)[\s,:(]{1,3}$", re.ASCII)
ROMAN_NUMERAL = re.compile(r"[ivxlcdm]+")
NO_ABBREVIATION = _words(
    "wet wat wie wij waar want wel was wordt worden welke wanneer weer weten willen wil werk water wijze "
    "nr nrs jo sub lid art bv nv blz str mr drs dr ir ing tk ek"
)


class _Group(NamedTuple):
    paragraphs: tuple[str | None, ...]
    parts: tuple[str | None, ...]


_Groups = tuple[tuple[_Group, ...], int]
"""The groups that were read, and where reading goes on."""


class _Item(NamedTuple):
    """An article with what is said of it: paragraphs and parts; `own`: the word for article stands before it."""

    start: int
    end: int
    article: str
    groups: tuple[_Group, ...]
    own: bool
    formal: bool


class _Row(NamedTuple):
    items: tuple[_Item, ...]
    end: int
    plural: bool = False


class _Name(NamedTuple):
    start: int
    end: int
    guesses: tuple[str, ...] = ()
    book: str | None = None


class _Found(NamedTuple):
    readings: tuple[Reading, ...]
    end: int


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    plain: str
    names: Names
    asked: bool

    def read(self, at: int, token: str, since: int) -> _Found:
        """What is named from here; `since` is where the last reading ended."""
        if token[0].isdigit():
            number = self._number(at)
            return self._after_law(number, since) if number else self._from_place(at, since, bare=True)
        word = WORD.match(token)
        if word and word[0] in WORDS_FOR_ARTICLE:
            return self._from_place(at, since)
        law = self._known(at)
        if law is not None and OF_CARRYING_OUT.search(self.plain[max(since, at - LOOKING_BACK) : at]):
            return _Found((), law.end)
        if law is not None:
            return self._after_law(law, since)
        if token in FIRST_WORDS or token.endswith(LIKE_A_LAW):
            return self._after_unknown_law(at)
        return _Found((), at)

    def _from_place(self, at: int, since: int, *, bare: bool = False) -> _Found:
        """Places that come first, and then their law."""
        row = self._row(at, bare=bare)
        if row is None:
            return _Found((), at)
        law = self._law_after(row, bare=bare)
        if law is not None:
            book, begin = self._book_before(row.items[0].start, since)
            law = law._replace(book=law.book or book)
            row, end = self._with_what_stands_behind(self._with_what_stands_before(row, since), self._beyond(law))
            row = row._replace(items=(row.items[0]._replace(start=min(begin, row.items[0].start)), *row.items[1:]))
            return _Found(_readings(self.text, row, law, first=False, end=end), end)
        law = None if bare else self._abbreviation_before(at, since)
        if law is not None:
            return _Found(_readings(self.text, row, law, first=True, end=row.end), row.end)
        return _Found((), row.end)

    def _after_law(self, law: _Name, since: int) -> _Found:
        """A known law, and the places that follow it; places that are followed by a law of their own are not its."""
        end = self._beyond(law)
        book, begin = self._book_before(law.start, since)
        if behind := BOOK_OF_LAW.match(self.plain, end):
            book, end = behind["book"], behind.end()
        law = law._replace(book=book)
        row = self._row_of(law._replace(end=end))
        if row is not None and self._law_after(row) is None:
            first, *others = _readings(self.text, row, law, first=True, end=row.end)
            return _Found((replace(first, start=begin), *others), row.end)
        return _Found((Reading(law.start, law.end, self.text[law.start : law.end]),), end)

    def _after_unknown_law(self, at: int) -> _Found:
        """What looks like the name of a law counts when a place follows."""
        law = self._unknown(at)
        row = self._row_of(law) if law else None
        if law is None or row is None or self._law_after(row) is not None:
            return _Found((), at)
        return _Found(_readings(self.text, row, law, first=True, end=row.end), row.end)

    # --- laws

    def _law_after(self, row: _Row, *, bare: bool = False) -> _Name | None:
        book = BOOK_OF_LAW.match(self.plain, row.end)
        connected = CONNECTED.match(self.plain, book.end() if book else row.end)
        at = connected.end() if connected else row.end
        known = self._known(at)
        if known is not None and book is not None:
            return known._replace(book=book["book"])
        if known is not None:
            return None if bare and self.plain[known.end : known.end + 1] == "-" else known
        if at == row.end:
            return None
        law = self._unknown(at)
        if law is None and (not bare or self._is_certain(row, at)):
            law = self._abbreviation(at)
        return law

    def _book_before(self, at: int, since: int) -> tuple[str | None, int]:
        """The book that is named before an article or a law, and where: Boek 6 BW; Boek 6, artikel 162."""
        begin = max(since, at - LONGEST_BEFORE)
        match = BOOK_BEFORE.search(self.plain[begin:at])
        return (match["book"], begin + match.start()) if match else (None, at)

    def _is_certain(self, row: _Row, law: int) -> bool:
        """Is a bare number before an unknown abbreviation a place by its form: 6:162 XYZ, 8 lid 1 XYZ, not 4.5 GW?"""
        item = row.items[-1]
        if self.asked and row.items[0].start == 0 and " " not in self.plain[law:].rstrip():
            return True
        return self.plain[item.end : law].isspace() and (":" in item.article or item.groups != (NOTHING,))

    def _known(self, at: int) -> _Name | None:
        end = self.names.end(self.plain, at)
        return self._number(at) if end is None else _Name(at, end)

    def _number(self, at: int) -> _Name | None:
        match = NUMBER.match(self.plain, at) or EUROPEAN.match(self.plain, at)
        return _Name(at, match.end()) if match else None

    def _beyond(self, law: _Name) -> int:
        """Past the other name of the same law between brackets."""
        match = SAME_IN_BRACKETS.match(self.plain, law.end)
        if match is None:
            return law.end
        known = self.names.end(self.plain, match.start(1)) == match.end(1)
        return match.end() if known or (match[1].isalpha() and " " in self.plain[law.start : law.end]) else law.end

    def _unknown(self, at: int) -> _Name | None:
        word = NAME_WORD.match(self.plain, at)
        if word is None:
            return None
        if word[0] in FIRST_WORDS:
            return self._long_name(at, word.end(), must=word[0] in MUST_GO_ON)
        if not word[0].endswith(LIKE_A_LAW) or word[0] in NO_LAW_ALONE:
            return None
        year = YEAR.match(self.plain, word.end())
        ends = [*([year.end()] if year else []), word.end()]
        return _Name(at, ends[0], tuple(_written(self.plain[at:end]) for end in ends))

    def _long_name(self, at: int, end: int, *, must: bool) -> _Name | None:
        """A name of several words, of which nobody says where it ends: at each word that could be its last."""
        ends: list[int] = []
        found = not must
        for _ in range(LONGEST_NAME):
            word = NEXT_WORD.match(self.plain, end)
            if word is None or word[1] in NO_NAME or (word[1].isdigit() and not YEAR.match(self.plain, end)):
                break
            end = word.end()
            found = found or word[1].endswith(LIKE_A_LAW)
            if found and word[1] not in JOINING and not word[1].endswith("-"):
                ends.append(end)
            if YEAR.match(self.plain, word.start()):
                break
        if not ends:
            return None
        return _Name(at, ends[-1], tuple(_written(self.plain[at:one]) for one in reversed(ends)))

    def _abbreviation(self, at: int) -> _Name | None:
        match = ABBREVIATION.match(self.text, at)
        if match is None or not self._looks_short(match[0]):
            return None
        year = YEAR.match(self.plain, match.end())
        ends = [*([year.end()] if year else []), match.end()]
        return _Name(at, ends[0], tuple(_written(self.plain[at:end]) for end in ends))

    def _abbreviation_before(self, at: int, since: int) -> _Name | None:
        begin = max(since, at - 15)
        match = ABBREVIATION_BEFORE.search(self.text[begin:at])
        if match is None or not self._looks_short(match[1]):
            return None
        return _Name(begin + match.start(1), begin + match.end(1), (match[1].lower(),))

    def _looks_short(self, word: str) -> bool:
        """Is this an abbreviation of a law: VBW, Wft, Sr, Wob? In a question small letters are as good."""
        small = word.lower()
        if small in NO_ABBREVIATION or small in JOINING or small in NO_NAME or ROMAN_NUMERAL.fullmatch(small):
            return False
        if sum(sign.isupper() for sign in word) > 1:
            return True
        if not (word[0].isupper() or self.asked):
            return False
        return small[0] == "w" or not set(small) & set("aeiou")

    # --- places

    def _row_of(self, law: _Name) -> _Row | None:
        """The places that follow a law; without the word for article only what can hardly be anything else."""
        then = BARRED.match(self.plain, law.end) or THEN.match(self.plain, law.end)
        at = then.end() if then else law.end
        if at == law.end:
            return None
        if PREFIX.match(self.plain, at):
            row = self._row(at)
            if row is None or row.plural:
                return row
            kept = [row.items[0]]
            for item in row.items[1:]:
                if not item.own:
                    break
                kept.append(item)
            return row._replace(items=tuple(kept), end=kept[-1].end)
        row = self._row(at, bare=True, alone=True)
        if row is None or _is_year(row.items[0].article):
            return None
        if self._is_numbered(law, at):
            return row
        if self.plain[law.end : at].strip() and not self._has_form(row.items[0]):
            return None
        # Who begins a question with a name that is not known, asks for that law.
        short = self.asked and (not law.guesses or law.start == 0)
        return row if short or self._is_placed(row.items[0]) else None

    def _is_numbered(self, law: _Name, at: int) -> bool:
        """Is this the number of a law with its article glued to it: BWBR0002221:49?"""
        return self.plain[law.end : at] == ":" and NUMBER.fullmatch(self.plain, law.start, law.end) is not None

    def _is_placed(self, item: _Item) -> bool:
        following = self.plain[item.end : item.end + 2].strip()
        return self._has_form(item) or not following or following[0] in ",.;:)"

    def _has_form(self, item: _Item) -> bool:
        """Does a bare number look like a place: 3:50, 5.1.1, 6(1), 6 lid 1?"""
        return any(sign in item.article for sign in ":.") or item.groups[0] != NOTHING

    def _row(self, at: int, *, bare: bool = False, alone: bool = False) -> _Row | None:
        """Articles in a row, each with its paragraphs and parts."""
        item, plural = self._item(at, bare=bare), False
        if item is None or (bare and not alone and not self._may_stand_bare(at)):
            return None
        prefix = PREFIX.match(self.plain, at)
        plural = bool(prefix and prefix[1] in PLURAL)
        items = [item]
        while not alone and len(items) < MOST_IN_ROW:
            further = FURTHER.match(self.plain, items[-1].end)
            if further is None or (further["dash"] and not plural):
                break
            following = self._item(
                further.end(), bare=not PREFIX.match(self.plain, further.end()), word=prefix[1] if prefix else ""
            )
            if following is None:
                break
            if further["dash"] or further["joint"] in {"t/m", "tot en met"}:
                items += _between(items[-1], following)
            items.append(following)
        return _Row(tuple(items), items[-1].end, plural)

    def _may_stand_bare(self, at: int) -> bool:
        """Not behind a sign that makes it a part of something else: 2016/679, 1.000, € 6."""
        before = self.plain[max(0, at - LONGEST_BEFORE) : at]
        return not before or (
            before[-1] not in "/.:-€$_°'’"
            and before.rstrip(" .").rpartition(" ")[2] not in OTHER_PARTS
            and BEGUN_BEFORE.search(before) is None
        )

    def _item(self, at: int, *, bare: bool, word: str = "") -> _Item | None:
        """An article with what is said of it; `word`: what stands before the first article of its row."""
        prefix = None if bare else PREFIX.match(self.plain, at)
        begin = prefix.end() if prefix else at
        word = prefix[1] if prefix else word
        label = (None if bare else self._spaced(begin, word)) or self._label(begin, bare=bare)
        if label is None:
            return None
        article, end = label
        if bare and _is_year(article):
            return None
        groups, end = self._groups(end, word)
        return _Item(at, end, article, groups, prefix is not None, bool(prefix and prefix[1].startswith("arti")))

    def _spaced(self, at: int, word: str) -> tuple[str, int] | None:
        """A label with spaces in it, where a paragraph or a law behind it shows that it is one."""
        match = SPACED.match(self.plain, at, at + LONGEST_LABEL)
        if match is None or not any(map(str.isspace, match[0])):
            return None
        letters = match["letters"]
        if letters and (letters in NO_PARTS | FOLLOWING_PAGES or self._known(match.start("letters"))):
            return None
        end = match.end()
        if not BETWEEN_SPACES.search(match[0]) and self._groups(end, word)[0] == (NOTHING,):
            space = SPACE.match(self.plain, end)
            known = self._known(space.end()) if space else None
            if known is None or self.plain[known.end : known.end + 1] == "-":
                return None
        return "".join(self._article(at, end).split()), end

    def _label(self, at: int, *, bare: bool) -> tuple[str, int] | None:
        limit = at + LONGEST_LABEL
        if bare:
            match = BARE.match(self.plain, at, limit)
            return (self._article(at, match.end()), match.end()) if match else None
        if match := GLUED_TO_PARAGRAPH.match(self.plain, at, limit):
            return self._article(at, match.end()), match.end()
        glued = GLUED.match(self.plain, at, limit)
        if glued and glued[2] in self.names.short:
            return glued[1], glued.end(1)
        match = LABEL.match(self.plain, at, limit)
        if match:
            first = match[0].partition(" ")[0]
            if not (first in JOINING or first in NO_PARTS):
                return self._article(at, match.end()), match.end()
        roman = ROMAN.match(self.plain, at, limit)
        if roman and roman.end() > at:
            written = self.text[at : roman.start(1)]
            if written.isupper() or (len(written) > 1 and not roman[1]):
                return self._article(at, roman.end()), roman.end()
        return None

    def _article(self, start: int, end: int) -> str:
        """The label as it stands there; a letter behind a number is a small one."""
        label = " ".join(self.text[start:end].translate(PLAIN).split())
        return re.sub(r"(?<=\d)[A-Z]+", lambda found: found[0].lower(), label)

    def _groups(self, end: int, word: str = "") -> tuple[tuple[_Group, ...], int]:
        """Paragraphs, each with its parts, that follow an article; `word` is what says "article" before its row."""
        groups: tuple[_Group, ...] = ()
        for _ in range(MOST_IN_ROW):
            step = (
                self._next_paragraphs(groups, end, word) or self._next_parts(groups, end) or self._beside(groups, end)
            )
            if step is None:
                break
            groups, end = step
        return groups or (NOTHING,), end

    def _next_paragraphs(self, groups: tuple[_Group, ...], end: int, word: str) -> _Groups | None:
        match = (PARAGRAPHS_OF_ONE if word in PLURAL else PARAGRAPHS).match(self.plain, end)
        # In Dutch "par." is a section of a text, and none of an article.
        if match and (word in ENGLISH or not match["english"]):
            return (*groups, _Group(_paragraphs(match), (None,))), match.end()
        match = self._in_brackets(end)
        if match and match["paragraph"] and not groups:
            return (_Group((match["paragraph"],), (None,)),), match.end()
        return None

    def _next_parts(self, groups: tuple[_Group, ...], end: int) -> _Groups | None:
        last = groups[-1] if groups else NOTHING
        if (match := PARTS.match(self.plain, end)) and match["first"] not in NO_PARTS:
            parts = _parts(match)
        elif match := self._in_brackets(end):
            parts = (match["paragraph"] or match["part"],)
        elif groups and (match := (WITHIN_PART if last.parts[-1] else ONE_LETTER).match(self.plain, end)):
            parts = (match[1],)
        else:
            return None
        return (*groups[:-1], _with_parts(last, parts)), match.end()

    def _in_brackets(self, end: int) -> re.Match[str] | None:
        """A paragraph or part between brackets, unless it is the name of a law: artikel 17 lid 1 (PW)."""
        match = BRACKETS.match(self.plain, end)
        return None if match and match["part"] in self.names.short else match

    def _beside(self, groups: tuple[_Group, ...], end: int) -> _Groups | None:
        """What says where to look and is no place of its own: the opening words, a sentence."""
        match = BESIDE.match(self.plain, end)
        return (groups, match.end()) if match else None

    def _with_what_stands_before(self, row: _Row, since: int) -> _Row:
        """The first article with the paragraph or part that was said before it: "het eerste lid van artikel 6"."""
        first = row.items[0]
        if first.groups != (NOTHING,) and first.groups[0].paragraphs != (None,):
            return row
        begin = max(since, first.start - LOOKING_BACK)
        before = self.plain[begin : first.start]
        match = BEFORE_ARTICLE.search(before)
        paragraph = None
        if match:
            paragraph = match["number"] or _ordinal(match["ordinal"])
        elif first.groups == (NOTHING,):
            match = PART_BEFORE_ARTICLE.search(before)
        part = match and (match["part"] or match.groupdict().get("behind"))
        if match is None or part in NO_PARTS:
            return row
        parts = first.groups[0].parts if part is None else (part,)
        item = first._replace(start=begin + match.start(), groups=(_Group((paragraph,), parts),))
        return row._replace(items=(item, *row.items[1:]))

    def _with_what_stands_behind(self, row: _Row, end: int) -> tuple[_Row, int]:
        """The last article with the paragraph that is said after the law: "artikel 6 AVG, eerste lid"."""
        last = row.items[-1]
        if last.groups != (NOTHING,) or JOINED.match(self.plain, end) or not PARAGRAPHS.match(self.plain, end):
            return row, end
        groups, further = self._groups(end)
        if OF_ANOTHER.match(self.plain, further):
            return row, end
        return row._replace(items=(*row.items[:-1], last._replace(groups=groups))), further


NOTHING = _Group((None,), (None,))


def _readings(text: str, row: _Row, law: _Name, *, first: bool, end: int) -> tuple[Reading, ...]:
    """A reading for each place; `first`: the law comes first. The stretch of the place beside it has its name in it."""
    name = text[law.start : law.end]
    last = len(row.items) - 1
    found: list[Reading] = []
    for place, item in enumerate(row.items):
        start = law.start if first and place == 0 else item.start
        stop = item.end if place != last else end
        if (
            place == last
            and "(" in text[start:stop]
            and text[stop : stop + 1] == ")"
            and ")" not in text[law.start : stop]
        ):
            stop += 1
        found += [
            Reading(start, stop, name, law.guesses, item.article, paragraph, part, item.formal, law.book)
            for group in item.groups
            for paragraph, part in product(group.paragraphs, group.parts)
        ]
    return tuple(found)


def _between(one: _Item, other: _Item) -> list[_Item]:
    """The articles between two that are the ends of a row: 8 tot en met 11."""
    if not (one.article.isdigit() and other.article.isdigit()):
        return []
    numbers = range(int(one.article) + 1, min(int(other.article), int(one.article) + MOST_IN_ROW))
    return [one._replace(article=str(number), groups=(NOTHING,)) for number in numbers]


def _paragraphs(match: re.Match[str]) -> tuple[str | None, ...]:
    if numbers := match["numbers"] or match["more"]:
        return tuple(_stretched(numbers, re.findall(PARAGRAPH, numbers)))
    if match["cardinal"]:
        return (str(CARDINALS.index(match["cardinal"]) + 1),)
    return tuple(_stretched(match["words"], [_ordinal(word) for word in re.findall(IN_ORDER, match["words"])]))


def _parts(match: re.Match[str]) -> tuple[str, ...]:
    rest = re.findall(r"(?<![a-z0-9])(?:[a-z]{1,2}|\d{1,3})°?(?![a-z0-9])", match["rest"] or "")
    labels = [match["first"], *(label for label in rest if label not in {"en", "of"})]
    return tuple(_stretched(match["rest"] or "", labels))


def _stretched(written: str, labels: Sequence[str]) -> list[str]:
    """The labels, and those between them where the text says "tot en met" or puts a dash."""
    if len(labels) != 2 or not re.search(r"t/m|tot|\d\s?-|-\s?[a-z]", written):
        return list(dict.fromkeys(labels))
    low, high = labels
    if low.isdigit() and high.isdigit():
        return [str(number) for number in range(int(low), min(int(high), int(low) + MOST_IN_ROW) + 1)]
    if len(low) == len(high) == 1:
        return [chr(sign) for sign in range(ord(low), ord(high) + 1)]
    return list(labels)


def _with_parts(group: _Group, parts: Sequence[str]) -> _Group:
    """A part of a part, as in "onder e, onder 1°"; or more parts."""
    known = tuple(part for part in group.parts if part is not None)
    if known and all(part[0].isdigit() for part in parts) and not known[-1][0].isdigit():
        return group._replace(parts=tuple(f"{known[-1]}.{part}" for part in parts))
    return group._replace(parts=(*known, *parts))


def _ordinal(word: str) -> str:
    return re.sub(r"\D", "", word) or str(ORDINALS.index(word) + 1)


def _is_year(article: str) -> bool:
    return len(article) == 4 and article.isdigit() and article[:2] in {"18", "19", "20"}


def _has_year(match: re.Match[str]) -> bool:
    """Is a year in this number? Of secondary education is said "vo" as well, and vo 2016/2017 is a school year."""
    one, other = match["one"], match["other"]
    return (_is_year(one) or _is_year(other)) and int(other) not in {int(one) + 1, (int(one) + 1) % 100}


def _one_of(names: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    ways = (YEAR_OF_NAME.sub(r"\\s{0,4}", r"\s{1,4}".join(map(re.escape, name.split()))) for name in longest_first)
    return re.compile(rf"(?:{'|'.join(ways)})(?![^\W_])")


def _written(plain: str) -> str:
    return " ".join(plain.split())
