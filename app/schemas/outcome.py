"""The form that asks, some weeks after a bottleneck was settled, whether it is gone."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.outcome import Gone
from app.schemas.field import Form
from app.schemas.kind import Choice, LongText


class OutcomeForm(Form):
    """Whether a bottleneck is gone, as who reported it sees it."""

    gone = Choice("weg", "Is het knelpunt weg?", list="knelpunt_weg", missing="Kies of het knelpunt weg is.")
    explanation = LongText(
        "toelichting",
        "Toelichting",
        hint="Wat gaat nu goed, en wat nog niet? Verplicht als het knelpunt niet weg is. Deze tekst wordt niet "
        "openbaar; uw keuze telt mee in een getal zonder de naam van uw organisatie.",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """What is left has to be told."""
        if answers.get("gone") not in (None, Gone.YES):
            yield "toelichting", "Schrijf wat er nog misgaat."
