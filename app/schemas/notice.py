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


class FailedJobsSchema(AnswerSchema):
    """Everything that failed."""

    outside = "MislukteBerichten"

    results = several("resultaten", FailedJobSchema, "De opdrachten, de laatste eerst.")
