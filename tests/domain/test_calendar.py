"""Terms against a table that was worked out apart from the code, and against the promises of the law."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import (
    Term,
    TermStage,
    amsterdam_day,
    days_before,
    deadline_instant,
    extend,
    first_working_day,
    holidays,
    is_overdue,
    is_working_day,
    last_day,
    resume,
    stage_of_term,
)

TABLE = list(csv.DictReader((Path(__file__).parent / "terms.csv").read_text("utf-8").splitlines()))

days = st.dates(date(2014, 1, 1), date(2060, 12, 31))
lengths = {"days": 90, "weeks": 12, "months": 3, "working days": 60}
shifting_terms = st.sampled_from(sorted(lengths)).flatmap(
    lambda unit: st.integers(2, lengths[unit]).map(lambda amount: Term.parse(f"{amount} {unit}"))
)
all_terms = shifting_terms | st.builds(
    lambda amount, unit: Term.parse(f"{amount} {unit}"),
    st.integers(1, 40),
    st.sampled_from(["weeks", "months", "years"]),
)


def day(text: str) -> date:
    """A day of the table, which may be written as an instant."""
    return amsterdam_day(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['start']} + {row['term']}, {row['note']}")
def test_a_term_ends_on_the_day_that_was_worked_out_by_hand(row):
    due = last_day(day(row["start"]), Term.parse(row["term"]))

    if row["suspended_from"]:
        due = resume(due, day(row["suspended_from"]), day(row["resumed_on"]))
    if row["extend"]:
        due = extend(due, Term.parse(row["extend"]))

    assert due == date.fromisoformat(row["expected"])


def test_the_table_holds_at_least_two_hundred_dates():
    assert len({(row["start"], row["term"], row["suspended_from"], row["extend"]) for row in TABLE}) >= 200


def test_the_holidays_of_a_year_have_their_dutch_names():
    assert {str(day): name for day, name in holidays(2026).items()} == {
        "2026-01-01": "Nieuwjaarsdag",
        "2026-04-03": "Goede Vrijdag",
        "2026-04-06": "Tweede Paasdag",
        "2026-04-27": "Koningsdag",
        "2026-05-05": "Bevrijdingsdag",
        "2026-05-14": "Hemelvaartsdag",
        "2026-05-25": "Tweede Pinksterdag",
        "2026-12-25": "Eerste Kerstdag",
        "2026-12-26": "Tweede Kerstdag",
    }


def test_two_holidays_may_fall_on_one_day():
    assert holidays(2016)[date(2016, 5, 5)] == "Bevrijdingsdag en Hemelvaartsdag"


@pytest.mark.parametrize(
    ("year", "expected"), [(2014, "2014-04-26"), (2025, "2025-04-26"), (2026, "2026-04-27"), (2031, "2031-04-26")]
)
def test_kings_day_moves_to_saturday_when_the_27th_is_a_sunday(year, expected):
    kings_day = next(day for day, name in holidays(year).items() if name == "Koningsdag")

    assert str(kings_day) == expected


@pytest.mark.parametrize(("year", "expected"), [(2013, "2013-04-30"), (2006, "2006-04-29")])
def test_before_2014_it_was_queens_day(year, expected):
    queens_day = next(day for day, name in holidays(year).items() if name == "Koninginnedag")

    assert str(queens_day) == expected


@pytest.mark.parametrize(
    ("year", "easter_monday"), [(2000, "04-24"), (2008, "03-24"), (2038, "04-26"), (2049, "04-19"), (2076, "04-20")]
)
def test_easter_is_right_in_its_rare_years_too(year, easter_monday):
    assert holidays(year)[date.fromisoformat(f"{year}-{easter_monday}")] == "Tweede Paasdag"


@pytest.mark.parametrize(
    "text", ["", "5", "0 days", "-1 days", "1.5 weeks", "8 hours", "weeks", "8  weeks", "1000 days"]
)
def test_what_is_no_term_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="is no term such as '5 days'"):
        Term.parse(text)


@given(all_terms)
def test_a_term_is_written_as_it_is_read(term):
    assert Term.parse(str(term)) == term


@given(days, shifting_terms)
@settings(max_examples=200)
def test_a_term_that_shifts_never_ends_on_a_weekend_or_a_holiday(start, term):
    assert is_working_day(last_day(start, term))


@given(days, shifting_terms.filter(lambda term: term.amount >= 3))
def test_a_term_of_three_days_holds_two_working_days(start, term):
    end = last_day(start, term)

    inside = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]

    assert sum(map(is_working_day, inside)) >= 2


@given(days, st.sampled_from(["91 days", "13 weeks", "4 months", "1 year", "7 years"]))
def test_a_long_term_is_not_moved(start, text):
    end = last_day(start, Term.parse(text))

    assert start < end
    assert (end - start).days == 91 if text in {"91 days", "13 weeks"} else end.day <= start.day


@given(days, all_terms, all_terms)
def test_an_extension_never_shortens(start, term, extension):
    due = last_day(start, term)

    assert extend(due, extension) > due


@given(days, shifting_terms, st.integers(0, 60), st.integers(0, 200))
def test_suspended_time_is_not_counted(start, term, asked_after, length):
    due = last_day(start, term)
    asked = start + timedelta(days=asked_after)
    completed = asked + timedelta(days=1 + length)

    resumed = resume(due, asked, completed)

    left_when_asked, left_when_resumed = due - asked, resumed - (completed - timedelta(days=1))
    assert left_when_resumed >= left_when_asked
    assert resumed == first_working_day(due + timedelta(days=length))


@given(days, days, days)
def test_resuming_ends_on_a_working_day_and_never_shortens(due, asked, completed):
    resumed = resume(due, asked, completed)

    assert resumed >= due
    assert is_working_day(resumed)


def test_a_term_that_is_counted_back_is_not_moved():
    assert days_before(date(2026, 4, 11), 7) == date(2026, 4, 4)


def test_the_last_day_itself_is_in_time():
    assert not is_overdue(date(2026, 3, 16), today=date(2026, 3, 16))
    assert is_overdue(date(2026, 3, 16), today=date(2026, 3, 17))
    assert not is_overdue(None, today=date(2026, 3, 17))


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2026-03-02", TermStage.ON_TIME),
        ("2026-04-17", TermStage.ON_TIME),
        ("2026-04-18", TermStage.WARNING),  # 57 days, of which the last 11 are its last fifth
        ("2026-04-28", TermStage.WARNING),
        ("2026-04-29", TermStage.OVERDUE),
    ],
)
def test_a_long_term_warns_in_its_last_fifth(today, stage):
    entered = date(2026, 3, 2)

    assert stage_of_term(last_day(entered, Term.parse("8 weeks")), date.fromisoformat(today), entered) is stage


@pytest.mark.parametrize(
    ("today", "stage"),
    [("2026-04-01", TermStage.ON_TIME), ("2026-04-02", TermStage.WARNING), ("2026-04-08", TermStage.WARNING)],
)
def test_a_short_term_warns_three_working_days_ahead_also_over_easter(today, stage):
    assert stage_of_term(date(2026, 4, 8), date.fromisoformat(today), entered=date(2026, 3, 30)) is stage


def test_an_instant_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="needs a time zone"):
        amsterdam_day(datetime(2026, 3, 29, 12))  # noqa: DTZ001 - that is the fault


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-24", 24), ("2026-10-25", 25)]
)
def test_a_day_in_amsterdam_may_have_an_hour_less_or_more(day, hours):
    day = date.fromisoformat(day)

    length = deadline_instant(day) - deadline_instant(day - timedelta(days=1))

    assert length == timedelta(hours=hours)


@given(days)
def test_the_last_instant_of_a_day_is_on_that_day_and_the_next_one_is_not(day):
    instant = deadline_instant(day)

    assert instant.tzinfo is UTC
    assert amsterdam_day(instant) == day
    assert amsterdam_day(instant + timedelta(microseconds=1)) == day + timedelta(days=1)
