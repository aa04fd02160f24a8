"""Who is who in a process: the scoped roles, as the records of the process give them."""

from dataclasses import replace
from typing import Any

from app.db.process import Process
from app.domain.access import roles_in
from app.services.facts import scope_of
from app.services.process import advance, roles_for
from tests.make import (
    acting,
    actor_of,
    make_account,
    make_advice,
    make_case,
    make_organisation,
    make_party,
    make_recommendation,
    make_report,
    make_ruling,
)


def roles(work: Any, process: Process, account: Any) -> set[str]:
    return set(roles_in(scope_of(work, process), actor_of(account)))


def test_a_reporter_is_one_for_what_the_own_organisation_reported(work: Any) -> None:
    home, other = make_organisation(work.session), make_organisation(work.session)
    case = make_case(work, organisation=home)
    make_report(work, case, organisation=home)

    assert roles(work, case, make_account(work.session, "melder", organisation=home)) == {"melder"}
    assert roles(work, case, make_account(work.session, "melder", organisation=other)) == set()


def test_who_joined_the_case_of_another_is_a_reporter_of_it_too(work: Any) -> None:
    home, other = make_organisation(work.session), make_organisation(work.session)
    case = make_case(work, organisation=home)
    make_report(work, case, organisation=other, joins=True)

    assert roles(work, case, make_account(work.session, "melder", organisation=other)) == {"melder"}


def test_the_reporter_of_a_merged_case_is_one_of_the_main_case(work: Any) -> None:
    home, other = make_organisation(work.session), make_organisation(work.session)
    main = make_case(work, organisation=home)
    merged = make_case(work, organisation=other, state="samengevoegd", main_id=main.id)
    make_report(work, merged, organisation=other)

    assert roles(work, main, make_account(work.session, "melder", organisation=other)) == {"melder"}


def test_a_party_is_one_from_the_moment_that_it_is_invited(work: Any) -> None:
    case, holder = make_case(work), make_organisation(work.session)
    party = make_party(work, case, holder, invited_at=None)
    account = make_account(work.session, "orgcoordinator", organisation=holder)
    assert roles(work, case, account) == set()

    party.invited_at = work.now
    work.session.flush()

    assert roles(work, case, account) == {"partij"}


def test_a_party_of_the_case_is_one_in_what_hangs_from_the_case(work: Any) -> None:
    case, holder = make_case(work), make_organisation(work.session)
    make_party(work, case, holder)
    recommendation = make_recommendation(work, case, make_ruling(work, case), make_organisation(work.session))

    assert roles(work, recommendation, make_account(work.session, "melder", organisation=holder)) == {"partij"}


def test_a_respondent_answers_for_the_organisation_that_is_addressed(work: Any) -> None:
    case, home = make_case(work), make_organisation(work.session)
    recommendation = make_recommendation(work, case, make_ruling(work, case), home)

    assert roles(work, recommendation, make_account(work.session, "respondent", organisation=home)) == {"respondent"}
    assert roles(work, recommendation, make_account(work.session, "respondent")) == set()


def test_a_case_has_one_handler_and_until_then_any(work: Any) -> None:
    handler, colleague = (make_account(work.session, "behandelaar") for _ in range(2))
    case = make_case(work, state="in_behandeling")
    assert roles(work, case, handler) == roles(work, case, colleague) == {"behandelaar"}

    case.handler_id = handler.id
    work.session.flush()

    assert roles(work, case, handler) == {"behandelaar"}
    assert roles(work, case, colleague) == set()


def test_a_colleague_of_the_handler_may_take_the_second_half_and_nothing_else(work: Any) -> None:
    handler, colleague = (make_account(work.session, "behandelaar") for _ in range(2))
    case = make_case(work, state="oplossing_voorgesteld", handler_id=handler.id, solution={"tekst": "Een brief."})
    advance(acting(work, handler), case, action="oplossing_vaststellen")

    seconds = acting(work, colleague)
    assert roles_for(seconds, case, "oplossing_vaststellen") == {"behandelaar"}
    assert roles_for(seconds, case, "opschalen_tactisch") == set()
    advance(seconds, case, action="oplossing_vaststellen")

    assert case.state == "opgelost_werkniveau"


def test_an_expert_is_one_for_the_advice_that_was_asked_of_that_expert(work: Any) -> None:
    asked, other = (make_account(work.session, "deskundige") for _ in range(2))
    case = make_case(work, state="wacht_op_advies")
    advice = make_advice(work, case, asked)

    assert roles(work, advice, asked) == {"deskundige"}
    assert roles(work, advice, other) == set()
    assert roles(work, case, asked) == set()


def test_the_owner_holds_the_case_and_a_successor_is_named_in_a_transfer_that_waits(work: Any) -> None:
    owner, successor = (make_account(work.session, "triagist") for _ in range(2))
    case = make_case(work, state="in_intake", owner_id=owner.id)
    assert roles(work, case, owner) == {"triagist", "eigenaar"}
    assert roles(work, case, successor) == {"triagist"}

    advance(
        acting(work, owner), case, action="overdragen", answers={"new_owner": successor.email, "motivation": "Verlof."}
    )
    assert roles(work, case, successor) == {"triagist", "beoogd_eigenaar"}
    advance(acting(work, successor), case, action="overdragen")

    assert case.owner_id == successor.id
    assert roles(work, case, successor) == {"triagist", "eigenaar"}


def test_the_owner_of_a_case_is_not_for_that_the_owner_of_what_hangs_from_it(work: Any) -> None:
    owner = make_account(work.session, "behandelaar")
    case = make_case(work, state="wacht_op_advies", owner_id=owner.id, handler_id=owner.id)
    advice = make_advice(work, case, make_account(work.session, "deskundige"))

    assert roles(work, advice, owner) == {"behandelaar"}


def test_nobody_without_an_account_is_an_owner(work: Any) -> None:
    case = make_case(work, state="in_intake")
    nobody = replace(actor_of(make_account(work.session, "triagist")), account_id=None)

    assert roles_in(scope_of(work, case), nobody) == {"triagist"}
