"""The definitions that are shipped, read a second time without the loader, and walked through."""

import re
import tomllib
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.access import (
    ADVISER_ROLE,
    ORGANISATION_ROLES,
    OWNER_ROLE,
    PARTY_ROLE,
    PERSONAL_ROLES,
    SUCCESSOR_ROLE,
    SYSTEM_ROLE,
)
from app.domain.definition import Names, parse_all
from app.domain.drawing import MANY, dot, mermaid, page
from app.domain.errors import NotPermitted, UnknownAction
from app.domain.guards import GUARDS
from app.domain.workflow import permit

FOLDER = Path(__file__).parents[2] / "workflows"
TEXTS = {
    path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(FOLDER.glob("*/[0-9]*.toml"))
}
RAW = {path: tomllib.loads(text) for path, text in TEXTS.items()}
LISTS = {
    path.stem: content
    for path in sorted(FOLDER.glob("lists/*.toml"))
    if "values" in (content := tomllib.loads(path.read_text(encoding="utf-8")))
}
ROLES = LISTS["rol"]["values"]
STEPS = [step for raw in RAW.values() for step in raw["transition"]]

WORKFLOWS = parse_all(
    TEXTS,
    Names(
        guards=GUARDS.keys(),
        effects=set(chain.from_iterable(step.get("then", []) for step in STEPS)),
        forms={step["asks"] for step in STEPS if "asks" in step},
        roles=ROLES.keys(),
    ),
)
SCOPED = ORGANISATION_ROLES | PERSONAL_ROLES | {PARTY_ROLE, OWNER_ROLE, SUCCESSOR_ROLE, SYSTEM_ROLE}

every_definition = pytest.mark.parametrize("path", RAW)
every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=lambda workflow: workflow.name)


def standing(state, half=None):
    return SimpleNamespace(state=state, pending_action=half, pending_by=None)


def is_permitted(workflow, subject, action, role):
    try:
        permit(workflow, subject, action, {role})
    except (UnknownAction, NotPermitted):
        return False
    return True


@every_definition
def test_each_state_action_and_role_is_allowed_exactly_when_a_line_says_so(path):
    raw = RAW[path]
    workflow = WORKFLOWS[raw["name"], raw["version"]]
    lines = {
        (state, step["action"], role) for step in raw["transition"] for state in step["from"] for role in step["by"]
    }

    allowed = {
        (state, action, role)
        for state in raw["state"]
        for action in {step["action"] for step in raw["transition"]}
        for role in ROLES
        if is_permitted(workflow, standing(state), action, role)
    }

    assert allowed == lines


@every_definition
def test_a_second_half_is_allowed_exactly_to_the_second_role(path):
    raw = RAW[path]
    workflow = WORKFLOWS[raw["name"], raw["version"]]

    for step in raw["transition"]:
        for state in step["from"]:
            half = standing(state, step["action"])
            allowed = {role for role in ROLES if is_permitted(workflow, half, step["action"], role)}
            assert allowed == set(step.get("second", step["by"])), (state, step["action"])


@every_workflow
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_random_walk_ends_or_can_go_on(workflow, data):
    state = workflow.states[workflow.initial]
    for _ in range(40):
        moves = [step for step in workflow.actions_from(state.slug) if step.target is not None]
        if not moves:
            break
        state = workflow.states[data.draw(st.sampled_from(moves)).target]

    while not state.final:
        state = workflow.states[next_towards_the_end(workflow)[state.slug]]


def next_towards_the_end(workflow):
    """For each state the next one on a shortest way to a final state."""
    following = {}
    ends = {slug for slug, state in workflow.states.items() if state.final}
    while ends:
        nearer = {
            source: step.target
            for step in workflow.transitions
            for source in step.sources
            if step.target in ends and source not in following and not workflow.states[source].final
        }
        following |= nearer
        ends = set(nearer)
    return following


@every_workflow
def test_every_state_that_is_not_final_has_a_term_that_is_watched_and_a_person_who_can_act(workflow):
    for state in workflow.states.values():
        if not state.final:
            people = {role for step in workflow.actions_from(state.slug) for role in step.roles} - {SYSTEM_ROLE}
            assert state.term, state.slug
            assert state.overdue, state.slug
            assert state.stage, state.slug
            assert state.turn in people, state.slug


