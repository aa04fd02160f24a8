"""The key that seals votes: where it comes from, and that it stays where it is."""

import base64
import tarfile
from pathlib import Path

import pytest

from app.adapters.ballot_box import BallotBox
from app.cli.installation import Installation
from app.config import Config, ConfigurationError
from tests.cli.conftest import Command

KEY = base64.b64encode(bytes(range(32))).decode()


def config(data_dir: Path, **environ: str) -> Config:
    return Config.from_environment({"MODE": "demo", "DATA_DIR": str(data_dir), **environ})


def test_the_key_is_made_once_in_a_private_file_of_the_installation(tmp_path: Path) -> None:
    first, again = config(tmp_path / "var"), config(tmp_path / "var")
    path = tmp_path / "var" / "ballot_key"

    assert first.ballot_key == again.ballot_key == bytes.fromhex(path.read_text())
    assert len(first.ballot_key) == 32
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert config(tmp_path / "other").ballot_key != first.ballot_key


def test_the_environment_can_bring_the_key_and_then_no_file_is_made(tmp_path: Path) -> None:
    brought = config(tmp_path, BALLOT_KEY=KEY, JOURNAL_KEY=KEY, SECRET_KEY="x" * 32)

    assert brought.ballot_key == brought.journal_key == bytes(range(32))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["kort", "niet base64!", KEY[:-4], KEY + "AAAA"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(ConfigurationError, match="32 bytes"):
        config(tmp_path, BALLOT_KEY=given)


def test_the_key_does_not_stand_in_what_is_printed_of_the_configuration(tmp_path: Path) -> None:
    brought = config(tmp_path, BALLOT_KEY=KEY)

    assert repr(brought.ballot_key) not in repr(brought)
    assert KEY not in repr(brought)


def test_every_session_of_an_installation_brings_the_box_along(command: Command, data_dir: Path) -> None:
    here = Installation(Config.from_environment())

    with here.work() as work:
        sealed = work.session.info["ballots"].seal({"choice": "voor"}, place="a")

    assert BallotBox(here.config.ballot_key).open(sealed, place="a") == {"choice": "voor"}
    here.engine.dispose()


def test_a_backup_does_not_hold_the_key(command: Command, data_dir: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"

    assert command("backup", archive).exit_code == 0

    key = bytes.fromhex((data_dir / "ballot_key").read_text())
    with tarfile.open(archive) as opened:
        members = {member.name: opened.extractfile(member) for member in opened.getmembers() if member.isfile()}
        contents = [file.read() for file in members.values() if file is not None]
    assert not any("key" in name for name in members)
    for content in contents:
        assert key not in content
        assert key.hex().encode() not in content
        assert base64.b64encode(key) not in content
