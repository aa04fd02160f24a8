"""The forms of a knelpunt: intake, work level, tactical level, and what is asked when it is closed."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, Day, LongText, OneOf, Reference, Text, YesNo
from app.schemas.several import Choices, Lines, Points
from app.schemas.weighing import weighed

MOTIVATE = "Leg uit waarom. Wie dit leest, moet de stap kunnen volgen zonder de rest te kennen."


class MotivationForm(Form):
    """A step that only asks why."""

    reason = LongText("reden", "Reden", missing="Schrijf waarom u deze stap zet.", hint=MOTIVATE)


class ExtensionForm(Form):
    """More time, once."""

    reason = LongText(
        "reden",
        "Reden van de verlenging",
        missing="Schrijf waarom er meer tijd nodig is.",
        hint="De melder en de partijen lezen deze reden. Schrijf wat er nog moet gebeuren.",
    )


class SeparationForm(Form):
    """Two cases that were joined go apart."""

    motivation = LongText(
        "motivering",
        "Motivering",
        missing="Schrijf waarom de knelpunten niet bij elkaar horen.",
        hint="Noem wat er anders is: de partijen, de wet, de gegevens of het doel.",
    )


class CompletionRequestForm(Form):
    """What the reporter still has to tell."""

    points = Lines(
        "punten",
        "Wat moet de melder aanvullen?",
        missing="Noem ten minste één punt dat de melder moet aanvullen.",
        hint="Stel één vraag per regel. De melder beantwoordt ze een voor een.",
        longest=1000,
        most=20,
    )
    due = Day(
        "termijn",
        "Uiterste dag",
        hint="Hoogstens vier weken vanaf vandaag. Laat dit leeg voor vier weken.",
    )


class CompletionForm(Form):
    """An answer to each point, in the order in which they were asked."""

    answers = Points(
        "antwoorden",
        "Uw aanvulling",
        source="points",
        longest=5000,
        missing="Beantwoord de punten.",
        hint="Geef op elk punt antwoord. Weet u iets niet? Schrijf dan wie het wel weet.",
    )


class InadmissibilityForm(Form):
    """Why a case is not taken up."""

    ground = Choice("grond", "Reden", list="niet_ontvankelijk_grond", missing="Kies een reden.")
    explanation = LongText(
        "toelichting",
        "Toelichting voor de melder",
        missing="Leg aan de melder uit waarom u het knelpunt niet in behandeling neemt.",
        hint="Schrijf ook wat de melder nu kan doen, en wanneer opnieuw melden zin heeft.",
    )


class ReferralForm(Form):
    """The counter where a case belongs."""

    desk = Choice("loket", "Loket", list="loket", missing="Kies het loket waar de melder terechtkan.")
    explanation = LongText(
        "toelichting",
        "Toelichting voor de melder",
        missing="Leg aan de melder uit waarom dit loket past.",
        hint="Schrijf hoe de melder het loket bereikt en wat de melder moet meenemen.",
    )


class MergeForm(Form):
    """The known case that this one belongs to."""

    main = Reference(
        "hoofdknelpunt",
        "Hoofdknelpunt",
        source="cases",
        missing="Kies het knelpunt waar dit bij hoort.",
        hint="Het nummer, zoals KNP-2026-00001.",
    )
    motivation = LongText(
        "motivering",
        "Motivering",
        missing="Schrijf waarom de knelpunten hetzelfde zijn.",
        hint="De melder kan hier in twee weken iets van zeggen. Noem wat gelijk is en wat niet.",
    )


class TakeOnForm(Form):
    """Who handles a case, and how it is interpreted."""

    handler = OneOf(
        "behandelaar",
        "Behandelaar",
        source="handlers",
        missing="Kies een behandelaar.",
    )
    domain = Text(
        "domein",
        "Domein",
        missing="Vul het domein in.",
        hint="Het terrein waar het knelpunt speelt, bijvoorbeeld werk en inkomen, zorg of wonen.",
    )
    types = Choices(
        "knelpunttypen",
        "Soort knelpunt",
        list="knelpunttype",
        missing="Kies ten minste één soort.",
        hint="Controleer wat de melder koos. Meer dan één mag.",
    )
    subfacets = Choices("subfacetten", "Nadere typering", list="subfacet")
    priority = Choice(
        "prioriteit",
        "Prioriteit",
        list="prioriteit",
        missing="Kies de prioriteit.",
        hint="Kies spoed als wachten mensen nu schade doet.",
    )
    root_causes = Choices(
        "grondoorzaken",
        "Grondoorzaken",
        list="grondoorzaak",
        missing="Kies ten minste één grondoorzaak.",
        hint="Wat maakt dat de gegevens niet gedeeld worden? Kies alles wat speelt.",
    )
    layers = Choices(
        "interoperabiliteitslagen",
        "Interoperabiliteitslagen",
        list="interoperabiliteitslaag",
        missing="Kies ten minste één laag.",
        hint="Op welke laag zit het probleem?",
    )
    gdi = Choices("gdiKnelpunten", "Knelpunten in de GDI-architectuur", list="gdi_knelpunt")
    apparent = YesNo(
        "schijnbaar",
        "Is dit een schijnbaar gegevensknelpunt?",
        missing="Kies of dit een schijnbaar gegevensknelpunt is.",
        hint="Kies ja als het op gegevens delen lijkt, maar de taak of de verantwoordelijkheid niet geregeld is.",
    )


class SolutionForm(Form):
    """A solution, weighed."""

    text = LongText(
        "oplossing",
        "Oplossing",
        missing="Beschrijf de oplossing.",
        hint="Schrijf wie wat gaat doen, met welke gegevens, en vanaf wanneer.",
    )
    interventions = Choices(
        "interventies",
        "Wat is daarvoor nodig?",
        list="interventie",
        missing="Kies ten minste één interventie.",
    )
    can_judgement, can_text = weighed("kan")
    may_judgement, may_text = weighed("mag")
    desirable_judgement, desirable_text = weighed("wenselijk")
    personal_data = YesNo(
        "persoonsgegevens",
        "Gaat het om persoonsgegevens?",
        missing="Kies of het om persoonsgegevens gaat.",
        hint="Ook als de gegevens gepseudonimiseerd zijn, zijn het persoonsgegevens.",
        group="Functionaris gegevensbescherming",
    )
    fg_agreed = YesNo(
        "akkoordFg",
        "Is de FG akkoord?",
        hint="Bij persoonsgegevens moet de FG akkoord zijn.",
        group="Functionaris gegevensbescherming",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """With personal data the officer has a say."""
        if answers.get("personal_data"):
            yield "akkoordFg", "Kies of de FG akkoord is. Bij persoonsgegevens is dat nodig."

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Without the officer's agreement there is no solution yet."""
        if answers.get("personal_data") and answers.get("fg_agreed") is False:
            yield (
                "akkoordFg",
                "Vraag eerst het akkoord van de FG. Zonder akkoord kan deze oplossing niet.",
            )


