"""The journal as a whole, for outsiders: signed for everybody, and for an auditor with all that it was signed over."""

import base64
import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.adapters.notary import Notary
from app.db.interest import Withheld
from app.db.process import Process
from app.services.checkpoint import Clerk
from tests.api.stage import Stage
from tests.make import make_body, make_item, make_meeting

ORIGIN = "urn:nld:oin:00000001234567890000:systeem:knelpuntenstelsel"


def seal(stage: Stage) -> None:
    Clerk(stage.engine, Notary(b"k" * 32, ORIGIN), lambda: stage.now).finish()


def lines(stage: Stage, **asked: int) -> list[dict[str, Any]]:
    """The whole journal, stretch by stretch."""
    found, place = [], 1
    while place:
        answer = stage.get(f"/journaal/regels?vanaf={place}&aantal=7", "auditor")
        assert answer.status_code == 200, answer.json
        found += answer.json["resultaten"]
        assert ("Link" in answer.headers) == (answer.json["volgende"] is not None)
        place = answer.json["volgende"]
    return found


def root(hashes: list[str]) -> bytes:
    """What an auditor writes in ten lines: RFC 9162, 2.1.1."""
    if len(hashes) == 1:
        return sha256(b"\x00" + bytes.fromhex(hashes[0])).digest()
    left = 1
    while left * 2 < len(hashes):
        left *= 2
    return sha256(b"\x01" + root(hashes[:left]) + root(hashes[left:])).digest()


def test_an_outsider_checks_the_whole_journal_with_nothing_of_ours(stage: Stage) -> None:
    case = stage.case()
    stage.does("triagist", case, "oppakken")
    stage.case("zwolle")
    seal(stage)

    found, signed = lines(stage), stage.get("/journaal/checkpoint").json

    assert [one["plaats"] for one in found] == list(range(1, signed["aantal"] + 1))
    heads: dict[str, str] = {}
    for one in found:
        written = json.dumps(one["regel"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert one["vorigeHash"] == heads.get(one["regel"]["process"], "0" * 64)
        assert one["hash"] == sha256(f"{one['vorigeHash']}\n{written}".encode()).hexdigest()
        heads[one["regel"]["process"]] = one["hash"]
    assert root([one["hash"] for one in found]).hex() == signed["wortel"]
    said = json.loads(signed["ondertekend"])
    assert (said["aantal"], said["wortel"], said["oorsprong"]) == (signed["aantal"], signed["wortel"], ORIGIN)
    assert (said["op"], signed["op"]) == ("2026-11-23T09:00:00.000000Z", "2026-11-23T09:00:00Z")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed["sleutel"]))
    key.verify(base64.b64decode(signed["handtekening"]), signed["ondertekend"].encode())


def test_a_checkpoint_is_for_everybody_and_says_nothing_of_what_is_in_it(stage: Stage) -> None:
    assert stage.get("/journaal/checkpoint").status_code == 404
    stage.case()
    seal(stage)

    answer = stage.get("/journaal/checkpoint")

    assert answer.json.keys() == {
        *("aantal", "wortel", "op", "oorsprong", "algoritme", "ondertekend", "handtekening", "sleutel"),
    }
    assert stage.get("/journaal/checkpoint", if_none_match=answer.headers["ETag"]).status_code == 304


def test_the_lines_are_for_an_auditor_alone(stage: Stage) -> None:
    answers = {who: stage.get("/journaal/regels", who).status_code for who in (None, "utrecht", "beheerder", "auditor")}

    assert answers == {None: 401, "utrecht": 403, "beheerder": 403, "auditor": 200}


def test_of_what_is_withheld_an_auditor_gets_the_hash_and_not_the_line(stage: Stage) -> None:
    case = stage.case()
    with stage.work() as work:
        number = case.rpartition("/")[2]
        process = next(one for one in work.session.query(Process) if one.number == number)
        meeting = make_meeting(work, make_body(work, code="ander", central=False))
        item = make_item(work, process, meeting)
        withheld = {"account_id": stage.accounts["auditor"], "item_id": item.id}
        work.session.add(Withheld(process_id=process.id, **withheld))
    seal(stage)

    found = lines(stage)

    assert found[0]["regel"] is None
    assert root([one["hash"] for one in found]).hex() == stage.get("/journaal/checkpoint").json["wortel"]


def test_a_place_that_cannot_be_is_refused(stage: Stage) -> None:
    for asked in ("vanaf=0", "vanaf=99999999999", "aantal=0", "aantal=1001", "na=1"):
        answer = stage.get(f"/journaal/regels?{asked}", "auditor")
        assert answer.status_code == 400, asked
        assert [fault["veld"] for fault in answer.json["errors"]] == [asked.partition("=")[0]]
    assert stage.get("/journaal/regels?vanaf=2147483647", "auditor").json == {"resultaten": [], "volgende": None}
