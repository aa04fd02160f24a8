from copy import deepcopy
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.errors import Invalid
from app.schemas.form import describe, from_html, load, page_faults, to_html
from app.schemas.report import (
    CHECK,
    STEPS,
    ReportSchema,
    findings,
    step_answers,
    step_faults,
    step_fields,
    step_of,
)
from tests.schemas.browser import options, posted

URI = "https://identifier.overheid.nl/tooi/id/gemeente/gm0344"
GOOD = {
    "titel": "Betalingsachterstand melden aan de gemeente",
    "kernvraag": "Mag een verhuurder een achterstand zonder toestemming aan de gemeente melden?",
    "omschrijving": "Een verhuurder ziet dat een huurder drie maanden achterloopt.",
    "typen": ["juridisch", "ethisch"],
    "uitwisseling": {
        "verstrekkers": [{"naam": "Stichting Voorbeeld", "kvkNummer": "12345678"}],
        "ontvangers": [{"tooiUri": URI}],
        "gegevenscategorieen": ["hoogte van de achterstand"],
        "doel": "De huurder vroeg helpen.",
    },
    "grondslagen": [
        {
            "stelsel": "bwb",
            "id": "BWBR0031331",
            "artikel": "3",
            "lid": None,
            "onderdeel": None,
            "geldigOp": "2026-11-21",
        }
    ],
    "grondslagOnbekend": False,
    "alGeprobeerd": "De FG gevraagd.",
    "maatschappelijkEffect": "Mensen raken hun huis kwijt.",
    "urgentie": "normaal",
    "vertrouwelijkheid": "intern",
    "persoonsgegevensReden": None,
    "sluitAanBij": None,
}
VRAAG, UITWISSELING, WET, SITUATIE, AFSPRAKEN = STEPS


def faults_of(data):
    with pytest.raises(Invalid) as refused:
        load(ReportSchema, data)
    return refused.value.faults


def changed(**change):
    return {**deepcopy(GOOD), **change}


def test_the_report_of_the_contract_loads():
    answers = load(ReportSchema, GOOD)

    assert answers.keys() == {
        *("title", "key_question", "types", "exchange", "laws", "basis_unknown", "description", "tried"),
        *("societal_effect", "urgency", "confidentiality"),
    }
    assert answers["exchange"] == {
        "providers": [{"name": "Stichting Voorbeeld", "kvk_number": "12345678"}],
        "receivers": [{"tooi_uri": URI}],
        "data_categories": ["hoogte van de achterstand"],
        "purpose": "De huurder vroeg helpen.",
    }
    assert answers["laws"] == [
        {
            "system": "bwb",
            "identifier": "BWBR0031331",
            "article": "3",
            "paragraph": None,
            "part": None,
            "valid_on": date(2026, 11, 21),
        }
    ]


def test_an_empty_report_hears_all_its_faults_at_once():
    faults = faults_of({})

    assert [*faults] == [
        "titel",
        "kernvraag",
        "typen",
        "uitwisseling.verstrekkers",
        "uitwisseling.ontvangers",
        "uitwisseling.gegevenscategorieen",
        "uitwisseling.doel",
        "grondslagen",
        "omschrijving",
        "alGeprobeerd",
        "maatschappelijkEffect",
        "urgentie",
        "vertrouwelijkheid",
    ]
    assert faults["kernvraag"] == ["Vul de kernvraag in."]
    assert {sentence.code for sentences in faults.values() for sentence in sentences} == {"verplicht"}


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Dit is geen vraag.", "Maak van de kernvraag één vraag, met een vraagteken aan het einde."),
        ("Mag dit? En dat?", "Stel één vraag. Er staan nu 2 vraagtekens. Zet andere vragen in de omschrijving."),
        ("Mag dit? Graag snel.", "Zet het vraagteken aan het einde. Zet uitleg in de omschrijving."),
    ],
)
def test_the_key_question_is_exactly_one_question(question, sentence):
    assert faults_of(changed(kernvraag=question)) == {"kernvraag": [sentence]}


def test_not_knowing_the_law_is_an_answer():
    assert load(ReportSchema, changed(grondslagen=[], grondslagOnbekend=True))["basis_unknown"] is True
    assert faults_of(changed(grondslagen=[])) == {
        "grondslagen": ["Noem ten minste één wet, of geef aan dat u niet weet welke wet geldt."]
    }


def test_a_law_that_is_wrong_is_not_told_to_be_missing():
    assert faults_of(changed(grondslagen=[{"link": "zomaar"}])).keys() == {"grondslagen.0.link"}


def test_citizens_data_ask_a_reason_and_are_never_repeated():
    data = changed(omschrijving="Het BSN is 123456782.")

    assert findings(data) == {"omschrijving": ["•••••••82"]}
    assert faults_of(data).keys() == {"persoonsgegevensReden"}
    assert "123456782" not in str(faults_of(data))
    assert load(ReportSchema, {**data, "persoonsgegevensReden": "Een verzonnen nummer."})["personal_data_reason"]