class AgreementForm(Form):
    """What a party says of a solution."""

    agreed = YesNo("akkoord", "Bent u akkoord met de oplossing?", missing="Kies of u akkoord bent.")
    text = LongText(
        "tekst",
        "Uw reactie",
        missing="Schrijf uw reactie.",
        hint="Niet akkoord? Schrijf wat er moet veranderen.",
    )


class EscalationForm(Form):
    """Why a case goes to the tactical level."""

    why = LongText(
        "waaromNietOpWerkniveau",
        "Waarom lukt het niet op werkniveau?",
        missing="Schrijf waarom het op werkniveau niet lukt.",
        hint="Noem wat is geprobeerd en waarop het vastliep.",
    )
    options = LongText(
        "opties",
        "Welke opties zijn er?",
        missing="Noem de opties.",
        hint="Geef bij elke optie het voordeel en het nadeel.",
    )
    preferred = LongText(
        "voorkeursoptie",
        "Welke optie heeft uw voorkeur?",
        missing="Schrijf welke optie uw voorkeur heeft, en waarom.",
    )


class AssignmentForm(Form):
    """What the work level has to do next."""

    assignment = LongText(
        "opdracht",
        "Opdracht",
        missing="Schrijf wat het werkniveau moet doen.",
        hint="Schrijf wat er klaar moet zijn en wanneer het goed is.",
    )


class AssignmentWithOwnerForm(AssignmentForm):
    """The same, with who does it and by when."""

    handler = OneOf("eigenaar", "Eigenaar", source="handlers", missing="Kies wie de opdracht uitvoert.")
    due = Day("termijn", "Klaar op", missing="Vul in wanneer het klaar moet zijn.")


class ReconsiderationForm(Form):
    """Why a ruling has to be looked at again."""

    ground = Choice("grond", "Grond", list="heroverwegingsgrond", missing="Kies een grond.")
    explanation = LongText(
        "toelichting",
        "Toelichting",
        missing="Leg uit waarom de commissie opnieuw moet kijken.",
        hint="Noem het feit, de wet of het vonnis, en wat daardoor anders wordt.",
    )


class ReopeningForm(Form):
    """What is new in a case that was closed."""

    facts = LongText(
        "nieuweFeiten",
        "Nieuwe feiten",
        missing="Schrijf welke feiten nieuw zijn.",
        hint="Noem wat er is gebeurd sinds het knelpunt werd afgesloten, en wanneer.",
    )


class TransferForm(Form):
    """Who is asked to hold a case."""

    new_owner = Reference(
        "nieuweEigenaar",
        "Nieuwe eigenaar",
        source="accounts",
        missing="Kies de nieuwe eigenaar.",
        hint="Het e-mailadres van het account. De nieuwe eigenaar moet de overdracht aannemen.",
    )
