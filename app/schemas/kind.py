"""The kinds of field that hold one value."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields, missing, validate

from app.config import value_list
from app.domain.dutch import number
from app.schemas.field import NOT_LISTED, TOO_LONG, VISIBLE, Fault, Kind, Posted, clean

SHORT, LONG = 300, 20_000
DUTCH_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
ISO_DAY = re.compile(r"(1[89]|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}")
THOUSANDS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")


class AtMost(validate.Length):
    """A limit that says how long the text is, and how long it may be."""

    def __init__(self, label: str, most: int) -> None:
        super().__init__(max=most)
        self.label, self.most = label, most

    def __call__(self, value: Any) -> Any:
        """Let through what fits."""
        if faults := self.faults(value):
            raise ValidationError([*faults])
        return value

    def faults(self, value: str) -> Sequence[Fault]:
        """The sentence for a text that is too long."""
        if len(value) <= self.most:
            return ()
        long = f"“{self.label}” is {number(len(value))} tekens lang."
        return [Fault(f"{long} Maak er hoogstens {number(self.most)} tekens van.", TOO_LONG)]


class Matches(validate.Validator):
    """A form that the text must have, with the sentence for a text that has not."""

    def __init__(self, pattern: str, sentence: str) -> None:
        self.pattern, self.sentence = re.compile(pattern), sentence

    def __call__(self, value: str) -> str:
        """Let through what matches from begin to end."""
        if not self.pattern.fullmatch(value):
            raise ValidationError([Fault(self.sentence)])
        return value


class Listed(validate.Validator):
    """The codes of a value list; read when they are asked for, since the lists are data."""

    def __init__(self, name: str, label: str) -> None:
        self.name, self.label = name, label

    @property
    def choices(self) -> Sequence[str]:
        """The codes, in the order of the file."""
        return tuple(value_list(self.name))

    def __call__(self, value: str) -> str:
        """Let through a code of the list."""
        if value not in self.choices:
            raise ValidationError([Fault(f"Kies bij “{self.label}” een waarde uit de lijst.", NOT_LISTED)])
        return value


class Among(validate.Validator):
    """A few words of our own, for what has no value list."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices

    def __call__(self, value: str) -> str:
        """Let through one of the words."""
        if value not in self.choices:
            raise ValidationError([Fault(f"Kies een van: {', '.join(self.choices)}.", NOT_LISTED)])
        return value


