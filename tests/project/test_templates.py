"""Every template can be read, and none lets text through unescaped."""

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(path for path in ROOT.rglob("*") if path.suffix in {".html", ".txt", ".xml"})

every_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())


def parsed(path: Path) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text("utf-8"))


@every_template
def test_a_template_can_be_read(path: Path) -> None:
    assert parsed(path).body


@every_template
def test_what_a_template_takes_from_another_is_there(path: Path) -> None:
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    taken = [node.template.value for node in parsed(path).find_all(kinds) if isinstance(node.template, nodes.Const)]

    assert [name for name in taken if not (ROOT / name).exists()] == []


@every_template
def test_no_template_lets_text_through_unescaped(path: Path) -> None:
    tree = parsed(path)

    assert [found.lineno for found in tree.find_all(nodes.Filter) if found.name == "safe"] == []
    assert list(tree.find_all(nodes.MarkSafe)) == []
    assert [found.lineno for found in tree.find_all(nodes.ScopedEvalContextModifier)] == []
