"""The whole journal in one hash: the tree of RFC 9162, which a line can only be added to, and what is signed of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from app.domain.journal import canonical

LEAF, NODE = b"\x00", b"\x01"


@dataclass(slots=True)
class Tree:
    """How many lines there are, and the right edge: the roots of the whole subtrees, the largest first.

    That is all that has to be kept to add a line, and never more than the bits of the number of lines.
    """

    count: int = 0
    edge: list[bytes] = field(default_factory=list)

    def add(self, line_hash: str) -> None:
        """Add the hash of a line, in hexadecimal as the journal has it: its bytes are the leaf."""
        node, whole = sha256(LEAF + bytes.fromhex(line_hash)).digest(), self.count
        while whole & 1:
            node = sha256(NODE + self.edge.pop() + node).digest()
            whole >>= 1
        self.edge.append(node)
        self.count += 1

    def root(self) -> str:
        """The hash of all lines, in hexadecimal.

        >>> Tree().root() == sha256(b"").hexdigest()
        True
        """
        if not self.edge:
            return sha256(b"").hexdigest()
        *larger, node = self.edge
        for left in reversed(larger):
            node = sha256(NODE + left + node).digest()
        return node.hex()

    def written(self) -> list[str]:
        """The edge as it is kept."""
        return [node.hex() for node in self.edge]

    @classmethod
    def read(cls, count: int, edge: Sequence[str]) -> "Tree":
        """The tree as it was kept."""
        return cls(count, [bytes.fromhex(node) for node in edge])


def root_of(hashes: Iterable[str]) -> str:
    """The root over the hashes of lines, in their order."""
    tree = Tree()
    for one in hashes:
        tree.add(one)
    return tree.root()


def statement(*, count: int, root: str, at: datetime, origin: str) -> bytes:
    """What is signed: canonical JSON, so that whoever has the four values can write it again.

    >>> from datetime import UTC
    >>> statement(count=2, root="ab", at=datetime(2026, 11, 23, 9, tzinfo=UTC), origin="https://ccg.example")
    b'{"aantal":2,"oorsprong":"https://ccg.example","op":"2026-11-23T09:00:00.000000Z","wortel":"ab"}'
    """
    return canonical({"aantal": count, "wortel": root, "op": at, "oorsprong": origin}).encode()
