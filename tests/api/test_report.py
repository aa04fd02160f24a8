"""Sending a report in as a machine."""

from typing import Any

import pytest

from tests.api.stage import SVB, Stage, report


def test_a_report_is_sent_at_once_and_has_a_receipt(stage: Stage) -> None:
    answer = stage.post("/meldingen", "utrecht", report())

    assert answer.status_code == 201
    assert answer.json == {"nummer": "MLD-2026-00001", "knelpunt": "KNP-2026-00001", "gelijkende": []}
    assert answer.headers["Location"] == "/api/v1/meldingen/MLD-2026-00001"
    shown = stage.get("/meldingen/MLD-2026-00001", "utrecht").json
    assert {name: shown[name] for name in ("titel", "kernvraag", "typen", "urgentie")} == {
        name: report()[name] for name in ("titel", "kernvraag", "typen", "urgentie")
    }
    assert shown["grondslagen"][0]["jci"] == "jci1.3:c:BWBR0015703&artikel=64&z=2026-11-21&g=2026-11-21"


def test_what_looks_alike_is_told_and_kept_and_a_second_report_can_join(stage: Stage) -> None:
    stage.post("/meldingen", "utrecht", report(vertrouwelijkheid="beperkt_openbaar"))

    second = stage.post("/meldingen", "zwolle", report(sluitAanBij="KNP-2026-00001"))

    assert second.json == {
        "nummer": "MLD-2026-00002",
        "knelpunt": "KNP-2026-00001",
        "gelijkende": ["KNP-2026-00001"],
    }
    case = "/knelpunten/KNP-2026-00001"
    assert stage.get(case, "triagist").json["meldingen"] == ["MLD-2026-00001", "MLD-2026-00002"]
    assert stage.get(case, "zwolle").json["meldingen"] == ["MLD-2026-00002"]
    assert stage.get("/meldingen/MLD-2026-00001", "zwolle").status_code == 404
    assert stage.get("/meldingen/MLD-2026-00002", "utrecht").status_code == 404


def test_a_case_that_may_not_be_seen_is_not_told_of_and_cannot_be_joined(stage: Stage) -> None:
    stage.post("/meldingen", "utrecht", report())

    assert stage.report("zwolle")["gelijkende"] == []
    joined = stage.post("/meldingen", "zwolle", report(sluitAanBij="KNP-2026-00001"))
    unknown = stage.post("/meldingen", "zwolle", report(sluitAanBij="KNP-2026-99999"))
    assert (joined.status_code, unknown.status_code) == (400, 400)
    assert joined.json["errors"][0]["melding"].replace("00001", "99999") == unknown.json["errors"][0]["melding"]


def test_all_that_is_missing_is_told_at_once(stage: Stage) -> None:
    answer = stage.post("/meldingen", "utrecht", {})

    assert answer.status_code == 400
    fields = {fault["veld"] for fault in answer.json["errors"]}
    assert fields == {
        *("titel", "kernvraag", "omschrijving", "typen", "grondslagen", "alGeprobeerd", "maatschappelijkEffect"),
        *("urgentie", "vertrouwelijkheid", "uitwisseling.verstrekkers", "uitwisseling.ontvangers"),
        *("uitwisseling.gegevenscategorieen", "uitwisseling.doel"),
    }
    assert {fault["code"] for fault in answer.json["errors"]} == {"verplicht"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"typen": ["onbekend"]}, "typen.0"),
        ({"kernvraag": "Mag dit? En dat?"}, "kernvraag"),
        ({"nummer": "MLD-2026-00009"}, "nummer"),
        ({"organisatie": SVB}, "organisatie"),
        ({"titel": ["lijst"]}, "titel"),
        ({"titel": {"a": 1}}, "titel"),
        ({"uitwisseling": "tekst"}, "uitwisseling"),
        ({"grondslagen": [{"stelsel": "bwb", "id": "geen"}]}, "grondslagen.0.id"),
        ({"omschrijving": "Het BSN is 123456782."}, "persoonsgegevensReden"),
        (
            {"uitwisseling": {**report()["uitwisseling"], "ontvangers": [{"naam": "Bestaat niet"}]}},
            "uitwisseling.ontvangers.0",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(stage: Stage, wrong: dict[str, Any], field: str) -> None:
    answer = stage.post("/meldingen", "utrecht", report(**wrong))

    assert answer.status_code == 400
    assert [fault["veld"] for fault in answer.json["errors"]] == [field]
    assert stage.get("/meldingen", "utrecht").json["totaal"] == 0


def test_only_a_reporter_of_an_organisation_reports(stage: Stage) -> None:
    for who in ("triagist", "niemand", "beheerder"):
        assert stage.post("/meldingen", who, report()).status_code == 403
    assert stage.post("/meldingen", None, report()).status_code == 401


def test_a_machine_does_not_pass_by_the_coordinator(stage: Stage) -> None:
    with stage.work() as work:
        from app.db.organisation import Organisation  # noqa: PLC0415 - only this test changes one

        for name in ("utrecht", "zwolle"):
            work.session.get_one(Organisation, stage.organisations[name]).needs_approval = True

    assert stage.post("/meldingen", "utrecht", report()).status_code == 403
    assert stage.post("/meldingen", "zwolle", report()).status_code == 201
