"""Bodies: who has a seat in them, by which rules they meet, and changing that."""

from collections.abc import Callable, Mapping
from typing import Any

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.config import value_list
from app.db.body import Body, OtherPosition
from app.db.organisation import Organisation
from app.domain.access import ADMINISTRATOR_ROLE, SECRETARY_ROLE
from app.domain.errors import NotPermitted
from app.schemas.body import (
    AppointmentForm,
    BodiesSchema,
    BodyForm,
    BodySchema,
    EndForm,
    OwnPositionSchema,
    OwnPositionsSchema,
    PositionForm,
    RulesForm,
    SubstitutionForm,
    denominator,
    excused_count,
)
from app.schemas.organisation import party
from app.services.body import (
    BodyOverview,
    Member,
    Replacement,
    bodies,
    body_overview,
    body_with_code,
    create_body,
    values_of,
)
from app.services.membership import appoint, end_term, seat_with
from app.services.position import check_seat, keep_position, own_position, own_positions
from app.services.procedure import adopt_rules
from app.services.substitution import end_substitution, may_register, register_substitution
from app.services.work import Work

COLLECTION = "organen"
TAG = COLLECTION.capitalize()
ONE = f"/{COLLECTION}/<code>"
POSITIONS, POSITION = f"{ONE}/functies", f"{ONE}/functies/<int:position_id>"
View = Callable[..., Any]


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
    tagged=True,
)
def show(call: Call, code: str) -> Answer:
    """The members in office by their function, and the rules that hold today."""
    return Answer(_whole(call.work, code))


@operation(
    "POST",
    f"/{COLLECTION}",
    name="orgaanMaken",
    summary="Een orgaan maken",
    tag=TAG,
    gives=BodySchema,
    body=BodyForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
    example={"body": {"naam": "Ethische commissie", "code": "ethiek-utrecht", "soort": "ethiekcommissie"}},
)
def create(call: Call) -> Answer:
    """Make a body, without members yet."""
    call.check_role(ADMINISTRATOR_ROLE)
    code = create_body(call.work, **call.body).code
    return Answer(_whole(call.work, code), headers={"Location": f"{BLUEPRINT.url_prefix}/{COLLECTION}/{code}"})


def _change(path: str, **told: Any) -> Callable[[View], View]:
    """Register a call that changes a body, as it was seen; its answer is the body as it is then."""

    def register(view: View) -> View:
        def changing(call: Call, code: str, **inside: int) -> Answer:
            body = body_with_code(call.work, code)
            view(call, body, **inside)
            # What is read again is what the database has now.
            call.work.session.flush()
            call.work.session.expire_all()
            return Answer(_whole(call.work, code))

        operation("POST", f"{ONE}/{path}", tag=TAG, gives=BodySchema, tagged=True, changes=True, **told)(changing)
        return view

    return register


@_change("leden", name="lidBenoemen", summary="Iemand benoemen", body=AppointmentForm, media=JSON)
def appoint_member(call: Call, body: Body) -> None:
    """Give somebody a seat."""
    call.check_role(ADMINISTRATOR_ROLE)
    _check_seen(call, body)
    appoint(call.work, body, **call.body)


@_change(
    "leden/<int:seat_id>/einde", name="termijnEindigen", summary="Een termijn beëindigen", body=EndForm, media=JSON
)
def end_membership(call: Call, body: Body, seat_id: int) -> None:
    """End a term."""
    call.check_role(ADMINISTRATOR_ROLE)
    seat = seat_with(call.work, body, seat_id)
    _check_seen(call, body)
    end_term(call.work, seat, **call.body)


@_change(
    "reglement", name="reglementWijzigen", summary="Een nieuwe versie van het reglement", body=RulesForm, media=JSON
)
def change_rules(call: Call, body: Body) -> None:
    """Add a version of the rules; meetings keep their own version."""
    call.check_role(SECRETARY_ROLE)
    _check_seen(call, body)
    answers = dict(call.body)
    adopt_rules(call.work, body, excused_count=excused_count(answers.pop("denominator")), **answers)


@_change(
    "vervangingen",
    name="vervangingVastleggen",
    summary="Vastleggen wie wie vervangt",
    body=SubstitutionForm,
    media=JSON,
)
def substitute(call: Call, body: Body) -> None:
    """Keep who sits for whom."""
    if not may_register(call.work, body):
        raise NotPermitted("substitution is registered by the chair, the secretary or who is absent")
    _check_seen(call, body)
    register_substitution(call.work, body, **call.body)


