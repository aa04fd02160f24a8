"""The forms of a body: making one, its seats, its rules, substitution and other positions; and how it goes out."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.answer import AnswerSchema, counted, dated, one, said, several, truth
from app.schemas.field import Form
from app.schemas.kind import Choice, Day, Email, LongText, Matches, Number, OneOf, Reference, Text, YesNo

CODE = "[a-z][a-z0-9-]{1,39}"
EVERYBODY_COUNTS, NOT_EXCUSED = "alle", "niet_verschoond"
"""The codes of the value list `quorumnoemer`."""


class BodyForm(Form):
    """A new body."""

    name = Text("naam", "Naam", missing="Vul de naam van het orgaan in.")
    code = Text(
        "code",
        "Korte naam",
        missing="Vul een korte naam in.",
        hint="Staat in adressen en in de naam van vergaderingen, bijvoorbeeld ethiek-utrecht.",
        longest=40,
        checks=[Matches(CODE, "Gebruik kleine letters, cijfers en streepjes, en begin met een letter.")],
    )
    body_kind = Choice("soort", "Soort orgaan", list="orgaansoort", missing="Kies wat voor orgaan het is.")


class AppointmentForm(Form):
    """A seat for somebody."""

    email = Email(
        "email",
        "E-mailadres",
        missing="Vul het e-mailadres in van wie u benoemt.",
        hint="Het adres van een account dat er al is.",
    )
    place = Choice("functie", "Functie", list="zetel", missing="Kies een functie.")
    since = Day("van", "Eerste dag", missing="Vul de eerste dag van de termijn in.")
    until = Day("tot", "Laatste dag", hint="Een termijn duurt gewoonlijk ten hoogste vier jaar.")
    votes = YesNo(
        "stemt",
        "Stemt deze persoon mee?",
        hint="Laat dit leeg voor wat gewoon is: de voorzitter en de leden stemmen, anderen niet.",
    )


class EndForm(Form):
    """The end of a term."""

    until = Day(
        "tot",
        "Laatste dag",
        missing="Vul de laatste dag van de termijn in.",
        hint="De rol vervalt na deze dag. Ligt de dag in het verleden, dan vervalt de rol meteen.",
    )


class RulesForm(Form):
    """A version of the rules of procedure."""

    since = Day("ingangsdatum", "Geldt vanaf", missing="Vul in vanaf welke dag dit reglement geldt.")
    quorum = Choice("quorum", "Quorum", list="quorumregel", missing="Kies hoeveel leden aanwezig moeten zijn.")
    denominator = Choice(
        "quorumnoemer", "Wie tellen mee voor het quorum?", list="quorumnoemer", missing="Kies wie meetellen."
    )
    tie = Choice("staken", "Als de stemmen staken", list="stakenregel", missing="Kies wat er dan gebeurt.")
    papers_days = Number(
        "stukkenDagen",
        "Stukken vooraf",
        missing="Vul in hoeveel dagen vooraf.",
        shown={"suffix": "dagen", "minimum": 0, "maximum": 60},
    )
    note_days = Number(
        "notaDagen",
        "Termijn voor een afzonderlijke nota",
        missing="Vul in hoeveel dagen een lid daarvoor heeft.",
        shown={"suffix": "dagen", "minimum": 1, "maximum": 60},
    )
    note_length = Number(
        "notaLengte",
        "Lengte van een afzonderlijke nota",
        missing="Vul in hoe lang die mag zijn.",
        shown={"suffix": "tekens", "minimum": 500, "maximum": 20_000},
    )
    written_days = Number(
        "schriftelijkDagen",
        "Schriftelijk besluiten",
        missing="Vul in hoeveel werkdagen een schriftelijke ronde ten minste duurt.",
        hint="Vul 0 in als het orgaan alleen in vergadering besluit.",
        shown={"suffix": "werkdagen", "minimum": 0, "maximum": 60},
    )
    names_in_result = YesNo(
        "namenInUitslag", "Staat in de uitslag wie voor en wie tegen stemde?", missing="Kies ja of nee."
    )
    source = Text(
        "bron",
        "Waar berust dit reglement op?",
        missing="Schrijf waar dit reglement op berust.",
        hint="Bijvoorbeeld: Kaderwet adviescolleges, of een besluit van de gemeenteraad.",
    )
    reason = LongText("reden", "Reden van de wijziging", missing="Schrijf waarom het reglement verandert.")

    limits = (
        ("papers_days", "stukkenDagen", 0, 60),
        ("note_days", "notaDagen", 1, 60),
        ("note_length", "notaLengte", 500, 20_000),
        ("written_days", "schriftelijkDagen", 0, 60),
    )

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Every number has to be one that works."""
        for name, key, least, most in self.limits:
            if name in answers and not least <= answers[name] <= most:
                yield key, f"Kies een getal van {least} tot en met {most}."


class SubstitutionForm(Form):
    """Somebody sits for who is absent."""

    absent = OneOf("afwezige", "Wie is afwezig?", source="seated", missing="Kies wie afwezig is.")
    substitute = OneOf(
        "vervanger",
        "Wie vervangt?",
        source="seated",
        missing="Kies wie vervangt.",
        hint="Een plaatsvervangend lid voor een lid, een plaatsvervangend voorzitter of een lid voor de voorzitter, "
        "een plaatsvervangend secretaris voor de secretaris.",
    )
    since = Day("van", "Eerste dag", missing="Vul de eerste dag van de afwezigheid in.")
    until = Day("tot", "Laatste dag", missing="Vul de laatste dag van de afwezigheid in.")
    reason = Text(
        "reden",
        "Reden",
        missing="Schrijf kort waarom, bijvoorbeeld: verlof.",
        hint="Iedereen met een account kan dit lezen. Schrijf niets over gezondheid of privé.",
    )


