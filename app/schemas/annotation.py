"""The form of a remark in the margin of a ruling, and how it goes out."""

from app.schemas.answer import AnswerSchema, counted, said, several, timed, truth
from app.schemas.collection import WITH_COLLEAGUES
from app.schemas.field import Form
from app.schemas.kind import LongText, Text, Tick
from app.schemas.several import HIDDEN


class RemarkForm(Form):
    """What is remarked, at which words, and for whom."""

    text = LongText("tekst", "Uw aantekening", missing="Schrijf uw aantekening.", longest=5000, shown={"rows": 5})
    passage = LongText(
        "passage",
        "Bij welke woorden?",
        hint="Neem de woorden over uit de uitspraak. Laat dit leeg als het over de hele uitspraak gaat.",
        longest=2000,
        shown={"rows": 3},
    )
    shared = Tick("gedeeld", "Delen met collega’s", hint=WITH_COLLEAGUES)


class AnnotationForm(RemarkForm):
    """The same, with the ruling at which it stands."""

    number = Text("nummer", "Uitspraak", missing="Zeg bij welke uitspraak dit hoort.", shown={"kind": HIDDEN})


class AnnotationQuery(Form):
    """Which remarks are asked for."""

    ruling = Text("uitspraak", "Uitspraak", hint="Nummer van de uitspraak; zonder nummer krijgt u uw eigen laatste.")


class AnnotationSchema(AnswerSchema):
    """A remark at a ruling."""

    outside = "Aantekening"

    id = counted("id", "Nummer van de aantekening.")
    number = said("nummer", "Nummer van de uitspraak.")
    passage = said("passage", "De woorden uit de uitspraak waar het over gaat; leeg: de hele uitspraak.")
    text = said("tekst", "De aantekening.")
    shared = truth("gedeeld", "Collega’s van dezelfde organisatie lezen mee.")
    own = truth("eigen", "De aantekening is van u.")
    author = said("auteur", "Wie dit schreef; alleen bij het opvragen per uitspraak.", nullable=True)
    at = timed("op", "Wanneer de aantekening is gemaakt.")


class AnnotationsSchema(AnswerSchema):
    """Remarks."""

    outside = "Aantekeningen"

    results = several("resultaten", AnnotationSchema, "De aantekeningen; hoogstens honderd.")
