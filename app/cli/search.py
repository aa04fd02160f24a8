"""The index from the command line: make it anew, and what texts mean, while people search."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from app.cli.installation import Operation, Operations, Refusal, installation
from app.services.index import Keeper
from app.services.meaning import embed_all


@click.group(cls=Operations)
def search() -> None:
    """Waarmee gezocht wordt."""


@search.command(cls=Operation)
def rebuild() -> None:
    """Maak de zoekindex opnieuw, terwijl er gezocht wordt."""
    here = installation()
    with _progress("Opnieuw indexeren") as show:
        done = Keeper(here.engine, here.now).rebuild(show, afresh=True)
    click.echo(f"{done} teksten opnieuw geïndexeerd.")


@search.command(cls=Operation)
@click.option("--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="Hoeveel tegelijk.")
def meaning(threads: int) -> None:
    """Geef openbare teksten hun betekenis; kan worden gestopt en hervat."""
    here = installation()
    if here.meaning is None:
        raise Refusal(
            "Zoeken naar betekenis staat uit: installeer requirements/semantic.lock, en zet SEARCH_MEANING niet op off."
        )
    here.meaning.threads = threads
    with _progress("Betekenis bepalen") as show:
        done = embed_all(here.engine, show)
    click.echo(f"{done} teksten hebben nu een betekenis.")


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """What shows how far it is, for who looks at a terminal."""
    with click.progressbar(length=0, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show
