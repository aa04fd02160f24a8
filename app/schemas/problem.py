"""A refusal as a problem document (RFC 9457), with all faults together."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields

from app.domain.errors import UnknownAction
from app.schemas.field import WRONG

MEDIA_TYPE = "application/problem+json"


class FaultSchema(Schema):
    """One fault: at which field, with a stable code, and a sentence for people."""

    field = fields.String(data_key="veld", required=True)
    code = fields.String(required=True)
    sentence = fields.String(data_key="melding", required=True)


class ProblemSchema(Schema):
    """What every refusal of the API looks like."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    instance = fields.String()
    request_id = fields.String(data_key="requestId", required=True)
    errors = fields.List(fields.Nested(FaultSchema))
    reasons = fields.List(fields.String(), data_key="redenen")


def faults_json(faults: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """The `errors` of a problem, from the faults of `Invalid`.

    >>> faults_json({"kernvraag": ["Vul de kernvraag in."]})
    [{'veld': 'kernvraag', 'code': 'ongeldig', 'melding': 'Vul de kernvraag in.'}]
    """
    return [
        {"veld": field, "code": getattr(sentence, "code", WRONG), "melding": str(sentence)}
        for field, sentences in faults.items()
        for sentence in sentences
    ]


def only_in(error: UnknownAction) -> str | None:
    """When an action can be taken that cannot be taken now; None for a word that is no action.

    >>> only_in(UnknownAction("no stemmen from gestemd", step="Stemmen", states=["In stemming", "Schriftelijke ronde"]))
    '“Stemmen” kan alleen als de status “In stemming” of “Schriftelijke ronde” is. Dat is nu niet zo.'
    """
    if not error.states:
        return None
    return f"“{error.step}” kan alleen als de status {_either(error.states)} is. Dat is nu niet zo."


def _either(words: Sequence[str]) -> str:
    *others, last = (f"“{word}”" for word in words)
    return f"{', '.join(others)} of {last}" if others else last


def problem(**told: Any) -> dict[str, Any]:
    """A problem document; what is not there is left out."""
    known = {name: value for name, value in told.items() if value is not None}
    return dict(ProblemSchema().dump(known))
