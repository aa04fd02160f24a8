"""The forms of a precedent: applying, contesting, qualifying, ending and reviewing it; and looking for one."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.config import value_list
from app.domain.precedent import REASON_NEEDED
from app.schemas.field import Form
from app.schemas.kind import Choice, Day, LongText, Number, Reference, Text
from app.schemas.law import Laws
from app.schemas.several import Rows


class AnswerForm(Form):
    """The answer to one question of the test."""

    question = Choice("vraag", "Vraag", list="toepassingsvraag", missing="Kies de vraag.")
    answer = Choice("antwoord", "Antwoord", list="toetsantwoord", missing="Geef antwoord op deze vraag.")
    reason = Text(
        "reden",
        "Reden",
        hint="Verplicht bij “Ja, mits” en bij “Nee, maar niet wezenlijk”.",
        longest=2000,
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """What is not a plain yes or no needs its reason."""
        if answers.get("answer") in REASON_NEEDED:
            yield "reden", "Schrijf waarom het precedent toch past."


class PrecedentApplicationForm(Form):
    """A precedent that fits, with the test that shows it."""

    precedent = Reference(
        "precedent",
        "Precedent",
        source="precedents",
        missing="Kies het precedent.",
        hint="Het nummer van de uitspraak, zoals CCG:2026:12.",
    )
    test = Rows(
        "toepassingstoets",
        "Toepassingstoets",
        AnswerForm,
        per="vraag",
        list="toepassingsvraag",
        missing="Beantwoord de vragen van de toepassingstoets.",
        hint="Beantwoord elke vraag. Bij “Nee” past het precedent niet.",
    )

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Each question is answered once."""
        asked = [row.get("question") for row in answers.get("test") or ()]
        if not asked:
            return
        questions = value_list("toepassingsvraag")
        if open_questions := [label for code, label in questions.items() if code not in asked]:
            yield "toepassingstoets", f"Beantwoord ook: {' '.join(open_questions)}"
        elif len(asked) > len(questions):
            yield "toepassingstoets", "Beantwoord elke vraag één keer."


class ObjectionForm(Form):
    """In what the case differs."""

    difference = LongText(
        "verschil",
        "Waarin verschilt uw casus?",
        missing="Schrijf waarin uw casus verschilt van het precedent.",
        hint="Noem wat anders is: de wet, het doel, de gegevens, de organisaties of de mensen om wie het gaat.",
    )


class NuanceForm(Form):
    """What a later ruling adds or takes away."""

    nuance = LongText(
        "nuance",
        "Nuance",
        missing="Schrijf de nuance.",
        hint="Wanneer geldt het precedent wel en wanneer niet? Dit staat voortaan bij het precedent.",
    )
    ruling = Reference(
        "uitspraak", "Latere uitspraak", source="rulings", missing="Kies de uitspraak waar de nuance uit komt."
    )


class NuanceLiftingForm(Form):
    """Which later ruling no longer qualifies a precedent, and why."""

    ruling = Reference(
        "uitspraak", "Latere uitspraak", source="rulings", missing="Kies de uitspraak waarvan de nuance vervalt."
    )
    motivation = LongText(
        "motivering",
        "Motivering",
        missing="Schrijf waarom deze nuance vervalt.",
        hint="Andere nuances blijven staan.",
    )


class ObsolescenceForm(Form):
    """Why a precedent no longer stands."""

    cause = Choice("oorzaak", "Oorzaak", list="achterhaaldgrond", missing="Kies de oorzaak.")
    reference = Text(
        "verwijzing",
        "Verwijzing",
        missing="Vul in waar dit te lezen is.",
        hint="Het nummer van een uitspraak, een ECLI, een Staatsblad of een andere vindplaats.",
    )
    since = Day("datum", "Achterhaald sinds", missing="Vul in sinds wanneer het precedent is achterhaald.")


class PrecedentWithdrawalForm(Form):
    """Why the commission takes a precedent back."""

    reason = LongText(
        "reden",
        "Reden",
        missing="Schrijf waarom de commissie het precedent intrekt.",
        hint="Organisaties die het precedent gebruikten, lezen deze reden. Noem de fout of het feit.",
    )


class MarkingForm(Form):
    """A flag on a precedent."""

    mark = Choice("markering", "Markering", list="precedentmarkering", missing="Kies een markering.")
    reason = LongText("reden", "Reden", missing="Schrijf waarom u het precedent markeert.", hint="Wat is er veranderd?")


class ReviewForm(Form):
    """What looking again led to."""

    outcome = Choice("uitkomst", "Uitkomst", list="herbeoordeling", missing="Kies de uitkomst.")
    motivation = LongText(
        "motivering",
        "Motivering",
        missing="Schrijf hoe u tot deze uitkomst komt.",
        hint="Noem de wet, de latere uitspraken en het gebruik waar u naar keek.",
    )
    review_on = Day("datumHerbeoordeling", "Opnieuw bekijken op", hint="Laat dit leeg voor de gewone termijn.")


class LawChangeForm(Form):
    """A newer version of an article, or of a whole law."""

    law = Text(
        "wet",
        "Wet of regeling",
        missing="Noem de wet.",
        hint="De naam, het nummer zoals BWBR0005537, of een adres op wetten.overheid.nl.",
        longest=500,
    )
    article = Text("artikel", "Artikel", longest=30, hint="Laat dit leeg als de hele wet is veranderd.")
    in_force_on = Day("geldigVanaf", "Geldt vanaf", missing="Vul in vanaf welke dag de nieuwe versie geldt.")
    source = Text(
        "bron", "Bron", missing="Vul in waar dit te lezen is.", hint="Bijvoorbeeld een Staatsblad of een adres."
    )
    explanation = LongText("toelichting", "Wat verandert er?", hint="Iedereen kan dit lezen.", shown={"rows": 4})


class SimilarForm(Form):
    """A text to find like ones for."""

    text = LongText("tekst", "Tekst", missing="Geef de tekst waar u gelijke bij zoekt.")
    laws = Laws("grondslagen", "Grondslagen")
    limit = Number("aantal", "Aantal", load_default=10, shown={"minimum": 1, "maximum": 100})

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A page holds at most a hundred."""
        if not 1 <= answers.get("limit", 1) <= 100:
            yield "aantal", "Vraag er 1 tot en met 100."
