"""Sealed ballots: what a receipt commits to, and how a member finds the own vote in the result."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from app.domain.journal import canonical

VERSION = "knelpuntenstelsel stembewijs 1"
SALT_BYTES = 16


class Receipt(NamedTuple):
    """What a member gets for a vote, and nobody keeps: on which item, in which round, what, and the salt."""

    item: str
    round: int
    choice: str
    salt: str

    @property
    def commitment(self) -> str:
        """The SHA-256 of the version, the item, the round, the choice and the salt, each on a line of its own.

        Without the salt, of 128 random bits, nobody finds the choice by trying.

        >>> Receipt("AGP-2026-00001", 1, "voor", "00" * 16).commitment[:16]
        '0f078e373045853c'
        """
        return sha256("\n".join((VERSION, self.item, str(self.round), self.choice, self.salt)).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The receipt as a member keeps it."""
        return {
            "versie": VERSION,
            "agendapunt": self.item,
            "ronde": self.round,
            "keuze": self.choice,
            "zout": self.salt,
            "bewijs": self.commitment,
        }

    def opening(self) -> dict[str, str]:
        """What the list of a closed round says of this vote: not whose it is."""
        return {"bewijs": self.commitment, "zout": self.salt, "keuze": self.choice}


def in_list(receipts: Iterable[Receipt]) -> list[dict[str, str]]:
    """The votes of a round as they are opened: in the order of their commitments, which says nothing of when."""
    return sorted((receipt.opening() for receipt in receipts), key=lambda opening: opening["bewijs"])


def result_digest(item: str, number: int, openings: Iterable[Mapping[str, str]]) -> str:
    """The SHA-256 of the list of a round as canonical JSON; it stands in the journal, so the list cannot change."""
    listed = {"agendapunt": item, "ronde": number, "stemmen": list(openings)}
    return sha256(canonical(listed).encode()).hexdigest()
