"""The inside of a document that is a zip file: counted before it is read, read in pieces, never unpacked to disk."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Final

MEGABYTE: Final = 1024 * 1024
MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 200 * MEGABYTE
MAX_SMALL_PART: Final = MEGABYTE
# A spreadsheet of equal cells packs 1 to 100; a bomb 1 to 1,000.
MAX_RATIO: Final = 250

# The harmless file that every scanner calls a virus, in two parts so that no scanner calls this one so.
EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

MACRO_PARTS: Final = re.compile(r"(^|/)(vba\w*\.(bin|xml)$|macrosheets/|activex/|basic/|scripts/)", re.IGNORECASE)
RUNNING_PARTS: Final = re.compile(
    r"\.(exe|dll|scr|com|bat|cmd|ps1|js|jse|vbs|vbe|wsf|hta|lnk|msi|jar|sh)$", re.IGNORECASE
)
MARKUP_PARTS: Final = re.compile(r"\.(xml|rels|rdf|vml)$", re.IGNORECASE)
# Markup that declares entities, or hides by another encoding that it does.
DECLARES: Final = re.compile(rb"<!(?:doctype|entity)|\0", re.IGNORECASE)
# A part that lives elsewhere and acts when the document opens; a link that somebody clicks is none.
FETCHES: Final = re.compile(
    rb"<(?=[^<>]*/relationships/(?:oleObject|frame|subDocument)[\"'])(?=[^<>]*TargetMode\s*=\s*[\"']External)",
    re.IGNORECASE,
)

DAMAGED: Final = "Dit bestand is beschadigd. Open het, sla het opnieuw op en voeg het dan toe."
TOO_MUCH_INSIDE: Final = "Dit bestand wordt te groot als we het uitpakken. Maak het kleiner, of sla het op als pdf."
TWO_FILES: Final = "In dit bestand zit een tweede bestand verborgen. Sla het opnieuw op en voeg het dan toe."
LOCKED: Final = "Dit bestand is met een wachtwoord versleuteld. Sla het op zonder wachtwoord en voeg het dan toe."
MACROS: Final = "Dit bestand bevat macro’s. Sla het op zonder macro’s en voeg het dan toe."
ACTIVE: Final = "Dit bestand bevat onderdelen die zelf iets doen. Sla het op als gewone pdf en voeg het dan toe."
NOT_AS_NAMED: Final = "De inhoud past niet bij de naam van dit bestand. Sla het opnieuw op en voeg het dan toe."
HARMFUL: Final = "Dit bestand is gevaarlijk volgens de virusscanner. Voeg het niet toe en waarschuw uw beheerder."


class Unsafe(Exception):
    """The content may not be kept; the sentence is Dutch and says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def inspect(content: bytes, *, part: str, says: bytes) -> None:
    """Look at every part of a document; raise `Unsafe` at the first that may not be there.

    The part with the name `part` says which kind of document this is, by holding `says`.
    """
    entries = _entries(content)
    if part not in {entry.filename for entry in entries}:
        raise Unsafe(NOT_AS_NAMED)
    for entry in entries:
        _check_name(entry.filename)
        pieces = _unpacked(content, entry)
        if entry.filename == part:
            _check_kind(_whole(pieces), says)
        elif entry.filename.endswith(".rels"):
            _check_relations(_whole(pieces))
        else:
            _check_pieces(pieces, is_markup=MARKUP_PARTS.search(entry.filename) is not None)


def part_of(content: bytes, name: str, *, most: int) -> bytes:
    """One part of a document that passed `inspect`, looked at again; raise `Unsafe` for one that is not there.

    `most` is how many bytes it may come to.
    """
    entry = next((entry for entry in _entries(content) if entry.filename == name), None)
    if entry is None:
        raise Unsafe(DAMAGED)
    if entry.file_size > most:
        raise Unsafe(TOO_MUCH_INSIDE)
    part = b"".join(_unpacked(content, entry))
    _check_pieces([part], is_markup=True)
    return part


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    """The entries of a zip file that is nothing else, in the order in which they lie in it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise Unsafe(DAMAGED) from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Unsafe(TOO_MUCH_INSIDE)
    if not entries or entries[0].header_offset or content[-22:-18] != b"PK\x05\x06":
        raise Unsafe(TWO_FILES)
    ends = [entry.header_offset + 30 + entry.compress_size for entry in entries]
    overlap = any(end > after.header_offset for end, after in zip(ends, entries[1:], strict=False))
    if overlap or len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise Unsafe(TWO_FILES)
    for entry in entries:
        _check_entry(entry)
    return entries


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise Unsafe(LOCKED)
    if entry.file_size > MEGABYTE and entry.file_size > entry.compress_size * MAX_RATIO:
        raise Unsafe(TOO_MUCH_INSIDE)
    # The name as it stands in the file: zipfile stops reading at a zero.
    name = entry.orig_filename
    strange_path = name.startswith("/") or ".." in name.split("/") or any(sign in name for sign in "\\:\0")
    if strange_path or stat.S_ISLNK(entry.external_attr >> 16):
        raise Unsafe(DAMAGED)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unsafe(DAMAGED)


def _unpacked(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The pieces of an entry, which must come to exactly the size and check sum that the directory names.

    Read apart from zipfile, which believes the directory: what is small by its word may unpack large elsewhere.
    """
    header = content[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise Unsafe(DAMAGED)
    start = entry.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    packed = content[start : start + entry.compress_size]
    left, checksum = entry.file_size, 0
    for piece in [packed] if entry.compress_type == zipfile.ZIP_STORED else _inflated(packed):
        left -= len(piece)
        if left < 0:
            raise Unsafe(TOO_MUCH_INSIDE)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if left or checksum != entry.CRC:
        raise Unsafe(DAMAGED)


def _inflated(packed: bytes) -> Iterator[bytes]:
    """The content of a deflated entry, at most one megabyte at a time."""
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not machine.eof:
            yield machine.decompress(packed, MEGABYTE)
            packed = machine.unconsumed_tail
    except zlib.error as error:
        raise Unsafe(DAMAGED) from error
    if not machine.eof or machine.unused_data:
        raise Unsafe(DAMAGED)


def _whole(pieces: Iterable[bytes]) -> bytes:
    """A part that is small in every honest document."""
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > MAX_SMALL_PART:
            raise Unsafe(TOO_MUCH_INSIDE)
    return bytes(whole)


def _check_name(name: str) -> None:
    if MACRO_PARTS.search(name):
        raise Unsafe(MACROS)
    if RUNNING_PARTS.search(name):
        raise Unsafe(ACTIVE)


def _check_kind(part: bytes, says: bytes) -> None:
    if b"macroEnabled" in part:
        raise Unsafe(MACROS)
    if says not in part:
        raise Unsafe(NOT_AS_NAMED)
    _check_pieces([part], is_markup=True)


def _check_relations(part: bytes) -> None:
    if FETCHES.search(part):
        raise Unsafe(ACTIVE)
    _check_pieces([part], is_markup=True)


def _check_pieces(pieces: Iterable[bytes], *, is_markup: bool) -> None:
    """Each piece is looked at with the end of the one before, so that nothing hides on the seam."""
    end = b""
    for piece in pieces:
        window = end + piece
        if EICAR in window:
            raise Unsafe(HARMFUL)
        if is_markup and DECLARES.search(window):
            raise Unsafe(ACTIVE)
        end = window[-len(EICAR) :]
