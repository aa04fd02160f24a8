"""How letters and documents that failed go out."""

from app.schemas.answer import AnswerSchema, counted, said, several, timed


class FailedJobSchema(AnswerSchema):
    """Something for the worker that failed after all attempts; what it holds is not told."""

    outside = "MisluktBericht"

    id = counted("id", "Nummer van de opdracht.")
    topic = said("onderwerp", "Wat voor opdracht het is.")
    attempts = counted("pogingen", "Hoe vaak het is geprobeerd.")
    error = said("fout", "Wat er misging.", nullable=True)
    failed_at = timed("misluktOp", "Wanneer het is opgegeven; null: het wordt opnieuw geprobeerd.", nullable=True)


class FailedDeliverySchema(AnswerSchema):
    """A message to another system that was given up: to whom and why, and not about what."""

    outside = "MislukteBezorging"

    webhook = counted("webhook", "Nummer van de webhook.")
    name = said("naam", "Hoe de webhook heet.")
    account = said("account", "Van wie de webhook is.")
    host = said("adres", "Naar welke machine.")
    identity = said("gebeurtenis", "Het id van de gebeurtenis, en van het bericht.")
    type = said("type", "Wat er gebeurde.")
    attempts = counted("pogingen", "Hoe vaak het is geprobeerd.")
    error = said("fout", "Waarom het niet lukte, uit de lijst bezorgfout.", nullable=True)
    failed_at = timed("misluktOp", "Wanneer het is opgegeven.")


class FailedJobsSchema(AnswerSchema):
    """Everything that failed."""

    outside = "MislukteBerichten"

    results = several("resultaten", FailedJobSchema, "De opdrachten, de laatste eerst.")
    deliveries = several(
        "bezorgingen",
        FailedDeliverySchema,
        "De berichten aan andere systemen, de laatste eerst. De eigenaar van de webhook probeert ze opnieuw.",
    )
