"""The form for expressions that mean the same, and how these and what they do go out."""

from app.schemas.answer import AnswerSchema, counted, said, said_each, several, timed, truth
from app.schemas.field import Form
from app.schemas.several import Lines

HINT = (
    "Een afkorting met haar volle naam, of twee woorden voor precies hetzelfde. "
    "Geen woorden die er alleen mee te maken hebben."
)


class SynonymForm(Form):
    """Expressions that will find each other."""

    expressions = Lines(
        "uitdrukkingen",
        "Woorden of uitdrukkingen die hetzelfde betekenen",
        longest=60,
        most=10,
        missing="Vul ten minste twee woorden of uitdrukkingen in die hetzelfde betekenen.",
        hint=HINT,
    )


class SynonymSchema(AnswerSchema):
    """A group of expressions that an analyst added."""

    outside = "Zoekwoorden"

    id = counted("id", "Nummer van de groep.")
    expressions = said_each("uitdrukkingen", "Wat elkaar vindt.")
    created_at = timed("gemaaktOp", "Wanneer de groep is toegevoegd.")
    ended_at = timed("beeindigdOp", "Wanneer de groep is beëindigd; null: de groep geldt.", nullable=True)


class ProductGroupSchema(AnswerSchema):
    """A group that the product brings."""

    outside = "ZoekwoordenVanProduct"

    expressions = said_each("uitdrukkingen", "Wat elkaar vindt.")


class SynonymsSchema(AnswerSchema):
    """Every group."""

    outside = "AlleZoekwoorden"

    results = several("resultaten", SynonymSchema, "Wat analisten toevoegden; wat is beëindigd, staat achteraan.")
    product = several("vanProduct", ProductGroupSchema, "Wat het product zelf kent.")


class ShiftSchema(AnswerSchema):
    """Something that stands elsewhere among what is found first."""

    outside = "Verschuiving"

    number = said("nummer", "Nummer van wat verschuift.")
    title = said("titel", "Titel.")
    before = counted("was", "De plaats nu; null: niet bij de eerste tien.", nullable=True)
    after = counted("wordt", "De plaats daarna; null: niet bij de eerste tien.", nullable=True)


class ChangedSchema(AnswerSchema):
    """A search that finds something else."""

    outside = "VeranderdeZoekvraag"

    words = said("zoekvraag", "De zoekvraag; null van een zoekvraag van een ander.", nullable=True)
    kept = truth("bewaard", "Iemand bewaart deze zoekvraag; nee: het is een voorbeeld.")
    shifts = several("verschuivingen", ShiftSchema, "Wat verschuift.")


class EffectSchema(AnswerSchema):
    """What a change of the words does to searches."""

    outside = "GevolgVoorZoeken"

    expressions = said_each("uitdrukkingen", "De woorden waar het om gaat.")
    changed = several("veranderd", ChangedSchema, "De zoekvragen die iets anders vinden.")
    kept = counted("bewaardeBekeken", "Hoeveel bewaarde zoekvragen zijn bekeken.")
    examples = counted("voorbeeldenBekeken", "Hoeveel voorbeelden zijn bekeken.")
