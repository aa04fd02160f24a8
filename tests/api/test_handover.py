"""A case as the case system of an organisation keeps it, in the words of that standard."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.config import value_list
from app.db.case import Case
from app.schemas.zgw import counterparts
from tests.api.stage import Stage
from tests.api.street import TAKE_ON
from tests.make import make_case, make_ruling, workflows

GENERAL_ROLES = {
    *("adviseur", "behandelaar", "belanghebbende", "beslisser", "initiator", "klantcontacter"),
    *("zaakcoordinator", "mede_initiator"),
}
LISTS = Path(__file__).parents[2] / "workflows" / "lists"


def states() -> set[str]:
    """Every state of a case in any version of its definition."""
    return {slug for (name, _), one in workflows().items() if name == Case.kind_name() for slug in one.states}


def ends() -> set[str]:
    found = (one for (name, _), one in workflows().items() if name == Case.kind_name())
    return {slug for one in found for slug, state in one.states.items() if state.final}


def test_every_state_role_and_level_has_a_counterpart() -> None:
    told = counterparts()

    assert told["statustype"].keys() == states()
    assert told["resultaattype"].keys() == ends()
    assert told["roltype"].keys() == value_list("rol").keys()
    assert told["partijrol"].keys() == value_list("partijrol").keys()
    assert told["vertrouwelijkheidaanduiding"].keys() == value_list("vertrouwelijkheid").keys()


def test_the_counterparts_are_words_of_that_standard() -> None:
    told = counterparts()

    assert {*told["roltype"].values(), *told["partijrol"].values(), *told["melding"].values()} == {*GENERAL_ROLES, ""}
    assert list(told["vertrouwelijkheidaanduiding"].values()) == [
        *("openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk", "confidentieel"),
        *("geheim", "zeer_geheim"),
    ]
    assert {*told["archiefnominatie"].values()} == {"blijvend_bewaren", "vernietigen"}
    assert tomllib.loads((LISTS / "zgw.toml").read_text("utf-8"))["title"]


def test_a_case_under_way_is_told_with_its_statuses_and_who_took_part(stage: Stage) -> None:
    case = stage.case()
    stage.send_file(f"{case}/documenten", "utrecht", "brief.txt", b"Beste commissie", {"titel": "De brief"})
    stage.does("triagist", case, "oppakken")
    stage.does("triagist", case, "in_behandeling_nemen", **TAKE_ON)

    found: dict[str, Any] = stage.get(f"{case}/zgw", "utrecht").json  # type: ignore[assignment]

    assert found["identificatie"] == case.rpartition("/")[2]
    assert found["zaaktype"]["versie"] == 3
    assert found["vertrouwelijkheidaanduiding"] == "intern"
    assert [one["statustype"]["omschrijvingGeneriek"] for one in found["statussen"]] == [
        *("Ontvangen", "In behandeling genomen", "In behandeling genomen"),
    ]
    assert found["status"] == found["statussen"][-1]
    assert [one["statustype"]["isEindstatus"] for one in found["statussen"]] == [False, False, False]
    assert (found["einddatum"], found["resultaat"], found["archiefnominatie"]) == (None, None, None)
    assert (found["verlenging"], found["opschorting"]["indicatie"]) == (None, False)
    generic = [one["roltype"]["omschrijvingGeneriek"] for one in found["rollen"]]
    assert generic[0] == "initiator"
    assert {"initiator", "belanghebbende", "klantcontacter"} <= set(generic)
    assert found["kenmerken"][0]["bron"] == "melding"
    (document,) = found["zaakinformatieobjecten"]
    assert (document["titel"], document["bestandsnaam"], document["bestandsomvang"]) == ("De brief", "brief.txt", 15)
    assert (
        stage.get(document["inhoud"].removeprefix("http://127.0.0.1:8000/api/v1"), "utrecht").data == b"Beste commissie"
    )


@pytest.mark.parametrize("state", sorted(ends()))
def test_a_case_that_ended_has_a_result_and_is_kept_or_destroyed(stage: Stage, state: str) -> None:
    with stage.work() as work:
        number = make_case(work, state=state, audience=["role:triagist"]).number

    found: dict[str, Any] = stage.get(f"/knelpunten/{number}/zgw", "triagist").json  # type: ignore[assignment]

    assert found["resultaat"]["resultaattype"]["omschrijving"]
    assert found["einddatum"]
    assert (found["archiefnominatie"], found["archiefactietermijn"]) == ("vernietigen", "P10Y")


@pytest.mark.parametrize(("kind", "version"), sorted(key for key in workflows() if key[0] == Case.kind_name()))
def test_every_state_of_every_version_can_be_told(stage: Stage, kind: str, version: int) -> None:
    with stage.work() as work:
        cases = [
            make_case(work, state=state, audience=["role:triagist"], version=version).number
            for state in workflows()[kind, version].states
        ]

    for number in cases:
        found: dict[str, Any] = stage.get(f"/knelpunten/{number}/zgw", "triagist").json  # type: ignore[assignment]
        assert found["status"]["statustype"]["volgnummer"] > 0
        assert found["zaaktype"]["versie"] == version


def test_a_ruling_is_a_decision_for_who_handles_the_case_and_for_others_once_it_is_public(stage: Stage) -> None:
    case = stage.case()
    with stage.work() as work:
        found = work.session.query(Case).filter_by(number=case.rpartition("/")[2]).one()
        number = make_ruling(work, found).number

    told = {who: stage.get(f"{case}/zgw", who).json for who in ("triagist", "utrecht")}

    assert [one["identificatie"] for one in told["triagist"]["besluiten"]] == [number]  # type: ignore[index]
    assert told["triagist"]["besluiten"][0]["publicatiedatum"] is None  # type: ignore[index]
    assert told["utrecht"]["besluiten"] == []  # type: ignore[index]


def test_who_is_not_involved_keeps_no_file_of_it(stage: Stage) -> None:
    closed, open_to_officials = stage.case(), stage.case(vertrouwelijkheid="openbaar")

    assert stage.get(f"{closed}/zgw", "zwolle").status_code == 404
    assert stage.get(f"{closed}/zgw").status_code == 401
    assert stage.get(open_to_officials, "zwolle").status_code == 200
    assert stage.get(f"{open_to_officials}/zgw", "zwolle").status_code == 403


def test_the_same_answer_has_the_same_tag(stage: Stage) -> None:
    case = stage.case()
    first = stage.get(f"{case}/zgw", "utrecht")

    assert stage.get(f"{case}/zgw", "utrecht", if_none_match=first.headers["ETag"]).status_code == 304
    stage.does("triagist", case, "oppakken")
    assert stage.get(f"{case}/zgw", "utrecht", if_none_match=first.headers["ETag"]).status_code == 200
