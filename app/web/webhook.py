"""Webhooks: one's own, what was sent to each, and the messages that were given up for the administrator."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.webhook import Webhook
from app.domain.access import ADMINISTRATOR_ROLE
from app.domain.errors import Invalid
from app.schemas.form import describe, from_html, load, page_faults, to_html
from app.schemas.webhook import WebhookForm
from app.services import webhook as service
from app.services.choice import options
from app.services.webhook import webhook_of_owner
from app.web import confirmation
from app.web.access import LOGGED_IN, access
from app.web.shape import what_happened

pages = Blueprint("webhook", __name__)


@pages.get("/account/webhooks")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """One's own webhooks."""
    own = service.webhooks(g.work)
    pauses = value_list("webhookpauze")
    return render_template(
        "webhook/index.html", webhooks=own, standings=service.standings(g.work, own), pauses=pauses, most=service.MOST
    )


@pages.get("/account/webhooks/nieuw")
@access(LOGGED_IN)
def ask() -> ResponseReturnValue:
    """Ask where to send what happens."""
    return _form("Een webhook maken", {}, {}, submit="Maak de webhook")


@pages.post("/account/webhooks/nieuw")
@access(LOGGED_IN)
def begin() -> ResponseReturnValue:
    """Make a webhook."""
    raw = from_html(WebhookForm, request.form)
    try:
        made = service.begin_webhook(g.work, **_given(raw))
    except Invalid as error:
        return _form("Een webhook maken", raw, error.faults, submit="Maak de webhook")
    flash("De webhook is gemaakt. Zet nu het geheim in het andere systeem.", "success")
    return _to(made)


@pages.get("/account/webhooks/<int:webhook_id>")
@access(LOGGED_IN)
def show(webhook_id: int) -> ResponseReturnValue:
    """One webhook, with what was sent."""
    return _page(webhook_of_owner(g.work, webhook_id))


@pages.post("/account/webhooks/<int:webhook_id>/geheim")
@access(LOGGED_IN)
def reveal(webhook_id: int) -> ResponseReturnValue:
    """Show the secret; as an answer to a form, so that it stands in no history."""
    webhook = webhook_of_owner(g.work, webhook_id)
    return _page(webhook, secret=service.secret_of(g.work, webhook))


@pages.post("/account/webhooks/<int:webhook_id>/nieuw-geheim")
@access(LOGGED_IN)
def renew(webhook_id: int) -> ResponseReturnValue:
    """Sign with a new secret."""
    webhook = webhook_of_owner(g.work, webhook_id)
    service.renew_secret(g.work, webhook)
    flash("Er is een nieuw geheim. Het oude geldt nog een dag.", "success")
    return _to(webhook)


@pages.get("/account/webhooks/<int:webhook_id>/wijzigen")
@access(LOGGED_IN)
def ask_change(webhook_id: int) -> ResponseReturnValue:
    """Ask what has to change."""
    webhook = webhook_of_owner(g.work, webhook_id)
    values = {"naam": webhook.name, "adres": webhook.url, "soorten": webhook.kinds}
    return _form("Webhook wijzigen", values, {}, submit="Bewaar de wijziging")


@pages.post("/account/webhooks/<int:webhook_id>/wijzigen")
@access(LOGGED_IN)
def change(webhook_id: int) -> ResponseReturnValue:
    """Change it."""
    webhook = webhook_of_owner(g.work, webhook_id)
    raw = from_html(WebhookForm, request.form)
    try:
        service.change_webhook(g.work, webhook, **_given(raw))
    except Invalid as error:
        return _form("Webhook wijzigen", raw, error.faults, submit="Bewaar de wijziging")
    flash("De webhook is gewijzigd.", "success")
    return _to(webhook)


@pages.post("/account/webhooks/<int:webhook_id>/pauzeren")
@access(LOGGED_IN)
def pause(webhook_id: int) -> ResponseReturnValue:
    """Send nothing for now."""
    webhook = webhook_of_owner(g.work, webhook_id)
    service.pause(g.work, webhook)
    flash("De webhook ligt stil. Wat er gebeurt, sturen wij als u hem weer aanzet.", "success")
    return _to(webhook)


