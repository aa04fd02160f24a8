"""A call of the API is one thing: its address, who may make it, what it takes and gives, and how it is described."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, current_app, g, request
from marshmallow import Schema

from app.domain.errors import Invalid, NotPermitted, NotVisible, Stale
from app.schemas.field import Form, is_blank, kinds
from app.schemas.form import from_html, load
from app.schemas.kind import AtMost, Text
from app.schemas.process import RECEIPT
from app.schemas.several import Several
from app.services.hold import hold_address
from app.services.idempotency import claim_key, keep_answer
from app.services.vote import ballot_box
from app.services.work import Work

BLUEPRINT = Blueprint("api", __name__, url_prefix="/api/v1")
EVERYBODY, TOKEN, STATEMENT = "iedereen", "wie een sleutel heeft", "wie een verklaring ondertekent"
JSON, MULTIPART, FORM = "application/json", "multipart/form-data", "application/x-www-form-urlencoded"
KEY = "Idempotency-Key"
NO_JSON = "Dit is geen JSON. Kijk of alle haakjes, komma’s en aanhalingstekens kloppen."
NO_OBJECT = "Stuur een object met velden."
NO_VALUE = "Geef een waarde, of laat deze parameter weg."
REVISION = re.compile(r"([0-9]{1,9})(?:\.[0-9a-f]+)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MADE = "gemaakt"
SAID_ONCE = frozenset({"geheim"})
"""What stands in the first answer alone, and is kept nowhere."""
BESIDE = frozenset({MADE, RECEIPT})
"""What an answer says beside what the thing now is; an ETag does not cover it."""

View = Callable[..., "Answer | Response"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call, as it is made and as it is described.

    `gives` is the schema of the answer, and `gives_also` are those it may have instead; `query` and `body` are the
    forms of what is asked, and `asks` is a form that the view checks itself. `tagged` says that the answer has an ETag,
    `changes` that an If-Match is required, `keyed` that an Idempotency-Key is honoured. `by_statement` says that the
    caller brings no key but a signed statement, and `refuses` is what is told when that does not hold.
    """

    method: str
    path: str
    name: str
    summary: str
    tag: str
    gives: type[Schema] | None = None
    gives_also: tuple[type[Schema], ...] = ()
    query: type[Form] | None = None
    body: type[Form] | None = None
    asks: type[Form] | None = None
    media: str | None = None
    status: int = 200
    public: bool = False
    by_statement: bool = False
    refuses: type[Schema] | None = None
    tagged: bool = False
    changes: bool = False
    keyed: bool = False
    paged: bool = False
    takes: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What a view is given: the work, and what was asked, parsed and checked."""

    work: Work
    query: Mapping[str, Any]
    body: Mapping[str, Any]

    def check_version(self, revision: int, *, required: bool) -> None:
        """Refuse who did not say which version was seen, and who saw an older one."""
        if "If-Match" not in request.headers:
            if required:
                abort(428)
            return
        seen = request.if_match
        if seen.star_tag:
            return
        known = (REVISION.fullmatch(tag) for tag in seen.as_set(include_weak=True))
        if not any(match and int(match[1]) == revision for match in known):
            raise Stale(str(revision))

    def check_seen(self, values: Mapping[str, Any], schema: type[Schema]) -> None:
        """The same for what has no version but what it says now: `values`, as `schema` shows them to this reader."""
        if "If-Match" not in request.headers:
            abort(428)
        tag = _tag(schema().dump(values), None).strip('"')
        if not request.if_match.star_tag and tag not in request.if_match.as_set(include_weak=True):
            raise Stale(tag)

    def check_role(self, *roles: str) -> None:
        """Refuse who has none of these roles, before anything is looked up."""
        if self.work.actor.roles.isdisjoint(roles):
            raise NotPermitted(f"this is for {', '.join(sorted(roles))}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view gives back: what the schema reads, and the version of the thing where it has one.

    `plain` says that it goes out as it is, without the schema; `schema` is one of those that the call gives also.
    """

    body: Any
    revision: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    plain: bool = False
    schema: type[Schema] | None = None


OPERATIONS: list[Operation] = []
"""Every call, in the order in which the modules name them."""


def operation(method: str, path: str, **told: Any) -> Callable[[View], View]:
    """Register a view as a call of the API; nothing else makes a route."""

    def register(view: View) -> View:
        made = Operation(method, path, **told)
        OPERATIONS.append(made)
        BLUEPRINT.add_url_rule(path, made.name, _endpoint(made, view), methods=[method])
        return view

    return register


def _endpoint(made: Operation, view: View) -> Callable[..., Response]:
    schema = made.gives() if made.gives else None

    def endpoint(**path: Any) -> Response:
        work: Work = g.work
        _admit(made, work, path)
        call = Call(work, _asked(made), _sent(made))
        if made.changes:
            hold_address(work, _thing())
        key = request.headers.get(KEY) if made.keyed else None
        if key is None:
            return _respond(made, schema, view(call, **path))
        return _once(work, key, lambda: _respond(made, schema, view(call, **path)))

    endpoint.__doc__ = made.summary
    endpoint.access = (_access(made),)  # type: ignore[attr-defined]
    return endpoint


def _access(made: Operation) -> str:
    """Who may make the call, as the list of routes says it."""
    if made.by_statement:
        return STATEMENT
    return EVERYBODY if made.public else TOKEN


def _thing() -> str:
    """The address of the thing that a request is about: the collection and what it is known by there."""
    return "/".join(request.path.removeprefix(f"{BLUEPRINT.url_prefix}/").split("/")[:2])


