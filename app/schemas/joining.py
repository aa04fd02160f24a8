"""The short form of who has the same bottleneck: only what differs from the case that is known."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, LongText
from app.schemas.report import PERSONAL_DATA_REASON, REASON_NEEDED, ExchangeForm, findings
from app.schemas.several import Part


class JoiningForm(Form):
    """The own exchange, what people notice of it and how urgent it is; the rest is as in the case."""

    exchange = Part("uitwisseling", "Gewenste uitwisseling", ExchangeForm)
    societal_effect = LongText(
        "maatschappelijkEffect",
        "Wat merken mensen ervan?",
        missing="Schrijf wat mensen merken van dit knelpunt.",
        hint="Wat gaat er bij u mis zolang dit niet is opgelost, voor wie, en om hoeveel mensen gaat het ongeveer?",
        shown={"rows": 4},
    )
    urgency = Choice("urgentie", "Heeft het spoed?", list="urgentie", missing="Kies of het spoed heeft.")
    description = LongText(
        "omschrijving",
        "Wat is er bij u anders?",
        hint="Laat dit leeg als het bij u precies zo gaat. Noem geen namen of nummers van burgers.",
        shown={"rows": 4},
    )
    personal_data_reason = LongText(
        PERSONAL_DATA_REASON,
        "Waarom moeten deze gegevens blijven staan?",
        hint="Alleen als er gegevens van burgers in uw melding staan die echt nodig zijn.",
        longest=2000,
        shown={"rows": 4},
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A reason where citizens' data were seen."""
        if findings(given):
            yield PERSONAL_DATA_REASON, REASON_NEEDED
