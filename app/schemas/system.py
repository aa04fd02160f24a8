"""Systems: registering one, asking a key with a signed statement, and how both go out."""

from marshmallow import EXCLUDE, fields

from app.schemas.answer import (
    AnswerSchema,
    OrganisationSchema,
    counted,
    one,
    said,
    said_each,
    several,
    timed,
    truth,
)
from app.schemas.field import Form
from app.schemas.kind import LongText, Matches, Reference, Text, Tick
from app.schemas.several import References

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION = 8192


def _public_keys() -> LongText:
    return LongText(
        "openbareSleutels",
        "Openbare sleutels (JWKS)",
        missing="Plak de openbare sleutels van het systeem.",
        hint="Alleen het openbare deel, als JSON. RSA met ten minste 2048 bits (PS256), of EC P-256 (ES256).",
        longest=LONGEST_ASSERTION,
        shown={"rows": 8},
    )


class PublicKeysForm(Form):
    """The keys by which a system is known."""

    keys = _public_keys()


class SystemForm(Form):
    """A system that gets an account of its own."""

    name = Text(
        "naam",
        "Naam van het systeem",
        missing="Geef het systeem een naam.",
        hint="Bijvoorbeeld “Zaaksysteem gemeente Utrecht”. Deze naam staat in het verloop.",
        longest=100,
    )
    organisation = Reference(
        "organisatie",
        "Organisatie",
        source="organisations",
        missing="Kies voor welke organisatie het systeem werkt.",
        hint="De naam uit de lijst, of het TOOI-adres.",
        shown={"kind": "organisatie"},
    )
    roles = References(
        "rollen",
        "Rollen",
        source="system_roles",
        hint="Geef alleen de rollen die nodig zijn. Zonder rol leest het systeem alleen wat openbaar is; "
        "u kunt later nog rollen geven.",
    )
    confirms = Tick(
        "bevestigt",
        "Dit systeem mag ook wat op een pagina om een wachtwoord vraagt",
        hint="Het systeem mag dan bijvoorbeeld ook vaststellen, publiceren en rollen geven. "
        "Kies dit alleen als het nodig is.",
    )
    keys = _public_keys()


class AccessRequestForm(Form):
    """What a system sends to get a key, as RFC 6749 and RFC 7523 name it; other names are left alone."""

    class Meta:
        unknown = EXCLUDE

    grant_type = Text(
        "grant_type",
        "Soort aanvraag",
        missing="grant_type ontbreekt.",
        checks=[Matches(GRANT_TYPE, f"Stuur {GRANT_TYPE}.")],
    )
    assertion_type = Text(
        "client_assertion_type",
        "Soort verklaring",
        missing="client_assertion_type ontbreekt.",
        checks=[Matches(ASSERTION_TYPE, f"Stuur {ASSERTION_TYPE}.")],
    )
    assertion = Text(
        "client_assertion",
        "Ondertekende verklaring",
        missing="client_assertion ontbreekt.",
        hint="Een JWT die het systeem zelf ondertekende, met iss, sub, aud, exp, iat en jti.",
        longest=LONGEST_ASSERTION,
    )
    scope = Text("scope", "Rechten", hint="Rollen met een spatie ertussen; leeg: alle rollen van het systeem.")
    client_id = Text("client_id", "Naam van het systeem", hint="Mag weg: de verklaring zegt het al.")


class AccessSchema(AnswerSchema):
    """A key for some minutes, as RFC 6749 gives it."""

    outside = "Toegang"

    access_token = said("access_token", "De sleutel, voor in de kop Authorization.")
    token_type = said("token_type", "Altijd Bearer.")
    expires_in = counted("expires_in", "Over hoeveel seconden de sleutel verloopt.")
    scope = said("scope", "De rollen van de sleutel, met een spatie ertussen.")


class AccessRefusedSchema(AnswerSchema):
    """Why a system gets no key, as RFC 6749 says it."""

    outside = "ToegangGeweigerd"

    error = said("error", "Een van de codes van RFC 6749, paragraaf 5.2; na te veel fouten: temporarily_unavailable.")
    error_description = said("error_description", "Wat er niet klopt.")


class SystemSchema(AnswerSchema):
    """A system."""

    outside = "Systeem"

    client_id = said("clientId", "Waarmee het systeem zich noemt in iss en sub.")
    name = said("naam", "De naam van het systeem.")
    organisation = one("organisatie", OrganisationSchema, "Voor welke organisatie het werkt.")
    roles = said_each("rollen", "De rollen van het systeem.")
    confirms = truth("bevestigt", "Mag ook wat op een pagina om een wachtwoord vraagt.")
    public_keys = fields.List(
        fields.Dict(),
        data_key="openbareSleutels",
        required=True,
        metadata={"description": "De openbare sleutels, elk als JWK."},
    )
    created_at = timed("gemaaktOp", "Wanneer het systeem is aangemeld.")
    used_at = timed("gebruiktOp", "Wanneer het systeem het laatst een sleutel vroeg.", nullable=True)
    ended_at = timed("beeindigdOp", "Wanneer het systeem is gesloten; null: het is open.", nullable=True)


class SystemsSchema(AnswerSchema):
    """Every system."""

    outside = "Systemen"

    results = several("resultaten", SystemSchema, "De systemen, de nieuwste eerst.")
