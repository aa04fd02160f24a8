"""Organisations: the government's own list, who takes part, and letting one take part."""

from app.api.operation import JSON, Answer, Call, operation
from app.api.process import next_link
from app.api.representation import Values
from app.db.organisation import Organisation
from app.domain.access import ADMINISTRATOR_ROLE
from app.schemas.answer import OrganisationRowSchema, OrganisationSettingsSchema, collection
from app.schemas.organisation import OrganisationSettings
from app.schemas.query import OrganisationQuery
from app.services.organisation import listed_organisations, organisation_with, set_joined

COLLECTION = "organisaties"
ONE = f"/{COLLECTION}/<int:organisation_id>"


@operation(
    "GET",
    f"/{COLLECTION}",
    name="organisatiesLijst",
    summary="De lijst van overheidsorganisaties, en wie meedoet",
    tag=COLLECTION.capitalize(),
    gives=collection("Organisaties", OrganisationRowSchema),
    query=OrganisationQuery,
    public=True,
    paged=True,
)
def index(call: Call) -> Answer:
    """A stretch of the list; a private party is no part of it, since it would say who is in whose case."""
    query = call.query
    stretch = listed_organisations(
        call.work,
        words=query.get("words"),
        joined=query["joined"],
        after=query.get("after"),
        amount=query["amount"],
    )
    body = {"results": stretch.rows, "total": stretch.total + stretch.capped, "capped": stretch.capped}
    return Answer(body, headers=next_link(stretch.following))


@operation(
    "GET",
    ONE,
    name="organisatieInstellingen",
    summary="Wat voor een organisatie is ingesteld",
    tag=COLLECTION.capitalize(),
    gives=OrganisationSettingsSchema,
    tagged=True,
)
def show(call: Call, organisation_id: int) -> Answer:
    """Whether it takes part, and who sends its reports."""
    call.check_role(ADMINISTRATOR_ROLE)
    return Answer(_settings(organisation_with(call.work, organisation_id)))


@operation(
    "PUT",
    ONE,
    name="organisatieInstellen",
    summary="Een organisatie laten meedoen of niet, en zeggen wie haar meldingen verstuurt",
    tag=COLLECTION.capitalize(),
    gives=OrganisationSettingsSchema,
    body=OrganisationSettings,
    media=JSON,
    tagged=True,
    changes=True,
)
def change(call: Call, organisation_id: int) -> Answer:
    """Set it."""
    call.check_role(ADMINISTRATOR_ROLE)
    found = organisation_with(call.work, organisation_id)
    call.check_seen(_settings(found), OrganisationSettingsSchema)
    set_joined(call.work, found, **call.body)
    return Answer(_settings(found))


def _settings(found: Organisation) -> Values:
    names = ("id", "tooi_uri", "name", "kind", "joined", "ended_on", "needs_approval")
    return {name: getattr(found, name) for name in names}
