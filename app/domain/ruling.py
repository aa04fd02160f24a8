"""The record of a ruling: which fields the register asks, and which the public may read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# The field of the record, and what people call it (domain/register.md 3.3).
REQUIRED: Mapping[str, str] = {
    "titel": "titel",
    "samenvatting": "samenvatting",
    "kernvraag": "kernvraag",
    "kernregel": "kernregel",
    "feiten": "feiten",
    "beschouwing": "beschouwing",
    "conclusie": "conclusie",
}
WEIGHED = ("kan", "mag", "wenselijk")
TESTS = ("finaliteit", "proportionaliteit", "subsidiariteit", "transparantie", "beveiliging")

# A record is made public by copying these and nothing else (architecture, decision 6).
PUBLIC_FIELDS = (
    "nummer",
    "uri",
    "titel",
    "samenvatting",
    "typeUitspraak",
    "orgaan",
    "datumVastgesteld",
    "kernvraag",
    "kernregel",
    "feiten",
    "juridischKader",
    "beschouwing",
    "conclusie",
    "weging",
    "toets",
    "voorwaarden",
    "grondslagen",
    "doel",
    "gegevenscategorieen",
    "typen",
    "partijen",
    "stemuitslag",
    "beslissendeStemVoorzitter",
    "afzonderlijkeNotas",
    "verschoond",
    "aanbevelingen",
    "citaties",
    "datumHerbeoordeling",
    "geldigVanaf",
    "geldigTot",
    "statusPrecedent",
    "voorbeeld",
)


def gaps(content: Mapping[str, Any]) -> Sequence[str]:
    """What the register still asks of a draft, in the words that people use.

    >>> gaps({"titel": "Delen mag"})[:2]
    ('samenvatting', 'kernvraag')
    """
    missing = [label for field, label in REQUIRED.items() if not content.get(field)]
    weighing = content.get("weging") or {}
    missing += [f"weging: {part}" for part in WEIGHED if not (weighing.get(part) or {}).get("oordeel")]
    return tuple(missing)


def public_record(content: Mapping[str, Any], passages: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Copy the allowlist of fields, with each passage (field, text, ground) replaced by its ground.

    A passage is replaced wherever it stands, so that the same words do not survive in another field. All are found in
    the text as it was, so that of passages that overlap nothing is left over.

    >>> public_record({"feiten": "Jan belt.", "intern": "x"}, [("feiten", "Jan", "5.1.2e")])
    {'feiten': '[5.1.2e] belt.'}
    """
    grounds = {passage: ground for _, passage, ground in passages if passage}
    kept = {field: content[field] for field in PUBLIC_FIELDS if field in content}
    replaced: dict[str, Any] = _redacted(kept, grounds)
    return replaced


def texts(value: Any) -> Iterator[str]:
    """Every text in a record, at whatever depth.

    >>> list(texts({"a": "x", "b": [{"c": "y"}, 3]}))
    ['x', 'y']
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def _redacted(value: Any, grounds: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _without(value, grounds)
    if isinstance(value, Mapping):
        return {name: _redacted(item, grounds) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(item, grounds) for item in value]
    return value


def _without(text: str, grounds: Mapping[str, str]) -> str:
    """The text with each stretch of passages that overlap replaced by their grounds."""
    parts, end = [], 0
    for start, stop, names in _stretches(text, grounds):
        parts += [text[end:start], *(f"[{name}]" for name in names)]
        end = stop
    return "".join((*parts, text[end:]))


def _stretches(text: str, grounds: Mapping[str, str]) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Where the text has passages, from first to last: from, to, and on which grounds."""
    places = sorted(
        (found.start(), found.start() + len(passage), ground)
        for passage, ground in grounds.items()
        for found in re.finditer(f"(?={re.escape(passage)})", text)
    )
    while places:
        start, stop, _ = places[0]
        names: dict[str, None] = {}
        while places and places[0][0] < stop:
            _, until, ground = places.pop(0)
            stop = max(stop, until)
            names[ground] = None
        yield start, stop, tuple(names)
