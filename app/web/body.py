"""Bodies: who has a seat, by which rules they meet, and keeping both."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.body import Body, OtherPosition
from app.db.organisation import Organisation
from app.domain.access import ADMINISTRATOR_ROLE, SECRETARY_ROLE
from app.domain.errors import Invalid, NotPermitted
from app.schemas.body import (
    AppointmentForm,
    BodyForm,
    EndForm,
    PositionForm,
    RulesForm,
    SubstitutionForm,
    denominator,
    excused_count,
)
from app.schemas.field import FieldDescription, Form, Options
from app.schemas.form import beginning, describe, from_html, load, page_faults, to_html
from app.schemas.organisation import party
from app.services.body import (
    PLACES,
    BodyOverview,
    Member,
    Replacement,
    bodies,
    body_overview,
    body_with_code,
    create_body,
    may_administer,
    values_of,
)
from app.services.choice import options
from app.services.membership import appoint, end_term, may_end_term, seat_with, warning_about
from app.services.overview import names_of_accounts
from app.services.position import check_seat, has_seat, keep_position, own_position, own_positions
from app.services.procedure import adopt_rules, may_adopt_rules
from app.services.sitting import rules_in_force
from app.services.substitution import end_substitution, may_end, may_register, people_in, register_substitution
from app.web import confirmation
from app.web.access import LOGGED_IN, access

pages = Blueprint("body", __name__)
APPOINT, END_TERM = "Iemand benoemen", "Termijn beëindigen"


@pages.get("/organen")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """Every body."""
    kinds = value_list("orgaansoort")
    rows = [(body, kinds.get(body.body_kind, body.body_kind), members) for body, members in bodies(g.work)]
    return render_template("body/index.html", rows=rows, may_administer=may_administer(g.work))


@pages.get("/organen/nieuw")
@access(ADMINISTRATOR_ROLE)
def begin() -> ResponseReturnValue:
    """Ask what body it is."""
    return _ask(BodyForm, "Nieuw orgaan", {}, {})


@pages.post("/organen/nieuw")
@access(ADMINISTRATOR_ROLE)
def create() -> ResponseReturnValue:
    """Make a body."""
    given = from_html(BodyForm, request.form)
    try:
        body = create_body(g.work, **load(BodyForm, given))
    except Invalid as error:
        return _ask(BodyForm, "Nieuw orgaan", to_html(BodyForm, given), error.faults)
    flash("Het orgaan is gemaakt. Benoem nu de leden.", "success")
    return _to(body)


@pages.get("/organen/<code>")
@access(LOGGED_IN)
def show(code: str) -> ResponseReturnValue:
    """One body: members, substitutions, and the rules by which it meets."""
    body = body_with_code(g.work, code)
    shown = body_overview(g.work, body)
    return render_template(
        "body/show.html",
        body=body,
        kind=value_list("orgaansoort").get(body.body_kind, body.body_kind),
        groups=_groups(shown),
        coming=[_member(one) for one in shown.coming],
        alumni=[_member(one) for one in shown.alumni],
        running=[_replacement(body, one) for one in shown.substitutions if one.row.until >= g.work.today],
        past=[_replacement(body, one) for one in shown.substitutions if one.row.until < g.work.today],
        rules=shown.rules,
        version=shown.version,
        versions=shown.versions,
        names=names_of_accounts(g.work, [one.row.account_id for one in shown.versions]),
        may_administer=may_administer(g.work),
        may_adopt=may_adopt_rules(g.work, body),
        may_register=may_register(g.work, body),
        has_seat=has_seat(g.work, body),
    )


@pages.get("/organen/<code>/leden/nieuw")
@access(ADMINISTRATOR_ROLE)
def ask_appointment(code: str) -> ResponseReturnValue:
    """Ask whom to appoint."""
    return _ask(AppointmentForm, APPOINT, {}, {}, body=body_with_code(g.work, code), beside=confirmation.asked())


@pages.post("/organen/<code>/leden/nieuw")
@access(ADMINISTRATOR_ROLE)
def appoint_member(code: str) -> ResponseReturnValue:
    """Give somebody a seat."""
    body = body_with_code(g.work, code)
    given = from_html(AppointmentForm, request.form)
    try:
        confirmation.confirm()
        seat = appoint(g.work, body, **load(AppointmentForm, given))
    except Invalid as error:
        values, asked = to_html(AppointmentForm, given), confirmation.asked()
        return _ask(AppointmentForm, APPOINT, values, error.faults, body=body, beside=asked)
    flash("De benoeming is vastgelegd.", "success")
    if warning := warning_about(seat):
        flash(f"Let op: {warning[0].lower()}{warning[1:]}", "warning")
    return _to(body)


@pages.get("/organen/<code>/leden/<int:seat_id>/einde")
@access(ADMINISTRATOR_ROLE)
def ask_end(code: str, seat_id: int) -> ResponseReturnValue:
    """Ask when a term ends."""
    body = body_with_code(g.work, code)
    seat_with(g.work, body, seat_id)
    return _ask(EndForm, END_TERM, {}, {}, body=body, beside=confirmation.asked())


@pages.post("/organen/<code>/leden/<int:seat_id>/einde")
@access(ADMINISTRATOR_ROLE)
def end_membership(code: str, seat_id: int) -> ResponseReturnValue:
    """End a term."""
    body = body_with_code(g.work, code)
    given = from_html(EndForm, request.form)
    try:
        confirmation.confirm()
        end_term(g.work, seat_with(g.work, body, seat_id), **load(EndForm, given))
    except Invalid as error:
        values, asked = to_html(EndForm, given), confirmation.asked()
        return _ask(EndForm, END_TERM, values, error.faults, body=body, beside=asked)
    flash("Het einde van de termijn is vastgelegd.", "success")
    return _to(body)


@pages.get("/organen/<code>/reglement/nieuw")
@access(SECRETARY_ROLE)
def ask_rules(code: str) -> ResponseReturnValue:
    """Ask for a new version, which begins as the one in force."""
    body = body_with_code(g.work, code)
    if not may_adopt_rules(g.work, body):
        raise NotPermitted("the rules of a body are kept by its secretary")
    version = rules_in_force(g.work, body.id, g.work.today)
    rules = values_of(version)._asdict()
    held = {
        "ingangsdatum": g.work.today.isoformat(),
        "quorum": rules["quorum"],
        "quorumnoemer": denominator(excused_count=rules["excused_count"]),
        "staken": rules["tie"],
        "stukkenDagen": rules["papers_days"],
        "notaDagen": rules["note_days"],
        "notaLengte": rules["note_length"],
        "schriftelijkDagen": rules["written_days"],
        "namenInUitslag": "true" if rules["names_in_result"] else "false",
        "bron": version.source if version else "Kaderwet adviescolleges",
    }
    return _ask(RulesForm, "Reglement wijzigen", to_html(RulesForm, held), {}, body=body)


@pages.post("/organen/<code>/reglement/nieuw")
@access(SECRETARY_ROLE)
def change_rules(code: str) -> ResponseReturnValue:
    """Add a version of the rules."""
    body = body_with_code(g.work, code)
    given = from_html(RulesForm, request.form)
    try:
        answers = load(RulesForm, given)
        counted = excused_count(answers.pop("denominator"))
        version = adopt_rules(g.work, body, excused_count=counted, **answers)
    except Invalid as error:
        return _ask(RulesForm, "Reglement wijzigen", to_html(RulesForm, given), error.faults, body=body)
    flash(f"Versie {version.version} van het reglement is bewaard. Vergaderingen houden hun eigen versie.", "success")
    return _to(body)


@pages.get("/organen/<code>/vervanging/nieuw")
@access(LOGGED_IN)
def ask_substitution(code: str) -> ResponseReturnValue:
    """Ask who sits for whom."""
    body = body_with_code(g.work, code)
    if not may_register(g.work, body):
        raise NotPermitted("substitution is registered by the chair, the secretary or who is absent")
    return _ask(SubstitutionForm, "Vervanging vastleggen", {}, {}, body=body)


@pages.post("/organen/<code>/vervanging/nieuw")
@access(LOGGED_IN)
def substitute(code: str) -> ResponseReturnValue:
    """Keep who sits for whom."""
    body = body_with_code(g.work, code)
    given = from_html(SubstitutionForm, request.form)
    try:
        register_substitution(g.work, body, **load(SubstitutionForm, given))
    except Invalid as error:
        values = to_html(SubstitutionForm, given)
        return _ask(SubstitutionForm, "Vervanging vastleggen", values, error.faults, body=body)
    flash("De vervanging is vastgelegd.", "success")
    return _to(body)


@pages.post("/organen/<code>/vervanging/<int:substitution_id>/einde")
@access(LOGGED_IN)
def stop_substitution(code: str, substitution_id: int) -> ResponseReturnValue:
    """Today is the last day."""
    body = body_with_code(g.work, code)
    end_substitution(g.work, body, substitution_id)
    flash("De vervanging eindigt vandaag.", "success")
    return _to(body)


@pages.get("/organen/<code>/functies")
@access(LOGGED_IN)
def positions(code: str) -> ResponseReturnValue:
    """The reader's own positions elsewhere."""
    return _positions_page(code, {}, {})


