"""What is suggested to who handles a case, from which likeness on, and what came of it."""

import pytest
from sqlalchemy import delete, select

from app.db.account import Account
from app.db.case import Case
from app.db.interest import Withheld
from app.db.matching import MatchVerdict
from app.db.precedent import Precedent
from app.db.process import Audience
from app.domain.access import OFFICIALS, SYSTEM, role_key
from app.domain.errors import NotPermitted, NotVisible
from app.services.suggestion import (
    MERGES,
    PROPOSES,
    Judged,
    judge,
    judged_by_band,
    likeness,
    reach,
    set_threshold,
    threshold,
)
from app.services.work import Work
from tests.make import acting, make_account, make_item, make_meeting
from tests.services.test_matching import DEBTS, OTHERS, WGS, case_about, precedent_about

EFFECTS = (MERGES, PROPOSES)
SEEN = [role_key("triagist")]
ALIKE = (
    "Mag de verhuurder aan ons vertellen welke huurders een huurschuld hebben, zodat het wijkteam "
    "gezinnen tijdig schuldhulp biedt?"
)


@pytest.fixture
def debts(work: Work) -> Precedent:
    for question in OTHERS:
        precedent_about(work, question)
    return precedent_about(work, DEBTS, law=(WGS, "3"))


@pytest.fixture
def case(work: Work, debts: Precedent) -> Case:
    return case_about(work, ALIKE, law=(WGS, "3"), audience=SEEN)


@pytest.fixture
def triagist(work: Work, case: Case) -> Account:
    return make_account(work.session, "triagist")


def numbers(found: object) -> list[str]:
    return [one.number for one in found]  # type: ignore[attr-defined]


def hidden_case(work: Work) -> Case:
    """A case that no triagist sees."""
    at_work = acting(work, work.as_system().actor)
    hidden = case_about(at_work, DEBTS)
    work.session.execute(delete(Audience).where(Audience.process_id == hidden.id))
    return hidden


def test_what_looks_alike_enough_is_suggested_and_the_rest_is_only_shown(
    work: Work, debts: Precedent, case: Case, triagist: Account
) -> None:
    known = case_about(work, DEBTS, audience=SEEN)
    at_work = acting(work, triagist)

    set_threshold(work, 10)
    low = likeness(at_work, case, EFFECTS, involved=True)
    set_threshold(work, 100)
    high = likeness(at_work, case, EFFECTS, involved=True)

    assert set(numbers(low.suggested)) == {debts.number, known.number}
    assert high.suggested == []
    assert set(numbers(high.others)) >= {debts.number, known.number}


def test_nothing_is_suggested_that_cannot_be_done(work: Work, debts: Precedent, case: Case, triagist: Account) -> None:
    closed = case_about(work, DEBTS, audience=SEEN, state="gesloten")
    ended = precedent_about(work, DEBTS, state="ingetrokken", in_force_until=work.today)
    set_threshold(work, 10)
    at_work = acting(work, triagist)

    suggested = numbers(likeness(at_work, case, EFFECTS, involved=True).suggested)

    assert suggested == [debts.number]
    assert likeness(at_work, case, [MERGES], involved=True).suggested == []
    assert likeness(at_work, case, (), involved=True).suggested == []
    assert {closed.number, ended.number} <= set(numbers(likeness(at_work, case, EFFECTS, involved=True).others))


def test_a_case_that_may_not_be_seen_is_not_suggested(
    work: Work, debts: Precedent, case: Case, triagist: Account
) -> None:
    set_threshold(work, 10)
    before = likeness(acting(work, triagist), case, EFFECTS, involved=True)
    hidden = hidden_case(work)

    after = likeness(acting(work, triagist), case, EFFECTS, involved=True)

    assert after == before
    with pytest.raises(NotVisible):
        judge(acting(work, triagist), case, hidden.number, right=True)


def test_a_suggestion_that_is_wrong_is_not_shown_again_until_somebody_changes_that(
    work: Work, debts: Precedent, case: Case, triagist: Account
) -> None:
    set_threshold(work, 10)
    at_work = acting(work, triagist)

    judge(at_work, case, debts.number, right=False)
    wrong = likeness(at_work, case, EFFECTS, involved=True)
    judge(at_work, case, debts.number, right=True)
    right = likeness(at_work, case, EFFECTS, involved=True)

    assert (numbers(wrong.suggested), numbers(wrong.refused)) == ([], [debts.number])
    assert debts.number not in numbers(wrong.others)
    assert numbers(right.suggested) == [debts.number]
    assert right.verdicts == {debts.number: True}
    assert [row.right for row in work.session.scalars(select(MatchVerdict))] == [True]


def test_who_does_not_handle_the_case_judges_nothing(work: Work, debts: Precedent, case: Case) -> None:
    reporter = make_account(work.session, "melder")

    with pytest.raises(NotPermitted):
        judge(acting(work, reporter), case, debts.number, right=True)


def test_figures_are_the_same_for_everybody_and_of_what_everybody_may_know(
    work: Work, debts: Precedent, case: Case, triagist: Account
) -> None:
    known = case_about(work, ALIKE, law=(WGS, "3"), audience=[*SEEN, OFFICIALS])
    judge(acting(work, triagist), case, debts.number, right=False)
    judge(acting(work, triagist), known, debts.number, right=True)
    analyst = acting(work, make_account(work.session, "analist"))

    figures = [judged_by_band(one) for one in (acting(work, triagist), analyst)]

    assert figures[0] == figures[1]
    assert [(row.right, row.wrong) for row in figures[0]] == [(1, 0)]
    assert isinstance(figures[0][0], Judged)


def test_a_case_that_is_withheld_from_somebody_is_in_no_figure(work: Work, debts: Precedent, triagist: Account) -> None:
    known = case_about(work, ALIKE, law=(WGS, "3"), audience=[*SEEN, OFFICIALS])
    judge(acting(work, triagist), known, debts.number, right=True)
    member = make_account(work.session, "ccg_lid")
    item = make_item(acting(work, SYSTEM), known, make_meeting(work))
    work.session.add(Withheld(process_id=known.id, account_id=member.id, item_id=item.id))
    work.session.flush()

    assert judged_by_band(acting(work, triagist)) == []


def test_the_threshold_has_a_beginning_and_can_be_set(work: Work) -> None:
    first = threshold(work)
    set_threshold(work, 55)
    set_threshold(work, 60)

    assert (first, threshold(work)) == (40, 60)


def test_how_many_rulings_a_threshold_reaches_is_the_same_for_everybody(
    work: Work, debts: Precedent, case: Case, triagist: Account
) -> None:
    precedent_about(work, ALIKE, law=(WGS, "3"))
    hidden_case(work)

    found = reach(acting(work, triagist), [10, 100])

    assert (found.rulings, found.capped) == (len(OTHERS) + 2, False)
    assert found.by_threshold == {10: 2, 100: 0}
    assert reach(acting(work, make_account(work.session, "analist")), [10, 100]) == found
