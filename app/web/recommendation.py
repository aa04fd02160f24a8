"""Following up: what one organisation was advised and did, and what all of them did together."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db.recommendation import Recommendation
from app.domain.recommendation import Totals, percentages
from app.schemas.field import FieldDescription
from app.services.overview import overview as overview_of
from app.services.overview import process_numbered
from app.services.recommendation import (
    FollowUp,
    FollowUpFilters,
    Group,
    follow_up,
    follow_up_by_organisation,
    follow_up_by_ruling,
    follow_up_totals,
    follow_up_years,
    precedent_of,
    ruling_of,
)
from app.web import record as records
from app.web import shape
from app.web.access import EVERYBODY, LOGGED_IN, access

pages = Blueprint("recommendation", __name__)

CLASSES = (
    ("Opgevolgd", "success"),
    ("Deels opgevolgd", "warning"),
    ("Niet opgevolgd", "danger"),
    ("Nog geen reactie", "waiting"),
)


@pages.get("/navolging")
@access(EVERYBODY)
def overview() -> ResponseReturnValue:
    """What was advised, what was followed, what not, and why not; for everybody."""
    given = request.args
    filters = _filters()
    totals = follow_up_totals(g.work, filters)
    stretch = follow_up(g.work, filters, after=given.get("na") or None)
    narrowed: dict[str, Any] = {name: value for name, value in given.items() if name != "na"}
    return render_template(
        "recommendation/overview.html",
        totals=totals,
        shares=_shares(totals),
        by_ruling=[_group(group, "uitspraak") for group in follow_up_by_ruling(g.work, filters)],
        by_organisation=[_group(group, "organisatie") for group in follow_up_by_organisation(g.work, filters)],
        rows=[_row(row) for row in stretch.rows],
        fields=_fields(follow_up_years(g.work)),
        values=given,
        narrowed=any(given.get(name) for name in ("uitspraak", "organisatie", "jaar")),
        next_url=url_for("recommendation.overview", **narrowed, na=stretch.following) if stretch.following else None,
        first_url=url_for("recommendation.overview", **narrowed) if "na" in given else None,
    )


@pages.get("/aanbevelingen/<number>")
@access(LOGGED_IN)
def show(number: str) -> ResponseReturnValue:
    """One recommendation to one organisation: what was asked, and what came of it."""
    recommendation = process_numbered(g.work, Recommendation, number)
    public = ruling_of(g.work, recommendation.ruling_id)
    precedent = precedent_of(g.work, recommendation.ruling_id)
    shown = overview_of(g.work, recommendation)
    return render_template(
        "recommendation/show.html",
        **shape.with_steps(shape.page(g.work, shown), shown, {"record_progress"}),
        recommendation=recommendation,
        ruling=public,
        precedent=precedent,
        reaction=records.reaction(recommendation.reaction),
    )


def _filters() -> FollowUpFilters:
    given = request.args
    year = given.get("jaar", "")
    return FollowUpFilters(
        ruling=given.get("uitspraak") or None,
        organisation=given.get("organisatie") or None,
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
    )


def _fields(years: list[int]) -> list[FieldDescription]:
    return [
        FieldDescription(
            name="uitspraak", label="Uitspraak", kind="tekst", required=False, hint="Het nummer, zoals CCG:2026:12."
        ),
        FieldDescription(
            name="organisatie", label="Organisatie", kind="tekst", required=False, hint="De volledige naam."
        ),
        FieldDescription(
            name="jaar",
            label="Jaar van de uitspraak",
            kind="selectie",
            required=False,
            choices=[(str(year), str(year)) for year in years],
        ),
    ]


def _counts(totals: Totals) -> tuple[int, int, int, int]:
    return (totals.followed, totals.partly, totals.not_followed, totals.no_reaction)


def _shares(totals: Totals) -> list[dict[str, Any]]:
    """The four classes with their number and their part of the whole; the parts add up to a hundred."""
    return [
        {"label": label, "tone": tone, "count": count, "percent": percent}
        for (label, tone), count, percent in zip(CLASSES, _counts(totals), percentages(totals), strict=True)
    ]


def _group(group: Group, name: str) -> dict[str, Any]:
    narrowed: dict[str, Any] = {key: value for key, value in request.args.items() if key != "na"}
    return {
        "label": group.label,
        "number": group.key if name == "uitspraak" else None,
        "url": url_for("recommendation.overview", **{**narrowed, name: group.key}) if group.key else None,
        "advised": group.totals.advised,
        "counts": _counts(group.totals),
        "percent": percentages(group.totals)[0],
    }


def _row(row: FollowUp) -> dict[str, Any]:
    state = g.work.workflows[Recommendation.kind_name(), row.version].states[row.state]
    return {
        "number": row.number,
        "url": url_for("recommendation.show", number=row.number) if row.visible else None,
        "ruling": row.ruling,
        "ruling_url": url_for("ruling.show", number=row.ruling),
        "text": row.text,
        "organisation": row.organisation,
        "progress": state.label if row.reaction is not None else None,
        "motivation": row.motivation,
        "planned_on": row.planned_on,
        "due": row.due if row.reaction is None else None,
        "example": row.demonstration,
        **records.reaction(row.reaction),
    }
