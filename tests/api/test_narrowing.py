"""The search of the API is narrowed before the best are taken, and tells nothing of a ruling that was taken away."""

from datetime import date

import pytest

from app.services import finding
from app.services.external import keep_decisions
from tests.api.stage import Stage
from tests.services.test_finding import publish, take_away

ENDED_ON = date(2026, 2, 1)


def test_other_bodies_take_no_place_among_what_has_the_wanted_values(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    with stage.work() as work:
        number = publish(work, "Iets over de school").number
        for title in ("Iets anders", "Nog iets", "Meer"):
            publish(work, title, types=[], conclusion="mag", state="ingetrokken", in_force_until=ENDED_ON)
        words = "leerlingen leerlingen leerlingen"
        keep_decisions(work, [{"source": "AP", "source_id": f"z{one}", "text": words} for one in range(6)])

    for narrowed in ("status=geldend", "conclusie=mag_mits", "bron=CCG", "type=juridisch", "jaar=2026&status=geldend"):
        found = stage.get(f"/precedenten?q=leerlingen&{narrowed}").json
        assert number in [hit["nummer"] for hit in found["resultaten"]], narrowed
    for narrowed in ("status=geldend", "conclusie=mag_mits", "type=juridisch"):
        found = stage.get(f"/precedenten?{narrowed}").json
        assert [hit["nummer"] for hit in found["resultaten"]] == [number], narrowed
    assert stage.get("/precedenten?q=leerlingen&wet=BWBR0031331&status=geldend").json["totaal"] == 1
    assert stage.get("/precedenten?jaar=1999").json["totaal"] == 0


def test_a_ruling_that_was_taken_away_has_no_conclusion(stage: Stage) -> None:
    with stage.work() as work:
        precedent = publish(work, "Leerlingen")
        number = precedent.number
        take_away(work, precedent)

    told = stage.get(f"/precedenten/{number}").json
    found = stage.get("/precedenten").json

    assert (told["titel"], told["conclusie"]) == ("Leerlingen", None)
    assert (found["totaal"], found["facetten"]["conclusie"]) == (1, [])
    assert stage.get("/precedenten?conclusie=mag_mits").json["totaal"] == 0


def test_every_fault_is_told_and_what_was_read_in_part_too(stage: Stage) -> None:
    answer = stage.get("/precedenten?q=kanarie&jaar=abc&van=zomaar&sorteer=anders")

    assert answer.status_code == 400
    assert {fault["veld"] for fault in answer.json["errors"]} == {"jaar", "van", "sorteer"}
    assert stage.get('/precedenten?q="gele kanarie"').json["opmerkingen"] == []