def test_citizens_data_are_seen_in_every_text_of_the_reporter():
    exchange = {**GOOD["uitwisseling"], "gegevenscategorieen": ["iban", "NL91 ABNA 0417 1643 00"]}

    found = findings(changed(uitwisseling=exchange, alGeprobeerd="Mail naar jan.jansen@voorbeeld.example"))

    assert found.keys() == {"uitwisseling.gegevenscategorieen", "alGeprobeerd"}


@pytest.mark.parametrize("draft", [{}, {"uitwisseling": 3}, {"titel": ["x"]}, {"uitwisseling": {"doel": None}}])
def test_a_draft_that_holds_anything_can_be_looked_through(draft):
    assert findings(draft) == {}


def test_a_number_of_a_case_or_a_company_is_nobodys():
    assert findings(changed(omschrijving="Zie KNP-2026-00001 en KVK 12345678.")) == {}


@pytest.mark.parametrize(
    ("party", "path", "sentence"),
    [
        (
            {"tooiUri": "gm0344"},
            "0.tooiUri",
            "Dit is geen TOOI-adres. Het begint met https://identifier.overheid.nl/tooi/id/.",
        ),
        (
            {"naam": "Stichting", "kvkNummer": "1234"},
            "0.kvkNummer",
            "Een KVK-nummer heeft acht cijfers, zoals 12345678.",
        ),
        ({}, "0.naam", "Noem de organisatie: kies een naam uit de lijst, of vul de naam en het KVK-nummer in."),
        (3, "0", "Stuur hier een object met velden."),
    ],
)
def test_a_party_has_an_address_or_a_name(party, path, sentence):
    data = changed()
    data["uitwisseling"]["ontvangers"] = [party]

    assert faults_of(data) == {f"uitwisseling.ontvangers.{path}": [sentence]}
    assert page_faults(ReportSchema, faults_of(data)) == {"ontvangers-0": [sentence]}


# --- the steps -------------------------------------------------------------------------------------------------------


def test_every_field_stands_on_exactly_one_page():
    on_pages = [name for step in (*STEPS, CHECK) for name in step.inputs]

    assert sorted(on_pages) == sorted(field.name for field in describe(ReportSchema, options))
    assert len(STEPS) == 5


def test_a_report_typed_step_by_step_is_the_report_that_a_machine_sends():
    draft = {}
    for step in (*STEPS, CHECK):
        whole = posted(ReportSchema, GOOD)
        draft |= step_answers(step, MultiDict([pair for pair in whole.items(multi=True) if on(step, pair[0])]))

    assert load(ReportSchema, draft) == load(ReportSchema, GOOD)
    assert to_html(ReportSchema, draft)["grondslagen"][0]["label"].startswith("artikel 3, Wet gemeentelijke")


def on(step, name):
    return name.split("-")[0] in step.inputs


def test_a_draft_keeps_what_is_wrong_and_forgets_what_was_emptied():
    typed = MultiDict([("titel", ""), ("kernvraag", "geen vraag"), ("typen", "zomaar"), ("csrf_token", "x")])

    answers = step_answers(VRAAG, typed)

    assert answers == {"titel": None, "kernvraag": "geen vraag", "typen": ["zomaar"]}
    assert step_faults({**GOOD, **answers}, VRAAG).keys() == {"titel", "kernvraag", "typen.0"}
    assert step_faults({**GOOD, **answers}, WET) == {}


def test_a_draft_can_be_stored_whatever_was_typed():
    typed = MultiDict([("titel", "a\x00b\ud800\u202ec"), ("kernvraag", "regel\r\ntwee")])

    assert step_answers(VRAAG, typed)["titel"] == "abc"
    assert step_answers(VRAAG, typed)["kernvraag"] == "regel\ntwee"


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("titel", VRAAG),
        ("uitwisseling.verstrekkers.0.naam", UITWISSELING),
        ("uitwisseling", UITWISSELING),
        ("grondslagen.0.artikel", WET),
        ("maatschappelijkEffect", SITUATIE),
        ("urgentie", AFSPRAKEN),
        ("persoonsgegevensReden", CHECK),
        ("zomaar", CHECK),
        ("", CHECK),
    ],
)
def test_a_fault_leads_to_the_step_where_it_can_be_mended(path, step):
    assert step_of(path) is step


def test_the_fields_of_a_step_are_those_of_its_page():
    assert [field.name for field in step_fields(UITWISSELING, options)] == [*UITWISSELING.inputs]


def test_a_page_that_asked_which_organisation_was_meant_gets_its_answer():
    typed = MultiDict(
        [("ontvangers", "SVB"), ("ontvangers", ""), ("ontvangers", "Utrecht"), ("ontvangers-2-keuze", URI)]
    )

    assert from_html(ReportSchema, typed) == {"uitwisseling": {"ontvangers": [{"naam": "SVB"}, {"tooiUri": URI}]}}
