"""The journal from the command line."""

from pathlib import Path

import click

from app.cli.installation import Operations, Refusal, installation
from app.domain.journal import canonical
from app.services.journal import journal_faults, journal_lines


@click.group(cls=Operations)
def journal() -> None:
    """Het verloop van alles wat er gebeurde."""


@journal.command()
def verify() -> None:
    """Controleer dat er geen regel is veranderd of verdwenen."""
    with installation().work() as work:
        faults = list(journal_faults(work))
    if faults:
        raise Refusal("\n".join(["Het verloop klopt niet:", *faults]))
    click.echo("Het verloop klopt.")


@journal.command()
@click.argument("file", type=click.Path(path_type=Path))
def export(file: Path) -> None:
    """Schrijf alle regels met hun hash naar een bestand, één JSON-object per regel."""
    count = 0
    partial = file.with_name(f"{file.name}.part")
    with installation().work() as work, open(partial, "w", encoding="utf-8") as opened:
        for line in journal_lines(work):
            opened.write(canonical(line) + "\n")
            count += 1
    partial.replace(file)
    click.echo(f"{count} regels geschreven.")
