"""What is somebody's own through the API: collections, remarks, subscriptions, what is followed, the worklist."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.api.stage import Stage
from tests.web.published import publish


@pytest.fixture
def ruling(stage: Stage) -> str:
    """The number of a ruling that everybody may read."""
    return publish(stage).number


def test_a_collection_is_begun_filled_shared_and_thrown_away(stage: Stage, ruling: str) -> None:
    made = stage.post("/verzamelingen", "utrecht", {"titel": "Schulden"}, idempotency_key="v1")
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix("/api/v1")

    kept = stage.post(
        f"{path}/stukken", "utrecht", {"nummer": ruling, "notitie": "Past."}, if_match=made.headers["ETag"]
    )
    assert [(one["nummer"], one["notitie"], one["weg"]) for one in kept.json["stukken"]] == [(ruling, "Past.", False)]
    assert stage.get(path, "utrecht2").status_code == 404
    shared = stage.put(path, "utrecht", {"titel": "Schulden", "gedeeld": True}, if_match=kept.headers["ETag"])
    assert stage.get(path, "utrecht2").json["eigen"] is False
    assert stage.get(path, "zwolle").status_code == 404

    (item,) = shared.json["stukken"]
    assert stage.delete(f"{path}/stukken/{item['id']}", "utrecht", if_match=shared.headers["ETag"]).status_code == 204
    empty = stage.get(path, "utrecht")
    assert empty.json["stukken"] == []
    assert stage.delete(path, "utrecht", if_match=shared.headers["ETag"]).status_code == 412
    assert stage.delete(path, "utrecht", if_match=empty.headers["ETag"]).status_code == 204
    assert stage.get("/verzamelingen", "utrecht").json["resultaten"] == []


def test_only_what_is_public_is_kept(stage: Stage) -> None:
    made = stage.post("/verzamelingen", "utrecht", {"titel": "Leeg"})
    path = made.headers["Location"].removeprefix("/api/v1")

    refused = stage.post(f"{path}/stukken", "utrecht", {"nummer": "CCG:2026:99"}, if_match=made.headers["ETag"])

    assert (refused.status_code, refused.json["errors"][0]["veld"]) == (400, "nummer")


def test_a_remark_is_made_changed_and_taken_away(stage: Stage, ruling: str) -> None:
    made = stage.post("/aantekeningen", "utrecht", {"nummer": ruling, "tekst": "Zie ook ons eigen beleid."})
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix("/api/v1")

    changed = stage.put(path, "utrecht", {"tekst": "Anders.", "gedeeld": True}, if_match=made.headers["ETag"])

    assert (changed.json["tekst"], changed.json["nummer"]) == ("Anders.", ruling)
    (seen,) = stage.get(f"/aantekeningen?uitspraak={ruling}", "utrecht2").json["resultaten"]
    assert (seen["eigen"], seen["auteur"]) == (False, "utrecht")
    assert stage.get("/aantekeningen", "utrecht2").json["resultaten"] == []
    assert stage.delete(path, "utrecht2", if_match="*").status_code == 404
    assert stage.delete(path, "utrecht", if_match=changed.headers["ETag"]).status_code == 204


def test_one_hears_of_a_ruling_a_law_and_a_search(stage: Stage, ruling: str) -> None:
    wishes: list[dict[str, Any]] = [
        {"soort": "uitspraak", "nummer": ruling},
        {"soort": "wet", "wet": "BWBR0015703"},
        {"soort": "zoekvraag", "zoekvraag": "q=schulden&type=juridisch", "berichten": False},
    ]
    made = [stage.post("/abonnementen", "utrecht", wish) for wish in wishes]

    assert [answer.status_code for answer in made] == [201, 201, 201]
    assert made[2].json["gevraagd"] == {"q": "schulden", "type": "juridisch"}
    path = made[2].headers["Location"].removeprefix("/api/v1")
    told = stage.put(path, "utrecht", {"berichten": True}, if_match=made[2].headers["ETag"])
    assert told.json["berichten"] is True
    assert stage.get(path, "zwolle").status_code == 404
    assert stage.delete(path, "utrecht", if_match=told.headers["ETag"]).status_code == 204
    assert len(stage.get("/abonnementen", "utrecht").json["resultaten"]) == 2


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"soort": "uitspraak", "nummer": "CCG:2026:99"}, "nummer"),
        ({"soort": "wet", "wet": "geen wet"}, "wet"),
        ({"soort": "zoekvraag", "zoekvraag": ""}, "q"),
        ({}, "soort"),
    ],
)
def test_a_wish_for_nothing_is_refused(stage: Stage, wish: dict[str, Any], field: str) -> None:
    refused = stage.post("/abonnementen", "utrecht", wish)

    assert (refused.status_code, refused.json["errors"][0]["veld"]) == (400, field)


def test_one_chooses_how_to_be_told(stage: Stage) -> None:
    seen = stage.get("/account/berichten", "utrecht")

    chosen = stage.put("/account/berichten", "utrecht", {"berichten": "dagelijks"}, if_match=seen.headers["ETag"])

    assert chosen.json == {"berichten": "dagelijks"}
    assert stage.get("/account/berichten", "utrecht2").json == seen.json


def test_what_one_follows_stands_in_the_worklist(stage: Stage) -> None:
    case = stage.case()
    number = case.rpartition("/")[2]

    followed = stage.post(f"{case}/volgen", "triagist", {"volgen": True})

    assert followed.json == {"nummer": number, "volgt": True}
    listed = stage.get("/werkvoorraad?lijst=volg", "triagist").json
    assert [row["nummer"] for row in listed["resultaten"]] == [number]
    assert [row["nummer"] for row in stage.get("/werkvoorraad?soort=knelpunt", "triagist").json["resultaten"]] == [
        number
    ]
    assert stage.get("/werkvoorraad?soort=vergadering", "triagist").json["totaal"] == 0
    stage.post(f"{case}/volgen", "triagist", {"volgen": False})
    assert stage.get("/werkvoorraad?lijst=volg", "triagist").json["totaal"] == 0
    assert stage.post(f"{case}/volgen", "zwolle", {"volgen": True}).status_code == 404


def test_of_four_at_once_with_the_same_version_one_changes(stage: Stage) -> None:
    made = stage.post("/verzamelingen", "utrecht", {"titel": "Schulden"})
    path, seen = made.headers["Location"].removeprefix("/api/v1"), made.headers["ETag"]
    start = Barrier(4)

    def change(number: int) -> int:
        start.wait()
        return stage.put(path, "utrecht", {"titel": f"Schulden {number}"}, if_match=seen).status_code

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(change, range(4)))

    assert told == [200, 412, 412, 412]
