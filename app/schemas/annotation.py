"""The form of a remark in the margin of a ruling."""

from app.schemas.collection import WITH_COLLEAGUES
from app.schemas.field import Form
from app.schemas.kind import LongText, Text, Tick
from app.schemas.several import HIDDEN


class AnnotationForm(Form):
    """What is remarked, at which words, and for whom."""

    number = Text("nummer", "Uitspraak", missing="Zeg bij welke uitspraak dit hoort.", shown={"kind": HIDDEN})
    text = LongText("tekst", "Uw aantekening", missing="Schrijf uw aantekening.", longest=5000, shown={"rows": 5})
    passage = LongText(
        "passage",
        "Bij welke woorden?",
        hint="Neem de woorden over uit de uitspraak. Laat dit leeg als het over de hele uitspraak gaat.",
        longest=2000,
        shown={"rows": 3},
    )
    shared = Tick("gedeeld", "Delen met collega’s", hint=WITH_COLLEAGUES)
