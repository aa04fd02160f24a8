"""The door to the web outside: what stands on our own network is not reached, and nobody keeps us waiting."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.adapters.egress import Egress, EgressFailed, EgressRefused
from tests.subscriber import Heard, Listener, subscriber

HERE = (ip_network("127.0.0.0/8"),)
OPEN = Egress(networks=HERE, plain=True, seconds=5)


def code_of(egress: Egress, url: str) -> str:
    with pytest.raises(EgressFailed) as failed:
        egress.post(url, b"{}")
    return failed.value.code


def test_what_is_sent_arrives_whole_and_the_answer_comes_back() -> None:
    def says(listener: Listener, _: Heard) -> None:
        listener.say(200, b'{"na": 7}', Link='</verder>; rel="next"')

    with subscriber(says) as other:
        reply = OPEN.post(f"{other.url}/haak?zaak=1", b'{"a": 1}', headers={"Content-Type": "application/json"})

    (heard,) = other.heard
    assert (heard.method, heard.path, heard.body) == ("POST", "/haak?zaak=1", b'{"a": 1}')
    assert heard.headers["host"] == f"127.0.0.1:{other.port}"
    assert heard.headers["content-type"] == "application/json"
    assert (reply.status, reply.body, reply.headers["link"]) == (200, b'{"na": 7}', '</verder>; rel="next"')


def test_something_is_asked_without_a_body() -> None:
    with subscriber(lambda listener, _: listener.say(404, b"niet hier")) as other:
        reply = OPEN.get(f"{other.url}/api/v1/uitspraken/CCG:2026:1")

    assert other.heard[0].path == "/api/v1/uitspraken/CCG:2026:1"
    assert (reply.status, reply.body) == (404, b"niet hier")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.8.8.8:8443/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://240.0.0.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::7f00:1]/",
        "https://[2002:7f00:1::]/",
    ],
)
def test_an_address_of_an_own_network_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(EgressRefused) as refused:
        Egress().check(url)

    assert refused.value.code == "eigen_netwerk"


@pytest.mark.parametrize(
    "url", ["https://93.184.215.14/", "https://[2a00:1450:400e::1]/", "https://zaken.example:8443/a"]
)
def test_an_address_of_the_world_is_not(url: str) -> None:
    Egress().check(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "geen_adres"),
        ("zaken.example", "geen_adres"),
        ("ftp://zaken.example/", "geen_adres"),
        ("file:///etc/passwd", "geen_adres"),
        ("gopher://zaken.example/", "geen_adres"),
        ("https://", "geen_adres"),
        ("https:///haak", "geen_adres"),
        ("https://wie:geheim@zaken.example/", "geen_adres"),
        ("https://zaken.example@127.0.0.1/", "geen_adres"),
        ("https://zaken.example/#deel", "geen_adres"),
        ("https://zaken.example:99999/", "geen_adres"),
        ("https://zaken.example:0/", "geen_adres"),
        ("https://zaken.example:haak/", "geen_adres"),
        ("https://zaken.example/een haak", "geen_adres"),
        ("https://zaken.example\\@127.0.0.1/", "geen_adres"),
        ("https://zaken.example/\r\nHost: elders", "geen_adres"),
        ("https://záken.example/", "geen_adres"),
        (f"https://zaken.example/{'a' * 500}", "geen_adres"),
        ("https://[::1", "geen_adres"),
        ("http://zaken.example/", "niet_versleuteld"),
    ],
)
def test_what_is_no_whole_address_is_refused(url: str, code: str) -> None:
    with pytest.raises(EgressRefused) as refused:
        Egress().check(url)

    assert refused.value.code == code


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_a_name_that_leads_to_an_own_network_is_as_unknown_as_one_that_is_not_there(name: str) -> None:
    with subscriber() as other:
        assert code_of(Egress(plain=True), f"http://{name}:{other.port}/") == "onbekende_naam"

    assert other.heard == []


def test_a_name_is_looked_up_once_and_what_was_judged_is_what_is_reached() -> None:
    """The second answer for a name that changes its mind would lead inside."""
    answers = iter([["::1"], ["127.0.0.1"], ["127.0.0.1"]])
    only_new = Egress((ip_network("::1/128"),), plain=True, resolve=lambda *_: next(answers), seconds=2)

    with subscriber() as other:
        assert code_of(only_new, f"http://zaken.example:{other.port}/") == "geen_verbinding"
        assert code_of(only_new, f"http://zaken.example:{other.port}/") == "onbekende_naam"

    assert other.heard == []
    assert len(list(answers)) == 1


def test_of_the_places_of_a_name_only_those_that_may_be_reached_are_tried() -> None:
    named = Egress(
        (*HERE, ip_network("::1/128")), plain=True, resolve=lambda *_: ["10.0.0.1", "::1", "127.0.0.1"], seconds=2
    )

    with subscriber() as other:
        named.post(f"http://zaken.example:{other.port}/", b"")

    assert other.heard[0].headers["host"] == f"zaken.example:{other.port}"


def test_an_answer_that_points_elsewhere_is_not_followed() -> None:
    with subscriber() as inside, subscriber(lambda one, _: one.say(307, Location=inside.url)) as other:
        reply = OPEN.post(other.url, b"{}")

    assert reply.status == 307
    assert inside.heard == []


def test_nobody_there_is_said_so() -> None:
    with subscriber() as other:
        pass

    assert code_of(OPEN, other.url) == "geen_verbinding"
    assert code_of(Egress(resolve=lambda *_: []), "https://zaken.example/") == "onbekende_naam"


def test_who_hangs_up_gave_no_answer() -> None:
    with subscriber(lambda listener, _: listener.hang_up()) as other:
        assert code_of(OPEN, other.url) == "geen_verbinding"


def test_who_stops_halfway_gave_no_answer() -> None:
    def says(listener: Listener, _: Heard) -> None:
        listener.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        listener.hang_up()

    with subscriber(says) as other:
        assert code_of(OPEN, other.url) == "geen_verbinding"


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n"])
def test_who_says_one_letter_at_a_time_is_left_when_the_time_is_over(drip: bytes) -> None:
    over = threading.Event()

    def says(listener: Listener, _: Heard) -> None:
        listener.wfile.write(drip)
        while not over.wait(0.02):
            listener.wfile.write(b"a")

    with subscriber(says) as other:
        began = time.monotonic()
        code = code_of(Egress(HERE, plain=True, seconds=0.3), other.url)
        took = time.monotonic() - began
        over.set()

    assert code in {"te_laat", "geen_verbinding"}
    assert took < 2


def test_a_silent_server_is_left_when_the_time_is_over() -> None:
    over = threading.Event()
    with subscriber(lambda *_: over.wait(5) and None) as other:
        assert code_of(Egress(HERE, plain=True, seconds=0.2), other.url) == "te_laat"
        over.set()


def test_a_name_that_nobody_finds_is_left_when_the_time_is_over() -> None:
    over = threading.Event()

    def searches(*_: object) -> list[str]:
        over.wait(10)
        return ["127.0.0.1"]

    began = time.monotonic()
    code = code_of(Egress(HERE, plain=True, seconds=0.3, resolve=searches), "http://zaken.example/")
    took = time.monotonic() - began
    over.set()

    assert code == "te_laat"
    assert took < 2


def test_a_place_that_does_not_answer_leaves_time_for_the_next() -> None:
    """A full line of who waits to be let in: nobody else gets in, and nobody is told so."""
    with socket.socket(socket.AF_INET6) as full, ExitStack() as waiting, subscriber() as other:
        full.bind(("::1", other.port))
        full.listen(0)
        for _ in range(3):
            one = waiting.enter_context(socket.socket(socket.AF_INET6))
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        networks = *HERE, ip_network("::1/128")
        named = Egress(networks, plain=True, seconds=1, resolve=lambda *_: ["::1", "127.0.0.1"])

        assert named.post(f"http://zaken.example:{other.port}/", b"").status == 204


def test_an_answer_has_a_largest_size() -> None:
    with subscriber(lambda listener, _: listener.say(200, b"a" * 1001)) as other:
        with pytest.raises(EgressFailed) as failed:
            OPEN.get(other.url, largest=1000)
        assert failed.value.code == "te_groot"
        assert len(OPEN.get(other.url, largest=1001).body) == 1001


def test_what_is_packed_is_not_unpacked() -> None:
    with subscriber(lambda listener, _: listener.say(200, b"\x1f\x8b", Content_Encoding="gzip")) as other:
        assert code_of(OPEN, other.url) == "onleesbaar"

    assert other.heard[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("said", [b"rommel\r\n\r\n", b"HTTP/1.1 twee OK\r\n\r\n", b"\x00" * 100, b"a" * 70_000])
def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    def says(listener: Listener, _: Heard) -> None:
        listener.wfile.write(said)
        listener.hang_up()

    with subscriber(says) as other:
        assert code_of(OPEN, other.url) == "geen_verbinding"


# --- encrypted --------------------------------------------------------------------------------------------------------


def certificate(folder: Path, *names: x509.GeneralName) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "proef")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def encrypted(folder: Path, *names: x509.GeneralName) -> Iterator[tuple[str, Path]]:
    path = certificate(folder, *names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with subscriber(lambda listener, _: listener.say(200, b"veilig"), tls=context) as other:
        yield f"https://zaken.example:{other.port}/", path


def trusting(path: Path) -> Egress:
    context = ssl.create_default_context(cafile=str(path))
    return Egress(HERE, resolve=lambda *_: ["127.0.0.1"], seconds=5, trust=lambda: context)


def test_the_name_in_the_address_is_the_one_that_the_certificate_has(tmp_path: Path) -> None:
    with encrypted(tmp_path, x509.DNSName("zaken.example")) as (url, path):
        assert trusting(path).get(url).body == b"veilig"


@pytest.mark.parametrize("name", [x509.DNSName("elders.example"), x509.IPAddress(ip_address("127.0.0.1"))])
def test_a_certificate_of_somebody_else_is_not_trusted(tmp_path: Path, name: x509.GeneralName) -> None:
    with encrypted(tmp_path, name) as (url, path):
        assert code_of(trusting(path), url) == "niet_vertrouwd"


def test_a_certificate_of_nobody_is_not_trusted(tmp_path: Path) -> None:
    with encrypted(tmp_path, x509.DNSName("zaken.example")) as (url, _):
        unknown = Egress(HERE, resolve=lambda *_: ["127.0.0.1"], seconds=5)
        assert code_of(unknown, url) == "niet_vertrouwd"


def test_who_never_shakes_hands_is_left_when_the_time_is_over() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        egress = Egress(HERE, resolve=lambda *_: ["127.0.0.1"], seconds=0.2)
        assert code_of(egress, f"https://zaken.example:{silent.getsockname()[1]}/") == "te_laat"
