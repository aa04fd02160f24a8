"""What is managed through the API: accounts, organisations, bodies, words, laws, the threshold, and what failed."""

from datetime import timedelta

from sqlalchemy import select

from app.db.account import Account
from app.db.notice import Outbox
from app.db.webhook import Delivery, Webhook
from tests.api.conftest import Street
from tests.api.stage import UTRECHT, Stage
from tests.make import make_case
from tests.web.published import publish


def test_an_administrator_invites_gives_a_role_takes_it_and_shuts(stage: Stage) -> None:
    asked = {"email": "nieuw@knelpunt.example", "naam": "Melder Utrecht", "organisatie": UTRECHT, "rollen": ["melder"]}
    made = stage.post("/accounts", "beheerder", asked, idempotency_key="a1")
    assert made.status_code == 201, made.json
    path = made.headers["Location"].removeprefix("/api/v1")

    given = stage.post(f"{path}/rollen", "beheerder", {"rol": "respondent"}, if_match=made.headers["ETag"])
    assert given.json["rollen"] == ["melder", "respondent"]
    taken = stage.post(f"{path}/rollen/intrekken", "beheerder", {"rol": "melder"}, if_match=given.headers["ETag"])
    assert taken.json["rollen"] == ["respondent"]
    assert stage.get(f"{path}/sleutels", "beheerder").json == {"resultaten": []}
    assert stage.delete(path, "beheerder", if_match=taken.headers["ETag"]).status_code == 204
    assert stage.get(path, "beheerder").json["actief"] is False


def test_a_coordinator_manages_the_own_organisation_alone(stage: Stage) -> None:
    listed = stage.get("/accounts", "zwolle").json["resultaten"]

    assert {row["organisatie"]["naam"] for row in listed} == {"gemeente Zwolle"}
    assert stage.get(f"/accounts/{stage.accounts['utrecht']}", "zwolle").status_code == 404
    assert stage.get("/accounts", "utrecht").status_code == 403


def test_an_unknown_role_is_refused(stage: Stage) -> None:
    path = f"/accounts/{stage.accounts['utrecht']}"

    refused = stage.post(f"{path}/rollen", "beheerder", {"rol": "koning"}, if_match="*")

    assert (refused.status_code, refused.json["errors"][0]["veld"]) == (400, "rol")


def test_a_key_of_somebody_is_taken_back_by_who_manages_the_account(stage: Stage) -> None:
    path = f"/accounts/{stage.accounts['utrecht']}"
    seen = stage.get(path, "beheerder").headers["ETag"]
    (key,) = stage.get(f"{path}/sleutels", "beheerder").json["resultaten"]

    assert stage.delete(f"{path}/sleutels/{key['id']}", "beheerder", if_match=seen).status_code == 204

    assert stage.get("/meldingen", "utrecht").status_code == 401


def test_an_administrator_lets_an_organisation_take_part(stage: Stage) -> None:
    path = f"/organisaties/{stage.organisations['utrecht']}"
    seen = stage.get(path, "beheerder")

    changed = stage.put(path, "beheerder", {"doetMee": True, "akkoordNodig": True}, if_match=seen.headers["ETag"])

    assert (changed.json["doetMee"], changed.json["akkoordNodig"]) == (True, True)
    assert stage.put(path, "beheerder", {"doetMee": False, "akkoordNodig": False}, if_match="*").status_code == 200
    assert stage.get(path, "utrecht").status_code == 403


def test_a_body_is_made_and_gets_members_and_rules(stage: Stage) -> None:
    made = stage.post("/organen", "beheerder", {"naam": "Ethiek", "code": "ethiek", "soort": "ethiekcommissie"})
    assert made.status_code == 201, made.json
    today = stage.today
    seat = {"email": "lid1@knelpunt.example", "functie": "lid", "van": today.isoformat()}

    appointed = stage.post("/organen/ethiek/leden", "beheerder", seat, if_match=made.headers["ETag"])

    assert appointed.status_code == 200, appointed.json
    (member,) = next(row["leden"] for row in appointed.json["functies"] if row["functie"] == "lid")
    assert member["naam"] == "lid1"
    assert stage.post("/organen/ethiek/leden", "beheerder", seat, if_match=made.headers["ETag"]).status_code == 412
    until = {"tot": (today + timedelta(days=30)).isoformat()}
    end = f"/organen/ethiek/leden/{member['id']}/einde"
    assert stage.post(end, "beheerder", until, if_match=appointed.headers["ETag"]).status_code == 200
    assert stage.post(end, "utrecht", until, if_match="*").status_code == 403


