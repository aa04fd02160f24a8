"""Working days, holidays and terms, by the Algemene termijnenwet (BWBR0002448), in days of Amsterdam.

What is not here: the single days that a royal decree equates with a holiday (art. 3, third paragraph), mostly
bridging days. They are announced a few years at a time and cannot be computed; our terms are analogies of the law
and not terms in a law, so that without those days a term is only ever a day stricter on ourselves.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import count, islice
from typing import Self
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MEETING = "meeting"
"""What a definition says for a term that ends with the meeting it waits for; it is no `Term`."""

ONE_DAY = timedelta(days=1)
SATURDAY = 5
SUNDAY = 6

WARNING_SHARE = 5  # The last fifth of a term is a warning, ...
WARNING_WORKING_DAYS = 3  # ... and so are its last three working days; what begins first counts.


class Unit(StrEnum):
    """In what a term is counted; the words that a definition uses."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


# Art. 4: a longer term ends on its own last day, whatever day that is, and a term in years is always longer.
# A term in working days is not here, because it ends on one already.
LONGEST_THAT_SHIFTS = {Unit.DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3}
TERM = re.compile(r"([1-9]\d{0,2}) (day|working day|week|month|year)s?")


class TermStage(StrEnum):
    """How close a term is to its end, for display."""

    ON_TIME = "on_time"
    WARNING = "warning"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time in the words of a definition.

    >>> Term.parse("8 weeks")
    Term(amount=8, unit=<Unit.WEEKS: 'weeks'>)
    >>> str(Term.parse("1 week"))
    '1 week'
    """

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a term; refuses with a ValueError what no definition may say."""
        match = TERM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no term such as '5 days', '10 working days', '8 weeks' or '3 months'")
        return cls(int(match[1]), Unit(f"{match[2]}s"))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

    @property
    def shifts(self) -> bool:
        """Whether the law moves its last day off weekends and holidays (art. 4 says when it does not)."""
        return self.amount <= LONGEST_THAT_SHIFTS.get(self.unit, 0)

    @property
    def needs_two_working_days(self) -> bool:
        """Art. 2: a term of at least three days holds at least two working days."""
        return self.unit in {Unit.WEEKS, Unit.MONTHS} or self.amount >= 3


@cache
def holidays(year: int) -> dict[date, str]:
    """The generally recognised holidays of art. 3, with Good Friday, in order and by their Dutch name.

    >>> holidays(2025)[date(2025, 4, 26)]
    'Koningsdag'
    """
    easter = _easter(year)
    named = [
        (date(year, 1, 1), "Nieuwjaarsdag"),
        (easter - timedelta(days=2), "Goede Vrijdag"),
        (easter + timedelta(days=1), "Tweede Paasdag"),
        _birthday_of_the_monarch(year),
        (date(year, 5, 5), "Bevrijdingsdag"),
        (easter + timedelta(days=39), "Hemelvaartsdag"),
        (easter + timedelta(days=50), "Tweede Pinksterdag"),
        (date(year, 12, 25), "Eerste Kerstdag"),
        (date(year, 12, 26), "Tweede Kerstdag"),
    ]
    days = sorted({day for day, _ in named})
    return {day: " en ".join(name for other, name in named if other == day) for day in days}


def is_working_day(day: date) -> bool:
    """Neither Saturday nor Sunday nor a holiday.

    >>> is_working_day(date(2026, 5, 5))
    False
    """
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def first_working_day(day: date) -> date:
    """This day, or the first working day after it."""
    return next(_working_days(day, ONE_DAY))


def last_day(start: date, term: Term) -> date:
    """The last day of a term that is counted from the day after `start`.

    >>> last_day(date(2026, 1, 31), Term.parse("1 month"))  # 28 February is a Saturday.
    datetime.date(2026, 3, 2)
    >>> last_day(date(2026, 1, 31), Term.parse("13 weeks"))  # Too long to be moved off a Saturday.
    datetime.date(2026, 5, 2)
    """
    end = COUNTED[term.unit](start, term.amount)
    if not term.shifts:
        return end
    if term.needs_two_working_days:
        end = max(end, _nth_working_day_after(start, 2))
    return first_working_day(end)


def days_before(day: date, amount: int) -> date:
    """The day so many days before; a term that is counted back is never moved (art. 1, second paragraph)."""
    return day - timedelta(days=amount)


