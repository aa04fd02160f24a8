"""The forms of the commission: nominating, preparing, meeting, declaring interests, voting and deciding."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.config import value_list
from app.schemas.field import Form
from app.schemas.kind import Choice, Day, LongText, Matches, OneOf, Reference, Text, YesNo
from app.schemas.several import Choices, Lines, References

ADMITTED = "toegelaten_met_motivering"


class NominationForm(Form):
    """What the commission is asked, and why it has to be the commission."""

    question = LongText(
        "vraagstelling",
        "Vraag aan de commissie",
        missing="Schrijf de vraag aan de commissie.",
        hint="Stel één vraag die de commissie met een uitspraak kan beantwoorden.",
    )
    grounds = Choices(
        "escalatiegronden",
        "Waarom is dit voor de commissie?",
        list="escalatiegrond",
        missing="Kies ten minste één grond.",
    )
    dossier = Choices(
        "dossier", "Wat zit er al in het dossier?", list="dossieronderdeel", hint="Kies alleen wat compleet is."
    )
    urgency = LongText(
        "spoedMotivering", "Waarom heeft dit spoed?", hint="Schrijf wat er misgaat als de commissie later besluit."
    )


class UrgentNominationForm(NominationForm):
    """The same straight from the work level, which only urgency allows."""

    urgency = LongText(
        "spoedMotivering",
        "Waarom heeft dit spoed?",
        missing="Schrijf waarom dit niet langs de regietafel kan.",
        hint="Schrijf wat er misgaat als de commissie later besluit.",
    )


class AdmissionForm(Form):
    """A file that is complete, and who reports on it."""

    rapporteur = OneOf(
        "rapporteur",
        "Rapporteur",
        source="rapporteurs",
        missing="Kies een rapporteur.",
        hint="Een lid dat geen belang heeft bij deze zaak.",
    )
    dossier = Choices(
        "dossier",
        "Het dossier is compleet",
        list="dossieronderdeel",
        missing="Loop het dossier na en kies elk onderdeel dat compleet is.",
        hint="Alle onderdelen moeten compleet zijn. Ontbreekt er iets? Wijs de zaak dan terug.",
    )

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Everything has to be there."""
        ticked = answers.get("dossier")
        missing = [label for code, label in value_list("dossieronderdeel").items() if ticked and code not in ticked]
        if missing:
            yield "dossier", f"Het dossier is nog niet compleet. Dit ontbreekt: {'; '.join(missing)}."


class RemandForm(Form):
    """Why a case goes back."""

    reason = LongText("reden", "Reden", missing="Schrijf waarom de zaak teruggaat.", hint="De melder leest deze reden.")
    missing_parts = LongText(
        "watOntbreekt",
        "Wat ontbreekt er?",
        missing="Schrijf wat er nog moet komen.",
        hint="Zet elk punt op een eigen regel, zodat duidelijk is wanneer de zaak terug kan komen.",
    )


class SchedulingForm(Form):
    """A place on the agenda."""

    meeting = OneOf("vergadering", "Vergadering", source="meetings", missing="Kies een vergadering.")
    preadvice = LongText(
        "preadvies",
        "Preadvies",
        missing="Schrijf het preadvies.",
        hint="Vat de zaak samen, geef de opties en zeg wat u de commissie voorstelt.",
    )
    urgent = YesNo(
        "spoed",
        "Heeft dit spoed?",
        hint="De stukken gaan ten minste 7 dagen van tevoren weg. Bij spoed mag het later.",
        load_default=False,
    )
    consent = YesNo(
        "toestemmingVoorzitter",
        "Heeft de voorzitter toestemming gegeven voor spoed?",
        hint="Alleen nodig als de stukken minder dan 7 dagen van tevoren weggaan.",
        load_default=False,
    )


class ResearchForm(Form):
    """What has to be found out first."""

    questions = Lines(
        "onderzoeksvragen",
        "Onderzoeksvragen",
        missing="Schrijf ten minste één onderzoeksvraag.",
        hint="Stel één vraag per regel.",
        longest=1000,
        most=20,
    )


class MeetingForm(Form):
    """A new meeting."""

    held_on = Day("datum", "Datum", missing="Vul de datum van de vergadering in.")
    place = Text("plaats", "Plaats", hint="Een adres, of “digitaal”.")
    body = Reference("orgaan", "Orgaan", source="bodies", hint="Laat dit leeg voor de commissie zelf.")


