import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.adapters.store import FileDamaged, FileMissing, Store

DIGEST = hashlib.sha256(b"een brief").hexdigest()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "files")


def test_what_is_put_is_read_again_under_its_digest(store):
    assert store.put(b"een brief") == DIGEST
    assert store.read(DIGEST) == b"een brief"
    assert (store.folder / DIGEST[:2] / DIGEST[2:]).is_file()


def test_the_same_content_is_one_file(store):
    store.put(b"een brief")
    store.put(b"een brief")
    other = store.put(b"een andere brief")

    assert list(store.digests()) == sorted([DIGEST, other])
    assert len([path for path in store.folder.rglob("*") if path.is_file()]) == 2


def test_many_at_once_leave_one_whole_file(store):
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(store.put, [b"een brief" * 10_000] * 40))

    assert list(store.digests()) == sorted(digests)
    assert store.read(*digests) == b"een brief" * 10_000


def test_a_damaged_file_is_noticed_and_mended_when_it_is_offered_again(store):
    store.put(b"een brief")
    (store.folder / DIGEST[:2] / DIGEST[2:]).write_bytes(b"een brie")

    with pytest.raises(FileDamaged):
        store.read(DIGEST)
    store.put(b"een brief")
    assert store.read(DIGEST) == b"een brief"


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", DIGEST.upper(), DIGEST + "\n", ""])
def test_what_is_no_digest_here_is_not_found(store, digest):
    store.put(b"een brief")

    with pytest.raises(FileMissing):
        store.read(digest)


def test_a_full_disk_leaves_nothing_behind(store, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    (store.folder / DIGEST[:2]).mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(b"een brief")

    assert DIGEST not in list(store.digests())
    assert not list(store.folder.rglob("*.part"))
