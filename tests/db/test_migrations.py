"""The migrations: one way up, the same way down, and nothing that the records do not describe."""

from sqlalchemy import inspect

from app.db.engine import make_engine
from app.db.migration import current_revision, downgrade, has_drifted, head_revision, upgrade

LEFT_BY_ALEMBIC = ["alembic_version"]


def test_up_down_and_up_again(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)

    upgrade(engine)
    made = sorted(inspect(engine).get_table_names())
    downgrade(engine, "base")
    left = inspect(engine).get_table_names()
    upgrade(engine)

    assert left == LEFT_BY_ALEMBIC
    assert sorted(inspect(engine).get_table_names()) == made
    assert current_revision(engine) == head_revision()
    engine.dispose()


def test_the_tables_are_those_of_the_records(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    upgrade(engine)

    assert not has_drifted(engine)
    engine.dispose()


def test_upgrading_what_is_up_to_date_changes_nothing(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    upgrade(engine)
    before = sorted(inspect(engine).get_table_names())

    upgrade(engine)

    assert sorted(inspect(engine).get_table_names()) == before
    engine.dispose()