@_change(
    "vervangingen/<int:substitution_id>/einde",
    name="vervangingEindigen",
    summary="Een vervanging vandaag laten eindigen",
)
def stop_substitution(call: Call, body: Body, substitution_id: int) -> None:
    """Today is the last day."""
    if not may_register(call.work, body):
        raise NotPermitted("substitution is ended by the chair, the secretary or who is absent")
    _check_seen(call, body)
    end_substitution(call.work, body, substitution_id)


@operation(
    "GET",
    POSITIONS,
    name="eigenNevenfuncties",
    summary="Uw functies elders, als u in dit orgaan zit",
    tag=TAG,
    gives=OwnPositionsSchema,
)
def positions(call: Call, code: str) -> Answer:
    """One's own positions elsewhere."""
    check_seat(call.work, body_with_code(call.work, code))
    return Answer({"results": [_position(*row) for row in own_positions(call.work)]})


@operation(
    "POST",
    POSITIONS,
    name="nevenfunctieToevoegen",
    summary="Een functie elders opgeven",
    tag=TAG,
    gives=OwnPositionSchema,
    body=PositionForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
    example={"body": {"organisatie": "gemeente Utrecht", "functienaam": "Adviseur", "van": "2024-01-01", "tot": None}},
)
def add_position(call: Call, code: str) -> Answer:
    """Add a position of one's own."""
    check_seat(call.work, body_with_code(call.work, code))
    made = keep_position(call.work, **_typed(call))
    where = f"{BLUEPRINT.url_prefix}/{COLLECTION}/{code}/functies/{made.id}"
    return Answer(_position(*own_position(call.work, made.id)), headers={"Location": where})


@operation(
    "GET",
    POSITION,
    name="eigenNevenfunctie",
    summary="Eén functie van uzelf",
    tag=TAG,
    gives=OwnPositionSchema,
    tagged=True,
)
def show_position(call: Call, code: str, position_id: int) -> Answer:
    """One of one's own positions."""
    check_seat(call.work, body_with_code(call.work, code))
    return Answer(_position(*own_position(call.work, position_id)))


@operation(
    "PUT",
    POSITION,
    name="nevenfunctieWijzigen",
    summary="Een functie van uzelf wijzigen",
    tag=TAG,
    gives=OwnPositionSchema,
    body=PositionForm,
    media=JSON,
    tagged=True,
    changes=True,
    example={"body": {"organisatie": "gemeente Utrecht", "functienaam": "Adviseur", "van": "2024-01-01", "tot": None}},
)
def change_position(call: Call, code: str, position_id: int) -> Answer:
    """Change a position of one's own."""
    check_seat(call.work, body_with_code(call.work, code))
    position, organisation = own_position(call.work, position_id)
    call.check_seen(_position(position, organisation), OwnPositionSchema)
    keep_position(call.work, position=position, **_typed(call))
    return Answer(_position(*own_position(call.work, position_id)))


def _check_seen(call: Call, body: Body) -> None:
    call.check_seen(_whole(call.work, body.code), BodySchema)


def _typed(call: Call) -> dict[str, Any]:
    """A position as services know it: an organisation of the list, or a private one by name."""
    given = party(call.body["organisation"])
    named = {"tooi_uri": given.get("tooiUri"), "name": given.get("naam"), "kvk_number": given.get("kvkNummer")}
    return {**call.body, "organisation": named}


def _position(position: OtherPosition, organisation: Organisation) -> Mapping[str, Any]:
    return {
        "id": position.id,
        "organisation": organisation.name,
        "title": position.position_title,
        "since": position.since,
        "until": position.until,
    }


def _whole(work: Work, code: str) -> Mapping[str, Any]:
    shown = body_overview(work, body_with_code(work, code))
    return {
        **_row(shown.body),
        "places": _places(shown),
        "coming": [_member(one) for one in shown.coming],
        "substitutions": [_replacement(one) for one in shown.substitutions],
        "rules": _rules(shown),
    }


def _replacement(one: Replacement) -> Mapping[str, Any]:
    row = one.row
    return {
        "id": row.id,
        "absent": one.absent,
        "substitute": one.substitute,
        "since": row.since,
        "until": row.until,
        "reason": row.reason,
    }


def _row(body: Body) -> Mapping[str, Any]:
    return {"code": body.code, "name": body.name, "body_kind": body.body_kind, "central": body.central}


def _places(shown: BodyOverview) -> list[dict[str, Any]]:
    return [
        {"place": place, "label": label, "members": [_member(one) for one in shown.in_office if one.place == place]}
        for place, label in value_list("zetel").items()
    ]


def _member(member: Member) -> dict[str, Any]:
    return {
        "id": member.seat.id,
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
