"""The forms of a recommendation: reacting, reporting progress and showing that it was done."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.recommendation import TAKEN_OVER, Reaction
from app.schemas.field import Form
from app.schemas.kind import Choice, Day, LongText, Number, Text

EXPLAINED = frozenset(Reaction) - {Reaction.ADOPTED}


class ReactionForm(Form):
    """What an organisation does with a recommendation."""

    reaction = Choice("reactie", "Reactie", list="reactie", missing="Kies uw reactie.")
    motivation = LongText(
        "motivering",
        "Motivering",
        hint="Verplicht als u de aanbeveling niet of niet helemaal overneemt. Deze tekst wordt openbaar.",
    )
    owner = Text(
        "eigenaar",
        "Wie voert het uit?",
        hint="Een functie, geen naam van een persoon. Verplicht als u overneemt. Dit wordt openbaar.",
    )
    planned_on = Day("planning", "Klaar op", hint="Verplicht als u overneemt. Dit wordt openbaar.")
    indicator = Text(
        "indicator",
        "Waaraan is te zien dat het is gedaan?",
        hint="Bijvoorbeeld: alle vier de loketten gebruiken het nieuwe formulier. Verplicht als u overneemt. Dit "
        "wordt openbaar.",
        longest=1000,
    )
    cost = Number(
        "kosten",
        "Kosten",
        hint="Een schatting in hele euro’s. Dit wordt openbaar.",
        shown={"suffix": "euro", "minimum": 0},
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Comply and say how, or explain."""
        reaction = answers.get("reaction")
        if reaction in EXPLAINED:
            yield "motivering", "Leg uit waarom u de aanbeveling niet of niet helemaal overneemt."
        if reaction in TAKEN_OVER:
            yield "eigenaar", "Vul in wie de aanbeveling uitvoert."
            yield "planning", "Vul in wanneer het klaar is."
            yield "indicator", "Schrijf waaraan te zien is dat het is gedaan."


class ProgressForm(Form):
    """How far it is."""

    progress = LongText(
        "voortgang",
        "Voortgang",
        missing="Schrijf hoe ver het is.",
        hint="Wat is gedaan, wat moet nog, en klopt de planning?",
    )


class EvidenceForm(Form):
    """Where one can see that it was done."""

    evidence = Text(
        "bewijs",
        "Bewijs",
        missing="Vul een link in naar het bewijs.",
        hint="Bijvoorbeeld naar een besluit, een verslag of een pagina met het resultaat. Dit wordt openbaar.",
        longest=2000,
    )
    explanation = LongText(
        "toelichting", "Toelichting", hint="Wat moet de lezer bij het bewijs weten? Dit wordt niet openbaar."
    )


class ConfirmationForm(Form):
    """The second check, by somebody of another organisation."""

    note = LongText(
        "toelichting",
        "Toelichting",
        hint="Wat hebt u bekeken? Alleen wie aan deze aanbeveling werkt, leest dit.",
        shown={"rows": 4},
    )
