"""Citizens' data in free text: what looks like it, where it stands, and how to show that without repeating it.

A finding is a reason to ask, not a proof. In doubt this errs towards asking, except for numbers that government
itself writes all day: of cases, laws, organisations, amounts and dates. Three choices behind that:

- A number of eight digits may be a citizen service number (BSN) that lost its zero, but it is taken for a day when
  it reads as one, and for the number of a company after words such as "KVK".
- An alien's number (V-nummer) has no check digit, so it is found only with its name or its letter.
- An address such as info@ or privacy@ belongs to a desk and not to a person, whatever its domain. Every other
  address is found, that of an official too: a report does not need it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BLANK = "¦"
"""Takes the place of what was recognised already; it joins nothing to anything."""

MASK = "•"
SHOWN = 2  # So many letters or digits at the end stay readable.


class Kind(StrEnum):
    """What was found."""

    BSN = "bsn"
    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    V_NUMBER = "v_number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that looks like a citizen's data: `text[start:end]`, and the same with most of it hidden."""

    kind: Kind
    start: int
    end: int
    excerpt: str


Span = tuple[int, int]


def findings(text: str) -> tuple[Finding, ...]:
    """All that looks like citizens' data, in the order of the text and without overlap.

    >>> [(found.kind.value, found.excerpt) for found in findings("Het BSN is 123456782, tel. 06-12345678.")]
    [('bsn', '•••••••82'), ('phone', '••-••••••78')]
    >>> findings("KNP-2026-00001, KVK 12345678, Stcrt 2022, 24731")
    ()
    """
    found: list[Finding] = []
    rest = text
    for kind, spans in DETECTORS:
        seen = sorted(spans(text, rest))
        if kind is not None:
            found += (Finding(kind, start, end, masked(text[start:end])) for start, end in seen)
        rest = _blanked(rest, seen)
    return tuple(sorted(found, key=lambda finding: finding.start))


def names(text: str) -> tuple[Finding, ...]:
    """The names of people that stand behind a form of address, without it; looked for only where text goes out.

    >>> [text[one.start : one.end] for text in ("Mw. J. de Vries-Bos en dhr. Ali bellen.",) for one in names(text)]
    ['J. de Vries-Bos', 'Ali']
    >>> names("Mevrouw de voorzitter, de heer en mevrouw, en mr. in de rechten")
    ()
    """
    return tuple(
        Finding(Kind.NAME, *found.span("name"), masked(found["name"])) for found in ADDRESSED_NAME.finditer(text)
    )


def is_personal_name(name: str, functions: Collection[str]) -> bool:
    """A name as people bear it; `functions` are words that make it the name of a function or of an organisation.

    >>> known = {"melder", "coördinator", "svb"}
    >>> [is_personal_name(name, known) for name in ("Jan de Vries", "J. Bos", "Melder SVB", "Jan", "Lid 3 van de CCG")]
    [True, True, False, False, False]
    """
    words = {word.lower() for word in re.findall(r"\w+", name) if word[0].isupper()}
    functions = {word for word in functions if not re.fullmatch(PARTICLE, word)}
    return PERSONAL_NAME.fullmatch(name.strip()) is not None and words.isdisjoint(functions)


def masked(text: str) -> str:
    """The text with all its letters and digits hidden but the last few.

    >>> masked("NL91 ABNA 0417 1643 00")
    '•••• •••• •••• •••• 00'
    """
    letters = [place for place, letter in enumerate(text) if letter.isalnum()]
    hidden = set(letters[:-SHOWN])
    return "".join(MASK if place in hidden else letter for place, letter in enumerate(text))


def is_bsn(digits: str) -> bool:
    """Eight or nine digits that pass the eleven-proof of the citizen service number.

    >>> is_bsn("123456782"), is_bsn("123456789"), is_bsn("000000000")
    (True, False, False)
    """
    if len(digits) not in {8, 9} or digits.startswith("00" if len(digits) == 9 else "0"):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits.zfill(9), strict=True)) % 11 == 0


def is_iban(account: str) -> bool:
    """A bank account number without spaces that has the length of its country and passes the check of ISO 7064.

    >>> is_iban("NL91ABNA0417164300"), is_iban("NL92ABNA0417164300")
    (True, False)
    """
    if len(account) != IBAN_LENGTHS.get(account[:2].upper()):
        return False
    return int("".join(str(int(letter, 36)) for letter in account[4:] + account[:4])) % 97 == 1


# --- names of people ------------------------------------------------------------------------------------------------

