"""The same request twice is done once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.db.account import Account
from app.services.token import create_token
from tests.api.stage import Stage, report


def test_the_same_request_has_the_same_answer_and_is_done_once(stage: Stage) -> None:
    first = stage.post("/meldingen", "utrecht", report(), idempotency_key="een")
    again = stage.post("/meldingen", "utrecht", report(), idempotency_key="een")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert first.headers["Location"] == again.headers["Location"]
    assert stage.get("/meldingen", "utrecht").json["totaal"] == 1


def test_a_key_is_for_one_request_of_one_person(stage: Stage) -> None:
    stage.post("/meldingen", "utrecht", report(), idempotency_key="een")

    other = stage.post("/meldingen", "utrecht", report(titel="Iets anders"), idempotency_key="een")
    assert other.status_code == 400
    assert other.json["errors"][0]["veld"] == "Idempotency-Key"
    assert stage.post("/meldingen", "zwolle", report(), idempotency_key="een").status_code == 201
    assert stage.post("/meldingen", "utrecht", report(), idempotency_key="x" * 300).status_code == 400


def test_a_narrower_key_is_not_given_what_was_answered_to_a_wider_one(stage: Stage) -> None:
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts["zwolle"])
        create_token(work, account, name="smal", roles=["orgcoordinator"], token="token-smal")
        create_token(work, account, name="mag niet bevestigen", confirms=False, token="token-klein")
    first = stage.post("/meldingen", "zwolle", report(), idempotency_key="een")
    assert first.status_code == 201

    for who in ("smal", "klein"):
        refused = stage.post("/meldingen", who, report(), idempotency_key="een")
        assert refused.status_code == 400
        assert refused.json["errors"][0]["veld"] == "Idempotency-Key"
    made = stage.post("/meldingen", "smal", report(), idempotency_key="twee")
    assert stage.post("/meldingen", "smal", report(), idempotency_key="twee").json == made.json
    assert stage.get("/meldingen", "zwolle").json["totaal"] == 2


def test_an_action_is_repeated_with_the_version_that_it_was_taken_on(stage: Stage) -> None:
    case = stage.case()
    seen = stage.get(case, "triagist").headers["ETag"]
    path = f"{case}/acties/oppakken"

    first = stage.post(path, "triagist", {}, if_match=seen, idempotency_key="a1")
    again = stage.post(path, "triagist", {}, if_match=seen, idempotency_key="a1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json, first.headers["ETag"]) == (again.json, again.headers["ETag"])
    assert len(stage.get(f"{case}/verloop", "triagist").json["resultaten"]) == 2


def test_a_request_that_failed_can_be_sent_again(stage: Stage) -> None:
    case = stage.case()
    path = f"{case}/acties/oppakken"

    assert stage.post(path, "triagist", {}, if_match='"1"', idempotency_key="a1").status_code == 412
    seen = stage.get(case, "triagist").headers["ETag"]
    assert stage.post(path, "triagist", {}, if_match=seen, idempotency_key="a1").status_code == 200


def test_eight_at_once_with_one_key_are_one_report(stage: Stage) -> None:
    together = Barrier(8)

    def send(_: int) -> tuple[int, str]:
        together.wait()
        answer = stage.post("/meldingen", "utrecht", report(), idempotency_key="tegelijk")
        return answer.status_code, answer.json["nummer"]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))

    assert answers == {(201, "MLD-2026-00001")}
    assert stage.get("/meldingen", "utrecht").json["totaal"] == 1
