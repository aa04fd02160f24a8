"""The journal as a whole: its last checkpoint for everybody, and its lines for an auditor."""

from flask import abort

from app.api.operation import Answer, Call, operation
from app.api.process import next_link
from app.domain.checkpoint import statement
from app.domain.journal import plain
from app.schemas.checkpoint import ALGORITHM, CheckpointSchema, JournalStretchSchema
from app.schemas.query import JournalQuery
from app.services.checkpoint import journal_from, latest_checkpoint

COLLECTION = "journaal"
TAG = COLLECTION.capitalize()
NONE_YET = "Er is nog geen checkpoint. Het eerste komt kort na de eerste melding."


@operation(
    "GET",
    f"/{COLLECTION}/checkpoint",
    name="journaalCheckpoint",
    summary="De ondertekende hash van het hele verloop",
    tag=TAG,
    gives=CheckpointSchema,
    public=True,
    tagged=True,
    takes={"404": NONE_YET},
)
def show(call: Call) -> Answer:
    """The last one; who keeps a copy can tell later whether the journal is still the same."""
    found = latest_checkpoint(call.work)
    if found is None:
        abort(404, NONE_YET)
    names = ("count", "root", "at", "origin", "signature", "public_key")
    values = {name: getattr(found, name) for name in names}
    signed = statement(count=found.count, root=found.root, at=found.at, origin=found.origin).decode()
    return Answer({**values, "statement": signed, "algorithm": ALGORITHM})


@operation(
    "GET",
    f"/{COLLECTION}/regels",
    name="journaalRegels",
    summary="Alle regels van het verloop, op hun plaats; voor een auditor",
    tag=TAG,
    gives=JournalStretchSchema,
    query=JournalQuery,
    paged=True,
)
def index(call: Call) -> Answer:
    """A stretch of the whole journal, with what is needed to find the hash of a checkpoint again."""
    rows, following = journal_from(call.work, call.query["place"], call.query["amount"])
    headers = next_link(None if following is None else str(following), by="vanaf")
    results = [{**row._asdict(), "line": plain(row.line)} for row in rows]
    return Answer({"results": results, "following": following}, headers=headers)
