"""The forms of publication: leaving out, giving a view, correcting and taking away."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, LongText, OneOf, Text
from app.schemas.several import Rows

# The relative grounds of the Woo: leaving out has to be weighed against publishing (5.1 lid 2 and 5, 5.2).
RELATIVE = re.compile(r"5\.1\.2[a-z]|5\.1\.5|5\.2")

LEAKED = "De woorden verdwijnen uit alle versies, ook uit de oude."


class PassageForm(Form):
    """A passage that stays out, and why."""

    text = LongText(
        "passage",
        "Passage",
        missing="Neem de woorden over die weg moeten.",
        hint="De woorden zoals ze in de uitspraak of de bijlage staan. Overal waar ze staan, blijven ze weg.",
        shown={"rows": 3},
    )
    field = Choice("plaats", "Waar u de woorden zag", list="uitspraakveld")
    ground = Choice("grond", "Grond", list="woo_grond", missing="Kies een grond.")
    motivation = Text(
        "motivering",
        "Motivering",
        hint="Verplicht bij 5.1.2, 5.1.5 en 5.2. Leg uit waarom weglaten zwaarder weegt dan openbaar maken. "
        "Gaat het om gegevens van meer dan vijf jaar oud? Leg dan ook uit waarom dat nu nog zo is (artikel 5.3 Woo). "
        "De motivering is openbaar.",
        longest=2000,
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A relative ground needs its weighing."""
        if RELATIVE.fullmatch(answers.get("ground", "")):
            yield "motivering", "Schrijf waarom weglaten hier zwaarder weegt dan openbaar maken."


class RedactionForm(Form):
    """The passages that stay out."""

    passages = Rows("passages", "Passage", PassageForm, missing="Noem ten minste één passage.")


class RestorationForm(Form):
    """A passage that goes back into the public text."""

    redaction = OneOf("passage", "Passage", source="passages", missing="Kies een passage.")
    reason = LongText(
        "reden",
        "Reden",
        missing="Schrijf waarom deze woorden openbaar mogen worden.",
        hint="Bijvoorbeeld: deze functionaris treedt in het openbaar op.",
        shown={"rows": 3},
    )


class PublishedAttachmentForm(Form):
    """An attachment whose words go out with the ruling."""

    document = OneOf("document", "Bijlage van het knelpunt", source="attachments", missing="Kies een bijlage.")
    title = Text(
        "titel",
        "Openbare titel",
        missing="Schrijf een titel voor deze bijlage.",
        hint="Zo heet de bijlage in de uitspraak. De naam van het bestand wordt niet openbaar.",
    )


class AttachmentsForm(Form):
    """The attachments whose words go out; together they take the place of those that were chosen before."""

    attachments = Rows(
        "bijlagen",
        "Bijlage",
        PublishedAttachmentForm,
        hint="Alleen de tekst wordt openbaar, nooit het bestand. Laat alles leeg om geen bijlage te publiceren.",
    )


class ViewForm(Form):
    """What a party thinks of publication."""

    view = LongText(
        "tekst",
        "Uw zienswijze",
        missing="Schrijf uw zienswijze.",
        hint="Welke woorden moeten volgens u niet openbaar worden, en waarom niet?",
    )


class ViewAnswerForm(Form):
    """What was done with the view of a party."""

    view = OneOf("zienswijzeVan", "Zienswijze van", source="views", missing="Kies een zienswijze.")
    answer = LongText(
        "antwoord",
        "Antwoord",
        missing="Schrijf wat u met de zienswijze hebt gedaan.",
        hint="Eén zin is genoeg. De partij leest dit.",
        shown={"rows": 3},
    )


class CorrectionForm(Form):
    """Words that were a slip of the pen, and what they should have been."""

    was = Text("stond", "Er staat nu", missing="Neem over wat er nu staat.", longest=2000)
    becomes = Text("wordt", "Er moet staan", missing="Schrijf wat er moet staan.", longest=2000)


class RectificationForm(Form):
    """A clerical fault put right."""

    correction = LongText(
        "correctie",
        "Correctie",
        missing="Schrijf wat er is verbeterd.",
        hint="Schrijf wat er stond en wat er nu staat. Alleen schrijffouten mogen zo hersteld worden.",
    )
    reason = LongText("reden", "Reden", missing="Schrijf waarom de tekst is verbeterd.", hint="Deze reden is openbaar.")
    corrections = Rows("verbeteringen", "Verbetering", CorrectionForm)
    passages = Rows("passages", "Passage die alsnog weg moet", PassageForm, hint=LEAKED)


class DepublicationForm(Form):
    """Why a ruling is taken away."""

    ground = Choice("grond", "Grond", list="depublicatiegrond", missing="Kies een grond.")
    reason = LongText(
        "reden",
        "Reden",
        missing="Schrijf waarom de uitspraak niet meer te lezen is.",
        hint="Deze reden staat op de plek van de uitspraak. Noem geen persoonsgegevens.",
    )
    passages = Rows("passages", "Passage die ook uit de titel weg moet", PassageForm, hint=LEAKED)