PARTICLE = r"(?:van|de|der|den|het|'t|ten|ter|te|op|in|la|le|du|el|al|bin|ibn|von|zu|da|dos)"
CAPITAL = r"[A-Z\u00c0-\u00d6\u00d8-\u00de]"
INITIALS = rf"(?:(?:{CAPITAL}|IJ|Th|Ch|Ph|St)\.[ \u00a0]?){{1,6}}"
NAME_WORD = rf"(?!(?i:{PARTICLE})\b){CAPITAL}(?:['’]{CAPITAL})?[^\W\d_]*[a-z\u00df-\u00ff][^\W\d_]*"
SURNAME = rf"{NAME_WORD}(?:-{NAME_WORD})*"
PARTICLES = rf"(?:(?i:{PARTICLE})[ \u00a0]+){{0,3}}"
GAP = r"[ \u00a0]+"
ADDRESSED_NAME = re.compile(
    r"\b(?i:mw|mevr|mevrouw|mej|dhr|de[ \u00a0]heer|heer|meneer|mr|drs|dr|ir|ing|prof)\b\.?"
    rf"(?:{GAP}(?i:mr|drs|dr|ir|ing|prof)\b\.?)*{GAP}"
    rf"(?P<name>{INITIALS}{GAP.replace('+', '*')}{PARTICLES}{SURNAME}"
    rf"|(?:{NAME_WORD}{GAP}){{0,2}}{PARTICLES}{SURNAME})"
)
PERSONAL_NAME = re.compile(
    rf"(?:{INITIALS}{GAP.replace('+', '*')}|(?:{NAME_WORD}{GAP})+){PARTICLES}{SURNAME}(?:{GAP}{SURNAME})?"
)

# --- numbers with their name, which nothing can hide -----------------------------------------------------------------

JOINT = r"[ .\u00a0\u202f-]"  # What may stand between the digits of one number.
SAYS = r"(?:[\s:=#().\"'-]|is|was|nummers?|nr){0,8}"  # What may stand between a name and its number.
NAMED_BSN = re.compile(
    rf"(?<![a-z])(?:bsn|burger ?service ?nummers?|sofi)(?:-?nummers?|-?nr)?{SAYS}(\d(?:{JOINT}?\d){{7,8}})(?!\d)",
    re.ASCII | re.IGNORECASE,
)
NAMED_V_NUMBER = re.compile(
    rf"(?<![a-z])(?:v[- ]?(?:nummers?|nr)|vreemdelingen-?(?:nummers?|nr)){SAYS}(\d(?:{JOINT}?\d){{9}})(?!\d)",
    re.ASCII | re.IGNORECASE,
)
LETTERED_V_NUMBER = re.compile(rf"(?<![A-Za-z0-9])(V[- ]?\d{{3}}{JOINT}?\d{{3}}{JOINT}?\d{{4}})(?!\d)", re.ASCII)


def _named_bsns(text: str, _: str) -> Iterator[Span]:
    return (match.span(1) for match in NAMED_BSN.finditer(text) if is_bsn(_digits(match[1])))


def _v_numbers(_: str, rest: str) -> Iterator[Span]:
    return (match.span(1) for pattern in (NAMED_V_NUMBER, LETTERED_V_NUMBER) for match in pattern.finditer(rest))


# --- what has a shape of its own -------------------------------------------------------------------------------------

