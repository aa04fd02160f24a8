"""The notary: it signs checkpoints of the journal with Ed25519 (RFC 8032), by a key that the database does not have."""

import base64
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Loaded with the first signature: a web server signs nothing.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Notary:
    """Who signs for this installation, which others know by `origin`."""

    def __init__(self, key: bytes, origin: str) -> None:
        self.origin = origin
        self._secret = key

    @property
    def public_key(self) -> str:
        """What a signature is checked with: 32 bytes in base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, statement: bytes) -> str:
        """The signature, in base64."""
        return base64.b64encode(self._key.sign(statement)).decode()

    @cached_property
    def _key(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - see above

        return Ed25519PrivateKey.from_private_bytes(self._secret)


def is_signed(statement: bytes, *, signature: str, public_key: str) -> bool:
    """Was this signed by who has the other half of the key? What is no key or no signature signs nothing."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        known = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        known.verify(base64.b64decode(signature, validate=True), statement)
    except (ValueError, InvalidSignature):
        return False
    return True
