"""How laws and what changed of them go out."""

from app.schemas.answer import AnswerSchema, counted, dated, one, said, several


class LawChangeSchema(AnswerSchema):
    """A newer version of a law or an article."""

    outside = "Wetswijziging"

    identifier = said("id", "Nummer van de regeling.")
    article = said("artikel", "Het artikel; null: de hele wet.", nullable=True)
    label = said("label", "De verwijzing in woorden.")
    url = said("url", "Waar de tekst staat.", nullable=True)
    in_force_on = dated("geldtVanaf", "Vanaf welke dag de nieuwe versie geldt.", nullable=False)
    source = said("bron", "Waar dit te lezen is.")
    explanation = said("toelichting", "Wat er verandert.")


class CitedLawSchema(AnswerSchema):
    """A law on which precedents rest."""

    outside = "GebruikteWet"

    identifier = said("id", "Nummer van de regeling.")
    name = said("naam", "Naam van de wet.")
    url = said("url", "Waar de tekst staat.", nullable=True)
    standing = counted("precedenten", "Hoeveel geldende precedenten erop rusten.")
    outdated = counted("ouderePrecedenten", "Van hoeveel daarvan een artikel een nieuwere versie heeft.")


class LawsSchema(AnswerSchema):
    """The laws on which precedents rest, and what changed of them."""

    outside = "Wetten"

    results = several("resultaten", CitedLawSchema, "De wetten, de meest gebruikte eerst.")
    changes = several("wijzigingen", LawChangeSchema, "De nieuwe versies die zijn vastgelegd, de laatste eerst.")


class NotedSchema(AnswerSchema):
    """A newer version that was noted, and what that did."""

    outside = "VastgelegdeWetswijziging"

    change = one("wijziging", LawChangeSchema, "De nieuwe versie.")
    marked = counted("gemarkeerd", "Hoeveel precedenten zijn gemarkeerd om opnieuw te bekijken.")
