"""How days, moments, numbers and rows of words are written for a Dutch reader."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TIME = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])( uur)?")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def day(value: date | str) -> str:
    """A day in full; text is ISO 8601. A moment is first put on the Amsterdam calendar.

    >>> day(date(2026, 11, 21)), day("2026-03-01")
    ('21 november 2026', '1 maart 2026')
    >>> day("2026-12-31T23:30:00Z")
    '1 januari 2027'
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = _local(value).date()
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | str) -> str:
    """A moment in Amsterdam time; what has no zone is UTC, as everywhere inside.

    >>> moment(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)), moment("2026-01-01T12:05:00Z")
    ('1 juli 2026, 14.05 uur', '1 januari 2026, 13.05 uur')
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    value = _local(value)
    return f"{day(value)}, {value:%H.%M} uur"


def clock(minutes: int) -> str:
    """A time of the day, counted in minutes from midnight.

    >>> clock(570), clock(24 * 60 + 5)
    ('09.30 uur', '00.05 uur')
    """
    hour, minute = divmod(minutes % (24 * 60), 60)
    return f"{hour:02}.{minute:02} uur"


def read_clock(text: str | None) -> int | None:
    """The minutes from midnight of a time as people type it; None where it is no time.

    >>> read_clock("9.30 uur"), read_clock("13:05"), read_clock("straks"), read_clock(None)
    (570, 785, None, None)
    """
    found = TIME.fullmatch((text or "").strip())
    return int(found[1]) * 60 + int(found[2]) if found else None


def number(value: float | Decimal, decimals: int = 0) -> str:
    """A number with dots between the thousands and a comma before the decimals.

    >>> number(1396), number(-1234567), number(0.7456, 2)
    ('1.396', '-1.234.567', '0,75')
    """
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def listing(words: Iterable[str], joint: str = "en") -> str:
    """Words in a row, as one says them.

    >>> listing(["UWV"]), listing(["UWV", "SVB"]), listing(["UWV", "SVB", "CAK"], "of")
    ('UWV', 'UWV en SVB', 'UWV, SVB of CAK')
    >>> listing([])
    ''
    """
    *rest, last = [*words] or [""]
    return f"{', '.join(rest)} {joint} {last}" if rest else last


def paragraphs(text: str) -> list[str]:
    r"""The paragraphs of a plain text: an empty line parts them, a single new line is a space.

    >>> paragraphs("Een zin\ndie doorloopt.\r\n\r\n \nEen tweede alinea.\n")
    ['Een zin die doorloopt.', 'Een tweede alinea.']
    """
    parts = re.split(r"\n\s*\n", "\n".join(text.splitlines()))
    return [" ".join(part.split()) for part in parts if part.strip()]


def _local(value: datetime) -> datetime:
    """The same moment on the Amsterdam clock."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(AMSTERDAM)
