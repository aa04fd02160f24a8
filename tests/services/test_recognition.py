"""What reporters recognised: counted once for a draft, taken back when they report after all, and of nobody."""

from datetime import timedelta

import pytest

from app.db.account import Account
from app.db.matching import MatchUse
from app.db.precedent import Precedent
from app.db.report import Draft
from app.domain.access import OFFICIALS, organisation_key
from app.domain.errors import Invalid, NotVisible
from app.services.recognition import (
    answered_by,
    answering_precedents,
    count_joining,
    is_same_as,
    joined_cases,
    recognised_in,
    take_back,
    times_answered,
    uses_by_year,
    uses_for_table,
)
from app.services.report import delete_draft, start_draft
from app.services.work import Work
from tests.make import acting, later, make_account, make_case, make_organisation
from tests.services.test_matching import DEBTS, precedent_about


@pytest.fixture
def debts(work: Work) -> Precedent:
    return precedent_about(work, DEBTS)


@pytest.fixture
def reporter(work: Work) -> Account:
    return make_account(work.session, "melder")


@pytest.fixture
def draft(work: Work, reporter: Account) -> Draft:
    return start_draft(acting(work, reporter), {"titel": "Huurschulden"})


def as_system(work: Work) -> Work:
    return acting(work, work.as_system().actor)


def test_an_answer_is_counted_once_for_a_draft_and_keeps_what_was_typed(
    work: Work, debts: Precedent, reporter: Account, draft: Draft
) -> None:
    at_work = acting(work, reporter)

    answered_by(at_work, draft, debts.number)
    answered_by(at_work, draft, debts.number)

    assert times_answered(work, debts.number) == 1
    assert recognised_in(draft) == (debts.number, "beantwoord")
    assert draft.answers["titel"] == "Huurschulden"


def test_a_count_outlives_the_draft_and_names_nobody(
    work: Work, debts: Precedent, reporter: Account, draft: Draft
) -> None:
    answered_by(acting(work, reporter), draft, debts.number)

    delete_draft(work, draft)
    work.session.flush()

    assert times_answered(work, debts.number) == 1
    assert not {column.key for column in MatchUse.__table__.columns} & {"account_id", "draft_id"}


def test_an_answer_is_counted_once_for_a_reporter_however_many_drafts(
    work: Work, debts: Precedent, reporter: Account, draft: Draft
) -> None:
    at_work = acting(work, reporter)
    second, third = start_draft(at_work), start_draft(at_work)
    for one in (draft, second, third):
        answered_by(at_work, one, debts.number, counted=[debts.number] if one is third else ())
    assert times_answered(work, debts.number) == 1

    take_back(at_work, draft)
    assert times_answered(work, debts.number) == 1
    take_back(at_work, second)
    take_back(at_work, third)
    assert times_answered(work, debts.number) == 0

    colleague = acting(work, make_account(work.session, "melder"))
    answered_by(colleague, start_draft(colleague), debts.number)
    assert times_answered(work, debts.number) == 1


def test_a_case_is_recognised_when_it_is_reported_and_not_before(work: Work, reporter: Account, draft: Draft) -> None:
    case = make_case(work, title="Bekend", audience=[OFFICIALS])

    is_same_as(acting(work, reporter), draft, case)
    assert recognised_in(draft) == (case.number, "sluit_aan")
    assert joined_cases(as_system(work)) == []

    count_joining(acting(work, reporter), draft, case)
    assert [row.amount for row in joined_cases(as_system(work))] == [1]


def test_who_reports_after_all_was_not_answered(work: Work, debts: Precedent, reporter: Account, draft: Draft) -> None:
    answered_by(acting(work, reporter), draft, debts.number)

    take_back(work, draft)
    take_back(work, draft)

    assert times_answered(work, debts.number) == 0
    assert recognised_in(draft) is None


def test_another_answer_takes_the_place_of_the_first(
    work: Work, debts: Precedent, reporter: Account, draft: Draft
) -> None:
    other = precedent_about(work, "Mag de school leerlingen melden?")

    answered_by(acting(work, reporter), draft, debts.number)
    answered_by(acting(work, reporter), draft, other.number)

    assert (times_answered(work, debts.number), times_answered(work, other.number)) == (0, 1)


def test_what_is_no_public_precedent_in_force_answers_nobody(work: Work, reporter: Account, draft: Draft) -> None:
    ended = precedent_about(work, DEBTS, state="ingetrokken", in_force_until=work.today)
    secret = precedent_about(work, DEBTS, public=False)

    with pytest.raises(Invalid, match="geldt niet meer"):
        answered_by(acting(work, reporter), draft, ended.number)
    for number in (secret.number, "CCG:1999:1", ""):
        with pytest.raises(NotVisible):
            answered_by(acting(work, reporter), draft, number)


def test_figures_name_the_precedents_that_answered_most_by_year(
    work: Work, debts: Precedent, reporter: Account
) -> None:
    other = precedent_about(work, "Mag de school leerlingen melden?")
    for number in (debts.number, debts.number, other.number):
        somebody = acting(work, make_account(work.session, "melder"))
        answered_by(somebody, start_draft(somebody), number)
    next_year = later(acting(work, reporter), work.now + timedelta(days=365))
    answered_by(next_year, start_draft(next_year), other.number)

    assert [row[::2] for row in answering_precedents(work)] == [(debts.number, 2), (other.number, 2)]
    assert [row[::2] for row in answering_precedents(work, year=2026)] == [(debts.number, 2), (other.number, 1)]
    assert [row[::2] for row in answering_precedents(work, year=2027)] == [(other.number, 1)]
    assert uses_by_year(work) == [(2027, "beantwoord", 1), (2026, "beantwoord", 3)]
    assert [(row.number, row.year, row.amount) for row in uses_for_table(work, 2)] == [
        (other.number, 2027, 1),
        (debts.number, 2026, 2),
    ]


def test_a_case_counts_for_who_may_see_it(work: Work, reporter: Account) -> None:
    home = make_organisation(work.session)
    known = make_case(work, title="Bekend", audience=[OFFICIALS])
    hidden = make_case(work, title="Geheim", audience=[organisation_key(home.id)])
    for case in (known, hidden):
        count_joining(acting(work, reporter), start_draft(acting(work, reporter)), case)

    analyst = acting(work, make_account(work.session, "analist"))

    assert [row.title for row in joined_cases(analyst)] == ["Bekend"]
    assert uses_by_year(analyst) == [(2026, "sluit_aan", 1)]
    assert [row.title for row in uses_for_table(analyst, 10)] == ["Bekend"]
    assert len(joined_cases(as_system(work))) == 2
