"""Numbers that people quote: counted per kind and year, in the transaction that uses them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.db.process import Counter
from app.domain import number as numbers
from app.services.work import Work

INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def locked_counter(work: Work, kind: str, year: int) -> Counter:
    """The counter of a kind in a year; its row stays locked until the transaction ends."""
    insert = INSERT[work.session.get_bind().dialect.name](Counter)
    work.session.execute(insert.values(kind=kind, year=year, last=0).on_conflict_do_nothing())
    locked = select(Counter).filter_by(kind=kind, year=year).with_for_update()
    return work.session.scalars(locked.execution_options(populate_existing=True)).one()


def next_sequence(work: Work, kind: str, year: int) -> int:
    """The next in a gapless row; the counter's row stays locked until the transaction ends."""
    counter = locked_counter(work, kind, year)
    counter.last += 1
    work.session.flush()
    return counter.last


def next_number(work: Work, kind: str) -> str:
    """The next number of a kind in the year that it now is in Amsterdam."""
    year = work.today.year
    return numbers.make(kind, year, next_sequence(work, kind, year))
