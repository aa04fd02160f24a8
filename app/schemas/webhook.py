"""Webhooks: the form of one, and how it and what was delivered go out."""

from app.schemas.answer import AnswerSchema, counted, said, said_each, several, timed, truth
from app.schemas.field import Form
from app.schemas.kind import Text
from app.schemas.query import PageQuery
from app.schemas.several import Choices

LONGEST_ADDRESS = 500


class WebhookForm(Form):
    """Where to send what happens, and which of it."""

    name = Text(
        "naam",
        "Naam",
        missing="Geef de webhook een naam.",
        hint="Bijvoorbeeld de naam van het systeem dat de berichten krijgt.",
        longest=100,
    )
    url = Text(
        "adres",
        "Adres",
        missing="Vul het adres in waar wij de berichten heen sturen.",
        hint="Een volledig adres dat begint met https.",
        longest=LONGEST_ADDRESS,
    )
    kinds = Choices(
        "soorten",
        "Waarover",
        list="webhooksoort",
        hint="Kiest u niets, dan krijgt het systeem bericht van alles wat u zelf mag zien.",
    )


class WebhookSchema(AnswerSchema):
    """A webhook, without its secret."""

    outside = "Webhook"

    id = counted("id", "Nummer van de webhook.")
    name = said("naam", "Hoe de webhook heet.")
    url = said("adres", "Waar de berichten heen gaan.")
    kinds = said_each("soorten", "Waarover, uit de lijst webhooksoort; leeg: alles wat het account mag zien.")
    active = truth("actief", "Er wordt verstuurd.")
    pause = said("pauze", "Waarom niet, uit de lijst webhookpauze; null: er wordt verstuurd.", nullable=True)
    paused_at = timed("stilSinds", "Sinds wanneer niet; null: er wordt verstuurd.", nullable=True)
    waiting = counted("wachtend", "Hoeveel bezorgingen nog niet zijn aangekomen.")
    failed = counted("mislukt", "Hoeveel daarvan na alle pogingen zijn opgegeven.")
    created_at = timed("gemaaktOp", "Wanneer de webhook is gemaakt.")


class SecretWebhookSchema(WebhookSchema):
    """A webhook with the secret by which the receiver knows that a message is ours."""

    outside = "WebhookMetGeheim"

    secret = said(
        "geheim",
        "Hiermee controleert de ontvanger de handtekening. De API geeft het alleen nu; een herhaald antwoord heeft "
        "null. Op de pagina van de webhook ziet u het later nog.",
        nullable=True,
    )


class WebhooksSchema(AnswerSchema):
    """One's own webhooks."""

    outside = "Webhooks"

    results = several("resultaten", WebhookSchema, "Uw webhooks, de nieuwste eerst.")


class DeliverySchema(AnswerSchema):
    """One message to a webhook."""

    outside = "Bezorging"

    identity = said("gebeurtenis", "Het id van de gebeurtenis, en van het bericht.")
    type = said("type", "Wat er gebeurde.")
    number = said("nummer", "Waar het over gaat; null: u mag dat niet (meer) zien.", nullable=True)
    made_at = timed("klaargezetOp", "Sinds wanneer het bericht er ligt.")
    attempts = counted("pogingen", "Hoe vaak het is geprobeerd.")
    tried_at = timed("geprobeerdOp", "Wanneer voor het laatst.", nullable=True)
    due_at = timed("volgendePoging", "Wanneer het weer wordt geprobeerd; null: niet vanzelf.", nullable=True)
    done_at = timed("klaarOp", "Wanneer het klaar was.", nullable=True)
    outcome = said("uitkomst", "Hoe het afliep, uit de lijst bezorging; null: nog niet klaar.", nullable=True)
    error = said("fout", "Waarom het niet lukte, uit de lijst bezorgfout.", nullable=True)
    status = counted("antwoord", "De HTTP-status die de ontvanger gaf.", nullable=True)
    waits = truth("wachtOpEerdere", "Een eerder bericht over dezelfde zaak is nog niet aangekomen.")
    failed = truth("opgegeven", "Het is na alle pogingen opgegeven; wat erna komt over dezelfde zaak wacht.")


class DeliveriesSchema(AnswerSchema):
    """What was and will be sent to a webhook."""

    outside = "Bezorgingen"

    results = several("resultaten", DeliverySchema, "De bezorgingen van dertig dagen, de nieuwste eerst.")


class DeliveryQuery(PageQuery):
    """A stretch of the deliveries."""

    after = Text("na", "Na", hint="Het id van de laatste gebeurtenis van het vorige stuk.", longest=100)
