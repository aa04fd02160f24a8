"""Cases: the list, and the page of one with everything that can be done."""

from typing import Any

from flask import Blueprint, current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.case import Case
from app.db.escalation import Escalation
from app.db.kind import path_of
from app.db.precedent import Precedent
from app.domain.number import parliamentary_paper
from app.domain.outcome import Gone
from app.schemas.field import FieldDescription
from app.schemas.zgw import CaseSchema, zaak
from app.services.attachment import attachment_of
from app.services.escalation import escalations_of
from app.services.export import table_of_cases
from app.services.handover import handover
from app.services.listing import Filters, processes
from app.services.notice import letters_of
from app.services.outcome import outcome_of, own_outcome
from app.services.overview import Overview, application_of, overview, process_numbered
from app.services.precedent import public_text
from app.services.reliance import warnings
from app.services.report import can_join, reports_of
from app.services.ruling import reads_ruling
from app.web import shape
from app.web.access import LOGGED_IN, access
from app.web.matching import part_of_case as alike_part
from app.web.structural import part_of_case
from app.web.table import csv_response

pages = Blueprint("case", __name__)

KIND = Case.kind_name()
# The parameters by which the list is narrowed and ordered.
ASKED = ("q", "status", "type", "organisatie", "grondslag", "teLaat", "zwaar", "sorteer")


@pages.get("/knelpunten")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """The cases that the reader may see, filtered and ordered."""
    given = request.args
    workflow = g.work.newest(KIND)
    narrowed: dict[str, Any] = {name: given.getlist(name) for name in ASKED if given.get(name)}
    stretch = processes(g.work, _filters(), order=_order(), after=given.get("na") or None)
    states = [(slug, state.label) for slug, state in workflow.states.items()]
    return render_template(
        "case/index.html",
        rows=shape.with_warnings(g.work, stretch.rows, shape.rows(g.work, stretch.rows)),
        stretch=stretch,
        fields=_filter_fields(states),
        values={"sorteer": "gewijzigd", **given.to_dict()},
        today=g.work.today,
        table_url=url_for("case.table", **narrowed),
        **shape.paging(stretch),
    )


@pages.get("/knelpunten.csv")
@access(LOGGED_IN)
def table() -> ResponseReturnValue:
    """Exactly that list as a file."""
    return csv_response("knelpunten", table_of_cases(g.work, _filters(), order=_order()))


@pages.get("/knelpunten/<number>/zgw.json")
@access(LOGGED_IN)
def zgw(number: str) -> ResponseReturnValue:
    """The case for one's own case system, as the API gives it."""
    found = handover(g.work, process_numbered(g.work, Case, number))
    public_url = current_app.extensions["config"].public_url.rstrip("/")
    body = CaseSchema().dump(zaak(found, f"{public_url}/api/v1/knelpunten/{number}"))
    response = jsonify(body)
    response.headers["Content-Disposition"] = f'attachment; filename="{number}-zgw.json"'
    return response


@pages.get("/knelpunten/<number>")
@access(LOGGED_IN)
def show(number: str) -> ResponseReturnValue:
    """One case: what it asks, where it stands, what can be done and why not, and what happened."""
    case = process_numbered(g.work, Case, number)
    shown = overview(g.work, case)
    return render_template(
        "case/show.html",
        **shape.page(g.work, shown),
        case=case,
        types=[value_list("knelpunttype").get(row.value, row.value) for row in case.facets if row.facet == "type"],
        laws=[shape.law(vars(row)) for row in case.laws],
        parties=[_party(row) for row in case.parties],
        reports=reports_of(g.work, case) if shown.involved else [],
        joinable=can_join(g.work, case) and not shown.is_final,
        application=_application(case) if shown.involved else None,
        warnings=warnings(g.work, [case.id]).get(case.id, ()),
        has_ruling=shown.involved and reads_ruling(g.work, case),
        reconsideration=_reconsideration(case) if shown.involved else None,
        escalations=[_escalation(row) for row in escalations_of(g.work, case.id)] if shown.involved else [],
        letters=letters_of(g.work, case) if shown.handling else [],
        cause=part_of_case(case),
        alike=alike_part(case, shown),
        outcome=_outcome(case, shown) if shown.involved else None,
    )


@pages.get("/knelpunten/<number>/documenten/<int:attachment_id>")
@access(LOGGED_IN)
def download(number: str, attachment_id: int) -> ResponseReturnValue:
    """A file with a case, always as an attachment and never shown in the page."""
    case = process_numbered(g.work, Case, number)
    return shape.file_response(current_app.extensions["store"], attachment_of(g.work, case, attachment_id))


