"""From how much likeness something is suggested to who handles a case, what is thought of it, and how it goes out."""

from marshmallow import validate

from app.schemas.answer import AnswerSchema, counted, said, said_each, several, truth
from app.schemas.field import Fault, Form
from app.schemas.kind import Number, Text, YesNo

BOUNDS = "Kies een getal van 10 tot en met 100."
YEAR_BOUNDS = "Geef een jaar in vier cijfers, zoals 2026."


class ThresholdForm(Form):
    """The threshold, in whole percents."""

    percents = Number(
        "procent",
        "Vanaf hoeveel procent gelijkenis tonen wij een suggestie?",
        missing=BOUNDS,
        hint="Een lager getal geeft meer suggesties, en vaker een verkeerde.",
        validate=validate.Range(10, 100, error=Fault(BOUNDS)),
        shown={"suffix": "%"},
    )


class VerdictForm(Form):
    """Whether a suggestion is right."""

    number = Text("nummer", "Nummer", missing="Zeg over welke suggestie het gaat.")
    right = YesNo("klopt", "Klopt de suggestie?", missing="Kies ja of nee.")


class UsageQuery(Form):
    """Of which year the use is asked."""

    year = Number(
        "jaar", "Jaar", hint="Zonder jaar: alle jaren.", validate=validate.Range(1900, 9999, error=Fault(YEAR_BOUNDS))
    )


class MatchSchema(AnswerSchema):
    """Something that looks like a case."""

    outside = "LijktOpKnelpunt"

    number = said("nummer", "Nummer van wat erop lijkt.")
    kind = said("soort", "knelpunt of precedent.")
    title = said("titel", "Titel.")
    rule = said("regel", "De kernregel van het precedent, of de kernvraag van het knelpunt.")
    share = counted("procent", "Hoeveel het erop lijkt, in hele procenten.")
    why = said("waarom", "Waarom dit wordt getoond.")
    notes = said_each("opmerkingen", "Wat er anders is, of veranderd.")
    ended = truth("geldtNietMeer", "Op dit precedent kan niemand meer steunen.")
    right = truth("klopt", "Wat erover is gezegd; null: nog niets.", nullable=True)


class MatchesSchema(AnswerSchema):
    """What looks like a case."""

    outside = "Suggesties"

    suggested = several("suggesties", MatchSchema, "Wat genoeg lijkt om er iets mee te doen.")
    refused = several("afgewezen", MatchSchema, "Wat volgens een behandelaar niet klopt.")
    others = several("overige", MatchSchema, "Wat er alleen op lijkt.")


class JudgedSchema(AnswerSchema):
    """How often suggestions were right within a band of ten percents."""

    outside = "Beoordeeld"

    least = counted("vanaf", "Het laagste procent van de band.")
    right = counted("juist", "Hoeveel suggesties klopten.")
    wrong = counted("onjuist", "Hoeveel suggesties niet.")


class ThresholdSchema(AnswerSchema):
    """The threshold."""

    outside = "Drempel"

    percents = counted("procent", "Vanaf dit procent gelijkenis is iets een suggestie.")
    judged = several("beoordeeld", JudgedSchema, "Wat behandelaars van suggesties vonden.")


class UseSchema(AnswerSchema):
    """A use of the register in a year."""

    outside = "GebruikPerJaar"

    year = counted("jaar", "Het jaar.")
    use = said("soort", "Code uit de lijst herkenning.")
    amount = counted("aantal", "Hoe vaak.")


class UsedSchema(AnswerSchema):
    """A precedent or a case that was of use."""

    outside = "Gebruikt"

    number = said("nummer", "Nummer.")
    title = said("titel", "Titel.")
    amount = counted("aantal", "Hoe vaak.")


class UsageSchema(AnswerSchema):
    """What the register was used for."""

    outside = "Gebruik"

    years = several("perJaar", UseSchema, "Per jaar en soort.")
    answering = several("beantwoord", UsedSchema, "Precedenten die een vraag beantwoordden voor er iets gemeld was.")
    joined = several("aangesloten", UsedSchema, "Knelpunten waarbij iemand zich aansloot.")
