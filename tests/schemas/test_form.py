import json
import re
import tomllib
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.domain.errors import Invalid
from app.schemas import account, meeting, organisation, precedent
from app.schemas.field import kinds
from app.schemas.form import (
    FORMS,
    api_field,
    beginning,
    describe,
    from_html,
    load,
    load_action,
    page_faults,
    reason_required,
    to_html,
    with_one_more,
)
from app.schemas.report import ReportSchema
from tests.schemas.browser import nothing, options, posted

HERE = Path(__file__).parent
WORKFLOWS = HERE.parents[1] / "workflows"
GOOD = json.loads((HERE / "examples.json").read_text("utf-8"))
FILE = {"name": "dpia.pdf", "digest": "ab", "size": 3, "media_type": "application/pdf"}
OTHERS = {
    form.__name__: form
    for module in (account, meeting, organisation, precedent)
    for form in vars(module).values()
    if isinstance(form, type) and issubclass(form, precedent.Form) and form is not precedent.Form
}
EVERY = {**FORMS, **OTHERS, "report": ReportSchema}
CODES = {"verplicht", "ongeldig", "te_lang", "niet_in_lijst", "onbekend_veld"}


def answers_to(name, data, files=None):
    return load(FORMS[name], data, files if files is not None else _files(name))


def refusal_of(form, data):
    try:
        load(form, data)
    except Invalid as refused:
        return refused.faults
    return {}


def faults_of(name, data, files=None):
    with pytest.raises(Invalid) as refused:
        answers_to(name, data, files)
    return refused.value.faults


def _files(name):
    return {"bestand": FILE} if name == "document" else {}


def asked_by_definitions():
    for path in WORKFLOWS.glob("*/*.toml"):
        if path.parent.name != "lists":
            for transition in tomllib.loads(path.read_text("utf-8")).get("transition", []):
                if "asks" in transition:
                    yield transition["asks"]


def test_every_form_that_a_definition_asks_is_there():
    assert set(asked_by_definitions()) <= FORMS.keys()


def test_every_form_has_an_example():
    assert GOOD.keys() == FORMS.keys()


@pytest.mark.parametrize("name", FORMS)
def test_a_good_example_gives_answers_with_english_names(name):
    answers = answers_to(name, GOOD[name])

    keys = {kind.key for kind in kinds(FORMS[name])}
    assert len(answers) >= len(GOOD[name])
    assert not keys & answers.keys() - {"dictum", "rapporteur", "dossier", "precedent", "nuance", "passages"} - {
        "indicator"
    }


@pytest.mark.parametrize(
    ("name", "key"),
    [(name, kind.key) for name, form in FORMS.items() for kind in kinds(form) if kind.required],
)
def test_a_required_field_that_is_missing_is_the_only_fault(name, key):
    data = {field: value for field, value in GOOD[name].items() if field != key}

    ((path, (sentence,)),) = faults_of(name, data, {} if key == "bestand" else None).items()

    assert path == key
    assert sentence.code == "verplicht"
    assert sentence.endswith((".", "?"))


@pytest.mark.parametrize("blank", ["", "  \n", None, [], {}, "\u200b"])
def test_what_is_blank_is_missing(blank):
    assert faults_of("separation", {"motivering": blank}) == {
        "motivering": ["Schrijf waarom de knelpunten niet bij elkaar horen."]
    }


WRONG = [
    ("motivation", {"reden": 3}, {"reden": "Vul bij “Reden” tekst in."}),
    (
        "motivation",
        {"reden": "x" * 20_001},
        {"reden": "“Reden” is 20.001 tekens lang. Maak er hoogstens 20.000 tekens van."},
    ),
    (
        "motivation",
        {"motief": "x"},
        {"motief": "Dit formulier kent dit veld niet. Kijk of de naam klopt, of haal het weg."},
    ),
    ("take_on", {"domein": "x" * 301}, {"domein": "“Domein” is 301 tekens lang. Maak er hoogstens 300 tekens van."}),
    ("completion_request", {"punten": "een"}, {"punten": "Stuur bij “Wat moet de melder aanvullen?” een lijst."}),
    ("completion_request", {"punten": ["a", ""]}, {"punten.1": "Vul “Wat moet de melder aanvullen?” in."}),
    (
        "completion_request",
        {"punten": ["a"] * 21},
        {"punten": "“Wat moet de melder aanvullen?” telt 21 regels. Maak er hoogstens 20 van."},
    ),
    (
        "completion_request",
        {"termijn": "31-02-2027"},
        {"termijn": "Vul bij “Uiterste dag” een datum in die bestaat, zoals 21-11-2026."},
    ),
    (
        "completion_request",
        {"termijn": "20261205"},
        {"termijn": "Vul bij “Uiterste dag” een datum in die bestaat, zoals 21-11-2026."},
    ),
    ("completion", {"antwoorden": ["a", " "]}, {"antwoorden.1": "Geef antwoord op dit punt."}),
    ("inadmissibility", {"grond": "zomaar"}, {"grond": "Kies bij “Reden” een waarde uit de lijst."}),
    ("inadmissibility", {"grond": ["klacht"]}, {"grond": "Kies bij “Reden” een waarde uit de lijst."}),
    (
        "take_on",
        {"knelpunttypen": ["juridisch", "x"]},
        {"knelpunttypen.1": "Kies bij “Soort knelpunt” een waarde uit de lijst."},
    ),
    (
        "take_on",
        {"schijnbaar": "misschien"},
        {"schijnbaar": "Kies bij “Is dit een schijnbaar gegevensknelpunt?” ja of nee."},
    ),
    ("take_on", {"schijnbaar": 1}, {"schijnbaar": "Kies bij “Is dit een schijnbaar gegevensknelpunt?” ja of nee."}),
    ("solution", {"akkoordFg": None}, {"akkoordFg": "Kies of de FG akkoord is. Bij persoonsgegevens is dat nodig."}),
    (
        "solution",
        {"akkoordFg": False},
        {"akkoordFg": "Vraag eerst het akkoord van de FG. Zonder akkoord kan deze oplossing niet."},
    ),
    ("solution", {"akkoordFg": "weet niet"}, {"akkoordFg": "Kies bij “Is de FG akkoord?” ja of nee."}),
    (
        "admission",
        {"dossier": ["feiten", "juridisch_kader", "standpunten_partijen", "fg_oordeel", "juridisch_advies"]},
        {"dossier": "Het dossier is nog niet compleet. Dit ontbreekt: Ethisch advies; Gezocht naar precedenten."},
    ),
    ("position", {"kamerstuk": ""}, {"kamerstuk": "Vul het Kamerstuk of de brief in."}),
    (
        "position",
        {"kamerstuk": "26643"},
        {"kamerstuk": "Een nummer van een Kamerstuk begint met kst-, zoals kst-26643-1366."},
    ),
    ("party", {"tooiUri": ""}, {"tooiUri": "Kies een organisatie uit de lijst, of vul een naam met KVK-nummer in."}),
    (
        "party",
        {"tooiUri": "https://voorbeeld.example/1"},
        {"tooiUri": "Dit is geen TOOI-adres. Het begint met https://identifier.overheid.nl/tooi/id/."},
    ),
    (
        "party",
        {"tooiUri": "", "naam": "Stichting", "kvkNummer": "123"},
        {"kvkNummer": "Een KVK-nummer heeft acht cijfers, zoals 12345678."},
    ),
    ("document", {"bestand": FILE}, None),
    ("advice_use", {"afwijking": ""}, {"afwijking": "Schrijf waarom u van het advies afwijkt."}),
    (
        "attendance",
        {"afwezigMetBericht": ["lid1@voorbeeld.example"]},
        {"afwezigMetBericht": "lid1@voorbeeld.example staat ook bij aanwezig. Kies een van beide."},
    ),
    ("meeting_plan", {"aanvang": "half tien"}, {"aanvang": "Vul een tijd in, zoals 09.30 uur."}),
    ("interest_judgement", {"motivering": " "}, {"motivering": "Schrijf waarom het lid mag meedoen."}),
    ("vote", {"stem": "blanco"}, {"stem": "Kies bij “Uw stem” een waarde uit de lijst."}),
    (
        "redaction",
        {"passages": [{"passage": "x", "grond": "5.1.5"}]},
        {"passages.0.motivering": "Schrijf waarom weglaten hier zwaarder weegt dan openbaar maken."},
    ),
    ("redaction", {"passages": ["x"]}, {"passages.0": "Stuur hier een object met velden."}),
    (
        "redaction",
        {"passages": [{"passage": "x", "grond": "5.1.1d", "plek": 1}]},
        {"passages.0.plek": "Dit formulier kent dit veld niet. Kijk of de naam klopt, of haal het weg."},
    ),
    (
        "reaction",
        {"reactie": "niet_overgenomen", "motivering": ""},
        {"motivering": "Leg uit waarom u de aanbeveling niet of niet helemaal overneemt."},
    ),
    (
        "reaction",
        {"reactie": "overgenomen", "eigenaar": "", "planning": None, "indicator": ""},
        {
            "eigenaar": "Vul in wie de aanbeveling uitvoert.",
            "planning": "Vul in wanneer het klaar is.",
            "indicator": "Schrijf waaraan te zien is dat het is gedaan.",
        },
    ),
    ("reaction", {"planning": "ooit"}, {"planning": "Vul bij “Klaar op” een datum in die bestaat, zoals 21-11-2026."}),
    # Nothing is null; an empty text is no day, and the description of the API says so.
    ("reaction", {"planning": ""}, {"planning": "Vul bij “Klaar op” een datum in die bestaat, zoals 21-11-2026."}),
    ("reaction", {"kosten": -1}, {"kosten": "Vul bij “Kosten” een heel getal in, zoals 1250."}),
    ("reaction", {"kosten": 1.5}, {"kosten": "Vul bij “Kosten” een heel getal in, zoals 1250."}),
    ("reaction", {"kosten": True}, {"kosten": "Vul bij “Kosten” een heel getal in, zoals 1250."}),
    (
        "ruling_text",
        {"geldigTot": "2026-11-01"},
        {"geldigTot": "Deze dag ligt voor de dag waarop de uitspraak gaat gelden. Kies een latere dag."},
    ),
    (
        "ruling_text",
        {"citaties": [{"doel": "CCG:2026:1", "relatie": "onderscheidt"}]},
        {"citaties.0.reden": "Schrijf waarom de eerdere uitspraak hier niet past."},
    ),
    (
        "ruling_text",
        {"citaties": [{"doel": "CCG:2026:1", "relatie": "herziet"}]},
        {"citaties.0.deel": "Schrijf welk deel u herziet, of “geheel”."},
    ),
    (
        "ruling_text",
        {"aanbevelingen": [{"tekst": "x"}]},
        {"aanbevelingen.0.geadresseerden": "Kies ten minste één organisatie."},
    ),
    (
        "ruling_text",
        {"grondslagen": [{"rol": "draagt"}]},
        {"grondslagen.0.id": "Noem de wet: plak het adres, of vul de naam of het nummer in."},
    ),
    (
        "ruling_text",
        {"grondslagen": [{"stelsel": "bwb", "id": "BWBR0005537", "lid": "1"}]},
        {"grondslagen.0.artikel": "Vul ook het artikel in."},
    ),
]


@pytest.mark.parametrize(("name", "change", "expected"), WRONG)
def test_what_is_wrong_is_told_at_its_field_and_nothing_else(name, change, expected):
    data = {**GOOD[name], **change}
    if expected is None:
        expected = {"bestand": "Stuur het bestand zelf mee. Een verwijzing naar een bestand is niet genoeg."}

    faults = faults_of(name, data, {})

    assert faults == {path: [sentence] for path, sentence in expected.items()}
    assert all(sentence.code in CODES for sentences in faults.values() for sentence in sentences)


def test_a_machine_cannot_name_a_file_that_it_did_not_send():
    assert faults_of("document", {"titel": "Van een ander", "bestand": FILE}, {})
    assert answers_to("document", {"titel": "Eigen"}, {"bestand": FILE}) == {"title": "Eigen", "file": FILE}


def test_the_test_of_a_precedent_asks_for_every_question():
    data = deepcopy(GOOD["precedent_application"])
    del data["toepassingstoets"][0]
    data["toepassingstoets"][-1].pop("reden")

    assert faults_of("precedent_application", data) == {
        "toepassingstoets": ["Beantwoord ook: Is de wettelijke grondslag dezelfde?"],
        "toepassingstoets.6.reden": ["Schrijf waarom het precedent toch past."],
    }


def test_the_test_of_a_precedent_asks_each_question_once():
    data = deepcopy(GOOD["precedent_application"])
    data["toepassingstoets"].append(data["toepassingstoets"][0])

    assert faults_of("precedent_application", data) == {"toepassingstoets": ["Beantwoord elke vraag één keer."]}


def test_a_position_may_come_in_a_letter():
    data = {**GOOD["position"], "kamerstuk": None, "brief": "Brief van 2 november 2026"}

    assert answers_to("position", data)["letter"] == "Brief van 2 november 2026"


def test_a_private_party_has_a_name_and_a_number():
    data = {"rol": "ontvanger", "naam": "Stichting", "kvkNummer": "12345678"}

    assert answers_to("party", data) == {"role": "ontvanger", "name": "Stichting", "kvk": "12345678"}


def test_a_reaction_that_does_not_apply_needs_no_planning():
    data = {"reactie": "niet_van_toepassing", "motivering": "Wij hebben deze gegevens niet."}

    assert answers_to("reaction", data)["reaction"] == "niet_van_toepassing"


def test_advice_is_mandatory_unless_one_says_otherwise():
    data = {key: value for key, value in GOOD["advice_request"].items() if key not in {"verplicht", "opschorten"}}

    answers = answers_to("advice_request", data)

    assert (answers["mandatory"], answers["suspends"]) == (True, False)
    assert beginning(FORMS["advice_request"]) == {"verplicht": True, "opschorten": False}


def test_a_draft_ruling_keeps_apart_what_was_emptied_and_what_was_left_out():
    assert answers_to("ruling_text", {"titel": "Nieuw", "geldigTot": None}) == {"title": "Nieuw", "valid_until": None}
    assert from_html(FORMS["ruling_text"], MultiDict([("titel", "Nieuw"), ("geldigTot", "")])) == {
        "titel": "Nieuw",
        "geldigTot": None,
    }


def test_the_rows_of_a_ruling_have_the_names_of_the_record():
    answers = answers_to("ruling_text", GOOD["ruling_text"])

    assert answers["conditions"] == [
        {"who": "De gemeente", "what": "Vertelt het de huurder", "check": "Staat in de brief"}
    ]
    assert answers["bases"][0].keys() == {"system", "id", "article", "paragraph", "part", "valid_on", "role"}
    assert answers["recommendations"][0]["addressees"][1] == "gemeente Utrecht"
    assert answers["providers"] == [{"name": "Stichting Voorbeeld", "kvk_number": "12345678"}]
    assert answers["citations"][1] == {"target": "CCG:2026:4", "relation": "herziet", "part": "geheel"}


def test_the_reason_of_an_action_comes_with_any_form():
    assert load_action("note", {"tekst": "Gebeld.", "reden": "Ter info"}) == ({"text": "Gebeld."}, "Ter info")
    assert load_action("motivation", {"reden": "Daarom."}) == ({"reason": "Daarom."}, "Daarom.")
    assert load_action(None, {"reden": "Daarom."}) == ({}, "Daarom.")
    assert load_action(None, {}) == ({}, "")
    with pytest.raises(Invalid) as refused:
        load_action("note", {"reden": 3})
    assert refused.value.faults.keys() == {"tekst", "reden"}
    with pytest.raises(Invalid, match="kent dit veld niet"):
        load_action(None, {"tekst": "Gebeld."})


def test_a_form_says_whether_its_reason_is_required():
    assert [name for name in FORMS if reason_required(FORMS[name])] == [
        "motivation",
        "new_treatment",
        "remand",
        "extension",
        "challenge",
        "restoration",
        "rectification",
        "depublication",
        "precedent_withdrawal",
        "marking",
    ]


@pytest.mark.parametrize("data", [None, [], "tekst", 3, True])
def test_what_is_no_object_is_refused(data):
    assert faults_of("note", data, {}) == {"": ["Stuur hier een object met velden."]}


def test_faults_stand_in_the_order_in_which_is_asked():
    assert [*faults_of("take_on", {"zomaar": 1})] == [
        *(kind.key for kind in kinds(FORMS["take_on"]) if kind.required),
        "zomaar",
    ]


# --- descriptions ----------------------------------------------------------------------------------------------------


def every_kind():
    for name, form in EVERY.items():
        for kind in kinds(form):
            yield name, kind
            for inner in kinds(kind.form) if hasattr(kind, "form") else ():
                yield f"{name}.{kind.key}", inner


@pytest.mark.parametrize(("name", "kind"), [pytest.param(*one, id=f"{one[0]}.{one[1].key}") for one in every_kind()])
def test_a_field_has_a_name_and_a_label_for_people(name, kind):
    assert re.fullmatch(r"[a-z][A-Za-z0-9]*", kind.key)
    assert kind.label[0].isupper()
    assert not kind.label.endswith(":")


@pytest.mark.parametrize("name", EVERY)
def test_a_question_in_free_words_says_what_a_good_answer_is(name):
    bare = [
        kind.key
        for owner, kind in every_kind()
        if owner == name and kind.kind == "lange_tekst" and kind.required and "hint" not in kind.metadata
    ]

    assert bare in ([], ["tekst"], ["voorkeursoptie"])


@pytest.mark.parametrize("name", EVERY)
def test_a_form_describes_itself_to_people_and_machines(name):
    fields = describe(EVERY[name], options, {"organisations": "/organisaties/keuzes"})

    for field in fields:
        told = api_field(field)
        assert told.keys() - {"onderdelen"} == {"naam", "label", "soort", "verplicht", "waarden"}
        assert told["soort"] in {"tekst", "keuze", "meerkeuze", "datum", "getal", "jaNee", "lijst", "verwijzing"}
        assert field.source in {None, "/organisaties/keuzes"}
        assert field.kind != "keuze" or field.choices


def test_a_machine_reads_which_values_there_are():
    vergadering, *_, spoed, _ = (api_field(field) for field in describe(FORMS["scheduling"], options))
    stem = api_field(describe(FORMS["vote"], options)[0])

    assert vergadering == {
        "naam": "vergadering",
        "label": "Vergadering",
        "soort": "verwijzing",
        "verplicht": True,
        "waarden": ["VERG-2026-01", "VERG-2026-02"],
    }
    assert (stem["soort"], stem["waarden"]) == ("keuze", ["voor", "tegen", "onthouding"])
    assert (spoed["soort"], spoed["verplicht"], spoed["waarden"]) == ("jaNee", False, None)


def test_a_machine_reads_what_stands_in_a_row():
    (passages,) = (api_field(field) for field in describe(FORMS["redaction"], options))

    assert passages["soort"] == "lijst"
    assert [part["naam"] for part in passages["onderdelen"]] == ["passage", "plaats", "grond", "motivering"]


def test_a_reference_can_be_typed_when_there_is_nothing_to_choose():
    kinds_of = {field.name: field.kind for field in describe(FORMS["attendance"], nothing)}

    assert kinds_of == {"aanwezig": "lijst", "afwezigMetBericht": "lijst", "vervangingen": "rijen"}
    assert describe(FORMS["rescheduling"], nothing)[0].kind == "verwijzing"


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_what_a_page_shows_comes_back_when_it_is_posted(name):
    form = FORMS[name]

    assert from_html(form, posted(form, GOOD[name])) == GOOD[name]


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_page_asks_what_an_empty_request_asks(name):
    form = FORMS[name]
    # Each question of the test is asked by itself on the page.
    found = {path.split(".")[0] for path in refusal_of(form, from_html(form, posted(form, {})))}

    assert found == refusal_of(form, {}).keys()


def test_what_was_typed_wrong_is_shown_again_as_it_was_typed():
    form = FORMS["reaction"]
    typed = MultiDict([("reactie", "zomaar"), ("planning", "binnenkort"), ("kosten", "veel geld"), ("_meer", "x")])

    data = from_html(form, typed)

    assert to_html(form, data) == {"reactie": "zomaar", "planning": "binnenkort", "kosten": "veel geld"}
    with pytest.raises(Invalid) as refused:
        load(form, data)
    assert refused.value.faults.keys() == {"reactie", "planning", "kosten"}


def test_days_and_numbers_may_be_typed_as_people_write_them():
    typed = MultiDict([("planning", "1-5-2027"), ("kosten", "1.250.000")])

    assert from_html(FORMS["reaction"], typed) == {"planning": "2027-05-01", "kosten": 1_250_000}


def test_a_name_in_the_box_of_an_organisation_is_a_name():
    typed = MultiDict([("rol", "ontvanger"), ("tooiUri", "Stichting Voorbeeld, 12345678"), ("naam", "")])

    assert from_html(FORMS["party"], typed) == {
        "rol": "ontvanger",
        "naam": "Stichting Voorbeeld",
        "kvkNummer": "12345678",
    }


def test_faults_have_the_names_of_the_inputs_on_the_page():
    faults = {
        "toepassingstoets.3.antwoord": ["Geef antwoord op deze vraag."],
        "aanbevelingen.0.geadresseerden.1": ["…"],
        "grondslagen.2.id": ["…"],
        "gdiKnelpunten.1": ["…"],
        "passages.1": ["…"],
        "": ["Er is nog geen concept."],
        "zomaar.0": ["…"],
    }

    assert page_faults(FORMS["precedent_application"], faults).keys() >= {"toepassingstoets-3-antwoord", "", "zomaar-0"}
    assert page_faults(FORMS["ruling_text"], faults).keys() >= {
        "aanbevelingen-0-geadresseerden-1",
        "grondslagen-2-wet",
        "gdiKnelpunten",
    }
    assert "passages-1-passage" in page_faults(FORMS["redaction"], faults)


def test_the_button_for_one_more_adds_an_empty_line():
    research, report = FORMS["research"], ReportSchema

    assert with_one_more(research, {}, "onderzoeksvragen") == {"onderzoeksvragen": ["", ""]}
    assert with_one_more(research, {"onderzoeksvragen": ["a"]}, "onderzoeksvragen") == {"onderzoeksvragen": ["a", ""]}
    assert with_one_more(report, {}, "grondslagen") == {"grondslagen": [{}, {}]}
    assert with_one_more(report, {}, "ontvangers") == {"ontvangers": ["", ""]}
    assert with_one_more(research, {"a": 1}, "zomaar") == {"a": 1}


# --- anything at all -------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_nothing_that_a_machine_sends_is_more_than_wrong(data):
    form = EVERY[data.draw(st.sampled_from(sorted(EVERY)))]
    keys = sorted({kind.key for kind in kinds(form)} | {"vraag", "naam"})
    values = JSON | st.lists(st.dictionaries(st.sampled_from(keys), JSON, max_size=3), max_size=2)
    sent = data.draw(st.dictionaries(st.sampled_from(keys), values) | JSON)

    faults = refusal_of(form, sent)

    assert all(sentence for sentences in faults.values() for sentence in sentences)
    assert all(isinstance(path, str) for path in page_faults(form, faults))


@given(st.data())
def test_nothing_that_a_page_posts_is_more_than_wrong(data):
    form = EVERY[data.draw(st.sampled_from(sorted(EVERY)))]
    names = [f"{kind.key}{rest}" for kind in kinds(form) for rest in ("", "-0", "-1-keuze", "-2-wet", "-0-tekst")]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(names), st.text(st.characters(), max_size=20)), max_size=8))

    typed = from_html(form, MultiDict(pairs))

    to_html(form, typed)
    json.dumps(typed).encode()
    page_faults(form, refusal_of(form, typed))
