"""The short form of who has the same bottleneck: only what differs from the case that is known."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.field import Form
from app.schemas.kind import Choice, LongText
from app.schemas.organisation import Organisations
from app.schemas.report import PERSONAL_DATA_REASON, REASON_NEEDED, findings
from app.schemas.several import Lines, Part

SAME = "Laat dit leeg als het bij u hetzelfde is."


class OwnExchangeForm(Form):
    """Who would give which data to whom, where that differs from the known case."""

    providers = Organisations("verstrekkers", "Wie verstrekt de gegevens?", hint=SAME)
    receivers = Organisations("ontvangers", "Wie ontvangt de gegevens?", hint=SAME)
    data_categories = Lines("gegevenscategorieen", "Om welke soorten gegevens gaat het?", hint=f"{SAME} Eén per regel.")
    purpose = LongText("doel", "Waarvoor zijn de gegevens nodig?", hint=SAME, shown={"rows": 4})


class JoiningForm(Form):
    """The own exchange, what people notice of it and how urgent it is; what is left open is as in the case."""

    exchange = Part("uitwisseling", "Gewenste uitwisseling", OwnExchangeForm)
    societal_effect = LongText(
        "maatschappelijkEffect",
        "Wat merken mensen ervan?",
        hint=f"Wat gaat er bij u mis, voor wie, en om hoeveel mensen gaat het ongeveer? {SAME}",
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
