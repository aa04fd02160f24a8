"""Who someone is here, and who may see what: the plain rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access import (
    CLOSED_WITHIN,
    COORDINATOR_GRANTS,
    KNOWN_TO_OFFICIALS,
    NOT_GRANTABLE,
    OFFICIALS,
    ORGANISATION_ROLES,
    PUBLIC,
    SYSTEM,
    Actor,
    Grant,
    Scope,
    account_key,
    coordinator_key,
    may_grant,
    may_manage,
    may_see,
    organisation_key,
    reader_keys,
    reporting_audience,
    role_key,
    roles_in,
)

HOME, OTHER = 1, 2
ROLES = ("triagist", "regielid", "ccg_lid", "ccg_voorzitter", "auditor", "beheerder", "analist")


def actor(*roles, account_id=7, organisation_id=HOME):
    grants = (Grant(role, organisation_id if role in ORGANISATION_ROLES else None) for role in roles)
    return Actor(account_id, organisation_id, frozenset(grants))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_a_scope_holds_everywhere(role):
    assert roles_in(Scope(), actor(role)) == {role}


@pytest.mark.parametrize("role", sorted(ORGANISATION_ROLES))
def test_a_role_of_an_organisation_holds_where_that_organisation_is_concerned(role):
    assert roles_in(Scope(organisations=frozenset({HOME})), actor(role)) == {role}
    assert roles_in(Scope(organisations=frozenset({OTHER})), actor(role)) == set()
    assert roles_in(Scope(parties=frozenset({HOME})), actor(role)) == {"partij"}
    assert roles_in(Scope(frozenset({HOME}), frozenset({HOME})), actor(role)) == {role, "partij"}


def test_who_belongs_to_an_organisation_without_a_role_there_is_nobody_in_its_cases():
    scope = Scope(frozenset({HOME}), frozenset({HOME}))

    assert roles_in(scope, actor("auditor")) == {"auditor"}
    assert roles_in(scope, Actor(7, HOME, frozenset({Grant("melder", OTHER)}))) == set()


def test_a_handler_is_one_where_nobody_else_is():
    handler = actor("behandelaar")

    assert roles_in(Scope(handler_id=7), handler) == {"behandelaar"}
    assert roles_in(Scope(handler_id=None), handler) == {"behandelaar"}
    assert roles_in(Scope(handler_id=8), handler) == set()
    assert roles_in(Scope(handler_id=8, half_taken=True), handler) == {"behandelaar"}


def test_an_expert_is_one_for_what_was_asked_of_that_person():
    assert roles_in(Scope(adviser_id=7), actor("deskundige")) == {"deskundige"}
    assert roles_in(Scope(adviser_id=8), actor("deskundige")) == set()
    assert roles_in(Scope(), actor("deskundige")) == set()
    assert roles_in(Scope(adviser_id=7), actor("triagist")) == {"triagist"}


def test_who_holds_or_was_named_needs_no_grant():
    assert roles_in(Scope(owner_id=7, successor_id=7), actor()) == {"eigenaar", "beoogd_eigenaar"}
    assert roles_in(Scope(owner_id=8, successor_id=8), actor()) == set()


def test_nobody_without_an_account_holds_anything():
    assert roles_in(Scope(), PUBLIC) == {"publiek"}
    assert roles_in(Scope(), SYSTEM) == {"systeem"}
    assert roles_in(Scope(), Actor()) == set()


def test_the_keys_of_a_reader_are_of_the_account_its_roles_and_its_organisations():
    assert reader_keys(PUBLIC) == {"role:publiek"}
    assert reader_keys(Actor()) == set()
    assert reader_keys(actor("triagist")) == {"account:7", OFFICIALS, "role:triagist"}
    assert reader_keys(actor("melder")) == {"account:7", OFFICIALS, "org:1"}
    assert reader_keys(actor("orgcoordinator")) == {"account:7", OFFICIALS, "org:1", "coordinator:1"}


def test_a_role_of_an_organisation_is_no_key_by_itself():
    keys = reader_keys(actor(*ORGANISATION_ROLES))

    assert keys.isdisjoint(role_key(role) for role in ORGANISATION_ROLES)


def test_what_is_public_is_seen_by_all_and_the_system_sees_all():
    assert may_see(PUBLIC, [], public=True)
    assert may_see(Actor(), [], public=True)
    assert may_see(SYSTEM, [], public=False)
    assert not may_see(PUBLIC, [OFFICIALS, "org:1"], public=False)


keys = st.sampled_from([OFFICIALS, "role:triagist", "org:1", "org:2", "coordinator:1", "account:7", "account:8"])


@given(audience=st.frozensets(keys), role=st.sampled_from(["triagist", "melder", "orgcoordinator", "auditor"]))
def test_one_is_in_an_audience_by_one_of_ones_keys(audience, role):
    reader = actor(role)

    assert may_see(reader, audience, public=False) == any(key in reader_keys(reader) for key in audience)


@given(audience=st.frozensets(keys), more=st.frozensets(keys))
def test_a_larger_audience_hides_nothing(audience, more):
    reader = actor("melder")

    assert may_see(reader, audience | more, public=False) >= may_see(reader, audience, public=False)


def test_the_audience_of_a_report_is_what_its_reporter_said():
    def audience(level):
        return reporting_audience(level, organisation_id=HOME, account_id=7)

    always = {role_key("auditor"), coordinator_key(HOME), account_key(7)}
    assert audience("intern") == always | {organisation_key(HOME)}
    for level in CLOSED_WITHIN:
        assert audience(level) == always
    for level in KNOWN_TO_OFFICIALS:
        assert audience(level) == always | {organisation_key(HOME), OFFICIALS}
    assert account_key(7) not in reporting_audience("intern", organisation_id=HOME, account_id=None)


def test_a_coordinator_grants_within_the_own_organisation_alone():
    coordinator = actor("orgcoordinator")

    for role in COORDINATOR_GRANTS:
        assert may_grant(coordinator, role, account_id=8, organisation_id=HOME)
        assert not may_grant(coordinator, role, account_id=8, organisation_id=OTHER)
        assert not may_grant(coordinator, role, account_id=8, organisation_id=None)
    for role in ("triagist", "beheerder", "ccg_lid"):
        assert not may_grant(coordinator, role, account_id=8, organisation_id=HOME)


def test_an_administrator_grants_every_role_that_a_person_can_have():
    administrator = actor("beheerder")

    assert may_grant(administrator, "triagist", account_id=8, organisation_id=None)
    assert may_grant(administrator, "melder", account_id=8, organisation_id=OTHER)
    for role in NOT_GRANTABLE:
        assert not may_grant(administrator, role, account_id=8, organisation_id=None)


@pytest.mark.parametrize("role", ["beheerder", "orgcoordinator"])
def test_nobody_grants_to_oneself(role):
    assert not may_grant(actor(role), "melder", account_id=7, organisation_id=HOME)


@pytest.mark.parametrize("role", ["melder", "triagist", "auditor", "ccg_voorzitter", "respondent", "fg"])
def test_others_grant_and_manage_nothing(role):
    assert not may_grant(actor(role), "melder", account_id=8, organisation_id=HOME)
    assert not may_manage(actor(role), HOME)


def test_an_organisation_is_managed_by_its_coordinator_and_by_an_administrator():
    assert may_manage(actor("orgcoordinator"), HOME)
    assert not may_manage(actor("orgcoordinator"), OTHER)
    assert may_manage(actor("beheerder"), OTHER)


def test_a_person_is_not_the_system():
    assert not actor("beheerder", "auditor").is_system
    assert SYSTEM.is_system
