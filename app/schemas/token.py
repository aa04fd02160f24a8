"""Keys for the API: the form of a new one, and how it goes out."""

from marshmallow import fields

from app.schemas.answer import AnswerSchema, counted, said, several, timed, truth
from app.schemas.field import Form
from app.schemas.kind import Day, Text, Tick
from app.schemas.several import References


class TokenForm(Form):
    """A key for oneself."""

    name = Text(
        "naam",
        "Naam van de sleutel",
        missing="Geef de sleutel een naam.",
        hint="Bijvoorbeeld de naam van het systeem dat hem gebruikt. Zo weet u later waar hij voor is.",
        longest=100,
    )
    roles = References(
        "rollen", "Rollen", source="own_roles", hint="Kies geen rol als de sleutel alles mag wat u zelf mag."
    )
    confirms = Tick(
        "bevestigt",
        "Deze sleutel mag ook wat op een pagina om een wachtwoord vraagt",
        hint="De sleutel mag dan bijvoorbeeld ook stemmen, vaststellen, publiceren en rollen geven. "
        "Kies dit alleen als het nodig is.",
    )
    until = Day(
        "geldigTot",
        "Geldig tot en met",
        hint="Hoogstens een jaar vooruit. Laat u dit leeg? Dan is de sleutel een jaar geldig.",
    )


class TokenSchema(AnswerSchema):
    """A key, without its value."""

    outside = "Sleutel"

    id = counted("id", "Nummer van de sleutel.")
    name = said("naam", "Waar de sleutel voor is.")
    roles = fields.List(
        fields.String(),
        data_key="rollen",
        required=True,
        allow_none=True,
        metadata={"description": "De rollen die de sleutel heeft, als het account ze ook heeft; null: alle."},
    )
    confirms = truth("bevestigt", "Mag ook wat op een pagina om een wachtwoord vraagt.")
    created_at = timed("gemaaktOp", "Wanneer de sleutel is gemaakt.")
    expires_at = timed("verlooptOp", "Tot wanneer de sleutel werkt; null: tot hij wordt ingetrokken.", nullable=True)
    used_at = timed("gebruiktOp", "Wanneer de sleutel het laatst is gebruikt, op tien minuten na.", nullable=True)


class NewTokenSchema(TokenSchema):
    """A key that was just made."""

    outside = "NieuweSleutel"

    value = said("sleutel", "De sleutel zelf. U krijgt hem alleen nu te zien.")


class TokensSchema(AnswerSchema):
    """One's own keys."""

    outside = "Sleutels"

    results = several("resultaten", TokenSchema, "De sleutels die niet zijn ingetrokken, de nieuwste eerst.")
