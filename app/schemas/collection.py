"""The forms of a collection, and of putting something in one; and how it goes out."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.answer import AnswerSchema, counted, said, several, timed, truth
from app.schemas.field import Form
from app.schemas.kind import LongText, OneOf, Text, Tick
from app.schemas.several import HIDDEN

WITH_COLLEAGUES = "Iedereen van uw eigen organisatie kan het dan lezen. Anderen zien het nooit."


class CollectionForm(Form):
    """What a collection is called, and who reads it."""

    title = Text("titel", "Naam", missing="Geef de verzameling een naam.", longest=100)
    description = LongText("omschrijving", "Omschrijving", longest=2000, shown={"rows": 3})
    shared = Tick("gedeeld", "Delen met collega’s", hint=WITH_COLLEAGUES)


class CollectionItemForm(Form):
    """What is kept, where, and why."""

    number = Text("nummer", "Nummer", missing="Zeg wat u wilt bewaren.", shown={"kind": HIDDEN})
    collection = OneOf("verzameling", "Verzameling", source="collections")
    new = Text("nieuweVerzameling", "Of: de naam van een nieuwe verzameling", longest=100)
    note = LongText("notitie", "Notitie", hint="Waarom bewaart u dit?", longest=2000, shown={"rows": 3})

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """It has to go somewhere."""
        if not answers.get("collection") and not answers.get("new"):
            yield "nieuweVerzameling", "Kies een verzameling, of geef een nieuwe een naam."


class KeptForm(Form):
    """What is kept in a collection that is named in the address, and why."""

    number = Text("nummer", "Nummer", missing="Zeg wat u wilt bewaren.")
    note = LongText("notitie", "Notitie", hint="Waarom bewaart u dit?", longest=2000)


class CollectionRowSchema(AnswerSchema):
    """A collection in a list."""

    outside = "VerzamelingInLijst"

    id = counted("id", "Nummer van de verzameling.")
    title = said("titel", "Hoe de verzameling heet.")
    description = said("omschrijving", "Waar de verzameling over gaat.")
    shared = truth("gedeeld", "Collega’s van dezelfde organisatie lezen mee.")
    own = truth("eigen", "De verzameling is van u.")
    amount = counted("aantal", "Hoeveel stukken erin zitten.")
    created_at = timed("gemaaktOp", "Wanneer de verzameling is gemaakt.")


class KeptSchema(AnswerSchema):
    """Something in a collection."""

    outside = "BewaardStuk"

    id = counted("id", "Nummer van het stuk in de verzameling.")
    number = said("nummer", "Nummer van de uitspraak of het besluit.")
    title = said("titel", "De titel; null van wat niet meer openbaar is.", nullable=True)
    source = said("bron", "De andere instantie die besliste; null van een uitspraak.", nullable=True)
    gone = truth("weg", "Het stuk is niet meer openbaar.")
    note = said("notitie", "Waarom het is bewaard.")
    added_at = timed("bewaardOp", "Wanneer het is bewaard.")


class CollectionSchema(CollectionRowSchema):
    """A collection with what is in it."""

    outside = "Verzameling"

    items = several("stukken", KeptSchema, "Wat erin zit, het laatste eerst.")


class CollectionsSchema(AnswerSchema):
    """One's own collections and those that colleagues share."""

    outside = "Verzamelingen"

    results = several("resultaten", CollectionRowSchema, "De verzamelingen, de nieuwste eerst.")
