"""The client of the examples: what it believes of a message, and what it does when the connection fails."""

import base64
import hmac
import importlib.util
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PATH = Path(__file__).parents[2] / "docs" / "examples" / "client.py"
KEY = b"a key of thirty-two bytes, no less"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
BODY = b'{"id":"1"}'
NOW = 1_800_000_000


def _read() -> ModuleType:
    spec = importlib.util.spec_from_file_location("client", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


client: Any = _read()


def signed(body: bytes = BODY, *, at: int = NOW, key: bytes = KEY, identity: str = "1") -> dict[str, str]:
    made = base64.b64encode(hmac.digest(key, f"{identity}.{at}.".encode() + body, "sha256")).decode()
    return {"Webhook-Id": identity, "Webhook-Timestamp": str(at), "Webhook-Signature": f"v1,{made}"}


def test_a_message_that_is_ours_is_believed() -> None:
    other = signed(key=b"the key of yesterday")["Webhook-Signature"]
    both = {**signed(), "Webhook-Signature": f"{other} {signed()['Webhook-Signature']}"}

    assert client.is_ours(SECRET, signed(), BODY, now=NOW)
    assert client.is_ours(SECRET, signed(), BODY, now=NOW + 299)
    assert client.is_ours(SECRET, both, BODY, now=NOW)


@pytest.mark.parametrize(
    ("headers", "body", "now"),
    [
        (signed(), b'{"id":"2"}', NOW),
        (signed(key=b"another"), BODY, NOW),
        ({**signed(), "Webhook-Id": "2"}, BODY, NOW),
        ({**signed(), "Webhook-Timestamp": str(NOW + 1)}, BODY, NOW),
        (signed(), BODY, NOW + 301),
        (signed(at=NOW + 301), BODY, NOW),
        ({**signed(), "Webhook-Timestamp": "straks"}, BODY, NOW),
        ({**signed(), "Webhook-Signature": ""}, BODY, NOW),
        ({**signed(), "Webhook-Signature": "v1,é"}, BODY, NOW),
        ({}, BODY, NOW),
    ],
)
def test_what_is_forged_changed_or_old_is_not(headers: dict[str, str], body: bytes, now: int) -> None:
    assert not client.is_ours(SECRET, headers, body, now=now)


def test_a_secret_that_is_none_believes_nothing() -> None:
    assert not client.is_ours("whsec_geen base64!", signed(), BODY, now=NOW)


@contextmanager
def answering(*answers: tuple[int, Any]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that gives these answers one by one, closes the connection at 0, and keeps what it was asked."""
    asked: list[dict[str, str]] = []
    left = list(answers)

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            asked.append({**dict(self.headers), "path": self.path})
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, told = left.pop(0)
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            if isinstance(told, str):
                self.send_header("Location", told)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


def test_a_request_is_sent_again_with_the_same_key_of_its_own() -> None:
    with answering((0, None), (503, {}), (201, {"nummer": "MLD-2026-00001"})) as (address, asked):
        receipt = client.Client(address, "sleutel").report({"titel": "AIO"})

    assert receipt == {"nummer": "MLD-2026-00001"}
    assert len({one["Idempotency-Key"] for one in asked}) == 1
    assert [one["Authorization"] for one in asked] == ["Bearer sleutel"] * 3


def test_what_is_refused_is_told_and_not_tried_again() -> None:
    with (
        answering((409, {"title": "Kan nu niet", "redenen": ["Wacht."]})) as (address, asked),
        pytest.raises(client.Problem, match="409 Kan nu niet") as refused,
    ):
        client.Client(address).post("/knelpunten/KNP-2026-00001/acties/oppakken", {})

    assert refused.value.told["redenen"] == ["Wacht."]
    assert len(asked) == 1


def test_a_key_is_not_taken_to_another_address() -> None:
    with answering((200, {})) as (elsewhere, asked_there), answering((302, elsewhere)) as (address, _):
        with pytest.raises(client.Problem):
            client.Client(address, "sleutel").get("/knelpunten")

        assert asked_there == []


def test_an_address_is_one_of_the_web() -> None:
    with pytest.raises(ValueError, match="https"):
        client.Client("file:///etc/passwd")
