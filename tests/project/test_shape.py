"""What the architecture promises of the code, where no linter can see it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from app.services.work import Work

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
PYTHON = sorted(APP.rglob("*.py"))
FRAMEWORKS = {"alembic", "flask", "flask_login", "jinja2", "marshmallow", "sqlalchemy", "weasyprint", "werkzeug"}

# Where a transaction ends: a request, a browser's session, the loops of the clock and the worker with what these look
# after, a command.
COMMITTING = {
    "factory.py",
    "services/checkpoint.py",
    "services/clock.py",
    "services/delivery.py",
    "services/index.py",
    "services/listener.py",
    "services/meaning.py",
    "services/worker.py",
    "web/session.py",
}
# The table itself is not filtered by who reads. It is asked for what is no content: who is who, an order, a hash;
# to lock it; or by those who see everything.
UNFILTERED = {
    "services/effects/agenda.py": "the place on the agenda",
    "services/effects/precedent.py": "the lock",
    "services/facts.py": "who handles a case, which cases and items belong together",
    "services/feed.py": "the number of the ruling behind a line that is shown",
    "services/journal.py": "the whole journal, for the operator",
    "services/law_change.py": "the lock",
    "services/listing.py": "the ids to count among, which the filter still narrows",
    "services/move.py": "the lock",
    "services/notice.py": "the number under a letter to somebody who may see it",
    "services/particulars.py": "the questions of cases that a list already showed",
    "services/process.py": "the lock",
    "services/record.py": "which ruling cites which, by id",
    "services/treatment.py": "the lock, and until when a later ruling held",
    "services/withholding.py": "what hangs from a case, and the number on the card of what is not shown",
}


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def places(*names: str, only_methods: bool = False) -> set[str]:
    """The modules that call something by one of these names."""
    return {
        path.relative_to(APP).as_posix()
        for path in PYTHON
        for call in calls(path)
        if name_of(call) in names and (isinstance(call.func, ast.Attribute) or not only_methods)
    }


def test_the_rules_load_no_framework() -> None:
    modules = [f"app.domain.{path.stem}" for path in sorted((APP / "domain").glob("*.py")) if path.stem != "__init__"]
    program = f"import sys, {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"

    loaded = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).split()

    assert FRAMEWORKS & set(loaded) == set()
    assert len(modules) > 15


def test_work_has_four_fields_and_never_a_fifth() -> None:
    assert [field.name for field in fields(Work)] == ["session", "actor", "now", "workflows"]


def test_a_transaction_ends_in_one_place() -> None:
    found = {place for place in places("commit", only_methods=True) if not place.startswith("cli/")}

    assert found == COMMITTING


def test_no_query_goes_where_the_filter_does_not_reach() -> None:
    assert places("any", "has", only_methods=True) == set()


def test_exists_is_asked_of_a_select() -> None:
    """A bare `exists().where(…)` is not filtered; `exists(select(…))` is."""
    bare = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in PYTHON
        for call in calls(path)
        if name_of(call) == "exists" and isinstance(call.func, ast.Name) and not call.args
    ]

    assert bare == []


def test_sql_as_text_stands_in_the_condition_of_a_partial_index_alone() -> None:
    assert places("text", "literal_column") <= {"db/feed.py", "db/process.py", "db/search.py", "db/webhook.py"}
    assert places("exec_driver_sql") == {"db/engine.py", "db/migration.py"}


def test_a_table_is_read_past_the_filter_only_where_it_is_said_why() -> None:
    found = {
        path.relative_to(APP).as_posix()
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "__table__"
    }

    assert {place for place in found if not place.startswith(("db/", "cli/"))} == UNFILTERED.keys()


def test_the_clock_is_read_at_the_edge() -> None:
    """Below it the moment is `work.now`, so that a test and a demonstration can choose it."""
    found = places("now", "today", "utcnow", "time", only_methods=True)

    assert {place for place in found if place.startswith(("domain/", "db/", "schemas/"))} == set()


def test_the_day_of_a_moment_is_the_day_in_amsterdam() -> None:
    """In the tests too: one that takes the day of UTC fails in the hour or two after midnight in Amsterdam alone."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (*PYTHON, *(ROOT / "tests").rglob("*.py"))
        for call in calls(path)
        if name_of(call) == "date" and isinstance(call.func, ast.Attribute) and not call.args
    }

    assert found == {"app/domain/calendar.py", "app/domain/dutch.py", "tests/stories/test_street_through_api.py"}


def test_each_module_opens_with_its_duty() -> None:
    silent = [
        path.relative_to(APP).as_posix()
        for path in PYTHON
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip().endswith((".", ")"))
    ]

    assert silent == []


def test_no_module_is_a_drawer() -> None:
    names = {path.stem for path in PYTHON}

    assert names.isdisjoint({"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"})
