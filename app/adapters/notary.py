"""The notary: it signs checkpoints of the journal with Ed25519 (RFC 8032), by a key that the database does not have."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Notary:
    """Who signs for this installation, which others know by `origin`."""

    def __init__(self, key: bytes, origin: str) -> None:
        self.origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(key)

    @property
    def public_key(self) -> str:
        """What a signature is checked with: 32 bytes in base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, statement: bytes) -> str:
        """The signature, in base64."""
        return base64.b64encode(self._key.sign(statement)).decode()


def is_signed(statement: bytes, *, signature: str, public_key: str) -> bool:
    """Was this signed by who has the other half of the key? What is no key or no signature signs nothing."""
    try:
        known = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        known.verify(base64.b64decode(signature, validate=True), statement)
    except (ValueError, InvalidSignature):
        return False
    return True
