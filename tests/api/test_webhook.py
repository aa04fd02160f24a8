"""One's own webhooks by the API: made with a key, changed by its owner alone, and never wider than that key."""

from typing import Any

import pytest
from sqlalchemy import select

from app.adapters.egress import Egress
from app.db.account import Account
from app.db.notice import Idempotency
from app.db.system import System
from app.db.token import Token
from app.db.webhook import Webhook
from app.schemas.cloudevent import cloud_event
from app.services.delivery import Courier
from app.services.feed import number_lines
from app.services.token import create_token, token_hash
from tests.api.stage import ROOT, Stage
from tests.make import workflows
from tests.services.test_delivery import HERE
from tests.subscriber import subscriber

ADDRESS = {"naam": "Zaaksysteem", "adres": "https://zaken.example/haak"}


def made(stage: Stage, who: str = "utrecht", **given: Any) -> dict[str, Any]:
    answer = stage.post("/webhooks", who, {**ADDRESS, **given})
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def tag(stage: Stage, path: str, who: str = "utrecht") -> str:
    return stage.get(path, who).headers["ETag"]


def delivers(stage: Stage) -> None:
    with stage.work() as work:
        while number_lines(work):
            pass
    stage.engine.update_execution_options(egress=Egress(HERE, plain=True, seconds=2))
    site = "https://knelpunten.example"
    Courier(
        stage.engine,
        workflows(),
        lambda one: cloud_event(one, source=site, public_url=site),
        lambda: stage.now,
    ).finish()


def test_a_webhook_is_made_with_its_secret_and_read_without(stage: Stage) -> None:
    answer = stage.post("/webhooks", "utrecht", {**ADDRESS, "soorten": ["knelpunt"]})

    assert answer.status_code == 201
    told = dict(answer.json or {})
    assert told.pop("geheim").startswith("whsec_")
    assert answer.headers["Location"] == f"{ROOT}/webhooks/{told['id']}"
    assert told == {
        **ADDRESS,
        "id": told["id"],
        "soorten": ["knelpunt"],
        "actief": True,
        "pauze": None,
        "stilSinds": None,
        "wachtend": 0,
        "mislukt": 0,
        "gemaaktOp": "2026-11-23T09:00:00Z",
    }
    assert stage.get(f"/webhooks/{told['id']}", "utrecht").json == told
    assert stage.get("/webhooks", "utrecht").json == {"resultaten": [told]}


@pytest.mark.parametrize(
    ("adres", "says"),
    [
        ("https://169.254.169.254/latest/meta-data", "niet bereikt mag worden"),
        ("https://10.0.0.1/", "niet bereikt mag worden"),
        ("zaken.example", "geen volledig adres"),
        ("ftp://zaken.example/", "geen volledig adres"),
        ("https://wie:wat@zaken.example/", "geen volledig adres"),
    ],
)
def test_an_address_that_may_not_be_reached_is_refused_at_once(stage: Stage, adres: str, says: str) -> None:
    answer = stage.post("/webhooks", "utrecht", {**ADDRESS, "adres": adres})

    assert answer.status_code == 400
    (fault,) = answer.json["errors"]  # type: ignore[index]
    assert fault["veld"] == "adres"
    assert says in fault["melding"]


def test_all_faults_are_told_together(stage: Stage) -> None:
    answer = stage.post("/webhooks", "utrecht", {"soorten": ["weer"], "geheim": "x"})

    assert answer.status_code == 400
    assert {fault["veld"].partition(".")[0] for fault in answer.json["errors"]} == {  # type: ignore[index]
        *("naam", "adres", "soorten", "geheim")
    }


def test_the_same_request_twice_makes_one_and_the_secret_is_not_kept(stage: Stage) -> None:
    first = stage.post("/webhooks", "utrecht", ADDRESS, idempotency_key="een")
    again = stage.post("/webhooks", "utrecht", ADDRESS, idempotency_key="een")

    assert again.status_code == 201
    assert again.json == {**(first.json or {}), "geheim": None}
    assert len(stage.get("/webhooks", "utrecht").json["resultaten"]) == 1  # type: ignore[index]
    with stage.work() as work:
        assert "whsec_" not in str([row.body for row in work.session.scalars(select(Idempotency))])


