"""The forms of publication: leaving out, giving a view, correcting and taking away."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, LongText, Text
from app.schemas.several import Rows

# The relative grounds of the Woo: leaving out has to be weighed against publishing (5.1 lid 2 and 5, 5.2).
RELATIVE = re.compile(r"5\.1\.2[a-z]|5\.1\.5|5\.2")


class PassageForm(Form):
    """A passage that stays out, and why."""

    text = LongText(
        "passage",
        "Passage",
        missing="Neem de woorden over die weg moeten.",
        hint="Precies zoals ze in de uitspraak staan, met leestekens.",
        shown={"rows": 3},
    )
    ground = Choice("grond", "Grond", list="woo_grond", missing="Kies een grond.")
    motivation = Text(
        "motivering",
        "Motivering",
        hint="Verplicht bij 5.1.2, 5.1.5 en 5.2. Leg uit waarom weglaten zwaarder weegt dan openbaar maken.",
        longest=2000,
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A relative ground needs its weighing."""
        if RELATIVE.fullmatch(answers.get("ground", "")):
            yield "motivering", "Schrijf waarom weglaten hier zwaarder weegt dan openbaar maken."


class RedactionForm(Form):
    """The passages that stay out."""

    passages = Rows("passages", "Passage", PassageForm, missing="Noem ten minste één passage.")


class ViewForm(Form):
    """What a party thinks of publication."""

    view = LongText(
        "tekst",
        "Uw zienswijze",
        missing="Schrijf uw zienswijze.",
        hint="Welke woorden moeten volgens u niet openbaar worden, en waarom niet?",
    )


class RectificationForm(Form):
    """A clerical fault put right."""

    correction = LongText(
        "correctie",
        "Correctie",
        missing="Schrijf wat er is verbeterd.",
        hint="Schrijf wat er stond en wat er nu staat. Alleen schrijffouten mogen zo hersteld worden.",
    )
    reason = LongText("reden", "Reden", missing="Schrijf waarom de tekst is verbeterd.", hint="Deze reden is openbaar.")


class DepublicationForm(Form):
    """Why a ruling is taken away."""

    ground = Choice("grond", "Grond", list="depublicatiegrond", missing="Kies een grond.")
    reason = LongText(
        "reden",
        "Reden",
        missing="Schrijf waarom de uitspraak niet meer te lezen is.",
        hint="Deze reden staat op de plek van de uitspraak. Noem geen persoonsgegevens.",
    )
