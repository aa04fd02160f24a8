"""What depends on a state, an action or a role is said in the definitions: no Python and no template names one."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
DEFINITIONS = [tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "workflows").glob("*/[0-9]*.toml"))]
STATES = {state for definition in DEFINITIONS for state in definition["state"]}
ACTIONS = {step["action"] for definition in DEFINITIONS for step in definition["transition"]}
ROLES = set(tomllib.loads((ROOT / "workflows" / "lists" / "rol.toml").read_text("utf-8"))["values"])
PYTHON = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})

# Words that are a state somewhere, and here something else.
NO_STATE = {
    ("app/domain/errors.py", "geweigerd"): "the code of a refusal",
    ("app/services/clock.py", "concept"): "the name of a letter",
    ("app/services/treatment.py", "in_heroverweging"): "a mark on a precedent, which stays in its state",
    ("app/domain/recommendation.py", "geen_reactie"): "the class of a recommendation without a reaction",
}


def texts(tree: ast.Module) -> Iterator[str]:
    """Every text in a module, but for docstrings, and for the names that outsiders know a field by."""
    left_out = {id(text) for text in chain_of_docstrings(tree)}
    left_out |= {
        id(keyword.value) for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords
        if keyword.arg == "data_key"
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


def chain_of_docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_no_python_names_a_state() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), text) for path in PYTHON for text in texts(parsed(path)) if text in STATES
    }

    assert found == NO_STATE.keys()


def test_no_python_compares_a_state_an_action_or_a_role_with_a_literal() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {text.value}"
        for path in PYTHON
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Compare | ast.match_case)
        for text in ast.walk(node)
        if isinstance(text, ast.Constant) and text.value in STATES | ACTIONS | ROLES
    ]

    assert found == []


def test_no_template_compares_a_state_an_action_or_a_role_with_a_literal() -> None:
    reader = Environment(extensions=["jinja2.ext.i18n"])

    found = [
        f"{path.relative_to(ROOT)}:{text.lineno}: {text.value}"
        for path in TEMPLATES
        for comparison in reader.parse(path.read_text("utf-8")).find_all(nodes.Compare)
        for text in comparison.find_all(nodes.Const)
        if text.value in STATES | ACTIONS | ROLES
    ]

    assert found == []


def test_there_is_something_to_look_through() -> None:
    assert len(STATES) > 60
    assert len(PYTHON) > 100
    assert len(TEMPLATES) > 30
