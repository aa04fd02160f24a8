"""Following up as the public reads it."""

from app.schemas.answer import AnswerSchema, OrganisationSchema, counted, dated, one, said, several


class TotalsSchema(AnswerSchema):
    """What was advised and what became of it; the four classes add up to the first number."""

    outside = "Totalen"

    advised = counted("geadviseerd", "Alle aanbevelingen.")
    followed = counted("opgevolgd", "Overgenomen.")
    partly = counted("deels", "Deels overgenomen.")
    not_followed = counted("nietOpgevolgd", "Niet overgenomen, of niet van toepassing.")
    no_reaction = counted("geenReactie", "Nog geen antwoord.")


class FollowUpRowSchema(AnswerSchema):
    """One recommendation to one organisation."""

    outside = "Navolgingsregel"

    number = said("nummer", "Nummer van de aanbeveling.")
    ruling = said("uitspraak", "Nummer van de uitspraak.")
    title = said("titel", "Titel van de uitspraak.")
    text = said("aanbeveling", "Wat is geadviseerd, in de woorden van de openbare uitspraak.")
    organisation = one("organisatie", OrganisationSchema, "Aan wie.")
    state = said("status", "Status.")
    state_label = said("statusLabel", "De status in woorden.")
    reaction = said("reactie", "Code uit de lijst reactie; null: nog geen antwoord.", nullable=True)
    motivation = said("motivering", "Waarom wel of niet.", nullable=True)
    planned_on = dated("planning", "Wanneer het klaar is.")
    due = dated("termijn", "Voor wanneer een antwoord is gevraagd.")
    outcome = said("uitkomst", "De klasse waarin deze regel meetelt.")
    carried = said("uitvoering", "Hoe ver wat is overgenomen is; null: niet overgenomen.", nullable=True)
    reacted_on = dated("gereageerdOp", "Wanneer de organisatie antwoordde.")
    reported_on = dated("gemeldOp", "Wanneer de organisatie de uitvoering meldde.")
    confirmed_on = dated("gecontroleerdOp", "Wanneer een andere organisatie zag dat het is gedaan.")
    evidence = said("bewijs", "Waar te zien is dat het is gedaan.", nullable=True)


class FollowUpSchema(AnswerSchema):
    """What was advised, what was followed, what not, and why not."""

    outside = "Navolging"

    totals = one("totalen", TotalsSchema, "De tellingen over alles wat de filters overlaten.")
    results = several("resultaten", FollowUpRowSchema, "Dit stuk van de lijst, het nieuwste eerst.")
