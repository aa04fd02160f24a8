"""The kinds of field that hold more than one value: choices, lines, rows of fields, and an object in a form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError, fields, missing, validate

from app.schemas.field import (
    TOO_LONG,
    Fault,
    FieldDescription,
    Form,
    Kind,
    Options,
    Posted,
    input_name,
    kinds,
    read,
    shown,
    texts,
)
from app.schemas.kind import SHORT, Choice, Reference, Text

MOST = 50
HIDDEN = "verborgen"
SPARE = 2
"""Empty rows at the end of a page, so that adding works without a script."""


class Few(validate.Length):
    """A limit on how many there may be."""

    def __init__(self, label: str, most: int) -> None:
        super().__init__(max=most)
        self.label, self.most = label, most

    def __call__(self, value: Any) -> Any:
        """Let through what is few enough."""
        if len(value) > self.most:
            sentence = f"“{self.label}” telt {len(value)} regels. Maak er hoogstens {self.most} van."
            raise ValidationError([Fault(sentence, TOO_LONG)])
        return value


class Several(Kind, fields.List[Any]):
    """Values of one kind."""

    kind = "lijst"
    shape = "lijst"
    wrong = "Stuur bij “{label}” een lijst."
    blank = list

    def __init__(self, key: str, label: str, inner: fields.Field[Any], *, most: int = MOST, **settings: Any) -> None:
        super().__init__(key, label, cls_or_instance=inner, validate=Few(label, most), **settings)
        if isinstance(self.inner, Text):
            self.inner.in_list = True

    @property
    def bounds(self) -> Mapping[str, Any]:
        """Where it is required, an empty list is none."""
        return {"minItems": 1} if self.required else {}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Any:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **settings)

    def from_page(self, posted: Posted, name: str) -> Any:
        """What was filled in, without the empty lines."""
        return [text for text in texts(posted, name) if text] or missing


class Lines(Several):
    """Short texts."""

    def __init__(
        self,
        key: str,
        label: str,
        *,
        longest: int = SHORT,
        checks: Sequence[validate.Validator] = (),
        **settings: Any,
    ) -> None:
        super().__init__(key, label, Text("", label, longest=longest, checks=checks), **settings)


class Choices(Several):
    """One or more values of a value list."""

    kind = "meerkeuze"
    shape = "meerkeuze"

    def __init__(self, key: str, label: str, *, list: str, **settings: Any) -> None:  # noqa: A002
        super().__init__(key, label, Choice("", label, list=list), list=list, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Any:
        # What was chosen twice was chosen.
        return list(dict.fromkeys(super()._deserialize(value, attr, data, **settings)))

    def page_path(self, name: str, rest: Sequence[str]) -> str:
        """The boxes have one place for their faults."""
        return name


class References(Choices):
    """One or more of what is there at this moment; when there is nothing, it can be typed."""

    def __init__(self, key: str, label: str, *, source: str, **settings: Any) -> None:
        Several.__init__(self, key, label, Reference("", label, source=source), source=source, **settings)

    def kind_for(self, choices: Sequence[tuple[str, str]]) -> str:
        """Boxes where there is something to tick."""
        return self.kind if choices else Several.kind


class Points(Several):
    """An answer to each of the points that were asked, in their order."""

    kind = "punten"

    def __init__(self, key: str, label: str, *, source: str, longest: int, **settings: Any) -> None:
        answer = Text("", label, longest=longest, missing="Geef antwoord op dit punt.")
        super().__init__(key, label, answer, source=source, **settings)

    def from_page(self, posted: Posted, name: str) -> Any:
        """Every answer at its place, empty ones too, so that each stays with its point."""
        rows = range(len(row_numbers(posted, name)))
        answers = [next(iter(texts(posted, f"{name}-{row}")), "") for row in rows]
        return answers if any(answers) else missing


class Rows(Several):
    """The same few fields several times; with a value list there is one row for each of its values.

    The field `per` of such a row holds the value of the list.
    """

    kind = "rijen"

    def __init__(
        self,
        key: str,
        label: str,
        form: type[Form],
        *,
        inner: fields.Nested | None = None,
        per: str | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(key, label, inner or fields.Nested(form), **settings)
        self.form, self.per = form, per

    def description(self, options: Options, sources: Mapping[str, str]) -> list[FieldDescription]:
        """This field, with the fields of one row."""
        parts = (one for kind in kinds(self.form) for one in kind.description(options, sources))
        shown_parts = (replace(part, kind=HIDDEN) if part.name == self.per else part for part in parts)
        return [replace(super().description(options, sources)[0], parts=tuple(shown_parts), one_each=bool(self.per))]

    def from_page(self, posted: Posted, name: str) -> Any:
        """The rows in which something was filled in."""
        rows = (read(self.form, posted, f"{name}-{row}-") for row in row_numbers(posted, name))
        return [row for row in rows if row] or missing

    def to_page(self, value: Any, name: str) -> dict[str, Any]:
        """The rows, and each input of each row."""
        page = {name: value}
        for row, values in enumerate(value):
            page.update(shown(self.form, values, f"{name}-{row}-"))
        return page

    def page_path(self, name: str, rest: Sequence[str]) -> str:
        """The input in the row; a fault of all rows or of a whole row is told at the first input."""
        row, *inside = rest or ["0"]
        return f"{name}-{row}-{input_name(self.form, inside or [self._first()])}"

    def _first(self) -> str:
        return next(kind.key for kind in kinds(self.form) if kind.key != self.per)


class Part(Kind, fields.Nested):
    """An object inside a form; on a page its fields stand between the others."""

    is_object = True
    blank = dict

    def __init__(self, key: str, label: str, form: type[Form]) -> None:
        super().__init__(key, label, nested=form, missing=f"Vul “{label}” in.")
        self.form = form

    def description(self, options: Options, sources: Mapping[str, str]) -> list[FieldDescription]:
        """The descriptions of the fields inside."""
        return [one for kind in kinds(self.form) for one in kind.description(options, sources)]

    def from_page(self, posted: Posted, name: str) -> Any:
        """The object made of the inputs."""
        return read(self.form, posted) or missing

    def to_page(self, value: Any, name: str) -> dict[str, Any]:
        """The inputs of the object."""
        return shown(self.form, value)

    def page_path(self, name: str, rest: Sequence[str]) -> str:
        """The input inside; a fault of the object as a whole has none."""
        return input_name(self.form, rest) if rest else ""


def row_numbers(posted: Posted, name: str) -> list[int]:
    """The rows that a page posted under a name, in order."""
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,3}})(-.+)?")
    return sorted({int(found[1]) for key in posted.keys() if (found := pattern.fullmatch(key))})  # noqa: SIM118


def laid_out(
    fields: Sequence[FieldDescription], values: Mapping[str, Any]
) -> tuple[list[FieldDescription], dict[str, Any]]:
    """The fields and values of a page where rows of fields have become fields of their own, each row a group."""
    flat: list[FieldDescription] = []
    filled = dict(values)
    for field in fields:
        if field.kind != Rows.kind:
            flat.append(field)
            continue
        given = len(values.get(field.name) or ())
        for row, label in enumerate(_row_labels(field, given)):
            flat += _row(field, row, label, is_spare=not field.choices and row >= given)
            if field.choices:
                filled |= {f"{field.name}-{row}-{part.name}": field.choices[row][0] for part in _hidden(field)}
    return flat, filled


def _row(field: FieldDescription, row: int, label: str, *, is_spare: bool) -> list[FieldDescription]:
    hidden = _hidden(field)
    parts = [part for part in field.parts if part not in hidden]
    # What is said of all rows is said once.
    parts[0] = replace(parts[0], hint=parts[0].hint or (None if row else field.hint))
    return [
        replace(part, name=f"{field.name}-{row}-{part.name}", required=part.required and not is_spare, group=label)
        for part in (*(hidden if field.choices else ()), *parts)
    ]


def _hidden(field: FieldDescription) -> list[FieldDescription]:
    return [part for part in field.parts if part.kind == HIDDEN]


def _row_labels(field: FieldDescription, given: int) -> list[str]:
    if field.choices:
        return [label for _, label in field.choices]
    # One row for each value there is: where there is none, there is nothing to fill in.
    return [f"{field.label} {row + 1}" for row in range(given + (0 if field.one_each else SPARE))]
