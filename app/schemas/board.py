"""The forms of the levels above the commission: the board, and the minister."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, Day, LongText, Matches, Text


class BoardQuestionForm(Form):
    """A question that is not for the commission."""

    ground = Choice("grond", "Grond", list="bestuursgrond", missing="Kies een grond.")
    question = LongText(
        "vraagAanBestuur",
        "Vraag aan het bestuur",
        missing="Schrijf de vraag aan het bestuur.",
        hint="Stel de vraag zo dat het bestuur kan besluiten. Noem de keuzes die er zijn.",
    )


class CommissionBoardQuestionForm(Form):
    """A question that the commission cannot answer."""

    question = LongText(
        "vraagAanBestuur",
        "Vraag aan het bestuur",
        missing="Schrijf de vraag aan het bestuur.",
        hint="Schrijf waarom de commissie geen uitspraak kan doen, en wat het bestuur moet besluiten.",
    )


class EscalationNoteForm(Form):
    """Why the board has to look."""

    note = LongText(
        "escalatienota",
        "Escalatienota",
        missing="Schrijf de escalatienota.",
        hint="Noem de aanbeveling, de reactie of het uitblijven ervan, en wat u van het bestuur vraagt.",
    )


class BoardDecisionForm(Form):
    """What the board decided."""

    body = Choice("orgaan", "Overleg", list="bestuursorgaan", missing="Kies welk overleg heeft besloten.")
    decided_on = Day("datum", "Datum van het besluit", missing="Vul de datum van het besluit in.")
    decision = LongText(
        "besluit", "Besluit", missing="Schrijf het besluit.", hint="Neem de tekst van het besluit over."
    )
    owner = Text(
        "eigenaar",
        "Wie voert het uit?",
        missing="Vul in wie het besluit uitvoert.",
        hint="Een functie en een organisatie, geen naam van een persoon.",
    )
    due = Day("termijn", "Klaar op", missing="Vul in wanneer het besluit is uitgevoerd.")


class PoliticalSubmissionForm(Form):
    """What a minister is asked."""

    question = LongText(
        "vraag",
        "Vraag aan de bewindspersoon",
        missing="Schrijf de vraag aan de bewindspersoon.",
        hint="Houd het bij één vraag die met ja of nee, of met een keuze, te beantwoorden is.",
    )
    papers = LongText(
        "stukken",
        "Stukken",
        missing="Noem de stukken die meegaan.",
        hint="Zet elk stuk op een eigen regel, met titel en datum.",
    )


class PositionForm(Form):
    """What the minister answered."""

    parliamentary_paper = Text(
        "kamerstuk",
        "Nummer van het Kamerstuk",
        hint="Bijvoorbeeld kst-26643-1366. Is er geen Kamerstuk? Vul dan de brief in.",
        checks=[Matches("kst-.+", "Een nummer van een Kamerstuk begint met kst-, zoals kst-26643-1366.")],
    )
    letter = Text("brief", "Brief", hint="Het kenmerk of het adres van de brief.")
    position = LongText(
        "standpunt", "Standpunt", missing="Schrijf het standpunt.", hint="Neem de kern over, in gewone taal."
    )
    consequences = LongText(
        "gevolgen",
        "Gevolgen",
        missing="Schrijf wat dit betekent voor het knelpunt.",
        hint="Wie moet nu wat doen?",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """There is a paper of parliament, or a letter."""
        if not given.get("brief"):
            yield "kamerstuk", "Vul het Kamerstuk of de brief in."
