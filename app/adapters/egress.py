"""The one door to the web outside: a request goes to an address that may be reached, and comes back in time.

Who has the address of a webhook or of another instance chosen must not learn with it what stands on our own network.
So a name is looked up once, the connection goes to exactly the address that was found and judged, and an answer that
points elsewhere is not followed.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = {"https": 443, "http": 80}
SECONDS, CONNECT_SECONDS, LEAST_SECONDS = 10.0, 5.0, 0.001
LARGEST_ANSWER, LONGEST_ADDRESS = 64 * 1024, 500
MOST_PLACES = 3
AGENT = "knelpuntenstelsel"
# All that the new kind of addresses has for the whole world, and one of the old kind wrapped in it by a translator.
WORLD, TRANSLATED = IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96")

# Why there is no answer: codes of the list `bezorgfout`.
NO_ADDRESS, NOT_ENCRYPTED, OWN_NETWORK = "geen_adres", "niet_versleuteld", "eigen_netwerk"
UNKNOWN_NAME, NO_CONNECTION, TOO_SLOW = "onbekende_naam", "geen_verbinding", "te_laat"
NO_TRUST, UNREADABLE, TOO_LARGE = "niet_vertrouwd", "onleesbaar", "te_groot"


class EgressFailed(Exception):
    """There is no whole answer; `code` says why, and later there may be one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class EgressRefused(EgressFailed):
    """This address is not asked, however often it is tried."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said; the names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Resolve = Callable[[str, int], Sequence[str]]
"""Finds the addresses of a name."""


def _resolved(name: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of this machine; reading them costs more than a request."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Egress:
    """What may be reached, and how long that may take.

    `networks` are reachable although they are not public; `plain` allows http beside https. `seconds` is the time for
    a whole request with looking up the name, however slowly the other side speaks. A proxy of the environment is not
    used.
    """

    networks: Sequence[Network] = ()
    plain: bool = False
    seconds: float = SECONDS
    resolve: Resolve = field(default=_resolved, repr=False)
    trust: Callable[[], ssl.SSLContext] = field(default=_trusted, repr=False)

    def check(self, url: str) -> None:
        """Raise `EgressRefused` for what can be seen of an address without looking it up."""
        self._target(url)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, largest: int = LARGEST_ANSWER) -> Reply:
        """Ask for what stands at an address; `EgressFailed` without a whole answer of at most so many bytes."""
        return self._exchange("GET", url, None, headers or {}, largest)

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, largest: int = LARGEST_ANSWER
    ) -> Reply:
        """Give something to an address; `EgressFailed` without a whole answer of at most so many bytes."""
        return self._exchange("POST", url, body, headers or {}, largest)

    def _exchange(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], largest: int) -> Reply:
        target = self._target(url)
        host, port = str(target.hostname), _port(target)
        with _deadline(self.seconds) as watched:
            try:
                places = self._places(host, port, watched.left)
                connection = watched(_connect(places, port, watched.left))
                if target.scheme == "https":
                    connection = watched(self._encrypted(connection, host))
                reply = _ask(connection, method, target, body, headers, largest)
            except ssl.SSLCertVerificationError as error:
                raise EgressFailed(NO_TRUST) from error
            except TimeoutError as error:
                raise EgressFailed(TOO_SLOW) from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise EgressFailed(TOO_SLOW if watched.over else NO_CONNECTION) from error
        # Who was cut off in the middle of a header looks as if all was said.
        if watched.over:
            raise EgressFailed(TOO_SLOW)
        return reply

    def _encrypted(self, connection: socket.socket, host: str) -> ssl.SSLSocket:
        """The same connection, to whom the name in the address belongs; they still have to shake hands."""
        return self.trust().wrap_socket(connection, server_hostname=host.rstrip("."), do_handshake_on_connect=False)

    def _target(self, url: str) -> SplitResult:
        """The parts of an address that may be asked."""
        if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise EgressRefused(NO_ADDRESS)
        try:
            target = urlsplit(url)
            port = _port(target)
        except (ValueError, KeyError) as error:
            raise EgressRefused(NO_ADDRESS) from error
        if not target.hostname or not port or target.username is not None or target.fragment:
            raise EgressRefused(NO_ADDRESS)
        if target.scheme != "https" and not self.plain:
            raise EgressRefused(NOT_ENCRYPTED)
        try:
            literal = ip_address(target.hostname)
        except ValueError:
            return target
        if not self._may_reach(literal):
            raise EgressRefused(OWN_NETWORK)
        return target

    def _places(self, host: str, port: int, seconds: float) -> list[str]:
        """Where a name leads, as far as it may be reached.

        Of a name that leads to our own network no more is told than of one that nobody knows.
        """
        try:
            found = _looked_up(self.resolve, host, port, seconds)
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as error:
            raise EgressFailed(UNKNOWN_NAME) from error
        allowed = [place for place in found if self._may_reach(ip_address(place))]
        if not allowed:
            raise EgressFailed(UNKNOWN_NAME)
        return allowed[:MOST_PLACES]

    def _may_reach(self, address: Address) -> bool:
        address = _meant(address)
        if any(address in network for network in self.networks):
            return True
        # Addresses for many at once count as global.
        is_public = address.is_global and not address.is_multicast and not address.is_reserved
        return is_public and (isinstance(address, IPv4Address) or address in WORLD)


def _meant(address: Address) -> Address:
    """The address that is reached in the end, where one of the new kind stands for one of the old."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address


