"""XML as we write it: elements with their text, and never a character that XML does not know."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# What XML 1.0 may hold; a stray control character would make the whole document unreadable.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

RECORD = "urn:knelpuntenstelsel:uitspraak:1"


def add(parent: Element, name: str, text: object = None, **attributes: str) -> Element:
    """Add an element with its text; its name has the prefix that the document gives to its namespace."""
    child = SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    if text is not None:
        child.text = clean(str(text))
    return child


def root(name: str, attributes: Mapping[str, str]) -> Element:
    """The first element of a document; its attributes name the namespaces, and elements have their prefix."""
    return Element(name, dict(attributes))


def clean(text: str) -> str:
    r"""The text with a mark in the place of each character that XML forbids.

    >>> clean("een\x0btwee") == "een\ufffdtwee"
    True
    """
    return FORBIDDEN.sub("\ufffd", text)


def document(element: Element) -> bytes:
    """The document as bytes, each element on a line of its own."""
    indent(element)
    text: bytes = tostring(element, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def record_document(record: Mapping[str, Any]) -> bytes:
    """A whole public record: a field is an element with its name, what is unknown is left out.

    A list is an element with a `rij` for each of its parts; a text keeps its lines.
    """
    ruling = root("uitspraak", {"xmlns": RECORD, "xml:lang": "nl"})
    _fill(ruling, record)
    return document(ruling)


def _fill(parent: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if part is not None:
                _fill(add(parent, name), part)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for part in value:
            _fill(add(parent, "rij"), part)
    else:
        parent.text = clean(str(value).lower() if isinstance(value, bool) else str(value))
