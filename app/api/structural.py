"""Structural bottlenecks: which there are, who owns the cause, and whom they hit."""

from dataclasses import asdict

from app.api.operation import Answer, Call, operation
from app.api.representation import Values
from app.schemas.structural import StructuralCasesSchema, StructuralQuery
from app.services.structural import StructuralRow, structural_cases


@operation(
    "GET",
    "/structurele-oorzaken",
    name="structureleOorzaken",
    summary="De structurele oorzaken die u mag kennen; wat de meeste organisaties raakt staat vooraan",
    tag="Knelpunten",
    gives=StructuralCasesSchema,
    query=StructuralQuery,
)
def index(call: Call) -> Answer:
    """Those that stand, or those that were taken away."""
    return Answer({"results": [_row(row) for row in structural_cases(call.work, ended=call.query["ended"])]})


def _row(row: StructuralRow) -> Values:
    return {
        **asdict(row),
        "organisations": row.hit.organisations,
        "reports": row.hit.reports,
        "heavy": row.weight.heavy,
    }
