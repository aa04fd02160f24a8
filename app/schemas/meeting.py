"""The forms of the commission: nominating, preparing, meeting, declaring interests, voting and deciding."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.config import value_list
from app.schemas.case import MotivationForm
from app.schemas.field import Form
from app.schemas.kind import Choice, Day, LongText, Matches, Number, OneOf, Reference, Text, YesNo
from app.schemas.several import Choices, Lines, References, Rows

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


class RapporteurForm(Form):
    """Who reports on a case."""

    rapporteur = OneOf(
        "rapporteur",
        "Rapporteur",
        source="rapporteurs",
        missing="Kies een rapporteur.",
        hint="Een lid dat geen belang heeft bij deze zaak, en liefst niet wie de eerdere uitspraak voorbereidde.",
    )


class NewTreatmentForm(MotivationForm):
    """Why the commission rules once more, and who prepares it this time."""

    rapporteur = OneOf(
        "rapporteur",
        "Nieuwe rapporteur",
        source="rapporteurs",
        hint="Liefst een ander lid dan de vorige keer. Laat dit leeg als u het nog niet weet.",
    )


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


class SubstitutionRowForm(Form):
    """A deputy in the place of one absent member."""

    member = OneOf("lid", "Voor welk afwezig lid?", source="members", missing="Kies het lid dat afwezig is.")
    deputy = OneOf("plaatsvervanger", "Wie vervangt dit lid?", source="deputies", missing="Kies de plaatsvervanger.")


class AttendanceForm(Form):
    """Who is there, who sent word, and who sits in the place of whom."""

    present = References(
        "aanwezig",
        "Wie is aanwezig?",
        source="members",
        hint="Kiest u niemand? Dan telt een lid mee zodra het de vraag naar belangen heeft beantwoord.",
    )
    apologies = References("afwezigMetBericht", "Wie is afwezig met bericht?", source="members")
    substitutions = Rows(
        "vervangingen",
        "Vervanging",
        SubstitutionRowForm,
        hint="Een plaatsvervanger telt mee voor één lid dat afwezig is. Laat dit leeg als niemand vervangt.",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """With a deputy it is no longer clear of itself who is there."""
        if answers.get("substitutions"):
            yield "aanwezig", "Er is een plaatsvervanger. Kies daarom ook welke leden er aanwezig zijn."

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Nobody is both there and away, and each seat is taken once."""
        present, apologies = set(answers.get("present") or ()), set(answers.get("apologies") or ())
        if both := present & apologies:
            yield "afwezigMetBericht", f"{', '.join(sorted(both))} staat ook bij aanwezig. Kies een van beide."
        # What misses a part has its own fault.
        rows = [row for row in answers.get("substitutions") or () if row.keys() >= {"member", "deputy"}]
        members, deputies = [row["member"] for row in rows], [row["deputy"] for row in rows]
        if there := present & set(members):
            yield "vervangingen", f"{', '.join(sorted(there))} is zelf aanwezig. Een plaatsvervanger is dan niet nodig."
        elif set(members) & set(deputies):
            yield "vervangingen", "Iemand kan niet zichzelf vervangen, of afwezig zijn en een ander vervangen."
        elif apologies & set(deputies):
            yield "vervangingen", "Een plaatsvervanger staat ook bij afwezig met bericht. Kies een ander."
        elif len(set(members)) < len(members):
            yield "vervangingen", "Een lid heeft twee plaatsvervangers. Kies er één."
        elif len(set(deputies)) < len(deputies):
            yield "vervangingen", "Een plaatsvervanger staat bij twee leden. Een plaatsvervanger vervangt één lid."


class ItemMinutesForm(Form):
    """What was said and decided about one item."""

    item = Reference("agendapunt", "Agendapunt", source="agenda", missing="Kies het agendapunt.")
    text = LongText("tekst", "Verslag van dit punt", shown={"rows": 8})


class MinutesForm(Form):
    """What was said and decided: in general, and of each item apart, since not everybody may read each item."""

    minutes = LongText(
        "verslag",
        "Verslag van de vergadering",
        missing="Schrijf het verslag.",
        hint="Wie er was en hoe de vergadering verliep. Schrijf hier niets over een agendapunt: dat staat hieronder.",
        shown={"rows": 12},
    )
    items = Rows(
        "punten",
        "Agendapunt",
        ItemMinutesForm,
        source="agenda",
        per="agendapunt",
        hint="Noem geen namen bij standpunten. Wie verschoond is, leest het verslag van dat punt niet.",
    )
    actions = Lines(
        "actiepunten",
        "Nieuwe actiepunten",
        hint="Wat moet er gebeuren? Eén actie per regel. Wie het doet en wanneer, kunt u zelf toevoegen als actiepunt.",
        longest=1000,
    )


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
        "Toelichting",
        hint="Weet het systeem iets dat geen belang is? Schrijf waarom. Alleen voorzitter en secretaris lezen dit.",
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


class WrittenRoundForm(Form):
    """What is put to the members in writing: something that is not new."""

    proposal = LongText(
        "voorstel",
        "Voorstel",
        missing="Schrijf de zin waarover de leden stemmen.",
        hint="Alleen voor wat niet nieuw is: een precedent toepassen of een fout herstellen.",
        shown={"rows": 4},
    )
    subject = Choice(
        "onderwerp",
        "Waarover gaat de ronde?",
        list="schriftelijkonderwerp",
        missing="Kies waarover de schriftelijke ronde gaat.",
    )
    days = Number(
        "werkdagen",
        "Hoeveel werkdagen krijgen de leden?",
        missing="Vul in hoeveel werkdagen de leden krijgen.",
        hint="Het reglement zegt hoeveel dat er ten minste zijn: meestal vijf.",
    )


