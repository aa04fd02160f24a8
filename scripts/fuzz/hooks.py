"""What schemathesis cannot know: what exists here, and which refusals a schema cannot foretell.

It is loaded by schemathesis, and reads what is known from the file that `KNOWN` names.
"""

import json
import os
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData

from scripts.fuzz.body import Bodies

KNOWN: dict[str, Any] = json.loads(Path(os.environ["KNOWN"]).read_text("utf-8"))
MOSTLY = 0.8
RANDOM = Random(KNOWN["seed"])  # noqa: S311 - nothing is secret here
BODIES = Bodies(KNOWN["description"], KNOWN["fields"], RANDOM)
ACTION, KEY, LONGEST = "/acties/{actie}", "Idempotency-Key", 180
NUMBERS = count(1)
OWN_KEYS, NOBODYS = ("/sleutels/", "/accounts/"), 2**31 - 1
# A place in a list is given out by us; the statuses are those of the definitions.
NEVER_FORETOLD = frozenset({"na", "status"})


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Mostly ask for what exists, with a version that may be right and with a body that the action might take."""
    if case.meta is None:
        return
    wrong = case.meta.is_negative_at
    collection = case.path.split("/")[1]
    known = KNOWN["paths"].get(collection, {})
    if not wrong(ParameterLocation.PATH):
        for name in case.path_parameters or {}:
            if name in known and RANDOM.random() < MOSTLY:
                case.path_parameters[name] = RANDOM.choice(known[name])
    if case.path.startswith(OWN_KEYS) and case.method == "DELETE" and "id" in (case.path_parameters or {}):
        # Who takes back the key with which it asks, asks nothing any more.
        case.path_parameters["id"] = NOBODYS
    right = not case.meta.generation.mode.is_negative
    if "If-Match" in (case.headers or {}) and right and RANDOM.random() < MOSTLY:
        case.headers["If-Match"] = "*"
    if KEY in (case.headers or {}) and 0 < len(case.headers[KEY].strip()) < LONGEST:
        # A key is for one request.
        case.headers[KEY] = f"{case.headers[KEY]}-{next(NUMBERS)}"
    if case.path.endswith(ACTION) and case.body is not NOT_SET and not wrong(ParameterLocation.BODY):
        form = KNOWN["asks"].get(collection, {}).get(case.path_parameters["actie"])
        case.body = BODIES.of(form) if form else {}
        if not isinstance(case.body, dict):
            case.body = {}


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Is it a fault: what an action asks depends on the state, and some words only we can give."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 400:
        return True
    if case.path.endswith(ACTION):
        return False
    told = json.loads(response.content).get("errors", [])
    unsayable = NEVER_FORETOLD | set(KNOWN["unsayable"].get(f"{case.method} {case.path}", ()))
    return not told or any(fault["veld"].split(".")[0] not in unsayable for fault in told)
