"""Alembic's environment: the connection that the application gives, or the database of the environment."""

from alembic import context
from sqlalchemy import Connection

from app.config import Config
from app.db.engine import make_engine
from app.db.tables import METADATA


def run(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(Config.from_environment().database_url).connect() as opened:
        run(opened)
        opened.commit()
