"""The forms of an adviesaanvraag: asking, declining, advising and saying what was done with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, Day, LongText, OneOf, Text, YesNo
from app.schemas.weighing import weighed


class AdviceRequestForm(Form):
    """What an expert is asked."""

    kind = Choice("soort", "Soort advies", list="adviessoort", missing="Kies wat voor advies u vraagt.")
    question = LongText(
        "vraag",
        "Vraag",
        missing="Schrijf de vraag aan de deskundige.",
        hint="Stel één vraag waar de deskundige met kan, mag of wenselijk op kan antwoorden.",
    )
    adviser = OneOf("deskundige", "Deskundige", source="advisers", missing="Kies een deskundige.")
    basis = Text(
        "grondslag",
        "Grondslag van de aanvraag",
        missing="Vul in waarom u dit advies mag of moet vragen.",
        hint="Bijvoorbeeld een wetsartikel, het reglement van de commissie of een afspraak tussen de partijen.",
    )
    due = Day("termijn", "Uiterste dag", hint="Laat dit leeg voor de gewone termijn van vier weken.")
    papers = Text("stukken", "Stukken", hint="Welke stukken uit het dossier heeft de deskundige nodig?", longest=1000)
    disclosure = Choice(
        "openbaarheid",
        "Wie mag het advies lezen?",
        list="vertrouwelijkheid",
        missing="Kies wie het advies mag lezen.",
    )
    mandatory = YesNo(
        "verplicht",
        "Moet het knelpunt op dit advies wachten?",
        hint="Kies ja als u zonder dit advies niet verder kunt.",
        load_default=True,
    )
    suspends = YesNo(
        "opschorten",
        "Staat de termijn van het knelpunt stil?",
        hint="Dat mag alleen als de melder dat goed vindt, of als de wet het advies verplicht.",
        load_default=False,
    )


class RefusalForm(Form):
    """Why an expert declines."""

    ground = Choice("grond", "Reden", list="weigergrond", missing="Kies een reden.")
    explanation = LongText("toelichting", "Toelichting", hint="Weet u een andere deskundige? Noem die dan hier.")


class AdviceForm(Form):
    """The advice."""

    conclusion = Choice("conclusie", "Conclusie", list="conclusie", missing="Kies een conclusie.")
    can_judgement, can_text = weighed("kan")
    may_judgement, may_text = weighed("mag")
    desirable_judgement, desirable_text = weighed("wenselijk")
    motivation = LongText(
        "motivering",
        "Motivering",
        missing="Schrijf hoe u tot de conclusie komt.",
        hint="Volg de weg van feiten via de regels naar de conclusie. Noem ook wat ertegen pleit.",
    )
    conditions = LongText(
        "voorwaarden", "Voorwaarden", hint="Waaraan moeten de partijen voldoen? Zet elke voorwaarde op een eigen regel."
    )
    uncertainty = LongText(
        "onzekerheid",
        "Onzekerheid",
        missing="Schrijf hoe zeker u van het advies bent.",
        hint="Wat weet u niet, en wat zou uw conclusie veranderen?",
        shown={"rows": 4},
    )
    sources = LongText(
        "bronnen",
        "Bronnen",
        missing="Noem de bronnen van het advies.",
        hint="Wetten, uitspraken, rapporten. Zet elke bron op een eigen regel.",
        shown={"rows": 4},
    )
    interest = Choice(
        "belang", "Hebt u een belang bij deze zaak?", list="belang", missing="Kies of u een belang bij deze zaak hebt."
    )
    interest_note = Text(
        "belangToelichting",
        "Welk belang?",
        hint="Bijvoorbeeld: u werkte voor een van de partijen, of gaf eerder advies in deze zaak.",
        longest=1000,
    )


class ClarificationForm(Form):
    """What is not clear in an advice."""

    question = LongText(
        "vraag", "Vraag", missing="Schrijf wat onduidelijk is.", hint="Noem de zin of de conclusie waar het om gaat."
    )


class AdviceUseForm(Form):
    """What was done with an advice."""

    followed = YesNo("gevolgd", "Volgt u het advies?", missing="Kies of u het advies volgt.")
    deviation = LongText(
        "afwijking",
        "Waarom wijkt u af?",
        hint="Verplicht als u het advies niet volgt. De uitspraak moet dit uitleggen (Awb 3:50).",
    )
    verification = LongText(
        "vergewis",
        "Hoe hebt u het advies gecontroleerd?",
        missing="Schrijf hoe u hebt gecontroleerd dat het advies zorgvuldig is.",
        hint="Klopten de feiten, is de vraag beantwoord en volgt de conclusie uit de motivering (Awb 3:9)?",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Deviating needs its reason."""
        if answers.get("followed") is False:
            yield "afwijking", "Schrijf waarom u van het advies afwijkt."
