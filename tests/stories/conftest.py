"""What the stories in a browser share: windows on a site that is served, in which nothing may go wrong unseen."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import served
from tests.site import Site
from tests.stories.screen import Screens


@pytest.fixture
def screens(site: Site, browser: Any) -> Iterator[Screens]:
    """Windows for the people of a story; `site` is what the story says it is."""
    with served(site.app) as url:
        opened = Screens(browser, url)
        yield opened
        opened.close()
    assert opened.faults == []
