"""Reporting a bottleneck: a few short steps, each kept as it is typed, a check page, and a receipt."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from app.config import value_list
from app.db.case import Case
from app.db.kind import path_of
from app.db.precedent import Precedent
from app.db.report import Draft, Report
from app.domain.access import COORDINATOR_ROLE, REPORTER_ROLE
from app.domain.errors import Invalid, NotPermitted, NotVisible, Stale
from app.schemas.field import FieldDescription
from app.schemas.form import load, page_faults, to_html, with_one_more
from app.schemas.law import references
from app.schemas.report import (
    CHECK,
    PERSONAL_DATA_REASON,
    STEPS,
    ReportSchema,
    Step,
    faults_of,
    findings,
    step_answers,
    step_faults,
    step_fields,
    step_of,
)
from app.services import report as reports
from app.services.attachment import receive
from app.services.choice import options
from app.services.matching import Match, Told, matches
from app.services.overview import overview, process_numbered
from app.services.precedent import public_text
from app.services.process import advance, process_for_action
from app.services.recognition import ANSWERED, answered_by, count_joining, is_same_as, recognised_in, take_back
from app.web import confirmation, shape
from app.web.access import LOGGED_IN, access
from app.web.matching import cards_to_join

pages = Blueprint("report", __name__)

FILES = "_bijlagen"
ADD_DOCUMENT = "document_toevoegen"
COUNTED = "beantwoord"
"""Under this name a session keeps which precedents already counted as an answer."""
SHOWN, CANDIDATES = 3, 30
OVERTAKEN = (
    "Deze melding is intussen in een ander venster veranderd. Hieronder staat wat u hier typte. "
    "Sla het op als dit de goede tekst is."
)
UPLOAD = FieldDescription(
    name="bestand",
    label="Bestand toevoegen",
    kind="bestand",
    required=False,
    hint="PDF, Word, Excel, OpenDocument, tekst of een foto. Ten hoogste 20 MB. Zet er geen gegevens van burgers in.",
    accept=".pdf,.docx,.xlsx,.odt,.ods,.txt,.csv,.png,.jpg,.jpeg",
)


@pages.get("/meldingen")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """The reports of the reader's own organisation."""
    return render_template("report/index.html", reports=reports.own_reports(g.work), drafts=reports.drafts_of(g.work))


@pages.get("/meldingen/nieuw")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def begin() -> ResponseReturnValue:
    """What reporting asks, and the drafts to go on with."""
    drafts = [(draft, recognised_in(draft)) for draft in reports.drafts_of(g.work)]
    return render_template(
        "report/begin.html", steps=(*STEPS, CHECK), drafts=drafts, answered=ANSWERED, today=g.work.today
    )


@pages.post("/meldingen/nieuw")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def start() -> ResponseReturnValue:
    """Make a draft and go to its first step."""
    answers = {"sluitAanBij": request.form["sluitAanBij"]} if request.form.get("sluitAanBij") else {}
    draft = reports.start_draft(g.work, {"vertrouwelijkheid": "intern", "urgentie": "normaal", **answers})
    return redirect(url_for("report.step", key=draft.key, slug=STEPS[0].slug), 303)


@pages.get("/meldingen/concept/<key>/gelijkend")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def similar(key: str) -> ResponseReturnValue:
    """What looks like the draft as it was kept last: the part of a page beside what one types."""
    draft = reports.draft_of(g.work, key)
    return render_template("report/similar.html", draft=draft, step=_step_asked(), **_beside(draft))


@pages.get("/meldingen/concept/<key>/beantwoord")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def answer(key: str) -> ResponseReturnValue:
    """What the precedent says that answers the draft, and the way back."""
    draft = reports.draft_of(g.work, key)
    said = recognised_in(draft)
    if said is None or said.use != ANSWERED:
        return redirect(url_for("report.step", key=key, slug=STEPS[0].slug))
    precedent = process_numbered(g.work, Precedent, said.number)
    return render_template(
        "report/answered.html", draft=draft, precedent=precedent, public=public_text(g.work, precedent)
    )


@pages.get("/meldingen/concept/<key>/<slug>")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def step(key: str, slug: str) -> ResponseReturnValue:
    """One step, filled with what was typed before."""
    draft = reports.draft_of(g.work, key)
    if slug == CHECK.slug:
        return _show_check(draft, {})
    return _show_step(draft, _step(slug), to_html(ReportSchema, draft.answers), {})


