import json
import os
import subprocess
import sys

import pytest

# What the first page does not need would cost each web server a second, and tens of megabytes.
ONLY_WHEN_ASKED = (
    "alembic",
    "app.cli",
    "cryptography",
    "icalendar",
    "joserfc",
    "magic",
    "pikepdf",
    "psycopg",
    "rapidfuzz",
    "rdflib",
    "simplemma",
    "weasyprint",
)
STARTED = """
import json, sys, click
from wsgi import application
loaded = sorted(sys.modules)
with click.Context(application.cli) as context:
    print(json.dumps([loaded, application.cli.list_commands(context)]))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """What a web server has loaded on SQLite, and the commands that it knows."""
    folder = tmp_path_factory.mktemp("data")
    environment = {**os.environ, "DATA_DIR": str(folder), "MODE": "demo", "DATABASE_URL": f"sqlite:///{folder}/own.db"}
    said = subprocess.check_output([sys.executable, "-c", STARTED], env=environment)
    return json.loads(said)


def test_a_web_server_loads_only_what_pages_need(started):
    loaded, _ = started

    assert [name for name in ONLY_WHEN_ASKED if name in loaded] == []


def test_flask_knows_the_commands_too(started):
    _, commands = started

    assert {"migrate", "worker", "backup", "demo"} <= set(commands)
