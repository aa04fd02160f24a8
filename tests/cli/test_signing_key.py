"""A key that cannot sign is refused at the start, and not with the first ruling."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command, give
from tests.keys import signing_key

SENTENCE = "SIGNING_KEY is een PEM-bestand met een sleutel zonder wachtwoord en het certificaat."


@pytest.mark.parametrize("content", [None, b"", b"geen sleutel"])
def test_a_worker_does_not_start_with_a_key_that_is_none(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SIGNING_KEY", str(file))

    result = command("worker", "--once")

    assert (result.exit_code, result.stderr.strip()) == (1, SENTENCE)


def test_a_worker_starts_with_a_key(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(signing_key())
    monkeypatch.setenv("SIGNING_KEY", str(file))

    assert give("worker", "--once").exit_code == 0
