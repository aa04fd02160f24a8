"""Tables for a spreadsheet: RFC 4180, and no cell that the spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

# What a spreadsheet may take for the start of a formula, by OWASP's list, with the full-width
# forms that some of them fold to the plain sign.
STARTERS = tuple("=+-@\t\r\n＝＋－＠")

Cell = str | int | float | None


def cell(value: Cell) -> Cell:
    """The value as a cell that is only shown: a text that could be a formula gets an apostrophe before it.

    Numbers stay numbers, also below zero; spaces before the sign do not hide it.

    >>> cell("=1+1"), cell("  @SOM(A1)"), cell("-5"), cell(-5), cell("gemeente")
    ("'=1+1", "'  @SOM(A1)", "'-5", -5, 'gemeente')
    """
    if not isinstance(value, str):
        return value
    bare = value.lstrip(" \u00a0\ufeff")
    return f"'{value}" if bare.startswith(STARTERS) else value


EXCEL_SEPARATOR = ";"
"""What Excel with Dutch settings takes for the end of a cell; with a comma it puts a whole row in one."""


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    r"""A table as RFC 4180: a header line, CRLF after each line, every text between quotes.

    Quotes around every text keep a separator or a quote in it from starting a cell of its own.

    >>> csv_text(["naam", "aantal"], [["Utrecht, stad", 3], ["=NU()", None]])
    '"naam","aantal"\r\n"Utrecht, stad",3\r\n"\'=NU()",""\r\n'
    """
    return "".join(csv_lines(header, rows))


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Cell]], *, separator: str = ",") -> Iterator[str]:
    """The same table line by line, for one that is too long to keep in memory."""
    yield _line(header, separator)
    for row in rows:
        yield _line(row, separator)


def _line(row: Iterable[Cell], separator: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(["" if value is None else cell(value) for value in row])
    return out.getvalue()
