"""The journal of an installation, checked against a checkpoint that somebody kept: here, and from a copy alone."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.adapters.notary import Notary
from app.config import Config, ConfigurationError
from app.db.engine import make_engine, open_session
from app.domain.access import SYSTEM
from app.domain.journal import line_hash
from app.factory import create_app
from tests.cli.conftest import Command
from tests.make import make_case, work_of

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "verify_journal.py"
Written = list[dict[str, Any]]


@pytest.fixture
def kept(command: Command, own_database_url: str, tmp_path: Path) -> Path:
    """A checkpoint over three lines, as an outsider got it, and then two lines more."""
    add_cases(own_database_url, 3)
    assert command("worker", "--once").exit_code == 0
    app = create_app(Config.from_environment())
    answer = app.test_client().get("/api/v1/journaal/checkpoint")
    app.extensions["engine"].dispose()
    assert answer.status_code == 200
    file = tmp_path / "checkpoint.json"
    file.write_bytes(answer.get_data())
    add_cases(own_database_url, 2)
    return file


@pytest.fixture
def copy(command: Command, kept: Path, tmp_path: Path) -> Path:
    """A copy of the journal, made later."""
    file = tmp_path / "verloop.jsonl"
    assert command("journal", "export", file).stdout == "5 regels geschreven.\n"
    return file


def add_cases(url: str, amount: int) -> None:
    engine = make_engine(url)
    with open_session(engine, SYSTEM, writes=True) as session:
        for _ in range(amount):
            make_case(work_of(session))
        session.commit()
    engine.dispose()


def rewrite(file: Path, change: Callable[[Written], Written]) -> None:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    file.write_text("".join(json.dumps(row) + "\n" for row in change(rows)), "utf-8")


def said(result: Any) -> list[str]:
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    return str(result.stderr).strip().splitlines()


def test_the_journal_is_still_what_a_checkpoint_says(command: Command, kept: Path) -> None:
    key = json.loads(kept.read_text())["sleutel"]

    told = command("journal", "verify", "--checkpoint", kept)

    assert told.stdout == (
        f"Het verloop klopt.\nDe eerste 3 regels zijn wat het checkpoint zegt. Ondertekend met {key}\n"
    )


def test_a_copy_is_checked_without_a_database(
    command: Command, kept: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://niemand@127.0.0.1:9/niets")

    told = command("journal", "verify", copy, "--checkpoint", kept)

    assert told.stdout.startswith("Het verloop klopt.\nDe eerste 3 regels zijn wat het checkpoint zegt.")


def test_a_line_that_was_changed_in_a_copy_shows_without_a_checkpoint_too(command: Command, copy: Path) -> None:
    def change(rows: Written) -> Written:
        rows[1]["regel"]["reason"] = "Er is niets gebeurd."
        return rows

    rewrite(copy, change)

    assert said(command("journal", "verify", copy)) == [
        "Het verloop klopt niet:",
        "KNP-2026-00002: regel 1 past niet in de keten.",
    ]


def test_a_copy_that_was_made_to_fit_again_is_not_what_the_checkpoint_says(
    command: Command, kept: Path, copy: Path
) -> None:
    def change(rows: Written) -> Written:
        rows[1]["regel"]["reason"] = "Er is niets gebeurd."
        rows[1]["hash"] = line_hash(rows[1]["vorigeHash"], rows[1]["regel"])
        return rows

    rewrite(copy, change)

    assert command("journal", "verify", copy).exit_code == 0
    (_, fault) = said(command("journal", "verify", copy, "--checkpoint", kept))
    assert fault.startswith("De eerste 3 regels zijn veranderd sinds checkpoint 3")


def test_a_copy_of_which_the_end_was_cut_off_shows(command: Command, kept: Path, copy: Path) -> None:
    rewrite(copy, lambda rows: rows[:2])

    (_, fault) = said(command("journal", "verify", copy, "--checkpoint", kept))

    assert fault.startswith("Er zijn nog 2 regels: bij checkpoint 3")


def test_a_checkpoint_that_was_changed_or_signed_by_another_is_refused(
    command: Command, kept: Path, copy: Path
) -> None:
    told = json.loads(kept.read_text())
    trusted = Notary(b"t" * 32, "").public_key
    assert "onbekende sleutel" in said(command("journal", "verify", copy, "--checkpoint", kept, "--key", trusted))[1]

    kept.write_text(json.dumps({**told, "oorsprong": "urn:nld:oin:99999999999999999999:systeem:x"}))

    assert "De handtekening van checkpoint 3" in said(command("journal", "verify", copy, "--checkpoint", kept))[1]
    assert "De handtekening van checkpoint 3" in said(command("journal", "verify", "--checkpoint", kept))[1]


def test_a_script_with_nothing_of_ours_finds_the_same(kept: Path, copy: Path) -> None:
    key = json.loads(kept.read_text())["sleutel"]
    assert script(copy, kept) == f"Klopt: 5 regels, waarvan 3 in het checkpoint. Ondertekend met {key}"
    assert script(copy, kept, Notary(b"t" * 32, "").public_key) == "De handtekening is niet van deze sleutel."
    assert script(kept, copy) == "Een van de bestanden is geen kopie van het verloop of geen checkpoint."

    rewrite(copy, lambda rows: rows[:2])
    assert script(copy, kept) == "Er zijn 2 regels. Het checkpoint telde er 3."
    rewrite(copy, lambda rows: [{**rows[0], "plaats": 2}, *rows[1:]])
    assert script(copy, kept) == "Regel 1 (KNP-2026-00001) past niet."


def script(*arguments: object) -> str:
    command = [sys.executable, "-I", SCRIPT, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip()


@pytest.mark.parametrize("content", ["", "geen json", "{}", "[]", '{"regel": {}}', '{"regel": null, "hash": ""}'])
def test_what_is_no_copy_and_no_checkpoint_is_said_in_one_sentence(
    command: Command, tmp_path: Path, copy: Path, content: str
) -> None:
    file = tmp_path / "iets"
    file.write_text(content, "utf-8")

    assert "is geen checkpoint" in said(command("journal", "verify", copy, "--checkpoint", file))[0]
    if content:
        assert "is geen kopie van het verloop" in said(command("journal", "verify", file))[0]


def test_the_key_of_the_journal_is_made_once_beside_the_database(command: Command, kept: Path, data_dir: Path) -> None:
    key = bytes.fromhex((data_dir / "journal_key").read_text())

    assert (data_dir / "journal_key").stat().st_mode & 0o777 == 0o600
    assert Notary(key, "").public_key == json.loads(kept.read_text())["sleutel"]


def test_a_key_that_is_given_is_used_and_the_one_before_stays_known_when_it_is_named(
    command: Command, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_KEY", base64.b64encode(b"n" * 32).decode())
    command("worker", "--once")

    assert "onbekende sleutel" in said(command("verify"))[1]
    monkeypatch.setenv("JOURNAL_OLD_KEYS", json.loads(kept.read_text())["sleutel"])
    assert command("verify").exit_code == 0


@pytest.mark.parametrize(("name", "given"), [("JOURNAL_KEY", "a2V5"), ("OIN", "123"), ("OIN", "x" * 20)])
def test_what_is_no_key_and_no_number_of_an_organisation_is_refused(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str, given: str
) -> None:
    monkeypatch.setenv(name, given)

    with pytest.raises(ConfigurationError, match=name):
        Config.from_environment()


def test_who_has_an_oin_is_known_by_it(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Config.from_environment().source == "http://127.0.0.1:8000"

    monkeypatch.setenv("OIN", "00000001234567890000")

    assert Config.from_environment().source == "urn:nld:oin:00000001234567890000:systeem:knelpuntenstelsel"
