"""The operator's command line: each command does one thing, or says in one sentence why not."""

import io
import json
import re
import sqlite3
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from app.adapters.store import Store
from app.cli import COMMANDS
from app.db.account import Account, Grant
from app.db.engine import make_engine, open_session
from app.db.organisation import Organisation
from app.db.process import Attachment, Process
from app.domain.access import SYSTEM
from app.services.account import authenticate, choose_password
from app.services.token import holder_of_token
from tests.cli.conftest import Command, give
from tests.make import NOW, make_case, make_organisation, work_of

UTRECHT = "https://identifier.overheid.nl/tooi/id/gemeente/gm0344"


@pytest.fixture
def engine(own_database_url: str) -> Any:
    engine = make_engine(own_database_url)
    yield engine
    engine.dispose()


def write(engine: Engine, make: Any) -> Any:
    with open_session(engine, SYSTEM, writes=True) as session:
        made = make(work_of(session))
        session.commit()
        return made


def read(engine: Engine, query: Any) -> list[Any]:
    with open_session(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(query))


def said(result: Any) -> str:
    """The one sentence of a command that failed, which is no traceback."""
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return str(result.stderr.strip())


def test_the_commands_are_those_of_the_contract() -> None:
    names = {command.name for command in COMMANDS}

    assert names == {
        *("migrate", "serve", "worker", "clock", "docs", "demo", "account", "organisation", "precedent", "report"),
        "peer",
        *("search", "workflow", "journal", "backup", "restore", "verify"),
    }


