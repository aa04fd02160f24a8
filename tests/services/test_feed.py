"""Every line gets one place in one order that nobody can come before any more, and who reads on misses nothing."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import DatabaseError

from app.adapters.notary import Notary
from app.db.engine import make_engine, open_session
from app.db.feed import FeedLine
from app.db.process import Event, Process
from app.domain.access import PUBLIC, SYSTEM, Actor, account_key, role_key
from app.domain.errors import Invalid
from app.services.checkpoint import Clerk
from app.services.feed import LOOKED_AT, HappeningStretch, happenings, number_lines, place_after
from app.services.process import advance
from app.services.work import Work
from tests.databases import Databases
from tests.make import (
    NOW,
    acting,
    actor_of,
    make_account,
    make_case,
    make_organisation,
    make_report,
    work_of,
)
from tests.queries import counted

ALL = 1000


def heard(work: Work, *, after: int = 0, amount: int = ALL) -> HappeningStretch:
    """What happened after a place, with all that is new numbered."""
    number_lines(work)
    return happenings(work, after=after, amount=amount)


def told(stretch: HappeningStretch) -> list[tuple[str, str]]:
    return [(row.subject, row.type.split(".")[-2]) for row in stretch.rows]


def clerk(engine: Engine) -> Clerk:
    return Clerk(engine, Notary(b"k" * 32, "https://ccg.example"), lambda: NOW)


@contextmanager
def writing(engine: Engine) -> Iterator[Work]:
    with open_session(engine, SYSTEM, writes=True) as session:
        yield work_of(session)


# --- Who hears of what


def test_who_is_involved_hears_of_a_case_and_nobody_else_does(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    neighbour = make_account(work.session, "melder")
    case = make_case(work, organisation=home, audience=[f"org:{home.id}", role_key("triagist")])

    assert (case.number, "beginnen") in told(heard(acting(work, reporter)))
    assert told(heard(acting(work, neighbour))) == told(heard(acting(work, PUBLIC))) == []


def test_who_only_knows_that_a_case_exists_hears_nothing_of_it(work: Any) -> None:
    make_case(work, audience=["official"])

    assert told(heard(acting(work, make_account(work.session, "melder")))) == []


def test_what_handlers_do_among_themselves_is_heard_by_handlers_alone(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    triagist = make_account(work.session, "triagist")
    case = make_case(work, organisation=home, audience=[account_key(reporter.id), role_key("triagist")])
    make_report(work, case)
    advance(acting(work, triagist), case, action="oppakken")
    advance(acting(work, triagist), case, action="notitie", answers={"text": "Let op."})

    both, handler = told(heard(acting(work, reporter))), told(heard(acting(work, triagist)))

    assert both == [(case.number, "beginnen"), (case.number, "oppakken")]
    assert handler == [*both, (case.number, "notitie")]


def test_a_happening_says_where_to_look_and_nothing_of_what_is_there(work: Any) -> None:
    triagist = make_account(work.session, "triagist")
    case = make_case(work, audience=[role_key("triagist")], title="Een geheime titel")

    (row,) = heard(acting(work, triagist)).rows

    assert (row.type, row.kind) == ("nl.overheid.knelpunten.knelpunt.beginnen.v1", "knelpunt")
    assert (row.subject, row.dataref) == (case.number, f"/knelpunten/{case.number}")
    assert (row.public, row.sequence, row.case_id) == (False, None, case.id)
    assert "geheime" not in repr(row)


# --- The order


def test_places_follow_each_other_and_are_given_once(work: Any) -> None:
    make_case(work)
    first = number_lines(work)
    make_case(work)

    assert (first >= 1, number_lines(work), number_lines(work)) == (True, 1, 0)
    places = work.session.scalars(select(FeedLine.place).order_by(FeedLine.event_id)).all()
    assert places == list(range(1, len(places) + 1))


def test_a_place_that_was_given_stays(work: Any) -> None:
    make_case(work)
    number_lines(work)

    for change in (update(FeedLine).values(place=FeedLine.place + 100), FeedLine.__table__.delete()):
        with pytest.raises(DatabaseError, match="the journal is only added to"), work.session.begin_nested():
            work.session.execute(change)


def test_what_was_written_earlier_and_committed_later_comes_later(postgresql: Databases) -> None:
    """On SQLite one writes at a time."""
    url = postgresql.migrated()
    engine = make_engine(url)
    with writing(engine) as slow, writing(engine) as fast:
        slow_case, fast_case = make_case(slow), make_case(fast, number="KNP-2026-77777")
        assert slow_case.id < fast_case.id
        fast.session.commit()
        clerk(engine).number()
        before = happenings(fast, after=0, amount=ALL)
        slow.session.commit()
        clerk(engine).number()
        after = happenings(fast, after=before.reached, amount=ALL)

        assert [row.subject for row in before.rows] == [fast_case.number]
        assert [row.subject for row in after.rows] == [slow_case.number]
    engine.dispose()
    postgresql.drop(url)


WRITERS, CASES = 4, 8


def test_who_reads_on_while_others_write_misses_nothing_and_gets_nothing_twice(own_engine: Engine) -> None:
    with writing(own_engine) as work:
        reader = actor_of(make_account(work.session, "triagist"))
        work.session.commit()
    written = threading.Event()

    with ThreadPoolExecutor(WRITERS + 3) as pool:
        reading = pool.submit(_read_on, own_engine, reader, written)
        numbering = [pool.submit(_number_on, own_engine, written) for _ in range(2)]
        for done in [pool.submit(_write, own_engine, writer) for writer in range(WRITERS)]:
            done.result()
        clerk(own_engine).number()
        written.set()
        for done in numbering:
            done.result()
        found = reading.result()

    assert sorted(found) == sorted(_number_of(writer, one) for writer in range(WRITERS) for one in range(CASES))
    for writer in range(WRITERS):
        assert [number for number in found if number.startswith(f"KNP-2026-9{writer}")] == [
            _number_of(writer, one) for one in range(CASES)
        ]


def _number_of(writer: int, one: int) -> str:
    return f"KNP-2026-9{writer}{one:03}"


def _write(engine: Engine, writer: int) -> None:
    for one in range(CASES):
        with writing(engine) as work:
            make_case(work, number=_number_of(writer, one), audience=[role_key("triagist")])
            work.session.commit()


def _number_on(engine: Engine, written: threading.Event) -> None:
    while not written.wait(0.01):
        clerk(engine).number()


def _read_on(engine: Engine, reader: Actor, written: threading.Event) -> list[str]:
    found: list[str] = []
    after, is_last = 0, False
    while not is_last:
        is_last = written.is_set()
        more = True
        while more:
            with open_session(engine, reader, writes=False) as session:
                stretch = happenings(Work(session, reader, NOW, {}), after=after, amount=3)
            found += [row.subject for row in stretch.rows]
            after, more = stretch.reached, stretch.more
    return found


# --- Reading on


def test_who_has_read_everything_stays_at_the_same_place(work: Any) -> None:
    triagist = acting(work, make_account(work.session, "triagist"))
    case = make_case(work, audience=[role_key("triagist")])
    first = heard(triagist)

    again = heard(triagist, after=place_after(triagist, first.following))

    assert (told(first), told(again)) == ([(case.number, "beginnen")], [])
    assert (again.following, again.more) == (first.following, False)


def test_a_page_ends_where_the_next_one_begins(work: Any) -> None:
    triagist = acting(work, make_account(work.session, "triagist"))
    numbers = [make_case(work, audience=[role_key("triagist")]).number for _ in range(5)]
    found, after, pages = [], 0, 0
    while True:
        stretch = heard(triagist, after=after, amount=2)
        found += [row.subject for row in stretch.rows]
        pages += 1
        if not stretch.more:
            break
        after = place_after(triagist, stretch.following)

    assert (found, pages) == (numbers, 3)


def test_a_place_that_nobody_was_given_is_refused(work: Any) -> None:
    for given in ("nergens", "7", "-1", "9" * 50, "²"):
        with pytest.raises(Invalid):
            place_after(work, given)
    assert place_after(work, None) == place_after(work, "0") == 0


def test_a_page_costs_as_much_whoever_reads_and_however_much_there_is(work: Any, engine: Engine) -> None:
    triagist = acting(work, make_account(work.session, "triagist"))
    make_case(work, audience=[role_key("triagist")])
    number_lines(work)
    costs = []
    for amount in (1, 20):
        for _ in range(amount):
            make_case(work, audience=[role_key("triagist")])
        number_lines(work)
        with counted(engine) as sent:
            happenings(triagist, after=0, amount=50)
        costs.append(len(sent))

    assert costs[0] == costs[1] <= 4


def test_who_may_know_of_little_gets_a_short_page_and_goes_on_behind_it(work: Any) -> None:
    """However much happens elsewhere, one page looks at so much; its end is a place like any other."""
    session = work.session
    case = make_case(work)
    number_lines(work)
    with session.begin_nested() as attempt:
        _many_lines(work, case, LOOKED_AT + 10)
        mine = make_case(work, audience=[role_key("ccg_lid")])
        while number_lines(work):
            pass
        member = acting(work, make_account(session, "ccg_lid"))

        first = happenings(member, after=0, amount=10)
        second = happenings(member, after=place_after(member, first.following), amount=10)

        assert (list(first.rows), first.more) == ([], True)
        assert (told(second), second.more) == ([(mine.number, "beginnen")], False)
        work.session.info["reader"] = SYSTEM
        attempt.rollback()
        session.expire_all()


def _many_lines(work: Work, case: Process, amount: int) -> None:
    work.session.flush()
    event = Event.__table__
    row = dict(work.session.execute(select(event).where(event.c.process_id == case.id)).mappings().one())
    del row["id"]
    work.session.execute(insert(event), [{**row, "sequence": 2 + one} for one in range(amount)])
    ids = work.session.scalars(select(event.c.id).where(event.c.process_id == case.id, event.c.sequence > 1))
    flags = {"told": True, "public": False, "internal": False}
    work.session.execute(
        insert(FeedLine.__table__), [{"event_id": one, "identity": str(uuid4()), **flags} for one in ids]
    )


def test_a_reader_is_who_the_session_reads_for(work: Any) -> None:
    """An excused member is kept out by the filter that every query has, here too."""
    member = make_account(work.session, "ccg_lid")
    case = make_case(work, audience=[role_key("ccg_lid")])
    assert told(heard(acting(work, member))) == [(case.number, "beginnen")]

    assert told(heard(acting(work, Actor(member.id)))) == []
    assert heard(acting(work, SYSTEM)).rows
