"""Structural bottlenecks: which there are and whom they hit, and the part about the cause on the page of a case."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.case import Case
from app.services.structural import StructuralRow, standing_of, structural_cases
from app.web import shape
from app.web.access import LOGGED_IN, access

pages = Blueprint("structural", __name__)

PHASES = "structurele_fase"


@pages.get("/structureel")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """The structural bottlenecks that the reader may know of, which hit most organisations first."""
    ended = request.args.get("lijst") == "afgesloten"
    rows = [_row(row) for row in structural_cases(g.work, ended=ended)]
    return render_template(
        "structural/index.html",
        rows=rows,
        ended=ended,
        bars=[(f"{row['number']} {row['title']}", row["organisations"], row["url"]) for row in rows],
    )


def part_of_case(case: Case) -> dict[str, Any]:
    """What the page of a case shows of its cause: the owner, the phases, the steps, and how heavy it weighs."""
    standing = standing_of(g.work, case)
    phases = value_list(PHASES)
    return {
        "row": _row(standing.row) if standing.row else None,
        "phases": phases,
        "steps": [
            {"phase": phases.get(one.phase, one.phase), "text": one.text, "at": one.at} for one in standing.steps
        ],
        "organisations": standing.hit.organisations,
        "reports": standing.hit.reports,
        "heavy": standing.weight.heavy,
        "because": standing.weight.because,
    }


def _row(row: StructuralRow) -> dict[str, Any]:
    law = {"system": row.system, "identifier": row.identifier, "article": row.article}
    return {
        "number": row.number,
        "title": row.title,
        "url": url_for("case.show", number=row.number),
        "owner": row.owner,
        "cause": row.cause,
        "law": shape.law(law) if row.identifier else None,
        "phase": row.phase,
        "phase_label": value_list(PHASES).get(row.phase, row.phase),
        "since": row.since,
        "ended_at": row.ended_at,
        "last_at": row.last_at,
        "progress_due": row.progress_due,
        "late": row.late,
        "organisations": row.hit.organisations,
        "reports": row.hit.reports,
        "heavy": row.weight.heavy,
        "because": row.weight.because,
        "example": row.demonstration,
    }