EMAIL = re.compile(
    r"(?<![\w.%+'-])([\w%+'-][\w.%+'-]{0,63})@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
DESK_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        aanmelding aanvragen admin administratie algemeen archief avg balie beheer belastingen bestuur bestuurszaken
        bezwaar bibliotheek bureau burgerzaken ccg college commissie communicatie contact coordinator data datalek
        datalekken dienst digitaal directie documentatie fg financien functionaris functioneel gegevens
        gegevensbescherming gegevensdeling gemeente griffie helpdesk ict info informatie inkoop juridisch
        juridischezaken klacht klachten klantcontact klantenservice knelpunt knelpunten loket mail melding meldingen
        meldpunt no noreply omgeving ondersteuning openbaar openbaarheid pers post postbus postkamer postmaster privacy
        provincie publicatie publicaties raad receptie redactie reply schuldhulp secretariaat secretaris security
        service servicedesk sociaal statistiek stichting support team uitspraken veiligheid verzoeken voorlichting
        voorzitter vragen waterschap web webmaster wijkteam wob woo zaken
        """,
    )
)
IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d", re.ASCII)
IBAN_LENGTHS = dict.fromkeys(("NO",), 15) | dict.fromkeys(("BE",), 16) | dict.fromkeys(("DK", "FI", "NL"), 18)
IBAN_LENGTHS |= dict.fromkeys(("SI",), 19) | dict.fromkeys(("AT", "EE", "LT", "LU"), 20)
IBAN_LENGTHS |= dict.fromkeys(("CH", "HR", "LI", "LV"), 21) | dict.fromkeys(("BG", "DE", "GB", "IE", "VA"), 22)
IBAN_LENGTHS |= dict.fromkeys(("GI",), 23) | dict.fromkeys(("AD", "CZ", "ES", "RO", "SE", "SK", "TN"), 24)
IBAN_LENGTHS |= dict.fromkeys(("PT",), 25) | dict.fromkeys(("IS", "TR"), 26)
IBAN_LENGTHS |= dict.fromkeys(("FR", "GR", "IT", "MC", "SM"), 27) | dict.fromkeys(("CY", "HU", "MA", "PL"), 28)
IBAN_LENGTHS |= dict.fromkeys(("UA",), 29) | dict.fromkeys(("MT",), 31)
IBAN_SHAPES = {
    length: re.compile(rf"(?:{JOINT}?[A-Za-z0-9]){{{length}}}(?![A-Za-z0-9])", re.ASCII)
    for length in set(IBAN_LENGTHS.values())
}
PHONE_JOINT = r"(?: ?[-.] ?|[ /\u00a0])?"
# 0800 and 0900 are of desks, and so are numbers of four and five digits.
PHONE_SHAPES = (
    rf"(?:\+|00)31{PHONE_JOINT}(?:\(0\){PHONE_JOINT})?(?!80\d)[1-8](?:{PHONE_JOINT}\d){{8}}",
    rf"\(?06\)?(?:{PHONE_JOINT}\d){{8}}",
    rf"\(?0(?:[1-57]\d|8[58])\)?(?:{PHONE_JOINT}\d){{7}}",
    rf"\(0[1-57]\d\d\)(?:{PHONE_JOINT}\d){{6}}",
)
PHONE = re.compile(
    rf"(?<![\w+])(?<!\d[-.,])(?<![A-Z][-/_])(?:{'|'.join(PHONE_SHAPES)})(?!\w|[-.,]\d)",
    re.ASCII,
)


def _emails(_: str, rest: str) -> Iterator[Span]:
    return (match.span() for match in EMAIL.finditer(rest) if not _is_desk(match[1]))


def _is_desk(local_part: str) -> bool:
    return all(word in DESK_WORDS for word in re.split(r"[._+-]", local_part.lower()))


def _ibans(_: str, rest: str) -> Iterator[Span]:
    for start in IBAN_START.finditer(rest):
        length = IBAN_LENGTHS.get(start[0][:2].upper())
        account = IBAN_SHAPES[length].match(rest, start.start()) if length else None
        if account and is_iban("".join(filter(str.isalnum, account[0]))):
            yield account.span()


def _phones(_: str, rest: str) -> Iterator[Span]:
    return (match.span() for match in PHONE.finditer(rest))


# --- what government writes all day, and is no citizen's -------------------------------------------------------------

YEAR = r"(?:19|20)\d\d"
HARMLESS = re.compile(
    "|".join(
        (
            r"(?:https?://|www\.)[^\s<>\"]+",
            r"\b(?:ecli|ccg|ext|kg|urn|jci[\d.]*|celex|doi):[^\s,;()]+",
            rf"\b(?:[a-z]{{1,6}}[-_/. ]?)?{YEAR}[-_/]\d{{2,9}}(?!\d)(?:[-_/]\d+)?",  # a case: Z-2026-001234
            r"\b(?:kst|kamerstuk(?:ken)?)\b(?: i{1,2}\b)?[\d\s/,.;:-]{1,30}(?:nr\.? ?\d+)?",
            rf"\b(?:stcrt|stb|trb|pbeu?)\b\.?,? {YEAR},? ?[-l]? ?\d+",
            r"(?<!\d)\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d(?!\d)(?:,? \d\d[:.]\d\d)?",
            rf"(?<!\d){YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}(?!\d)(?:[t ]\d\d[:.]\d\d(?:[:.]\d\d)?)?",
            r"(?:€|\beur\b|\beuro\b)\s?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(?:\d\d|-))?",
            r"(?<![\d.])\d{1,3}(?:[. ]\d{3})*(?:,\d\d?)?\s?(?:euro|eur|miljoen|miljard|mln|mld)\b",
            r"(?<![\d.])\d+(?:,\d\d?)?\s?(?:euro|eur|miljoen|miljard|mln|mld)\b",
            r"(?<![\d.])\d{1,3}(?:[. ]\d{3})+\s(?:inwoners|personen|mensen|huishoudens|records|berichten|adressen)",
        )
    ),
    re.ASCII | re.IGNORECASE,
)


def _harmless(_: str, rest: str) -> Iterator[Span]:
    return (match.span() for match in HARMLESS.finditer(rest))


# --- a citizen service number without its name -----------------------------------------------------------------------

# The groups in which the digits of one number are written, with the same joint between them.
GROUPINGS = ((9,), (3, 3, 3), (4, 2, 3), (2, 2, 2, 3), (1,) * 9, (8,), (3, 2, 3))


def _shape(number: int, sizes: tuple[int, ...]) -> str:
    first, *others = (rf"\d{{{size}}}" for size in sizes)
    joints = (f"(?P<joint{number}>{JOINT})", *[f"(?P=joint{number})"] * len(others))
    return first + "".join(joint + digits for joint, digits in zip(joints, others, strict=False))


SHAPES = "|".join(_shape(number, sizes) for number, sizes in enumerate(GROUPINGS))
BARE_NUMBER = re.compile(rf"(?<!\d)(?=(?P<number>{SHAPES})(?!\d))", re.ASCII)
# Parts of a longer number or code: Z-123456782, 12/123456782, 3,123456782.
CODE_BEFORE = re.compile(
    r"(?:[A-Za-z_]|\d[-/_.:]|(?<![A-Za-z0-9])[A-Z][A-Z0-9]{0,3}[-/_.]|(?<!\d)\d{1,2},)\Z", re.ASCII
)
CODE_AFTER = re.compile(r"[A-Za-z_]|[-/_.:]\d|/[A-Za-z]|,\d{1,2}(?!\d)", re.ASCII)
NUMBER_WORD = r"(?:[- ]?(?:nummers?|nrs?|kenmerk|codes?|id))"
OTHER_NUMBER_BEFORE = re.compile(
    rf"\b(?:(?:kvk|k\.v\.k|kamer van koophandel|handelsregister|rsin|oin|agb|gln|isbn|issn){NUMBER_WORD}?"
    rf"|[a-z]*(?:zaak|dossier|factuur|order|referentie|polis|vestigings?|besluit|document|incident|ticket|beschikking|"
    rf"project|contract|verwerkings?|publicatie|registratie|verzoek|meldings?){NUMBER_WORD}|kenmerk|referentie)"
    r"(?:[\s:=#().,;\"'/-]|\d{8,9}|nummers?|nrs?|onder|is|en|of){0,12}\Z",
    re.ASCII | re.IGNORECASE,
)
CONTEXT = 60  # So far back a name is looked for.
DAY_FORMATS = ("%Y%m%d", "%d%m%Y")


def _bsns(text: str, rest: str) -> Iterator[Span]:
    free = 0
    for match in BARE_NUMBER.finditer(rest):
        start, end = match.span("number")
        if start >= free and _is_bare_bsn(text, start, end):
            free = end
            yield start, end


def _is_bare_bsn(text: str, start: int, end: int) -> bool:
    before, digits = text[max(start - CONTEXT, 0) : start], _digits(text[start:end])
    return (
        is_bsn(digits)
        and not _is_day(digits)
        and not CODE_BEFORE.search(before)
        and not CODE_AFTER.match(text, end)
        and not OTHER_NUMBER_BEFORE.search(before)
    )


def _is_day(digits: str) -> bool:
    return len(digits) == 8 and any(_reads_as(digits, order) for order in DAY_FORMATS)


def _reads_as(digits: str, order: str) -> bool:
    try:
        return 1900 <= datetime.strptime(digits, order).year < 2100  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False


def _blanked(text: str, spans: Iterable[Span]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = BLANK * (end - start)
    return "".join(letters)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


# In this order: what one has found is blank to the next. Addresses on the web are blanked after mail addresses, which
# they may hold, and before numbers, which they are full of.
DETECTORS: tuple[tuple[Kind | None, Callable[[str, str], Iterator[Span]]], ...] = (
    (Kind.BSN, _named_bsns),
    (Kind.V_NUMBER, _v_numbers),
    (Kind.EMAIL, _emails),
    (Kind.IBAN, _ibans),
    (None, _harmless),
    (Kind.PHONE, _phones),
    (Kind.BSN, _bsns),
)