@pages.post("/meldingen/concept/<key>/<slug>")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def keep(key: str, slug: str) -> ResponseReturnValue:
    """Keep what was typed, right or wrong; then go on, or say what is wrong with it."""
    if slug == CHECK.slug:
        return _check_posted(key)
    here = _step(slug)
    draft = reports.draft_of(g.work, key)
    answers = step_answers(here, request.form)
    try:
        with g.work.session.begin_nested():
            reports.keep_draft(g.work, draft, answers, revision=_revision())
    except (Stale, StaleDataError):
        typed = to_html(ReportSchema, {**draft.answers, **answers})
        return _show_step(draft, here, typed, {"": [OVERTAKEN]}, status=409)
    values = to_html(ReportSchema, draft.answers)
    if request.headers.get("X-Requested-With") == "autosave":
        return "", 204, {"X-Revisie": str(draft.revision)}
    if "_meer" in request.form:
        return _show_step(draft, here, with_one_more(ReportSchema, values, request.form["_meer"]), {})
    if "_later" in request.form:
        flash("Uw melding is bewaard. U kunt later verdergaan.", "success")
        return redirect(url_for("report.begin"), 303)
    faults = step_faults(draft.answers, here)
    if faults:
        return _show_step(draft, here, values, page_faults(ReportSchema, faults), status=400)
    return redirect(url_for("report.step", key=key, slug=_following(here).slug), 303)


@pages.get("/meldingen/concept/<key>/weggooien")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def ask_discard(key: str) -> ResponseReturnValue:
    """Ask whether a draft has to go."""
    draft = reports.draft_of(g.work, key)
    title = draft.answers.get("titel") or "Melding zonder titel"
    return confirmation.ask_whether_meant(
        "Concept weggooien",
        f"Wat u typte voor “{title}” is dan weg, met de bestanden erbij.",
        submit="Gooi het concept weg",
        trail=[("Melden", url_for("report.begin"))],
    )


@pages.post("/meldingen/concept/<key>/weggooien")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def discard(key: str) -> ResponseReturnValue:
    """Throw a draft away."""
    reports.delete_draft(g.work, reports.draft_of(g.work, key))
    flash("Het concept is weggegooid.", "info")
    return redirect(url_for("report.begin"), 303)


@pages.post("/meldingen/concept/<key>/beantwoord")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def answered(key: str) -> ResponseReturnValue:
    """A precedent answers the question: nothing has to be reported, and what was typed is kept all the same."""
    draft = reports.draft_of(g.work, key)
    overtaken = _keep_typed(draft)
    if overtaken is not None:
        return overtaken
    # What was counted in this session counts, also when the draft for which it was has been thrown away since.
    counted = session.get(COUNTED, [])
    precedent = answered_by(g.work, draft, request.form.get("nummer", ""), counted=counted)
    session[COUNTED] = list(dict.fromkeys([*counted, precedent.number]))
    return redirect(url_for("report.answer", key=key), 303)


@pages.post("/meldingen/concept/<key>/aansluiten")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def join(key: str) -> ResponseReturnValue:
    """A known case is the bottleneck of the draft: go on with only what differs from it."""
    draft = reports.draft_of(g.work, key)
    overtaken = _keep_typed(draft)
    if overtaken is not None:
        return overtaken
    case = process_numbered(g.work, Case, request.form.get("nummer", ""))
    if case.id not in reports.joinable(g.work, [case]):
        raise NotVisible(case.number)
    is_same_as(g.work, draft, case)
    return redirect(url_for("joining.ask", number=case.number, melding=key), 303)


@pages.post("/meldingen/concept/<key>/verder")
@access(REPORTER_ROLE, COORDINATOR_ROLE)
def go_on(key: str) -> ResponseReturnValue:
    """Report after all."""
    draft = reports.draft_of(g.work, key)
    said = recognised_in(draft)
    take_back(g.work, draft)
    session[COUNTED] = [number for number in session.get(COUNTED, []) if said is None or number != said.number]
    return redirect(url_for("report.step", key=key, slug=STEPS[0].slug), 303)


@pages.get("/meldingen/<number>")
@access(LOGGED_IN)
def show(number: str) -> ResponseReturnValue:
    """A report as it was sent, with its receipt."""
    report = reports.report_numbered(g.work, number)
    case = g.work.session.get(Case, report.case_id)
    if case is None or not overview(g.work, case).involved:
        raise NotVisible(number)
    return render_template(
        "report/show.html",
        report=report,
        case=case,
        path=path_of(case),
        types=_labels("knelpunttype", report.types),
        urgency=_labels("urgentie", [report.urgency]),
        confidentiality=_labels("vertrouwelijkheid", [report.confidentiality]),
        laws=[shape.law(row) for row in report.laws],
        state=g.work.workflows[case.kind, case.version].states[case.state].label,
    )


