"""Is the installation in order: the database answers, its tables are the newest, definitions are loaded."""

from app.services.work import Work


def faults(work: Work) -> list[str]:
    """What is not in order, as sentences for an operator; nothing when all is well."""
    found = []
    # Only this question needs it: alembic takes as long to load as all records.
    from app.db.migration import head_revision, revision_of  # noqa: PLC0415

    if revision_of(work.session.connection()) != head_revision():
        found.append("De database heeft niet de nieuwste tabellen. Voer `knelpunt migrate` uit.")
    if not work.workflows:
        found.append("Er zijn geen workflows geladen.")
    return found
