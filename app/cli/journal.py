"""The journal from the command line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
from marshmallow import ValidationError

from app.cli.installation import Installation, Operations, Refusal, installation
from app.domain.journal import canonical
from app.schemas.checkpoint import read_checkpoint
from app.services.checkpoint import Sealed, checkpoint_faults, journal_tree_faults, sealed_faults
from app.services.journal import copy_faults, journal_faults, journal_lines

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
NO_CHECKPOINT = "{file} is geen checkpoint. Bewaar het antwoord van /api/v1/journaal/checkpoint zoals het is."
NO_COPY = "{file} is geen kopie van het verloop. Maak er een met knelpunt journal export."


@click.group(cls=Operations)
def journal() -> None:
    """Het verloop van alles wat er gebeurde."""


@journal.command()
@click.argument("copy", type=FILE, required=False)
@click.option("--checkpoint", "kept", type=FILE, multiple=True, help="Een checkpoint dat u elders bewaarde.")
@click.option("--key", "keys", multiple=True, help="De openbare sleutel die u vertrouwt, in base64.")
def verify(copy: Path | None, kept: Sequence[Path], keys: Sequence[str]) -> None:
    """Controleer dat er geen regel is veranderd of verdwenen.

    Met een bestand van `journal export` gaat het om die kopie, en is er geen database nodig.
    """
    checkpoints = sorted((_checkpoint(file) for file in kept), key=lambda one: one.count)
    if copy is None:
        faults = [*_faults_here(installation(), checkpoints, keys)]
    else:
        faults = [*sealed_faults(checkpoints, keys or _own(checkpoints)), *copy_faults(_copied(copy), checkpoints)]
    if faults:
        raise Refusal("\n".join(["Het verloop klopt niet:", *faults]))
    click.echo("Het verloop klopt.")
    for one in checkpoints:
        click.echo(f"De eerste {one.count} regels zijn wat het checkpoint zegt. Ondertekend met {one.public_key}")


@journal.command()
@click.argument("file", type=click.Path(path_type=Path))
def export(file: Path) -> None:
    """Schrijf alle regels met hun hash en hun plaats naar een bestand, één JSON-object per regel."""
    here = installation()
    here.clerk.number()
    count = 0
    partial = file.with_name(f"{file.name}.part")
    with here.work() as work, open(partial, "w", encoding="utf-8") as opened:
        for line in journal_lines(work):
            opened.write(canonical(line) + "\n")
            count += 1
    partial.replace(file)
    click.echo(f"{count} regels geschreven.")


def _faults_here(here: Installation, kept: Sequence[Sealed], keys: Sequence[str]) -> Iterator[str]:
    known = {*here.journal_keys, *keys}
    with here.work() as work:
        yield from journal_faults(work)
        yield from checkpoint_faults(work, known)
        yield from sealed_faults(kept, known)
        yield from journal_tree_faults(work, kept)


def _own(checkpoints: Sequence[Sealed]) -> set[str]:
    """Without a key that is trusted, each signature is held against the key that the checkpoint names itself."""
    return {one.public_key for one in checkpoints}


def _checkpoint(file: Path) -> Sealed:
    try:
        return SimpleNamespace(**read_checkpoint(json.loads(file.read_text("utf-8"))))
    except (ValueError, ValidationError) as error:
        raise Refusal(NO_CHECKPOINT.format(file=file)) from error


def _copied(file: Path) -> Iterator[Mapping[str, Any]]:
    with open(file, encoding="utf-8") as opened:
        for line in opened:
            yield _row(file, line)


def _row(file: Path, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
        said = row["regel"]
        whole = {*row} >= {"plaats", "vorigeHash", "hash"} and {*said} >= {"process", "sequence"}
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal(NO_COPY.format(file=file)) from error
    if not whole:
        raise Refusal(NO_COPY.format(file=file))
    found: Mapping[str, Any] = row
    return found
