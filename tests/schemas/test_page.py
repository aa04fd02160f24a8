"""Every form through the macro that shows it."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.errors import Invalid
from app.schemas.form import FORMS, laid_out, load, page_faults, to_html
from app.schemas.report import CHECK, STEPS, ReportSchema, step_fields
from app.web.filters import FILTERS
from tests.schemas.browser import options, page
from tests.schemas.test_form import GOOD

TEMPLATES = Path(__file__).parents[2] / "templates"
FORM = '{% from "parts/form.html" import form_for %}{{ form_for(fields, values, errors, "/x") }}'


@pytest.fixture(scope="module")
def shown():
    jinja = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    jinja.filters.update(FILTERS)
    jinja.globals["csrf_token"] = lambda: "x"
    template = jinja.from_string(FORM)
    return lambda fields, values, errors: template.render(fields=fields, values=values, errors=errors)


def faults(form, data):
    try:
        load(form, data)
    except Invalid as refused:
        return page_faults(form, refused.faults)
    return {}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_shown_empty_and_filled_in(shown, name):
    for data in ({}, GOOD[name]):
        text = shown(*page(FORMS[name], data), {})

        assert text.count("<form") == 1
        assert "None" not in text


@pytest.mark.parametrize("name", FORMS)
def test_every_fault_leads_to_a_place_on_the_page(shown, name):
    form = FORMS[name]
    wrong = {key: "?" for key, value in GOOD[name].items() if isinstance(value, (str, bool, int))}

    for data in ({}, {**GOOD[name], **wrong}):
        errors = faults(form, data)
        text = shown(*page(form, data), errors)
        assert [path for path in errors if f'id="veld-{path}"' not in text] == []


def test_the_faults_of_a_row_stand_at_its_inputs(shown):
    form = FORMS["redaction"]
    data = {"passages": [{"passage": "x", "grond": "5.1.2e"}, {"grond": "5.1.1d"}]}
    errors = faults(form, data)

    text = shown(*page(form, data), errors)

    assert errors.keys() == {"passages-0-motivering", "passages-1-passage"}
    assert all(f'id="veld-{path}"' in text and f'href="#veld-{path}"' in text for path in errors)
    assert "Passage 4" in text


def test_a_fault_of_all_rows_stands_at_the_first(shown):
    form = FORMS["redaction"]

    assert faults(form, {}) == {"passages-0-passage": ["Noem ten minste één passage."]}
    assert 'id="veld-passages-0-passage-fout"' in shown(*page(form, {}), faults(form, {}))


def test_each_question_of_the_test_has_its_own_group(shown):
    text = shown(*page(FORMS["precedent_application"], {}), {})

    assert "Is de wettelijke grondslag dezelfde?" in text
    assert text.count('value="nee_niet_wezenlijk"') == 8
    assert text.count('type="hidden" name="toepassingstoets-') == 8


@pytest.mark.parametrize("step", [*STEPS, CHECK], ids=lambda step: step.slug)
def test_each_step_of_a_report_shows_its_fields_and_its_faults(shown, step):
    fields = step_fields(step, options)
    errors = {path: texts for path, texts in faults(ReportSchema, {}).items() if path in step.inputs}

    text = shown(*laid_out(fields, to_html(ReportSchema, {})), errors)

    assert [field.name for field in fields] == sorted(step.inputs, key=[field.name for field in fields].index)
    assert len(fields) == len(step.inputs)
    assert all(f'id="veld-{path}"' in text for path in errors)
