"""What a form is and what each of its fields has: a name, a label, a sentence for when it is wrong, and a page."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, Self

from marshmallow import RAISE, Schema, ValidationError, fields, missing, pre_load, validates_schema

from app.config import value_list

REQUIRED, WRONG, TOO_LONG, NOT_LISTED, UNKNOWN = "verplicht", "ongeldig", "te_lang", "niet_in_lijst", "onbekend_veld"

NEW_LINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Marks that nobody sees, and that make two equal words differ or a text read backwards.
INVISIBLE = re.compile("[\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# Signs that steer a machine, but for the tab and the new line; and halves of a sign, which cannot be stored.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

VISIBLE = r"[^\s\u0000-\u001f\u007f-\u009f\u00ad\u1680\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
"""At least one sign that is left of a text after `clean`."""

NOT_SHOWN = frozenset({"list", "box", "title", "description"})

Options = Callable[[str], Sequence[tuple[str, str]]]
"""Gives what can be chosen at this moment, by the name of the source."""


class Fault(str):
    """A sentence for people, with the code that machines read.

    >>> Fault("Vul de kernvraag in.", REQUIRED).code
    'verplicht'
    """

    __slots__ = ("code",)
    code: str

    def __new__(cls, sentence: str, code: str = WRONG) -> Self:
        """Make a sentence that is ordinary text everywhere else."""
        fault = super().__new__(cls, sentence)
        fault.code = code
        return fault


class Posted(Protocol):
    """What a browser posted: names that may come more than once."""

    def keys(self) -> Iterable[str]: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """What the form macro shows of one field; `shape` and `parts` are for the API and for rows of fields.

    `one_each` is of rows: one for each value of a list, and none to spare.
    """

    name: str
    label: str
    kind: str
    required: bool
    hint: str | None = None
    choices: Sequence[tuple[str, str]] = ()
    max_length: int | None = None
    autocomplete: str | None = None
    rows: int | None = None
    source: str | None = None
    accept: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    suffix: str | None = None
    group: str | None = None
    shape: str = "tekst"
    parts: tuple["FieldDescription", ...] = ()
    one_each: bool = False


def clean(text: str) -> str:
    r"""Text with one kind of new line and without what cannot be seen or stored.

    >>> clean(" a\x00b\r\nc ")
    'ab\nc'
    """
    text = CONTROL.sub("", INVISIBLE.sub("", NEW_LINES.sub("\n", text)))
    return unicodedata.normalize("NFC", text).strip()


def is_blank(value: object) -> bool:
    """Nothing was filled in; no and nought are answers."""
    if isinstance(value, str):
        return not clean(value)
    return value is None or (isinstance(value, (list, Mapping)) and not value)


def _is_absent(value: object, shape: type | tuple[type, ...]) -> bool:
    """Nothing was given: null, or what is empty and of the kind that was meant."""
    return value is None or (is_blank(value) and isinstance(value, shape))


class FormPart(NamedTuple):
    """Fields of a long form that stand on a page together, where the rest stays as it is."""

    slug: str
    label: str
    fields: frozenset[str]


class Form(Schema):
    """What one step asks. The keys of the data are Dutch, the names of the answers English.

    A blank field is an absent one; where the form `clears`, it says that the old value must go.
    """

    clears: ClassVar[bool] = False
    parts: ClassVar[Sequence[FormPart]] = ()

    class Meta:
        unknown = RAISE

    error_messages = {  # noqa: RUF012
        "unknown": Fault("Dit formulier kent dit veld niet. Kijk of de naam klopt, of haal het weg.", UNKNOWN),
        "type": Fault("Stuur hier een object met velden."),
    }

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """What must be filled in because of other answers: the key of the field, and the sentence."""
        return ()

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Which answers do not go together: the key of the field, and the sentence."""
        return ()

    @classmethod
    def from_boxes(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Part what people type in one box and machines send under several keys."""
        return data

    @classmethod
    def to_boxes(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Join it again."""
        return data

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Nothing may be sent for what is not required: it is as absent, or clears."""
        field_obj.allow_none = not field_obj.required

    @pre_load
    def _leave_out_blanks(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        # The faults of an object are told at its fields, also when the object itself is not there.
        objects: dict[str, Any] = {kind.key: {} for kind in kinds(type(self)) if kind.is_object}
        shapes = self._blanks()
        given = {name: value for name, value in data.items() if not _is_absent(value, shapes.get(name, object))}
        emptied = dict.fromkeys(data.keys() - given.keys()) if self.clears else {}
        unknown = data.keys() - given.keys() - {kind.key for kind in kinds(type(self))}
        return {**objects, **emptied, **given, **dict.fromkeys(unknown)}

    def _blanks(self) -> Mapping[str, type | tuple[type, ...]]:
        """Of what an empty value is, for each field that may be left empty."""
        return {kind.key: kind.blank for kind in kinds(type(self)) if not kind.required}

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_together(self, answers: Any, original: Any, **_: Any) -> None:
        if not isinstance(original, Mapping):
            return
        faults = {key: [Fault(text)] for key, text in self.clashes(answers)}
        shapes = self._blanks()
        for key, text in self.gaps(answers, original):
            # What was given and is wrong has had its sentence already.
            if _is_absent(original.get(key), shapes.get(key, object)):
                faults[key] = [Fault(text, REQUIRED)]
        if faults:
            raise ValidationError(faults)


class Kind(fields.Field[Any]):
    """A field as people and machines know it; each kind says how it is asked and what it accepts.

    A field with a sentence in `missing` is required. `list` names a value list, `source` what there is to choose
    at the moment; `shown` holds further settings of `FieldDescription`, and in `box` the key of the field under which a
    page asks this one.
    """

    kind: ClassVar[str] = "tekst"
    shape: ClassVar[str] = "tekst"
    wrong: ClassVar[str] = "Vul bij “{label}” tekst in."
    blank: ClassVar[type | tuple[type, ...]] = str
    """What its empty value is of, beside null: what is empty and of something else was never meant for it."""
    is_object: ClassVar[bool] = False

    def __init__(
        self,
        key: str,
        label: str,
        *,
        missing: str | None = None,
        hint: str | None = None,
        list: str | None = None,  # noqa: A002
        source: str | None = None,
        group: str | None = None,
        shown: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        says = {"label": label, "hint": hint, "kind": self.kind, "list": list, "source": source, "group": group}
        # Under these names the description of the API shows them.
        says |= {"title": label, "description": hint}
        absent = missing or f"Vul “{label}” in."
        super().__init__(
            data_key=key,
            required=missing is not None,
            error_messages={"required": absent, "null": absent, "invalid": self.wrong.format(label=label)},
            metadata={name: value for name, value in {**says, **(shown or {})}.items() if value is not None},
            **settings,
        )
        self.key, self.label = key, label

    @property
    def bounds(self) -> Mapping[str, Any]:
        """What the description of the API says of the values that it accepts, in the words of JSON Schema."""
        return {}

    def make_error(self, key: str, **_: Any) -> ValidationError:
        """A sentence of this field, with its code."""
        code = REQUIRED if key in {"required", "null"} else WRONG
        return ValidationError([Fault(str(self.error_messages[key]), code)])

    def choices(self, options: Options) -> Sequence[tuple[str, str]]:
        """The values that may be chosen: those of the value list, or what there is at this moment."""
        if "list" in self.metadata:
            return tuple(value_list(self.metadata["list"]).items())
        return tuple(options(self.metadata["source"])) if "source" in self.metadata else ()

    def description(self, options: Options, sources: Mapping[str, str]) -> list[FieldDescription]:
        """What the macro needs to show this field."""
        choices = self.choices(options)
        own = {"kind": self.kind_for(choices), "source": sources.get(self.metadata.get("source", ""))}
        says = {name: value for name, value in self.metadata.items() if name not in NOT_SHOWN}
        return [
            FieldDescription(
                name=self.key, required=self.required, choices=choices, shape=self.shape, **{**says, **own}
            )
        ]

    def kind_for(self, choices: Sequence[tuple[str, str]]) -> str:
        """How the page asks it."""
        return str(self.metadata["kind"])

    def from_page(self, posted: Posted, name: str) -> Any:
        """What a page posted under this name, in the shape that a machine sends; `missing` when it is blank."""
        filled = [text for text in texts(posted, name) if text]
        return self.typed(filled[0]) if filled else missing

    def typed(self, text: str) -> Any:
        """What somebody typed, as a machine would send it; what is no such thing stays as it was typed."""
        return text

    def to_page(self, value: Any, name: str) -> dict[str, Any]:
        """The values of the inputs, for what a machine would send."""
        return {name: value}

    def page_path(self, name: str, rest: Sequence[str]) -> str:
        """The name of the input that a fault belongs to; `rest` is the path inside this field."""
        return "-".join((self.metadata.get("box", name), *rest))


def texts(posted: Posted, name: str) -> list[str]:
    """What was posted under a name, as it can be kept."""
    return [clean(text) for text in posted.getlist(name)]


def kinds(form: type[Form]) -> list[Kind]:
    """The fields of a form, in the order in which they are asked."""
    return [field for field in form._declared_fields.values() if isinstance(field, Kind)]


def read(form: type[Form], posted: Posted, prefix: str = "") -> dict[str, Any]:
    """What a page posted for the fields of a form, as a machine would send it; other names are left alone."""
    names = set(posted.keys())
    data: dict[str, Any] = {}
    for kind in kinds(form):
        value = kind.from_page(posted, prefix + kind.key)
        if value is not missing:
            data[kind.key] = value
        elif form.clears and _was_shown(names, prefix + kind.key):
            data[kind.key] = None
    return form.from_boxes(data)


def _was_shown(names: Iterable[str], name: str) -> bool:
    """The page had an input for this field, or for a row of it."""
    return any(posted == name or posted.startswith(f"{name}-") for posted in names)


def shown(form: type[Form], values: object, prefix: str = "") -> dict[str, Any]:
    """The values of the inputs of a form, for what a machine would send."""
    page: dict[str, Any] = {}
    boxes = form.to_boxes(values) if isinstance(values, Mapping) else {}
    for kind in kinds(form):
        if boxes.get(kind.key) is not None:
            page.update(kind.to_page(boxes[kind.key], prefix + kind.key))
    return page


def input_name(form: type[Form], path: Sequence[str]) -> str:
    """The name of the input to which the path of a fault leads."""
    kind = next((kind for kind in kinds(form) if kind.key == path[0]), None)
    return kind.page_path(path[0], path[1:]) if kind else "-".join(path)
