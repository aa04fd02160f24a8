"""Which files may be attached: a small allowlist, and for each kind a look at whether the content is what it says.

This is the first sight of a file, by its bytes alone and without changing them. What a kind is called by its
content, and what only a virus scanner can know, `adapters/upload.py` asks.
"""

import re
import struct
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.domain import package
from app.domain.package import ACTIVE, DAMAGED, EICAR, HARMFUL, MEGABYTE, NOT_AS_NAMED, TWO_FILES, Unsafe

MAX_BYTES: Final = 20 * MEGABYTE
MAX_NAME: Final = 120
MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 20_000
MAX_PICTURE_METADATA: Final = 2 * MEGABYTE

TOO_LARGE: Final = "Dit bestand is groter dan 20 MB. Maak het kleiner, of verdeel het over meer bestanden."
EMPTY: Final = "Dit bestand is leeg. Kies een ander bestand."
NOT_ALLOWED: Final = (
    "Deze soort bestanden nemen we niet aan. Kies een bestand dat eindigt op pdf, docx, xlsx, odt, ods, png, jpg, "
    "txt of csv."
)
TOO_MANY_PIXELS: Final = "Deze afbeelding is te groot. Verklein haar tot hoogstens 50 miljoen beeldpunten."
TOO_MUCH_METADATA: Final = "Deze afbeelding draagt te veel extra gegevens. Sla haar opnieuw op en voeg haar dan toe."
NOT_TEXT: Final = "Dit bestand is geen gewone tekst. Sla het op als tekst met UTF-8 en voeg het dan toe."