def test_a_member_keeps_other_positions_and_who_sits_for_whom(stage: Stage) -> None:
    position = {"organisatie": "gemeente Utrecht", "functienaam": "Adviseur", "van": "2024-01-01"}
    made = stage.post("/organen/ccg/functies", "lid1", position)
    assert made.status_code == 201, made.json
    path = made.headers["Location"].removeprefix("/api/v1")
    changed = stage.put(path, "lid1", {**position, "tot": "2025-01-01"}, if_match=made.headers["ETag"])
    assert changed.json["tot"] == "2025-01-01"
    assert stage.get(path, "lid2").status_code == 404
    assert len(stage.get("/organen/ccg/functies", "lid1").json["resultaten"]) == 1
    assert stage.get("/organen/ccg/functies", "utrecht").status_code == 404

    away = {
        "afwezige": "ccg_voorzitter@knelpunt.example",
        "vervanger": "lid1@knelpunt.example",
        "van": stage.today.isoformat(),
        "tot": (stage.today + timedelta(days=7)).isoformat(),
        "reden": "Verlof.",
    }
    kept = stage.post("/organen/ccg/vervangingen", "ccg_voorzitter", away, if_match="*")
    assert kept.status_code == 200, kept.json
    (row,) = kept.json["vervangingen"]
    assert (row["afwezige"], row["vervanger"]) == ("ccg_voorzitter", "lid1")
    end = f"/organen/ccg/vervangingen/{row['id']}/einde"
    assert stage.post(end, "ccg_voorzitter", if_match=kept.headers["ETag"]).status_code == 200


def test_words_are_tried_added_and_ended(stage: Stage) -> None:
    words = {"uitdrukkingen": ["kluswoning", "opknapwoning"]}

    tried = stage.post("/zoekwoorden/voorproef", "analist", words)
    assert tried.json["uitdrukkingen"] == words["uitdrukkingen"]
    assert stage.get("/zoekwoorden", "analist").json["resultaten"] == []
    made = stage.post("/zoekwoorden", "analist", words)
    path = made.headers["Location"].removeprefix("/api/v1")
    assert stage.post(f"{path}/beeindigen", "analist", if_match=made.headers["ETag"]).status_code == 200
    assert stage.get(path, "analist").status_code == 404
    assert stage.get("/zoekwoorden", "utrecht").status_code == 403
    assert stage.post("/zoekwoorden", "analist", {"uitdrukkingen": ["een"]}).status_code == 400


def test_a_newer_law_is_noted_and_everybody_reads_it(stage: Stage) -> None:
    sent = {"wet": "BWBR0015703", "artikel": "64", "geldigVanaf": "2026-11-01", "bron": "Staatsblad"}

    noted = stage.post("/wetten/nieuwe-versies", "analist", sent)

    assert (noted.status_code, noted.json["gemarkeerd"]) == (201, 0)
    assert stage.get("/wetten").json["wijzigingen"][0]["bron"] == "Staatsblad"
    assert stage.post("/wetten/nieuwe-versies", "utrecht", sent).status_code == 403
    assert stage.post("/wetten/nieuwe-versies", "analist", {**sent, "wet": "geen wet"}).status_code == 400


def test_the_threshold_is_set_by_who_may(stage: Stage) -> None:
    seen = stage.get("/instellingen/drempel", "triagist")

    changed = stage.put("/instellingen/drempel", "analist", {"procent": 45}, if_match=seen.headers["ETag"])

    assert changed.json["procent"] == 45
    assert stage.put("/instellingen/drempel", "triagist", {"procent": 50}, if_match="*").status_code == 403
    assert stage.put("/instellingen/drempel", "analist", {"procent": 5}, if_match="*").status_code == 400
    assert stage.get("/gebruik", "analist").json["perJaar"] == []
    assert stage.get("/gebruik", "utrecht").status_code == 403


