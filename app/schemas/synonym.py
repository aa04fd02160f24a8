"""The form for expressions that mean the same."""

from app.schemas.field import Form
from app.schemas.several import Lines

HINT = (
    "Een afkorting met haar volle naam, of twee woorden voor precies hetzelfde. "
    "Geen woorden die er alleen mee te maken hebben."
)


class SynonymForm(Form):
    """Expressions that will find each other."""

    expressions = Lines(
        "uitdrukkingen",
        "Woorden of uitdrukkingen die hetzelfde betekenen",
        longest=60,
        most=10,
        missing="Vul ten minste twee woorden of uitdrukkingen in die hetzelfde betekenen.",
        hint=HINT,
    )
