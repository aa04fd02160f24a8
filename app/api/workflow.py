"""The definitions as data."""

from app.api.operation import Answer, Call, operation
from app.domain.errors import NotVisible
from app.domain.workflow import Transition, Workflow
from app.schemas.definition import DefinitionSchema, DefinitionsSchema

TAG = "Workflows"


@operation(
    "GET",
    "/workflows",
    name="workflows",
    summary="Alle versies van alle definities",
    tag=TAG,
    gives=DefinitionsSchema,
    public=True,
)
def index(call: Call) -> Answer:
    """Every version, by name."""
    rows = [
        {
            "name": workflow.name,
            "version": workflow.version,
            "label": workflow.label,
            "newest": workflow is call.work.newest(workflow.name),
        }
        for _, workflow in sorted(call.work.workflows.items())
    ]
    return Answer({"results": rows})


@operation(
    "GET",
    "/workflows/<name>/<int(max=1000000):version>",
    name="workflow",
    summary="Eén versie van een definitie",
    tag=TAG,
    gives=DefinitionSchema,
    public=True,
    tagged=True,
)
def show(call: Call, name: str, version: int) -> Answer:
    """One version, whole."""
    workflow = call.work.workflows.get((name, version))
    if workflow is None:
        raise NotVisible(f"{name}/{version}")
    return Answer(
        {
            "name": workflow.name,
            "label": workflow.label,
            "version": workflow.version,
            "initial": workflow.initial,
            "states": list(workflow.states.values()),
            "transitions": [_transition(workflow, one) for one in workflow.transitions],
        }
    )


def _transition(workflow: Workflow, one: Transition) -> dict[str, object]:
    return {
        "action": one.action,
        "label": one.label,
        "sources": list(one.sources),
        "target": one.target,
        "roles": sorted(one.roles),
        "second": sorted(one.second),
        "conditions": [workflow.refusals[guard] for guard in one.guards],
        "asks": one.asks,
        "reopens": one.reopens,
    }