def test_for_others_it_is_not_there(stage: Stage) -> None:
    path = f"/webhooks/{made(stage)['id']}"

    assert stage.get("/webhooks", "zwolle").json == {"resultaten": []}
    assert stage.get("/webhooks").status_code == 401
    for who in ("zwolle", "beheerder"):
        assert stage.get(path, who).status_code == 404
        assert stage.get(f"{path}/bezorgingen", who).status_code == 404
        for action in ("pauzeren", "hervatten", "nieuw-geheim", "bezorgingen/x/opnieuw", "bezorgingen/x/overslaan"):
            assert stage.post(f"{path}/{action}", who, if_match="*").status_code == 404


def test_a_change_asks_the_version_that_was_seen(stage: Stage) -> None:
    path = f"/webhooks/{made(stage)['id']}"
    old = tag(stage, path)

    assert stage.post(f"{path}/pauzeren", "utrecht").status_code == 428
    paused = stage.post(f"{path}/pauzeren", "utrecht", if_match=old)
    assert paused.json["pauze"] == "zelf"  # type: ignore[index]
    assert stage.post(f"{path}/hervatten", "utrecht", if_match=old).status_code == 412
    assert stage.post(f"{path}/hervatten", "utrecht", if_match=paused.headers["ETag"]).json["actief"]  # type: ignore[index]


def test_it_is_written_anew_and_ended(stage: Stage) -> None:
    path = f"/webhooks/{made(stage, soorten=['knelpunt'])['id']}"
    client = stage.app.test_client()
    heads = {"Authorization": "Bearer token-utrecht", "If-Match": tag(stage, path)}

    new = {"naam": "Nieuw", "adres": "https://elders.example/"}
    changed = stage.checked(client.put(ROOT + path, headers=heads, json=new))
    assert changed.status_code == 200
    assert {name: changed.json[name] for name in ("naam", "adres", "soorten")} == {**new, "soorten": []}  # type: ignore[index]
    assert client.delete(ROOT + path, headers=heads).status_code == 412
    assert client.delete(ROOT + path, headers={**heads, "If-Match": changed.headers["ETag"]}).status_code == 204
    assert stage.get(path, "utrecht").status_code == 404


def test_a_new_secret_is_another_one(stage: Stage) -> None:
    first = made(stage)
    path = f"/webhooks/{first['id']}"

    renewed = stage.post(f"{path}/nieuw-geheim", "utrecht", if_match=tag(stage, path))

    assert renewed.json["geheim"].startswith("whsec_")  # type: ignore[index]
    assert renewed.json["geheim"] != first["geheim"]  # type: ignore[index]


def test_what_happens_is_told_and_what_became_of_it_can_be_read(stage: Stage) -> None:
    statuses = iter([500, 204, 204, 204])
    with subscriber(lambda listener, _: listener.say(next(statuses, 204))) as other:
        stage.engine.update_execution_options(egress=Egress(HERE, plain=True))
        hook = made(stage, adres=other.url, soorten=["knelpunt"])
        path = f"/webhooks/{hook['id']}"
        case = stage.case()
        delivers(stage)
        first = stage.get(f"{path}/bezorgingen", "utrecht")
        assert stage.get(path, "utrecht").json["wachtend"] > 0  # type: ignore[index]
        event = first.json["resultaten"][-1]["gebeurtenis"]  # type: ignore[index]
        again = stage.post(f"{path}/bezorgingen/{event}/opnieuw", "utrecht", if_match=tag(stage, path))
        assert again.status_code == 200
        delivers(stage)
        rows = stage.get(f"{path}/bezorgingen", "utrecht").json["resultaten"]  # type: ignore[index]
        page = stage.get(f"{path}/bezorgingen?aantal=1", "utrecht")

    (failed,) = (row for row in first.json["resultaten"] if row["fout"])  # type: ignore[index]
    assert (failed["fout"], failed["antwoord"], failed["pogingen"]) == ("ander_antwoord", 500, 1)
    assert {row["nummer"] for row in rows} == {case.rpartition("/")[2]}
    assert {row["uitkomst"] for row in rows} == {"aangekomen"}
    assert {one.headers["webhook-id"] for one in other.heard} == {row["gebeurtenis"] for row in rows}
    if len(rows) > 1:
        assert f"na={rows[0]['gebeurtenis']}" in page.headers["Link"]
    assert stage.get(f"{path}/bezorgingen?na=onbekend", "utrecht").status_code == 400


