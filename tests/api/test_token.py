"""What a key may: no more than its account, no acts that ask a password unless it was made for them, while it lasts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.db.account import Account
from app.db.notice import Idempotency
from app.db.process import Process
from app.db.system import Statement, System
from app.db.token import Token
from app.domain.access import account_key
from app.domain.calendar import amsterdam_day
from app.services.account import grant_as_operator
from app.services.clock import let_time_pass
from app.services.feed import number_lines
from app.services.lifecycle import show_to
from app.services.session import token_hash
from app.services.token import create_token, revoke_token
from tests.api.conftest import Street
from tests.api.stage import ROOT, UTRECHT, Stage, report
from tests.make import workflows


def key(stage: Stage, who: str, **told: Any) -> str:
    """Another key of somebody on the stage."""
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts[who])
        return create_token(work, account, name="koppeling", **told)


def call(stage: Stage, value: str, path: str, method: str = "GET", **sent: Any) -> Any:
    headers = {"Authorization": f"Bearer {value}", **sent.pop("headers", {})}
    return stage.checked(stage.app.test_client().open(ROOT + path, method=method, headers=headers, **sent))


def test_an_act_that_asks_a_password_on_a_page_asks_a_key_that_was_made_for_it(street: Street) -> None:
    stage, path = street.stage, street.paths["publication"]
    plain = key(stage, "publicatieredacteur", confirms=False)
    full = key(stage, "publicatieredacteur", confirms=True)

    told = {one["actie"]: one for one in call(stage, plain, f"{path}/acties").json["acties"]}
    assert told["depubliceren"]["uitvoerbaar"] is False
    assert told["depubliceren"]["redenen"][0].startswith("Uw sleutel mag dit niet.")
    shown = {one["actie"]: one for one in call(stage, full, f"{path}/acties").json["acties"]}
    assert shown["depubliceren"]["redenen"] == []
    seen = call(stage, plain, path).headers["ETag"]
    sent = {"reden": "Er staat een naam in.", "grond": "datalek"}
    refused = call(stage, plain, f"{path}/acties/depubliceren", "POST", json=sent, headers={"If-Match": seen})

    assert refused.status_code == 403
    assert refused.json["type"].endswith("sleutel_bevestigt_niet")
    assert refused.json["detail"].startswith("Uw sleutel mag dit niet.")
    assert call(stage, full, path).headers["ETag"] == seen


def test_roles_are_given_with_a_key_that_may_confirm(stage: Stage) -> None:
    path = f"/accounts/{stage.accounts['utrecht2']}"
    plain, full = key(stage, "beheerder", confirms=False), key(stage, "beheerder", confirms=True)
    heads = {"If-Match": call(stage, plain, path).headers["ETag"]}

    refused = call(stage, plain, f"{path}/rollen", "POST", json={"rol": "fg"}, headers=heads)
    done = call(stage, full, f"{path}/rollen", "POST", json={"rol": "fg"}, headers=heads)

    assert (refused.status_code, done.status_code) == (403, 200)
    assert refused.json["type"].endswith("sleutel_bevestigt_niet")


def test_a_key_that_was_narrowed_has_no_other_role(stage: Stage) -> None:
    case = stage.case("zwolle")
    narrow = key(stage, "zwolle", roles=["orgcoordinator"])

    assert call(stage, narrow, case).status_code == 200
    assert call(stage, narrow, "/meldingen", "POST", json=report()).status_code == 201
    assert call(stage, key(stage, "zwolle", roles=[]), "/meldingen", "POST", json=report()).status_code == 403
    # A role that the account does not have, a key does not have either.
    assert call(stage, key(stage, "zwolle", roles=["beheerder"]), "/systemen").status_code == 403


def test_a_role_that_was_taken_back_is_gone_from_a_key_at_once(stage: Stage) -> None:
    value = key(stage, "utrecht", roles=["melder"])
    assert call(stage, value, "/meldingen", "POST", json=report()).status_code == 201
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts["utrecht"])
        account.active = False

    assert call(stage, value, "/meldingen", "POST", json=report()).status_code == 401


def test_who_makes_a_key_gets_it_once_and_takes_it_back_with_its_version(stage: Stage) -> None:
    until = (amsterdam_day(datetime.now(UTC)) + timedelta(days=30)).isoformat()
    made = stage.post("/sleutels", "utrecht", {"naam": "zaaksysteem", "rollen": ["melder"], "geldigTot": until})

    assert made.status_code == 201
    where, value = made.headers["Location"].removeprefix(ROOT), made.json["sleutel"]
    shown = call(stage, value, where)
    assert "sleutel" not in shown.json
    assert shown.json["rollen"] == ["melder"]
    assert stage.get(where, "zwolle").status_code == 404
    assert call(stage, value, where, "DELETE").status_code == 428
    assert call(stage, value, where, "DELETE", headers={"If-Match": '"0.oud"'}).status_code == 412
    gone = call(stage, value, where, "DELETE", headers={"If-Match": shown.headers["ETag"]})
    assert (gone.status_code, gone.data) == (204, b"")
    assert call(stage, value, where).status_code == 401
    assert stage.get(where, "utrecht").status_code == 404


def test_a_key_ends_with_the_key_it_was_made_with_and_so_does_what_that_one_made(stage: Stage) -> None:
    first = key(stage, "utrecht")

    def makes(value: str) -> Any:
        made = call(stage, value, "/sleutels", "POST", json={"naam": "kind", "bevestigt": True})
        assert made.status_code == 201, made.json
        return made.json

    child = makes(first)
    grandchild = makes(child["sleutel"])["sleutel"]
    beside = makes(first)["sleutel"]
    other = key(stage, "utrecht")

    def works(value: str) -> bool:
        return bool(call(stage, value, "/sleutels").status_code == 200)

    gone = call(stage, beside, f"/sleutels/{child['id']}", "DELETE", headers={"If-Match": "*"})
    assert gone.status_code == 204
    assert [works(value) for value in (first, child["sleutel"], grandchild, beside)] == [True, False, False, True]

    with stage.work() as work:
        own = work.session.scalars(select(Token).filter_by(token_hash=token_hash(first))).one()
        revoke_token(work, own)
    assert [works(value) for value in (first, beside, other)] == [False, False, True]


def test_a_key_that_may_not_confirm_takes_back_itself_alone(stage: Stage) -> None:
    made = stage.post("/sleutels", "utrecht", {"naam": "smal"}).json
    other = stage.post("/sleutels", "utrecht", {"naam": "anders"}).json
    heads = {"If-Match": "*"}

    refused = call(stage, made["sleutel"], f"/sleutels/{other['id']}", "DELETE", headers=heads)

    assert refused.status_code == 403
    assert refused.json["type"].endswith("sleutel_bevestigt_niet")
    assert call(stage, made["sleutel"], f"/sleutels/{made['id']}", "DELETE", headers=heads).status_code == 204
    assert stage.delete(f"/sleutels/{other['id']}", "utrecht", if_match="*").status_code == 204


def test_a_seat_is_given_and_taken_and_somebody_invited_with_a_key_that_may_confirm(stage: Stage) -> None:
    plain, full = key(stage, "beheerder", confirms=False), key(stage, "beheerder", confirms=True)
    stage.post("/organen", "beheerder", {"naam": "Ethiek", "code": "ethiek", "soort": "ethiekcommissie"})
    today, heads = stage.today.isoformat(), {"If-Match": "*"}
    seat = {"email": "lid1@knelpunt.example", "functie": "lid", "van": today}
    asked = {"email": "nieuw@knelpunt.example", "naam": "Melder", "organisatie": UTRECHT}

    def appoints(value: str) -> Any:
        return call(stage, value, "/organen/ethiek/leden", "POST", json=seat, headers=heads)

    refused, done = appoints(plain), appoints(full)
    assert (refused.status_code, done.status_code) == (403, 200), done.json
    assert refused.json["type"].endswith("sleutel_bevestigt_niet")
    (member,) = next(row["leden"] for row in done.json["functies"] if row["functie"] == "lid")
    end = f"/organen/ethiek/leden/{member['id']}/einde"
    statuses = [call(stage, one, end, "POST", json={"tot": today}, headers=heads).status_code for one in (plain, full)]
    assert statuses == [403, 200]
    statuses = [call(stage, one, "/accounts", "POST", json=asked).status_code for one in (plain, full)]
    assert statuses == [403, 201]


def test_a_key_without_a_role_that_handles_cases_does_not_own_one(stage: Stage) -> None:
    case = stage.case()
    stage.does("triagist", case, "oppakken")
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts["triagist"])
        grant_as_operator(work, account, "melder")
        process = work.session.scalars(select(Process).filter_by(number=case.rpartition("/")[2])).one()
        assert process.owner_id == account.id
        show_to(work, process, [account_key(account.id)])
    handles, reports = key(stage, "triagist", roles=["triagist"]), key(stage, "triagist", roles=["melder"])

    def may(value: str) -> set[str]:
        return {one["actie"] for one in call(stage, value, f"{case}/acties").json["acties"] if one["uitvoerbaar"]}

    def seen(value: str) -> tuple[int, int, int]:
        lines = call(stage, value, f"{case}/verloop").json["resultaten"]
        waiting = call(stage, value, "/werkvoorraad").json["resultaten"]
        told = call(stage, value, "/gebeurtenissen").json["resultaten"]
        return len(lines), len(waiting), len(told)

    stage.does("triagist", case, "notitie", tekst="Intern.")
    with stage.work() as work:
        while number_lines(work):
            pass
    everything = seen("token-triagist")
    assert seen(handles) == everything
    assert [all(less < more for less, more in zip(seen(reports), everything, strict=True))] == [True]
    assert may(handles)
    assert not may(reports) & may(handles)


def test_reading_does_not_wait_for_who_writes_to_keep_that_a_key_was_used(stage: Stage) -> None:
    value = key(stage, "utrecht")

    def used(work: Any) -> datetime | None:
        return work.session.scalars(select(Token.used_at).filter_by(name="koppeling")).one()

    with stage.work() as work:
        work.session.execute(update(Token).values(name=Token.name))
        assert call(stage, value, "/knelpunten").status_code == 200
        assert used(work) is None
    assert call(stage, value, "/knelpunten").status_code == 200
    with stage.work() as work:
        assert used(work) is not None


def test_what_is_past_its_time_is_swept(stage: Stage) -> None:
    stage.post("/meldingen", "utrecht", report(), idempotency_key="een")
    now = datetime.now(UTC)
    with stage.work() as work:
        account = work.session.get_one(Account, stage.accounts["utrecht"])
        system = make_system(work, account)
        for name, days in (("van gisteren", 2), ("van nu", 0)):
            create_token(work, account, name=name, expires_at=now - timedelta(days=days))
        work.session.flush()
        work.session.execute(update(Token).where(Token.name.startswith("van ")).values(system_id=system))
        for digest, days in (("oud", 1), ("nieuw", -1)):
            work.session.add(Statement(system_id=system, digest=digest, expires_at=now - timedelta(days=days)))

    def left(at: datetime) -> tuple[int, set[str], set[str]]:
        let_time_pass(stage.engine, workflows(), at)
        with stage.work() as work:
            given = work.session.scalars(select(Token.name).where(Token.system_id.is_not(None)))
            statements = work.session.scalars(select(Statement.digest))
            return len(work.session.scalars(select(Idempotency)).all()), set(given), set(statements)

    assert left(stage.now + timedelta(days=6)) == (1, {"van nu"}, {"nieuw"})
    assert left(stage.now + timedelta(days=8)) == (0, {"van nu"}, {"nieuw"})
    # The same key is a new request then.
    again = stage.post("/meldingen", "utrecht", report(), idempotency_key="een")
    assert again.status_code == 201
    assert stage.get("/meldingen", "utrecht").json["totaal"] == 2


def make_system(work: Any, account: Account) -> int:
    system = System(account_id=account.id, client_id="systeem-1", name="a", public_keys=[], created_at=work.now)
    work.session.add(system)
    work.session.flush()
    return system.id
