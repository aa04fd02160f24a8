"""Decisions of other bodies from the command line: read in by batches, of which each is kept whole or not at all."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import click

from app.cli.installation import Operations, Refusal, installation
from app.domain.errors import Invalid
from app.schemas.external import LONGEST_DECISION, ExternalDecisionForm
from app.schemas.form import load
from app.services.external import Kept, keep_decisions
from app.services.index import Keeper

BATCH = 1000
MOST_TOLD = 20
# Every sign of the longest text may take six bytes in JSON, and there are other fields.
LONGEST_LINE = 8 * LONGEST_DECISION
BLANK = b" \t\r\n\xef\xbb\xbf"

Decision = Mapping[str, Any]


@click.group(cls=Operations)
def precedent() -> None:
    """Besluiten van andere instanties."""


@precedent.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_file(file: Path) -> None:
    """Neem besluiten van andere instanties over: een JSON-object per regel, met bron, bronId en tekst."""
    kept = Kept()
    with open(file, "rb") as opened, _progress(opened) as bar:
        for batch in _batches(opened):
            with installation().work() as work:
                kept = kept.plus(keep_decisions(work, batch))
            bar.update(opened.tell() - bar.pos)
    here = installation()
    Keeper(here.engine, here.now).tidy()
    click.echo(f"{kept.added} besluiten toegevoegd, {kept.replaced} vervangen, {kept.same} ongewijzigd.")


def _progress(opened: BinaryIO) -> Any:
    """How far the file was read, for who looks at a terminal."""
    size = os.fstat(opened.fileno()).st_size
    return click.progressbar(length=size, label="Overnemen", file=sys.stderr, hidden=not sys.stderr.isatty())


def _batches(opened: BinaryIO) -> Iterator[list[Decision]]:
    """The decisions of the file, a batch at a time; a batch with a fault in it is refused with what is wrong in it."""
    batch: list[Decision] = []
    faults: list[str] = []
    for number, line in enumerate(iter(lambda: opened.readline(LONGEST_LINE), b""), start=1):
        if not line.strip(BLANK):
            continue
        try:
            batch.append(load(ExternalDecisionForm, _object(line)))
        except Invalid as error:
            faults.append(f"Regel {number}: {_sentences(error)}")
        if len(batch) + len(faults) >= BATCH or len(faults) >= MOST_TOLD:
            yield _whole(batch, faults)
            batch = []
    if batch or faults:
        yield _whole(batch, faults)


def _whole(batch: list[Decision], faults: list[str]) -> list[Decision]:
    if faults:
        raise Refusal(f"{' '.join(faults)} Verbeter dit en begin opnieuw; wat er al stond, wordt dan overgeslagen.")
    return batch


def _object(line: bytes) -> Any:
    """What a line says; the schema refuses what is no object."""
    try:
        return json.loads(line.strip(BLANK))
    except (ValueError, RecursionError):
        raise Invalid({"": ["Dit is geen JSON in UTF-8."]}) from None


def _sentences(error: Invalid) -> str:
    """Every fault of a line, with the field that it is about."""
    return " ".join(
        f"{path}: {sentence}" if path else sentence
        for path, sentences in error.faults.items()
        for sentence in sentences
    )
