"""The forms of working together on a process: notes, messages, parties and documents."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, File, LongText, Matches, Text
from app.schemas.organisation import KVK_WRONG, OrganisationBox, party


class NoteForm(Form):
    """A note for who works on it."""

    text = LongText(
        "tekst",
        "Notitie",
        missing="Schrijf de notitie.",
        hint="Alleen wie dit knelpunt behandelt, leest dit. Zet er geen gegevens van burgers in.",
    )


class ReplyForm(Form):
    """A message to reporter and parties."""

    text = LongText(
        "tekst",
        "Bericht",
        missing="Schrijf het bericht.",
        hint="De melder en de partijen lezen dit. Zet er geen gegevens van burgers in.",
    )


class AddPartyForm(Form):
    """An organisation that takes part."""

    role = Choice("rol", "Rol", list="partijrol", missing="Kies de rol van de organisatie.")
    organisation = OrganisationBox("tooiUri", "Organisatie", hint="Begin te typen en kies een naam uit de lijst.")
    name = Text(
        "naam",
        "Naam van een private organisatie",
        hint="Alleen als de organisatie niet in de lijst staat.",
    )
    kvk = Text(
        "kvkNummer",
        "KVK-nummer van een private organisatie",
        hint="Acht cijfers.",
        checks=[Matches("[0-9]{8}", KVK_WRONG)],
    )

    @classmethod
    def from_boxes(cls, data: dict[str, Any]) -> dict[str, Any]:
        """A name in the box of the organisation is a name, unless there is one already."""
        typed = data.pop("tooiUri", None)
        named = party(typed) if typed else {}
        return {**data, **named} if named.keys().isdisjoint(data) else {**data, "tooiUri": typed}

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """It has to be named."""
        if not given.get("naam"):
            yield "tooiUri", "Kies een organisatie uit de lijst, of vul een naam met KVK-nummer in."


class DocumentForm(Form):
    """A file with what it is."""

    title = Text(
        "titel", "Titel", missing="Geef het document een titel.", hint="Schrijf wat het is, bijvoorbeeld “DPIA 2026”."
    )
    file = File("bestand", "Bestand", missing="Kies een bestand.", hint="Haal eerst gegevens van burgers eruit.")