# What begins another kind of file, or runs, where a picture's own bytes should stand.
FOREIGN: Final = (b"%pdf-", b"<script", b"<html", b"<?php")
SELF_ACTING_PDF: Final = re.compile(rb"/(?:JavaScript|Launch|RichMedia)\b")
# Text that a browser or a shell would run.
ACTIVE_TEXT: Final = frozenset(
    {"text/html", "text/xml", "text/javascript", "text/rtf", "text/x-shellscript", "text/x-php", "text/x-msdos-batch"}
)
MARKUP: Final = re.compile(rb"\s*<(?:!doctype|\?xml|\?php|html|head|body|script|svg)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: how it is served, what its content may be called, and how it is looked at."""

    media_type: str
    called: Callable[[str], bool]
    look: Callable[[bytes], None]


def kind_of(name: str) -> Kind:
    """The kind that a name announces; raise `Unsafe` for one that is not taken."""
    _, dot, extension = name.rpartition(".")
    if not dot or extension.lower() not in KINDS:
        raise Unsafe(NOT_ALLOWED)
    return KINDS[extension.lower()]


def look(kind: Kind, content: bytes) -> None:
    """Raise `Unsafe` when the content is not what the kind says, too large, or can do harm."""
    if not content:
        raise Unsafe(EMPTY)
    if len(content) > MAX_BYTES:
        raise Unsafe(TOO_LARGE)
    if EICAR in content:
        raise Unsafe(HARMFUL)
    kind.look(content)


def display_name(name: str) -> str:
    r"""The name of the file alone, with nothing in it that misleads who reads it.

    >>> display_name("C:\\Temp\\..\\brief.pdf"), display_name("/etc/passwd"), display_name("nota\u202efdp.docx")
    ('brief.pdf', 'passwd', 'notafdp.docx')
    >>> display_name(" ..\n"), display_name('a<b>"c".csv')
    ('bestand', 'a-b--c-.csv')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Controls, directions and other signs without a shape of their own: they hide or turn what follows.
    spaced = " ".join(last.split())
    visible = "".join(sign for sign in spaced if not unicodedata.category(sign).startswith("C"))
    tidy = re.sub(r'[<>:"|?*]', "-", visible).strip(" .")
    stem, dot, extension = tidy.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: MAX_NAME - len(extension) - 1].strip(' .') or 'bestand'}.{extension}"
    return tidy[:MAX_NAME] or "bestand"


def _look_at_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Unsafe(DAMAGED)
    if _ends_in_zip(content):
        raise Unsafe(TWO_FILES)
    if SELF_ACTING_PDF.search(content):
        raise Unsafe(ACTIVE)


def _look_at_png(content: bytes) -> None:
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise Unsafe(DAMAGED)
    _check_pixels(*struct.unpack(">II", content[16:24]))
    metadata, position, kind = 0, 8, b""
    while kind != b"IEND":
        if len(content) < position + 12:
            raise Unsafe(DAMAGED)
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        metadata += length if kind != b"IDAT" else 0
        position += 12 + length
    if position != len(content):
        raise Unsafe(TWO_FILES)
    _check_picture(content, metadata)


# The markers that start a frame, with its size: SOF0 to SOF15, without the three that are something else.
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
START_OF_SCAN: Final = 0xDA


def _look_at_jpeg(content: bytes) -> None:
    metadata, position = 0, 2
    while True:
        # Any number of 0xFF may stand before a marker.
        while content[position : position + 2] == b"\xff\xff":
            position += 1
        if len(content) < position + 9 or content[position] != 0xFF:
            raise Unsafe(DAMAGED)
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4])
        if marker in FRAMES:
            break
        if marker == START_OF_SCAN or length < 2:
            raise Unsafe(DAMAGED)
        metadata += length
        position += 2 + length
    height, width = struct.unpack(">HH", content[position + 5 : position + 9])
    _check_pixels(width, height)
    _check_picture(content, metadata)


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise Unsafe(DAMAGED)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Unsafe(TOO_MANY_PIXELS)


def _check_picture(content: bytes, metadata: int) -> None:
    if metadata > MAX_PICTURE_METADATA:
        raise Unsafe(TOO_MUCH_METADATA)
    start = content[:4096].lower()
    if _ends_in_zip(content) or any(sign in start for sign in FOREIGN):
        raise Unsafe(TWO_FILES)


def _ends_in_zip(content: bytes) -> bool:
    """A reader of zip files looks at the end, so one file can be both."""
    return b"PK\x05\x06" in content[-66_000:]


def _look_at_text(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _windows_text(content)
    if any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r\f" for sign in set(text)):
        raise Unsafe(NOT_TEXT)
    if MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise Unsafe(NOT_AS_NAMED)


def _windows_text(content: bytes) -> str:
    """What spreadsheets of Windows write; almost every byte is a letter in it, so more than this must agree."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unsafe(NOT_TEXT) from error


def _is_text(found: str) -> bool:
    """Any text that nothing runs; a file of a few bytes has no name for what it is."""
    others = {"application/csv", "application/json", "application/x-ndjson", "application/octet-stream"}
    return found in others or (found.startswith("text/") and found not in ACTIVE_TEXT)


def _document(media_type: str, part: str, says: str) -> Kind:
    # The content has the document's own name only when its parts lie in the usual order.
    names = frozenset({media_type, "application/zip", "application/octet-stream"})
    return Kind(media_type, names.__contains__, partial(package.inspect, part=part, says=says.encode()))


def _plain(media_type: str, look_at: Callable[[bytes], None]) -> Kind:
    return Kind(media_type, frozenset({media_type}).__contains__, look_at)


_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument."
_OASIS: Final = "application/vnd.oasis.opendocument."
_WORDS: Final = f"{_OPEN_XML}wordprocessingml.document"
_CELLS: Final = f"{_OPEN_XML}spreadsheetml.sheet"

KINDS: Final[Mapping[str, Kind]] = {
    "pdf": _plain("application/pdf", _look_at_pdf),
    "docx": _document(_WORDS, "[Content_Types].xml", f"{_WORDS}.main+xml"),
    "xlsx": _document(_CELLS, "[Content_Types].xml", f"{_CELLS}.main+xml"),
    "odt": _document(f"{_OASIS}text", "mimetype", f"{_OASIS}text"),
    "ods": _document(f"{_OASIS}spreadsheet", "mimetype", f"{_OASIS}spreadsheet"),
    "png": _plain("image/png", _look_at_png),
    "jpg": _plain("image/jpeg", _look_at_jpeg),
    "jpeg": _plain("image/jpeg", _look_at_jpeg),
    "txt": Kind("text/plain", _is_text, _look_at_text),
    "csv": Kind("text/csv", _is_text, _look_at_text),
}
