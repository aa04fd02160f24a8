"""The official rules for the APIs of the Dutch government, checked by the linter for which they are written."""

import json
import subprocess
from pathlib import Path

from app.api.openapi import description
from tests.browser import ROOT
from tests.standards import official

SPECTRAL = (
    ROOT / "scripts" / "with_node.sh",
    "node",
    ROOT / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js",
    "lint",
    "--format=json",
    "--quiet",
    "--fail-severity=hint",
)


def test_the_description_breaks_no_rule_and_needs_no_explanation(tmp_path: Path) -> None:
    (rules,) = official("nlgov-api-design-rules.spectral.yaml")
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(description()), "utf-8")
    said = tmp_path / "said.json"

    # Node ends without waiting for a pipe that is full, so what it says goes to a file.
    done = subprocess.run(
        [*SPECTRAL, f"--ruleset={rules}", f"--output={said}", described],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.exists(), done.stderr
    found = json.loads(said.read_text("utf-8"))
    assert [f"{one['code']}: {'/'.join(map(str, one['path']))}: {one['message']}" for one in found] == []
