"""A system that heard nothing sends the same again, until it hears: what it asked is done once, whatever broke."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

from app.db.case import Case
from app.db.notice import Idempotency
from app.db.report import Report
from tests.api.stage import ROOT, Stage, report

COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
PLACE = Path(__file__).parents[2]
PATIENCE = 90
RETRIES, AT_ONCE = 1_000, 16
Told = tuple[int, str | None, str]
"""What was answered: the status, where it is, and the body."""
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


@dataclass
class Server:
    """The real thing, in a process of its own, that can be killed and started again."""

    database_url: str
    folder: Path
    port: int
    running: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {
            **os.environ,
            "MODE": "demo",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "SEARCH_MEANING": "off",
        }
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(
            (*COMMAND, "serve"), cwd=PLACE, env=environment, stdout=quiet, stderr=quiet, stdin=quiet
        )
        wait_until(self.answers)

    def kill(self) -> None:
        if self.running is not None:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait(PATIENCE)
            self.running = None

    def answers(self) -> bool:
        assert self.running is not None
        assert self.running.poll() is None, "the server stopped by itself"
        try:
            return requests.get(f"{self.url}/readyz", timeout=PATIENCE).status_code == 200
        except LOST:
            return False


@dataclass(frozen=True)
class Asked:
    """A request with a key, sent as often as it takes."""

    who: str
    path: str
    sent: dict[str, Any]
    key: str
    seen: str | None = None
    is_kept: Callable[[], bool] = field(default=bool, compare=False)

    @property
    def headers(self) -> dict[str, str]:
        heads = {"Authorization": f"Bearer token-{self.who}", "Idempotency-Key": self.key}
        return heads if self.seen is None else {**heads, "If-Match": self.seen}

    def send(self, server: Server) -> requests.Response:
        return requests.post(server.url + ROOT + self.path, json=self.sent, headers=self.headers, timeout=PATIENCE)

    def send_and_hang_up(self, server: Server) -> None:
        """Send it, and never read what comes back."""
        body = json.dumps(self.sent).encode()
        told = {**self.headers, "Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": len(body)}
        lines = [f"POST {ROOT}{self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            wait_until(self.is_kept)


@pytest.fixture
def server(own_database_url: str, stage: Stage, tmp_path: Path) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Server(own_database_url, tmp_path, port)
    made.start()
    yield made
    made.kill()


def test_a_thousand_retries_with_one_key_while_the_server_is_killed_are_one_report(
    stage: Stage, server: Server
) -> None:
    asked = Asked("utrecht", "/meldingen", report(), "brief-79")
    answers: Counter[Told] = Counter()

    lost = retried(server, asked, RETRIES // 2, answers, killed_at=AT_ONCE)
    check_that_a_crash_before_the_answer_changes_nothing(stage, server)
    lost += retried(server, asked, RETRIES // 2, answers)

    assert sum(answers.values()) + lost == RETRIES
    assert 0 < lost < RETRIES // 2
    ((status, _, body),) = answers
    assert status == 201
    with stage.work() as work:
        found = work.session.execute(select(Report.number, Case.number).join(Case, Case.id == Report.case_id)).all()
        kept = work.session.scalars(select(Idempotency).filter_by(key=asked.key)).one()
    told = json.loads(body)
    assert kept.body == told
    assert (told["nummer"], told["knelpunt"]) in found
    assert len(found) == 2, "the report of the retries, and the one that was there for the crash"
    lines = stage.get(f"/knelpunten/{told['knelpunt']}/verloop", "utrecht").json["resultaten"]
    assert [line["actie"] for line in lines] == ["indienen"]


def check_that_a_crash_before_the_answer_changes_nothing(stage: Stage, server: Server) -> None:
    """Who never heard the answer, because the server died after the effect, hears that same answer later."""
    case = stage.case()
    seen = stage.get(case, "triagist").headers["ETag"]
    path, key = f"{case}/acties/oppakken", "actie-1"

    def is_kept() -> bool:
        with stage.work() as work:
            return bool(work.session.scalars(select(Idempotency).filter_by(key=key)).all())

    asked = Asked("triagist", path, {"reden": "Dit hoort hier."}, key, seen, is_kept)
    asked.send_and_hang_up(server)
    server.kill()
    server.start()
    again = asked.send(server)

    assert again.status_code == 200, again.text
    assert again.headers["ETag"] == stage.get(case, "triagist").headers["ETag"]
    lines = stage.get(f"{case}/verloop", "triagist").json["resultaten"]
    assert [line["actie"] for line in lines] == ["indienen", "oppakken"]
    other = Asked("triagist", path, {"reden": "Iets anders."}, key, seen).send(server)
    assert other.status_code == 400
    assert other.json()["errors"][0]["veld"] == "Idempotency-Key"


def retried(server: Server, asked: Asked, times: int, answers: Counter[Told], killed_at: int | None = None) -> int:
    """Send it this often, sixteen at once, and kill the server with so many under way; how many were lost."""
    numbers, up, lock = count(1), threading.Event(), threading.Lock()
    lost: list[int] = []
    up.set()

    def kill() -> None:
        up.clear()
        server.kill()
        server.start()
        up.set()

    def send(_: int) -> None:
        number = next(numbers)
        if number == killed_at:
            threading.Thread(target=kill).start()
        assert up.wait(PATIENCE)
        try:
            answer = asked.send(server)
        except LOST:
            lost.append(number)
            return
        with lock:
            answers[answer.status_code, answer.headers.get("Location"), answer.text] += 1

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, range(times)))
    return len(lost)


def wait_until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.05)
