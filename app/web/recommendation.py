"""Following up: what one organisation was advised and did, and what all of them did together."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.recommendation import Recommendation
from app.domain.errors import NotVisible
from app.domain.recommendation import Carried, FollowUpClass, Totals, percentages, shares
from app.schemas.field import FieldDescription
from app.services.export import Table
from app.services.follow_up import (
    ALL_GROUPS,
    GROUPS,
    FollowUp,
    FollowUpFilters,
    Group,
    follow_up,
    follow_up_addressees,
    follow_up_by_organisation,
    follow_up_by_ruling,
    follow_up_carried,
    follow_up_lapsed,
    follow_up_totals,
    follow_up_years,
    whole_follow_up,
)
from app.services.overview import overview as overview_of
from app.services.overview import process_numbered
from app.services.recommendation import is_public, precedent_of, public_reaction, ruling_of
from app.services.yearly import year_in_numbers, years_in_numbers
from app.web import record as records
from app.web import shape
from app.web.access import EVERYBODY, LOGGED_IN, access
from app.web.table import csv_response

pages = Blueprint("recommendation", __name__)

TONES = {
    FollowUpClass.FOLLOWED: "success",
    FollowUpClass.PARTLY: "warning",
    FollowUpClass.NOT: "danger",
    FollowUpClass.SILENT: "waiting",
}
CARRIED_TONES = {Carried.PROMISED: "waiting", Carried.REPORTED: "info", Carried.CONFIRMED: "success"}
NARROWING = ("uitspraak", "organisatie", "jaar", "uitkomst", "uitvoering")
WHOLE = "alle"
LIST = "aanbevelingen"
"""The part of the page with the list: where a number leads to."""


@pages.get("/navolging")
@access(EVERYBODY)
def overview() -> ResponseReturnValue:
    """What was advised, what was followed, what not, and why not; for everybody."""
    given = request.args
    addressees = follow_up_addressees(g.work)
    filters = _filters()
    totals = follow_up_totals(g.work, filters)
    stretch = follow_up(g.work, filters, after=given.get("na") or None)
    narrowed = _narrowed()
    return render_template(
        "recommendation/overview.html",
        totals=totals,
        lapsed=follow_up_lapsed(g.work, filters),
        shares=_shares(totals),
        carried=_carried(follow_up_carried(g.work, filters)),
        by_ruling=[_group(one, "uitspraak") for one in follow_up_by_ruling(g.work, filters, most=_most("uitspraak"))],
        by_organisation=[
            _group(one, "organisatie") for one in follow_up_by_organisation(g.work, filters, most=_most("organisatie"))
        ],
        rows=[_row(row) for row in stretch.rows],
        fields=_fields(follow_up_years(g.work), addressees),
        values=_values(addressees),
        narrowed=any(given.get(name) for name in NARROWING),
        csv_url=url_for("recommendation.table", **narrowed),
        json_url=url_for("recommendation.data", **narrowed),
        years=years_in_numbers(g.work),
        next_url=_list_url(na=stretch.following) if stretch.following else None,
        first_url=_list_url() if "na" in given else None,
    )


@pages.get("/navolging.csv")
@access(EVERYBODY)
def table() -> ResponseReturnValue:
    """Exactly the recommendations that the filters leave, as a table for a spreadsheet."""
    rows = [_told(row) for row in whole_follow_up(g.work, _filters())]
    return csv_response("navolging", Table(COLUMNS, [[row[name] for name in COLUMNS] for row in rows]))


@pages.get("/navolging.json")
@access(EVERYBODY)
def data() -> ResponseReturnValue:
    """The same as data, with the totals that the rows add up to."""
    filters = _filters()
    totals = follow_up_totals(g.work, filters)
    counts = dict(zip(TOTALS, _counts(totals), strict=True))
    rows = [_told(row) for row in whole_follow_up(g.work, filters)]
    return jsonify({"totalen": {"geadviseerd": totals.advised, **counts}, "resultaten": rows})


@pages.get("/navolging/jaar/<int:year>")
@access(EVERYBODY)
def in_year(year: int) -> ResponseReturnValue:
    """One year in numbers: rulings, what became of the advice, and how cases went."""
    years = years_in_numbers(g.work)
    if year not in years and year != g.work.today.year:
        raise NotVisible(str(year))
    found = year_in_numbers(g.work, year)
    return render_template(
        "recommendation/year.html",
        found=found,
        years=years,
        shares=_shares(found.totals, jaar=year),
        carried=_carried(found.carried, jaar=year),
        by_ruling=[_group(group, "uitspraak", jaar=year) for group in found.by_ruling],
        by_organisation=[_group(group, "organisatie", jaar=year) for group in found.by_organisation],
        list_url=_list_url(jaar=year),
    )


@pages.get("/navolging/<number>")
@access(EVERYBODY)
def reaction(number: str) -> ResponseReturnValue:
    """One recommendation to one organisation as everybody may read it; nothing of a ruling that is not public now."""
    found = public_reaction(g.work, number)
    if found.row is None:
        return render_template("recommendation/gone.html", number=number, public=found.public), 410
    return render_template(
        "recommendation/public.html",
        found=found,
        row=_row(found.row),
        answer=records.reaction(found.row.reaction),
        carried=value_list("uitvoering").get(found.row.carried or "", ""),
        tone=CARRIED_TONES.get(found.row.carried, "neutral") if found.row.carried else "neutral",
        inside=url_for("recommendation.show", number=number) if found.row.visible else None,
    )


@pages.get("/aanbevelingen/<number>")
@access(LOGGED_IN)
def show(number: str) -> ResponseReturnValue:
    """One recommendation to one organisation: what was asked, and what came of it; for who works on it."""
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
        is_public=is_public(g.work, recommendation),
    )


def _filters() -> FollowUpFilters:
    given = request.args
    year = given.get("jaar", "")
    outcome, carried = given.get("uitkomst", ""), given.get("uitvoering", "")
    return FollowUpFilters(
        ruling=given.get("uitspraak") or None,
        organisation=given.get("organisatie") or None,
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        outcome=FollowUpClass(outcome) if outcome in set(FollowUpClass) else None,
        carried=Carried(carried) if carried in set(Carried) else None,
    )


def _narrowed() -> dict[str, Any]:
    """What the list is narrowed to now, for the address of another look at it."""
    return {name: request.args[name] for name in NARROWING if request.args.get(name)}


def _most(name: str) -> int:
    """How many rulings or organisations are shown by name: all of them when that was asked."""
    return ALL_GROUPS if request.args.get(WHOLE) == name else GROUPS


def _list_url(**narrower: Any) -> str:
    return url_for("recommendation.overview", **{**_narrowed(), **narrower}, _anchor=LIST)


def _values(addressees: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    """The values of the filters; an organisation that was named is the one with that name on the list."""
    given = request.args.to_dict()
    named = given.get("organisatie", "").lower()
    keys = [key for key, name in addressees if named in (key.lower(), name.lower())]
    return {**given, "organisatie": keys[0]} if named and keys else given


def _fields(years: list[int], addressees: list[tuple[str, str]]) -> list[FieldDescription]:
    def chosen(name: str, label: str, choices: Iterable[tuple[str, str]]) -> FieldDescription:
        return FieldDescription(name=name, label=label, kind="selectie", required=False, choices=list(choices))

    return [
        FieldDescription(
            name="uitspraak", label="Uitspraak", kind="tekst", required=False, hint="Het nummer, zoals CCG:2026:12."
        ),
        chosen("organisatie", "Organisatie", addressees),
        chosen("jaar", "Jaar van de uitspraak", [(str(year), str(year)) for year in years]),
        chosen("uitkomst", "Wat deed de organisatie?", value_list("navolgingsklasse").items()),
        chosen("uitvoering", "Hoe ver is de uitvoering?", value_list("uitvoering").items()),
    ]


def _counts(totals: Totals) -> tuple[int, int, int, int]:
    return (totals.followed, totals.partly, totals.not_followed, totals.no_reaction)


def _shares(totals: Totals, **narrower: Any) -> list[dict[str, Any]]:
    """The four classes with their number, their part of the whole and the reactions behind it; parts add up to 100."""
    labels = value_list("navolgingsklasse")
    return [
        {
            "label": labels[one],
            "tone": TONES[one],
            "count": count,
            "percent": percent,
            "url": _list_url(**narrower, uitkomst=one.value),
        }
        for one, count, percent in zip(FollowUpClass, _counts(totals), percentages(totals), strict=True)
    ]


def _carried(counts: Mapping[Carried, int], **narrower: Any) -> list[dict[str, Any]]:
    """Of what was taken over, how far it is, in the same way."""
    labels = value_list("uitvoering")
    parts = shares([counts[one] for one in Carried])
    return [
        {
            "label": labels[one],
            "tone": CARRIED_TONES[one],
            "count": counts[one],
            "percent": percent,
            "url": _list_url(**narrower, uitvoering=one.value),
        }
        for one, percent in zip(Carried, parts, strict=True)
    ]


def _group(group: Group, name: str, **narrower: Any) -> dict[str, Any]:
    narrowed = {**narrower, name: group.key}
    counts = zip(FollowUpClass, _counts(group.totals), strict=True)
    return {
        "label": group.label,
        "number": group.key if name == "uitspraak" else None,
        "url": _list_url(**narrowed) if group.key else _whole_url(name, **narrower),
        "advised": group.totals.advised,
        "counts": [
            {"count": count, "url": _list_url(**narrowed, uitkomst=one.value) if group.key and count else None}
            for one, count in counts
        ],
        # One share by itself is rounded as anybody would; only shares beside each other have to make a hundred.
        "percent": round(100 * group.totals.followed / group.totals.advised) if group.totals.advised else 0,
    }


def _whole_url(name: str, **narrower: Any) -> str:
    """Where the rest is shown by name too."""
    part = {"uitspraak": "per-uitspraak", "organisatie": "per-organisatie"}[name]
    return url_for("recommendation.overview", **{**_narrowed(), **narrower, WHOLE: name}, _anchor=part)


def _row(row: FollowUp) -> dict[str, Any]:
    state = g.work.workflows[Recommendation.kind_name(), row.version].states[row.state]
    progress = value_list("uitvoering")[row.carried] if row.carried else None
    return {
        "number": row.number,
        "url": url_for("recommendation.reaction", number=row.number),
        "ruling": row.ruling,
        "title": row.title,
        "ruling_url": url_for("ruling.show", number=row.ruling),
        "text": row.text,
        "organisation": row.organisation,
        "progress": "Geen reactie na twee herinneringen" if row.silence_established else progress,
        "status": state.label,
        "motivation": row.motivation,
        "planned_on": row.planned_on,
        "due": row.due if row.reaction is None and not row.silence_established else None,
        "example": row.demonstration,
        **records.reaction(row.reaction),
    }


TOTALS = ("opgevolgd", "deels", "nietOpgevolgd", "geenReactie")
COLUMNS = (
    *("nummer", "uitspraak", "titel", "aanbeveling", "organisatie", "tooiUri", "uitkomst", "reactie", "motivering"),
    *("status", "uitvoering", "termijn", "planning", "gereageerdOp", "gemeldOp", "gecontroleerdOp", "bewijs"),
)


def _told(row: FollowUp) -> dict[str, str | None]:
    """One line of the export, in words that people read."""
    state = g.work.workflows[Recommendation.kind_name(), row.version].states[row.state]
    days = (row.due, row.planned_on, row.reacted_on, row.reported_on, row.confirmed_on)
    told = (
        *(row.number, row.ruling, row.title, row.text, row.organisation, row.tooi_uri),
        *(row.outcome.value, row.reaction, row.motivation, state.label, row.carried and row.carried.value),
        *(day.isoformat() if day else None for day in days),
        row.evidence,
    )
    return dict(zip(COLUMNS, told, strict=True))