@pages.post("/organen/<code>/functies")
@access(LOGGED_IN)
def add_position(code: str) -> ResponseReturnValue:
    """Add a position of one's own."""
    return _keep_position(code, None, lambda values, faults: _positions_page(code, values, faults))


@pages.get("/organen/<code>/functies/<int:position_id>")
@access(LOGGED_IN)
def ask_position(code: str, position_id: int) -> ResponseReturnValue:
    """One of the reader's own positions, to change."""
    position, organisation = own_position(g.work, position_id)
    return _position_page(code, to_html(PositionForm, _typed(position, organisation)), {})


@pages.post("/organen/<code>/functies/<int:position_id>")
@access(LOGGED_IN)
def change_position(code: str, position_id: int) -> ResponseReturnValue:
    """Change a position of one's own."""
    position, _ = own_position(g.work, position_id)
    return _keep_position(code, position, lambda values, faults: _position_page(code, values, faults))


Shown = Callable[[Mapping[str, Any], Mapping[str, Any]], ResponseReturnValue]


def _keep_position(code: str, position: OtherPosition | None, again: Shown) -> ResponseReturnValue:
    check_seat(g.work, body_with_code(g.work, code))
    given = from_html(PositionForm, request.form)
    try:
        answers = load(PositionForm, given)
        keep_position(g.work, position=position, **{**answers, "organisation": _named(answers["organisation"])})
    except Invalid as error:
        return again(to_html(PositionForm, given), error.faults)
    flash("Uw functie is bewaard.", "success")
    return redirect(url_for("body.positions", code=code), 303)


