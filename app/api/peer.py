"""Installations that are followed: which there are, beginning and ending, and asking one now."""

from flask import Response, current_app

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.representation import Values
from app.schemas.peer import FollowForm, PeerSchema, PeersSchema
from app.services.peer import PeerRow, add_peer, ask_now, end_peer, peer_named, peer_row, peers

COLLECTION, TAG = "instanties", "Gevolgde instanties"
ONE = f"/{COLLECTION}/<source>"


@operation(
    "GET", f"/{COLLECTION}", name="instantiesLijst", summary="Wie deze installatie volgt", tag=TAG, gives=PeersSchema
)
def index(call: Call) -> Answer:
    """Every installation that is or was followed; for the administrator."""
    return Answer({"results": [_row(row) for row in peers(call.work)]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="instantieVolgen",
    summary="Een installatie volgen; wat daar openbaar is, wordt overgenomen",
    tag=TAG,
    gives=PeerSchema,
    body=FollowForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
)
def follow(call: Call) -> Answer:
    """Follow from now on; the worker takes over what is there."""
    made = add_peer(
        call.work,
        url=call.body["url"],
        source=call.body.get("source"),
        own=current_app.extensions["config"].public_url,
    )
    row = peer_row(call.work, made)
    where = f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.source}"
    return Answer(_row(row), revision=made.revision, headers={"Location": where})


@operation("GET", ONE, name="instantieEen", summary="Een gevolgde installatie", tag=TAG, gives=PeerSchema, tagged=True)
def show(call: Call, source: str) -> Answer:
    """One installation."""
    return _answer(call, source)


@operation(
    "POST",
    f"{ONE}/ophalen",
    name="instantieOphalen",
    summary="Zo gauw het kan vragen wat er nieuw is",
    tag=TAG,
    gives=PeerSchema,
    tagged=True,
    changes=True,
    keyed=True,
)
def ask(call: Call, source: str) -> Answer:
    """Let the worker ask at its next turn."""
    peer = peer_named(call.work, source)
    call.check_version(peer.revision, required=True)
    ask_now(call.work, peer)
    return _answer(call, source)


@operation(
    "DELETE",
    ONE,
    name="instantieNietVolgen",
    summary="Een installatie niet meer volgen; wat is overgenomen, blijft",
    tag=TAG,
    status=204,
    changes=True,
)
def end(call: Call, source: str) -> Response:
    """Follow no longer."""
    peer = peer_named(call.work, source)
    call.check_version(peer.revision, required=True)
    end_peer(call.work, peer)
    return Response(status=204)


def _answer(call: Call, source: str) -> Answer:
    row = peer_row(call.work, peer_named(call.work, source))
    return Answer(_row(row), revision=row.peer.revision)


def _row(row: PeerRow) -> Values:
    names = ("source", "url", "added_at", "heard_at", "tried_at", "failures", "trouble")
    told = {name: getattr(row.peer, name) for name in names}
    return {**told, "followed": row.peer.ended_at is None, "copies": row.copies, "faults": row.faults}
