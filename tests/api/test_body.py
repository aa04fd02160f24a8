"""Bodies through the API: who has a seat, by which rules, and in whose place somebody acted."""

from datetime import date
from typing import Any

from app.db.body import OtherPosition
from app.services.sitting import central_body_id
from tests.api.stage import Stage
from tests.make import make_body, make_case


def test_who_has_a_key_reads_who_is_in_a_body_and_by_which_rules_it_meets(stage: Stage) -> None:
    with stage.work() as work:
        work.session.add(
            OtherPosition(
                account_id=stage.accounts["ccg_voorzitter"],
                organisation_id=stage.organisations["zwolle"],
                position_title="Adviseur",
                since=date(2025, 1, 1),
            )
        )
        make_body(work, code="ethiek", name="Ethische commissie", body_kind="ethiekcommissie", central=False)

    listed: dict[str, Any] = stage.get("/organen", "utrecht").json  # type: ignore[assignment]
    shown: dict[str, Any] = stage.get("/organen/ccg", "utrecht").json  # type: ignore[assignment]

    assert [(row["code"], row["centraal"]) for row in listed["resultaten"]] == [("ccg", True), ("ethiek", False)]
    places = {place["functie"]: place["leden"] for place in shown["functies"]}
    assert [len(places[code]) for code in ("voorzitter", "lid", "secretaris")] == [1, 4, 0]
    (chair,) = places["voorzitter"]
    assert chair["stemt"] is True
    assert [one["functienaam"] for one in chair["nevenfuncties"]] == ["Adviseur"]
    rules = shown["reglement"]
    assert (rules["versie"], rules["quorum"], rules["quorumnoemer"], rules["staken"]) == (
        None,
        "helft",
        "alle",
        "voorzitter",
    )
    assert rules["regels"][0]["herkomst"] == "Kaderwet adviescolleges, artikel 20 lid 2"


def test_bodies_are_for_who_has_a_key(stage: Stage) -> None:
    assert stage.get("/organen").status_code == 401
    assert stage.get("/organen/onbekend", "utrecht").status_code == 404


def test_the_journal_says_in_whose_place_somebody_acted(stage: Stage) -> None:
    with stage.work() as work:
        case = make_case(work, audience=["role:ccg_voorzitter", "role:auditor"])
        case.write_line(
            action="notitie",
            source=case.state,
            actor=work.actor,
            role="ccg_voorzitter",
            at=work.now,
            stands_in_for=stage.accounts["ccg_voorzitter"],
        )
        path = f"/knelpunten/{case.number}/verloop"
        assert central_body_id(work) is not None

    lines = stage.get(path, "auditor").json["resultaten"]  # type: ignore[index]

    assert [line["namens"] is not None for line in lines] == [False, True]
