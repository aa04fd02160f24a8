"""The tree over the journal is that of RFC 9162, however many lines there are and however it was kept in between."""

from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from app.domain.checkpoint import Tree, root_of, statement

leaves = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=40)


def defined(hashes: list[str]) -> bytes:
    """The root as RFC 9162, 2.1.1, defines it: by halves of which the left one is as large a power of two as fits."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return sha256(b"\x00" + bytes.fromhex(hashes[0])).digest()
    left = 1
    while left * 2 < len(hashes):
        left *= 2
    return sha256(b"\x01" + defined(hashes[:left]) + defined(hashes[left:])).digest()


def test_the_root_of_nothing_and_of_one_empty_leaf_are_the_known_ones() -> None:
    assert root_of([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([""]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(leaves)
def test_the_root_is_as_the_standard_defines_it(hashes: list[str]) -> None:
    assert root_of(hashes) == defined(hashes).hex()


@given(leaves, leaves)
def test_who_kept_the_right_edge_goes_on_with_the_new_lines_alone(before: list[str], after: list[str]) -> None:
    kept = Tree()
    for one in before:
        kept.add(one)

    read = Tree.read(kept.count, kept.written())
    for one in after:
        read.add(one)

    assert read.root() == root_of([*before, *after])
    assert len(read.edge) <= read.count.bit_length()


@given(leaves.filter(len), st.data())
def test_another_line_or_another_order_is_another_root(hashes: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(hashes) - 1))
    other = sha256(bytes.fromhex(hashes[place])).hexdigest()

    assert root_of([*hashes[:place], other, *hashes[place + 1 :]]) != root_of(hashes)
    assert root_of(hashes[:-1]) != root_of(hashes)
    assert len(set(hashes)) == 1 or root_of(sorted(hashes)) != root_of(sorted(hashes, reverse=True))


def test_what_is_signed_has_one_writing() -> None:
    moment = datetime(2026, 11, 23, 9, 0, 0, 5, tzinfo=UTC)

    said = statement(count=2, root="ab", at=moment, origin="urn:nld:oin:1")

    assert said == b'{"aantal":2,"oorsprong":"urn:nld:oin:1","op":"2026-11-23T09:00:00.000005Z","wortel":"ab"}'
