"""The forms of a structural bottleneck: who owns the cause, how far it is, and that it is gone; and how it goes out."""

from app.schemas.answer import AnswerSchema, counted, dated, said, several, timed, truth
from app.schemas.field import Form
from app.schemas.kind import Choice, LongText, Tick
from app.schemas.law import Laws
from app.schemas.organisation import OrganisationNames

PHASE = "structurele_fase"


class StructuralForm(Form):
    """The cause behind a bottleneck, and who can take it away."""

    owner = OrganisationNames(
        "verantwoordelijke",
        "Welke organisatie kan de oorzaak wegnemen?",
        missing="Noem de organisatie die de oorzaak kan wegnemen.",
        hint="Precies één, bijvoorbeeld het ministerie dat over de wet gaat. Kies een naam uit de lijst.",
        most=1,
    )
    cause = LongText(
        "oorzaak",
        "Oorzaak",
        missing="Schrijf wat de oorzaak is.",
        hint="Wat maakt dat dit bij meer organisaties misgaat? Elke ambtenaar met een account die het knelpunt kan "
        "zien, leest dit.",
    )
    laws = Laws(
        "grondslagen",
        "Om welke wet gaat het?",
        hint="Hoogstens één. Laat dit leeg als het niet aan een wet ligt.",
        most=1,
    )
    phase = Choice("fase", "Fase", list=PHASE, missing="Kies hoe ver het is.")


class StructuralProgressForm(Form):
    """A step on the way."""

    phase = Choice("fase", "Fase", list=PHASE, missing="Kies hoe ver het is.")
    text = LongText(
        "voortgang",
        "Voortgang",
        missing="Schrijf wat er is gebeurd en wat er nu komt.",
        hint="Wat is er gedaan, wat komt er nu, en wanneer? Wie het knelpunt kan zien, leest dit.",
    )


class StructuralEndForm(Form):
    """The cause is gone, or was found not to be structural."""

    phase = Choice("fase", "Fase waarin het eindigt", list=PHASE, missing="Kies in welke fase het eindigt.")
    text = LongText(
        "toelichting",
        "Toelichting",
        missing="Schrijf waarom dit geen structureel knelpunt meer is.",
        hint="Is de oorzaak weg, of bleek het geen oorzaak? Wie het knelpunt kan zien, leest dit.",
    )


class StructuralQuery(Form):
    """Which structural bottlenecks are asked for."""

    ended = Tick("afgesloten", "Afgesloten", hint="Wat is weggenomen; zonder dit: wat er nog is.")


class StructuralCaseSchema(AnswerSchema):
    """A structural bottleneck in the list."""

    outside = "StructureelKnelpunt"

    number = said("nummer", "Nummer van het knelpunt.")
    title = said("titel", "Titel.")
    owner = said("verantwoordelijke", "De organisatie die de oorzaak kan wegnemen.")
    cause = said("oorzaak", "De oorzaak.")
    identifier = said("wet", "Nummer van de wet waar het in zit.", nullable=True)
    article = said("artikel", "Het artikel.", nullable=True)
    phase = said("fase", "Code uit de lijst structurele_fase.")
    since = timed("sinds", "Sinds wanneer het als structureel is aangemerkt.")
    ended_at = timed("afgeslotenOp", "Wanneer het is afgesloten.", nullable=True)
    last_at = timed("laatsteVoortgang", "Wanneer er voor het laatst voortgang was.")
    progress_due = dated("voortgangVoor", "Voor deze dag wordt nieuwe voortgang verwacht.", nullable=False)
    late = truth("teLaat", "De voortgang is te laat.")
    organisations = counted("organisaties", "Hoeveel organisaties er last van melden.")
    reports = counted("aantalMeldingen", "Hoe vaak het is gemeld.")
    heavy = truth("zwaar", "Het weegt zwaar: veel organisaties of veel meldingen.")


class StructuralCasesSchema(AnswerSchema):
    """Structural bottlenecks."""

    outside = "StructureleKnelpunten"

    results = several("resultaten", StructuralCaseSchema, "Wat de meeste organisaties raakt staat vooraan.")
