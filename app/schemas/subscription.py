"""The forms of hearing of something and of following it, and how these go out."""

from app.schemas.answer import AnswerSchema, as_kept, collection, counted, said, several, timed, truth
from app.schemas.field import Form
from app.schemas.kind import Choice, LongText, Text, YesNo
from app.schemas.process import ProcessSchema


class SubscriptionForm(Form):
    """What somebody wants to hear of."""

    kind = Choice("soort", "Soort", list="abonnement", missing="Kies een uitspraak, een wet of een zoekvraag.")
    number = Text("nummer", "Uitspraak", hint="Nummer van de uitspraak.")
    law = Text("wet", "Wet", hint="Het nummer van de wet, zoals BWBR0031331.")
    search = LongText(
        "zoekvraag",
        "Zoekvraag",
        longest=2000,
        hint="De parameters van /precedenten, zoals q=schulden&type=juridisch.",
    )
    told = YesNo("berichten", "Berichten", load_default=True, hint="Nee: alleen bewaren, zonder berichten.")


class ToldForm(Form):
    """Whether one hears of it."""

    told = YesNo("berichten", "Berichten", missing="Kies ja of nee.")


class FollowingForm(Form):
    """Whether one follows it."""

    following = YesNo("volgen", "Volgen", missing="Kies ja of nee.")


class SubscriptionSchema(AnswerSchema):
    """Something that one hears of."""

    outside = "Abonnement"

    id = counted("id", "Nummer van het abonnement.")
    kind = said("soort", "uitspraak, wet of zoekvraag.")
    label = said("label", "Wat mensen lezen.")
    query = as_kept("gevraagd", "Wat is gevraagd: het nummer, de wet of de parameters van de zoekvraag.")
    told = truth("berichten", "U krijgt berichten; nee: het is alleen bewaard.")
    created_at = timed("gemaaktOp", "Sinds wanneer.")


class SubscriptionsSchema(AnswerSchema):
    """Everything that one hears of."""

    outside = "Abonnementen"

    results = several("resultaten", SubscriptionSchema, "De abonnementen, het nieuwste eerst.")


class NoticeSchema(AnswerSchema):
    """How one wants to hear of what happens."""

    outside = "Berichtenkeuze"

    notices = said("berichten", "direct, dagelijks of uit.")


class FollowingSchema(AnswerSchema):
    """Whether one follows a process."""

    outside = "Volgen"

    number = said("nummer", "Nummer van wat u volgt.")
    following = truth("volgt", "U volgt dit.")


WorklistSchema = collection("Werkvoorraad", ProcessSchema)
