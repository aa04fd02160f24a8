"""From how much likeness something is suggested to who handles a case."""

from marshmallow import validate

from app.schemas.field import Fault, Form
from app.schemas.kind import Number

BOUNDS = "Kies een getal van 10 tot en met 100."


class ThresholdForm(Form):
    """The threshold, in whole percents."""

    percents = Number(
        "procent",
        "Vanaf hoeveel procent gelijkenis tonen wij een suggestie?",
        missing=BOUNDS,
        hint="Een lager getal geeft meer suggesties, en vaker een verkeerde.",
        validate=validate.Range(10, 100, error=Fault(BOUNDS)),
        shown={"suffix": "%"},
    )
