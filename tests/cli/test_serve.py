"""`knelpunt serve`: the pages, the worker and the clock in one, until it is told to stop."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import requests
from sqlalchemy import Engine, select

from app.db.engine import make_engine, open_session
from app.db.feed import FeedLine
from app.db.migration import upgrade
from app.db.notice import Outbox
from app.domain.access import SYSTEM
from app.services.notice import write_letter
from tests.make import make_account, make_case, work_of

COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
ROOT = Path(__file__).parents[2]
PATIENCE = 90


def test_it_serves_pages_empties_the_outbox_and_stops_when_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'knelpunt.db'}"
    engine = make_engine(url)
    upgrade(engine)
    with open_session(engine, SYSTEM, writes=True) as session:
        work = work_of(session, now=datetime.now(UTC))
        write_letter(work, make_account(session, "melder"), template="wachtwoord", context={"link": "/wachtwoord/x"})
        session.commit()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    environment = {**os.environ, "MODE": "demo", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "PORT": str(port)}

    with subprocess.Popen(
        (*COMMAND, "serve"), cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            ready = _ready(f"http://127.0.0.1:{port}/readyz", running)
            _wait_until(lambda: _is_done(engine))
        finally:
            running.send_signal(signal.SIGTERM)
            said, logged = running.communicate(timeout=PATIENCE)

    engine.dispose()
    assert ready == 200
    assert running.returncode == 0, logged
    lines = said.splitlines()
    assert lines[0] == "Mail staat uit: zet SMTP_URL om berichten te versturen."
    assert any(line.split()[0] == "melder@utrecht.example" for line in lines)
    assert lines[-1] == f"Het knelpuntenstelsel staat op http://127.0.0.1:{port}"
    events = [json.loads(line) for line in logged.splitlines()]
    (letter,) = (event for event in events if event["event"] == "mail is off")
    assert f"http://127.0.0.1:{port}/wachtwoord/x" in letter["text"]


def test_a_worker_of_its_own_also_numbers_what_happens_so_that_others_hear_of_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'knelpunt.db'}"
    engine = make_engine(url)
    upgrade(engine)
    environment = {**os.environ, "MODE": "demo", "DATA_DIR": str(tmp_path), "DATABASE_URL": url}

    with subprocess.Popen(
        (*COMMAND, "worker"), cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            with open_session(engine, SYSTEM, writes=True) as session:
                make_case(work_of(session, now=datetime.now(UTC)))
                session.commit()
            _wait_until(lambda: _is_numbered(engine))
        finally:
            running.send_signal(signal.SIGTERM)
            _, logged = running.communicate(timeout=PATIENCE)

    engine.dispose()
    assert running.returncode == 0, logged


def test_it_does_not_serve_on_old_tables(tmp_path: Path) -> None:
    environment = {**os.environ, "MODE": "demo", "DATA_DIR": str(tmp_path), "DATABASE_URL": ""}

    done = subprocess.run(
        (*COMMAND, "serve"), cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )

    assert done.returncode == 1
    assert done.stderr == "De database heeft niet de nieuwste tabellen. Voer eerst knelpunt migrate uit.\n"


def _ready(address: str, running: "subprocess.Popen[str]") -> int:
    found: list[int] = []

    def answers() -> bool:
        assert running.poll() is None, running.communicate()[1]
        try:
            found.append(requests.get(address, timeout=5).status_code)
        except requests.ConnectionError:
            return False
        return True

    _wait_until(answers)
    return found[-1]


def _is_done(engine: Engine) -> bool:
    with open_session(engine, SYSTEM, writes=False) as session:
        return len(session.scalars(select(Outbox).where(Outbox.done_at.is_not(None))).all()) == 1


def _is_numbered(engine: Engine) -> bool:
    with open_session(engine, SYSTEM, writes=False) as session:
        places = session.scalars(select(FeedLine.place)).all()
        return bool(places) and None not in places


def _wait_until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.2)
