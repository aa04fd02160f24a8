"""MDTO 1.0.1: what an archive has to know of a ruling, of a closed case, and of each file that goes with them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from xml.etree.ElementTree import Element

from app.config import value_list
from app.schemas.atom import instant
from app.schemas.xml import add, document, root
from app.services.dossier import Dossier
from app.services.register import Entry

MDTO = "https://www.nationaalarchief.nl/mdto"
SOURCE = "Knelpuntenstelsel"
DOSSIER, DOCUMENT = "Dossier", "Archiefstuk"
PUBLIC = "openbaar"
ENDING, CONTENT = ".mdto.xml", "bestand"
LONGEST_NAME = 100
WOO, CONFIDENTIALITY = "Wet open overheid, artikel 5.1 tot en met 5.4", "Vertrouwelijkheidaanduiding (ZGW)"
VALUATIONS = {"B": "Blijvend te bewaren", "V": "Tijdelijk te bewaren"}


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called, and the mark by which it is known here."""

    mark: str
    name: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on use: its code and label in a list, with the reason where one was given."""

    code: str
    label: str
    list: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Valuation:
    """Whether it is kept for ever, or for how long after which day."""

    code: str
    term: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class InformationObject:
    """A case, a ruling or another piece of a file, as an archive describes it."""

    name: Name
    level: str
    valuation: Valuation
    limits: Sequence[Limit]
    description: str = ""
    covers: tuple[date, date | None] | None = None
    part_of: Name | None = None
    parts: Sequence[Name] = ()
    files: Sequence[Name] = ()
    related: Sequence[Name] = ()
    online: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One file: its bytes as they are, and the object of which it is a representation."""

    name: Name
    represents: Name
    size: int
    media_type: str
    digest: str
    at: datetime
    address: str | None = None


def valuation_of(*, has_ruling: bool, closed_on: date | None) -> Valuation:
    """How long a case is kept, by the selection list of this installation."""
    said = value_list("selectielijst")["met_uitspraak" if has_ruling else "zonder_uitspraak"]
    code, _, term = said.partition(" ")
    return Valuation(code, term or None, closed_on)


def limits_of(confidentiality: str, grounds: Mapping[str, str | None]) -> list[Limit]:
    """The limits that follow from how confidential something is, and from what was left out of its publication."""
    labels, known = value_list("vertrouwelijkheid"), value_list("woo_grond")
    found = [Limit(confidentiality, labels.get(confidentiality, confidentiality), CONFIDENTIALITY)]
    return found + [Limit(code, known.get(code, code), WOO, reason or None) for code, reason in grounds.items()]


def ruling_object(entry: Entry, site: str) -> InformationObject:
    """A published ruling, with the files in which it can be read."""
    omitted = {row["grond"]: row.get("motivering") for row in entry.record.get("weglatingen") or ()}
    cited = {row["nummer"]: row.get("titel") or row["nummer"] for row in entry.record.get("citaties") or ()}
    return InformationObject(
        name=Name(entry.number, entry.title),
        level=DOCUMENT,
        valuation=valuation_of(has_ruling=True, closed_on=None),
        limits=limits_of(PUBLIC, omitted),
        description=entry.record.get("samenvatting") or "",
        covers=(entry.adopted_on, None),
        files=[Name(f"{entry.number}.{ending}", f"{entry.number} als {ending}") for ending in ("pdf", "json")],
        related=[Name(number, title) for number, title in cited.items()],
        online=f"{site}/uitspraken/{entry.number}",
    )