def test_it_belongs_to_the_key_it_was_made_with_and_has_no_more_roles(stage: Stage) -> None:
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts["utrecht"])
        create_token(work, account, name="smal", roles=[], token="token-smal")
    hook = made(stage, "smal")

    with stage.work() as work:
        webhook = work.session.get_one(Webhook, hook["id"])
        token = work.session.scalars(select(Token).filter_by(token_hash=token_hash("token-smal"))).one()
        assert (webhook.token_id, webhook.client, webhook.roles) == (token.id, None, [])
        assert webhook.account_id == account.id


def test_a_key_that_was_narrowed_finds_no_webhook_that_hears_more_than_itself(stage: Stage) -> None:
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts["zwolle"])
        for name, roles in (("geen", []), ("smal", ["melder"]), ("breed", ["melder", "orgcoordinator"])):
            create_token(work, account, name=name, roles=roles, token=f"token-{name}")
    whole, wide, narrow = (made(stage, who)["id"] for who in ("zwolle", "breed", "smal"))

    def found(who: str) -> set[int]:
        return {row["id"] for row in stage.get("/webhooks", who).json["resultaten"]}  # type: ignore[index]

    for identity in (whole, wide):
        path = f"/webhooks/{identity}"
        assert stage.get(path, "smal").status_code == 404
        assert stage.get(f"{path}/bezorgingen", "smal").status_code == 404
        assert stage.put(path, "smal", {**ADDRESS, "adres": "https://elders.example/"}, if_match="*").status_code == 404
        for action in ("nieuw-geheim", "pauzeren", "hervatten", "bezorgingen/x/opnieuw", "bezorgingen/x/overslaan"):
            assert stage.post(f"{path}/{action}", "smal", if_match="*").status_code == 404
        assert stage.delete(path, "smal", if_match="*").status_code == 404
    assert found("smal") == {narrow}
    assert found("breed") == {wide, narrow}
    assert found("geen") == set()
    assert found("zwolle") == {whole, wide, narrow}
    assert stage.post(f"/webhooks/{narrow}/nieuw-geheim", "smal", if_match="*").status_code == 200


def test_of_a_system_it_does_not_end_with_a_key_of_some_minutes(stage: Stage) -> None:
    with stage.work() as work:
        given = {"account_id": stage.accounts["utrecht"], "name": "Zaaksysteem", "created_at": stage.now}
        system = System(client_id="zaaksysteem", public_keys=[], **given)
        work.session.add(system)
        work.session.flush()
        work.session.add(Token(token_hash=token_hash("token-machine"), system_id=system.id, **given))
    hook = made(stage, "machine")

    with stage.work() as work:
        webhook = work.session.get_one(Webhook, hook["id"])
        assert (webhook.token_id, webhook.client) == (None, "zaaksysteem")


def test_nobody_has_more_than_twenty(stage: Stage) -> None:
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts["utrecht"])
        create_token(work, account, name="smal", roles=[], token="token-smal")
    for _ in range(20):
        made(stage)

    assert stage.post("/webhooks", "utrecht", ADDRESS).status_code == 400
    # Those that it does not see count for a narrowed key too.
    assert stage.post("/webhooks", "smal", ADDRESS).status_code == 400
    assert stage.post("/webhooks", "zwolle", ADDRESS).status_code == 201
