"""Exactly the list that somebody sees, as a table: the same filters, the same sight, read a stretch at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from app.config import value_list
from app.db.precedent import Precedent
from app.domain.calendar import amsterdam_day
from app.domain.spreadsheet import Cell
from app.services.asked import Search
from app.services.collection import ItemRow
from app.services.finding import found
from app.services.hit import HitRow
from app.services.listing import Filters, Row, part_of_table
from app.services.recognition import uses_for_table
from app.services.ruling import RulingFilters, RulingRow, published_rulings
from app.services.work import Work

MOST, STRETCH = 10_000, 100
"""A table holds no more rows than this, and the page says so."""
LONG_STRETCH = 1000
"""Of a narrow table more is read at once: each stretch is a query."""

T_co = TypeVar("T_co", covariant=True)


class Part(Protocol[T_co]):
    """A stretch of a list, and where the next begins."""

    @property
    def rows(self) -> Sequence[T_co]: ...
    @property
    def following(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Table:
    """The head of a table, and its rows, which are read while they are taken."""

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def table_of_precedents(work: Work, search: Search) -> Table:
    """What a search finds, in its order; of a decision of another body it says whose it is, and no status."""
    header = (
        "nummer",
        "soort",
        "titel",
        "tekst",
        "conclusie",
        "status",
        "geldig vanaf",
        "geldig tot",
        "gebruikt",
        "van",
    )
    rows = every_row(lambda after: found(work, search, after=after, amount=STRETCH))
    return Table(header, (_precedent(work, row) for row in rows))


def table_of_rulings(work: Work, filters: RulingFilters) -> Table:
    """The published rulings."""
    header = ("nummer", "titel", "kernregel", "conclusie", "vastgesteld op", "status")
    rows = every_row(lambda after: published_rulings(work, filters, after=after, amount=STRETCH))
    return Table(header, (_ruling(work, row) for row in rows))


def table_of_cases(work: Work, filters: Filters, *, order: str) -> Table:
    """The cases that the actor may see."""
    header = ("nummer", "titel", "status", "organisatie", "termijn", "gewijzigd op")
    rows = every_row(lambda after: part_of_table(work, filters, order=order, after=after, amount=LONG_STRETCH))
    return Table(header, (_case(work, row) for row in rows))


def table_of_collection(rows: Iterable[ItemRow]) -> Table:
    """What is in a collection, with the notes."""
    header = ("nummer", "soort", "titel", "datum", "van", "notitie", "toegevoegd op")
    return Table(header, (_item(row) for row in rows))


def table_of_uses(work: Work) -> Table:
    """How often precedents answered who was about to report, and cases were recognised, for each year."""
    header = ("nummer", "titel", "herkenning", "jaar", "aantal")
    labels = value_list("herkenning")
    rows = uses_for_table(work, MOST)
    return Table(header, ((row.number, row.title, labels.get(row.use, row.use), row.year, row.amount) for row in rows))


def every_row(stretch: Callable[[str | None], Part[T_co]]) -> Iterator[T_co]:
    """The rows of a list to its end, or to the most that a table holds."""
    after: str | None = None
    amount = 0
    while amount < MOST:
        part = stretch(after)
        yield from part.rows[: MOST - amount]
        amount, after = amount + len(part.rows), part.following
        if after is None:
            return


def _precedent(work: Work, row: HitRow) -> Sequence[Cell]:
    if row.source is not None:
        told = (row.conclusion, row.state_label)
        return (row.number, row.kind, row.name, row.plain_text, *told, _day(row.day), "", "", row.source)
    state = work.workflows[Precedent.kind_name(), row.version].states[row.state].label
    return (
        *(row.number, row.kind, row.name, row.plain_text, row.conclusion, state),
        *(_day(row.in_force_from), _day(row.in_force_until), row.used_count, ""),
    )


def _ruling(work: Work, row: RulingRow) -> Sequence[Cell]:
    known = row.precedent_state is not None and row.precedent_version is not None
    states = work.workflows[Precedent.kind_name(), row.precedent_version or 0].states if known else {}
    state = states[row.precedent_state or ""].label if known else ""
    return (row.number, row.title, row.rule, row.conclusion, _day(row.adopted_on), state)


def _case(work: Work, row: Row) -> Sequence[Cell]:
    state = work.workflows[row.kind, row.version].states[row.state].label
    return (row.number, row.title, state, row.organisation, _day(row.due), amsterdam_day(row.changed_at).isoformat())


def _item(row: ItemRow) -> Sequence[Cell]:
    named = row.named
    added = amsterdam_day(row.item.added_at).isoformat()
    if named is None:
        return (row.item.number, "", "", "", "", row.item.note, added)
    kind = "extern" if named.source else "uitspraak"
    return (row.item.number, kind, named.title, _day(named.day), named.source, row.item.note, added)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
