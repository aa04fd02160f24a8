"""The ballot box: seals a vote with a key that is not in the database, and opens it when the round is counted."""

import base64
import hmac
import json
import os
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Loaded with the first ballot: every web server has a box, and few are asked for one.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12
LENGTH = 256
"""Every ballot is filled up to so many bytes: the length of what was sealed would tell the choice."""


class BallotUnreadable(Exception):
    """A ballot was not sealed with this key, or is not of this round, or was changed."""


class BallotBox:
    """The one key of an installation, and what is done with it; the key itself is never shown."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a ballot key has {KEY_BYTES} bytes")
        self._secret = _derived(key, "ballot")
        self._marks = _derived(key, "mark")

    def seal(self, content: Mapping[str, Any], *, place: str) -> str:
        """What only this box reads, and only as of this place: the round in which it was cast."""
        plain = json.dumps(content).encode()
        if len(plain) > LENGTH:
            raise ValueError(f"a ballot has at most {LENGTH} bytes")
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plain.ljust(LENGTH), place.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, *, place: str) -> dict[str, Any]:
        """What was sealed; `BallotUnreadable` when it was not, with this key and at this place."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see above

        try:
            data = base64.b64decode(sealed)
            plain = self._cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise BallotUnreadable(place) from error
        content: dict[str, Any] = json.loads(plain)
        return content

    def mark(self, data: bytes) -> str:
        """A digest that nobody without the key can find by trying what the data could be."""
        return hmac.digest(self._marks, data, sha256).hex()

    def __repr__(self) -> str:
        return "BallotBox(…)"

    @cached_property
    def _cipher(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see above

        return AESGCM(self._secret)


def _derived(key: bytes, use: str) -> bytes:
    """A key for one use, so that what is said with one tells nothing of the other."""
    return hmac.digest(key, f"knelpuntenstelsel {use}".encode(), sha256)
