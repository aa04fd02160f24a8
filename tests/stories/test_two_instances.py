"""Two installations, each with its own database, port and processes: what the centre rules arrives at the other, once.

Both are started as an operator starts them and killed as fate does it; nothing is shared but the network.
"""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from app.db.engine import make_engine, open_session
from app.db.external import ExternalDecision
from app.db.peer import CopiedDecision, PeerEvent
from app.db.search import SearchText
from app.domain.access import SYSTEM
from app.services.external import Kept
from app.services.peer import add_peer
from tests.api.conftest import shared_stage
from tests.api.stage import ROOT, Stage
from tests.api.street import whole_street
from tests.centre import Centre, running, take_over
from tests.databases import Databases
from tests.make import work_of
from tests.stories.installation import A_DAY, COMMAND, PATIENCE, PLACE, QUIET, Installation, wait_until

# The stage is set on a day that may still have to come.
LATER = 400 * A_DAY


@dataclass
class Instance(Installation):
    """An installation of which a test reads what it tells everybody, and what it keeps."""

    clock_offset: int = LATER

    def get(self, path: str) -> Any:
        return requests.get(self.url + ROOT + path, timeout=PATIENCE).json()

    def does(self, who: str, path: str, **fields: Any) -> None:
        """Change something with the version that is there now."""
        token = {"Authorization": f"Bearer token-{who}"}
        seen = requests.get(self.url + ROOT + path.rpartition("/acties/")[0], headers=token, timeout=PATIENCE)
        heads = {**token, "If-Match": seen.headers["ETag"]}
        done = requests.post(self.url + ROOT + path, json=fields, headers=heads, timeout=PATIENCE)
        assert done.status_code == 200, done.text

    def asks(self) -> None:
        """Let it ask the centre at its next turn, as an administrator would."""
        token = {"Authorization": "Bearer token-beheerder"}
        seen = requests.get(f"{self.url}{ROOT}/instanties/centrum", headers=token, timeout=PATIENCE)
        heads = {**token, "If-Match": seen.headers["ETag"]}
        address = f"{self.url}{ROOT}/instanties/centrum/ophalen"
        assert requests.post(address, headers=heads, timeout=PATIENCE).status_code == 200

    def amount(self, record: Any) -> int:
        engine = make_engine(self.database_url)
        with open_session(engine, SYSTEM, writes=False) as session:
            found = session.scalar(select(func.count()).select_from(record)) or 0
        engine.dispose()
        return found


@dataclass
class Two:
    """The centre with a published ruling, and who follows it."""

    centre: Instance
    here: Instance
    number: str
    publication: str

    @property
    def copy(self) -> Any:
        return self.here.get(f"/precedenten/EXT:centrum:{self.number}")


@pytest.fixture
def two(databases: Databases, tmp_path: Path) -> Iterator[Two]:
    with shared_stage(databases, tmp_path / "centre") as stage, shared_stage(databases, tmp_path / "here") as other:
        paths = whole_street(stage, titel="Signalen over wanbetaling bij de Sociale Verzekeringsbank")
        centre, here = (_instance(one, tmp_path / name) for one, name in ((stage, "centre"), (other, "here")))
        made = Two(centre, here, paths["ruling"].rpartition("/")[2], paths["publication"])
        try:
            yield made
        finally:
            centre.kill()
            here.kill()


def _instance(stage: Stage, folder: Path) -> Instance:
    url = stage.engine.url.render_as_string(hide_password=False)
    stage.engine.dispose()
    return Instance(url, folder)


