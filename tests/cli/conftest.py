"""An installation for commands: a database of each kind, a folder, and a way to give a command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import knelpunt

Command = Callable[..., Result]
JOURNAL = ("JOURNAL_KEY", "JOURNAL_OLD_KEYS", "OIN")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a demonstration with a folder of its own, and no database yet."""
    for name in (
        "SMTP_URL",
        "CLOCK_OFFSET",
        "HOST",
        "PORT",
        "PUBLIC_URL",
        "SECRET_KEY",
        "BALLOT_KEY",
        "SIGNING_KEY",
        *JOURNAL,
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MODE", "demo")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", "")
    return tmp_path / "var"


@pytest.fixture
def command(data_dir: Path, own_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Give a command to an installation with the newest tables and nothing in them."""
    monkeypatch.setenv("DATABASE_URL", own_database_url)
    return give


def give(*arguments: object) -> Result:
    """Give a command, as an operator would."""
    return CliRunner().invoke(knelpunt, [str(argument) for argument in arguments])
