"""Ask ClamAV whether a file is harmful, over its socket."""

import socket
import struct
from collections.abc import Callable
from functools import partial

SECONDS = 60
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096

Scanner = Callable[[bytes], str | None]
"""Whatever looks at content and returns the name of what is wrong with it, or None; or raises `ScannerSilent`."""


class ScannerSilent(Exception):
    """The scanner gave no verdict; what was offered may not be taken."""


def clamav(address: str) -> Scanner:
    """A scanner that asks the ClamAV at this address: the path of a socket, or `host:port`."""
    return partial(_ask, address)


def _ask(address: str, content: bytes) -> str | None:
    try:
        with _connection(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerSilent(str(error)) from error
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerSilent(answer or "no answer")


def _connection(address: str) -> socket.socket:
    if "/" in address:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(SECONDS)
            connection.connect(address)
        except BaseException:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _answer(connection: socket.socket) -> str:
    """What the scanner says, up to its closing zero byte."""
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.rstrip(b"\0").decode(errors="replace")
