"""The check on every journal: its last line is the state of its process, and its chain holds."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.process import Event, Process
from app.db.visibility import AS_SYSTEM
from app.domain.journal import GENESIS, Link, verify


def assert_journals_hold(session: Session) -> None:
    """Refuse a process without a journal, with another state than its last line, or with a broken chain."""
    if session.in_transaction() and not session.is_active:
        session.rollback()
    columns = (Process.id, Process.number, Process.state, Process.last_sequence, Process.last_hash)
    processes = session.execute(select(*columns).execution_options(**AS_SYSTEM)).all()
    chains: dict[int, list[Event]] = defaultdict(list)
    lines = select(Event).order_by(Event.process_id, Event.sequence).execution_options(**AS_SYSTEM)
    for line in session.scalars(lines):
        chains[line.process_id].append(line)
    for identity, number, state, last_sequence, last_hash in processes:
        chain = chains[identity]
        assert chain, f"{number} has no journal"
        assert chain[-1].target == state, f"the journal of {number} does not end in its state"
        assert [line.sequence for line in chain] == list(range(1, last_sequence + 1)), number
        links = [Link(line.previous_hash, line.hash, line.line(number)) for line in chain]
        assert verify(links, GENESIS) is None, f"the journal of {number} does not hold"
        assert chain[-1].hash == last_hash, number
