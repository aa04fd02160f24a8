"""A file of reports: each line of CSV or JSON becomes the answers of one report, or what is wrong with it."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.config import value_list
from app.domain.errors import Invalid
from app.schemas.field import Kind, kinds
from app.schemas.form import load
from app.schemas.organisation import Organisations, parties
from app.schemas.report import ReportSchema
from app.schemas.several import Part, Several

MOST_LINES = 1000
BETWEEN = re.compile(r"[\n|]")
"""What stands between the values of one cell."""
SEPARATORS = ";,\t"
JOINS = "sluitAanBij"
NO_TEXT = "Dit bestand is geen tekst in UTF-8. Bewaar het opnieuw, als CSV UTF-8 of als JSON met één melding per regel."
NO_KIND = "De naam van het bestand eindigt op .csv of op .jsonl. Dan weten wij hoe wij het lezen."
TOO_MANY = f"Er staan meer dan {MOST_LINES} meldingen in dit bestand. Maak er meer bestanden van."
MORE_CELLS = "Er staan meer cellen dan kolommen. Zet een tekst met een scheidingsteken tussen aanhalingstekens."

Faults = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of a file: where it begins, and its answers, or its faults by path.

    `columns` are the heads of the columns as they stand in the file, by the key of their field; JSON has none. Of what
    has faults, `parties` are the organisations that it names by their paths, and `joins` the case.
    """

    number: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    joins: str | None = None

    def sentences(self, faults: Faults) -> list[str]:
        """What is wrong, where in the file that is, and which values there are."""
        return [
            f"Regel {self.number}: {self._place(path)}{sentence}{_values(path)}"
            for path, sentences in faults.items()
            for sentence in sentences
        ]

    def _place(self, path: str) -> str:
        """The column with the place of the value in its cell, or the path in the JSON."""
        key, rest = _field(path)
        if not path or not self.columns:
            return f"{path}: " if path else ""
        value = f", waarde {int(rest[0]) + 1}" if rest and rest[0].isdigit() else ""
        return f"kolom “{self.columns.get(key, key)}”{value}: "


def report_lines(name: str, content: bytes) -> list[ReportLine]:
    """Every report of a file; raises `Invalid` where the file as a whole cannot be read.

    In JSON a line is the body of `POST /meldingen`. In CSV a column has the key of a field, also of those inside
    `uitwisseling`; the values of a list stand on lines of their own, or have a | between them.
    """
    read = READERS.get(name.rpartition(".")[2].lower())
    if read is None:
        raise Invalid({"": [NO_KIND]})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"": [NO_TEXT]}) from None
    lines: list[ReportLine] = []
    for line in read(text):
        if len(lines) == MOST_LINES:
            raise Invalid({"": [TOO_MANY]})
        lines.append(line)
    return lines


def _json_lines(text: str) -> Iterator[ReportLine]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _line(number, partial(_object, line))


def _object(line: str) -> Any:
    """What a line says; the schema refuses what is no object."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise Invalid({"": ["Dit is geen JSON. Kijk of alle haakjes, komma’s en aanhalingstekens kloppen."]}) from None


def _csv_lines(text: str) -> Iterator[ReportLine]:
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=head.count), strict=True)
    try:
        _check_columns(rows.fieldnames or ())
        columns = {_column(name): name.strip() for name in rows.fieldnames or ()}
        number = rows.line_num + 1
        for row in rows:
            if any(row.values()):
                yield _line(number, partial(_answers, row), columns)
            number = rows.line_num + 1
    except csv.Error as error:
        raise Invalid({"": [f"Vanaf regel {rows.line_num} is dit geen CSV. ({error})"]}) from None


def _check_columns(columns: Any) -> None:
    names = [_column(name) for name in columns]
    faults = [f"De kolom “{name}” kennen wij niet." for name in names if name not in COLUMNS]
    faults += [f"De kolom “{name}” staat er twee keer." for name in dict.fromkeys(names) if names.count(name) > 1]
    needed = (name for name, (_, kind) in COLUMNS.items() if kind.required)
    faults += [f"De kolom “{name}” ontbreekt." for name in needed if name not in names]
    if faults:
        raise Invalid({"": faults})


def _answers(row: Mapping[str | None, Any]) -> dict[str, Any]:
    """What a row says, as a machine would send it."""
    if None in row:
        raise Invalid({"": [MORE_CELLS]})
    answers: dict[str, Any] = {}
    for name, text in row.items():
        if not (text or "").strip():
            continue
        part, kind = COLUMNS[_column(name or "")]
        within = answers.setdefault(part, {}) if part else answers
        within[kind.key] = _value(kind, text)
    return answers


def _value(kind: Kind, text: str) -> Any:
    if isinstance(kind, Several):
        return [value.strip() for value in BETWEEN.split(text) if value.strip()]
    return kind.typed(text.strip())


def _column(name: str) -> str:
    """The key that a column has at its head, alone or with the object in which it stands.

    >>> _column(" uitwisseling.doel "), _column("doel")
    ('doel', 'doel')
    """
    return name.strip().rpartition(".")[2]


def _columns() -> Iterator[tuple[str, tuple[str, Kind]]]:
    for kind in kinds(ReportSchema):
        if isinstance(kind, Part):
            yield from ((inner.key, (kind.key, inner)) for inner in kinds(kind.form))
        else:
            yield kind.key, ("", kind)


def _line(number: int, read: Callable[[], Any], columns: Mapping[str, str] | None = None) -> ReportLine:
    given: Any = None
    try:
        given = read()
        return ReportLine(number, answers=load(ReportSchema, given), columns=columns or {})
    except Invalid as refused:
        answers = given if isinstance(given, Mapping) else {}
        joins = answers.get(JOINS)
        return ReportLine(
            number,
            faults=refused.faults,
            columns=columns or {},
            parties=dict(_parties(answers)),
            joins=joins if isinstance(joins, str) else None,
        )


def _parties(answers: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The organisations that can be read, by their paths."""
    for key, (part, kind) in COLUMNS.items():
        within = answers.get(part)
        if isinstance(kind, Organisations) and isinstance(within, Mapping):
            yield from ((f"{part}.{key}.{place}", party) for place, party in parties(within.get(key)))


def _field(path: str) -> tuple[str, list[str]]:
    """The key of the field at a path, and the rest of the path."""
    names = path.split(".")
    place = next((place for place, name in enumerate(names) if name in COLUMNS), 0)
    return names[place], names[place + 1 :]


def _values(path: str) -> str:
    """The values of the list from which a field is chosen, as they are written in a file."""
    _, kind = COLUMNS.get(_field(path)[0], ("", None))
    name = kind.metadata.get("list") if kind is not None else None
    return f" Dit kan: {', '.join(value_list(name))}." if name else ""


COLUMNS: Mapping[str, tuple[str, Kind]] = dict(_columns())
"""Each column of CSV: the object in which its field stands, where it stands in one, and the field."""

READERS: Mapping[str, Callable[[str], Iterator[ReportLine]]] = {"csv": _csv_lines, "jsonl": _json_lines}
