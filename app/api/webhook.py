"""One's own webhooks: making, changing, pausing and ending one, and what became of each message."""

from collections.abc import Callable
from typing import Any

from flask import Response, g

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.process import next_link
from app.db.webhook import Webhook
from app.schemas.webhook import (
    DeliveriesSchema,
    DeliveryQuery,
    SecretWebhookSchema,
    WebhookForm,
    WebhookSchema,
    WebhooksSchema,
)
from app.services import webhook as service
from app.services.webhook import DeliveryRow, Standing, webhook_of_owner
from app.services.work import Work

COLLECTION, TAG = "webhooks", "Webhooks"
ONE = f"/{COLLECTION}/<int:webhook_id>"
DELIVERIES = f"{ONE}/bezorgingen"
PAUSED = {
    "id": 1,
    "naam": "Zaaksysteem",
    "adres": "https://zaken.voorbeeld.example/knelpunten",
    "soorten": ["knelpunt", "uitspraak"],
    "actief": False,
    "pauze": service.BY_OWNER,
    "stilSinds": "2026-11-23T09:30:00Z",
    "wachtend": 0,
    "mislukt": 0,
    "gemaaktOp": "2026-11-20T14:05:00Z",
}


@operation("GET", f"/{COLLECTION}", name="webhooksLijst", summary="Uw webhooks", tag=TAG, gives=WebhooksSchema)
def index(call: Call) -> Answer:
    """One's own webhooks."""
    own = service.webhooks(call.work)
    standings = service.standings(call.work, own)
    return Answer({"results": [_row(webhook, standings[webhook.id]) for webhook in own]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="webhookMaken",
    summary="Een adres bericht sturen van wat er gebeurt; het geheim geeft de API alleen nu, de pagina ook later",
    tag=TAG,
    gives=SecretWebhookSchema,
    body=WebhookForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
)
def create(call: Call) -> Answer:
    """Make a webhook that hears no more than the key with which it is asked."""
    work = call.work
    made = service.begin_webhook(work, **_given(call), key=service.key_of(work, g.get("key")))
    where = f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.id}"
    return _answer(work, made, secret=service.secret_of(work, made), headers={"Location": where})


@operation("GET", ONE, name="webhookEen", summary="Eén webhook van uzelf", tag=TAG, gives=WebhookSchema, tagged=True)
def show(call: Call, webhook_id: int) -> Answer:
    """One of one's own webhooks."""
    return _answer(call.work, webhook_of_owner(call.work, webhook_id))


@operation(
    "PUT",
    ONE,
    name="webhookWijzigen",
    summary="De naam, het adres of de soorten wijzigen; wat nog wacht gaat naar het nieuwe adres",
    tag=TAG,
    gives=WebhookSchema,
    body=WebhookForm,
    media=JSON,
    tagged=True,
    changes=True,
)
def change(call: Call, webhook_id: int) -> Answer:
    """Write a webhook anew."""
    webhook = _to_change(call, webhook_id)
    service.change_webhook(call.work, webhook, **_given(call))
    return _answer(call.work, webhook)


@operation(
    "DELETE",
    ONE,
    name="webhookVerwijderen",
    summary="Een webhook verwijderen; wat nog wacht wordt niet verstuurd",
    tag=TAG,
    status=204,
    changes=True,
)
def end(call: Call, webhook_id: int) -> Response:
    """End a webhook."""
    service.end_webhook(call.work, _to_change(call, webhook_id))
    return Response(status=204)


@operation(
    "POST",
    f"{ONE}/nieuw-geheim",
    name="webhookNieuwGeheim",
    summary="Een nieuw geheim; het oude geldt nog een dag",
    tag=TAG,
    gives=SecretWebhookSchema,
    tagged=True,
    changes=True,
)
def renew(call: Call, webhook_id: int) -> Answer:
    """Sign with a new secret."""
    webhook = _to_change(call, webhook_id)
    service.renew_secret(call.work, webhook)
    return _answer(call.work, webhook, secret=service.secret_of(call.work, webhook))


