"""What a ruling rests on outside the rulings of the commission: recognised from what people write down."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from app.domain import number as numbers
from app.domain.errors import Invalid

EXTERNAL, ECLI, CELEX, PAPER, ADDRESS = "extern", "ecli", "celex", "kst", "url"

ECLI_FORM = re.compile(r"ECLI:([A-Z]{2}):[A-Z][A-Z0-9]{0,6}:[0-9]{4}:[A-Z0-9.]{1,25}", re.ASCII)
CELEX_FORM = re.compile(r"(?:CELEX:\s*)?([1-9CE][0-9]{4}[A-Z]{1,2}[0-9]{4}(?:\([0-9]{2}\))?)", re.ASCII)
ADDRESS_FORM = re.compile(r"https?://[^\s<>\"/]+\.[^\s<>\"]+")

NOT_RECOGNISED = (
    "Wij herkennen deze bron niet. Vul een nummer in dat met EXT begint, een ECLI, een CELEX-nummer, "
    "een Kamerstuk zoals kst-29362-338, of een adres dat met https:// begint."
)
OF_OURS = "Dit is een nummer van dit stelsel zelf. Vul een uitspraak van de commissie in bij “Verwijzing”."


@dataclass(frozen=True, slots=True)
class Source:
    """A source outside: which kind it is, how it is written, and where everybody can read it if that is known."""

    kind: str
    reference: str
    url: str | None = None


def parse(text: str) -> Source:
    """Read a reference; refuses what is none, and the numbers of our own.

    >>> parse("ECLI:NL:RBDHA:2020:865").kind, parse("kst-29362-338").kind, parse("EXT:AP:z2020-1").kind
    ('ecli', 'kst', 'extern')
    >>> parse("celex: 62019CJ0446").reference
    '62019CJ0446'
    """
    text = " ".join(text.split())
    found = _ecli(text) or _celex(text) or _paper(text) or _address(text) or _numbered(text)
    if found is None:
        raise Invalid({"verwijzing": [NOT_RECOGNISED]})
    return found


def _ecli(text: str) -> Source | None:
    match = ECLI_FORM.fullmatch(text.upper())
    if match is None:
        return None
    place = "https://deeplink.rechtspraak.nl/uitspraak?id=" if match[1] == "NL" else "https://e-justice.europa.eu/ecli/"
    return Source(ECLI, match[0], place + match[0])


def _celex(text: str) -> Source | None:
    match = CELEX_FORM.fullmatch(text.upper())
    if match is None:
        return None
    return Source(CELEX, match[1], f"https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:{quote(match[1])}")


def _paper(text: str) -> Source | None:
    if not numbers.PARLIAMENTARY_PAPER.fullmatch(text):
        return None
    return Source(PAPER, text, f"https://zoek.officielebekendmakingen.nl/{text}.html")


def _address(text: str) -> Source | None:
    return Source(ADDRESS, text, text) if ADDRESS_FORM.fullmatch(text) else None


def _numbered(text: str) -> Source | None:
    """A number of ours is of another body, or it is no source outside."""
    try:
        number = numbers.parse(text)
    except Invalid:
        return None
    if isinstance(number, numbers.ExternalNumber):
        return Source(EXTERNAL, text)
    raise Invalid({"verwijzing": [OF_OURS]})
