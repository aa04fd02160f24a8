"""An event as a CloudEvent by the NL GOV profile: that something happened, where to read it, and no more."""

from typing import Any

from marshmallow import fields

from app.schemas.answer import AnswerSchema, said, timed
from app.services.feed import Happening

SPECIFICATION, COUNTED = "1.0", "Integer"
ROOT = "/api/v1"


def _at_times(key: str, says: str) -> fields.String:
    return fields.String(data_key=key, metadata={"description": says})


class CloudEventSchema(AnswerSchema):
    """Something that happened; what, the address in `dataref` says to who may read it."""

    outside = "Gebeurtenis"

    specversion = said("specversion", "De versie van CloudEvents.")
    id = said("id", "Bij dezelfde bron altijd dezelfde gebeurtenis.")
    source = said("source", "Het systeem waar het gebeurde.")
    type = said("type", "Wat er gebeurde, en met wat.")
    subject = said("subject", "Het nummer van waar het over gaat.")
    time = timed("time", "Wanneer het gebeurde.")
    dataref = said("dataref", "Waar staat wat er nu is, voor wie dat mag lezen.")
    sequence = _at_times("sequence", "Van wat openbaar is: de hoeveelste openbare gebeurtenis, zonder gaten.")
    sequencetype = _at_times("sequencetype", "Bij sequence: hoe die telt. Altijd Integer.")


_SCHEMA = CloudEventSchema()


def cloud_event(happening: Happening, *, source: str, public_url: str) -> dict[str, Any]:
    """The event as JSON; `source` is by what others know this installation, `public_url` where they reach it.

    Only what is public has a `sequence`: of the rest the order of the feed is all there is to know.
    """
    found: dict[str, Any] = {
        "specversion": SPECIFICATION,
        "id": happening.identity,
        "source": source,
        "type": happening.type,
        "subject": happening.subject,
        "time": happening.at,
        "dataref": f"{public_url}{ROOT}{happening.dataref}",
    }
    if happening.sequence is not None:
        found |= {"sequence": str(happening.sequence), "sequencetype": COUNTED}
    dumped: dict[str, Any] = _SCHEMA.dump(found)
    return dumped
