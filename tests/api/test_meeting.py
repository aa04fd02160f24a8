"""Meetings through the API: who calls one, and what a member adds to an item."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.interest import Interest
from app.db.meeting import Meeting
from app.services.lifecycle import show_to
from app.services.withholding import withhold
from tests.api.stage import Stage
from tests.make import make_case, make_item, make_meeting


def day(stage: Stage, days: int) -> str:
    return (stage.today + timedelta(days=days)).isoformat()


def test_the_secretary_calls_a_meeting(stage: Stage) -> None:
    answer = stage.post(
        "/vergaderingen", "ccg_secretaris", {"datum": day(stage, 14), "plaats": "Den Haag", "orgaan": "ccg"}
    )

    assert answer.status_code == 201
    assert (answer.json["nummer"], answer.json["status"], answer.json["plaats"]) == (
        "VERG-2026-01",
        "concept",
        "Den Haag",
    )
    assert answer.json["titel"] == "Vergadering CCG 7 december 2026"
    assert stage.get("/vergaderingen/VERG-2026-01", "ccg_secretaris").headers["ETag"] == answer.headers["ETag"]
    (row,) = stage.get("/vergaderingen", "ccg_voorzitter").json["resultaten"]
    assert row["datum"] == day(stage, 14)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "datum"),
        ({"datum": "morgen"}, "datum"),
        ({"datum": "2026-11-01"}, "datum"),
        ({"datum": "2026-12-14", "orgaan": "onbekend"}, "orgaan"),
        ({"datum": "2026-12-14", "status": "gepland"}, "status"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(stage: Stage, sent: dict[str, Any], field: str) -> None:
    answer = stage.post("/vergaderingen", "ccg_secretaris", sent)

    assert answer.status_code == 400
    assert [fault["veld"] for fault in answer.json["errors"]] == [field]


def test_nobody_else_calls_a_meeting(stage: Stage) -> None:
    for who in ("ccg_voorzitter", "lid1", "triagist", "utrecht"):
        assert stage.post("/vergaderingen", who, {"datum": day(stage, 14)}).status_code == 403


def test_a_member_who_is_excused_reads_nothing_of_the_item(stage: Stage) -> None:
    with stage.work() as work:
        case = make_case(work, state="geagendeerd", audience=["role:triagist"], title="Een gevoelige zaak")
        meeting = make_meeting(work)
        item = make_item(work, case, meeting, title=case.title)
        excused = Interest(
            item_id=item.id,
            account_id=stage.accounts["lid1"],
            declared="belang_gemeld",
            explanation="",
            judgement="verschoond",
            at=work.now,
        )
        work.session.add(excused)
        withhold(work, item, [stage.accounts["lid1"]])
        path, agenda = f"/agendapunten/{item.number}", f"/vergaderingen/{meeting.number}"

    for address in (path, f"{path}/acties", f"{path}/verloop", "/agendapunten"):
        answer = stage.get(address, "lid1")
        assert answer.status_code == 200
        assert not [words for words in ("gevoelige", "mits", "notitie") if words in answer.text], address
        assert address.endswith("acties") or "notitie" not in answer.text
    assert "gevoelige" in stage.get(path, "lid2").text
    assert stage.get(path, "lid1").json["titel"] == "U bent verschoond van dit agendapunt."
    for added in ("belangen", "stemmen", "notas", "acties/notitie"):
        assert stage.post(f"{path}/{added}", "lid1", {}, if_match="*").status_code == 403
    with stage.work() as work:
        show_to(work, work.session.scalars(select(Meeting)).one(), ["role:ccg_lid"])
    assert "gevoelige" not in stage.get(agenda, "lid1").text
    assert stage.get(agenda, "lid2").json["agenda"][0]["titel"] == "Een gevoelige zaak"
