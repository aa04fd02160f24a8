from datetime import date
from types import SimpleNamespace

import pytest

from app.domain.access import SYSTEM, Actor
from app.domain.guards import GUARDS
from app.domain.meeting import KADERWET, OnTie, Rules

MONDAY = date(2026, 11, 23)
PERSON = Actor(account_id=7, organisation_id=12)

LENIENT, REJECTING = Rules(excused_count=False), Rules(tie=OnTie.REJECTED)

ITEM = {
    "rules": KADERWET,
    "meeting_is_open": True,
    "members_in_office": 10,
    "members_present": 5,
    "members_excused": 2,
    "members_able": 8,
    "undeclared_members": 0,
    "silent_members": 0,
    "unjudged_interests": 0,
    "open_challenges": 0,
    "opinions_open": False,
    "voters": frozenset({7, 8}),
    "voted": frozenset({8}),
}
NOTED = {
    "today": MONDAY,
    "voters": frozenset({7}),
    "deviating": frozenset({7}),
    "views_noted": True,
    "note_until": MONDAY,
}
ROUND = {"today": MONDAY, "meeting_is_open": False, "written": True, "closes_on": MONDAY, "waiting_votes": 1}
SITTING = {"today": MONDAY, "day": date(2026, 11, 30), "papers_days": 7, "hurried_items": False}
VOTED = {
    "rules": KADERWET,
    "written": False,
    "votes_for": 5,
    "votes_against": 4,
    "votes_abstained": 1,
    "quorum_at_close": True,
    "held_over": False,
    "undelayable": False,
    "members_complete": False,
    "chair_vote": None,
    "deputy_vote": None,
}
CONSULTED = {
    "disagreeing_parties": 0,
    "silent_parties": 0,
    "today": MONDAY,
    "due": date(2026, 11, 20),
    "reminded_on": date(2026, 11, 16),
}
ASKED = {"asked_parties": 2, "answered_parties": 0, "today": MONDAY, "due": MONDAY}
NO, YES = False, True

