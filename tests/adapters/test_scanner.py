import socketserver
import struct
import threading

import pytest

from app.adapters.scanner import ScannerSilent, clamav


class Daemon(socketserver.BaseRequestHandler):
    """What clamd does with one INSTREAM: read the chunks, answer."""

    def handle(self):
        assert self.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.read(4))[0]:
            content += self.read(length)
        self.server.seen.append(len(content))
        answer = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if b"EICAR" in content else b"stream: OK\0"
        self.request.sendall(answer if self.server.answer is None else self.server.answer)

    def read(self, length):
        data = b""
        while len(data) < length:
            data += self.request.recv(length - len(data))
        return data


@pytest.fixture(params=["unix", "tcp"])
def daemon(request, tmp_path):
    kinds = {
        "unix": (socketserver.UnixStreamServer, str(tmp_path / "clamd.sock")),
        "tcp": (socketserver.TCPServer, ("127.0.0.1", 0)),
    }
    kind, address = kinds[request.param]
    with kind(address, Daemon) as server:
        server.seen, server.answer = [], None
        server.name = address if request.param == "unix" else f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_clean_file_of_any_size_is_clean(daemon):
    assert clamav(daemon.name)(b"x" * 200_000) is None
    assert daemon.seen == [200_000]


def test_a_virus_is_named(daemon):
    assert clamav(daemon.name)(b"... EICAR ...") == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK and more\0", b"\xff"])
def test_an_answer_that_is_no_verdict_is_none(daemon, answer):
    daemon.answer = answer

    with pytest.raises(ScannerSilent):
        clamav(daemon.name)(b"x")


def test_a_scanner_that_is_not_there_is_silent(tmp_path):
    with pytest.raises(ScannerSilent):
        clamav(str(tmp_path / "nobody.sock"))(b"x")
