"""What members say and write about an agenda item, for who may see the item."""

from app.api.operation import Answer, Call, operation
from app.db.kind import COLLECTIONS
from app.db.meeting import AgendaItem
from app.schemas.deliberation import DeliberationSchema
from app.services.deliberation import challenges, opinions, versions
from app.services.overview import process_numbered

ITEMS = COLLECTIONS[AgendaItem.kind_name()]


@operation(
    "GET",
    f"/{ITEMS}/<number>/beraad",
    name="beraad",
    summary="De standpunten, de versies van de tekst en de wrakingen bij een agendapunt",
    tag=ITEMS.capitalize(),
    gives=DeliberationSchema,
)
def show(call: Call, number: str) -> Answer:
    """What the page of the item shows this reader; opinions stay sealed for who has yet to give one."""
    item = process_numbered(call.work, AgendaItem, number)
    found = opinions(call.work, item)
    return Answer(
        {
            "opinions": [one._asdict() for one in found.open],
            "sealed": found.sealed,
            "versions": [one._asdict() for one in versions(call.work, item)],
            "challenges": [one._asdict() for one in challenges(call.work, item)],
        }
    )
