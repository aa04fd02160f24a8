"""A web server in a process of its own, with what it used of the machine."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import waitress
from flask import Flask

OURS, FLOOR = "application", "floor"
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


class Server:
    """A server that runs, and the one connection that is kept to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.pid = process.pid
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, request: Request) -> tuple[int, Mapping[str, str], bytes]:
        """The answer to a request: its status, its headers and its body."""
        self.connection.request(request.method, request.path, request.body, dict(request.headers))
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()

    def reconnect(self) -> None:
        """Begin anew: a server hangs up on a connection that was silent while others were asked."""
        self.connection.close()

    @property
    def resident(self) -> int:
        """The memory that it holds, in bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def running(which: str, url: str, folder: Path) -> Iterator[tuple[Server, float]]:
    """A server over a database, and how many seconds passed before its first page."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "scripts.bench.server", which, str(port)]
    settings = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder), "SECRET_KEY": "x" * 40}
    began = time.perf_counter()
    with (
        open(folder / f"{which}.log", "wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=settings) as process,
    ):
        server = Server(process, port)
        try:
            _wait(server, process)
            yield server, time.perf_counter() - began
        finally:
            server.connection.close()
            process.terminate()


def cpu_seconds(pid: int) -> float:
    """What a process used of the processor so far: Linux gives each process a clock, numbered by its id."""
    return time.clock_gettime((~pid << 3) | 2)


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            server.ask(Request("GET", "/", {}))
        except ConnectionError:
            server.connection.close()
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"the server did not start; its log is beside the data, its code {process.poll()}")


def _application(*_: str) -> Flask:
    # A log library loads this where it finds it; tools of the tests bring it, and an installation has none.
    sys.modules["rich"] = None  # type: ignore[assignment]
    from wsgi import application  # noqa: PLC0415 - the floor does not load what it does not need

    return application


def _floor(url: str, folder: str) -> Flask:
    from scripts.bench.floor import create_floor  # noqa: PLC0415

    return create_floor(url, folder)


APPLICATIONS: Mapping[str, Callable[[str, str], Flask]] = {OURS: _application, FLOOR: _floor}


def main(which: str, port: str) -> None:
    """Serve until the end."""
    app = APPLICATIONS[which](os.environ["DATABASE_URL"], os.environ["DATA_DIR"])
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=1, ident=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
