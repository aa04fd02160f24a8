"""References to law in a form: pasted, or filled in part by part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from marshmallow import ValidationError, fields, post_load

from app.domain.errors import Invalid
from app.domain.law import LawReference, parse, system_of
from app.schemas.field import Fault, Form, Options, shown
from app.schemas.kind import Choice, Day, Text
from app.schemas.several import HIDDEN, Rows
from app.services.law import known_laws

PASTED = 500
# On a page the name or the number of the law is asked in one box.
IN_BOX = {"kind": HIDDEN, "box": "wet"}
PLACES = ("article", "paragraph", "part", "valid_on")


class LawForm(Form):
    """One reference: an address to paste, the name of the law, or its number; and the place in it."""

    link = Text("link", "Adres van de wet", longest=PASTED, hint="Bijvoorbeeld een adres op wetten.overheid.nl.")
    named = Text("wet", "Wet of regeling", hint="De naam of het nummer, zoals BWBR0005537.")
    system = Choice("stelsel", "Stelsel", list="stelsel", shown=IN_BOX)
    identifier = Text("id", "Nummer van de wet", longest=30, shown=IN_BOX)
    article = Text("artikel", "Artikel", longest=30)
    paragraph = Text("lid", "Lid", longest=30)
    part = Text("onderdeel", "Onderdeel", longest=30)
    valid_on = Day("geldigOp", "Geldig op")

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A law has to be named in one of three ways."""
        if not any(given.get(key) for key in ("link", "wet", "id")):
            yield "id", "Noem de wet: plak het adres, of vul de naam of het nummer in."

    @classmethod
    def from_boxes(cls, data: dict[str, Any]) -> dict[str, Any]:
        """A number that was typed as the name of the law is its number."""
        number = str(data.get("wet", "")).upper()
        system = system_of(number)
        if system is None:
            return data
        return {"stelsel": system, "id": number} | {key: value for key, value in data.items() if key != "wet"}

    @classmethod
    def to_boxes(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """A number stands where the name does, and what is recognised is shown."""
        boxes = {key: value for key, value in data.items() if key not in {"stelsel", "id"}}
        return {"wet": data["id"], **boxes} if data.get("id") else boxes

    @post_load
    def _refer(self, answers: dict[str, Any], **_: Any) -> dict[str, Any]:
        return self.kept(_reference(answers), answers)

    def kept(self, reference: LawReference, answers: Mapping[str, Any]) -> dict[str, Any]:
        """What the form gives for a reference that is right."""
        return asdict(reference)


class Laws(Rows):
    """References to law, each a mapping with the fields of `LawReference`."""

    kind = "grondslagen"

    def __init__(self, key: str, label: str, **settings: Any) -> None:
        super().__init__(key, label, LawForm, inner=fields.Nested(LawForm, pre_load=_as_object), **settings)

    def choices(self, options: Options) -> Sequence[tuple[str, str]]:
        """The laws that are known by name."""
        return tuple((law.identifier, law.name) for law in known_laws().values())

    def to_page(self, value: Any, name: str) -> dict[str, Any]:
        """The rows, each with what was recognised in it."""
        return {name: [{**shown(LawForm, row), **recognised(row)} for row in value]}

    def page_path(self, name: str, rest: Sequence[str]) -> str:
        """The input in the row; a fault of a whole row has its own place."""
        return super().page_path(name, rest) if len(rest) > 1 else "-".join((name, *rest))


def recognised(row: object) -> dict[str, str]:
    """What a reference says in words, where it can be read and how it is written; nothing when it is not right."""
    try:
        answers = LawForm().load(row)  # type: ignore[arg-type]
    except ValidationError:
        return {}
    reference = LawReference(**answers)
    told = {"label": reference.label(known_laws()), "url": reference.public_url(), "jci": reference.jci()}
    return {key: value for key, value in told.items() if value}


def references(rows: object) -> list[LawReference]:
    """The references that are right among the rows of a draft, which may hold anything."""
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            found.append(LawReference(**LawForm().load(_as_object(row))))
        except ValidationError:
            continue
    return found


def law_json(reference: LawReference) -> dict[str, Any]:
    """A reference as it goes over the wire."""
    return {
        "stelsel": reference.system,
        "id": reference.identifier,
        "artikel": reference.article,
        "lid": reference.paragraph,
        "onderdeel": reference.part,
        "geldigOp": reference.valid_on.isoformat() if reference.valid_on else None,
    }


def _reference(answers: Mapping[str, Any]) -> LawReference:
    places = {name: answers[name] for name in PLACES if name in answers}
    for name, key in (("link", "link"), ("named", "wet")):
        if name in answers:
            found = _told(key, partial(parse, answers[name], known_laws()))
            return _told(None, partial(replace, found, **places))
    system = answers.get("system") or _told(None, partial(parse, answers["identifier"], known_laws())).system
    return _told(None, partial(LawReference, system, answers["identifier"], **places))


def _told(key: str | None, make: Callable[[], LawReference]) -> LawReference:
    """The reference; or its faults at their own fields, or all at the one that was filled in."""
    try:
        return make()
    except Invalid as refused:
        faults = {key or name: [Fault(text) for text in texts] for name, texts in refused.faults.items()}
        raise ValidationError(faults) from None


def _as_object(value: Any) -> Any:
    """Text alone is taken as what somebody pasted."""
    return {"link": value} if isinstance(value, str) else value