def dossier_files(dossier: Dossier, read: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
    """The files of a closed case, each under its path: every piece beside what an archive has to know of it.

    `read` gives the bytes of a digest; a piece is read when its turn has come, and not before.
    """
    own = Name(dossier.number, dossier.title)
    valuation = valuation_of(has_ruling=dossier.ruling is not None, closed_on=dossier.closed_on)
    names = [Name(f"{dossier.number}/{piece.slug}", piece.title) for piece in dossier.pieces]
    yield (
        f"{dossier.number}/{dossier.number}{ENDING}",
        information_object(
            InformationObject(
                name=own,
                level=DOSSIER,
                valuation=valuation,
                limits=limits_of(dossier.confidentiality, dossier.omitted),
                description=dossier.question,
                covers=(dossier.opened_on, dossier.closed_on),
                parts=names,
                related=[Name(dossier.ruling, f"Uitspraak {dossier.ruling}")] if dossier.ruling else [],
            )
        ),
    )
    for piece, name in zip(dossier.pieces, names, strict=True):
        content = piece.content if piece.content is not None else read(piece.digest or "")
        folder, file = f"{dossier.number}/{piece.slug}", _in_path(piece.name)
        about = Name(f"{name.mark}/{file}", piece.name)
        described = InformationObject(
            name=name,
            level=DOCUMENT,
            valuation=valuation,
            limits=limits_of(piece.confidentiality, dossier.omitted if piece.confidentiality == PUBLIC else {}),
            part_of=own,
            files=[about],
        )
        yield f"{folder}/{piece.slug}{ENDING}", information_object(described)
        yield f"{folder}/{CONTENT}/{file}", content
        digest = sha256(content).hexdigest()
        file_about = File(about, name, len(content), piece.media_type, digest, piece.at)
        yield f"{folder}/{CONTENT}{ENDING}", file_description(file_about)


def _in_path(name: str) -> str:
    """The name of a file as every system can unpack it.

    >>> _in_path("../één brief.pdf")
    'n_brief.pdf'
    """
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip("._")[-LONGEST_NAME:] or "bestand"


def file_of(content: bytes, name: str, media_type: str, represents: Name, at: datetime, address: str | None) -> File:
    """The description of these bytes."""
    return File(Name(name, name), represents, len(content), media_type, sha256(content).hexdigest(), at, address)


def information_object(thing: InformationObject) -> bytes:
    """The description of an information object."""
    tree = root("MDTO", {"xmlns": MDTO})
    item = add(tree, "informatieobject")
    _identify(item, thing.name)
    _concept(item, "aggregatieniveau", thing.level, thing.level, "Begrippenlijst Aggregatieniveaus MDTO")
    if thing.description:
        add(item, "omschrijving", thing.description)
    if thing.online:
        add(add(item, "raadpleeglocatie"), "raadpleeglocatieOnline", thing.online)
    if thing.covers:
        _period(item, *thing.covers)
    add(item, "taal", "nl")
    _value(item, thing.valuation)
    for name, others in (
        ("isOnderdeelVan", (thing.part_of,) if thing.part_of else ()),
        ("bevatOnderdeel", thing.parts),
        ("heeftRepresentatie", thing.files),
    ):
        for other in others:
            _refer(item, name, other)
    for other in thing.related:
        related = add(item, "gerelateerdInformatieobject")
        _refer(related, "gerelateerdInformatieobjectVerwijzing", other)
        _concept(
            related, "gerelateerdInformatieobjectTypeRelatie", "Refereert aan", None, "Begrippenlijst Relatietypen"
        )
    publisher = value_list("uitgever")
    _refer(item, "archiefvormer", Name(publisher["uri"], publisher["naam"]), source="TOOI")
    for limit in thing.limits:
        held = add(item, "beperkingGebruik")
        _concept(held, "beperkingGebruikType", limit.label, limit.code, limit.list)
        if limit.reason:
            add(held, "beperkingGebruikNadereBeschrijving", limit.reason)
    return document(tree)


def file_description(file: File) -> bytes:
    """The description of a file, with the digest by which anyone can see whether it was changed."""
    tree = root("MDTO", {"xmlns": MDTO})
    item = add(tree, "bestand")
    _identify(item, file.name)
    add(item, "omvang", file.size)
    _concept(item, "bestandsformaat", file.media_type, file.media_type, "IANA Media Types")
    checksum = add(item, "checksum")
    _concept(checksum, "checksumAlgoritme", "SHA-256", None, "Begrippenlijst ChecksumAlgoritme MDTO")
    add(checksum, "checksumWaarde", file.digest)
    add(checksum, "checksumDatum", instant(file.at))
    if file.address:
        add(item, "URLBestand", file.address)
    _refer(item, "isRepresentatieVan", file.represents)
    return document(tree)


def _identify(item: Element, name: Name) -> None:
    _mark(add(item, "identificatie"), name.mark, SOURCE)
    add(item, "naam", name.name)


def _mark(parent: Element, mark: str, source: str) -> None:
    add(parent, "identificatieKenmerk", mark)
    add(parent, "identificatieBron", source)


def _refer(item: Element, element: str, other: Name, *, source: str = SOURCE) -> None:
    reference = add(item, element)
    add(reference, "verwijzingNaam", other.name)
    _mark(add(reference, "verwijzingIdentificatie"), other.mark, source)


def _concept(item: Element, element: str, label: str, code: str | None, concepts: str) -> None:
    concept = add(item, element)
    add(concept, "begripLabel", label)
    if code is not None:
        add(concept, "begripCode", code)
    add(add(concept, "begripBegrippenlijst"), "verwijzingNaam", concepts)


def _period(item: Element, begins: date, ends: date | None) -> None:
    period = add(item, "dekkingInTijd")
    _concept(period, "dekkingInTijdType", "Looptijd", None, "Begrippenlijst Dekking in tijd")
    add(period, "dekkingInTijdBegindatum", begins.isoformat())
    if ends is not None:
        add(period, "dekkingInTijdEinddatum", ends.isoformat())


def _value(item: Element, valuation: Valuation) -> None:
    label = VALUATIONS[valuation.code]
    _concept(item, "waardering", label, valuation.code, "Begrippenlijst Waarderingen MDTO")
    if valuation.term is None:
        return
    term = add(item, "bewaartermijn")
    if valuation.since is not None:
        _concept(term, "termijnTriggerStartLooptijd", "Sluiten van de zaak", None, "Selectielijst van dit register")
        add(term, "termijnStartdatumLooptijd", valuation.since.isoformat())
    add(term, "termijnLooptijd", valuation.term)
