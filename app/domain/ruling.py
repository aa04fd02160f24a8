"""The record of a ruling: which fields the register asks, and which the public may read.

What stays out is replaced by its ground wherever it stands, in any field, and in whatever spelling: `domain/passage.py`
says which spellings are the same words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.domain.passage import places, readings

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
DECIDED = ("kernregel", "conclusie", "weging", "voorwaarden", "aanbevelingen", "stemuitslag", "citaties", "bronnen")
"""What the commission decided: a slip of the pen is never put right in it, because that takes another ruling."""

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
    "bronnen",
    "datumHerbeoordeling",
    "geldigVanaf",
    "geldigTot",
    "statusPrecedent",
    "bijlagen",
    "voorbeeld",
)
# What nobody wrote: the system makes it, and a passage that looks like it leaves it alone.
MADE_HERE = frozenset(
    {
        "nummer",
        "uri",
        "code",
        "rol",
        "grond",
        "datumVastgesteld",
        "datumGepubliceerd",
        "datumHerbeoordeling",
        "geldigVanaf",
        "geldigTot",
        "geldigOp",
    }
)

Passages = Sequence[tuple[str, str, str]]
"""Of each passage the field in which it was marked, its words, and the ground on which it stays out."""


def gaps(content: Mapping[str, Any]) -> Sequence[str]:
    """What the register still asks of a draft, in the words that people use.

    >>> gaps({"titel": "Delen mag"})[:2]
    ('samenvatting', 'kernvraag')
    """
    missing = [label for field, label in REQUIRED.items() if not content.get(field)]
    weighing = content.get("weging") or {}
    missing += [f"weging: {part}" for part in WEIGHED if not (weighing.get(part) or {}).get("oordeel")]
    return tuple(missing)


def public_record(content: Mapping[str, Any], passages: Passages) -> dict[str, Any]:
    """Copy the allowlist of fields, with each passage (field, text, ground) replaced by its ground.

    A passage is replaced wherever it stands, so that the same words do not survive in another field. All are found in
    the text as it was, so that of passages that overlap nothing is left over.

    >>> public_record({"feiten": "Jan belt.", "intern": "x"}, [("feiten", "Jan", "5.1.2e")])
    {'feiten': '[5.1.2e] belt.'}
    """
    return without({field: content[field] for field in PUBLIC_FIELDS if field in content}, passages)


def without(record: Mapping[str, Any], passages: Passages) -> dict[str, Any]:
    """A record, of whatever fields, with each passage replaced by its ground.

    >>> without({"feiten": "JAN  de Vries belt.", "nummer": "1"}, [("", "jan de vries", "5.1.2e"), ("", "1", "5.2")])
    {'feiten': '[5.1.2e] belt.', 'nummer': '1'}
    """
    grounds = tuple(dict.fromkeys((passage, ground) for _, passage, ground in passages))
    replaced: dict[str, Any] = _each_text(record, lambda text: _without(text, grounds))
    return replaced


def corrected(record: Mapping[str, Any], was: str, becomes: str) -> dict[str, Any]:
    """A record in which a slip of the pen was put right wherever it stands.

    >>> corrected({"feiten": "De SBV levert.", "nummer": "SBV"}, "SBV", "SVB")
    {'feiten': 'De SVB levert.', 'nummer': 'SBV'}
    """
    found: dict[str, Any] = _each_text(record, lambda text: text.replace(was, becomes))
    return found


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


def written(record: Any) -> Iterator[str]:
    """Every text in a record that somebody wrote.

    >>> list(written({"nummer": "CCG:2026:1", "conclusie": {"code": "mag", "label": "Mag"}}))
    ['Mag']
    """
    if isinstance(record, Mapping):
        for name, item in record.items():
            if not _is_made_here(name, item):
                yield from written(item)
    elif isinstance(record, (list, tuple)):
        for item in record:
            yield from written(item)
    else:
        yield from texts(record)


def stretches(text: str, passages: Passages) -> list[tuple[str, tuple[str, ...]]]:
    """A text in stretches, each with the grounds on which it stays out of the public record.

    >>> stretches("Jan belt.", [("", "jan", "5.1.2e")])
    [('Jan', ('5.1.2e',)), (' belt.', ())]
    """
    parts: list[tuple[str, tuple[str, ...]]] = []
    end = 0
    for start, stop, names in _stretches(text, [(passage, ground) for _, passage, ground in passages]):
        parts += [(text[end:start], ()), (text[start:stop], names)]
        end = stop
    return [part for part in (*parts, (text[end:], ())) if part[0]]


def _is_made_here(name: str, item: Any) -> bool:
    return name in MADE_HERE and isinstance(item, str)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same record, with every text in it that somebody wrote changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: item if _is_made_here(name, item) else _each_text(item, change) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each_text(item, change) for item in value]
    return value


def _without(text: str, grounds: Sequence[tuple[str, str]]) -> str:
    """The text with each stretch of passages that overlap replaced by their grounds."""
    parts, end = [], 0
    for start, stop, names in _stretches(text, grounds):
        parts += [text[end:start], *(f"[{name}]" for name in names)]
        end = stop
    return "".join((*parts, text[end:]))


def _stretches(text: str, grounds: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where the text has passages, from first to last: from, to, and on which grounds."""
    if not grounds:
        return
    read = readings(text)
    found = sorted((start, end, ground) for passage, ground in grounds for start, end in places(read, passage))
    while found:
        start, stop, _ = found[0]
        names: dict[str, None] = {}
        while found and found[0][0] < stop:
            _, until, ground = found.pop(0)
            stop = max(stop, until)
            names[ground] = None
        yield start, stop, tuple(names)
