"""A checkpoint holds the whole journal, and whatever is done to that behind the application's back shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DatabaseError

from app.adapters.notary import Notary, is_signed
from app.db.checkpoint import Checkpoint
from app.db.engine import make_engine, open_session
from app.db.feed import FeedLine
from app.db.process import Event, Process
from app.domain.access import SYSTEM
from app.domain.checkpoint import root_of, statement
from app.domain.journal import line_hash
from app.services.checkpoint import RHYTHM, Clerk, checkpoint_faults, latest_checkpoint
from app.services.journal import journal_faults
from app.services.process import advance
from tests.databases import Databases
from tests.make import NOW, acting, make_account, make_case, make_organisation, make_report, work_of
from tests.queries import counted

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ORIGIN = "urn:nld:oin:00000001234567890000:systeem:knelpuntenstelsel"


@dataclass
class Office:
    """A database with a clerk, and a clock that can be set."""

    engine: Engine
    now: datetime = NOW
    key: bytes = KEY

    @property
    def clerk(self) -> Clerk:
        return Clerk(self.engine, Notary(self.key, ORIGIN), lambda: self.now)

    def happen(self, *actions: str) -> None:
        """A case begins, and a triagist takes these actions."""
        with open_session(self.engine, SYSTEM, writes=True) as session:
            work = work_of(session)
            case = make_case(work, organisation=make_organisation(session))
            make_report(work, case)
            triagist = acting(work, make_account(session, "triagist"))
            for action in actions:
                advance(triagist, case, action=action, answers={"text": "Let op."})
            session.commit()

    def checkpoints(self) -> list[Checkpoint]:
        with open_session(self.engine, SYSTEM, writes=False) as session:
            return list(session.scalars(select(Checkpoint).order_by(Checkpoint.id)))

    def faults(self, *keys: bytes) -> list[str]:
        """What checking finds, with the keys that may have signed."""
        known = [Notary(key, ORIGIN).public_key for key in keys or (self.key,)]
        with open_session(self.engine, SYSTEM, writes=False) as session:
            return list(checkpoint_faults(work_of(session), known))

    def chain_faults(self) -> list[str]:
        with open_session(self.engine, SYSTEM, writes=False) as session:
            return list(journal_faults(work_of(session)))


@pytest.fixture
def office(own_engine: Engine) -> Office:
    return Office(own_engine)


@pytest.fixture
def burgled(databases: Databases) -> Iterator[Office]:
    """One on a database to which somebody else has access: without the triggers."""
    url = databases.migrated()
    engine = make_engine(url)
    office = Office(engine)
    office.happen("oppakken", "notitie")
    office.happen("oppakken")
    office.clerk.finish()
    with engine.execution_options(access="writes").begin() as connection:
        for name in ("event_no_update", "event_no_delete", "feed_line_no_update", "feed_line_no_delete"):
            if engine.dialect.name == "sqlite":
                connection.execute(text(f"DROP TRIGGER {name}"))
        if engine.dialect.name == "postgresql":
            for table in ("event", "feed_line", "checkpoint"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield office
    engine.dispose()
    databases.drop(url)


# --- What is drawn up, and when


def test_a_checkpoint_is_signed_over_every_line_in_its_place(office: Office) -> None:
    office.happen("oppakken", "notitie")
    office.clerk.finish()

    (found,) = office.checkpoints()

    with open_session(office.engine, SYSTEM, writes=False) as session:
        hashes = session.scalars(select(Event.hash).join(Event.feed_line).order_by(FeedLine.place)).all()
    assert (found.count, found.root) == (len(hashes), root_of(hashes))
    said = statement(count=found.count, root=found.root, at=found.at, origin=ORIGIN)
    assert is_signed(said, signature=found.signature, public_key=found.public_key)
    assert not is_signed(said + b" ", signature=found.signature, public_key=found.public_key)
    assert office.faults() == []


def test_without_new_lines_there_is_no_new_checkpoint(office: Office) -> None:
    office.clerk.finish()
    office.happen()
    office.clerk.finish()
    office.now += timedelta(hours=1)

    office.clerk.finish()
    office.clerk.take_turn()

    assert len(office.checkpoints()) == 1


def test_checkpoints_come_at_a_rhythm_and_not_with_each_line(office: Office) -> None:
    counts = []
    for _ in range(4):
        office.happen()
        office.clerk.take_turn()
        counts.append(len(office.checkpoints()))
        office.now += RHYTHM / 2

    assert counts == [1, 1, 2, 2]


def test_a_checkpoint_costs_only_what_is_new_since_the_last(office: Office) -> None:
    for _ in range(3):
        office.happen("oppakken", "notitie")
    office.clerk.finish()
    before = office.checkpoints()[-1]
    office.happen()
    office.clerk.number()

    with counted(office.engine) as sent:
        office.clerk.finish()

    after = office.checkpoints()[-1]
    assert after.count == before.count + 1
    assert len([one for one in sent if "event.hash" in one]) == 1
    assert office.faults() == []


def test_two_clerks_draw_up_one_checkpoint(office: Office) -> None:
    office.happen()
    first, second = office.clerk, office.clerk

    first.finish()
    second.finish()

    assert len(office.checkpoints()) == 1


def test_the_clock_of_a_demonstration_that_is_set_back_does_not_stop_it(office: Office) -> None:
    office.happen()
    office.clerk.take_turn()
    office.now -= timedelta(days=30)
    office.happen()

    office.clerk.take_turn()

    assert len(office.checkpoints()) == 2


def test_with_a_new_key_the_journal_is_sealed_anew_and_the_old_key_stays_known(office: Office) -> None:
    office.happen()
    office.clerk.finish()
    office.key = OTHER_KEY

    office.clerk.finish()

    assert [one.count for one in office.checkpoints()] == [1, 1]
    assert office.faults(OTHER_KEY, KEY) == []
    assert office.faults(OTHER_KEY) == [
        "checkpoint 1 van 23-11-2026 09.00.00 UTC is ondertekend met een onbekende sleutel."
    ]


def test_a_checkpoint_cannot_be_changed_or_taken_away(work: Any) -> None:
    told: dict[str, Any] = {"count": 1, "root": "a", "edge": ["a"], "at": work.now}
    work.session.add(Checkpoint(**told, origin="a", public_key="a", signature="a"))
    work.session.flush()

    for change in (update(Checkpoint).values(root="b"), Checkpoint.__table__.delete()):
        with pytest.raises(DatabaseError, match="the journal is only added to"), work.session.begin_nested():
            work.session.execute(change)


# --- What shows


def test_a_line_that_is_changed_with_all_its_hashes_shows(burgled: Office) -> None:
    with open_session(burgled.engine, SYSTEM, writes=True) as session:
        process = session.scalars(select(Process).order_by(Process.id).limit(1)).one()
        before = "0" * 64
        for line in session.scalars(select(Event).where(Event.process_id == process.id).order_by(Event.sequence)):
            reason = "Er is niets gebeurd." if line.sequence == 2 else line.reason
            line.reason, line.previous_hash = reason, before
            line.hash = before = line_hash(before, line.line(process.number))
        session.flush()
        values = {"last_hash": before}
        session.execute(update(Process.__table__).where(Process.__table__.c.id == process.id).values(**values))
        session.commit()

    assert burgled.chain_faults() == []
    assert burgled.faults() == ["De eerste 5 regels zijn veranderd sinds checkpoint 5 van 23-11-2026 09.00.00 UTC."]


def test_a_tail_that_is_cut_off_with_all_that_points_to_it_shows(burgled: Office) -> None:
    with open_session(burgled.engine, SYSTEM, writes=True) as session:
        last = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        process = Process.__table__
        values = {"last_sequence": last.sequence - 1, "last_hash": last.previous_hash, "state": last.source}
        session.execute(update(process).where(process.c.id == last.process_id).values(**values))
        session.execute(FeedLine.__table__.delete().where(FeedLine.event_id == last.id))
        session.execute(Event.__table__.delete().where(Event.id == last.id))
        session.commit()

    assert burgled.chain_faults() == []
    assert burgled.faults() == ["Er zijn nog 4 regels: bij checkpoint 5 van 23-11-2026 09.00.00 UTC waren het er 5."]


def test_two_lines_that_changed_places_show(burgled: Office) -> None:
    with open_session(burgled.engine, SYSTEM, writes=True) as session:
        for old, new in ((1, 99), (4, 1), (99, 4)):
            session.execute(update(FeedLine).where(FeedLine.place == old).values(place=new))
        session.commit()

    assert [fault.partition(" zijn")[0] for fault in burgled.faults()] == ["De eerste 5 regels"]


def test_a_line_that_was_put_in_by_another_way_shows(burgled: Office) -> None:
    with open_session(burgled.engine, SYSTEM, writes=True) as session:
        session.execute(FeedLine.__table__.delete().where(FeedLine.place == 2))
        session.commit()

    assert burgled.faults() == [
        "Van 1 regels is niet bekend wanneer ze kwamen: ze zijn buiten het systeem om toegevoegd.",
        "Op plaats 2 van het hele verloop ontbreekt een regel.",
    ]


def test_who_writes_history_anew_cannot_sign_it(burgled: Office) -> None:
    """Not with another key, and not with the signature of what was."""
    with open_session(burgled.engine, SYSTEM, writes=True) as session:
        known = latest_checkpoint(work_of(session))
        assert known is not None
        told: dict[str, Any] = {"count": known.count, "root": "f" * 64, "at": known.at, "origin": known.origin}
        forger = Notary(OTHER_KEY, ORIGIN)
        for public_key, signature in (
            (forger.public_key, forger.sign(statement(**told))),
            (known.public_key, known.signature),
            (known.public_key, "geen base64"),
        ):
            session.add(Checkpoint(**told, edge=[], public_key=public_key, signature=signature))
        session.commit()

    faults = burgled.faults()

    assert len([one for one in faults if "onbekende sleutel" in one]) == 1
    assert len([one for one in faults if "handtekening" in one]) == 2
    assert len([one for one in faults if "zijn veranderd" in one]) == 3
