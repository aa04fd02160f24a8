"""A site that the tests of one module share."""

from collections.abc import Iterator

import pytest

from tests.databases import SqliteFiles
from tests.journals import assert_journals_hold
from tests.site import Site, open_site


@pytest.fixture(scope="module")
def site(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = sqlite_files.migrated()
    with open_site(url, tmp_path_factory.mktemp("data")) as opened:
        yield opened
        with opened.work() as work:
            assert_journals_hold(work.session)
    sqlite_files.drop(url)
