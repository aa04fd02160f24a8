"""Which two rulings are compared, and how that goes out."""

from app.schemas.answer import AnswerSchema, one, said, said_each, several, truth
from app.schemas.field import Form
from app.schemas.kind import Text


class ComparisonQuery(Form):
    """Two rulings."""

    a = Text("a", "Eerste uitspraak", missing="Noem de eerste uitspraak.", hint="Het nummer, zoals CCG:2026:12.")
    b = Text("b", "Tweede uitspraak", missing="Noem de tweede uitspraak.", hint="Het nummer, zoals CCG:2026:12.")


class ComparedSchema(AnswerSchema):
    """One of the two."""

    outside = "VergelekenUitspraak"

    number = said("nummer", "Nummer.")
    title = said("titel", "Titel.")


class ComparedTextSchema(AnswerSchema):
    """A text of both."""

    outside = "VergelekenTekst"

    label = said("label", "Wat mensen lezen.")
    left = said("eerste", "Wat de eerste zegt.")
    right = said("tweede", "Wat de tweede zegt.")
    same = truth("gelijk", "Ze zeggen precies hetzelfde.")


class ComparedListSchema(AnswerSchema):
    """Several things that both may name."""

    outside = "VergelekenLijst"

    label = said("label", "Wat mensen lezen.")
    left = said_each("eerste", "Wat de eerste noemt.")
    right = said_each("tweede", "Wat de tweede noemt.")
    both = said_each("allebei", "Wat ze allebei noemen.")
    same = truth("gelijk", "Ze noemen hetzelfde.")


class ComparisonSchema(AnswerSchema):
    """Two rulings side by side."""

    outside = "Vergelijking"

    left = one("eerste", ComparedSchema, "De eerste uitspraak.")
    right = one("tweede", ComparedSchema, "De tweede uitspraak.")
    texts = several("teksten", ComparedTextSchema, "De teksten, onder elkaar.")
    lists = several("lijsten", ComparedListSchema, "Wat ze noemen: wetten, voorwaarden, partijen.")
