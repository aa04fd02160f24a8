"""Another system on this machine that is told of things: a real server, which answers as a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Says = Callable[["Listener", Heard], None]


@dataclass
class Subscriber:
    """What was heard, in order, and how the next is answered."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    says: Says = lambda listener, _: listener.say(204)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


class Listener(BaseHTTPRequestHandler):
    """Reads a request whole and leaves the answer to the test."""

    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self) -> None:
        self._hear()

    def do_POST(self) -> None:
        self._hear()

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        """No answer."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        pass

    def _hear(self) -> None:
        headers: Message = self.headers
        body = self.rfile.read(int(headers.get("Content-Length") or 0))
        heard = Heard(self.command, self.path, {name.lower(): value for name, value in headers.items()}, body)
        subscriber: Subscriber = self.server.subscriber  # type: ignore[attr-defined]
        with subscriber.lock:
            subscriber.heard.append(heard)
        try:
            subscriber.says(self, heard)
        except OSError:
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """Who hangs up on us is no news."""


@contextmanager
def subscriber(says: Says | None = None, *, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Subscriber]:
    """A listener on loopback for as long as the block lasts; with `port` it comes back where it was."""
    with Server(("127.0.0.1", port), Listener) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        made = Subscriber(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}")
        if says is not None:
            made.says = says
        server.subscriber = made  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