def _named(text: str) -> dict[str, str | None]:
    """What somebody typed as an organisation, as services know it."""
    given = party(text)
    return {"tooi_uri": given.get("tooiUri"), "name": given.get("naam"), "kvk_number": given.get("kvkNummer")}


def _positions_page(code: str, values: Mapping[str, Any], faults: Mapping[str, Any]) -> ResponseReturnValue:
    body = body_with_code(g.work, code)
    check_seat(g.work, body)
    text = render_template(
        "body/positions.html",
        body=body,
        rows=[(position, organisation.name) for position, organisation in own_positions(g.work)],
        **_form(PositionForm, values, faults, body),
    )
    return text, 400 if faults else 200


def _position_page(code: str, values: Mapping[str, Any], faults: Mapping[str, Any]) -> ResponseReturnValue:
    body = body_with_code(g.work, code)
    check_seat(g.work, body)
    return _ask(PositionForm, "Functie wijzigen", values, faults, body=body)


def _typed(position: OtherPosition, organisation: Organisation) -> dict[str, Any]:
    """A position as it would be typed."""
    return {
        "organisatie": organisation.name,
        "functienaam": position.position_title,
        "van": position.since.isoformat(),
        "tot": position.until.isoformat() if position.until else None,
    }


def _ask(
    form: type[Form],
    title: str,
    values: Mapping[str, Any],
    faults: Mapping[str, Any],
    *,
    body: Body | None = None,
    beside: Sequence[FieldDescription] = (),
) -> ResponseReturnValue:
    """A page with one form, and what is asked beside it."""
    shown = _form(form, values, faults, body)
    shown["fields"] = [*shown["fields"], *beside]
    text = render_template("body/form.html", title=title, body=body, **shown)
    return text, 400 if faults else 200


def _form(form: type[Form], values: Mapping[str, Any], faults: Mapping[str, Any], body: Body | None) -> dict[str, Any]:
    return {
        "fields": describe(form, _choices(body), {"organisations": url_for("organisation.names")}),
        "values": values or to_html(form, beginning(form)),
        "errors": page_faults(form, faults),
        "action": request.path,
    }


def _choices(body: Body | None) -> Options:
    """What can be chosen in a form about a body: also who has a seat in it."""
    others = options(g.work)
    return lambda source: people_in(g.work, body) if source == SEATED and body is not None else others(source)


SEATED = "seated"


def _to(body: Body) -> ResponseReturnValue:
    return redirect(url_for("body.show", code=body.code), 303)


def _groups(shown: BodyOverview) -> list[tuple[str, list[dict[str, Any]]]]:
    """The seats that are taken, by function and in the order of the value list."""
    labels = value_list("zetel")
    groups = [
        (label, [_member(one) for one in shown.in_office if one.place == place]) for place, label in labels.items()
    ]
    return [(label, members) for label, members in groups if members]


def _member(member: Member) -> dict[str, Any]:
    return {
        "id": member.seat.id,
        "name": member.name,
        "organisation": member.organisation,
        "place": value_list("zetel")[member.place],
        "since": member.seat.since,
        "until": member.seat.until,
        # That a deputy or a secretary has none goes without saying.
        "has_no_vote": PLACES[member.place].votes and not member.seat.votes,
        "positions": member.positions,
        "may_end": may_end_term(g.work, member.seat),
    }


def _replacement(body: Body, one: Replacement) -> dict[str, Any]:
    return {
        "id": one.row.id,
        "absent": one.absent,
        "substitute": one.substitute,
        "since": one.row.since,
        "until": one.row.until,
        "reason": one.row.reason,
        "may_end": may_end(g.work, body, one.row),
    }
