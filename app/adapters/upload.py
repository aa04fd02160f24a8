"""What somebody offers as an attachment: named by libmagic, looked at by the rules, scanned where there is a scanner.

Nothing is changed: what is kept is what was offered, byte for byte. Every refusal is `Invalid` at the field
`bestand`, with a sentence that says what to do. A scanner that does not answer refuses.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from app.domain import attachment
from app.domain.errors import Invalid
from app.domain.package import HARMFUL, NOT_AS_NAMED, Unsafe

NOT_SCANNED = "We kunnen dit bestand nu niet op virussen controleren. Probeer het later opnieuw."

Scanner = Callable[[bytes], str | None]
"""Returns what is wrong with the content, or None; raises when it cannot tell."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked at and may be kept; it is served as this media type, as an attachment."""

    name: str
    media_type: str
    content: bytes
    digest: str


def accept(name: str, content: bytes, *, scan: Scanner | None = None) -> Upload:
    """The file, under a name that can be shown; raise `Invalid` for what may not be kept."""
    shown = attachment.display_name(name)
    try:
        kind = attachment.kind_of(shown)
        attachment.look(kind, content)
        _name(kind, content)
        if scan is not None:
            _scan(scan, content)
    except Unsafe as error:
        raise Invalid({"bestand": [error.sentence]}) from error
    return Upload(shown, kind.media_type, content, hashlib.sha256(content).hexdigest())


def _name(kind: attachment.Kind, content: bytes) -> None:
    # It loads a library of the machine, which only who is offered a file needs.
    import magic  # noqa: PLC0415

    if not kind.called(magic.from_buffer(content, mime=True)):
        raise Unsafe(NOT_AS_NAMED)


def _scan(scan: Scanner, content: bytes) -> None:
    try:
        found = scan(content)
    except Exception as error:
        # Whatever stopped the scanner: the file was not scanned.
        raise Unsafe(NOT_SCANNED) from error
    if found is not None:
        raise Unsafe(HARMFUL)
