from tests.api.stage import Stage


def test_a_report_becomes_a_case_that_is_taken_up(stage: Stage) -> None:
    case = stage.case()
    for sub in ("", "/acties", "/verloop"):
        assert stage.get(case + sub, "triagist").status_code == 200
    assert stage.does("triagist", case, "oppakken")["status"] == "in_intake"
    assert stage.get("/knelpunten", "triagist").json["totaal"] == 1


def test_a_structural_cause_and_what_the_board_is_asked_stand_in_the_file_of_who_is_involved(stage: Stage) -> None:
    case = stage.case()
    stage.does("triagist", case, "oppakken")
    cause = {"oorzaak": "Elke wet heeft eigen regels.", "fase": "onderzoek", "grondslagen": []}
    stage.does("triagist", case, "structureel_maken", verantwoordelijke=["gemeente Utrecht"], **cause)

    file = stage.get(case, "triagist").json["dossier"]

    assert (file["structureel"]["verantwoordelijke"], file["structureel"]["organisaties"]) == ("gemeente Utrecht", 1)
    assert file["voorgelegd"] == []
    assert "Elke wet" not in stage.get(case, "zwolle").text
