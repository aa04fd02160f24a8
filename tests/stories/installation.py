"""An installation as an operator runs it: commands, and a server in a process of its own on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
PLACE = Path(__file__).parents[2]
PATIENCE = 90
A_DAY = 24 * 60 * 60
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.05)


@dataclass
class Installation:
    """Its database, its folder, and the address where it answers while it runs; `clock_offset` is in seconds."""

    database_url: str
    folder: Path
    port: int = field(default_factory=free_port)
    clock_offset: int = 0
    running: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MODE": "demo",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "CLOCK_OFFSET": str(self.clock_offset),
            "EGRESS_NETWORKS": "127.0.0.0/8",
            "SEARCH_MEANING": "off",
        }

    def command(self, *arguments: str) -> str:
        """Give a command that has to succeed; what it printed."""
        done = subprocess.run(
            (*COMMAND, *arguments), cwd=PLACE, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def start(self) -> None:
        self.running = subprocess.Popen((*COMMAND, "serve"), cwd=PLACE, env=self.environment, **QUIET)
        wait_until(lambda: self.answers("/readyz"))

    def stop(self) -> None:
        """Tell it to stop, and see that it does so in order."""
        assert self._end(signal.SIGTERM) == 0

    def kill(self) -> None:
        if self.running is not None:
            self._end(signal.SIGKILL)

    def answers(self, path: str) -> bool:
        assert self.running is None or self.running.poll() is None, "it stopped by itself"
        try:
            return requests.get(self.url + path, timeout=PATIENCE).status_code == 200
        except requests.ConnectionError:
            return False

    def _end(self, how: signal.Signals) -> int:
        assert self.running is not None
        self.running.send_signal(how)
        code = self.running.wait(PATIENCE)
        self.running = None
        return code