@every_workflow
def test_who_may_act_has_surely_seen_the_process_by_then(workflow):
    seen = surely_seen(workflow)
    for step in workflow.transitions:
        # What only the asker may do is done by somebody who sees it for having asked.
        acting = set() if "asked_by_actor" in step.guards else (step.roles | step.second) - SCOPED
        for source in step.sources:
            assert acting <= seen[source], (step.action, source)


def surely_seen(workflow):
    """For each state the roles to which it was shown on every way that leads there."""
    seen = {slug: frozenset(ROLES) for slug in workflow.states}
    seen[workflow.initial] = workflow.states[workflow.initial].seen
    moves = [(source, step.target) for step in workflow.transitions if step.target for source in step.sources]
    while True:
        after = {
            slug: state.seen
            if slug == workflow.initial
            else state.seen | frozenset.intersection(*(seen[source] for source, target in moves if target == slug))
            for slug, state in workflow.states.items()
        }
        if after == seen:
            return seen
        seen = after


@every_workflow
def test_a_half_that_waits_can_be_taken_back_by_who_took_it(workflow):
    for step in workflow.transitions:
        takers = step.roles - {SYSTEM_ROLE}
        for source in step.sources if step.second and takers else ():
            back = [other for other in workflow.actions_from(source) if "withdraw_half" in other.effects]
            assert len(back) == 1, (step.action, source)
            assert takers <= back[0].roles, (step.action, source)


@every_workflow
def test_the_term_that_can_be_extended_is_extended_where_it_runs(workflow):
    extended = {source for step in workflow.transitions if "extend_term" in step.effects for source in step.sources}

    assert extended == {slug for slug, state in workflow.states.items() if state.extend}


ACTIONS = {
    "knelpunt": "oppakken aanvulling_vragen aanvullen termijn_laten_verlopen niet_in_behandeling_nemen doorverwijzen"
    " samenvoegen ontvlechten precedent_voorstellen precedent_aanvaarden precedent_stilzwijgend_aanvaarden"
    " toepassing_betwisten navolging_openen sluiten in_behandeling_nemen advies_vragen adviezen_verwerken"
    " oplossing_voorstellen oplossing_vaststellen niet_akkoord opschalen_tactisch terug_naar_werkniveau voordragen"
    " toelaten terugwijzen_tactisch terugwijzen_werkniveau agenderen behandeling_openen aanhouden opnieuw_agenderen"
    " nader_onderzoeken besluit_vastleggen bestuurlijk_voorleggen terug_naar_commissie vaststellen publiceren afsluiten"
    " escaleren bestuurlijk_besluiten politiek_voorleggen standpunt_opvolgen standpunt_afsluiten heroverweging_vragen"
    " handhaven opnieuw_behandelen heropenen intrekken termijn_verlengen overdragen terugverwijzen notitie antwoorden"
    " partij_toevoegen document_toevoegen tekst_bijwerken terugtrekken termijn_signaleren",
    "adviesaanvraag": "accepteren weigeren uitbrengen verduidelijking_vragen betrekken laten_verlopen intrekken"
    " termijn_verlengen termijn_signaleren",
    "vergadering": "plannen stukken_verzenden openen schorsen hervatten sluiten verslag_opstellen verslag_vaststellen"
    " verslag_publiceren annuleren terugtrekken termijn_signaleren",
    "agendapunt": "openen stemming_openen stemming_sluiten besluit_vastleggen bestuurlijk_voorleggen herstemmen"
    " aanhouden doorschuiven afvoeren belang_verklaren belang_beoordelen stemmen notitie nota_toevoegen"
    " termijn_signaleren",
    "publicatie": "lakken zienswijze_vragen zienswijze_geven ter_vrijgave_leggen vrijgeven publiceren rectificeren"
    " depubliceren terugsturen terugtrekken termijn_signaleren",
    "aanbeveling": "ontvangst_bevestigen reageren voortgang_melden uitvoering_melden uitvoering_bevestigen terugsturen"
    " afsluiten geen_reactie_vaststellen laten_vervallen termijn_signaleren",
    "precedent": "geldend_worden nuanceren nuance_opheffen achterhaald_verklaren intrekken markeren herbeoordelen"
    " notitie terugtrekken termijn_signaleren",
}


# What a later version of a definition adds to these.
ADDED = {
    ("knelpunt", 2): "wraken feiten_nakijken",
    ("vergadering", 2): "verplaatsen agenda_indelen punt_toevoegen stukken_nazenden aanwezigheid_bijwerken"
    " verslag_bewerken actiepunt_toevoegen actiepunt_afdoen",
    ("agendapunt", 2): "schriftelijk_voorleggen ronde_afbreken ronde_sluiten wraking_ontvangen wraking_beslissen"
    " standpunt_geven standpunten_openen besluittekst_bijwerken afwijkend_standpunt_aantekenen afzien_van_nota",
    ("knelpunt", 3): "rapporteur_aanwijzen uitkomst_melden structureel_maken structureel_voortgang"
    " structureel_afsluiten",
    ("publicatie", 2): "lakken_terugnemen bijlagen_kiezen op_lekken_controleren zienswijze_beantwoorden",
    ("precedent", 2): "nuance_vervallen vervangen_worden heroverweging_beeindigen",
    ("aanbeveling", 2): "",
}


@every_workflow
def test_the_actions_are_those_that_were_decided(workflow):
    decided = ACTIONS[workflow.name].split()
    for (name, version), added in ADDED.items():
        if name == workflow.name and version <= workflow.version:
            decided += added.split()

    assert {step.action for step in workflow.transitions} == set(decided)


def test_four_eyes_are_where_they_were_decided():
    found = {
        (name, step.action, *sorted(step.roles), "then", *sorted(step.second))
        for (name, _), workflow in WORKFLOWS.items()
        for step in workflow.transitions
        if step.second
    }

    assert found == {
        ("knelpunt", "termijn_laten_verlopen", "systeem", "then", "triagist"),
        ("knelpunt", "precedent_aanvaarden", "melder", "orgcoordinator", "then", "triagist"),
        ("knelpunt", "precedent_stilzwijgend_aanvaarden", "systeem", "then", "triagist"),
        ("knelpunt", "oplossing_vaststellen", "behandelaar", "then", "behandelaar"),
        ("knelpunt", "oplossing_vaststellen", "regielid", "then", "regielid"),
        ("knelpunt", "bestuurlijk_voorleggen", "regielid", "then", "regielid"),
        ("knelpunt", "toelaten", "ccg_secretaris", "then", "ccg_voorzitter"),
        ("knelpunt", "vaststellen", "ccg_voorzitter", "then", "ccg_secretaris"),
        ("knelpunt", "overdragen", "triagist", "then", "beoogd_eigenaar"),
        ("knelpunt", "overdragen", "ccg_secretaris", "triagist", "then", "beoogd_eigenaar"),
        ("vergadering", "verslag_vaststellen", "ccg_voorzitter", "then", "ccg_secretaris"),
        ("publicatie", "publiceren", "publicatieredacteur", "then", "ccg_secretaris"),
        ("publicatie", "depubliceren", "publicatieredacteur", "then", "ccg_secretaris"),
        ("precedent", "achterhaald_verklaren", "ccg_secretaris", "then", "ccg_voorzitter"),
        ("precedent", "intrekken", "ccg_secretaris", "then", "ccg_voorzitter"),
    }


def test_a_case_can_always_follow_the_item_that_leads_it():
    case, item = WORKFLOWS["knelpunt", 1], WORKFLOWS["agendapunt", 1]
    met = set()
    waiting = [("geagendeerd", item.initial), ("in_beraadslaging", item.initial)]
    while waiting:
        pair = waiting.pop()
        if pair not in met:
            met.add(pair)
            waiting += [*item_leads(case, item, *pair), *case_leads(case, item, *pair)]

    assert ("in_beraadslaging", "in_stemming") in met
    assert ("uitspraak_concept", "besloten") in met


def item_leads(case, item, case_state, item_state):
    """Where both stand after each step of the item, which the case must be able to follow."""
    for step in item.actions_from(item_state):
        if step.target is not None:
            followed = case_state
            if (action := step.leads.get(case.name)) is not None:
                following = case.transition(action, case_state)
                assert following is not None, (step.action, item_state, case_state)
                assert SYSTEM_ROLE in following.roles
                followed = following.target
            yield followed, step.target


def case_leads(case, item, case_state, item_state):
    """Where both stand after each step that somebody takes on the case while the item is not settled."""
    if not item.states[item_state].final:
        for step in case.actions_from(case_state):
            if step.target is not None and step.roles != {SYSTEM_ROLE}:
                following = item.transition(step.leads.get(item.name, ""), item_state)
                assert following is not None, (step.action, case_state, item_state)
                yield step.target, following.target


def test_a_meeting_that_ends_leaves_no_item_behind():
    item = WORKFLOWS["agendapunt", 1]
    held = {source for step in item.transitions if step.action == "aanhouden" for source in step.sources}

    # An item in a vote keeps the meeting open; what was held over waits for the next one.
    assert {slug for slug, state in item.states.items() if not state.final} - held == {"in_stemming", "aangehouden"}


def test_an_advice_that_is_over_lets_the_case_go_on():
    advice = WORKFLOWS["adviesaanvraag", 1]
    for step in advice.transitions:
        over = step.target in {"uitgebracht", "geweigerd", "verlopen", "ingetrokken"}
        assert ("knelpunt" in step.offers) == over, step.action
        assert ADVISER_ROLE in step.roles or step.action not in {"accepteren", "weigeren", "uitbrengen"}


@every_workflow
def test_every_sentence_of_a_refusal_says_what_to_do_in_short_sentences(workflow):
    for name, text in workflow.refusals.items():
        sentences = re.split(r"(?<=[.:]) ", text)
        assert len(sentences) >= 2, name
        assert text.endswith("."), name
        assert all(len(sentence.split()) <= 20 for sentence in sentences), name


def test_one_guard_says_the_same_everywhere_but_for_the_advice_to_its_reader():
    for name in ("term_passed", "not_signalled", "half_is_own"):
        assert len({workflow.refusals[name] for workflow in WORKFLOWS.values() if name in workflow.refusals}) == 1


@pytest.mark.parametrize("name", LISTS)
def test_a_value_list_has_a_title_and_a_label_for_each_slug(name):
    values = LISTS[name]["values"]

    assert set(LISTS[name]) == {"title", "values"}
    assert LISTS[name]["title"]
    assert len(values) >= 2
    assert all(values.values())
    assert len(set(values.values())) == len(values)
    assert name == "woo_grond" or all(re.fullmatch(r"[a-z][a-z0-9_]*", slug) for slug in values)


def test_every_guard_is_asked_by_some_definition():
    asked = {name for workflow in WORKFLOWS.values() for step in workflow.transitions for name in step.guards}

    assert asked == GUARDS.keys()


@every_workflow
def test_a_workflow_can_be_drawn(workflow):
    graph = dot(workflow, current=workflow.initial)

    assert graph.startswith(f'digraph "{workflow.name}" {{')
    assert graph.count("penwidth=3") == 1
    assert graph.count("peripheries=2") == sum(state.final for state in workflow.states.values())
    for state in workflow.states.values():
        assert f'"{state.slug}" [label="{state.label}"' in graph
    for step in workflow.transitions:
        if step.target and len(step.sources) >= MANY:
            assert f'label="{step.label}\\n(vanuit {len(step.sources)} statussen)"' in graph
        elif step.target:
            for source in step.sources:
                assert re.search(rf'"{source}" -> "{step.target}" \[label=".*{re.escape(step.label)}', graph)


@every_workflow
def test_the_drawing_in_a_page_has_every_state_and_step(workflow):
    drawing = mermaid(workflow)

    assert drawing.startswith("stateDiagram-v2\n")
    for state in workflow.states.values():
        assert f'  state "{state.label}" as {state.slug}\n' in drawing
        assert (f"  {state.slug} --> [*]" in drawing) == state.final
    for step in workflow.transitions:
        if step.target and len(step.sources) >= MANY:
            assert f"{step.label} (vanuit {len(step.sources)} statussen)" in drawing
        elif step.target:
            for source in step.sources:
                assert re.search(rf"  {source} --> {step.target} : .*{re.escape(step.label)}", drawing)


@every_workflow
def test_the_page_of_a_workflow_says_who_may_do_what_in_each_state(workflow):
    text = page(workflow, ROLES)

    assert text.startswith(f"# {workflow.label} (versie {workflow.version})\n")
    assert f"```mermaid\n{mermaid(workflow)}\n```" in text
    table = text.partition("## Wie mag wat")[2].partition("## ")[0]
    rows = {tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in table.splitlines() if "`" in line}
    expected = {
        (f"`{slug}`", ROLES[role])
        for slug in workflow.states
        for step in workflow.actions_from(slug)
        for role in step.roles | step.second
    }
    assert {row[:2] for row in rows} == expected
