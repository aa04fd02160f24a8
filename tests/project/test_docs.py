"""The documentation says what is there: links lead somewhere, pages that follow from the code follow it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.test_shape import APP, PYTHON

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))

    assert [one for one in targets if ":" not in one and not (page.parent / one).exists()] == []


def test_the_readme_fits_on_a_screen() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 45


def test_the_architecture_links_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    modules = [path.relative_to(ROOT).as_posix() for path in PYTHON if path.stem != "__init__" and path.parent != APP]

    assert [module for module in modules if f"(../{module})" not in text] == []


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    listed = (ROOT / "docs" / "architecture.md").read_text("utf-8")

    assert [path.name[:5] for path in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]
    assert [path.name for path in DECISIONS if f"(decisions/{path.name})" not in listed] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_of_four_parts(decision: Path) -> None:
    text = decision.read_text("utf-8")

    assert text.startswith(f"# {decision.name[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Options", "Decision", "Consequences"]
    assert len(text.split()) < 700


def test_a_decision_that_the_code_refers_to_is_there() -> None:
    numbers = {path.name[:4] for path in DECISIONS}
    sources = [*PYTHON, *(ROOT / "workflows").rglob("*.toml"), *(ROOT / "templates").rglob("*.html")]
    named = {number for path in sources for number in re.findall(r"decisions?[ /](\d{4})", path.read_text("utf-8"))}

    assert named <= numbers


def test_every_variable_is_explained() -> None:
    read = set(re.findall(r'environ(?:\.get\(|, )"([A-Z_]+)"', (APP / "config.py").read_text("utf-8")))
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text("utf-8")))

    assert len(read) > 8
    assert read <= explained


def test_every_command_is_explained() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    program = "from app.cli import COMMANDS; print(*(command.name for command in COMMANDS))"
    commands = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).split()

    assert [name for name in commands if f"`knelpunt {name}" not in text] == []


def test_the_changelog_begins_with_what_is_new() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert headings[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ – \d{4}-\d{2}-\d{2}", heading) for heading in headings[1:])


def test_the_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
