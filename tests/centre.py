"""Another installation for tests: a real web server on this machine that says exactly what a test wants it to say."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import Engine

from app.adapters.egress import Egress
from app.db.engine import open_session
from app.domain.access import SYSTEM
from app.schemas.peer import READING
from app.services.external import Kept
from app.services.listener import Listener
from app.services.peer import add_peer, peer_at
from app.services.work import Work

SAMPLE = json.loads((Path(__file__).parent / "adapters" / "ruling.json").read_text("utf-8"))
ROOT = "/api/v1"
STANDING = "geldend"


@dataclass
class Centre:
    """What the server says: its events in order, and an answer for each address; `asked` is what was asked of it.

    What it says at the address `packed` comes compressed, although nobody asked for that.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    page: int = 50
    broken: int | None = None
    packed: str | None = None
    url: str = ""

    def publish(self, number: str, **record: Any) -> None:
        """A ruling that everybody may read, and its precedent; said again, it is a next version."""
        ruling = {**SAMPLE, "nummer": number, "citaties": [], **record}
        self.answers[f"{ROOT}/uitspraken/{number}"] = 200, ruling
        self.stand(number, titel=ruling["titel"])

    def stand(self, number: str, **precedent: Any) -> None:
        """Where the precedent stands from now on."""
        said = {
            "nummer": number,
            "titel": SAMPLE["titel"],
            "status": STANDING,
            "statusLabel": "Geldend",
            "conclusie": "mag_mits",
        }
        known = self.answers.get(f"{ROOT}/precedenten/{number}", (200, said))[1]
        self.answers[f"{ROOT}/precedenten/{number}"] = 200, {**known, **precedent}
        self.tell(number)

    def withdraw(self, number: str, reason: str) -> None:
        """The ruling is no longer public."""
        problem = {"type": "about:blank", "title": "Niet meer openbaar", "status": 410, "detail": reason}
        self.answers[f"{ROOT}/uitspraken/{number}"] = 410, problem
        self.stand(number, kernregel="")

    def tell(self, subject: str, **event: Any) -> None:
        """An event, that says nothing but what it is about."""
        place = len(self.events) + 1
        self.events.append(
            {
                "specversion": "1.0",
                "id": f"gebeurtenis-{place}",
                "source": "urn:nld:oin:00000001003214345000:systeem:knelpunten",
                "type": "nl.overheid.knelpunt.uitspraak.gewijzigd.v1",
                "subject": subject,
                "time": f"2026-11-23T09:{place % 60:02}:00Z",
                "dataref": f"{ROOT}/uitspraken/{subject}",
                "sequence": str(place),
                **event,
            }
        )

    def answer(self, address: str) -> tuple[int, Any]:
        """What stands at an address."""
        self.asked.append(address)
        if self.broken is not None:
            return self.broken, {"status": self.broken}
        parts = urlsplit(address)
        if parts.path != f"{ROOT}/gebeurtenissen":
            return self.answers.get(unquote(parts.path), (404, {"status": 404}))
        asked = parse_qs(parts.query)
        after = int(asked.get("na", ["0"])[0])
        if after > len(self.events):
            return 400, {"status": 400, "detail": "Begin opnieuw."}
        rows = self.events[after : after + self.page]
        return 200, {"resultaten": rows, "volgende": str(after + len(rows)) if self.events else None}


LOOPBACK = Egress((ip_network("127.0.0.0/8"),), plain=True, seconds=5)


def take_over(engine: Engine, centre: Centre, now: datetime) -> Kept:
    """Follow the centre under the name `centrum`, and take over all that is new there."""
    with open_session(engine, SYSTEM, writes=True) as session:
        session.info["egress"] = LOOPBACK
        work = Work(session, SYSTEM, now, {})
        peer = peer_at(work, centre.url) or add_peer(work, url=centre.url, source="centrum")
        session.commit()
    return Listener(engine, LOOPBACK, READING, lambda: now).catch_up(peer.id).kept


@contextmanager
def running(centre: Centre, port: int = 0) -> Iterator[Centre]:
    """The server, on a port of its own or on the one that is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = centre.answer(self.path)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if self.path == centre.packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    centre.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield centre
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