def _filters() -> Filters:
    given = request.args
    return Filters(
        kind=KIND,
        states=given.getlist("status"),
        types=given.getlist("type"),
        organisation=given.get("organisatie") or None,
        law=given.get("grondslag") or None,
        late=given.get("teLaat") == "true",
        words=given.get("q") or None,
        heavy=given.get("zwaar") == "true",
    )


def _order() -> str:
    return request.args.get("sorteer") or "gewijzigd"


def _filter_fields(states: list[tuple[str, str]]) -> list[FieldDescription]:
    types = list(value_list("knelpunttype").items())
    orders = [("gewijzigd", "Laatst gewijzigd"), ("termijn", "Termijn"), ("nummer", "Nummer")]
    return [
        FieldDescription(name="q", label="Woorden in de titel", kind="tekst", required=False),
        FieldDescription(name="status", label="Status", kind="selectie", required=False, choices=states),
        FieldDescription(name="type", label="Type", kind="selectie", required=False, choices=types),
        FieldDescription(name="organisatie", label="Organisatie", kind="tekst", required=False),
        shape.law_field("grondslag", request.args.get("grondslag")),
        FieldDescription(name="teLaat", label="Alleen te laat", kind="vinkje", required=False),
        FieldDescription(name="zwaar", label="Alleen wat veel organisaties raakt", kind="vinkje", required=False),
        FieldDescription(name="sorteer", label="Volgorde", kind="selectie", required=False, choices=orders),
    ]


def _application(case: Case) -> dict[str, Any] | None:
    """The precedent with which the case is settled, or that was proposed for it, with the test that shows it."""
    found = application_of(g.work, case)
    precedent = g.work.session.get(Precedent, found.precedent_id) if found else None
    if found is None or precedent is None:
        return None
    questions, answers = value_list("toepassingsvraag"), value_list("toetsantwoord")
    public = public_text(g.work, precedent)
    return {
        "number": precedent.number,
        "title": precedent.title,
        # As everybody may read it: words that were left out of the publication stay out here.
        "rule": public.record.get("kernregel", "") if public is not None else "",
        "url": url_for("precedent.show", number=precedent.number),
        "applied_at": found.applied_at,
        "contested_at": found.contested_at,
        "difference": found.difference,
        "test": [
            (questions[row["question"]], ": ".join(filter(None, (answers[row["answer"]], row.get("reason")))))
            for row in found.test
        ],
    }


def _reconsideration(case: Case) -> dict[str, Any] | None:
    """Why the commission is asked to look again, for who decides on it and who asked."""
    asked = case.reconsideration
    if asked is None:
        return None
    grounds = value_list("heroverwegingsgrond")
    return {
        "ground": grounds.get(asked["grond"], asked["grond"]),
        "text": asked["toelichting"],
        "asked_on": asked["op"],
    }


def _escalation(row: Escalation) -> dict[str, Any]:
    """A question above the commission, with the names of to whom it went and who answered."""
    return {
        "level": value_list("escalatieniveau").get(row.level, row.level),
        "question": row.question,
        "asked_at": row.asked_at,
        "organ": value_list("bestuursorgaan").get(row.organ or "", row.organ),
        "answered_on": row.answered_on,
        "answer": row.answer,
        "owner": row.owner,
        "due": row.due,
        "paper": row.parliamentary_paper,
        "paper_url": parliamentary_paper(row.parliamentary_paper),
        "consequences": row.consequences,
    }


def _outcome(case: Case, shown: Overview) -> dict[str, Any] | None:
    """Whether the bottleneck is gone: what the own organisation said, the count, and the way to reopen it."""
    own = own_outcome(g.work, case)
    if own is None and not shown.handling:
        return None
    counted = outcome_of(g.work, case)
    if own is None and not counted.asked:
        return None
    gone = own is None or own.gone == Gone.YES
    reopening = shape.actions_that(shown, {"count_reopening"}) if not gone else set()
    return {
        "own": own and {"label": value_list("knelpunt_weg")[own.gone], "text": own.text, "at": own.at, "gone": gone},
        "gone": counted.gone,
        # Of two answers who gave the other one is known; who handles the case may know.
        "asked": counted.asked if counted.tellable or shown.handling else 0,
        "reopen_url": next((f"{path_of(case)}/acties/{action}" for action in sorted(reopening)), None),
    }


def _party(row: Any) -> dict[str, Any]:
    labels = value_list("partijrol")
    notes = {True: "Akkoord met de oplossing", False: "Niet akkoord", None: None}
    return {
        "role": labels.get(row.role, row.role),
        "name": row.organisation.name,
        "url": None,
        "note": notes[row.agreed] or ("Nog niet uitgenodigd" if row.invited_at is None else None),
        "tone": "neutral",
    }