def test_a_new_database_gets_its_tables_and_a_second_time_nothing(
    data_dir: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)

    assert "is nu op" in give("migrate").stdout
    assert give("migrate").stdout == "De database heeft de nieuwste tabellen.\n"
    assert give("verify").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("onzin",), "Zo werkt deze opdracht niet"),
        (("account", "token", "niemand@knelpunt.example"), "heeft geen account"),
        (("account", "token", "niemand@knelpunt.example", "--role", "keizer"), "keizer"),
        (("account", "create", "a@knelpunt.example", "--organisation", "nergens"), "staat niet in de lijst"),
        (("account", "create", "a@knelpunt.example", "--organisation", "x", "--role", "keizer"), "keizer"),
        (("organisation", "import", "/niet/daar.csv"), "No such file"),
        (("workflow", "draw", "onzin"), "Er is geen definitie onzin."),
        (("workflow", "draw", "knelpunt", "9"), "knelpunt heeft geen versie 9."),
        (("workflow", "move", "knelpunt", "1", "9"), "knelpunt heeft geen versie 9."),
        (("restore", "/niet/daar.tar"), "No such file"),
        (("restore", __file__), "Dit bestand is geen back-up van dit systeem."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    command: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in said(command(*arguments))


def test_a_database_that_is_away_is_said_in_one_sentence(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://niemand@127.0.0.1:9/niets")

    assert "De database geeft geen antwoord" in said(give("verify"))


def test_production_needs_its_secret_and_has_no_demonstration(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODE", "production")

    assert said(command("verify")) == "Zet SECRET_KEY op een geheim van ten minste 32 tekens."
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    assert command("verify").exit_code == 0
    assert "alleen buiten productie" in said(command("demo", "load"))
    assert "voorbeeldomgeving" in said(command("account", "code", "a@knelpunt.example"))


def test_the_first_administrator_is_made_and_chooses_a_password(command: Command, engine: Engine) -> None:
    write(engine, lambda work: make_organisation(work.session, "gemeente Utrecht"))

    made = command(
        "account", "create", "Beheer@Knelpunt.Example", "--organisation", "gemeente Utrecht", "--role", "beheerder"
    )

    assert made.exit_code == 0
    token = re.findall(r"http://127\.0\.0\.1:8000/wachtwoord/(\S+)", made.stdout)[0]
    with open_session(engine, SYSTEM, writes=True) as session:
        work = work_of(session)
        account = choose_password(work, token, "een goed wachtwoord")
        assert account.email == "beheer@knelpunt.example"
        assert authenticate(work, email=account.email, password="een goed wachtwoord", source="") is account
    assert read(engine, select(Grant.role)) == ["beheerder"]
    again = command("account", "create", "beheer@knelpunt.example", "--organisation", "gemeente Utrecht")
    assert "heeft al een account" in said(again)


def test_a_token_can_be_narrowed_and_end_by_itself(command: Command, engine: Engine) -> None:
    write(engine, lambda work: make_organisation(work.session, "gemeente Utrecht"))
    command("account", "create", "a@knelpunt.example", "--organisation", "gemeente Utrecht", "--role", "melder")

    given = command("account", "token", "a@knelpunt.example", "--role", "fg", "--days", "30").stdout.strip()

    with open_session(engine, SYSTEM, writes=False) as session:
        now = datetime.now(UTC)
        assert holder_of_token(session, given, now).actor().roles == set()
        assert holder_of_token(session, given, now + timedelta(days=31)) is None


def test_a_token_speaks_for_its_account_until_that_is_closed(command: Command, engine: Engine) -> None:
    write(engine, lambda work: make_organisation(work.session, "gemeente Utrecht"))
    command("account", "create", "a@knelpunt.example", "--organisation", "gemeente Utrecht")

    token = command("account", "token", "a@knelpunt.example").stdout.strip()

    def holder() -> Any:
        with open_session(engine, SYSTEM, writes=False) as session:
            return holder_of_token(session, token, NOW)

    assert holder().account.email == "a@knelpunt.example"
    assert command("account", "disable", "a@knelpunt.example").exit_code == 0
    assert holder() is None
    assert read(engine, select(Account.active)) == [False]


def test_a_list_of_organisations_is_taken_over_and_nothing_in_it_disappears(
    command: Command, engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "lijst.csv"
    file.write_text(
        f'tooi_uri,name,kind\n{UTRECHT},gemeente Utrecht,gemeente\n{UTRECHT}5,"Zorg, Welzijn",zbo\n', "utf-8"
    )
    assert command("organisation", "import", file).stdout == "2 organisaties toegevoegd, 0 gewijzigd.\n"
    assert command("organisation", "import", file).stdout == "0 organisaties toegevoegd, 0 gewijzigd.\n"
    file.write_text(f"tooi_uri,name,kind\n{UTRECHT},Utrecht,gemeente\n", "utf-8")

    assert command("organisation", "import", file).stdout == "0 organisaties toegevoegd, 1 gewijzigd.\n"

    assert sorted(read(engine, select(Organisation.name))) == ["Utrecht", "Zorg, Welzijn"]
    file.write_text("naam\nUtrecht\n", "utf-8")
    assert "ontbreken deze kolommen: kind, name, tooi_uri" in said(command("organisation", "import", file))


def test_definitions_are_checked_and_drawn(command: Command) -> None:
    checked = command("workflow", "check")

    assert "knelpunt, versie 1: in orde\n" in checked.stdout
    assert command("workflow", "draw", "knelpunt").stdout.startswith('digraph "knelpunt" {')


def test_a_journal_that_does_not_hold_is_said_and_a_copy_of_it_can_be_read(
    command: Command, engine: Engine, tmp_path: Path, own_database_url: str
) -> None:
    number = write(engine, lambda work: make_case(work).number)
    assert command("journal", "verify").stdout == "Het verloop klopt.\n"

    assert command("journal", "export", tmp_path / "verloop.jsonl").stdout == "1 regels geschreven.\n"

    (line,) = (tmp_path / "verloop.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["regel"]["process"] == number
    if own_database_url.startswith("sqlite"):
        with sqlite3.connect(own_database_url.removeprefix("sqlite:///")) as connection:
            connection.execute("UPDATE process SET state = 'gesloten'")
        assert f"{number}: de laatste regel zegt" in said(command("verify"))
        with sqlite3.connect(own_database_url.removeprefix("sqlite:///")) as connection:
            connection.execute("UPDATE process SET state = 'ingediend'")


def test_a_damaged_file_is_found(command: Command, engine: Engine, data_dir: Path) -> None:
    digest = Store(data_dir / "files").put(b"inhoud")
    missing = "0" * 64

    def make(work: Any) -> None:
        case = make_case(work)
        rows = {"process_id": case.id, "name": "a.txt", "size": 6, "media_type": "text/plain", "account_id": None}
        work.session.add_all(Attachment(digest=one, at=NOW, **rows) for one in (digest, missing))

    write(engine, make)
    (data_dir / "files" / digest[:2] / digest[2:]).write_bytes(b"anders")

    sentence = said(command("verify"))

    assert f"Bestand {digest} is beschadigd." in sentence
    assert f"Bestand {missing} ontbreekt." in sentence


def test_a_backup_brings_everything_back_and_keeps_what_it_replaces(
    command: Command, engine: Engine, data_dir: Path, tmp_path: Path
) -> None:
    kept = Store(data_dir / "files").put(b"inhoud")
    first = write(engine, lambda work: make_case(work).number)
    archive = tmp_path / "backup.tar.gz"
    assert "met 1 bestanden" in command("backup", archive).stdout
    assert archive.stat().st_mode & 0o077 == 0
    second = write(engine, lambda work: make_case(work).number)
    (data_dir / "files" / kept[:2] / kept[2:]).unlink()
    engine.dispose()

    restored = command("restore", archive)

    assert restored.exit_code == 0, restored.stderr
    assert read(engine, select(Process.number)) == [first]
    assert Store(data_dir / "files").read(kept) == b"inhoud"
    assert command("verify").exit_code == 0
    engine.dispose()
    (before,) = data_dir.glob("voor-terugzetten-*.tar.gz")
    assert command("restore", before).exit_code == 0
    assert sorted(read(engine, select(Process.number))) == [first, second]


def test_a_backup_that_was_tampered_with_replaces_nothing(
    command: Command, engine: Engine, data_dir: Path, tmp_path: Path
) -> None:
    Store(data_dir / "files").put(b"inhoud")
    number = write(engine, lambda work: make_case(work).number)
    archive, tampered = tmp_path / "backup.tar.gz", tmp_path / "tampered.tar"
    command("backup", archive)
    with tarfile.open(archive) as source, tarfile.open(tampered, "w") as target:
        for member in source.getmembers():
            content = source.extractfile(member).read()  # type: ignore[union-attr]
            changed = b"anders" if member.name.startswith("files/") else content
            member.size = len(changed)
            target.addfile(member, io.BytesIO(changed))

    assert "in deze back-up is beschadigd" in said(command("restore", tampered))
    assert read(engine, select(Process.number)) == [number]


def test_the_pages_that_follow_from_the_code_are_made_and_then_are_up_to_date(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "docs/workflows/knelpunt.md" in said(give("docs", "--check"))

    made = give("docs")

    assert made.exit_code == 0, made.stderr
    assert give("docs", "--check").exit_code == 0
    assert "| `/knelpunten/<number>` | GET |" in (tmp_path / "docs" / "routes.md").read_text("utf-8")
    (tmp_path / "docs" / "workflows" / "oud.md").write_text("weg")
    assert "oud.md" in said(give("docs", "--check"))


def test_the_clock_and_the_worker_can_be_run_once(command: Command, engine: Engine) -> None:
    assert command("clock", "--once").exit_code == 0
    assert command("worker", "--once").exit_code == 0
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM outbox WHERE done_at IS NULL")).scalar() == 0
