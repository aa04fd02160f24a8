"""A ruling to draw, and the folders with what its page names."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.adapters.page import Templates

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "app" / "web" / "static" / "build" / "fonts"


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates(ROOT / "templates")


@pytest.fixture
def record() -> dict[str, Any]:
    """The public record of an invented ruling on case C04, with every field filled; yours to change."""
    return json.loads((Path(__file__).parent / "ruling.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def assets() -> list[Path]:
    if not FONTS.is_dir():
        sentence = "the fonts are not there; run `make look` first"
        pytest.fail(sentence, pytrace=False) if os.environ.get("CI") == "true" else pytest.skip(sentence)
    return [ROOT / "templates" / "pdf", FONTS]
