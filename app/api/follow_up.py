"""Following up: what was advised, what was followed, what not, and why not."""

from app.api.operation import Answer, Call, operation
from app.api.process import next_link
from app.db.recommendation import Recommendation
from app.domain.recommendation import Carried, FollowUpClass
from app.schemas.follow_up import FollowUpSchema
from app.schemas.query import FollowUpQuery
from app.services.follow_up import FollowUp, FollowUpFilters, follow_up, follow_up_totals
from app.services.work import Work


@operation(
    "GET",
    "/navolging",
    name="navolging",
    summary="Wat is geadviseerd, wat is opgevolgd, wat niet, en waarom niet",
    tag="Navolging",
    gives=FollowUpSchema,
    query=FollowUpQuery,
    public=True,
    paged=True,
)
def index(call: Call) -> Answer:
    """The totals over what the filters leave, and a stretch of it."""
    query = call.query
    outcome, carried = query.get("outcome"), query.get("carried")
    filters = FollowUpFilters(
        query.get("ruling"),
        query.get("organisation"),
        query.get("year"),
        FollowUpClass(outcome) if outcome else None,
        Carried(carried) if carried else None,
    )
    stretch = follow_up(call.work, filters, after=query.get("after"), amount=query["amount"])
    body = {
        "totals": follow_up_totals(call.work, filters),
        "results": [_row(call.work, row) for row in stretch.rows],
    }
    return Answer(body, headers=next_link(stretch.following))


def _row(work: Work, row: FollowUp) -> dict[str, object]:
    state = work.workflows[Recommendation.kind_name(), row.version].states[row.state]
    names = (
        *("number", "ruling", "title", "text", "state", "reaction", "motivation", "planned_on", "due"),
        *("outcome", "carried", "reacted_on", "reported_on", "confirmed_on", "evidence"),
    )
    return {
        **{name: getattr(row, name) for name in names},
        "state_label": state.label,
        "organisation": {"tooi_uri": row.tooi_uri, "name": row.organisation},
    }
