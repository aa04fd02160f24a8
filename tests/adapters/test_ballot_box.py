import base64

import pytest

from app.adapters.ballot_box import BallotBox, BallotUnreadable

KEY, OTHER = bytes(range(32)), bytes(32)
VOTE = {"account": 7, "choice": "voor", "salt": "00" * 16}


def test_what_was_sealed_opens_with_the_same_key_at_the_same_place():
    assert BallotBox(KEY).open(BallotBox(KEY).seal(VOTE, place="AGP-2026-00001/1"), place="AGP-2026-00001/1") == VOTE


def test_another_key_another_place_or_another_byte_opens_nothing():
    sealed = BallotBox(KEY).seal(VOTE, place="AGP-2026-00001/1")
    changed = bytearray(base64.b64decode(sealed))
    changed[40] ^= 1

    for box, text, place in (
        (BallotBox(OTHER), sealed, "AGP-2026-00001/1"),
        (BallotBox(KEY), sealed, "AGP-2026-00001/2"),
        (BallotBox(KEY), base64.b64encode(changed).decode(), "AGP-2026-00001/1"),
        (BallotBox(KEY), "", "AGP-2026-00001/1"),
    ):
        with pytest.raises(BallotUnreadable):
            box.open(text, place=place)


def test_the_same_vote_is_never_sealed_the_same_and_every_seal_is_as_long():
    box = BallotBox(KEY)
    votes = [VOTE, VOTE, {**VOTE, "choice": "onthouding", "account": 1_000_000}]

    sealed = [box.seal(vote, place="a") for vote in votes]

    assert len(set(sealed)) == 3
    assert len({len(one) for one in sealed}) == 1


def test_a_mark_is_of_the_key_too():
    data = b'{"stem": "voor"}'

    assert BallotBox(KEY).mark(data) == BallotBox(KEY).mark(data)
    assert BallotBox(KEY).mark(data) != BallotBox(OTHER).mark(data)
    assert len(BallotBox(KEY).mark(data)) == 64


def test_the_box_does_not_show_its_key():
    box = BallotBox(KEY)

    assert repr(box) == "BallotBox(…)"
    with pytest.raises(ValueError, match="32 bytes"):
        BallotBox(b"kort")


def test_what_is_too_long_to_look_like_the_others_is_refused():
    with pytest.raises(ValueError, match="256 bytes"):
        BallotBox(KEY).seal({"choice": "x" * 300}, place="a")