class PositionForm(Form):
    """Another position of a member."""

    outside = "OtherPositionForm"

    organisation = Reference(
        "organisatie",
        "Organisatie",
        source="organisations",
        missing="Vul de organisatie in.",
        hint="Kies een naam uit de lijst. Staat die er niet bij? Vul dan de naam en het KVK-nummer in.",
        shown={"kind": "organisatie"},
    )
    title = Text("functienaam", "Functie", missing="Vul uw functie bij deze organisatie in.")
    since = Day("van", "Sinds", missing="Vul in sinds wanneer.")
    until = Day("tot", "Tot en met", hint="Laat dit leeg als u er nog werkt.")


class OtherPositionSchema(AnswerSchema):
    """A position elsewhere."""

    outside = "Nevenfunctie"

    organisation = said("organisatie", "De organisatie.")
    title = said("functienaam", "De functie.")
    since = dated("van", "De eerste dag.", nullable=False)
    until = dated("tot", "De laatste dag; null: nog steeds.")


class MemberSchema(AnswerSchema):
    """A seat and who has it: by function, not by person."""

    outside = "Orgaanlid"

    id = counted("id", "Nummer van de zetel.")
    name = said("naam", "De naam van het account: een functie.")
    organisation = said("organisatie", "De organisatie.")
    votes = truth("stemt", "Heeft een stem.")
    since = dated("van", "De eerste dag van de termijn.", nullable=False)
    until = dated("tot", "De laatste dag van de termijn; null: geen einde.")
    positions = several("nevenfuncties", OtherPositionSchema, "Functies elders, nu en eerder.")


class PlaceSchema(AnswerSchema):
    """The members with one function."""

    outside = "Orgaanfunctie"

    place = said("functie", "Code uit de waardelijst zetel.")
    label = said("label", "De functie in woorden.")
    members = several("leden", MemberSchema, "Wie deze functie nu heeft.")


class RuleSchema(AnswerSchema):
    """A rule in a sentence."""

    outside = "Reglementsregel"

    about = said("onderwerp", "Waar de regel over gaat.")
    text = said("tekst", "Wat de regel zegt.")
    origin = said("herkomst", "Waar de regel vandaan komt.")


class RulesSchema(AnswerSchema):
    """The rules of procedure that hold today."""

    outside = "Reglement"

    version = counted("versie", "De hoeveelste versie; null: het orgaan koos nog niets.", nullable=True)
    since = dated("ingangsdatum", "Vanaf wanneer deze versie geldt.")
    quorum = said("quorum", "Code uit de waardelijst quorumregel.")
    denominator = said("quorumnoemer", "Code uit de waardelijst quorumnoemer.")
    tie = said("staken", "Code uit de waardelijst stakenregel.")
    papers_days = counted("stukkenDagen", "Hoeveel dagen vooraf de stukken weggaan.")
    note_days = counted("notaDagen", "Hoeveel dagen er zijn voor een afzonderlijke nota.")
    note_length = counted("notaLengte", "Hoeveel tekens een afzonderlijke nota mag hebben.")
    written_days = counted("schriftelijkDagen", "Hoeveel werkdagen een schriftelijke ronde duurt; 0: die is er niet.")
    names_in_result = truth("namenInUitslag", "In de uitslag staat wie voor en wie tegen stemde.")
    source = said("bron", "Waar het reglement op berust.", nullable=True)
    rules = several("regels", RuleSchema, "De regels in zinnen, met waar ze vandaan komen.")


class BodyRowSchema(AnswerSchema):
    """A body in the list."""

    outside = "OrgaanInLijst"

    code = said("code", "De korte naam.")
    name = said("naam", "De naam.")
    body_kind = said("soort", "Code uit de waardelijst orgaansoort.")
    central = truth("centraal", "Dit is de centrale commissie.")


class BodiesSchema(AnswerSchema):
    """Every body."""

    outside = "Organen"

    results = several("resultaten", BodyRowSchema, "Alle organen, de centrale commissie eerst.")


class SubstitutionSchema(AnswerSchema):
    """Who sits for whom."""

    outside = "Vervanging"

    id = counted("id", "Nummer van de vervanging.")
    absent = said("afwezige", "Wie afwezig is: een functie.")
    substitute = said("vervanger", "Wie vervangt: een functie.")
    since = dated("van", "De eerste dag.", nullable=False)
    until = dated("tot", "De laatste dag.", nullable=False)
    reason = said("reden", "Waarom.")


class OwnPositionSchema(OtherPositionSchema):
    """A position elsewhere of one's own."""

    outside = "EigenNevenfunctie"

    id = counted("id", "Nummer van de functie.")


class OwnPositionsSchema(AnswerSchema):
    """One's own positions elsewhere."""

    outside = "EigenNevenfuncties"

    results = several("resultaten", OwnPositionSchema, "Uw functies elders, de laatste eerst.")


class BodySchema(BodyRowSchema):
    """A body with its members and its rules."""

    outside = "Orgaan"

    places = several("functies", PlaceSchema, "De leden in functie, per functie.")
    coming = several("toekomstig", MemberSchema, "Wie later begint.")
    substitutions = several("vervangingen", SubstitutionSchema, "Wie wie vervangt, de laatste eerst.")
    rules = one("reglement", RulesSchema, "Het reglement dat nu geldt.")


def denominator(*, excused_count: bool) -> str:
    """Whom the quorum counts, as the value list has it.

    >>> denominator(excused_count=True)
    'alle'
    """
    return EVERYBODY_COUNTS if excused_count else NOT_EXCUSED


def excused_count(code: str) -> bool:
    """Whether the excused count for the quorum, by the code of the value list."""
    return code == EVERYBODY_COUNTS