def test_what_failed_is_tried_once_more(stage: Stage) -> None:
    with stage.work() as work:
        at = {"made_at": work.now, "due_at": work.now, "failed_at": work.now}
        work.session.add(Outbox(topic="mail", payload={"to": "a@b.example"}, error="kapot", attempts=5, **at))

    (failed,) = stage.get("/mislukte-berichten", "beheerder").json["resultaten"]
    path = f"/mislukte-berichten/{failed['id']}"
    seen = stage.get(path, "beheerder").headers["ETag"]
    again = stage.post(f"{path}/opnieuw", "beheerder", if_match=seen)

    assert (again.json["pogingen"], again.json["misluktOp"]) == (0, None)
    assert stage.get(path, "beheerder").status_code == 404
    assert stage.get("/mislukte-berichten", "utrecht").status_code == 403
    with stage.work() as work:
        assert work.session.scalars(select(Outbox).where(Outbox.failed_at.is_not(None))).all() == []
        assert work.session.scalar(select(Account.id).limit(1)) is not None


def test_what_was_given_up_for_another_system_is_told_without_the_address_or_the_case(stage: Stage) -> None:
    with stage.work() as work:
        case = make_case(work)
        hook = Webhook(
            account_id=stage.accounts["utrecht"],
            name="Zaaksysteem",
            url="https://zaken.example/haak?geheim=1",
            kinds=[],
            salt="00",
            salted_at=work.now,
            created_at=work.now,
            cursor=0,
            due_at=work.now,
        )
        work.session.add(hook)
        work.session.flush()
        at = {"made_at": work.now, "due_at": work.now, "failed_at": work.now}
        what = {"type": "nl.overheid.knelpunten.knelpunt.oppakken.v1", "error": "ander_antwoord", "attempts": 9}
        work.session.add(Delivery(webhook_id=hook.id, place=1, identity="een", lane_id=case.id, **at, **what))
        number = str(case.number)

    answer = stage.get("/mislukte-berichten", "beheerder")

    (given_up,) = answer.json["bezorgingen"]
    assert (given_up["naam"], given_up["adres"], given_up["pogingen"]) == ("Zaaksysteem", "zaken.example", 9)
    assert number not in answer.text
    assert "geheim" not in answer.text


def test_two_rulings_are_compared(stage: Stage) -> None:
    first, second = publish(stage).number, publish(stage, kernvraag="Mag dit ook?").number

    found = stage.get(f"/uitspraken/vergelijken?a={first}&b={second}").json

    texts = {row["label"]: row["gelijk"] for row in found["teksten"]}
    assert (texts["De vraag"], texts["De regel"]) == (False, True)
    assert stage.get(f"/uitspraken/vergelijken?a={first}&b={first}").status_code == 400
    assert stage.get("/uitspraken/vergelijken?a=CCG:2026:99&b=x").status_code == 400
    assert stage.get("/uitspraken/vergelijken").status_code == 400


def test_the_file_of_a_street_is_read_part_by_part(street: Street) -> None:
    stage, paths = street
    case, item, meeting = paths["case"], paths["item"], paths["meeting"]

    assert stage.get(f"{item}/beraad", "lid1").json["verzegeld"] == 0
    assert stage.get(f"{item}/beraad", "zwolle").status_code == 404
    assert stage.get(f"{case}/uitspraak", "ccg_secretaris").json["vastgesteld"] is True
    assert stage.get(f"{case}/uitspraak", "zwolle").status_code == 404
    assert stage.get(f"{case}/suggesties", "behandelaar").status_code == 200
    assert stage.get(f"{case}/suggesties", "zwolle").status_code == 404
    assert stage.get("/structurele-oorzaken", "utrecht").json == {"resultaten": []}
    asked = stage.post(f"{meeting}/stukken", "lid1")
    assert asked.json == {"gemaakt": False}
    assert stage.get(f"{meeting}/stukken", "lid1").status_code == 409
    assert stage.post(f"{meeting}/stukken", "utrecht").status_code == 404
    assert stage.post(f"{item}/stukken", "lid1").status_code == 200


def test_a_suggestion_that_is_none_is_refused(stage: Stage) -> None:
    case = stage.case()
    stage.does("triagist", case, "oppakken")

    refused = stage.post(f"{case}/suggesties", "triagist", {"nummer": "CCG:2026:99", "klopt": True}, if_match="*")

    assert (refused.status_code, refused.json["errors"][0]["veld"]) == (400, "nummer")
