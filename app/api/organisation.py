"""Organisations: the government's own list, and who takes part."""

from app.api.operation import Answer, Call, operation
from app.api.process import next_link
from app.schemas.answer import OrganisationRowSchema, collection
from app.schemas.query import OrganisationQuery
from app.services.organisation import listed_organisations

COLLECTION = "organisaties"


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
