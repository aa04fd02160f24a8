"""Official schemas, which stay out of the repository: a test that needs one says where it looked, and is skipped."""

import os
from pathlib import Path

import pytest


def official(pattern: str) -> list[Path]:
    """The files of a standard in the folder that `STANDARDS_DIR` names."""
    folder = os.environ.get("STANDARDS_DIR")
    if not folder:
        pytest.skip("STANDARDS_DIR is not set: the official schemas are not here")
    found = sorted(Path(folder).glob(pattern))
    if not found:
        pytest.skip(f"STANDARDS_DIR has no {pattern}")
    return found
