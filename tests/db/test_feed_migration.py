"""What happened before there was a feed has its place in it afterwards, and tells no more than a line of today does."""

from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from app.db.engine import make_engine
from app.db.feed import FeedLine
from app.db.migration import downgrade, upgrade
from app.db.process import Counter, Event, Process
from app.services.feed import COUNTER, number_lines
from tests.api.stage import Stage
from tests.api.street import whole_street

BEFORE = "0004_search"


def test_older_lines_get_the_place_and_the_hearing_they_would_have_had(empty_database_url: str, tmp_path: Path) -> None:
    engine = make_engine(empty_database_url)
    upgrade(engine)
    stage = Stage(engine, tmp_path)
    paths = whole_street(stage)
    stage.does("svb", paths["recommendation"], "ontvangst_bevestigen")
    stage.does("analist", paths["precedent"], "markeren", markering="te_herbeoordelen", reden="De wet is veranderd.")
    made = lines(stage)

    downgrade(engine, BEFORE)
    upgrade(engine)

    assert lines(stage) == made
    assert {public for *_, public, _ in made} == {True, False}
    engine.dispose()


def test_what_happens_after_an_upgrade_comes_after_what_was_there(empty_database_url: str, tmp_path: Path) -> None:
    engine = make_engine(empty_database_url)
    upgrade(engine)
    stage = Stage(engine, tmp_path)
    paths = whole_street(stage)
    before = len(lines(stage))
    downgrade(engine, BEFORE)
    assert counted(stage) is None
    upgrade(engine)
    assert counted(stage) == before
    with stage.work() as work:
        # As where the tables came before the counter did.
        work.session.execute(delete(Counter).where(Counter.kind == COUNTER))

    stage.does("analist", paths["precedent"], "markeren", markering="te_herbeoordelen", reden="De wet is veranderd.")

    after = len(lines(stage))
    assert after > before
    with stage.work() as work:
        places = work.session.scalars(select(FeedLine.place).order_by(FeedLine.place)).all()
    assert places == list(range(1, after + 1))
    assert counted(stage) == after
    engine.dispose()


def counted(stage: Stage) -> int | None:
    with stage.work() as work:
        return work.session.scalar(select(Counter.last).where(Counter.kind == COUNTER))


def lines(stage: Stage) -> list[tuple[Any, ...]]:
    with stage.work() as work:
        number_lines(work)
        query = (
            select(Process.number, Event.action, FeedLine.told, FeedLine.internal, FeedLine.public, FeedLine.sequence)
            .join(Event, Event.process_id == Process.id)
            .join(FeedLine, FeedLine.event_id == Event.id)
        )
        # A place is given when a line was committed, which for these was in the order in which they were written.
        return [tuple(row) for row in work.session.execute(query.order_by(FeedLine.place))]
