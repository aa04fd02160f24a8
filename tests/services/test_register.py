"""The register in bounded pieces: whatever its size, each piece costs the same, and only what is public is in it."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.domain.access import SYSTEM
from app.domain.register import law_subject
from app.services import register as registers
from app.services.register import (
    entry_of,
    feed,
    map_of_register,
    maps_of_register,
    register,
    stamp_of_register,
)
from tests.make import make_case, make_precedent, make_ruling
from tests.queries import counted

LAW = {
    "label": "Jeugdwet, artikel 7.3.11",
    "jci": "jci1.3:c:BWBR0034925&artikel=7.3.11",
    "url": None,
    "rol": None,
    "geldigOp": None,
}
LOCAL = {"label": "Verordening", "jci": None, "url": "https://lokaleregelgeving.overheid.nl/CVDR401319/1"}


def publish(work: Any, sequence: int, *, precedent: bool = False, **fields: Any) -> PublicRecord:
    number = f"CCG:2026:{sequence}"
    if precedent:
        ruling = make_ruling(work, make_case(work))
        number = ruling.number or ""
        make_precedent(work, make_case(work), ruling, public=True, state="geldend")
    record = {"nummer": number, "titel": f"Uitspraak {sequence}", "grondslagen": [LAW], "typen": []}
    given = {
        "number": number,
        "issue": 1,
        "title": record["titel"],
        "adopted_on": date(2026, 11, 1),
        "record": record,
        "published_at": work.now + timedelta(minutes=sequence),
        **fields,
    }
    made = PublicRecord(**given)
    work.session.add(made)
    work.session.flush()
    return made


def happens(
    work: Any, made: PublicRecord, action: str, *, days: int, state: str = "geldend", half: bool = False
) -> None:
    """A line in the journal of the precedent."""
    precedent = work.session.query(Precedent).filter_by(number=made.number).one()
    before, precedent.state = precedent.state, state
    moment = work.now + timedelta(days=days)
    precedent.write_line(action=action, source=before, actor=SYSTEM, role="systeem", at=moment, half=half)
    work.session.flush()


def numbers(entries: Any) -> list[str]:
    return [entry.number for entry in entries]


def test_the_register_has_each_ruling_that_may_be_read_once(work: Any) -> None:
    publish(work, 901, current=False)
    publish(work, 901, issue=2)
    publish(work, 902, withdrawn_at=work.now + timedelta(days=1), record={})
    publish(work, 903)

    assert numbers(register(work)) == ["CCG:2026:901", "CCG:2026:903"]


def test_a_larger_register_is_read_in_more_pieces_and_a_piece_is_one_query(
    work: Any, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PIECE", 4)
    for sequence in range(901, 911):
        publish(work, sequence)

    with counted(engine) as sent:
        found = numbers(register(work))

    assert found == [f"CCG:2026:{sequence}" for sequence in range(901, 911)]
    assert len(sent) == 3


def test_a_ruling_stays_in_its_map(work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "IN_MAP", 3)
    made = [publish(work, sequence) for sequence in range(901, 911)]
    before = {place: numbers(map_of_register(work, place)) for place, _ in maps_of_register(work)}

    made[0].withdrawn_at = work.now
    work.session.flush()
    after = {place: numbers(map_of_register(work, place)) for place, _ in maps_of_register(work)}

    assert sorted(number for found in before.values() for number in found) == [row.number for row in made]
    assert max(map(len, before.values())) <= 3
    assert [number for found in after.values() for number in found] == [row.number for row in made[1:]]
    for place, found in after.items():
        assert set(found) <= set(before[place])


def test_the_feed_has_what_changed_last_first(work: Any) -> None:
    first, second = publish(work, 901, precedent=True), publish(work, 902)
    assert numbers(feed(work)) == [second.number, first.number]

    happens(work, first, "intrekken", days=3, state="ingetrokken")
    entry, other = feed(work)

    assert (entry.number, other.number) == (first.number, second.number)
    assert entry.changed_at == work.now + timedelta(days=3)
    assert entry.standing is not None
    assert entry.standing.label == "Ingetrokken"


def test_work_inside_changes_neither_the_stamp_nor_the_feed_and_what_is_told_does(work: Any) -> None:
    made = publish(work, 901, precedent=True)
    before = str(stamp_of_register(work)), feed(work)[0].changed_at

    happens(work, made, "notitie", days=1)
    assert (str(stamp_of_register(work)), feed(work)[0].changed_at) == before

    happens(work, made, "markeren", days=2)
    happens(work, made, "notitie", days=3)
    assert str(stamp_of_register(work)) != before[0]
    assert feed(work)[0].changed_at == work.now + timedelta(days=2)


def test_the_first_of_two_people_changes_nothing_for_the_public(work: Any) -> None:
    made = publish(work, 901, precedent=True)
    before = str(stamp_of_register(work))

    happens(work, made, "intrekken", days=1, half=True)

    assert str(stamp_of_register(work)) == before


def test_a_feed_of_a_law_knows_it_by_its_number(work: Any) -> None:
    law, local = publish(work, 901), publish(work, 902, record={"titel": "x", "grondslagen": [LOCAL]})
    # The number alone, somewhere in the text, is not a law on which it rests.
    publish(work, 903, record={"titel": "BWBR0034925", "grondslagen": []})

    assert numbers(feed(work, law_subject("BWBR0034925"))) == [law.number]
    assert numbers(feed(work, law_subject("CVDR401319/1"))) == [local.number]
    assert numbers(feed(work, law_subject("CVDR401319"))) == [local.number]
    assert numbers(feed(work, law_subject("BWBR003492"))) == []


def test_who_follows_a_law_hears_that_a_ruling_was_withdrawn(work: Any) -> None:
    made = publish(work, 901)
    made.withdrawn_at, made.record = work.now + timedelta(days=1), {}
    work.session.flush()

    (entry,) = feed(work, law_subject("BWBR0034925"))

    assert (entry.number, entry.record, entry.withdrawn_at) == (made.number, {}, made.withdrawn_at)


def test_a_feed_is_no_longer_than_a_reader_wants(work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "FEED_LENGTH", 2)
    for sequence in range(901, 905):
        publish(work, sequence)

    assert numbers(feed(work)) == ["CCG:2026:904", "CCG:2026:903"]
    assert numbers(feed(work, law_subject("BWBR0034925"))) == ["CCG:2026:904", "CCG:2026:903"]


def test_the_stamp_changes_with_anything_in_the_register(work: Any) -> None:
    stamps = [stamp_of_register(work)]
    made = publish(work, 901, precedent=True)
    stamps.append(stamp_of_register(work))
    precedent = work.session.query(Precedent).filter_by(number=made.number).one()
    precedent.used_count += 1
    work.session.flush()
    stamps.append(stamp_of_register(work))
    made.withdrawn_at = work.now
    work.session.flush()
    stamps.append(stamp_of_register(work))

    assert len({str(stamp) for stamp in stamps}) == 4


def test_an_entry_is_found_by_its_number_and_version(work: Any) -> None:
    made = publish(work, 901, precedent=True)

    entry = entry_of(work, made.number)

    assert entry is not None
    assert entry.identity == f"/id/uitspraak/{made.number.replace(':', '/')}"
    assert entry_of(work, made.number, 2) is None
    assert entry_of(work, "CCG:2026:99999") is None
