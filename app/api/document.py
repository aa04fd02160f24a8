"""Attachments of a case: sending one, and reading it back."""

from typing import Any

from flask import Response, current_app, request

from app.api.operation import MULTIPART, Answer, Call, operation
from app.api.process import act, action_with_effect, address_of
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.domain.errors import NotVisible
from app.schemas.form import form_of_action
from app.schemas.process import DocumentSchema
from app.services.attachment import attachment_of, receive
from app.services.overview import attachments_of, process_numbered, sight_of
from app.services.process import permitted, process_for_action

CASES = COLLECTIONS[Case.kind_name()]
EFFECT, FILE, TITLE = "add_document", "bestand", "titel"
TAG = CASES.capitalize()


@operation(
    "POST",
    f"/{CASES}/<number>/documenten",
    name="documentToevoegen",
    summary="Een bestand toevoegen: titel en bestand",
    tag=TAG,
    gives=DocumentSchema,
    asks=form_of_action("document"),
    media=MULTIPART,
    status=201,
    keyed=True,
    takes={"If-Match": "De ETag die u het laatst kreeg; mag weg."},
)
def add(call: Call, number: str) -> Answer:
    """Check and keep a file, and put it with the case by the action that the definition has for it."""
    work = call.work
    case = process_for_action(work, Case, number)
    call.check_version(case.revision, required=False)
    action = action_with_effect(work, case, EFFECT)
    # A file is looked at only for who may add one.
    permitted(work, case, action)
    files = _files()
    sent = {TITLE: str(files[FILE]["name"]), **call.body} if FILE in files else call.body
    act(work, case, action, sent, files)
    added = attachments_of(work, case)[-1]
    return Answer(added, headers={"Location": f"{address_of(CASES, number)}/documenten/{added.id}"})


@operation(
    "GET",
    f"/{CASES}/<number>/documenten/<int(max=2147483647):attachment_id>",
    name="documentLezen",
    summary="Een bestand ophalen",
    tag=TAG,
    takes={"gives": "*/*"},
)
def download(call: Call, number: str, attachment_id: int) -> Response:
    """A file as it was sent, for who may read the file of the case."""
    case = process_numbered(call.work, Case, number)
    if not sight_of(call.work, case).involved:
        raise NotVisible(number)
    found = attachment_of(call.work, case, attachment_id)
    response = Response(current_app.extensions["store"].read(found.digest), mimetype=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _files() -> dict[str, Any]:
    extensions = current_app.extensions
    return {
        name: receive(extensions["store"], extensions["scanner"], file.filename, file.read())
        for name, file in request.files.items()
        if file.filename
    }
