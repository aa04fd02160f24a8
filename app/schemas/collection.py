"""The forms of a collection, and of putting something in one."""

from collections.abc import Iterable, Mapping
from typing import Any

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
