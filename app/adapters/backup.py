"""A copy of a whole database, taken while it is in use, and put back; each kind of database by its own means."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class BackupFailed(Exception):
    """The copy could not be made or put back; the message is a Dutch sentence for the operator."""


def kind_of(url: str) -> str:
    """The kind of a database; a copy goes back into the same kind only."""
    return make_url(url).get_backend_name()


def copy_database(url: str, target: Path) -> None:
    """Write a copy of the database, as it was at one moment, to a file."""
    address = make_url(url)
    if address.get_backend_name() == SQLITE:
        _copy(Path(address.database or ""), target)
    else:
        _call("pg_dump", address, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def put_database_back(url: str, source: Path) -> None:
    """Replace everything in the database by a copy, at once; whoever reads meanwhile sees the old or the new."""
    address = make_url(url)
    if address.get_backend_name() == SQLITE:
        _check(source)
        _copy(source, Path(address.database or ""))
    else:
        options = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges", str(source))
        _call("pg_restore", address, *options)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _check(source: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as copy:
            (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupFailed("De database in deze back-up is beschadigd.") from error
    if answer != "ok":
        raise BackupFailed("De database in deze back-up is beschadigd.")


def _call(program: str, address: URL, *options: str) -> None:
    # The password is no argument: arguments can be read by everybody on the machine.
    environment = {**os.environ, "PGPASSWORD": address.password} if address.password else dict(os.environ)
    plain = address.set(drivername=POSTGRESQL, password=None).render_as_string(hide_password=False)
    try:
        done = subprocess.run(  # noqa: S603 - the program and its options are ours
            [program, f"--dbname={plain}", *options], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupFailed(f"{program} is niet geïnstalleerd. Installeer de client van PostgreSQL.") from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["geen uitleg"])[-1]
        raise BackupFailed(f"{program} is mislukt: {said}")