def _check_posted(key: str) -> ResponseReturnValue:
    """On the last page: add a file, keep the last answers, or send."""
    draft = reports.draft_of(g.work, key)
    answers = {name: value for name, value in step_answers(CHECK, request.form).items() if name in request.form}
    if "sluitAanBij" in request.form:
        # The last one counts: a button that was pressed comes after what the page already held.
        answers["sluitAanBij"] = request.form.getlist("sluitAanBij")[-1] or None
    try:
        with g.work.session.begin_nested():
            reports.keep_draft(g.work, draft, answers, revision=_revision())
            _keep_file(draft)
    except (Stale, StaleDataError):
        return _show_check(draft, {"": [OVERTAKEN]}, status=409)
    except Invalid as error:
        return _show_check(draft, error.faults, status=400)
    if "_bijlage" in request.form:
        return redirect(url_for("report.step", key=key, slug=CHECK.slug) + "#bijlagen", 303)
    if "_goedkeuring" in request.form:
        reports.ask_approval(g.work, draft)
        flash("Uw coördinator krijgt bericht en verstuurt de melding.", "success")
        return redirect(url_for("report.begin"), 303)
    return _send(draft)


def _send(draft: Draft) -> ResponseReturnValue:
    """Send the report; when something is wrong everything is still there."""
    if reports.needs_approval(g.work, draft.organisation_id):
        raise NotPermitted("the coordinator sends the reports of this organisation")
    found = _look_alikes(draft)
    shown = [one.number for one in found]
    try:
        answers = load(ReportSchema, {key: value for key, value in draft.answers.items() if not key.startswith("_")})
        with g.work.session.begin_nested():
            report = reports.file_report(g.work, answers, shown=shown)
            attach_files(draft, report.case_id)
            _count_joining(draft, report, shown)
            reports.delete_draft(g.work, draft)
            g.work.session.flush()
    except Invalid as error:
        return _show_check(draft, error.faults, status=400)
    flash(f"Uw melding is verstuurd. Het nummer is {report.number}.", "success")
    return redirect(url_for("report.show", number=report.number), 303)


def attach_files(draft: Draft, case_id: int) -> None:
    """Put the files of the draft with the case, each with its line in the journal."""
    for file in draft.answers.get(FILES) or ():
        case = g.work.session.get_one(Case, case_id)
        process = process_for_action(g.work, Case, case.number)
        advance(g.work, process, action=ADD_DOCUMENT, answers={"title": file["name"], "file": file})


def _keep_file(draft: Draft) -> None:
    upload = request.files.get("bestand")
    if upload is None or not upload.filename:
        return
    extensions = current_app.extensions
    file = receive(extensions["store"], extensions["scanner"], upload.filename, upload.read())
    reports.keep_draft(g.work, draft, {FILES: [*(draft.answers.get(FILES) or ()), file]})


def _count_joining(draft: Draft, report: Report, shown: Sequence[str]) -> None:
    """Count that a case was recognised when the report joins one that was shown; who sends was not answered."""
    case, said = g.work.session.get_one(Case, report.case_id), recognised_in(draft)
    if report.joins and (case.number in shown or (said is not None and said.number == case.number)):
        count_joining(g.work, draft, case)
    else:
        take_back(g.work, draft)


def _keep_typed(draft: Draft) -> ResponseReturnValue | None:
    """Keep what stood on the page on which a button was pressed, so that nothing is lost.

    The answer is that page again, if it was overtaken in another window.
    """
    slug = request.args.get("stap", "")
    here = next((one for one in (*STEPS, CHECK) if one.slug == slug), None)
    if here is None:
        return None
    typed = step_answers(here, request.form)
    if here is CHECK:
        typed = {name: value for name, value in typed.items() if name in request.form}
    try:
        with g.work.session.begin_nested():
            reports.keep_draft(g.work, draft, typed, revision=_revision())
    except (Stale, StaleDataError):
        if here is CHECK:
            return _show_check(draft, {"": [OVERTAKEN]}, status=409)
        return _show_step(draft, here, to_html(ReportSchema, {**draft.answers, **typed}), {"": [OVERTAKEN]}, status=409)
    return None


def _look_alikes(draft: Draft) -> list[Match]:
    """The precedents that look like the draft, and after them the known cases."""
    found = matches(g.work, _told(draft), cases=True, amount=CANDIDATES)
    precedents = [one for one in found if not one.is_case]
    return [*precedents[:SHOWN], *[one for one in found if one.is_case][:SHOWN]]


