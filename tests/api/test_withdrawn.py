"""A ruling that was taken away: every format says that it was and why, and its words are nowhere any more."""

import re
from collections.abc import Iterator

import pytest

from tests.api.canaries import drawn
from tests.api.conftest import Street, shared_stage
from tests.api.stage import ROOT
from tests.api.street import whole_street
from tests.api.walk import FAULT, addresses, read
from tests.databases import Databases

SONG = re.compile("zyxkanarie[a-z]{2}", re.IGNORECASE)
WORDS = {
    "samenvattingB1": "Zyxkanarieaa",
    "kernregel": "Zyxkanarieab",
    "feiten": "Zyxkanarieac",
    "juridischKader": "Zyxkanariead",
    "beschouwing": "Zyxkanarieae",
    "toetsFinaliteit": "Zyxkanarieaf",
    "doel": "Zyxkanarieag",
}
REASON = "Er stond een naam in."


@pytest.fixture(scope="module")
def street(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """A ruling that was published, corrected, drawn, and taken away."""
    with shared_stage(databases, tmp_path_factory.mktemp("withdrawn")) as stage:
        paths = whole_street(stage, **WORDS)
        stage.does("publicatieredacteur", paths["publication"], "rectificeren", correctie="Een punt.", reden="Fout.")
        drawn(stage)
        assert SONG.search(read(stage, f"{paths['ruling']}.pdf")[1])
        why = {"grond": "persoonsgegevens", "reden": REASON}
        stage.does("publicatieredacteur", paths["publication"], "depubliceren", **why)
        stage.does("ccg_secretaris", paths["publication"], "depubliceren")
        yield Street(stage, paths)


def test_no_word_of_it_is_anywhere(street: Street) -> None:
    songs = {}
    for path in addresses(street.stage):
        status, told = read(street.stage, path)
        assert status != FAULT, path
        if SONG.search(told):
            songs[path] = SONG.findall(told)

    assert songs == {}


def test_no_search_finds_it_by_its_words(street: Street) -> None:
    for word in WORDS.values():
        assert street.stage.get(f"/precedenten?q={word}").json["totaal"] == 0


def test_every_format_and_every_version_says_that_it_is_gone_and_why(street: Street) -> None:
    ruling = street.paths["ruling"]
    found = {path: read(street.stage, path) for path in addresses(street.stage) if path.startswith(ruling)}

    assert {path for path, (status, _) in found.items() if status != 410} == set()
    assert {path for path, (_, told) in found.items() if REASON not in told} == set()
    assert {ruling, f"{ruling}.pdf", f"{ruling}.json", f"{ruling}/versies/1"} <= found.keys()
    status, told = read(street.stage, f"{ROOT}{ruling}")
    assert status == 410
    assert REASON in told
