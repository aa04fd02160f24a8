"""What a public record is about, read from the record alone: the laws it rests on and the types of its bottleneck."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.errors import Invalid
from app.domain.law import parse

TEXTS = ("samenvatting", "kernregel", "feiten", "juridischKader", "beschouwing")
"""The texts of a public record beside its title and question: what it is found by."""


def laws_of(record: Mapping[str, Any]) -> list[str]:
    """The laws on which a public record rests: their BWB, CVDR or CELEX numbers, each once.

    >>> laws_of({"grondslagen": [{"jci": "jci1.3:c:BWBR0034925&artikel=7.3.11", "url": None}]})
    ['BWBR0034925']
    """
    return list(dict.fromkeys(law for row in record.get("grondslagen") or () if (law := _law_of(row)) is not None))


def law_subject(identifier: str) -> str:
    """A law as a subject."""
    return f"wet:{identifier}"


def type_subject(code: str) -> str:
    """A type of bottleneck as a subject."""
    return f"type:{code}"


def subjects_of(record: Mapping[str, Any]) -> list[str]:
    """All that a public record is about; local law with its version, and without it.

    >>> subjects_of({"grondslagen": [{"url": "CVDR401319/1"}], "typen": [{"code": "juridisch"}]})
    ['wet:CVDR401319/1', 'wet:CVDR401319', 'type:juridisch']
    """
    return list(dict.fromkeys(_subjects(record)))


def _subjects(record: Mapping[str, Any]) -> Iterator[str]:
    for law in laws_of(record):
        yield law_subject(law)
        yield law_subject(law.partition("/")[0])
    for row in record.get("typen") or ():
        yield type_subject(row["code"])


def _law_of(row: Mapping[str, Any]) -> str | None:
    for address in (row.get("jci"), row.get("url")):
        try:
            if address:
                return parse(address).identifier
        except Invalid:
            # An address of which something was left out is no address any more.
            continue
    return None
