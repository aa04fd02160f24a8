"""Bodies: who has a seat in them, and by which rules they meet."""

from collections.abc import Mapping
from typing import Any

from app.api.operation import Answer, Call, operation
from app.config import value_list
from app.db.body import Body
from app.schemas.body import BodiesSchema, BodySchema, denominator
from app.services.body import BodyOverview, Member, bodies, body_overview, body_with_code, values_of

COLLECTION = "organen"


@operation(
    "GET",
    f"/{COLLECTION}",
    name="organenLijst",
    summary="De organen die in vergadering besluiten",
    tag=COLLECTION.capitalize(),
    gives=BodiesSchema,
)
def index(call: Call) -> Answer:
    """Every body, the central one first."""
    return Answer({"results": [_row(body) for body, _ in bodies(call.work)]})


@operation(
    "GET",
    f"/{COLLECTION}/<code>",
    name="orgaan",
    summary="Een orgaan met zijn leden en zijn reglement",
    tag=COLLECTION.capitalize(),
    gives=BodySchema,
)
def show(call: Call, code: str) -> Answer:
    """The members in office by their function, and the rules that hold today."""
    shown = body_overview(call.work, body_with_code(call.work, code))
    return Answer({**_row(shown.body), "places": _places(shown), "rules": _rules(shown)})


def _row(body: Body) -> Mapping[str, Any]:
    return {"code": body.code, "name": body.name, "body_kind": body.body_kind, "central": body.central}


def _places(shown: BodyOverview) -> list[dict[str, Any]]:
    return [
        {"place": place, "label": label, "members": [_member(one) for one in shown.in_office if one.place == place]}
        for place, label in value_list("zetel").items()
    ]


def _member(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "organisation": member.organisation,
        "votes": member.seat.votes,
        "since": member.seat.since,
        "until": member.seat.until,
        "positions": [position._asdict() for position in member.positions],
    }


def _rules(shown: BodyOverview) -> dict[str, Any]:
    version = shown.version
    values = values_of(version)
    return {
        **values._asdict(),
        "version": version.version if version else None,
        "since": version.since if version else None,
        "denominator": denominator(excused_count=values.excused_count),
        "source": version.source if version else None,
        "rules": [rule._asdict() for rule in shown.rules],
    }