def test_the_ruling_its_revision_and_its_withdrawal_arrive_once_whoever_is_killed(two: Two) -> None:
    centre, here, number = two.centre, two.here, two.number
    centre.start()
    here.start()

    # The ruling.
    token = {"Authorization": "Bearer token-beheerder"}
    asked = {"adres": centre.url, "bron": "centrum"}
    made = requests.post(f"{here.url}{ROOT}/instanties", json=asked, headers=token, timeout=PATIENCE)
    assert made.status_code == 201, made.text
    wait_until(lambda: here.answers(f"{ROOT}/precedenten/EXT:centrum:{number}"))
    there = centre.get(f"/uitspraken/{number}")
    assert two.copy["status"] == "geldend"
    assert two.copy["kopie"]["uitspraak"]["kernregel"] == there["kernregel"]
    assert _found(here, there["titel"]) == [f"EXT:centrum:{number}"]

    # Its revision, while who follows is down.
    here.kill()
    centre.does("publicatieredacteur", f"{two.publication}/acties/rectificeren", correctie="Een punt.", reden="Fout.")
    here.start()
    here.asks()
    wait_until(lambda: two.copy["kopie"]["uitspraak"]["versie"] == 2)
    assert two.copy["kopie"]["uitspraak"]["correctie"] == "Een punt."

    # With the centre away all here works on, and says how old the copy is.
    centre.kill()
    here.asks()
    wait_until(lambda: _trouble(here) is not None)
    assert _found(here, there["titel"]) == [f"EXT:centrum:{number}"]
    page = requests.get(f"{here.url}/precedenten/EXT:centrum:{number}", timeout=PATIENCE).text
    assert "Bijgewerkt tot" in page
    assert there["kernregel"] in page

    # Its withdrawal, after the centre was killed and came back.
    centre.start()
    why = {"grond": "persoonsgegevens", "reden": "Er stond een naam in."}
    centre.does("publicatieredacteur", f"{two.publication}/acties/depubliceren", **why)
    centre.does("ccg_secretaris", f"{two.publication}/acties/depubliceren")
    here.asks()
    wait_until(lambda: two.copy["kopie"]["ingetrokkenOp"] is not None)
    assert "Er stond een naam in." in two.copy["kopie"]["ingetrokkenReden"]
    assert (two.copy["tekst"], two.copy["kopie"]["uitspraak"]) == ("", None)
    assert _found(here, there["titel"]) == [f"EXT:centrum:{number}"]
    assert _trouble(here) is None

    assert here.amount(CopiedDecision) == here.amount(ExternalDecision) == 1


def test_who_is_killed_anywhere_while_taking_over_has_each_ruling_once(databases: Databases, tmp_path: Path) -> None:
    url = databases.migrated()
    here = Instance(url, tmp_path)
    engine = make_engine(url)
    numbers = [f"CCG:2026:{place}" for place in range(1, 5)]
    with running(Centre(page=2)) as centre:
        with open_session(engine, SYSTEM, writes=True) as session:
            add_peer(work_of(session), url=centre.url, source="centrum")
            session.commit()
        for number in numbers:
            centre.publish(number)
        # While a ruling of the first stretch is out; and in the second stretch, when the first is kept.
        for place in (3, 8):
            killed_at(here, centre, place)
        assert take_over(engine, centre, datetime.now(UTC)) == Kept(added=2)

    assert here.amount(ExternalDecision) == here.amount(PeerEvent) == here.amount(SearchText) == len(numbers)
    engine.dispose()
    databases.drop(url)


def killed_at(here: Instance, centre: Centre, place: int) -> None:
    """Take over, and be killed while the so-manieth question is out."""
    begun: list[subprocess.Popen[bytes]] = []
    last = len(centre.asked) + place

    with hooked(centre, lambda: begun[0].kill() if len(centre.asked) == last else None):
        begun.append(subprocess.Popen((*COMMAND, "peer", "sync"), cwd=PLACE, env=here.environment, **QUIET))
        assert begun[0].wait(PATIENCE) == -signal.SIGKILL


@contextmanager
def hooked(centre: Centre, do: Callable[[], None]) -> Iterator[None]:
    """While this lasts, something is done before each answer goes out."""
    answered = centre.answer

    def answer(address: str) -> tuple[int, Any]:
        found = answered(address)
        do()
        return found

    centre.answer = answer  # type: ignore[method-assign]
    try:
        yield
    finally:
        del centre.answer


def _found(here: Instance, words: str) -> list[str]:
    return [row["nummer"] for row in here.get(f"/precedenten?q={words}")["resultaten"]]


def _trouble(here: Instance) -> str | None:
    token = {"Authorization": "Bearer token-beheerder"}
    told = requests.get(f"{here.url}{ROOT}/instanties/centrum", headers=token, timeout=PATIENCE).json()
    found: str | None = told["fout"]
    return found