@pages.post("/account/webhooks/<int:webhook_id>/hervatten")
@access(LOGGED_IN)
def resume(webhook_id: int) -> ResponseReturnValue:
    """Go on."""
    webhook = webhook_of_owner(g.work, webhook_id)
    service.resume(g.work, webhook)
    flash("De webhook gaat verder waar hij was.", "success")
    return _to(webhook)


@pages.get("/account/webhooks/<int:webhook_id>/verwijderen")
@access(LOGGED_IN)
def ask_end(webhook_id: int) -> ResponseReturnValue:
    """Ask whether it has to end."""
    webhook = webhook_of_owner(g.work, webhook_id)
    return confirmation.ask_whether_meant(
        f"{webhook.name} verwijderen",
        "Het andere systeem krijgt geen berichten meer. Wat nog wacht, sturen wij niet.",
        submit="Verwijder deze webhook",
        trail=[
            ("Uw account", url_for("account.show")),
            ("Webhooks", url_for("webhook.index")),
            (webhook.name, url_for("webhook.show", webhook_id=webhook.id)),
        ],
    )


@pages.post("/account/webhooks/<int:webhook_id>/verwijderen")
@access(LOGGED_IN)
def end(webhook_id: int) -> ResponseReturnValue:
    """End it."""
    service.end_webhook(g.work, webhook_of_owner(g.work, webhook_id))
    flash("De webhook is verwijderd.", "success")
    return redirect(url_for("webhook.index"), 303)


@pages.post("/account/webhooks/<int:webhook_id>/bezorgingen/<event>")
@access(LOGGED_IN)
def settle(webhook_id: int, event: str) -> ResponseReturnValue:
    """Try a message again, or send it never."""
    webhook = webhook_of_owner(g.work, webhook_id)
    if "overslaan" in request.form:
        service.skip_delivery(g.work, webhook, event)
        flash("Het bericht is overgeslagen.", "success")
    else:
        service.retry_delivery(g.work, webhook, event)
        flash("Het bericht wordt opnieuw geprobeerd.", "success")
    return _to(webhook)


@pages.post("/beheer/berichten/webhooks/<int:webhook_id>/<event>")
@access(ADMINISTRATOR_ROLE)
def retry(webhook_id: int, event: str) -> ResponseReturnValue:
    """Try a message of anybody again that was given up."""
    service.retry_dead_letter(g.work, webhook_id, event)
    flash("Het bericht wordt opnieuw geprobeerd.", "success")
    return redirect(url_for("organisation.failed_jobs"), 303)


def _given(raw: Any) -> dict[str, Any]:
    answers = load(WebhookForm, raw)
    return {**answers, "kinds": answers.get("kinds") or []}


def _to(webhook: Webhook) -> ResponseReturnValue:
    return redirect(url_for("webhook.show", webhook_id=webhook.id), 303)


def _page(webhook: Webhook, *, secret: str | None = None) -> ResponseReturnValue:
    after = request.args.get("na")
    rows, following = service.deliveries(g.work, webhook, after=after)
    here = url_for("webhook.show", webhook_id=webhook.id)
    return render_template(
        "webhook/show.html",
        webhook=webhook,
        secret=secret,
        standing=service.standings(g.work, [webhook])[webhook.id],
        kinds=value_list("webhooksoort"),
        pause=value_list("webhookpauze").get(webhook.pause or ""),
        outcomes=value_list("bezorging"),
        deliveries=[(row, what_happened(g.work, row.delivery.type), service.explanation(row.delivery)) for row in rows],
        next_url=f"{here}?na={following}" if following else None,
        first_url=here if after else None,
    )


def _form(title: str, raw: Any, faults: Any, *, submit: str) -> ResponseReturnValue:
    text = render_template(
        "webhook/form.html",
        title=title,
        fields=describe(WebhookForm, options(g.work)),
        values=to_html(WebhookForm, raw),
        errors=page_faults(WebhookForm, faults),
        action=request.path,
        submit=submit,
    )
    return text, 400 if faults else 200
