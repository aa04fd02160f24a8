"""Following another installation in the API, and what the copies say of themselves there."""

from collections.abc import Iterator

import pytest

from tests.api.stage import Stage
from tests.centre import Centre, running, take_over

NUMBER, COPY = "CCG:2026:12", "EXT:centrum:CCG:2026:12"
PATH = f"/precedenten/{COPY}"


@pytest.fixture
def centre() -> Iterator[Centre]:
    with running(Centre()) as there:
        yield there


def test_a_copy_is_a_hit_with_its_origin_and_the_status_that_its_source_gives(stage: Stage, centre: Centre) -> None:
    centre.publish(NUMBER, titel="De zwaluwstaart")
    take_over(stage.engine, centre, stage.now)

    (hit,) = stage.get("/precedenten?q=zwaluwstaart&status=geldend").json["resultaten"]
    found = stage.get("/precedenten?van=gevolgd").json

    assert (hit["nummer"], hit["soort"], hit["bron"]) == (COPY, "extern", "centrum")
    assert (hit["status"], hit["statusLabel"]) == ("geldend", "Geldend")
    assert [row["nummer"] for row in found["resultaten"]] == [COPY]
    assert {"waarde": "geldend", "label": "Geldend", "aantal": 1} in found["facetten"]["status"]
    assert {"waarde": "mag_mits", "label": "Mag, mits", "aantal": 1} in found["facetten"]["conclusie"]
    assert stage.get("/precedenten?q=zwaluwstaart&status=ingetrokken").json["resultaten"] == []


def test_a_ruling_of_another_is_found_by_its_own_number(stage: Stage, centre: Centre) -> None:
    centre.publish(NUMBER)
    take_over(stage.engine, centre, stage.now)

    assert [row["nummer"] for row in stage.get(f"/precedenten?q={NUMBER}").json["resultaten"]] == [COPY]


def test_a_copy_says_where_it_stands_and_what_became_of_it(stage: Stage, centre: Centre) -> None:
    later = "CCG:2026:13"
    centre.publish(NUMBER)
    cites = {"nummer": NUMBER, "relatie": {"code": "herziet", "label": "Herziet"}, "reden": "De wet is anders."}
    centre.publish(later, titel="De latere", citaties=[cites])
    ended = {"status": "achterhaald", "statusLabel": "Achterhaald", "geldigTot": "2026-11-23"}
    centre.stand(NUMBER, **ended, vervangenDoor=later)
    take_over(stage.engine, centre, stage.now)

    shown = stage.get(PATH).json
    around = stage.get(f"{PATH}/verwijzingen").json

    assert (shown["soort"], shown["status"], shown["statusLabel"]) == ("extern", "achterhaald", "Achterhaald")
    copied = shown["kopie"]
    assert (copied["adres"], copied["gevolgd"], copied["geldtNietMeer"]) == (centre.url, True, True)
    assert copied["behandeling"]["vervangenDoor"] == later
    assert copied["uitspraak"]["nummer"] == NUMBER
    (citing,) = around["verwezenDoor"]
    assert (citing["nummer"], citing["relatie"], citing["reden"]) == (
        f"EXT:centrum:{later}",
        "herziet",
        "De wet is anders.",
    )


def test_the_administrator_follows_asks_and_ends(stage: Stage) -> None:
    asked = {"adres": "https://centrum.example/", "bron": "centrum"}
    made = stage.post("/instanties", "beheerder", asked)
    assert made.status_code == 201
    assert made.headers["Location"] == "/api/v1/instanties/centrum"
    assert (made.json["adres"], made.json["gevolgd"], made.json["uitspraken"]) == ("https://centrum.example", True, 0)

    seen = stage.get("/instanties/centrum", "beheerder").headers["ETag"]
    path = "/instanties/centrum/ophalen"
    assert stage.post(path, "beheerder").status_code == 428
    assert stage.post(path, "beheerder", if_match=seen).status_code == 200
    assert stage.post(path, "beheerder", if_match=seen).status_code == 412

    seen = stage.get("/instanties/centrum", "beheerder").headers["ETag"]
    client = stage.app.test_client()
    heads = {"Authorization": "Bearer token-beheerder", "If-Match": seen}
    assert stage.checked(client.delete("/api/v1/instanties/centrum", headers=heads)).status_code == 204
    (row,) = stage.get("/instanties", "beheerder").json["resultaten"]
    assert row["gevolgd"] is False


def test_who_is_no_administrator_follows_nobody(stage: Stage) -> None:
    assert stage.get("/instanties").status_code == 401
    assert stage.get("/instanties", "analist").status_code == 403
    assert stage.post("/instanties", "analist", {"adres": "https://centrum.example"}).status_code == 403
    assert stage.get("/instanties/centrum", "beheerder").status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "adres"),
        ({"adres": "ftp://centrum.example"}, "adres"),
        ({"adres": "http://127.0.0.1:8000"}, "adres"),
        ({"adres": "https://centrum.example", "bron": "../beheer"}, "bron"),
        ({"adres": "https://centrum.example", "sindsdien": 1}, "sindsdien"),
    ],
)
def test_what_is_no_address_is_refused(stage: Stage, sent: dict[str, str], field: str) -> None:
    answer = stage.post("/instanties", "beheerder", sent)

    assert answer.status_code == 400
    assert [error["veld"] for error in answer.json["errors"]] == [field]
