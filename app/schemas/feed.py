"""The feed of what happened, as the API gives it."""

from app.schemas.answer import AnswerSchema, said, several
from app.schemas.cloudevent import CloudEventSchema


class FeedSchema(AnswerSchema):
    """A stretch of what happened, and where the next one begins."""

    outside = "Gebeurtenissen"

    results = several("resultaten", CloudEventSchema, "De gebeurtenissen, de oudste eerst.")
    following = said(
        "volgende",
        "Geef dit de volgende keer mee als ‘na’. Is er niets nieuws, dan blijft het gelijk. Null: er is nog niets.",
        nullable=True,
    )