class ChallengeForm(Form):
    """Which member a party does not want to decide, and why."""

    member = OneOf("lid", "Welk lid?", source="members", missing="Kies het lid.")
    reason = LongText(
        "reden",
        "Waarom kan dit lid niet onpartijdig beslissen?",
        missing="Schrijf waarom dit lid niet onpartijdig kan beslissen.",
        hint="De andere leden lezen dit en beslissen erover, voordat de zaak wordt behandeld.",
    )


class ChallengeDecisionForm(Form):
    """What the other members decided on a challenge."""

    member = OneOf("lid", "Over welk lid?", source="members", missing="Kies het lid.")
    votes_for = Number("voor", "Hoeveel andere leden vinden de wraking terecht?", missing="Vul een aantal in.")
    votes_against = Number("tegen", "Hoeveel andere leden niet?", missing="Vul een aantal in.")
    motivation = LongText(
        "motivering",
        "Motivering",
        missing="Schrijf waarom de andere leden zo beslissen.",
        hint="De partij die wraakte en het lid lezen dit.",
        shown={"rows": 4},
    )


class OpinionForm(Form):
    """What a member thinks before the vote."""

    leaning = Choice("neiging", "Waar neigt u naar?", list="neiging", missing="Kies waar u naar neigt.")
    text = LongText(
        "standpunt",
        "Uw standpunt",
        missing="Schrijf uw standpunt.",
        hint="U leest de standpunten van anderen als u zelf een standpunt hebt gegeven.",
    )


class DraftTextForm(Form):
    """The text on which the commission decides."""

    text = LongText(
        "tekst",
        "Concepttekst van het besluit",
        missing="Schrijf de tekst.",
        hint="Elke versie blijft bewaard, zodat de leden kunnen zien wat er veranderd is.",
        shown={"rows": 12},
    )


class DeviatingViewForm(Form):
    """Who argued a deviating view in the meeting."""

    members = References(
        "leden",
        "Welke leden verdedigden een afwijkend standpunt?",
        source="members",
        missing="Kies ten minste één lid.",
    )


class FactCheckForm(Form):
    """What a party says of the facts in a draft."""

    agreed = YesNo("akkoord", "Kloppen de feiten?", missing="Kies of de feiten kloppen.")
    remarks = LongText(
        "opmerkingen",
        "Wat klopt er niet?",
        hint="Noem per punt wat er staat en wat het moet zijn. Over het besluit zelf kunt u hier niets zeggen.",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Who says that something is wrong says what."""
        if answers.get("agreed") is False:
            yield "opmerkingen", "Schrijf wat er niet klopt."


class AgendaRowForm(Form):
    """Where one item stands on the agenda."""

    item = Reference("agendapunt", "Agendapunt", source="agenda", missing="Kies het agendapunt.")
    position = Number("volgorde", "Plaats op de agenda", missing="Geef dit punt een plaats op de agenda.")
    starts_at = Text(
        "aanvang",
        "Begint om",
        longest=20,
        checks=[Matches("([01]?[0-9]|2[0-3])[.:][0-5][0-9]( uur)?", "Vul een tijd in, zoals 09.30 uur.")],
    )
    duration = Number("minuten", "Hoe lang duurt het?", shown={"suffix": "minuten"})


class AgendaOrderForm(Form):
    """The order of the agenda, with times."""

    items = Rows(
        "punten",
        "Agendapunt",
        AgendaRowForm,
        missing="Zet ten minste één agendapunt in de volgorde.",
        source="agenda",
        per="agendapunt",
        hint="Nummer de punten. Laat “Begint om” leeg als het punt meteen na het vorige komt.",
    )


class OtherItemForm(Form):
    """An item without a case."""

    title = Text("titel", "Titel", missing="Geef het punt een titel.")
    explanation = LongText(
        "toelichting", "Toelichting", missing="Schrijf waar het punt over gaat.", hint="De leden lezen dit vooraf."
    )


class ActionPointForm(Form):
    """What somebody will do."""

    text = Text("actie", "Wat moet er gebeuren?", missing="Schrijf wat er moet gebeuren.", longest=1000)
    doer = Text("wie", "Wie doet het?", missing="Schrijf wie het doet.", hint="Een functie, geen naam.")
    due = Day("uiterlijk", "Uiterlijk")
    item = Reference(
        "agendapunt",
        "Bij welk agendapunt?",
        source="agenda",
        hint="Wie dat punt niet mag zien, ziet dit actiepunt ook niet. Laat dit leeg als het bij geen punt hoort.",
    )


class ActionPointDoneForm(Form):
    """What was done."""

    point = OneOf("actiepunt", "Actiepunt", source="action_points", missing="Kies het actiepunt.")
    note = Text("resultaat", "Wat is er gedaan?", longest=1000)


class SeparateNoteForm(Form):
    """The deviating view of a member."""

    text = LongText(
        "tekst",
        "Afzonderlijke nota",
        missing="Schrijf uw afzonderlijke nota.",
        hint="Het standpunt dat u in de vergadering verdedigde. De nota wordt met de uitspraak openbaar.",
    )
