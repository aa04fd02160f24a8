"""A year in numbers: what is public as it is, and of cases nothing from which one could know who it was."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.db.publication import PublicRecord
from app.domain.calendar import amsterdam_day
from app.domain.disclosure import masked
from app.domain.recommendation import Totals
from app.services.process import advance
from app.services.work import Work
from app.services.yearly import ReactionTimes, year_in_numbers, years_in_numbers
from tests.make import (
    NOW,
    acting,
    later,
    make_account,
    make_case,
    make_organisation,
    make_recommendation,
    make_report,
    make_ruling,
)


def published(work: Work, **record: Any) -> Any:
    """A ruling that is public; its case and the ruling."""
    case = make_case(work, state="in_navolging")
    ruling = make_ruling(work, case)
    given = {"record": {"aanbevelingen": [{"tekst": "Doe het."}]}, "adopted_on": work.today, **record}
    work.session.add(
        PublicRecord(number=ruling.number or "", issue=1, title="Wijkteam", published_at=work.now, **given)
    )
    work.session.flush()
    return case, ruling


def decline(work: Work, ground: str, times: int) -> None:
    """So many cases that are not taken up on a ground."""
    triagist = make_account(work.session, "triagist")
    for _ in range(times):
        case = make_case(work, state="in_intake")
        make_report(work, case, organisation=make_organisation(work.session))
        answers = {"ground": ground, "explanation": "Dit is iets anders."}
        advance(acting(work, triagist), case, action="niet_in_behandeling_nemen", answers=answers)


def test_the_recommendations_of_a_year_add_up_with_how_fast_was_answered(work: Any) -> None:
    case, ruling = published(work)
    for reaction, days in (("overgenomen", 10), ("niet_overgenomen", 120), (None, None)):
        reacted = None if days is None else amsterdam_day(NOW) + timedelta(days=days)
        home = make_organisation(work.session)
        make_recommendation(work, case, ruling, home, reaction=reaction, reacted_on=reacted, due=date(2027, 2, 23))

    soon, late = (year_in_numbers(later(work, NOW + timedelta(days=days)), 2026) for days in (80, 150))

    assert soon.rulings == 1
    assert soon.totals == Totals(followed=1, not_followed=1, no_reaction=1)
    assert soon.times == ReactionTimes(answered=2, average=65, in_time=1, overdue=0)
    assert late.times.overdue == 1
    assert year_in_numbers(work, 2025).totals == Totals()
    assert years_in_numbers(work) == [2026]


def test_why_cases_were_not_handled_is_counted_from_three(work: Any) -> None:
    decline(work, "geen_overheidspartij", 3)
    decline(work, "geen_gegevensknelpunt", 4)
    decline(work, "nationale_veiligheid", 1)

    year = year_in_numbers(work, 2026)

    # The smallest of the others is hidden too: beside the total it would tell the one.
    assert sorted(year.declined.values(), key=str) == [4, None, None]
    assert year.reports == 8
    assert list(year.ended.values()) == [8]


def test_of_one_or_two_cases_nothing_is_told(work: Any) -> None:
    decline(work, "geen_overheidspartij", 2)

    year = year_in_numbers(work, 2026)

    assert (year.reports, set(year.ended.values()), set(year.declined.values())) == (None, {None}, {None})
    assert year.applied == 0


def test_a_year_begins_and_ends_in_amsterdam(work: Any) -> None:
    # Half an hour into the new year in Amsterdam, and not yet in UTC.
    new_year = later(work, datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    for _ in range(3):
        case = make_case(new_year)
        make_report(new_year, case, organisation=make_organisation(work.session))

    assert (year_in_numbers(work, 2026).reports, year_in_numbers(work, 2027).reports) == (0, 3)


def test_what_is_hidden_cannot_be_reckoned_from_the_rest() -> None:
    assert masked({"a": 1}) == {"a": None}
    assert masked({"a": 1, "b": 5, "c": 6}) == {"a": None, "b": None, "c": 6}
    assert masked({"a": 5, "b": 6}) == {"a": 5, "b": 6}
