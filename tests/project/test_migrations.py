"""The migrations as files: numbered, in one row, and free of the code that they brought here."""

import ast
import re
from pathlib import Path

from app.db.migration import head_revision

FOLDER = Path(__file__).parents[2] / "migrations"
VERSIONS = sorted((FOLDER / "versions").glob("*.py"))


def assigned(path: Path) -> dict[str, object]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def test_the_last_one_is_the_head() -> None:
    assert (FOLDER / "head").read_text("utf-8").strip() == VERSIONS[-1].stem == head_revision()


def test_each_follows_the_one_before_and_has_the_name_of_its_file() -> None:
    before = None
    for number, path in enumerate(VERSIONS, start=1):
        given = assigned(path)
        assert re.fullmatch(rf"{number:04}_[a-z0-9_]+", path.stem)
        assert (given["revision"], given["down_revision"]) == (path.stem, before)
        before = path.stem


def test_none_imports_the_application() -> None:
    for path in VERSIONS:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.partition(".")[0] == "app"], path.name


def test_each_can_be_taken_back() -> None:
    for path in VERSIONS:
        functions = {
            node.name: node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
        }
        assert functions.keys() >= {"upgrade", "downgrade"}
        assert len(functions["downgrade"].body) > 1
