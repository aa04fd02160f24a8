"""What happened, for other systems: to be read on from where one was."""

from flask import current_app

from app.api.operation import Answer, Call, operation
from app.api.process import next_link
from app.config import Config
from app.schemas.cloudevent import cloud_event
from app.schemas.feed import FeedSchema
from app.schemas.query import FeedQuery
from app.services.feed import happenings, place_after

COLLECTION = "gebeurtenissen"
EXAMPLE = {
    "answer": {
        "resultaten": [
            {
                "specversion": "1.0",
                "id": "0b0f7c52-51b5-4d0c-9a0e-3f1d1f7c6a55",
                "source": "urn:nld:oin:00000001234567890000:systeem:knelpuntenstelsel",
                "type": "nl.overheid.knelpunten.uitspraak.publiceren.v1",
                "subject": "CCG:2026:12",
                "time": "2026-11-23T09:00:00Z",
                "dataref": "https://knelpuntenstelsel.example/api/v1/uitspraken/CCG:2026:12",
                "sequence": "34",
                "sequencetype": "Integer",
            }
        ],
        "volgende": "0b0f7c52-51b5-4d0c-9a0e-3f1d1f7c6a55",
    }
}


@operation(
    "GET",
    f"/{COLLECTION}",
    name="gebeurtenissen",
    summary="Wat er gebeurde, op volgorde; met een sleutel ook bij de processen waar u bij betrokken bent",
    tag=COLLECTION.capitalize(),
    gives=FeedSchema,
    query=FeedQuery,
    public=True,
    tagged=True,
    paged=True,
    example=EXAMPLE,
)
def index(call: Call) -> Answer:
    """A stretch of what happened; who has read everything asks again with the same place."""
    config: Config = current_app.extensions["config"]
    after = place_after(call.work, call.query.get("after"))
    stretch = happenings(call.work, after=after, amount=call.query["amount"])
    events = [cloud_event(row, source=config.source, public_url=config.public_url) for row in stretch.rows]
    headers = next_link(stretch.following if stretch.more else None)
    return Answer({"resultaten": events, "volgende": stretch.following}, headers=headers, plain=True)