def _told(draft: Draft) -> Told:
    """What the draft says: in words, in laws, and of which types it is; a draft may hold anything."""
    answers = draft.answers
    text = " ".join(str(answers.get(name) or "") for name in ("titel", "kernvraag", "omschrijving"))
    types = answers.get("typen")
    chosen = tuple(one for one in types if isinstance(one, str)) if isinstance(types, list) else ()
    return Told(text, tuple(references(answers.get("grondslagen"))), chosen)


def _beside(draft: Draft) -> dict[str, Any]:
    """What stands beside a step: what looks alike."""
    return {"alike": cards_to_join(g.work, _look_alikes(draft))}


def _step_asked() -> Step:
    return _step(request.args.get("stap", STEPS[0].slug))


def _show_step(
    draft: Draft, here: Step, values: Mapping[str, Any], errors: Mapping[str, Any], *, status: int = 200
) -> ResponseReturnValue:
    sources = {"organisations": url_for("organisation.names")}
    text = render_template(
        "report/step.html",
        draft=draft,
        step=here,
        steps=_progress(draft),
        place=STEPS.index(here) + 1,
        before=STEPS[STEPS.index(here) - 1] if STEPS.index(here) else None,
        fields=step_fields(here, options(g.work), sources),
        values=values,
        errors=errors,
        **_beside(draft),
    )
    return text, status


def _show_check(draft: Draft, faults: Mapping[str, Any], *, status: int = 200) -> ResponseReturnValue:
    """Everything in one view; each fault links to the step where it can be mended."""
    known = {key: value for key, value in draft.answers.items() if not key.startswith("_")}
    values = to_html(ReportSchema, known)
    seen = findings(known)
    fields = [
        field
        for field in step_fields(CHECK, options(g.work))
        if field.name == PERSONAL_DATA_REASON and (seen or known.get(PERSONAL_DATA_REASON))
    ]
    elsewhere = {path: texts for path, texts in faults.items() if path and step_of(path) is not CHECK}
    here = {path: texts for path, texts in faults.items() if path not in elsewhere}
    text = render_template(
        "report/check.html",
        draft=draft,
        steps=_progress(draft),
        sections=_sections(values),
        mends=[(step_of(path), texts) for path, texts in elsewhere.items()],
        findings=seen,
        fields=fields,
        upload=UPLOAD,
        files=draft.answers.get(FILES) or [],
        values=values,
        joins=known.get("sluitAanBij"),
        errors=page_faults(ReportSchema, here),
        **_beside(draft),
        approval=reports.needs_approval(g.work, draft.organisation_id),
    )
    return text, status


def _sections(values: Mapping[str, Any]) -> list[tuple[Step, list[tuple[str, Any]]]]:
    """The answers of each step, as a list to read through."""
    return [
        (one, [(field.label, _shown(field, values.get(field.name))) for field in step_fields(one, options(g.work))])
        for one in STEPS
    ]


def _shown(field: FieldDescription, value: Any) -> Any:
    """An answer in words: the label of a choice, the text of a party, a law in one line."""
    labels = {choice[0]: choice[1] for choice in field.choices}
    if field.kind == "vinkje":
        return "Ja" if value in (True, "true", "on") else "Nee"
    if isinstance(value, list):
        return [_line(item, labels) for item in value if item] or "Nog niet ingevuld"
    return _line(value, labels) if value else "Nog niet ingevuld"


def _line(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        if value.get("label"):
            return str(value["label"])
        return ", ".join(str(part) for part in value.values() if part and not isinstance(part, list))
    return labels.get(str(value), str(value))


def _progress(draft: Draft) -> list[tuple[str, str, bool]]:
    """Each step with its address, and whether sending would have nothing to say of it."""
    wrong = {step_of(path) for path in faults_of(draft.answers)}
    return [
        (one.title, url_for("report.step", key=draft.key, slug=one.slug), one not in wrong) for one in (*STEPS, CHECK)
    ]


def _labels(name: str, values: list[str]) -> list[str]:
    labels = value_list(name)
    return [labels.get(value, value) for value in values]


def _step(slug: str) -> Step:
    for one in STEPS:
        if one.slug == slug:
            return one
    raise NotVisible(slug)


def _following(here: Step) -> Step:
    place = STEPS.index(here) + 1
    return STEPS[place] if place < len(STEPS) else CHECK


def _revision() -> int | None:
    given = request.form.get("revisie", "")
    return int(given) if given.isdigit() else None