def _admit(made: Operation, work: Work, path: Mapping[str, Any]) -> None:
    if not (made.public or made.by_statement) and work.actor.account_id is None:
        abort(401)
    if any(isinstance(value, str) and CONTROL.search(value) for value in path.values()):
        raise NotVisible(request.path)


def _asked(made: Operation) -> Mapping[str, Any]:
    """The parameters in the address; one that the call does not know is refused."""
    known = made.query or Form
    values = from_html(known, request.args)
    unknown = request.args.keys() - {kind.data_key for kind in known._declared_fields.values()}
    try:
        _check_as_sent(known)
        return load(known, {**values, **dict.fromkeys(unknown)})
    except Invalid as refused:
        # A parameter that is given more than once has one name.
        faults = {path.partition(".")[0]: texts for path, texts in refused.faults.items()}
        raise Invalid(faults) from None


def _check_as_sent(known: type[Form]) -> None:
    """Refuse what is too long as it was sent, whatever of it can be left out, and what is nothing in a list."""
    for kind in kinds(known):
        text = kind.inner if isinstance(kind, Several) else kind
        if isinstance(kind, Several) and any(is_blank(value) for value in request.args.getlist(kind.key)):
            raise Invalid({kind.key: [NO_VALUE]})
        for check in text.validators if isinstance(text, Text) else ():
            if isinstance(check, AtMost):
                faults = [sentence for value in request.args.getlist(kind.key) for sentence in check.faults(value)]
                if faults:
                    raise Invalid({kind.key: faults})


def _sent(made: Operation) -> Mapping[str, Any]:
    """The body: checked by its form, or as it is where the form depends on the state of the process."""
    if made.media is None:
        return {}
    if made.media == FORM:
        if request.mimetype != FORM:
            abort(415, f"Stuur {FORM}.")
        return request.form.to_dict(flat=False)
    if made.media == MULTIPART:
        if request.mimetype != MULTIPART:
            abort(415, "Stuur multipart/form-data.")
        return request.form.to_dict()
    sent = _json()
    return load(made.body, sent) if made.body else sent


def _json() -> Mapping[str, Any]:
    data = request.get_data()
    if not data:
        return {}
    if not request.is_json:
        abort(415)
    try:
        sent = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Invalid({"": [NO_JSON]}) from None
    if not isinstance(sent, dict):
        raise Invalid({"": [NO_OBJECT]})
    return sent


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _respond(made: Operation, schema: Schema | None, answer: Answer | Response) -> Response:
    if isinstance(answer, Response):
        return answer
    schema = answer.schema() if answer.schema else schema
    body = answer.body if answer.plain or schema is None else schema.dump(answer.body)
    response = Response(current_app.json.dumps(body), made.status, mimetype=JSON)
    if made.tagged:
        response.headers["ETag"] = _tag(body, answer.revision)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Authorization"
        if request.method == "GET":
            response.make_conditional(request)
    response.headers.update(answer.headers)
    return response


def _tag(body: Mapping[str, Any], revision: int | None) -> str:
    """The version of the thing, and the digest of what this reader sees of it."""
    seen = json.dumps({name: value for name, value in body.items() if name not in BESIDE}, sort_keys=True)
    digest = hashlib.sha256(seen.encode()).hexdigest()[:16]
    return f'"{digest}"' if revision is None else f'"{revision}.{digest}"'


def _once(work: Work, key: str, answer: Callable[[], Response]) -> Response:
    """Give the kept answer of the same request, or do it and keep the answer with it."""
    digest, address_alone = _request_digest(work), _digest_of_address(work)
    if known := claim_key(work, key, digest, or_else=address_alone):
        response = Response(current_app.json.dumps(known.body), known.status, mimetype=JSON)
        response.headers.update(known.headers)
        return response
    response = answer()
    kept = {name: response.headers[name] for name in ("ETag", "Location") if name in response.headers}
    body = response.get_json()
    if body.get(RECEIPT) is not None:
        # Of a vote nothing is kept: not the receipt, and not what was sent, which has three possibilities.
        digest, body[RECEIPT] = address_alone, None
    body |= dict.fromkeys(SAID_ONCE & body.keys())
    keep_answer(work, key, digest=digest, status=response.status_code, body=body, headers=kept)
    return response


def _digest_of_address(work: Work) -> str:
    return ballot_box(work).mark(f"{_asked_with(work)}{request.method} {request.full_path}".encode())


def _asked_with(work: Work) -> str:
    """What the key may: another key of the same account does not read what was answered to a wider one."""
    actor = work.actor
    if actor.narrowed is None and actor.confirms:
        return ""
    return json.dumps([None if actor.narrowed is None else sorted(actor.narrowed), actor.confirms])


def _request_digest(work: Work) -> str:
    """What makes two requests the same: method, address, content and rights; not how a form was cut in parts.

    It is made with a key, or what was sent could be guessed from it.
    """
    digest = hashlib.sha256(f"{_asked_with(work)}{request.method} {request.full_path}\n".encode())
    if request.mimetype != MULTIPART:
        digest.update(request.get_data())
        return ballot_box(work).mark(digest.digest())
    for name, value in sorted(request.form.items(multi=True)):
        digest.update(f"{name}={value}\n".encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda pair: (pair[0], pair[1].filename or "")):
        digest.update(f"{name}={file.filename}\n".encode())
        digest.update(file.read())
        file.seek(0)
    return ballot_box(work).mark(digest.digest())
