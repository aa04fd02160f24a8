"""How a database is opened: who reads cannot write, and who may write does not overwrite another."""

from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.db.engine import open_session
from app.db.organisation import Organisation
from app.db.process import Process
from app.domain.access import PUBLIC, SYSTEM
from tests.make import make_case, make_organisation, work_of


def test_a_session_that_reads_cannot_write(engine: Any) -> None:
    with open_session(engine, SYSTEM, writes=False) as session:
        with pytest.raises(DatabaseError, match=r"read-?only"):
            session.execute(insert(Organisation).values(name="x", kind="x", joined=False, needs_approval=False))
        session.rollback()

        assert session.scalar(select(func.count(Organisation.id))) == 0


def test_a_connection_that_was_used_to_read_can_write_again(engine: Any) -> None:
    with open_session(engine, SYSTEM, writes=False) as session:
        session.scalar(select(1))
    with open_session(engine, SYSTEM, writes=True) as session:
        make_organisation(session)

        assert session.scalar(select(func.count(Organisation.id))) == 1


def test_a_session_needs_a_reader(engine: Any) -> None:
    with Session(engine) as session, pytest.raises(KeyError, match="reader"):
        session.scalars(select(Process))


def test_of_two_who_change_the_same_thing_the_second_is_refused(own_engine: Any) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        case = make_case(work_of(session))
        session.commit()
    with open_session(own_engine, SYSTEM, writes=False) as reading:
        stale = reading.scalars(select(Process)).one()
    with open_session(own_engine, SYSTEM, writes=True) as session:
        first = session.get_one(Process, case.id)
        first.title = "Eerst"
        session.commit()

    with open_session(own_engine, SYSTEM, writes=True) as session:
        session.add(stale)
        stale.title = "Daarna"
        with pytest.raises(StaleDataError):
            session.flush()
    with open_session(own_engine, PUBLIC, writes=False) as session:
        session.info["reader"] = SYSTEM
        assert session.scalar(select(Process.title)) == "Eerst"


# SQLite has synced what it acknowledged, and holds references; a reader's transaction is read-only on both.
SETTINGS = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA synchronous": 2,
        "PRAGMA foreign_keys": 1,
        "PRAGMA busy_timeout": 30000,
        "PRAGMA query_only": 1,
    },
    "postgresql": {"SHOW transaction_read_only": "on"},
}


def test_a_database_is_opened_with_the_settings_that_keep_what_it_acknowledged(engine: Any) -> None:
    expected = SETTINGS[engine.dialect.name]

    with open_session(engine, SYSTEM, writes=False) as session:
        found = {question: session.scalar(text(question)) for question in expected}

    assert found == expected
