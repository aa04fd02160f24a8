"""What the tests of the API ask for: a stage on each kind of database, empty or with a whole street on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine

from app.db.engine import make_engine
from app.services.external import keep_decisions
from tests.api.shelf import fill_shelf
from tests.api.stage import Stage
from tests.api.street import whole_street
from tests.databases import Databases


@pytest.fixture
def stage(own_engine: Engine, tmp_path: Path) -> Stage:
    """A stage of one test alone, which commits."""
    return Stage(own_engine, tmp_path)


class Street(NamedTuple):
    """A stage on which a report became a precedent, and the paths of all that was made."""

    stage: Stage
    paths: dict[str, str]


@pytest.fixture(scope="module")
def street(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """One street for the tests of a module, which only look at it."""
    with shared_stage(databases, tmp_path_factory.mktemp("street")) as made:
        with made.work() as work:
            keep_decisions(work, [{"source": "AP", "source_id": "z1", "text": "Over vissteigers."}])
        yield Street(made, whole_street(made))


@pytest.fixture(scope="module")
def shelf(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Ten cases for the tests of a module, which only look at them."""
    with shared_stage(databases, tmp_path_factory.mktemp("shelf")) as made:
        fill_shelf(made, 10)
        yield made


@contextmanager
def shared_stage(databases: Databases, folder: Path) -> Iterator[Stage]:
    """A stage on a database of its own."""
    url = databases.migrated()
    engine = make_engine(url)
    yield Stage(engine, folder)
    engine.dispose()
    databases.drop(url)
