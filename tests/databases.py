"""The two databases for the tests: each is migrated once, and copied for whoever asks."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Protocol

PLAIN_USERS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; the first of these that exists runs it then."""


class Databases(Protocol):
    """A kind of database that gives one away, empty or migrated, and takes it back."""

    def empty(self) -> str: ...

    def migrated(self) -> str: ...

    def drop(self, url: str) -> None: ...


class SqliteFiles:
    """Databases that are files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def empty(self) -> str:
        return f"sqlite:///{self.folder / f'{next(self._numbers)}.db'}"

    def migrated(self) -> str:
        url = self.empty()
        shutil.copyfile(self._template, url.removeprefix("sqlite:///"))
        return url

    def drop(self, url: str) -> None:
        for path in self.folder.glob(f"{Path(url.removeprefix('sqlite:///')).name}*"):
            path.unlink()

    @cached_property
    def _template(self) -> Path:
        path = self.folder / "template.db"
        migrate(f"sqlite:///{path}")
        return path


class PostgresqlCluster:
    """Databases of a running cluster; who uses them is no superuser, as in production."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._numbers = count(1)

    def empty(self) -> str:
        return self._create("template0")

    def migrated(self) -> str:
        return self._create(self._template)

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    @cached_property
    def _template(self) -> str:
        url = self.empty()
        migrate(url)
        return url.rpartition("/")[2]

    def _create(self, template: str) -> str:
        name = f"knelpunt_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} OWNER knelpunt TEMPLATE {template}")
        return f"postgresql://knelpunt@127.0.0.1:{self.port}/{name}"

    def _run(self, statement: str) -> None:
        import psycopg  # noqa: PLC0415 - the tests of the rules load no database

        with psycopg.connect(host=str(self.folder), port=self.port, user="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


class NoPostgresql(Exception):
    """This machine has no PostgreSQL server."""


@contextmanager
def postgresql_cluster(*, durable: bool = False) -> Iterator[PostgresqlCluster]:
    """Run a throw-away cluster that listens on a socket file and on loopback, and trusts everybody there.

    Nothing of it outlives the tests, so it never waits for the disk; `durable` makes it wait, as in production.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="knelpunt-pg-"))
    as_user = _plain_user(folder)
    port = _free_port()
    data, log = folder / "data", folder / "log"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    control = [*as_user, programs / "pg_ctl", "--pgdata", data, "--silent", "--wait"]
    try:
        _call(
            [*as_user, programs / "initdb", "--pgdata", data, "--auth=trust", "--username=postgres", "--no-sync"],
            ["--encoding=UTF8", "--locale=C.UTF-8"],
        )
        _call(control, ["--log", log, "--options", options, "start"])
        cluster = PostgresqlCluster(folder, port)
        cluster._run("CREATE ROLE knelpunt LOGIN CREATEDB")
        yield cluster
    finally:
        if (data / "postmaster.pid").exists():
            _call(control, ["--mode=immediate", "stop"])
        shutil.rmtree(folder)


def migrate(url: str) -> None:
    """Bring a database to the newest version."""
    from app.db.engine import make_engine  # noqa: PLC0415 - the tests of the rules load no database
    from app.db.migration import upgrade  # noqa: PLC0415

    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


def _programs() -> Path:
    """The folder of initdb and pg_ctl: POSTGRESQL_BIN, where pg_config says, or where Debian puts them."""
    named = os.environ.get("POSTGRESQL_BIN")
    folders = [Path(named)] if named else []
    if found := shutil.which("pg_config"):
        folders.append(Path(subprocess.check_output([found, "--bindir"], text=True).strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    raise NoPostgresql("PostgreSQL is not installed here: install the Debian package postgresql.")


def _plain_user(folder: Path) -> list[str]:
    """What to put before a command so that root does not run it; the folder becomes that user's."""
    if os.geteuid() != 0:
        return []
    import pwd  # noqa: PLC0415 - there is no such module where there is no root

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(known[name] for name in PLAIN_USERS if name in known)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _call(command: list[str | Path], arguments: list[str | Path]) -> None:
    # The server inherits the outputs, so they cannot be a pipe that somebody waits to close.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run([*command, *arguments], cwd="/", stdout=output, stderr=output, check=False)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[-1]} failed: {output.read()}")
