"""What tests ask for: a database of each kind, a browser, a page."""

import gc
import os
from collections.abc import Generator, Iterator
from typing import Any, NoReturn

import hypothesis
import pytest
from xdist.scheduler import LoadFileScheduling

from tests.browser import NoChromium, chromium
from tests.databases import Databases, NoPostgresql, SqliteFiles, postgresql_cluster

# How long one example takes says more about the machine than about the rule.
hypothesis.settings.register_profile("knelpunt", deadline=None)
hypothesis.settings.load_profile("knelpunt")


BROWSER = "browser"


class ByModule(LoadFileScheduling):  # type: ignore[misc]
    """Keep a module on one worker, since its database is there; what opens a browser goes one by one.

    That takes longest, so it begins first, and the other workers do the rest meanwhile.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return BROWSER if path.endswith("_in_browser.py") else path

    def _assign_work_unit(self, node: Any) -> None:
        if BROWSER in self.workqueue:
            self.workqueue.move_to_end(BROWSER, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    return ByModule(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    """Make what a test needs without looking for garbage meanwhile.

    An application reads the rules of its addresses as Python (werkzeug, `ast.parse`). Where a connection that an
    earlier test left is cleared away in the middle of that, another thread may run, and Python 3.11 breaks off with
    "AST constructor recursion depth mismatch" (CPython issue 106905).
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return (yield)
    finally:
        if collects:
            gc.enable()


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    try:
        with postgresql_cluster() as cluster:
            yield cluster
    except NoPostgresql as reason:
        _do_without(reason)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Whoever asks for a database is run twice: once on each kind."""
    kinds = {"sqlite": "sqlite_files", "postgresql": "postgresql"}
    found: Databases = request.getfixturevalue(kinds[request.param])
    return found


@pytest.fixture(scope="module")
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database that the tests of one module share: what a test writes, it rolls back."""
    url = databases.migrated()
    yield url
    _check_journals(url)
    databases.drop(url)


@pytest.fixture
def own_database_url(databases: Databases) -> Iterator[str]:
    """A migrated database for one test alone, which may commit."""
    url = databases.migrated()
    yield url
    _check_journals(url)
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database that holds nothing yet: for the tests of the migrations, and for who breaks a journal on purpose."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Any]:
    """The engine of the database that a module shares."""
    from app.db.engine import make_engine  # noqa: PLC0415 - the tests of the rules load no database

    opened = make_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def own_engine(own_database_url: str) -> Iterator[Any]:
    """The engine of a database for one test alone, which may commit and use threads."""
    from app.db.engine import make_engine  # noqa: PLC0415 - the tests of the rules load no database

    opened = make_engine(own_database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: Any) -> Iterator[Any]:
    """A session that may write and sees everything; each journal ends in its state, and all is rolled back."""
    from app.db.engine import open_session  # noqa: PLC0415 - the tests of the rules load no database
    from app.domain.access import SYSTEM  # noqa: PLC0415
    from tests.journals import assert_journals_hold  # noqa: PLC0415

    with open_session(engine, SYSTEM, writes=True) as opened:
        yield opened
        assert_journals_hold(opened)
        opened.rollback()


@pytest.fixture
def work(session: Any) -> Any:
    """The circumstances of a test: the system acts, on a fixed morning; `tests.make.acting` takes another actor."""
    from tests.make import work_of  # noqa: PLC0415 - the tests of the rules load no database

    return work_of(session)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for a module; a test asks for a `page` of it."""
    try:
        with chromium() as opened:
            yield opened
    except NoChromium as reason:
        _do_without(reason)


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page without a past; a script that fails or that the content policy refuses fails the test."""
    context = browser.new_context(
        locale="nl-NL", timezone_id="Europe/Amsterdam", viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    context.close()
    assert faults == []


def _check_journals(url: str) -> None:
    """After every test: the last line of each journal is the state, and the chain holds."""
    from app.db.engine import make_engine, open_session  # noqa: PLC0415 - the tests of the rules load no database
    from app.domain.access import SYSTEM  # noqa: PLC0415
    from tests.journals import assert_journals_hold  # noqa: PLC0415

    engine = make_engine(url)
    with open_session(engine, SYSTEM, writes=False) as session:
        assert_journals_hold(session)
    engine.dispose()


def _do_without(reason: Exception) -> NoReturn:
    """Skip what this machine cannot run; the build may not skip anything."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(reason), pytrace=False)
    pytest.skip(str(reason))
