"""`knelpunt peer`: following another installation, taking over now, and saying what stood in the way."""

from collections.abc import Iterator

import pytest

from tests.centre import Centre, running
from tests.cli.conftest import Command

NUMBER = "CCG:2026:12"


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    monkeypatch.setenv("EGRESS_NETWORKS", "127.0.0.0/8")
    with running(Centre()) as there:
        yield there


def test_who_is_added_is_taken_over_at_once_and_again_when_asked(command: Command, centre: Centre) -> None:
    centre.publish(NUMBER)

    added = command("peer", "add", centre.url, "--name", "centrum")
    centre.publish(NUMBER, titel="De tweede versie")
    centre.publish("CCG:2026:13")
    one, every = command("peer", "sync", centre.url), command("peer", "sync")
    afresh = command("peer", "sync", "--afresh")

    assert added.output == (
        f"U volgt {centre.url}. De uitspraken heten hier EXT:centrum:….\n"
        "1 uitspraken overgenomen, 0 bijgewerkt, 0 ongewijzigd.\n"
    )
    assert one.output == "1 uitspraken overgenomen, 1 bijgewerkt, 0 ongewijzigd.\n"
    assert every.output == "0 uitspraken overgenomen, 0 bijgewerkt, 0 ongewijzigd.\n"
    assert afresh.output == "0 uitspraken overgenomen, 0 bijgewerkt, 2 ongewijzigd.\n"


def test_the_worker_takes_over_when_it_is_time(
    command: Command, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("peer", "add", centre.url, "--name", "centrum")
    centre.publish(NUMBER)

    command("worker", "--once")
    assert "0 uitspraken" in command("peer", "list").output
    monkeypatch.setenv("CLOCK_OFFSET", "90")
    command("worker", "--once")
    assert "1 uitspraken" in command("peer", "list").output


def test_who_is_followed_is_shown_with_when_it_was_heard(command: Command, centre: Centre) -> None:
    centre.publish(NUMBER)
    command("peer", "add", centre.url)

    name = centre.url.removeprefix("http://").replace(":", "-")
    assert command("peer", "list").output.startswith(f"{name} {centre.url}: 1 uitspraken, gehoord op 20")
    assert "niet meer" in command("peer", "stop", centre.url).output
    assert "(niet meer gevolgd)" in command("peer", "list").output
    assert command("peer", "sync", centre.url).exit_code == 1


def test_who_does_not_answer_is_told_and_followed_all_the_same(command: Command, centre: Centre) -> None:
    centre.broken = 503

    refused = command("peer", "add", centre.url, "--name", "centrum")

    assert refused.exit_code == 1
    assert refused.stderr == f"{centre.url}: De installatie antwoordt met foutcode 503.\n"
    centre.broken = None
    centre.publish(NUMBER)
    assert command("peer", "sync").output.startswith("1 uitspraken overgenomen")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "centrum.example"), "Vul alleen het adres van de installatie in"),
        (("add", "http://192.168.1.1"), "niet bereikt mag worden"),
        (("add", "https://centrum.example", "--name", "a b"), "Gebruik letters, cijfers"),
        (("sync", "https://centrum.example"), "U volgt https://centrum.example niet."),
        (("stop", "https://centrum.example"), "U volgt https://centrum.example niet."),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    command: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    refused = command("peer", *arguments)

    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr
