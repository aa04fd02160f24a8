"""The description of the API, from the same things that make its routes."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import Schema

from app.api.errors import TOLD
from app.api.example import EXAMPLES, add_examples
from app.api.null import say_null
from app.api.operation import BLUEPRINT, JSON, KEY, OPERATIONS, Answer, Call, Operation, operation
from app.config import value_list
from app.schemas.field import Kind, kinds
from app.schemas.form import FORMS
from app.schemas.kind import File
from app.schemas.problem import MEDIA_TYPE, ProblemSchema
from app.services.idempotency import LONGEST_KEY
from app.services.system import CONFIRM

VERSION = "1.0.0"
VERSION_HEADER = "API-Version"
VARIABLE = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<bounds>[^)]*)\))?:)?(?P<name>\w+)>")
BOUND = re.compile(r"(min|max)=(\d+)")
HIGHEST = 2**31 - 1
"""The highest number that stands in an address, where the address says no other."""
# What a part of an address is called outside, and what it says.
VARIABLES: Mapping[str, tuple[str, str]] = {
    "code": ("code", "Korte naam van het orgaan."),
    "number": ("nummer", "Nummer."),
    "name": ("naam", "Naam van de definitie."),
    "version": ("versie", "Versie van de definitie."),
    "action": ("actie", "De naam van de actie, zoals `oppakken`; kijk bij `acties`."),
    "round_number": ("ronde", "De hoeveelste stemronde van het agendapunt."),
    "attachment_id": ("id", "Nummer van het document."),
    "token_id": ("id", "Nummer van de sleutel."),
    "source": ("bron", "Naam van de gevolgde installatie."),
    "webhook_id": ("id", "Nummer van de webhook."),
    "event": ("gebeurtenis", "Id van de gebeurtenis."),
    "identity": ("id", "Nummer, zoals de lijst het noemt."),
    "item_id": ("stuk", "Nummer van het stuk in de verzameling."),
    "account_id": ("account", "Nummer van het account."),
    "organisation_id": ("id", "Nummer van de organisatie."),
    "job_id": ("id", "Nummer van de opdracht."),
    "seat_id": ("id", "Nummer van de zetel."),
    "substitution_id": ("id", "Nummer van de vervanging."),
    "position_id": ("id", "Nummer van de functie."),
    "client_id": ("clientId", "De naam waarmee het systeem zich bekendmaakt."),
}
COLON = "Nummer; een dubbele punt staat er letterlijk in."
ALWAYS, WITH_TOKEN = (401, 500, 503), (403,)
NO_CONTENT = 204
VERSION_SAID = {VERSION_HEADER: {"$ref": "#/components/headers/ApiVersie"}}
HEADER_BOUNDS: Mapping[str, Mapping[str, Any]] = {
    "If-Match": {"minLength": 1},
    KEY: {"minLength": 1, "maxLength": LONGEST_KEY, "pattern": r"\S"},
}
DESCRIPTION = (
    "Het register van knelpunten in gegevensdeling tussen overheden, van melding tot precedent. "
    "Wat openbaar is, vraagt geen sleutel. Momenten staan in UTC met een Z; "
    "dagen zijn dagen in Amsterdam. Wat iemand niet mag zien, geeft 404."
)
Description = dict[str, Any]


@operation(
    "GET",
    "/openapi.json",
    name="openapi",
    summary="Deze beschrijving",
    tag="Beschrijving",
    public=True,
    tagged=True,
)
def show(_: Call) -> Answer:
    """The description as OpenAPI; any site may read it."""
    return Answer(description(), headers={"Access-Control-Allow-Origin": "*"})


@cache
def description() -> Description:
    """Every call with what it takes and gives; made once, because routes do not change while we run."""
    marshmallow = MarshmallowPlugin(schema_name_resolver=_outside_name)
    spec = APISpec(
        title="Knelpuntenstelsel",
        version=VERSION,
        openapi_version="3.0.3",
        plugins=[marshmallow],
        info={
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"},
            "contact": {
                "name": "Functioneel beheer",
                "email": "beheer@knelpuntenstelsel.example",
                "url": "https://knelpuntenstelsel.example/over",
            },
        },
        servers=[{"url": BLUEPRINT.url_prefix}],
        externalDocs={"description": "Uitleg, met voorbeelden van elke aanroep", "url": "/ontwikkelaars"},
        security=[{}],
    )
    assert marshmallow.converter is not None
    marshmallow.converter.field_mapping[File] = ("string", "binary")
    marshmallow.converter.add_attribute_function(_bounds)  # type: ignore[no-untyped-call]
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme("systeem", _for_systems())
    spec.components.header(
        "ApiVersie", {"description": "De versie van de API.", "required": True, "schema": {"type": "string"}}
    )
    spec.components.schema("Probleem", schema=ProblemSchema)
    spec.components.response("Ongewijzigd", {"description": "U hebt de laatste versie al.", "headers": VERSION_SAID})
    for status, (title, _) in TOLD.items():
        spec.components.response(f"Probleem{status}", _problem(title))
    for name, form in FORMS.items():
        spec.components.schema(_outside_name(form), schema=form) if name else None
    for tag in dict.fromkeys(made.tag for made in OPERATIONS):
        spec.tag({"name": tag})
    for made in OPERATIONS:
        spec.path(path=outside_path(made.path), operations={made.method.lower(): _described(made, marshmallow)})
    told = spec.to_dict()
    say_null(told)
    add_examples(told)
    return told


def outside_path(path: str) -> str:
    """The path of a route as OpenAPI writes it.

    >>> outside_path("/workflows/<name>/<int:version>")
    '/workflows/{naam}/{versie}'
    """
    return VARIABLE.sub(lambda match: f"{{{VARIABLES[match['name']][0]}}}", path)


def _described(made: Operation, marshmallow: MarshmallowPlugin) -> Description:
    told: Description = {
        "operationId": made.name,
        "summary": made.summary,
        "tags": [made.tag],
        "parameters": [*_path_parameters(made), *_query_parameters(made, marshmallow), *_header_parameters(made)],
        "responses": {str(made.status): _success(made), **_refusals(made)},
    }
    if not made.public and not made.by_statement:
        told["security"] = [{"token": []}, {"systeem": []}]
    if body := _body(made):
        told["requestBody"] = body
    return told


def _bounds(_: object, field: Any, **__: Any) -> Description:
    """What a field says of its values beside what any library knows."""
    return dict(field.bounds) if isinstance(field, Kind) else {}


def _path_parameters(made: Operation) -> list[Description]:
    found = VARIABLE.finditer(made.path)
    return [
        {
            "in": "path",
            "name": VARIABLES[match["name"]][0],
            "description": _said_of_variable(made, match["name"]),
            "required": True,
            "schema": _whole_number(match) if match["kind"] == "int" else {"type": "string"},
        }
        for match in found
    ]


def _said_of_variable(made: Operation, name: str) -> str:
    """What a part of an address says; a colon in it is sent as it is."""
    outside, says = VARIABLES[name]
    sample = EXAMPLES["collection"].get(made.path.split("/")[1], {}).get(outside, "")
    return COLON if ":" in str(sample) else says


def _whole_number(match: re.Match[str]) -> Description:
    """The numbers that an address takes; with another one it leads nowhere."""
    bounds = dict(BOUND.findall(match["bounds"] or ""))
    return {"type": "integer", "minimum": int(bounds.get("min", 0)), "maximum": int(bounds.get("max", HIGHEST))}


def _query_parameters(made: Operation, marshmallow: MarshmallowPlugin) -> list[Description]:
    converter = marshmallow.converter
    assert converter is not None
    return [
        {
            "in": "query",
            "name": kind.key,
            "description": kind.metadata.get("description") or kind.label,
            "required": kind.required,
            # An address can leave a parameter out, and cannot say that it is null.
            "schema": {name: says for name, says in converter.field2property(kind).items() if name != "nullable"},
        }
        for kind in kinds(made.query or Schema)  # type: ignore[arg-type]
    ]


def _header_parameters(made: Operation) -> list[Description]:
    told = []
    if made.changes:
        told.append(("If-Match", "De ETag die u het laatst kreeg.", True))
    elif made.takes.get("If-Match"):
        told.append(("If-Match", made.takes["If-Match"], False))
    if made.keyed:
        told.append(
            (KEY, "Een sleutel van uzelf: met dezelfde sleutel wordt hetzelfde verzoek één keer gedaan.", False)
        )
    if made.tagged and made.method == "GET":
        told.append(("If-None-Match", "Een ETag: is er niets veranderd, dan is het antwoord 304.", False))
    return [
        {
            "in": "header",
            "name": name,
            "description": says,
            "required": required,
            "schema": {"type": "string", **HEADER_BOUNDS.get(name, {})},
        }
        for name, says, required in told
    ]


def _success(made: Operation) -> Description:
    headers: Description = {**VERSION_SAID}
    for name, shown, says in (
        ("ETag", made.tagged, "De versie van wat u kreeg."),
        ("Link", made.paged, "Het volgende stuk van de lijst, met rel=next."),
        ("Location", made.status == 201, "Waar staat wat u maakte."),
    ):
        if shown:
            headers[name] = {"description": says, "schema": {"type": "string"}}
    schema: Any = {"oneOf": [made.gives, *made.gives_also]} if made.gives_also else made.gives or {"type": "object"}
    content: Description = {"schema": schema}
    if made.example and "answer" in made.example:
        content["example"] = made.example["answer"]
    if made.status == NO_CONTENT:
        return {"description": "Gelukt; er is niets te lezen.", "headers": headers}
    return {"description": "Gelukt.", "headers": headers, "content": {made.takes.get("gives", JSON): content}}


def _refusals(made: Operation) -> Description:
    statuses = {*ALWAYS}
    if not made.public and not made.by_statement:
        statuses |= {*WITH_TOKEN}
    if VARIABLE.search(made.path) or made.takes.get("404"):
        statuses |= {404}
    if made.query or made.media or VARIABLE.search(made.path) or made.tagged:
        statuses |= {400}
    if made.media:
        statuses |= {413, 415, 507}
    if made.changes or made.takes.get("If-Match"):
        statuses |= {409, 412}
    if made.changes:
        statuses |= {428}
    if made.takes.get("409"):
        statuses |= {409}
    if made.takes.get("410"):
        statuses |= {410}
    told: Description = {str(status): f"Probleem{status}" for status in sorted(statuses)}
    if made.refuses:
        told |= {status: _refusal(made.refuses, TOLD[int(status)][0]) for status in ("400", "401", "429")}
    unchanged = {"304": "Ongewijzigd"} if made.tagged and made.method == "GET" else {}
    return unchanged | told


def _body(made: Operation) -> Description | None:
    if made.media is None:
        return None
    schema: Any = (
        made.body
        or made.asks
        or {
            "type": "object",
            "description": "De velden die de actie vraagt: zie …/acties. De formulieren staan bij de schema’s.",
            "properties": {"reden": {"type": "string", "description": "Waarom; komt in het verloop."}},
            "additionalProperties": True,
        }
    )
    content: Description = {"schema": schema}
    if made.example and "body" in made.example:
        content["example"] = made.example["body"]
    return {"required": bool(made.body or made.asks), "content": {made.media: content}}


def _for_systems() -> Description:
    """Client credentials with a signed statement, by the NL GOV profile for OAuth."""
    scopes = {**value_list("rol"), CONFIRM: "Wat op een pagina om een wachtwoord vraagt"}
    flow = {"tokenUrl": f"{BLUEPRINT.url_prefix}/oauth/token", "scopes": scopes}
    says = "Een systeem vraagt met private_key_jwt (PS256 of ES256) een sleutel voor een kwartier."
    return {"type": "oauth2", "description": says, "flows": {"clientCredentials": flow}}


def _refusal(schema: type[Schema], title: str) -> Description:
    """A refusal as another standard has it; what is wrong with the request as such is a problem document."""
    return {"description": title, "content": {JSON: {"schema": schema}, **_problem(title)["content"]}}


def _problem(title: str) -> Description:
    return {"description": title, "content": {MEDIA_TYPE: {"schema": ProblemSchema}}}


def _outside_name(schema: Any) -> str:
    """The name of a schema in the description."""
    found = resolve_schema_cls(schema)
    name = getattr(found, "outside", None)
    if isinstance(name, str):
        return name
    return str(found.__name__).removesuffix("Schema")  # type: ignore[union-attr]
