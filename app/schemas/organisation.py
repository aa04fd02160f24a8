"""Organisations in a form: from the government's list, or a private party by its trade number."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, missing

from app.schemas.field import Form, Posted, texts
from app.schemas.kind import Matches, Reference, Text, YesNo
from app.schemas.several import Lines, Several

TOOI = r"https://identifier\.overheid\.nl/tooi/id/[a-z_]{2,30}/[a-z0-9_]{2,40}"
TOOI_WRONG = "Dit is geen TOOI-adres. Het begint met https://identifier.overheid.nl/tooi/id/."
KVK_WRONG = "Een KVK-nummer heeft acht cijfers, zoals 12345678."
# "Stichting Voorbeeld, 12345678", also with "KVK" before the number or brackets around it.
NAME_WITH_NUMBER = re.compile(r"(?P<name>.*?\S)[\s,;(]+(?:kvk[\s:]*)?(?P<number>[0-9]{8})\)?", re.IGNORECASE)


class PartyForm(Form):
    """An organisation: its TOOI address, or its name with a KVK number; a name alone has to be on the list."""

    tooi_uri = Text("tooiUri", "TOOI-adres", checks=[Matches(TOOI, TOOI_WRONG)])
    name = Text("naam", "Naam")
    kvk_number = Text("kvkNummer", "KVK-nummer", checks=[Matches("[0-9]{8}", KVK_WRONG)])

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """It has to be named."""
        if not given.get("tooiUri"):
            yield "naam", "Noem de organisatie: kies een naam uit de lijst, of vul de naam en het KVK-nummer in."


class Organisations(Several):
    """Organisations, each a mapping with `tooi_uri`, or `name` and perhaps `kvk_number`."""

    kind = "organisaties"

    def __init__(self, key: str, label: str, **settings: Any) -> None:
        super().__init__(key, label, fields.Nested(PartyForm, pre_load=_as_object), source="organisations", **settings)

    def from_page(self, posted: Posted, name: str) -> Any:
        """What was typed, or what was meant by it where the page asked."""
        return [party(text) for text in chosen(posted, name)] or missing

    def to_page(self, value: Any, name: str) -> dict[str, Any]:
        """One line of text for each."""
        return {name: [party_text(one) for one in value]}

    def page_path(self, name: str, rest: Sequence[str]) -> str:
        """An organisation has one box."""
        return "-".join((name, *rest[:1]))


class OrganisationNames(Lines):
    """Organisations, each by its TOOI address or by a name of the list."""

    kind = "organisaties"

    def __init__(self, key: str, label: str, **settings: Any) -> None:
        super().__init__(key, label, source="organisations", **settings)

    def from_page(self, posted: Posted, name: str) -> Any:
        """What was typed, or what was meant by it where the page asked."""
        return chosen(posted, name) or missing


class OrganisationBox(Reference):
    """One organisation by its TOOI address; people may type a name."""

    kind = "organisatie"

    def __init__(self, key: str, label: str, **settings: Any) -> None:
        super().__init__(key, label, source="organisations", checks=[Matches(TOOI, TOOI_WRONG)], **settings)


class OrganisationSettings(Form):
    """What the administrator sets for an organisation."""

    joined = YesNo(
        "doetMee",
        "Doet deze organisatie mee?",
        missing="Kies of de organisatie meedoet.",
        hint="Alleen mensen van een organisatie die meedoet, kunnen melden.",
    )
    needs_approval = YesNo(
        "akkoordNodig",
        "Moet de coördinator akkoord geven voordat een melding weggaat?",
        missing="Kies of de coördinator akkoord moet geven.",
        hint="Kies ja als uw organisatie meldingen eerst zelf wil bekijken.",
    )


def party(text: str) -> dict[str, str]:
    """What somebody typed as an organisation, as a machine would send it.

    >>> party("Stichting Voorbeeld, 12345678")
    {'naam': 'Stichting Voorbeeld', 'kvkNummer': '12345678'}
    >>> party("gemeente Utrecht"), party("https://identifier.overheid.nl/tooi/id/gemeente/gm0344")
    ({'naam': 'gemeente Utrecht'}, {'tooiUri': 'https://identifier.overheid.nl/tooi/id/gemeente/gm0344'})
    """
    text = text.strip()
    if text.startswith(("https://", "http://")):
        return {"tooiUri": text}
    found = NAME_WITH_NUMBER.fullmatch(text)
    return {"naam": found["name"], "kvkNummer": found["number"]} if found else {"naam": text}


def party_text(value: object) -> str:
    """The same in one line, for the box in which it was typed."""
    if not isinstance(value, Mapping):
        return str(value)
    parts = [str(value[key]) for key in ("naam", "kvkNummer") if value.get(key)]
    return str(value.get("tooiUri") or ", ".join(parts))


def chosen(posted: Posted, name: str) -> list[str]:
    """The organisations that were typed; where the page asked which one was meant, the answer."""
    typed = enumerate(texts(posted, name))
    meant = (next(iter(texts(posted, f"{name}-{place}-keuze")), "") or text for place, text in typed)
    return [text for text in meant if text]


def parties(rows: object) -> Iterator[tuple[int, dict[str, Any]]]:
    """The organisations that are named as they should among what may be anything, each with its place."""
    for place, row in enumerate(rows if isinstance(rows, list) else ()):
        try:
            yield place, PartyForm().load(_as_object(row))
        except ValidationError:
            continue


def _as_object(value: Any) -> Any:
    """Text alone is taken as what somebody typed."""
    return party(value) if isinstance(value, str) else value
