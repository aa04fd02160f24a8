"""Een kleine client voor de API van het knelpuntenstelsel, met alleen Python zelf (3.11 of later).

from client import Client

client = Client("https://knelpunten.example/api/v1", key="uw sleutel")
receipt = client.report({"titel": "…", "kernvraag": "…?", …})
client.act(f"/knelpunten/{receipt['knelpunt']}", "oppakken")
for event in client.events():
    print(event["type"], event["subject"])
"""

import base64
import hmac
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener

ATTEMPTS, PAUSE = 3, 0.5
"""How often a request is tried, and for how many seconds it waits before the second time."""
TOLERANCE = 300
"""How many seconds the clock of the sender of a webhook may differ."""


class _NoRedirect(HTTPRedirectHandler):
    """The key goes to the address that was given, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


_OPENER = build_opener(_NoRedirect)


class Problem(Exception):
    """The API refused; `told` is the problem document, with `errors` by field and `redenen` where it has them."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {told.get('title', '')}: {told.get('detail', '')}")
        self.status = status
        self.told = told


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the body, the version of what it shows, and where a list goes on."""

    body: Any
    version: str | None = None
    following: str | None = None


class Client:
    """Speaks for one key; without a key it reads what is public."""

    def __init__(self, address: str, key: str | None = None, *, timeout: float = 30) -> None:
        if not address.startswith(("https://", "http://")):
            raise ValueError("the address begins with https://")
        self.address = address.rstrip("/")
        self.key = key
        self.timeout = timeout

    def get(self, path: str, **asked: Any) -> Answer:
        """Read one thing, or one stretch of a list."""
        query = f"?{urlencode(asked, doseq=True)}" if asked else ""
        return self._send("GET", f"{self.address}{path}{query}")

    def all(self, path: str, **asked: Any) -> Iterator[dict[str, Any]]:
        """Read a list to its end, stretch by stretch."""
        answer = self.get(path, **asked)
        while True:
            yield from answer.body["resultaten"]
            if answer.following is None:
                return
            answer = self._send("GET", urljoin(self.address, answer.following))

    def post(self, path: str, body: Mapping[str, Any], *, version: str | None = None) -> Answer:
        """Make or do something, once: after a failure the same request is sent with the same key of its own."""
        own = {"Idempotency-Key": str(uuid.uuid4())}
        if version is not None:
            own["If-Match"] = version
        return self._send("POST", self.address + path, body, own)

    def report(self, report: Mapping[str, Any]) -> dict[str, Any]:
        """Report a bottleneck; the receipt has the numbers of the report and of its case."""
        return dict(self.post("/meldingen", report).body)

    def act(self, path: str, action: str, **fields: Any) -> dict[str, Any]:
        """Take an action on what one sees now; `Problem` 412 when somebody else was first."""
        seen = self.get(path)
        return dict(self.post(f"{path}/acties/{quote(action)}", fields, version=seen.version).body)

    def events(self, after: str | None = None) -> Iterator[dict[str, Any]]:
        """What happened after an event with this id, or all that can be read, in order; keep the id of the last."""
        asked = {} if after is None else {"na": after}
        return self.all("/gebeurtenissen", aantal=100, **asked)

    def _send(
        self, method: str, url: str, body: Mapping[str, Any] | None = None, own: Mapping[str, str] | None = None
    ) -> Answer:
        headers = {"Accept": "application/json", **(own or {})}
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = Request(url, data, headers, method=method)  # noqa: S310 - the scheme was checked
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with _OPENER.open(request, timeout=self.timeout) as response:
                    return _answer(response.read(), response.headers)
            except HTTPError as refused:
                with refused:
                    problem = Problem(refused.code, _told(refused.read()))
                if refused.code != 503 or attempt == ATTEMPTS:
                    raise problem from None
            except (URLError, HTTPException, TimeoutError, ConnectionError):
                if attempt == ATTEMPTS:
                    raise
            time.sleep(PAUSE * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")


def is_ours(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> bool:
    """Was this message of a webhook sent by who knows the secret, and not long ago?

    `secret` is what the API gave when the webhook was made: `whsec_` and base64. `headers` are those of the request,
    of which a server may write the names in any case.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        identity, moment = given["webhook-id"], int(given["webhook-timestamp"])
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (KeyError, ValueError):
        return False
    if abs((time.time() if now is None else now) - moment) > TOLERANCE:
        return False
    signed = base64.b64encode(hmac.digest(key, f"{identity}.{moment}.".encode() + body, "sha256")).decode()
    sent = given.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one.encode(), f"v1,{signed}".encode()) for one in sent)


def _answer(body: bytes, headers: Mapping[str, str]) -> Answer:
    following = None
    for link in (headers.get("Link") or "").split(","):
        address, _, relation = link.strip().partition(">")
        if 'rel="next"' in relation:
            following = address.removeprefix("<")
    return Answer(json.loads(body) if body else None, headers.get("ETag"), following)


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
