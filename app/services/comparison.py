"""Two rulings side by side: what both say, what differs, and how the one treats the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.services.deliberation import Stretch, differences
from app.services.work import Work

LONGEST_MARKED = 4000
"""Longer texts are shown without marks: to compare them takes too long, and nobody reads so many marks."""


class TextPart(NamedTuple):
    """A text of both; `stretches` is the second with what it says otherwise than the first."""

    label: str
    left: str
    right: str
    stretches: Sequence[Stretch] | None

    @property
    def same(self) -> bool:
        """Both say exactly the same."""
        return self.left == self.right


class Entry(NamedTuple):
    """One of several things that a ruling names, and whether both do."""

    text: str
    shared: bool


class ListPart(NamedTuple):
    """Several things of both: the laws, the conditions, the kinds of data."""

    label: str
    left: Sequence[Entry]
    right: Sequence[Entry]

    @property
    def same(self) -> bool:
        """Both name the same."""
        return all(entry.shared for entry in (*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rulings as everybody reads them, part by part."""

    left: PublicRecord
    right: PublicRecord
    texts: Sequence[TextPart]
    lists: Sequence[ListPart]
    citations: Sequence[tuple[str, str, str, str | None]]


def comparison(work: Work, left: PublicRecord, right: PublicRecord) -> Comparison:
    """Both records side by side, and the status that each has now."""
    states = _states(work, (left.number, right.number))
    texts = [_text(label, _said(left.record, path), _said(right.record, path)) for label, path in TEXTS]
    texts.append(_text("Status nu", states.get(left.number, ""), states.get(right.number, "")))
    lists = [_list(label, entries(left.record), entries(right.record)) for label, entries in LISTS]
    citations = [*_citations(left.record, right.number), *_citations(right.record, left.number)]
    return Comparison(
        left,
        right,
        [part for part in texts if part.left or part.right],
        [part for part in lists if part.left or part.right],
        citations,
    )


# What is read of a record: the label, and the path to the text.
TEXTS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("De vraag", ("kernvraag",)),
    ("De regel", ("kernregel",)),
    ("Conclusie", ("conclusie", "label")),
    ("Kan het?", ("weging", "kan")),
    ("Mag het?", ("weging", "mag")),
    ("Is het wenselijk?", ("weging", "wenselijk")),
    ("Soort uitspraak", ("typeUitspraak", "label")),
    ("Doel van het delen", ("doel",)),
    ("Orgaan", ("orgaan",)),
)
LISTS = (
    ("Wetten", lambda record: [_law(row) for row in record.get("grondslagen") or ()]),
    ("Voorwaarden", lambda record: [f"{row['wie']}: {row['wat']}" for row in record.get("voorwaarden") or ()]),
    ("Rollen van partijen", lambda record: [row["rol"] for row in record.get("partijen") or ()]),
    ("Partijen", lambda record: [row["naam"] for row in record.get("partijen") or ()]),
    ("Soorten gegevens", lambda record: list(record.get("gegevenscategorieen") or ())),
    ("Soort knelpunt", lambda record: [row["label"] for row in record.get("typen") or () if row]),
)


def _said(record: Mapping[str, Any], path: Sequence[str]) -> str:
    value: Any = record
    for step in path:
        value = (value or {}).get(step)
    if isinstance(value, Mapping):
        # A judgement with its reasons.
        verdict = (value.get("oordeel") or {}).get("label") or ""
        return ". ".join(part for part in (verdict, value.get("tekst") or "") if part)
    return value or ""


def _law(row: Mapping[str, Any]) -> str:
    """A law without the day of its text, so that the same article of another day is the same."""
    return str(row["label"])


def _text(label: str, left: str, right: str) -> TextPart:
    is_marked = left and right and left != right and len(left) + len(right) <= LONGEST_MARKED
    return TextPart(label, left, right, differences(left, right) if is_marked else None)


def _list(label: str, left: Sequence[str], right: Sequence[str]) -> ListPart:
    """Each once, and first what both have."""
    known = {_plain(text) for text in left} & {_plain(text) for text in right}
    return ListPart(label, _entries(left, known), _entries(right, known))


def _entries(texts: Sequence[str], known: set[str]) -> list[Entry]:
    entries = [Entry(text, _plain(text) in known) for text in dict.fromkeys(texts)]
    return sorted(entries, key=lambda entry: not entry.shared)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _states(work: Work, numbers: Sequence[str]) -> dict[str, str]:
    query = select(Precedent.number, Precedent.version, Precedent.state).where(Precedent.number.in_(numbers))
    return {
        number: work.workflows[Precedent.kind_name(), version].states[state].label
        for number, version, state in work.session.execute(query)
    }


def _citations(record: Mapping[str, Any], other: str) -> list[tuple[str, str, str, str | None]]:
    """How a ruling treats the other: its number, the relation, the number of the other, and why."""
    return [
        (record["nummer"], row["relatie"]["label"].lower(), other, row["reden"])
        for row in record.get("citaties") or ()
        if row["nummer"] == other
    ]
