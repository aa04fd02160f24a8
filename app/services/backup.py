"""Backup and restore: the database and the files of an installation in one archive; and a check of the files."""

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.adapters.backup import BackupFailed, copy_database, kind_of, put_database_back
from app.adapters.store import FileDamaged, FileMissing, Store
from app.db.meeting import Bundle, Paper
from app.db.process import Attachment
from app.db.publication import PublicRecord
from app.services.work import Work

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files/"
NO_BACKUP = "Dit bestand is geen back-up van dit systeem."


def back_up(url: str, store: Store, target: Path, now: datetime) -> int:
    """Write an archive that is complete or not there; how many files it holds.

    The database goes first: a file that is added meanwhile is then one too many, and never one too few.
    """
    manifest = {"format": FORMAT, "kind": kind_of(url), "made_at": now.isoformat()}
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder, _private(partial) as archive:
            copy = Path(folder) / DATABASE
            copy_database(url, copy)
            _add(archive, MANIFEST, json.dumps(manifest).encode())
            archive.add(copy, DATABASE)
            digests = list(store.digests())
            for digest in digests:
                _add(archive, FILES + digest, store.read(digest))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return len(digests)


def check_archive(url: str, source: Path) -> None:
    """Look whether an archive is whole and fits this installation; `BackupFailed` when it is not."""
    with _opened(source) as archive:
        _check_manifest(url, archive)
        _checked_files(archive)


def restore(url: str, store: Store, source: Path) -> int:
    """Put an archive back; everything in it is checked before anything is replaced. How many files it held."""
    with tempfile.TemporaryDirectory() as folder, _opened(source) as archive:
        _check_manifest(url, archive)
        files = _checked_files(archive)
        copy = Path(folder) / DATABASE
        copy.write_bytes(_content(archive, DATABASE))
        put_database_back(url, copy)
        for name in files:
            store.put(_content(archive, name))
    return len(files)


def file_faults(work: Work, store: Store) -> Iterator[str]:
    """Files that are missing or no longer hold what they held, one sentence each."""
    used = set(work.session.scalars(select(Attachment.digest)))
    used |= set(work.session.scalars(select(PublicRecord.pdf_digest).where(PublicRecord.pdf_digest.is_not(None))))
    used |= set(work.session.scalars(select(Paper.pdf_digest).where(Paper.pdf_digest.is_not(None))))
    used |= set(work.session.scalars(select(Bundle.pdf_digest).where(Bundle.pdf_digest.is_not(None))))
    for digest in sorted(used | set(store.digests())):
        try:
            store.read(digest)
        except FileMissing:
            yield f"Bestand {digest} ontbreekt."
        except FileDamaged:
            yield f"Bestand {digest} is beschadigd."


def _private(path: Path) -> tarfile.TarFile:
    """An archive that only its owner reads: it holds everything."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    return tarfile.open(path, "w:gz")


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:*") as archive:
            yield archive
    except (tarfile.TarError, EOFError, KeyError, ValueError) as error:
        raise BackupFailed(NO_BACKUP) from error


def _check_manifest(url: str, archive: tarfile.TarFile) -> None:
    manifest: dict[str, Any] = json.loads(_content(archive, MANIFEST))
    if manifest.get("format") != FORMAT:
        raise BackupFailed(NO_BACKUP)
    if manifest["kind"] != kind_of(url):
        raise BackupFailed(f"Deze back-up is van een database van de soort {manifest['kind']}, en deze niet.")


def _checked_files(archive: tarfile.TarFile) -> list[str]:
    """The names of the files, each with the content that its name says."""
    names = [name for name in archive.getnames() if name.startswith(FILES)]
    for name in names:
        if hashlib.sha256(_content(archive, name)).hexdigest() != name.removeprefix(FILES):
            raise BackupFailed(f"Bestand {name.removeprefix(FILES)} in deze back-up is beschadigd.")
    return names


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise BackupFailed(NO_BACKUP)
    return member.read()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, BytesIO(content))
