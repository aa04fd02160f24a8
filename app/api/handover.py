"""A case as the case system of an organisation keeps it."""

from flask import current_app

from app.api.operation import Answer, Call, operation
from app.api.process import address_of
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.schemas.zgw import CaseSchema, zaak
from app.services.handover import handover
from app.services.overview import process_numbered

COLLECTION = COLLECTIONS[Case.kind_name()]


@operation(
    "GET",
    f"/{COLLECTION}/<number>/zgw",
    name="knelpuntenZgw",
    summary="Eén knelpunt in de woorden van zaakgericht werken (ZGW), voor uw eigen zaaksysteem",
    tag=COLLECTION.capitalize(),
    gives=CaseSchema,
    tagged=True,
)
def show(call: Call, number: str) -> Answer:
    """The export of one case, for who is involved in it."""
    found = handover(call.work, process_numbered(call.work, Case, number))
    # It is read elsewhere, where a path alone leads nowhere.
    public_url: str = current_app.extensions["config"].public_url.rstrip("/")
    return Answer(zaak(found, f"{public_url}{address_of(COLLECTION, number)}"))
