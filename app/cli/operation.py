"""Keeping an installation: its tables, its copies, and whether everything in it still holds."""

from pathlib import Path

import click

from app.cli.installation import Installation, Operation, Refusal, installation
from app.db.migration import current_revision, upgrade
from app.services import backup as copies
from app.services.checkpoint import checkpoint_faults
from app.services.journal import journal_faults
from app.services.standing import standing_faults

ARCHIVE = click.Path(path_type=Path)


@click.command(cls=Operation)
def migrate() -> None:
    """Breng de database naar de nieuwste tabellen."""
    here = installation()
    before = current_revision(here.engine)
    upgrade(here.engine)
    after = current_revision(here.engine)
    click.echo("De database heeft de nieuwste tabellen." if before == after else f"De database is nu op {after}.")


@click.command(cls=Operation)
@click.argument("file", type=ARCHIVE)
def backup(file: Path) -> None:
    """Schrijf de database en alle bestanden naar één archief."""
    here = installation()
    count = copies.back_up(here.config.database_url, here.store, file, here.now())
    click.echo(f"De back-up staat in {file}, met {count} bestanden.")


@click.command(cls=Operation)
@click.argument("file", type=ARCHIVE)
def restore(file: Path) -> None:
    """Zet een back-up terug; wat er nu staat, wordt eerst zelf een back-up."""
    here = installation()
    copies.check_archive(here.config.database_url, file)
    kept = _keep_what_is_there(here)
    count = copies.restore(here.config.database_url, here.store, file)
    click.echo(
        f"De back-up is teruggezet, met {count} bestanden." + (f" Wat er stond, staat in {kept}." if kept else "")
    )


@click.command(cls=Operation)
def verify() -> None:
    """Controleer het verloop, alle bestanden en de status van de precedenten."""
    here = installation()
    with here.work() as work:
        faults = [
            *journal_faults(work),
            *checkpoint_faults(work, here.journal_keys),
            *copies.file_faults(work, here.store),
            *standing_faults(work),
        ]
    if faults:
        raise Refusal("\n".join(["Niet alles klopt:", *faults]))
    click.echo("Alles klopt: het verloop, de bestanden en de status van de precedenten.")


def _keep_what_is_there(here: Installation) -> Path | None:
    if current_revision(here.engine) is None:
        return None
    kept = here.config.data_dir / f"voor-terugzetten-{here.now():%Y%m%dT%H%M%S.%fZ}.tar.gz"
    copies.back_up(here.config.database_url, here.store, kept, here.now())
    # Nobody of ours holds on to what is replaced.
    here.engine.dispose()
    return kept
