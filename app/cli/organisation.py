"""The list of organisations from the command line."""

import csv
from pathlib import Path

import click

from app.cli.installation import Operations, Refusal, installation
from app.services.organisation import import_organisations

COLUMNS = {"tooi_uri", "name", "kind"}


@click.group(cls=Operations)
def organisation() -> None:
    """De lijst van organisaties."""


@organisation.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_file(file: Path) -> None:
    """Neem een lijst over: een CSV-bestand met de kolommen tooi_uri, name en kind."""
    with open(file, encoding="utf-8", newline="") as opened:
        rows = csv.DictReader(opened)
        if missing := COLUMNS - set(rows.fieldnames or ()):
            raise Refusal(f"In {file} ontbreken deze kolommen: {', '.join(sorted(missing))}.")
        try:
            read = list(rows)
        except (csv.Error, UnicodeDecodeError) as error:
            raise Refusal(f"{file} is geen CSV-bestand in UTF-8.") from error
    with installation().work() as work:
        imported = import_organisations(work, read)
    click.echo(f"{imported.added} organisaties toegevoegd, {imported.changed} gewijzigd.")