def _port(target: SplitResult) -> int:
    standard = PORTS[target.scheme]
    return standard if target.port is None else target.port


class _Watch:
    """Ends a conversation when its time is over, also with who says one letter at a time."""

    def __init__(self, seconds: float) -> None:
        self.over, self._ends = False, time.monotonic() + seconds
        self._connection: socket.socket | None = None

    def __call__(self, connection: socket.socket) -> socket.socket:
        self._connection = connection
        if self.over:
            raise TimeoutError
        return connection

    @property
    def left(self) -> float:
        """So many seconds are left, a moment at least: zero would mean without end."""
        return max(self._ends - time.monotonic(), LEAST_SECONDS)

    def end(self) -> None:
        self.over = True
        if self._connection is not None:
            # Of the socket itself: an encrypted one would first let go of what its reader is using.
            with suppress(OSError):
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


@contextmanager
def _deadline(seconds: float) -> Iterator[_Watch]:
    watch = _Watch(seconds)
    timer = threading.Timer(seconds, watch.end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        watch.close()


def _looked_up(resolve: Resolve, name: str, port: int, seconds: float) -> Sequence[str]:
    """The addresses of a name, or `TimeoutError`: looking it up knows no end, so somebody else does and is left."""
    answer: Future[Sequence[str]] = Future()

    def look() -> None:
        try:
            answer.set_result(resolve(name, port))
        except Exception as error:  # noqa: BLE001 - it is raised again to who asked
            answer.set_exception(error)

    threading.Thread(target=look, name="lookup", daemon=True).start()
    return answer.result(timeout=seconds)


def _connect(places: Sequence[str], port: int, seconds: float) -> socket.socket:
    """A connection to the first of the places that answers; each gets as much time as the others."""
    connection = _first(places, port, min(CONNECT_SECONDS, seconds / len(places)))
    connection.settimeout(seconds)
    return connection


def _first(places: Sequence[str], port: int, seconds: float) -> socket.socket:
    *others, last = places
    for place in others:
        try:
            return socket.create_connection((place, port), timeout=seconds)
        except OSError:
            continue
    return socket.create_connection((last, port), timeout=seconds)


def _ask(
    connection: socket.socket,
    method: str,
    target: SplitResult,
    body: bytes | None,
    headers: Mapping[str, str],
    largest: int,
) -> Reply:
    if isinstance(connection, ssl.SSLSocket):
        connection.do_handshake()
    speaker = http.client.HTTPConnection(str(target.hostname))
    speaker.sock = connection
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    named = {"Host": _host(target), "User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    speaker.request(method, path, body=body, headers={**named, **headers})
    with closing(speaker.getresponse()) as answer:
        # What is packed could be a thousand times as large as it looks.
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise EgressFailed(UNREADABLE)
        content = answer.read(largest + 1)
        if len(content) > largest:
            raise EgressFailed(TOO_LARGE)
        if answer.length:
            raise EgressFailed(NO_CONNECTION)
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, content)


def _host(target: SplitResult) -> str:
    host = str(target.hostname)
    named = f"[{host}]" if ":" in host else host
    return named if _port(target) == PORTS[target.scheme] else f"{named}:{target.port}"
