"""How a date, a number or a size reads on a page: filters for the templates."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

from markupsafe import Markup, escape

from app.config import value_list
from app.domain.dutch import MONTHS, day, listing, moment, number, paragraphs
from app.services.citation import named_in

UNITS: Final = ("bytes", "kB", "MB", "GB")
MOST_LINKS, LONGEST_LINKED = 300, 100_000


class _Application(Protocol):
    """What can be given filters; Flask is one, and its environment has no better type than this."""

    @property
    def jinja_env(self) -> Any: ...


def install(app: _Application) -> None:
    """Give the application's templates these filters."""
    app.jinja_env.filters.update(FILTERS)


def short_day(value: date | str) -> str:
    """A day where there is little room; March keeps an abbreviation of its own.

    >>> short_day(date(2026, 3, 2)), short_day("2026-11-21")
    ('2 mrt 2026', '21 nov 2026')
    """
    digits, month, year = day(value).split()
    return f"{digits} {'mrt' if month == MONTHS[2] else month[:3]} {year}"


def iso(value: date | str) -> str:
    """A day or a moment for a machine, as `<time datetime>` wants it; what has no zone is UTC.

    >>> iso(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)), iso(date(2026, 7, 1)), iso("2026-07-01")
    ('2026-07-01T12:05:00Z', '2026-07-01', '2026-07-01')
    """
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


def plural(value: int, one: str, many: str) -> str:
    """A number with the word that belongs to it.

    >>> plural(1, "dag", "dagen"), plural(1396, "dag", "dagen")
    ('1 dag', '1.396 dagen')
    """
    return f"{number(value)} {one if value == 1 else many}"


def law_links(text: str | None) -> Markup:
    """A plain text in which each place in the law is a link to where everybody can read it; nothing of nothing.

    >>> law_links("artikel 8 EVRM & <b>")
    Markup('<a href="https://wetten.overheid.nl/jci1.3:c:BWBV0001000&amp;artikel=8">artikel 8 EVRM</a> &amp; &lt;b&gt;')
    """
    if not text:
        return Markup()
    parts: list[Markup] = []
    at = 0
    for mention in named_in(text[:LONGEST_LINKED]):
        url = None if mention.unclear or mention.start < at else mention.reference.public_url()
        if url is None or len(parts) >= 2 * MOST_LINKS:
            continue
        link = Markup('<a href="{}">{}</a>').format(url, text[mention.start : mention.end])
        parts += [escape(text[at : mention.start]), link]
        at = mention.end
    return Markup("").join([*parts, escape(text[at:])])


def listed(code: str, name: str) -> str:
    """The label of a code in a value list."""
    return value_list(name).get(code, code)


def size(value: int) -> str:
    """The size of a file in the unit that keeps it short.

    >>> size(512), size(1_234_567), size(999_999), size(10_000_000)
    ('512 bytes', '1,2 MB', '1,0 MB', '10 MB')
    """
    amount, unit = float(value), 0
    while amount >= 999.95 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{number(amount, 1 if unit and amount < 9.95 else 0)} {UNITS[unit]}"


def percent(value: float, total: float) -> str:
    """A part of a total as a whole percentage; of nothing there is none.

    >>> percent(3, 4), percent(0, 0)
    ('75%', '–')
    """
    return f"{round(100 * value / total)}%" if total else "–"


def days_left(due: date, today: date) -> int:
    """The days from today to the last day; negative when that has passed.

    >>> days_left(date(2026, 11, 24), date(2026, 11, 21))
    3
    """
    return (due - today).days


def is_day(value: object) -> bool:
    """Whether a browser's date field can show this; what else was typed must be shown as text.

    >>> is_day("2026-11-21"), is_day("gisteren"), is_day("20261121"), is_day("")
    (True, False, False, True)
    """
    if not value or isinstance(value, date):
        return True
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


FILTERS: Final[Mapping[str, Callable[..., object]]] = MappingProxyType(
    {
        "day": day,
        "days_left": days_left,
        "is_day": is_day,
        "iso": iso,
        "law_links": law_links,
        "listed": listed,
        "listing": listing,
        "moment": moment,
        "number": number,
        "paragraphs": paragraphs,
        "percent": percent,
        "plural": plural,
        "short_day": short_day,
        "size": size,
    }
)
