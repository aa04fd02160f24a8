"""Structural bottlenecks: an owner for the cause, its progress, whom it hits, and what that weighs."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.db.case import Case
from app.db.organisation import Organisation
from app.db.report import Report
from app.db.structural import StructuralProgress
from app.domain.access import OFFICIALS, account_key, role_key
from app.domain.errors import GuardFailed, Invalid
from app.services.lifecycle import show_to
from app.services.listing import Filters, processes
from app.services.process import advance
from app.services.structural import Hit, standing_of, structural_cases
from app.services.work import Work
from tests.make import NOW, acting, later, make_account, make_case, make_organisation, make_report


@pytest.fixture
def ministry(work: Any) -> Organisation:
    return make_organisation(work.session, "ministerie van Voorbeelden")


@pytest.fixture
def triagist(work: Any) -> Account:
    return make_account(work.session, "triagist")


def case_of(work: Work, organisations: int, **fields: Any) -> Case:
    case = make_case(work, state="in_behandeling", audience=[role_key("triagist")], **fields)
    for _ in range(organisations):
        make_report(work, case, organisation=make_organisation(work.session))
    return case


def make_structural(work: Work, triagist: Account, case: Case, owner: Organisation) -> None:
    answers = {
        "owner": [owner.tooi_uri],
        "cause": "De wet noemt deze taak niet.",
        "laws": [{"system": "bwb", "identifier": "BWBR0015703", "article": "64"}],
        "phase": "onderzoek",
    }
    advance(acting(work, triagist), case, action="structureel_maken", answers=answers)


def test_a_cause_has_an_owner_a_law_and_steps_and_the_case_stays_where_it_is(
    work: Any, ministry: Organisation, triagist: Account
) -> None:
    case = case_of(work, 2)

    make_structural(work, triagist, case, ministry)
    step = {"phase": "voorstel", "text": "Er ligt een wetsvoorstel."}
    advance(acting(work, triagist), case, action="structureel_voortgang", answers=step)

    standing = standing_of(work, case)
    assert standing.row is not None
    assert (standing.row.owner, standing.row.identifier, standing.row.phase) == (
        "ministerie van Voorbeelden",
        "BWBR0015703",
        "voorstel",
    )
    assert [one.text for one in standing.steps] == ["Er ligt een wetsvoorstel."]
    assert case.state == "in_behandeling"


def test_a_cause_is_found_once_and_what_ended_can_come_back(
    work: Any, ministry: Organisation, triagist: Account
) -> None:
    case = case_of(work, 2)
    make_structural(work, triagist, case, ministry)
    with pytest.raises(GuardFailed, match="al als structureel"):
        make_structural(work, triagist, case, ministry)

    end = {"phase": "weggenomen", "text": "De wet is veranderd."}
    advance(acting(work, triagist), case, action="structureel_afsluiten", answers=end)
    with pytest.raises(GuardFailed, match="niet als structureel"):
        advance(acting(work, triagist), case, action="structureel_voortgang", answers=end)
    assert [row.number for row in structural_cases(work, ended=True)] == [case.number]
    assert structural_cases(work) == []

    make_structural(work, triagist, case, ministry)
    assert [row.number for row in structural_cases(work)] == [case.number]
    assert len(work.session.scalars(select(StructuralProgress)).all()) == 1


def test_an_owner_that_is_not_on_the_list_is_refused_at_its_field(work: Any, triagist: Account) -> None:
    case = case_of(work, 1)
    answers = {"owner": ["Een club"], "cause": "Onbekend.", "phase": "onderzoek"}

    with pytest.raises(Invalid) as refused:
        advance(acting(work, triagist), case, action="structureel_maken", answers=answers)

    assert list(refused.value.faults) == ["verantwoordelijke"]


def test_progress_is_late_after_half_a_year(work: Any, ministry: Organisation, triagist: Account) -> None:
    case = case_of(work, 2)
    make_structural(work, triagist, case, ministry)

    half_a_year, more = later(work, NOW + timedelta(days=181)), later(work, NOW + timedelta(days=182))

    assert [row.late for row in structural_cases(half_a_year)] == [False]
    assert [row.late for row in structural_cases(more)] == [True]
    advance(
        acting(more, triagist),
        case,
        action="structureel_voortgang",
        answers={"phase": "plan", "text": "Er is een plan."},
    )
    assert [row.late for row in structural_cases(more)] == [False]


def test_what_hits_most_organisations_is_on_top_and_merged_cases_count_along(
    work: Any, ministry: Organisation, triagist: Account
) -> None:
    few, many = case_of(work, 3), case_of(work, 2)
    merged = case_of(work, 2)
    merged.main_id = many.id
    # The same organisation again is one organisation and one more report.
    make_report(work, many, organisation=work.session.get_one(Organisation, reported_first(work, many)))
    for case in (few, many):
        make_structural(work, triagist, case, ministry)

    assert [(row.number, row.hit) for row in structural_cases(work)] == [
        (many.number, Hit(organisations=4, reports=5)),
        (few.number, Hit(organisations=3, reports=3)),
    ]


def reported_first(work: Work, case: Case) -> int:
    return work.session.scalars(select(Report.organisation_id).filter_by(case_id=case.id)).first() or 0


def test_nobody_reads_of_a_cause_behind_a_case_that_they_may_not_see(
    work: Any, ministry: Organisation, triagist: Account
) -> None:
    hidden, known = case_of(work, 2), case_of(work, 2)
    reader = make_account(work.session, "melder")
    show_to(work, known, [OFFICIALS, account_key(reader.id)])
    for case in (hidden, known):
        make_structural(work, triagist, case, ministry)
    work.session.flush()

    seen = structural_cases(acting(work, reader))

    assert [row.number for row in seen] == [known.number]


def test_the_list_can_be_narrowed_to_what_weighs_heavily_and_says_why(
    work: Any, ministry: Organisation, triagist: Account
) -> None:
    five, four, structural, pair = (case_of(work, amount) for amount in (5, 4, 3, 2))
    for case in (structural, pair):
        make_structural(work, triagist, case, ministry)
    heavy = {row.number for row in processes(work, Filters(kind="knelpunt", heavy=True)).rows}

    assert heavy == {five.number, structural.number}
    assert standing_of(work, five).weight.because == "5 organisaties hebben er last van."
    assert standing_of(work, structural).weight.because == "Het is structureel en 3 organisaties hebben er last van."
    assert not standing_of(work, four).weight.heavy
    # Nothing moved, and the priority that a person gave is what it was.
    assert (five.priority, five.state) == (None, "in_behandeling")