EXAMPLES = [
    ("term_passed", {"today": MONDAY, "due": date(2026, 11, 22)}, YES),
    ("term_passed", {"today": MONDAY, "due": MONDAY}, NO),
    ("term_passed", {"today": MONDAY, "due": None}, NO),
    ("before_expiry", {"today": MONDAY, "due": MONDAY}, YES),
    ("before_expiry", {"today": MONDAY, "due": None}, YES),
    ("before_expiry", {"today": MONDAY, "due": date(2026, 11, 22)}, NO),
    ("not_extended", {"extended": False}, YES),
    ("not_extended", {"extended": True}, NO),
    ("not_signalled", {"signalled": False}, YES),
    ("not_signalled", {"signalled": True}, NO),
    ("reminded", {"today": MONDAY, "reminded_on": date(2026, 11, 16)}, YES),
    ("reminded", {"today": MONDAY, "reminded_on": date(2026, 11, 17)}, NO),
    ("reminded", {"today": MONDAY, "reminded_on": None}, NO),
    ("reminded_twice", {"reminders": 2}, YES),
    ("reminded_twice", {"reminders": 1}, NO),
    ("half_is_own", {"pending_by": 7}, YES),
    ("half_is_own", {"pending_by": 8}, NO),
    ("half_is_own", {"pending_by": None}, NO),
    ("case_of_another_organisation", {"organisations": frozenset({12, 13})}, YES),
    ("case_of_another_organisation", {"organisations": frozenset({12})}, NO),
    ("parties_identified", {"unidentified_parties": 0}, YES),
    ("parties_identified", {"unidentified_parties": 1}, NO),
    ("no_other_reporters", {"other_reporters": 0}, YES),
    ("no_other_reporters", {"other_reporters": 1}, NO),
    ("handler_missing", {"handler_id": None}, YES),
    ("handler_missing", {"handler_id": 8}, NO),
    ("urgent", {"priority": "spoed"}, YES),
    ("urgent", {"priority": "normaal"}, NO),
    ("urgent", {"priority": None}, NO),
    ("mandatory_advice_in", {"open_mandatory_advices": 0}, YES),
    ("mandatory_advice_in", {"open_mandatory_advices": 1}, NO),
    ("legal_and_ethical_advice_given", {"advice_kinds": frozenset({"juridisch", "ethisch", "fg"})}, YES),
    ("legal_and_ethical_advice_given", {"advice_kinds": frozenset({"juridisch"})}, NO),
    ("not_the_proposer", {"proposer_id": 8}, YES),
    ("not_the_proposer", {"proposer_id": 7}, NO),
    ("precedent_has_conditions", {"precedent_conditions": 1}, YES),
    ("precedent_has_conditions", {"precedent_conditions": 0}, NO),
    ("precedent_has_no_conditions", {"precedent_conditions": 0}, YES),
    ("precedent_has_no_conditions", {"precedent_conditions": 1}, NO),
    ("parties_agreed_or_silent", CONSULTED, YES),
    ("parties_agreed_or_silent", CONSULTED | {"silent_parties": 1}, YES),
    ("parties_agreed_or_silent", CONSULTED | {"silent_parties": 1, "due": MONDAY}, NO),
    ("parties_agreed_or_silent", CONSULTED | {"silent_parties": 1, "reminded_on": None}, NO),
    ("parties_agreed_or_silent", CONSULTED | {"disagreeing_parties": 1}, NO),
    ("ruling_complete", {"ruling_gaps": ()}, YES),
    ("ruling_complete", {"ruling_gaps": ("Kernregel",)}, NO),
    ("fact_check_done", {"fact_check_closed": True, "today": MONDAY, "due": MONDAY}, YES),
    ("fact_check_done", {"fact_check_closed": False, "today": MONDAY, "due": date(2026, 11, 20)}, YES),
    ("fact_check_done", {"fact_check_closed": False, "today": MONDAY, "due": MONDAY}, NO),
    ("all_recommendations_final", {"open_recommendations": 0}, YES),
    ("all_recommendations_final", {"open_recommendations": 3}, NO),
    ("may_reconsider", {"ruled_on": MONDAY}, YES),
    ("may_reconsider", {"ruled_on": None}, NO),
    ("structural", {"structural": True}, YES),
    ("structural", {"structural": False}, NO),
    ("not_structural", {"structural": False}, YES),
    ("not_structural", {"structural": True}, NO),
    ("closed_within_two_years", {"today": MONDAY, "closed_on": date(2024, 11, 23), "law_changed": False}, YES),
    ("closed_within_two_years", {"today": MONDAY, "closed_on": date(2024, 11, 22), "law_changed": False}, NO),
    ("closed_within_two_years", {"today": MONDAY, "closed_on": date(2024, 11, 22), "law_changed": True}, YES),
    ("closed_within_two_years", {"today": MONDAY, "closed_on": None, "law_changed": False}, YES),
    ("asked_by_actor", {"asked_by": 7}, YES),
    ("asked_by_actor", {"asked_by": 8}, NO),
    ("no_vote_running", {"running_votes": 0}, YES),
    ("no_vote_running", {"running_votes": 1}, NO),
    ("papers_in_time", SITTING, YES),
    ("papers_in_time", SITTING | {"day": date(2026, 11, 29)}, NO),
    ("papers_in_time", SITTING | {"day": date(2026, 11, 29), "hurried_items": True}, YES),
    ("papers_in_time", SITTING | {"papers_days": 10}, NO),
    ("minutes_whole", {"has_minutes": True}, YES),
    ("minutes_whole", {"has_minutes": False}, NO),
    ("may_decide_now", ROUND, YES),
    ("may_decide_now", ROUND | {"written": False}, NO),
    ("may_decide_now", ROUND | {"written": False, "meeting_is_open": True}, YES),
    ("quorum_possible", ITEM, YES),
    ("quorum_possible", ITEM | {"members_able": 4, "members_excused": 6}, NO),
    ("quorum_possible", ITEM | {"members_able": 4, "members_excused": 6, "rules": LENIENT}, YES),
    ("all_declared", ITEM, YES),
    ("all_declared", ITEM | {"silent_members": 1}, NO),
    ("challenges_decided", ITEM, YES),
    ("challenges_decided", ITEM | {"open_challenges": 1}, NO),
    ("challenge_waits", ITEM | {"open_challenges": 1}, YES),
    ("challenge_waits", ITEM, NO),
    ("opinions_closed", ITEM, YES),
    ("opinions_closed", ITEM | {"opinions_open": True}, NO),
    ("argued_deviation", NOTED, YES),
    ("argued_deviation", NOTED | {"deviating": frozenset({8})}, NO),
    ("argued_deviation", NOTED | {"deviating": frozenset(), "views_noted": False}, YES),
    ("notes_in", {"waiting_notes": 0}, YES),
    ("notes_in", {"waiting_notes": 1}, NO),
    ("round_runs", ROUND, YES),
    ("round_runs", ROUND | {"closes_on": None, "written": False}, YES),
    ("round_runs", ROUND | {"closes_on": date(2026, 11, 22)}, NO),
    ("round_ended", ROUND, NO),
    ("round_ended", ROUND | {"waiting_votes": 0}, YES),
    ("round_ended", ROUND | {"closes_on": date(2026, 11, 22)}, YES),
    ("not_yet_voted", ITEM, YES),
    ("not_yet_voted", ITEM | {"voted": frozenset({7})}, NO),
    ("meeting_is_open", ITEM, YES),
    ("meeting_is_open", ITEM | {"meeting_is_open": False}, NO),
    ("quorum_present", ITEM, YES),
    ("quorum_present", ITEM | {"members_present": 4}, NO),
    ("quorum_present", ITEM | {"members_present": 4, "rules": LENIENT}, YES),
    ("interests_declared", ITEM, YES),
    ("interests_declared", ITEM | {"undeclared_members": 1}, NO),
    ("interests_judged", ITEM, YES),
    ("interests_judged", ITEM | {"unjudged_interests": 1}, NO),
    ("may_vote", ITEM, YES),
    ("may_vote", ITEM | {"voters": frozenset({8})}, NO),
    ("may_add_note", NOTED, YES),
    ("may_add_note", NOTED | {"note_until": None}, YES),
    ("may_add_note", NOTED | {"voters": frozenset({8})}, NO),
    ("may_add_note", NOTED | {"note_until": date(2026, 11, 22)}, NO),
    ("vote_adopted", VOTED, YES),
    ("vote_adopted", VOTED | {"votes_for": 3}, NO),
    ("vote_adopted", VOTED | {"quorum_at_close": False}, NO),
    ("vote_adopted", VOTED | {"votes_for": 4, "chair_vote": True}, NO),
    ("vote_adopted", VOTED | {"votes_for": 4, "chair_vote": True, "held_over": True}, YES),
    ("vote_adopted", VOTED | {"votes_for": 4, "deputy_vote": True, "members_complete": True}, YES),
    ("vote_adopted", VOTED | {"votes_for": 4, "chair_vote": False, "undelayable": True}, NO),
    ("vote_adopted", VOTED | {"votes_for": 4, "chair_vote": True, "held_over": True, "rules": REJECTING}, NO),
    ("vote_adopted", VOTED | {"written": True}, NO),
    ("vote_adopted", VOTED | {"written": True, "votes_against": 0}, YES),
    ("no_unresolved_passages", {"unresolved_passages": 0}, YES),
    ("no_unresolved_passages", {"unresolved_passages": 1}, NO),
    ("nothing_leaks", {"leaks": 0}, YES),
    ("nothing_leaks", {"leaks": 1}, NO),
    ("views_in", ASKED, NO),
    ("views_in", ASKED | {"answered_parties": 1}, YES),
    ("views_in", ASKED | {"asked_parties": 0}, YES),
    ("views_in", ASKED | {"due": date(2026, 11, 22)}, YES),
    ("addressee_is_another_organisation", {"addressee_id": 13}, YES),
    ("addressee_is_another_organisation", {"addressee_id": 12}, NO),
    ("other_nuances", {"nuancing_rulings": 2}, YES),
    ("other_nuances", {"nuancing_rulings": 1}, NO),
    ("under_reconsideration", {"reconsidered": True}, YES),
    ("under_reconsideration", {"reconsidered": False}, NO),
    ("reaction_declined", {"reaction": "niet_overgenomen"}, YES),
    ("reaction_declined", {"reaction": "niet_van_toepassing"}, YES),
    ("reaction_declined", {"reaction": "deels_overgenomen"}, NO),
    ("reaction_declined", {"reaction": None}, NO),
]


@pytest.mark.parametrize(("name", "facts", "holds"), EXAMPLES)
def test_a_guard_holds_on_exactly_these_facts(name, facts, holds):
    assert GUARDS[name](SimpleNamespace(**facts), PERSON) is holds


def test_every_guard_has_an_example_that_holds_and_one_that_does_not():
    assert {(name, holds) for name, _, holds in EXAMPLES} == {(name, holds) for name in GUARDS for holds in (NO, YES)}


def test_a_guard_is_known_by_its_own_name():
    assert all(guard.__name__ == name for name, guard in GUARDS.items())


@pytest.mark.parametrize(
    ("name", "facts", "holds"),
    [
        ("not_the_proposer", {"proposer_id": None}, YES),
        ("asked_by_actor", {"asked_by": 8}, YES),
        ("half_is_own", {"pending_by": -1}, NO),
        ("half_is_own", {"pending_by": None}, NO),
        ("may_vote", ITEM, NO),
    ],
)
def test_the_system_is_no_person(name, facts, holds):
    assert GUARDS[name](SimpleNamespace(**facts), SYSTEM) is holds
