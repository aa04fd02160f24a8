"""The kinds of field that answers of the API are made of, and the small objects that return in many of them."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from marshmallow import Schema, fields


class AnswerSchema(Schema):
    """What the API gives; each answer is known outside by its Dutch name."""

    outside: ClassVar[str]

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A value of what is dumped; most of it is a dictionary, of which nothing but the keys is asked."""
        return obj.get(attr, default) if type(obj) is dict else super().get_attribute(obj, attr, default)


class Instant(fields.DateTime):
    """A moment in UTC, written with a Z and as precisely as the journal has it.

    >>> Instant()._serialize(datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "at", None)
    '2026-11-21T09:30:00Z'
    """

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> str | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


class Plain(fields.Raw):
    """An object of which the parts are said in words, because they differ by kind."""


def said(key: str, says: str, *, nullable: bool = False) -> fields.String:
    """A text in an answer."""
    return fields.String(data_key=key, required=True, allow_none=nullable, metadata={"description": says})


def counted(key: str, says: str, *, nullable: bool = False) -> fields.Integer:
    """A whole number in an answer."""
    return fields.Integer(data_key=key, required=True, allow_none=nullable, metadata={"description": says})


def truth(key: str, says: str, *, nullable: bool = False) -> fields.Boolean:
    """A yes or no in an answer."""
    return fields.Boolean(data_key=key, required=True, allow_none=nullable, metadata={"description": says})


def dated(key: str, says: str, *, nullable: bool = True) -> fields.Date:
    """A day in Amsterdam."""
    return fields.Date(data_key=key, required=True, allow_none=nullable, metadata={"description": says})


def timed(key: str, says: str, *, nullable: bool = False) -> Instant:
    """A moment in UTC."""
    return Instant(data_key=key, required=True, allow_none=nullable, metadata={"description": says})


def said_each(key: str, says: str) -> fields.List[Any]:
    """A list of texts."""
    return fields.List(fields.String(), data_key=key, required=True, metadata={"description": says})


def one(key: str, schema: type[Schema], says: str, *, nullable: bool = False) -> fields.Nested:
    """An object in an answer."""
    return fields.Nested(schema, data_key=key, required=True, allow_none=nullable, metadata={"description": says})


def several(key: str, schema: type[Schema], says: str) -> fields.List[Any]:
    """A list of objects."""
    return fields.List(fields.Nested(schema), data_key=key, required=True, metadata={"description": says})


def as_kept(key: str, says: str) -> Plain:
    """An object or list that goes out as it is kept."""
    return Plain(data_key=key, required=True, allow_none=True, metadata={"description": says})


class OrganisationSchema(AnswerSchema):
    """An organisation: of the government's list by its TOOI address, or a private one by name."""

    outside = "Organisatie"

    tooi_uri = said("tooiUri", "Adres in de lijst van overheidsorganisaties (TOOI).", nullable=True)
    name = said("naam", "Naam.")


class OrganisationRowSchema(OrganisationSchema):
    """An organisation of the list."""

    outside = "OrganisatieInLijst"

    id = counted("id", "Nummer van de organisatie in dit register.")
    kind = said("soort", "Soort organisatie.")
    joined = truth("doetMee", "De organisatie doet mee en kan melden.")
    ended_on = dated("opgehevenOp", "Sinds deze dag bestaat de organisatie niet meer.")


class OrganisationSettingsSchema(OrganisationRowSchema):
    """An organisation with what the administrator set for it."""

    outside = "OrganisatieInstellingen"

    needs_approval = truth("akkoordNodig", "De coördinator van de organisatie geeft akkoord voor een melding weggaat.")


class WorkflowKeySchema(AnswerSchema):
    """A definition by name and version."""

    outside = "Workflowverwijzing"

    name = said("naam", "Naam van de definitie.")
    version = counted("versie", "Versie van de definitie.")


class CodedSchema(AnswerSchema):
    """A code of a value list with its label."""

    outside = "Code"

    code = said("code", "Code uit de waardelijst.")
    label = said("label", "Wat mensen lezen.")


class LawSchema(AnswerSchema):
    """A reference to law."""

    outside = "Grondslag"

    system = said("stelsel", "bwb, cvdr of celex.")
    identifier = said("id", "Nummer van de regeling in dat stelsel.")
    article = said("artikel", "Artikel.", nullable=True)
    paragraph = said("lid", "Lid.", nullable=True)
    part = said("onderdeel", "Onderdeel.", nullable=True)
    valid_on = dated("geldigOp", "De dag waarvan de tekst bedoeld is.")
    label = said("label", "De verwijzing in woorden.")
    jci = said("jci", "De Juriconnect-verwijzing, alleen voor bwb.", nullable=True)
    url = said("url", "Waar iedereen het artikel kan lezen.")


def collection(outside_name: str, item: type[Schema]) -> type[AnswerSchema]:
    """A stretch of a collection: what is in it, and the capped count of the whole."""
    made = {
        "__doc__": "A stretch of a collection.",
        "outside": outside_name,
        "results": several("resultaten", item, "Dit stuk van de lijst."),
        "total": counted("totaal", "Hoeveel er in de hele lijst staan; tellen stopt na 1.000."),
        "capped": truth("totaalBegrensd", "Er kunnen er meer zijn dan geteld is."),
    }
    return type(f"{outside_name}Schema", (AnswerSchema,), made)
