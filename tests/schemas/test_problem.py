import pytest

from app.domain.errors import Invalid
from app.schemas.form import load
from app.schemas.problem import faults_json, problem
from app.schemas.report import ReportSchema


def test_a_missing_key_question_is_told_as_the_contract_says():
    with pytest.raises(Invalid) as refused:
        load(ReportSchema, {})

    assert {"veld": "kernvraag", "code": "verplicht", "melding": "Vul de kernvraag in."} in faults_json(
        refused.value.faults
    )


def test_a_problem_has_the_names_of_the_contract():
    told = problem(
        type="about:blank",
        title="Niet goed ingevuld",
        status=400,
        detail=None,
        request_id="abc",
        errors=[{"field": "titel", "code": "verplicht", "sentence": "Vul een titel in."}],
    )

    assert told == {
        "type": "about:blank",
        "title": "Niet goed ingevuld",
        "status": 400,
        "requestId": "abc",
        "errors": [{"veld": "titel", "code": "verplicht", "melding": "Vul een titel in."}],
    }