class MeetingPlanForm(Form):
    """Day, time, place and invitation; what stays empty stays what it was."""

    held_on = Day("datum", "Datum", hint="Laat dit leeg als de datum hetzelfde blijft.")
    starts_at = Text(
        "aanvang",
        "Aanvang",
        hint="Bijvoorbeeld 09.30 uur.",
        longest=20,
        checks=[Matches("([01]?[0-9]|2[0-3])[.:][0-5][0-9]( uur)?", "Vul een tijd in, zoals 09.30 uur.")],
    )
    place = Text("plaats", "Plaats", hint="Een adres, of “digitaal”.")
    invitation = LongText("toelichting", "Tekst van de uitnodiging", hint="De leden krijgen deze tekst bij de agenda.")


class AttendanceForm(Form):
    """Who is there, and who sent word."""

    present = References(
        "aanwezig",
        "Wie is aanwezig?",
        source="members",
        hint="Kiest u niemand? Dan telt een lid mee zodra het de vraag naar belangen heeft beantwoord.",
    )
    apologies = References("afwezigMetBericht", "Wie is afwezig met bericht?", source="members")

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Nobody is both."""
        both = set(answers.get("present") or ()) & set(answers.get("apologies") or ())
        if both:
            yield "afwezigMetBericht", f"{', '.join(sorted(both))} staat ook bij aanwezig. Kies een van beide."


class MinutesForm(Form):
    """What was said and decided."""

    minutes = LongText(
        "verslag",
        "Verslag",
        missing="Schrijf het verslag.",
        hint="Schrijf per agendapunt wat is besproken en besloten. Noem geen namen bij standpunten.",
        shown={"rows": 16},
    )
    actions = Lines("actiepunten", "Actiepunten", hint="Wie doet wat, en wanneer? Eén actie per regel.", longest=1000)


class InterestForm(Form):
    """What a member has to do with the case."""

    interest = Choice(
        "belang",
        "Hebt u een belang bij dit agendapunt?",
        list="belang",
        missing="Kies of u een belang hebt.",
        hint="Denk aan uw organisatie, eerder werk voor een partij, een eerder advies of een band met iemand.",
    )
    explanation = Text(
        "toelichting",
        "Welk belang?",
        hint="Alleen de voorzitter en de secretaris lezen dit.",
        longest=1000,
    )


class InterestJudgementForm(Form):
    """What came of an interest."""

    member = OneOf("lid", "Lid", source="members", missing="Kies het lid.")
    judgement = Choice("oordeel", "Oordeel", list="belangoordeel", missing="Kies of het lid mag meedoen.")
    motivation = LongText(
        "motivering",
        "Motivering",
        hint="Verplicht als het lid mag meedoen. Leg uit waarom het belang niet in de weg staat.",
        shown={"rows": 4},
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Letting somebody in needs its reason."""
        if answers.get("judgement") == ADMITTED:
            yield "motivering", "Schrijf waarom het lid mag meedoen."


class VoteProposalForm(Form):
    """What is put to the vote."""

    proposal = LongText(
        "voorstel",
        "Voorstel",
        hint="De zin waarover de leden stemmen. Schrijf hem zo dat voor en tegen duidelijk zijn.",
        shown={"rows": 4},
    )
    undelayable = YesNo(
        "onuitstelbaar",
        "Kan het besluit niet wachten?",
        hint="Staken de stemmen en kan het besluit niet wachten? Dan beslist de voorzitter.",
        load_default=False,
    )


class VoteForm(Form):
    """One vote."""

    vote = Choice("stem", "Uw stem", list="stem", missing="Kies voor, tegen of onthouding.")


class DecisionForm(Form):
    """What the commission decided."""

    dictum = LongText(
        "dictum",
        "Dictum",
        missing="Schrijf wat de commissie heeft besloten.",
        hint="Eén of twee zinnen: wie mag wat, met welke gegevens, waarvoor en onder welke voorwaarden.",
        shown={"rows": 5},
    )
    interventions = Choices(
        "interventies", "Wat is er nodig?", list="interventie", missing="Kies ten minste één interventie."
    )


class HoldOverForm(Form):
    """Why it waits."""

    ground = Choice("grond", "Reden", list="aanhoudgrond", missing="Kies een reden.")
    explanation = LongText("toelichting", "Toelichting", hint="Wat moet er gebeuren voordat het punt terugkomt?")


class ReschedulingForm(Form):
    """A later meeting."""

    meeting = OneOf("vergadering", "Vergadering", source="meetings", missing="Kies een latere vergadering.")


class SeparateNoteForm(Form):
    """The deviating view of a member."""

    text = LongText(
        "tekst",
        "Afzonderlijke nota",
        missing="Schrijf uw afzonderlijke nota.",
        hint="Het standpunt dat u in de vergadering verdedigde. De nota wordt met de uitspraak openbaar.",
    )
