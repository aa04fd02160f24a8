"""Every call that changes something refuses who brings no key, a key of elsewhere, or no version of what it changes.

The description itself is walked, with the examples that it gives, so a new call is covered by being there.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from werkzeug.test import TestResponse

from app.api.openapi import description
from app.db.notice import Outbox
from tests.api.conftest import Street
from tests.api.stage import ROOT

LOOKS = frozenset({"get", "head", "options"})
JSON, MULTIPART = "application/json", "multipart/form-data"
PROCESSES = {
    "knelpunten": "case",
    "adviesaanvragen": "advice",
    "vergaderingen": "meeting",
    "agendapunten": "item",
    "publicaties": "publication",
    "aanbevelingen": "recommendation",
    "precedenten": "precedent",
}
HERE = (
    *("utrecht", "triagist", "ccg_secretaris", "publicatieredacteur", "navolgingscoordinator", "beheerder", "analist"),
    *("ccg_voorzitter", "svb"),
)
"""Who has something to do with what is changed."""
ELSEWHERE, WITHOUT_ROLES = "zwolle", "niemand"
VARIABLE = re.compile(r"\{(\w+)\}")
SAMPLE_RULING = "CCG:2026:3"

# What one adds to a thing in one's own name, at the same time as others do; a version is checked for who sends one.
ADDED = {
    "/knelpunten/{nummer}/documenten",
    "/agendapunten/{nummer}/belangen",
    "/agendapunten/{nummer}/stemmen",
    "/agendapunten/{nummer}/notas",
    "/organen/{code}/functies",
    # A drawing of what one may read, which changes nothing of it.
    "/vergaderingen/{nummer}/stukken",
    "/vergaderingen/{nummer}/verslag",
    "/agendapunten/{nummer}/stukken",
    # Whether one hears of it.
    *(f"/{collection}/{{nummer}}/volgen" for collection in PROCESSES),
}
# What anybody with an account has or may ask: nothing here belongs to an organisation.
ONES_OWN = {
    *("/sleutels", "/webhooks", "/abonnementen", "/verzamelingen", "/aantekeningen", "/account/berichten"),
    # What is public can be followed by all.
    *("/precedenten/{nummer}/volgen", "/publicaties/{nummer}/volgen"),
}


class Call(NamedTuple):
    """A call that changes something, as it is described."""

    method: str
    path: str
    told: Mapping[str, Any]

    @property
    def is_of_a_thing(self) -> bool:
        return "{" in self.path or self.asks_version

    @property
    def collection(self) -> str:
        return self.path.split("/")[1]

    @property
    def asks_version(self) -> bool:
        return any(one["name"] == "If-Match" and one["required"] for one in self.told["parameters"])

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


def changing_calls() -> Iterator[Call]:
    """Every call that is not made to look, and that asks for a key."""
    for path, item in description()["paths"].items():
        for method, told in item.items():
            if method not in LOOKS and told.get("security"):
                yield Call(method, path, told)


CALLS = list(changing_calls())
OF_THINGS = [call for call in CALLS if call.is_of_a_thing]


def test_what_needs_no_key_changes_nothing_or_asks_a_signed_statement() -> None:
    open_calls = {
        path
        for path, item in description()["paths"].items()
        for method, told in item.items()
        if method not in LOOKS and not told.get("security")
    }

    assert open_calls == {"/precedenten/gelijkende", "/oauth/token"}
    assert len(CALLS) > 15


def test_without_a_key_nothing_is_changed(street: Street) -> None:
    for call in CALLS:
        assert send(street, call, None).status_code == 401, str(call)
        assert send(street, call, "onbekend").status_code == 401, str(call)


def test_a_key_of_another_organisation_changes_nothing_of_ours(street: Street) -> None:
    for call in OF_THINGS:
        if call.path in ONES_OWN:
            continue
        answer = send(street, call, ELSEWHERE, {"If-Match": "*"})
        assert answer.status_code in (403, 404), (str(call), answer.status_code, answer.json)


def test_a_key_without_roles_makes_nothing_but_what_is_ones_own(street: Street) -> None:
    for call in CALLS:
        if not call.is_of_a_thing and call.path not in ONES_OWN:
            answer = send(street, call, WITHOUT_ROLES)
            assert answer.status_code in (403, 404), (str(call), answer.status_code, answer.json)


def test_a_change_of_a_thing_asks_a_version_unless_it_adds_something_of_ones_own() -> None:
    assert {call.path for call in OF_THINGS if not call.asks_version} == ADDED


@pytest.mark.parametrize(("seen", "status"), [({}, 428), ({"If-Match": '"0.verouderd"'}, 412)], ids=["none", "stale"])
def test_without_the_version_that_is_there_now_nothing_is_changed(
    street: Street, seen: dict[str, str], status: int
) -> None:
    for call in OF_THINGS:
        if call.asks_version:
            answers: list[int] = []
            for who in HERE:
                answers.append(send(street, call, who, seen).status_code)
                if answers[-1] == status:
                    break
            assert set(answers) <= {status, 403, 404}, (str(call), answers)
            assert status in answers, (str(call), answers)


def send(street: Street, call: Call, who: str | None, headers: Mapping[str, str] | None = None) -> TestResponse:
    """Make the call with its own example, on a thing that is there."""
    stage = street.stage
    known = {**samples(call), **values(street, call), **inner(street, call)} if "{" in call.path else {}
    path = VARIABLE.sub(lambda match: str(known[match[1]]), call.path)
    heads = {**(headers or {}), **({} if who is None else {"Authorization": f"Bearer token-{who}"})}
    return stage.app.test_client().open(ROOT + path, method=call.method.upper(), headers=heads, **body(street, call))


def samples(call: Call) -> dict[str, Any]:
    """What the description gives for the variables of the address."""
    return {one["name"]: one["example"] for one in call.told["parameters"] if one["in"] == "path"}


def body(street: Street, call: Call) -> dict[str, Any]:
    """What the description gives as an example, about the ruling that is there."""
    content = call.told.get("requestBody", {}).get("content", {})
    if JSON in content:
        number = street.paths["precedent"].rpartition("/")[2]
        return {"json": json.loads(json.dumps(content[JSON]["example"]).replace(SAMPLE_RULING, number))}
    if MULTIPART in content:
        sent = {"titel": "Een bijlage", "bestand": (BytesIO(b"Een brief."), "brief.txt")}
        return {"data": sent, "content_type": MULTIPART}
    assert not content, str(call)
    return {}


def values(street: Street, call: Call) -> Mapping[str, Any]:
    """What stands in the first variable of the address, for a thing that is there."""
    if call.collection in PROCESSES:
        found: Mapping[str, Any] = once(street, call.collection, partial(process, collection=call.collection))
        return found
    find = THINGS.get(call.collection, partial(made, path=f"/{call.collection}"))
    return {VARIABLE.findall(call.path)[0]: once(street, call.collection, find)}


def inner(street: Street, call: Call) -> Mapping[str, Any]:
    """What stands in the last variable, where it is a part of a thing that anybody can add."""
    within, _, last = call.path.rpartition("/{")
    adding = next((one for one in CALLS if one.path == within and one.method == "post"), None)
    if within not in ADDED or adding is None:
        return {}
    return {last.rstrip("}"): once(street, within, partial(made, path=within))}


def once(street: Street, name: str, find: Callable[[Street], Any]) -> Any:
    """Find or make it the first time that it is needed."""
    known: dict[str, Any] = street.stage.__dict__.setdefault("things", {})
    if name not in known:
        known[name] = find(street)
    return known[name]


def made(street: Street, path: str) -> str:
    """What the call that makes such a thing says where it is."""
    call = next((call for call in CALLS if call.path == path and call.method == "post"), None)
    assert call is not None, f"say in THINGS where one finds one of {path}"
    answers = [answer for who in HERE if (answer := send(street, call, who)).status_code in (200, 201)]
    assert answers, f"with its own example nobody could make one of {path}"
    return answers[0].headers["Location"].rpartition("/")[2]


def process(street: Street, collection: str) -> Mapping[str, Any]:
    """The process of the street, and an action that it has now, or had."""
    path = street.paths[PROCESSES[collection]]
    told = street.stage.get(path, "auditor").json
    workflow = street.stage.get("/workflows/{naam}/{versie}".format(**told["workflow"])).json
    actions = [step["actie"] for step in workflow["overgangen"] if told["status"] in step["van"]]
    actions += [step["actie"] for step in workflow["overgangen"]]
    return {"nummer": path.rpartition("/")[2], "actie": actions[0]}


def given_up(street: Street) -> int:
    """A letter that could not be sent."""
    with street.stage.work() as work:
        at = {"made_at": work.now, "due_at": work.now, "failed_at": work.now}
        job = Outbox(topic="mail", payload={"to": "a@b.example"}, error="kapot", **at)
        work.session.add(job)
        work.session.flush()
        return job.id


# What no call of the API makes, or not with its own example.
THINGS: Mapping[str, Callable[[Street], Any]] = {
    "accounts": lambda street: street.stage.accounts["utrecht2"],
    "organen": lambda _: "ccg",
    "organisaties": lambda street: street.stage.organisations["utrecht"],
    "mislukte-berichten": given_up,
}
