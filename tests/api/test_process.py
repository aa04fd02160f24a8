from tests.api.stage import Stage


def test_a_report_becomes_a_case_that_is_taken_up(stage: Stage) -> None:
    case = stage.case()
    for sub in ("", "/acties", "/verloop"):
        assert stage.get(case + sub, "triagist").status_code == 200
    assert stage.does("triagist", case, "oppakken")["status"] == "in_intake"
    assert stage.get("/knelpunten", "triagist").json["totaal"] == 1