def _register(path: str, name: str, summary: str, change: Callable[[Work, Webhook], None], example: Any = None) -> None:
    """A change that asks nothing."""

    def view(call: Call, webhook_id: int) -> Answer:
        webhook = _to_change(call, webhook_id)
        change(call.work, webhook)
        return _answer(call.work, webhook)

    operation(
        "POST",
        f"{ONE}/{path}",
        name=name,
        summary=summary,
        tag=TAG,
        gives=WebhookSchema,
        tagged=True,
        changes=True,
        example=example,
    )(view)


_register(
    "pauzeren",
    "webhookPauzeren",
    "Even niets versturen; wat er gebeurt komt na het hervatten",
    service.pause,
    example={"answer": PAUSED},
)
_register(
    "hervatten",
    "webhookHervatten",
    "Verdergaan waar het stopte, en wat is opgegeven opnieuw proberen",
    service.resume,
)


@operation(
    "GET",
    DELIVERIES,
    name="webhookBezorgingen",
    summary="Wat is verstuurd, wat wacht en wat niet aankwam",
    tag=TAG,
    gives=DeliveriesSchema,
    query=DeliveryQuery,
    paged=True,
)
def deliveries(call: Call, webhook_id: int) -> Answer:
    """The messages of thirty days, the newest first."""
    work, query = call.work, call.query
    webhook = webhook_of_owner(work, webhook_id)
    rows, following = service.deliveries(work, webhook, after=query.get("after"), amount=query["amount"])
    return Answer({"results": [_delivery(row) for row in rows]}, headers=next_link(following))


def _register_delivery(path: str, name: str, summary: str, change: Callable[[Work, Webhook, str], None]) -> None:
    """A change to one message."""

    def view(call: Call, webhook_id: int, event: str) -> Answer:
        webhook = _to_change(call, webhook_id)
        change(call.work, webhook, event)
        return _answer(call.work, webhook)

    operation(
        "POST",
        f"{DELIVERIES}/<event>/{path}",
        name=name,
        summary=summary,
        tag=TAG,
        gives=WebhookSchema,
        tagged=True,
        changes=True,
    )(view)


_register_delivery("opnieuw", "bezorgingOpnieuw", "Een bericht nu opnieuw proberen", service.retry_delivery)
_register_delivery(
    "overslaan",
    "bezorgingOverslaan",
    "Een bericht nooit versturen, zodat wat erna komt verder kan",
    service.skip_delivery,
)


def _to_change(call: Call, webhook_id: int) -> Webhook:
    webhook = webhook_of_owner(call.work, webhook_id)
    call.check_version(webhook.revision, required=True)
    return webhook


def _given(call: Call) -> dict[str, Any]:
    return {**call.body, "kinds": call.body.get("kinds") or []}


def _answer(work: Work, webhook: Webhook, *, secret: str | None = None, headers: Any = None) -> Answer:
    said = {} if secret is None else {"secret": secret}
    body = {**_row(webhook, service.standings(work, [webhook])[webhook.id]), **said}
    return Answer(body, revision=webhook.revision, headers=headers or {})


def _row(webhook: Webhook, standing: Standing) -> dict[str, Any]:
    names = ("id", "name", "url", "kinds", "pause", "paused_at", "created_at")
    told = {name: getattr(webhook, name) for name in names}
    return {**told, "active": webhook.paused_at is None, **standing._asdict()}


def _delivery(row: DeliveryRow) -> dict[str, Any]:
    delivery = row.delivery
    names = ("identity", "type", "made_at", "attempts", "tried_at", "done_at", "outcome", "error", "status")
    is_open = delivery.done_at is None and delivery.failed_at is None
    return {
        **{name: getattr(delivery, name) for name in names},
        "number": row.number,
        "due_at": delivery.due_at if is_open and not row.waits else None,
        "waits": row.waits,
        "failed": delivery.failed_at is not None,
    }
