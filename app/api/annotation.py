"""Remarks at rulings: one's own, and those that colleagues share."""

from flask import Response

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.representation import Values
from app.db.collection import Annotation
from app.schemas.annotation import AnnotationForm, AnnotationQuery, AnnotationSchema, AnnotationsSchema, RemarkForm
from app.services import annotation as service

COLLECTION, TAG = "aantekeningen", "Aantekeningen"
ONE = f"/{COLLECTION}/<int:identity>"


@operation(
    "GET",
    f"/{COLLECTION}",
    name="aantekeningenLijst",
    summary="Uw laatste aantekeningen; bij één uitspraak ook die van collega’s",
    tag=TAG,
    gives=AnnotationsSchema,
    query=AnnotationQuery,
)
def index(call: Call) -> Answer:
    """At most a hundred: one's own, or all that one may read at a ruling."""
    ruling = call.query.get("ruling")
    if ruling is None:
        return Answer({"results": [_row(one, own=True) for one in service.own_annotations(call.work)]})
    found = service.annotations_of(call.work, ruling)
    return Answer({"results": [_row(one.annotation, own=one.own, author=one.author) for one in found]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="aantekeningMaken",
    summary="Een aantekening maken bij een openbare uitspraak",
    tag=TAG,
    gives=AnnotationSchema,
    body=AnnotationForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
    example={"body": {"nummer": "CCG:2026:1", "tekst": "Dit geldt ook voor ons.", "passage": None, "gedeeld": False}},
)
def create(call: Call) -> Answer:
    """Make a remark."""
    sent = call.body
    made = service.annotate(
        call.work, number=sent["number"], text=sent["text"], passage=sent.get("passage") or "", shared=sent["shared"]
    )
    return Answer(_row(made, own=True), headers={"Location": f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.id}"})


@operation(
    "GET", ONE, name="aantekeningEen", summary="Eén aantekening van uzelf", tag=TAG, gives=AnnotationSchema, tagged=True
)
def show(call: Call, identity: int) -> Answer:
    """A remark of one's own."""
    return Answer(_row(service.annotation_of_owner(call.work, identity), own=True))


@operation(
    "PUT",
    ONE,
    name="aantekeningWijzigen",
    summary="Een aantekening anders schrijven; de uitspraak waar die bij staat blijft dezelfde",
    tag=TAG,
    gives=AnnotationSchema,
    body=RemarkForm,
    media=JSON,
    tagged=True,
    changes=True,
)
def change(call: Call, identity: int) -> Answer:
    """Say it otherwise."""
    found, sent = _own(call, identity), call.body
    service.change_annotation(
        call.work, found, text=sent["text"], passage=sent.get("passage") or "", shared=sent["shared"]
    )
    return Answer(_row(found, own=True))


@operation(
    "DELETE",
    ONE,
    name="aantekeningVerwijderen",
    summary="Een aantekening verwijderen",
    tag=TAG,
    status=204,
    changes=True,
)
def drop(call: Call, identity: int) -> Response:
    """Take it away."""
    _own(call, identity)
    service.drop_annotation(call.work, identity)
    return Response(status=204)


def _own(call: Call, identity: int) -> Annotation:
    found = service.annotation_of_owner(call.work, identity)
    call.check_seen(_row(found, own=True), AnnotationSchema)
    return found


def _row(found: Annotation, *, own: bool, author: str | None = None) -> Values:
    names = ("id", "number", "passage", "text", "shared", "at")
    return {**{name: getattr(found, name) for name in names}, "own": own, "author": author}