def resume(held_due: date, suspended_from: date, resumed_on: date) -> date:
    """The new last day after a suspension, as in art. 4:15 Awb.

    `suspended_from` is the day of the act that stops the clock: the clock stands still from the day after it, until
    and not on the day `resumed_on`. The days in between are added, and the end is moved to a working day.

    >>> resume(date(2026, 3, 16), date(2026, 3, 2), date(2026, 3, 10))  # 3 to 9 March: seven days.
    datetime.date(2026, 3, 23)
    """
    days_between = (resumed_on - suspended_from).days - 1
    return first_working_day(held_due + timedelta(days=max(days_between, 0)))


def extend(due: date, term: Term) -> date:
    """The last day of a term that begins where the first one ends; later than `due` for every term."""
    return last_day(due, term)


def is_overdue(due: date | None, today: date) -> bool:
    """The last day has passed; what has no term is never late."""
    return due is not None and today > due


def stage_of_term(due: date, today: date, entered: date) -> TermStage:
    """On time, in its last fifth or its last three working days (what begins first), or too late.

    >>> stage_of_term(date(2026, 3, 30), date(2026, 3, 25), entered=date(2026, 3, 16))
    <TermStage.ON_TIME: 'on_time'>
    >>> stage_of_term(date(2026, 3, 30), date(2026, 3, 26), entered=date(2026, 3, 16))
    <TermStage.WARNING: 'warning'>
    """
    if is_overdue(due, today):
        return TermStage.OVERDUE
    last_fifth = days_before(due, (due - entered).days // WARNING_SHARE - 1)
    last_working_days = _nth_working_day_back(due, WARNING_WORKING_DAYS)
    return TermStage.WARNING if today >= min(last_fifth, last_working_days) else TermStage.ON_TIME


def amsterdam_day(instant: datetime) -> date:
    """The day it is in Amsterdam at this instant.

    >>> amsterdam_day(datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
    datetime.date(2026, 3, 29)
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(AMSTERDAM).date()


def a_year_after(day: date) -> date:
    """The same day of the next year; after 29 February the last of February.

    >>> a_year_after(date(2027, 11, 22)), a_year_after(date(2028, 2, 29))
    (datetime.date(2028, 11, 22), datetime.date(2029, 2, 28))
    """
    return _months_after(day, 12)


def deadline_instant(day: date) -> datetime:
    """The last instant of a day in Amsterdam, in UTC.

    >>> deadline_instant(date(2026, 3, 29)).isoformat()  # The night in which summer time begins.
    '2026-03-29T21:59:59.999999+00:00'
    """
    midnight = datetime.combine(day + ONE_DAY, time.min, tzinfo=AMSTERDAM)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def _easter(year: int) -> date:
    """Easter Sunday, by the Gregorian rule in the form of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, common = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon_correction + 15) % 30
    leaps, odd = divmod(rest, 4)
    weekday = (32 + 2 * common + 2 * leaps - epact - odd) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _birthday_of_the_monarch(year: int) -> tuple[date, str]:
    """27 April since 2014 and 30 April before; the day before when that is a Sunday."""
    day, name = (date(year, 4, 27), "Koningsdag") if year >= 2014 else (date(year, 4, 30), "Koninginnedag")
    return (day - ONE_DAY if day.weekday() == SUNDAY else day), name


def _working_days(day: date, step: timedelta) -> Iterator[date]:
    """All working days from this day on, forwards or backwards."""
    return (candidate for n in count() if is_working_day(candidate := day + n * step))


def _nth_working_day_after(start: date, amount: int) -> date:
    return next(islice(_working_days(start + ONE_DAY, ONE_DAY), amount - 1, None))


def _nth_working_day_back(day: date, amount: int) -> date:
    return next(islice(_working_days(day, -ONE_DAY), amount - 1, None))


def _months_after(start: date, amount: int) -> date:
    """The same day number, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
    next_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last_of_month = (next_month - ONE_DAY).day
    return date(year, month + 1, min(start.day, last_of_month))


COUNTED: dict[Unit, Callable[[date, int], date]] = {
    Unit.DAYS: lambda start, amount: start + timedelta(days=amount),
    Unit.WORKING_DAYS: _nth_working_day_after,
    Unit.WEEKS: lambda start, amount: start + timedelta(weeks=amount),
    Unit.MONTHS: _months_after,
    Unit.YEARS: lambda start, amount: _months_after(start, 12 * amount),
}
