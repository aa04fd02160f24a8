"""Laws: on which of them precedents rest, what changed of them, and noting that one has a newer version."""

from app.api.operation import JSON, Answer, Call, operation
from app.api.representation import Values
from app.db.law import LawChange
from app.domain.access import ANALYST_ROLE, SECRETARY_ROLE
from app.domain.law import LawReference
from app.schemas.law_change import LawsSchema, NotedSchema
from app.schemas.precedent import LawChangeForm
from app.services.law import known_laws
from app.services.law_change import cited_laws, law_changes, note_law_change

COLLECTION, TAG = "wetten", "Wetten"


@operation(
    "GET",
    f"/{COLLECTION}",
    name="wettenLijst",
    summary="De wetten waar precedenten op rusten, en welke nieuwe versies zijn vastgelegd",
    tag=TAG,
    gives=LawsSchema,
    public=True,
)
def index(call: Call) -> Answer:
    """The laws that are used most come first, and the changes that were last in force."""
    return Answer(
        {
            "results": [row._asdict() for row in cited_laws(call.work)],
            "changes": [_change(row) for row in law_changes(call.work)],
        }
    )


@operation(
    "POST",
    f"/{COLLECTION}/nieuwe-versies",
    name="wetswijzigingVastleggen",
    summary="Vastleggen dat een wet of artikel een nieuwe versie heeft; precedenten met de oude worden gemarkeerd",
    tag=TAG,
    gives=NotedSchema,
    body=LawChangeForm,
    media=JSON,
    status=201,
    keyed=True,
)
def note(call: Call) -> Answer:
    """Note it, and mark the precedents that read the older one."""
    call.check_role(ANALYST_ROLE, SECRETARY_ROLE)
    change, marked = note_law_change(call.work, **call.body)
    return Answer({"change": _change(change), "marked": marked})


def _change(row: LawChange) -> Values:
    reference = LawReference(row.system, row.identifier, row.article)
    return {
        "identifier": row.identifier,
        "article": row.article,
        "label": reference.label(known_laws()),
        "url": reference.public_url(),
        "in_force_on": row.in_force_on,
        "source": row.source,
        "explanation": row.explanation,
    }
