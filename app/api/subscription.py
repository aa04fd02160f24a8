"""What one hears of, what one follows, what waits for one, and how one wants to be told."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from flask import Response

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.process import next_link
from app.api.representation import Values, rows
from app.db.account import Account
from app.db.kind import COLLECTIONS, RECORDS
from app.db.process import Follower
from app.db.subscription import Subscription
from app.schemas.account import NoticeForm
from app.schemas.query import WorklistQuery
from app.schemas.subscription import (
    FollowingForm,
    FollowingSchema,
    NoticeSchema,
    SubscriptionForm,
    SubscriptionSchema,
    SubscriptionsSchema,
    ToldForm,
    WorklistSchema,
)
from app.services import subscription as service
from app.services.account import choose_notices
from app.services.listing import Filters, processes
from app.services.notice import set_following
from app.services.overview import process_numbered
from app.services.work import Work

COLLECTION, TAG = "abonnementen", "Abonnementen"
ONE = f"/{COLLECTION}/<int:identity>"
OWN = "/account/berichten"


@operation(
    "GET", f"/{COLLECTION}", name="abonnementenLijst", summary="Waarvan u hoort", tag=TAG, gives=SubscriptionsSchema
)
def index(call: Call) -> Answer:
    """One's own subscriptions and kept searches, the newest first."""
    return Answer({"results": [_row(one) for one in service.subscriptions(call.work)]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="abonneren",
    summary="Horen van een uitspraak, een wet of een zoekvraag, of een zoekvraag alleen bewaren",
    tag=TAG,
    gives=SubscriptionSchema,
    body=SubscriptionForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
    example={
        "body": {
            "soort": "zoekvraag",
            "nummer": None,
            "wet": None,
            "zoekvraag": "q=schulden&type=juridisch",
            "berichten": True,
        }
    },
)
def begin(call: Call) -> Answer:
    """Hear of something from now on; who asks twice has one subscription."""
    sent = call.body
    asked: dict[str, Any] = {"nummer": sent.get("number") or "", "wet": sent.get("law") or ""}
    if sent["kind"] == service.SEARCH:
        asked = parse_qs(sent.get("search") or "", max_num_fields=100)
    made = service.subscribe(call.work, sent["kind"], asked, told=sent["told"])
    return Answer(_row(made), headers={"Location": f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.id}"})


@operation(
    "GET", ONE, name="abonnementEen", summary="Eén abonnement van uzelf", tag=TAG, gives=SubscriptionSchema, tagged=True
)
def show(call: Call, identity: int) -> Answer:
    """One of one's own subscriptions."""
    return Answer(_row(service.own_subscription(call.work, identity)))


@operation(
    "PUT",
    ONE,
    name="abonnementWijzigen",
    summary="Ervan horen, of het alleen bewaren",
    tag=TAG,
    gives=SubscriptionSchema,
    body=ToldForm,
    media=JSON,
    tagged=True,
    changes=True,
)
def change(call: Call, identity: int) -> Answer:
    """Hear of it from now on or no longer; what happened in between is not told."""
    _seen(call, identity)
    return Answer(_row(service.tell(call.work, identity, told=call.body["told"])))


@operation("DELETE", ONE, name="abonnementStoppen", summary="Een abonnement stoppen", tag=TAG, status=204, changes=True)
def end(call: Call, identity: int) -> Response:
    """Hear of it no longer, and keep it no longer."""
    _seen(call, identity)
    service.unsubscribe(call.work, identity)
    return Response(status=204)


@operation(
    "GET",
    OWN,
    name="berichtenkeuze",
    summary="Hoe u per mail hoort van wat er gebeurt",
    tag=TAG,
    gives=NoticeSchema,
    tagged=True,
)
def notices(call: Call) -> Answer:
    """At once, once a day, or not."""
    return Answer(_notices(call.work))


@operation(
    "PUT",
    OWN,
    name="berichtenkeuzeWijzigen",
    summary="Kiezen hoe u per mail hoort van wat er gebeurt",
    tag=TAG,
    gives=NoticeSchema,
    body=NoticeForm,
    media=JSON,
    tagged=True,
    changes=True,
    example={"body": {"berichten": "dagelijks"}},
)
def choose(call: Call) -> Answer:
    """Keep the choice."""
    call.check_seen(_notices(call.work), NoticeSchema)
    choose_notices(call.work, call.body["notices"])
    call.work.session.flush()
    return Answer(_notices(call.work))


@operation(
    "GET",
    "/werkvoorraad",
    name="werkvoorraad",
    summary="Wat op u wacht, wat te laat is, wat u volgt, of alles",
    tag="Werkvoorraad",
    gives=WorklistSchema,
    query=WorklistQuery,
    paged=True,
)
def worklist(call: Call) -> Answer:
    """One list of everything that has a state, whatever its kind; the term that ends first comes first."""
    query = call.query
    listed = query["listed"]
    filters = Filters(
        kind=query.get("kind"),
        waiting=listed == "wacht",
        late=listed == "telaat",
        following=listed == "volg",
        words=query.get("words"),
    )
    stretch = processes(call.work, filters, order=query["order"], after=query.get("after"), amount=query["amount"])
    body = {
        "results": rows(call.work, stretch.rows, ""),
        "total": stretch.total + stretch.capped,
        "capped": stretch.capped,
    }
    return Answer(body, headers=next_link(stretch.following))


def follow(collection: str, call: Call, number: str) -> Answer:
    """Follow a process, or stop following it; nothing of the process changes, so no version is asked."""
    process = process_numbered(call.work, RECORDS[collection], number)
    set_following(call.work, process, following=call.body["following"])
    call.work.session.flush()
    return Answer({"number": process.number, "following": _follows(call.work, process.id)})


for _collection in COLLECTIONS.values():
    operation(
        "POST",
        f"/{_collection}/<number>/volgen",
        name=f"{_collection}Volgen",
        summary="Dit volgen, of daarmee stoppen",
        tag=_collection.capitalize(),
        gives=FollowingSchema,
        body=FollowingForm,
        media=JSON,
        keyed=True,
    )(partial(follow, _collection))


def _seen(call: Call, identity: int) -> None:
    call.check_seen(_row(service.own_subscription(call.work, identity)), SubscriptionSchema)


def _row(one: Subscription) -> Values:
    names = ("id", "kind", "label", "query", "told", "created_at")
    return {name: getattr(one, name) for name in names}


def _notices(work: Work) -> Mapping[str, Any]:
    return {"notices": work.session.get_one(Account, work.actor.account_id).notices}


def _follows(work: Work, process_id: int) -> bool:
    return work.session.get(Follower, (process_id, work.actor.account_id)) is not None
