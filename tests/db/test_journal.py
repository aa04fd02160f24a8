"""The journal is only added to: the database refuses the rest, whoever asks."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from app.db.process import Event
from tests.make import make_case


@pytest.mark.parametrize(
    "change",
    [
        update(Event).values(reason="niets gebeurd"),
        update(Event).where(Event.sequence == 1).values(hash="0" * 64),
        delete(Event),
        delete(Event).where(Event.sequence == 1),
    ],
    ids=["rewrite", "rehash", "empty", "cut"],
)
def test_no_line_is_changed_or_taken_away(work: Any, change: Any) -> None:
    make_case(work)
    before = work.session.scalar(select(func.count(Event.id)))

    with pytest.raises(DatabaseError, match="the journal is only added to"), work.session.begin_nested():
        work.session.execute(change)

    assert work.session.scalar(select(func.count(Event.id))) == before == 1


EMPTIED = {"sqlite": "DELETE FROM event", "postgresql": "TRUNCATE event CASCADE"}


def test_the_journal_is_not_emptied_at_once(work: Any) -> None:
    make_case(work)
    statement = text(EMPTIED[work.session.get_bind().dialect.name])

    with pytest.raises(DatabaseError, match="the journal is only added to"), work.session.begin_nested():
        work.session.execute(statement)


def test_a_record_of_a_line_cannot_be_changed_through_the_session_either(work: Any) -> None:
    case = make_case(work)
    line = work.session.scalars(select(Event).where(Event.process_id == case.id)).one()

    attempt = work.session.begin_nested()
    line.reason = "niets gebeurd"
    with pytest.raises(DatabaseError, match="the journal is only added to"):
        work.session.flush()
    attempt.rollback()
    work.session.refresh(line)

    assert line.reason == ""
