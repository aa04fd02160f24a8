"""The engine: how each database is opened so that nothing is lost and nobody overwrites another."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, Executable, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import app.db.visibility  # noqa: F401 - registers the filter
from app.domain.access import Actor

READS, WRITES = "reads", "writes"
PATIENCE = 30_000
"""How long a write waits for another on SQLite, in milliseconds."""


def make_engine(url: str) -> Engine:
    """Open a database; a transaction writes only on an engine with the option `access="writes"`.

    SQLite: WAL, FULL and foreign keys, and BEGIN IMMEDIATE for whoever may write, since a read that
    turns into a write would otherwise lose updates. PostgreSQL: read-only transactions for readers.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=20)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "before_cursor_execute", _answer_packed)
    return engine


def open_session(engine: Engine, reader: Actor, *, writes: bool) -> Session:
    """A session for one reader; without `writes` the database itself refuses every change.

    What the engine was given to seal and open votes with, where it finds files, by what it knows the meaning of texts
    and what it may reach outside, goes along with each session.
    """
    bound = engine.execution_options(access=WRITES if writes else READS)
    options = engine.get_execution_options()
    given = {name: options.get(name) for name in ("ballots", "store", "meaning", "egress")}
    return Session(bound, info={"reader": reader, **given}, expire_on_commit=False)


def only_reads(session: Session) -> bool:
    """Can nothing be written in this session?"""
    return session.get_bind().get_execution_options().get("access") == READS


def write_aside(engine: Engine, statement: Executable) -> None:
    """Write what may also be lost, such as when a key was last used: now, or else not at all."""
    # Somebody else is writing, or the database is gone: the next time it may do.
    with suppress(OperationalError), engine.execution_options(access=WRITES).connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        if connection.dialect.name != "sqlite":
            with connection.begin():
                driver.execute("SET LOCAL lock_timeout = '10ms'")
                connection.execute(statement)
            return
        driver.execute("PRAGMA busy_timeout=0")
        try:
            with connection.begin():
                connection.execute(statement)
        finally:
            driver.execute(f"PRAGMA busy_timeout={PATIENCE}")


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=20)
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={PATIENCE}",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("access") == READS
    # Straight on the driver, since each request begins with it; but a write may wait in vain, and that is an
    # error that the application has to know.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    if reads:
        driver.execute("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    from psycopg import IsolationLevel  # noqa: PLC0415 - who runs on SQLite does not load this driver

    driver: Any = connection.connection.dbapi_connection
    # The driver says it in the BEGIN that it sends with the first statement, so it costs no round trip.
    reads = connection.get_execution_options().get("access") == READS
    driver.read_only = reads
    # Who reads sees one moment, as on SQLite: what a list counts is what it shows.
    driver.isolation_level = IsolationLevel.REPEATABLE_READ if reads else None


def _answer_packed(
    _connection: Connection, cursor: Any, _statement: str, _parameters: Any, context: Any, _many: object
) -> None:
    """Bytes that were asked as such come as they lie: written out as figures they would be twice as long."""
    if context is not None and context.execution_options.get("packed"):
        from psycopg.pq import Format  # noqa: PLC0415 - as above

        cursor.format = Format.BINARY
