"""What waits for me, what is late, what I follow."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from app.db.kind import COLLECTIONS
from app.schemas.field import FieldDescription
from app.services.listing import Filters, processes
from app.web import shape
from app.web.access import LOGGED_IN, access

pages = Blueprint("worklist", __name__)

# The lists of the page: what each narrows to, and what it says when it is empty.
LISTS = {
    "wacht": (Filters(waiting=True), "Wacht op u", "Er wacht niets op u."),
    "telaat": (Filters(late=True), "Te laat", "Er is niets te laat."),
    "volg": (Filters(following=True), "Ik volg", "U volgt nog niets."),
    "alles": (Filters(), "Alles", "Er is nog niets."),
}
ORDERS = [("termijn", "Termijn"), ("gewijzigd", "Laatst gewijzigd"), ("nummer", "Nummer")]


@pages.get("/werkvoorraad")
@access(LOGGED_IN)
def show() -> ResponseReturnValue:
    """One list of the worklist, the term that ends first on top."""
    given = request.args
    name = given.get("lijst") if given.get("lijst") in LISTS else "wacht"
    narrowed, label, nothing = LISTS[name or "wacht"]
    kind = given.get("soort") or None
    filters = Filters(
        kind=kind if kind in COLLECTIONS else None,
        late=narrowed.late or given.get("teLaat") == "true",
        waiting=narrowed.waiting,
        following=narrowed.following,
        words=given.get("q") or None,
    )
    # What is followed may be at its end, and then has no term to order by.
    first_order = "gewijzigd" if name in ("volg", "alles") else "termijn"
    stretch = processes(g.work, filters, order=given.get("sorteer") or first_order, after=given.get("na") or None)
    return render_template(
        "worklist/show.html",
        rows=shape.rows(g.work, stretch.rows, waiting=narrowed.waiting),
        stretch=stretch,
        lists=[(key, text) for key, (_, text, _) in LISTS.items()],
        current=name,
        label=label,
        nothing=nothing,
        fields=_fields(),
        values={**given.to_dict(), "sorteer": given.get("sorteer") or first_order},
        today=g.work.today,
        **shape.paging(stretch),
    )


def _fields() -> list[FieldDescription]:
    kinds = [(kind, shape.KIND_LABELS[collection]) for kind, collection in COLLECTIONS.items()]
    return [
        FieldDescription(name="lijst", label="Lijst", kind="verborgen", required=False),
        FieldDescription(name="q", label="Woorden in de titel", kind="tekst", required=False),
        FieldDescription(name="soort", label="Soort", kind="selectie", required=False, choices=kinds),
        FieldDescription(name="sorteer", label="Volgorde", kind="selectie", required=False, choices=ORDERS),
    ]
