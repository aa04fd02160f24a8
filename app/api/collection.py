"""Collections: what one keeps together, and shares with colleagues or not."""

from typing import Any

from flask import Response

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.representation import Values
from app.db.collection import Collection
from app.schemas.collection import (
    CollectionForm,
    CollectionSchema,
    CollectionsSchema,
    KeptForm,
)
from app.services import collection as service
from app.services.work import Work

COLLECTION, TAG = "verzamelingen", "Verzamelingen"
ONE = f"/{COLLECTION}/<int:identity>"


@operation(
    "GET",
    f"/{COLLECTION}",
    name="verzamelingenLijst",
    summary="Uw verzamelingen, en die collega’s met u delen",
    tag=TAG,
    gives=CollectionsSchema,
)
def index(call: Call) -> Answer:
    """The newest first."""
    return Answer({"results": [_row(call.work, row.collection, row.amount) for row in service.collections(call.work)]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="verzamelingMaken",
    summary="Een verzameling beginnen",
    tag=TAG,
    gives=CollectionSchema,
    body=CollectionForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
)
def create(call: Call) -> Answer:
    """Begin a collection."""
    made = service.make_collection(call.work, **_described(call))
    where = f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.id}"
    return Answer(_whole(call.work, made), headers={"Location": where})


@operation(
    "GET",
    ONE,
    name="verzamelingEen",
    summary="Eén verzameling, met wat erin zit en waarom",
    tag=TAG,
    gives=CollectionSchema,
    tagged=True,
)
def show(call: Call, identity: int) -> Answer:
    """What is in a collection that the reader may see."""
    return Answer(_whole(call.work, service.collection_of_reader(call.work, identity)))


@operation(
    "PUT",
    ONE,
    name="verzamelingWijzigen",
    summary="Een verzameling anders noemen, of delen met collega’s",
    tag=TAG,
    gives=CollectionSchema,
    body=CollectionForm,
    media=JSON,
    tagged=True,
    changes=True,
)
def change(call: Call, identity: int) -> Answer:
    """Keep how it is called, and who reads it."""
    _own(call, identity)
    return Answer(_whole(call.work, service.change_collection(call.work, identity, **_described(call))))


@operation(
    "DELETE",
    ONE,
    name="verzamelingVerwijderen",
    summary="Een verzameling verwijderen; wat erin zat, is er nog",
    tag=TAG,
    status=204,
    changes=True,
)
def drop(call: Call, identity: int) -> Response:
    """Throw it away."""
    _own(call, identity)
    service.drop_collection(call.work, identity)
    return Response(status=204)


@operation(
    "POST",
    f"{ONE}/stukken",
    name="verzamelingAanvullen",
    summary="Een uitspraak of besluit in een verzameling bewaren, met waarom",
    tag=TAG,
    gives=CollectionSchema,
    body=KeptForm,
    media=JSON,
    tagged=True,
    changes=True,
)
def keep(call: Call, identity: int) -> Answer:
    """Keep something; what was in it already gets the new note."""
    found, sent = _own(call, identity), call.body
    service.add_to_collection(call.work, found, number=sent["number"], note=sent.get("note") or "")
    call.work.session.flush()
    return Answer(_whole(call.work, found))


@operation(
    "DELETE",
    f"{ONE}/stukken/<int:item_id>",
    name="verzamelingUitnemen",
    summary="Een stuk uit een verzameling nemen",
    tag=TAG,
    status=204,
    changes=True,
)
def take_out(call: Call, identity: int, item_id: int) -> Response:
    """Take one thing out of it; what was not in it is not in it now either."""
    _own(call, identity)
    service.take_from_collection(call.work, identity, item_id)
    return Response(status=204)


def _own(call: Call, identity: int) -> Collection:
    """A collection of one's own, as it was seen."""
    found = service.collection_of_owner(call.work, identity)
    call.check_seen(_whole(call.work, found), CollectionSchema)
    return found


def _described(call: Call) -> dict[str, Any]:
    return {
        "title": call.body["title"],
        "description": call.body.get("description") or "",
        "shared": call.body["shared"],
    }


def _row(work: Work, found: Collection, amount: int) -> Values:
    names = ("id", "title", "description", "shared", "created_at")
    own = found.account_id == work.actor.account_id
    return {**{name: getattr(found, name) for name in names}, "own": own, "amount": amount}


def _whole(work: Work, found: Collection) -> Values:
    items = service.items(work, found)
    return {**_row(work, found, len(items)), "items": [_item(row) for row in items]}


def _item(row: service.ItemRow) -> Values:
    named = row.named
    return {
        "id": row.item.id,
        "number": row.item.number,
        "title": named.title if named else None,
        "source": named.source if named else None,
        "gone": named is None or named.is_gone,
        "note": row.item.note,
        "added_at": row.item.added_at,
    }
