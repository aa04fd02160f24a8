"""The words of a file, and nothing else of it: no properties, comments, struck text, notes, headers or pictures.

What comes out is what an editor reads and publishes as text; the file itself never goes out. A refusal is `Unsafe`,
with a Dutch sentence that says what to do.

A PDF is read by a child process, this same file run on its own, with a limit on time and memory: what a hostile file
does to its reader stays there, and ends.
"""

import re
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from app.domain.package import DAMAGED, LOCKED, MEGABYTE, Unsafe, part_of

if TYPE_CHECKING or __name__ == "__main__":
    # Only the child reads a PDF: a web server that imports this module loads no reader.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

SECONDS: Final = 20
MEMORY: Final = 768 * MEGABYTE
REFUSED: Final = 3
"""How the child ends when it says why a file is refused."""

MOST_SIGNS: Final = 200_000
MOST_PAGES: Final = 300
MOST_MARKUP: Final = 20 * MEGABYTE

NO_TEXT: Final = (
    "In dit bestand staat geen tekst, alleen beeld. Kies een bestand met tekst, of neem de tekst zelf over."
)
NO_TEXT_KIND: Final = (
    "Uit dit soort bestand halen we geen tekst. Kies een bestand dat eindigt op pdf, docx, odt, txt of csv."
)
TOO_LONG: Final = "De tekst van dit bestand is te lang om te publiceren. Kies een korter bestand."

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMPATIBILITY: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def words_of_file(content: bytes, media_type: str) -> str:
    """The text of a file, in paragraphs; `Unsafe` for a file that has none, or too much."""
    read = READERS.get(media_type)
    if read is None:
        raise Unsafe(NO_TEXT_KIND)
    try:
        text = _tidy(read(content))
    except RecursionError as error:
        # Markup that goes deeper than any document that somebody wrote.
        raise Unsafe(DAMAGED) from error
    if not any(map(str.isalnum, text)):
        raise Unsafe(NO_TEXT)
    if len(text) > MOST_SIGNS:
        raise Unsafe(TOO_LONG)
    return text


def _pdf(content: bytes) -> str:
    # -I: the child finds what is installed, and nothing in a folder that happens to be current.
    command = [sys.executable, "-I", "-X", "utf8", __file__]
    try:
        child = subprocess.run(  # noqa: S603  the command is our own file
            command, input=content, capture_output=True, timeout=SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unsafe(DAMAGED) from error
    if child.returncode not in {0, REFUSED}:
        raise Unsafe(DAMAGED)
    said = child.stdout.decode(errors="replace")
    if child.returncode == REFUSED:
        raise Unsafe(said)
    return said


def main() -> None:
    """Read a PDF from standard input and write its words to standard output, within the limits."""
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (value, value))
    try:
        words = _words_of_pdf(sys.stdin.buffer.read())
    except Unsafe as refused:
        sys.stdout.write(refused.sentence)
        sys.exit(REFUSED)
    sys.stdout.buffer.write(words.encode(errors="replace"))


def _words_of_pdf(content: bytes) -> str:
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise Unsafe(LOCKED)
        if len(reader.pages) > MOST_PAGES:
            raise Unsafe(TOO_LONG)
        return _joined(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        # What a damaged file does to its reader is not to be foreseen.
        raise Unsafe(DAMAGED) from error


def _joined(pages: Iterator[str]) -> str:
    """The pages, as long as they are not too long together."""
    kept, signs = [], 0
    for page in pages:
        kept.append(page)
        signs += len(page)
        if signs > MOST_SIGNS:
            raise Unsafe(TOO_LONG)
    return "\n\n".join(kept)


def _docx(content: bytes) -> str:
    return "".join(_docx_text(_tree(content, "word/document.xml")))


def _docx_text(element: ET.Element) -> Iterator[str]:
    """The text of an element; what was struck (w:del, w:moveFrom), hidden or is there twice is passed by."""
    if element.tag in PASSED_BY_DOCX or _is_hidden(element):
        return
    if element.tag == f"{W}t":
        yield element.text or ""
    elif element.tag in DOCX_SIGNS:
        yield DOCX_SIGNS[element.tag]
    for child in element:
        yield from _docx_text(child)
    if element.tag == f"{W}p":
        yield "\n"


def _is_hidden(element: ET.Element) -> bool:
    """A run that is not shown; a property that is set to no is not set."""
    vanish = element.find(f"{W}rPr/{W}vanish") if element.tag == f"{W}r" else None
    return vanish is not None and vanish.get(f"{W}val") not in {"0", "false", "off"}


PASSED_BY_DOCX: Final = frozenset({f"{W}del", f"{W}moveFrom", f"{W}sdtPr", f"{W}pPr", f"{COMPATIBILITY}Fallback"})
DOCX_SIGNS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def _odt(content: bytes) -> str:
    body = _tree(content, "content.xml").find(f"{OFFICE}body")
    if body is None:
        raise Unsafe(DAMAGED)
    return "".join(_odt_text(body))


def _odt_text(element: ET.Element) -> Iterator[str]:
    """The text of an element; remarks, footnotes and what was struck are passed by."""
    if element.tag in PASSED_BY_ODT:
        return
    if element.tag == f"{TEXT}s":
        yield " " * min(int(element.get(f"{TEXT}c") or 1), 100)
    elif element.tag in ODT_SIGNS:
        yield ODT_SIGNS[element.tag]
    is_paragraph = element.tag in ODT_PARAGRAPHS
    holds_words = is_paragraph or element.tag in ODT_INLINE
    if holds_words:
        yield element.text or ""
    for child in element:
        yield from _odt_text(child)
        if holds_words:
            yield child.tail or ""
    if is_paragraph:
        yield "\n"


PASSED_BY_ODT: Final = frozenset(
    {f"{OFFICE}annotation", f"{TEXT}tracked-changes", f"{TEXT}note", f"{OFFICE}forms", f"{TEXT}hidden-text"}
)
ODT_SIGNS: Final = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
ODT_PARAGRAPHS: Final = frozenset({f"{TEXT}p", f"{TEXT}h"})
ODT_INLINE: Final = frozenset({f"{TEXT}span", f"{TEXT}a"})


def _tree(content: bytes, part: str) -> ET.Element:
    """The markup of one part; `part_of` lets nothing through that declares entities."""
    try:
        return ET.fromstring(part_of(content, part, most=MOST_MARKUP))  # noqa: S314 - see above
    except (ET.ParseError, ValueError) as error:
        raise Unsafe(DAMAGED) from error


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _tidy(text: str) -> str:
    """Paragraphs with at most one empty line between them, without signs that cannot be shown."""
    lines = (" ".join(line.split()) for line in re.split(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", text))
    shown = "\n".join(lines)
    kept = (sign for sign in shown if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"})
    return re.sub(r"\n{3,}", "\n\n", unicodedata.normalize("NFC", "".join(kept))).strip()


READERS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "application/pdf": _pdf,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _docx,
    "application/vnd.oasis.opendocument.text": _odt,
    "text/plain": _plain,
    "text/csv": _plain,
}


if __name__ == "__main__":
    main()
