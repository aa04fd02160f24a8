"""How it is told whether a document was drawn."""

from app.schemas.answer import AnswerSchema, truth


class DrawingSchema(AnswerSchema):
    """A document that was asked for."""

    outside = "Documentaanvraag"

    drawn = truth("gemaakt", "Het document is er; zo niet, dan wordt het gemaakt.")