class Text(Kind, fields.String):
    """One line of text.

    In a list of texts a blank one is a fault, as it is where the field is required; elsewhere it is an absent one.
    """

    longest: ClassVar[int] = SHORT
    in_list = False

    def __init__(
        self,
        key: str,
        label: str,
        *,
        longest: int | None = None,
        checks: Sequence[validate.Validator] = (),
        shown: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        most = longest or self.longest
        shown = {**(shown or {}), "max_length": most}
        super().__init__(key, label, validate=[AtMost(label, most), *checks], shown=shown, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        text = self.laid_out(clean(value))
        if not text:
            raise self.make_error("required")
        return text

    @property
    def bounds(self) -> Mapping[str, Any]:
        """The form that the text must have, or else that there is something in it."""
        form = next((check.pattern.pattern for check in self.validators if isinstance(check, Matches)), None)
        if self.required or self.in_list:
            return {"minLength": 1, "pattern": f"^(?:{form})$" if form else VISIBLE}
        return {"pattern": f"^(?:{form})?$"} if form else {}

    def laid_out(self, text: str) -> str:
        """One line: what was broken off goes on."""
        return " ".join(text.split())


class Question(Text):
    """Words to search with, however many: what is too much is left unread, and that is said."""

    def __init__(self, key: str, label: str, **settings: Any) -> None:
        super().__init__(key, label, **settings)
        self.validators = []


class LongText(Text):
    """Text with paragraphs."""

    kind = "lange_tekst"
    longest = LONG

    def laid_out(self, text: str) -> str:
        """As it was typed."""
        return text


class Email(Text):
    """An e-mail address; capitals do not count."""

    kind = "email"

    def __init__(self, key: str, label: str, **settings: Any) -> None:
        sentence = "Vul een volledig e-mailadres in, zoals naam@organisatie.nl."
        super().__init__(key, label, checks=[Matches(r"[^@\s]+@[^@\s]+\.[^@\s.]+", sentence)], **settings)

    def laid_out(self, text: str) -> str:
        """Small letters, as accounts have them."""
        return text.lower()


class Secret(Text):
    """A password: taken exactly as it was typed, and never shown again."""

    kind = "wachtwoord"
    longest = 1000

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return value

    def from_page(self, posted: Posted, name: str) -> Any:
        """Every sign that was typed."""
        return next((value for value in posted.getlist(name) if value), missing)

    def to_page(self, value: Any, name: str) -> dict[str, Any]:
        """Nothing: whoever erred types it again."""
        return {}


class Choice(Kind, fields.String):
    """One value of a value list."""

    kind = "keuze"
    shape = "keuze"
    wrong = "Kies bij “{label}” een waarde uit de lijst."

    def __init__(self, key: str, label: str, *, list: str, **settings: Any) -> None:  # noqa: A002
        super().__init__(key, label, list=list, validate=Listed(list, label), **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return clean(value)


class YesNo(Kind, fields.Boolean):
    """Yes or no; without an answer it is neither."""

    kind = "jaNee"
    shape = "jaNee"
    blank = ()
    wrong = "Kies bij “{label}” ja of nee."
    words: ClassVar[Mapping[str, bool]] = {"true": True, "false": False, "ja": True, "nee": False}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> bool:
        answer = self.typed(value) if isinstance(value, str) else value
        if not isinstance(answer, bool):
            raise self.make_error("invalid")
        return answer

    def typed(self, text: str) -> Any:
        """What the word says."""
        return self.words.get(text.lower(), text)


class Tick(YesNo):
    """One box to tick; without a tick the answer is no."""

    kind = "vinkje"

    def __init__(self, key: str, label: str, **settings: Any) -> None:
        super().__init__(key, label, load_default=False, **settings)


class Number(Kind, fields.Integer):
    """A whole number, from nought."""

    kind = "getal"
    shape = "getal"
    blank = ()
    wrong = "Vul bij “{label}” een heel getal in, zoals 1250."
    highest: Final = 10**12

    @property
    def bounds(self) -> Mapping[str, Any]:
        """From nought to what no count here will reach, unless the field says it otherwise."""
        if any(isinstance(check, validate.Range) for check in self.validators):
            return {}
        lowest, highest = self.metadata.get("minimum", 0), self.metadata.get("maximum", self.highest)
        return {"minimum": lowest, "maximum": highest}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> int:
        given = self.typed(value) if isinstance(value, str) else value
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= self.highest:
            raise self.make_error("invalid")
        return given

    def typed(self, text: str) -> Any:
        """The number, also when it has dots between the thousands."""
        digits = text.replace(".", "") if THOUSANDS.fullmatch(text) else text
        return int(digits) if re.fullmatch("[0-9]{1,13}", digits) else text


EARLIEST_YEAR, LATEST_YEAR = 1800, 2200
"""A day outside these years is a slip of the pen, and years further on cannot be reckoned with."""


class Day(Kind, fields.Date):
    """A day on the Dutch calendar."""

    kind = "datum"
    shape = "datum"
    blank = ()
    wrong = "Vul bij “{label}” een datum in die bestaat, zoals 21-11-2026."

    @property
    def bounds(self) -> Mapping[str, Any]:
        """A year that can be meant."""
        return {"pattern": f"^{ISO_DAY.pattern}$"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> date:
        text = self.typed(value.strip()) if isinstance(value, str) else ""
        if not ISO_DAY.fullmatch(text):
            raise self.make_error("invalid")
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise self.make_error("invalid") from error
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise self.make_error("invalid")
        return day

    def typed(self, text: str) -> str:
        """A day as people write it becomes a day as machines write it."""
        found = DUTCH_DAY.fullmatch(text)
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text


class Reference(Text):
    """Something that is known here: by its number, its address, or the e-mail address of an account."""

    kind = "verwijzing"
    shape = "verwijzing"
    wrong = "Kies bij “{label}” iets uit de lijst."

    def __init__(self, key: str, label: str, *, source: str, **settings: Any) -> None:
        super().__init__(key, label, source=source, **settings)


class OneOf(Reference):
    """A reference to one of a few, which the page shows all; when there are none, it can be typed."""

    def kind_for(self, choices: Sequence[tuple[str, str]]) -> str:
        """A choice where there is something to choose."""
        return "keuze" if choices else self.kind


class Received(dict[str, Any]):
    """A file that came in here, was checked and is kept; what a machine writes in its data is never one."""


class File(Kind):
    """A file; it comes beside the other fields, and only what was received here is one."""

    kind = "bestand"
    shape = "verwijzing"
    wrong = "Stuur het bestand zelf mee. Een verwijzing naar een bestand is niet genoeg."

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> dict[str, Any]:
        if not isinstance(value, Received):
            raise self.make_error("invalid")
        return dict(value)

    def from_page(self, posted: Posted, name: str) -> Any:
        """Nothing: the file is not among the texts that were posted."""
        return missing

    def to_page(self, value: Any, name: str) -> dict[str, Any]:
        """Nothing: a page cannot choose a file for somebody."""
        return {}
