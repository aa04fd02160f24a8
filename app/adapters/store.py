"""Files on disk under the digest of what they hold: never changed, never overwritten, checked when read."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FileMissing(Exception):
    """No file with this digest is in the store."""


class FileDamaged(Exception):
    """The file is there, and no longer holds what its digest says."""


class Store:
    """The files of one installation, as `<folder>/ab/cdef…` after their SHA-256.

    The same content twice is one file; offered again, it mends a damaged one. What `put` returned is on the
    disk, also after a power cut; a full disk raises OSError and leaves nothing behind.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the content and return its digest."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        try:
            self.read(digest)
        except (FileMissing, FileDamaged):
            _make_folder(path.parent)
            _write(path, content)
        # Also for a file that somebody else put there just now.
        _sync_folder(path.parent)
        return digest

    def read(self, digest: str) -> bytes:
        """The content with this digest; raise `FileMissing` or `FileDamaged`."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError as error:
            raise FileMissing(digest) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileDamaged(digest)
        return content

    def digests(self) -> Iterator[str]:
        """Every digest in the store, in order: for a backup and for a check of all."""
        for folder in sorted(self.folder.glob("??")):
            for path in sorted(folder.iterdir()):
                if DIGEST.fullmatch(folder.name + path.name):
                    yield folder.name + path.name

    def _path(self, digest: str) -> Path:
        # A digest comes from a row or an address; only 64 hexadecimals can become a path.
        if not DIGEST.fullmatch(digest):
            raise FileMissing(digest)
        return self.folder / digest[:2] / digest[2:]


def _write(path: Path, content: bytes) -> None:
    """Write the whole file beside its place and then put it there at once."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each known to the disk before it is used."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
