"""The numbers that people quote: made and read; the contract is in `docs/`, and they never look like an ECLI."""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from app.domain.errors import Invalid

EXTERNAL = "EXT"
EXTERNAL_NUMBER = re.compile(rf"{EXTERNAL}:([^:]+):(.+)")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
PARLIAMENTARY_PAPER = re.compile(r"kst-[0-9]+(?:-[A-Za-z0-9]+)+")
PARLIAMENTARY_PLACE = "https://zoek.officielebekendmakingen.nl/{}.html"


class Form(NamedTuple):
    """How the numbers of a kind are written."""

    prefix: str
    separator: str
    width: int


RULING = Form("CCG", ":", 1)
FORMS = {
    "melding": Form("MLD", "-", 5),
    "knelpunt": Form("KNP", "-", 5),
    "adviesaanvraag": Form("ADV", "-", 5),
    "vergadering": Form("VERG", "-", 2),
    "agendapunt": Form("AGP", "-", 5),
    "publicatie": Form("PUB", "-", 5),
    "aanbeveling": Form("AANB", "-", 5),
    "uitspraak": RULING,
    # A precedent has the number of its ruling; it is counted once, as a ruling.
    "precedent": RULING,
}
KINDS = {form.prefix: kind for kind, form in reversed(FORMS.items())}
NUMBER = re.compile(r"([A-Z]+)([-:])([1-9]\d{3})\2(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of our own: the how-maniest of its kind in a year."""

    kind: str
    year: int
    sequence: int

    def __str__(self) -> str:
        form = FORMS[self.kind]
        return form.separator.join((form.prefix, str(self.year), f"{self.sequence:0{form.width}}"))


@dataclass(frozen=True, slots=True)
class ExternalNumber:
    """The number here of a decision that another body made: its name for itself, and its own number there."""

    source: str
    source_id: str

    def __str__(self) -> str:
        return f"{EXTERNAL}:{self.source}:{self.source_id}"


def make(kind: str, year: int, sequence: int) -> str:
    """Write a number of our own.

    >>> make("knelpunt", 2026, 12), make("vergadering", 2026, 4), make("uitspraak", 2026, 12)
    ('KNP-2026-00012', 'VERG-2026-04', 'CCG:2026:12')
    """
    return str(Number(kind, year, sequence))


def external(source: str, source_id: str) -> str:
    """Write the number of an imported decision; refuses what could not be read back.

    >>> external("Raad van State", "W13.21.0187/III")
    'EXT:Raad van State:W13.21.0187/III'
    """
    faults = {name: sentence for name, sentence in _external_faults(source, source_id).items() if sentence}
    if faults:
        raise Invalid({name: [sentence] for name, sentence in faults.items()})
    return str(ExternalNumber(source, source_id))


def parse(text: str) -> Number | ExternalNumber:
    """Read a number as it is written, to the last zero.

    >>> parse("MLD-2026-00001")
    Number(kind='melding', year=2026, sequence=1)
    >>> parse("EXT:Rechtspraak:ECLI:NL:RBDHA:2020:865")
    ExternalNumber(source='Rechtspraak', source_id='ECLI:NL:RBDHA:2020:865')
    """
    number = _own(text) or _external(text)
    if number is None or str(number) != text:
        raise Invalid({"nummer": ["Dit is geen nummer dat wij kennen, zoals KNP-2026-00001 of CCG:2026:12."]})
    return number


def in_path(number: str) -> str:
    """A number as it stands in an address: `:` is kept, what is not a letter, digit, `.`, `_` or `-` is encoded.

    >>> in_path("CCG:2026:12"), in_path("EXT:Raad van State:W13.21.0187/III")
    ('CCG:2026:12', 'EXT:Raad%20van%20State:W13.21.0187%2FIII')
    """
    return quote(number, safe=":").replace("~", "%7E")


def _own(text: str) -> Number | None:
    match = NUMBER.fullmatch(text)
    if match is None or match[1] not in KINDS or int(match[4]) == 0:
        return None
    return Number(KINDS[match[1]], int(match[3]), int(match[4]))


def parliamentary_paper(reference: str | None) -> str | None:
    """Where a paper of parliament can be read; None for what is no such paper, as a letter.

    >>> parliamentary_paper("kst-29362-338")
    'https://zoek.officielebekendmakingen.nl/kst-29362-338.html'
    """
    return PARLIAMENTARY_PLACE.format(reference) if reference and PARLIAMENTARY_PAPER.fullmatch(reference) else None


def _external(text: str) -> ExternalNumber | None:
    match = EXTERNAL_NUMBER.fullmatch(text)
    if match is None or any(_external_faults(match[1], match[2]).values()):
        return None
    return ExternalNumber(match[1], match[2])


def _external_faults(source: str, source_id: str) -> dict[str, str | None]:
    return {"bron": _fault(source, forbidden=":"), "bronId": _fault(source_id)}


def _fault(text: str, forbidden: str | None = None) -> str | None:
    """What is wrong with a part of an external number; the first colon after the source ends it."""
    if not text.strip():
        return "Vul dit in."
    if text != text.strip() or CONTROL.search(text):
        return "Gebruik geen spaties aan het begin of eind en geen stuurtekens."
    if forbidden is not None and forbidden in text:
        return "Gebruik geen dubbele punt in de naam van de bron."
    return None
