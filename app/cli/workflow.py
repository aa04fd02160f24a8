"""The definitions from the command line: checked, drawn, and what runs moved to a new version."""

import click

from app.cli.installation import Operations, Refusal, installation
from app.domain.drawing import dot
from app.services.move import move as move_running
from app.services.move import planned_moves


@click.group(cls=Operations)
def workflow() -> None:
    """De definities van de processen."""


@workflow.command()
def check() -> None:
    """Lees alle definities en noem elke fout."""
    found = installation().workflows
    click.echo("\n".join(f"{name}, versie {version}: in orde" for name, version in sorted(found)))


@workflow.command()
@click.argument("name")
@click.argument("version", type=int, required=False)
def draw(name: str, version: int | None) -> None:
    """Teken een definitie als graaf voor Graphviz: knelpunt workflow draw knelpunt | dot -Tsvg."""
    found = installation().workflows
    versions = [number for known, number in found if known == name]
    chosen = version if version is not None else max(versions, default=0)
    if (name, chosen) not in found:
        raise Refusal(f"{name} heeft geen versie {chosen}." if versions else f"Er is geen definitie {name}.")
    click.echo(dot(found[name, chosen]), nl=False)


@workflow.command()
@click.argument("name")
@click.argument("source", metavar="VAN", type=int)
@click.argument("target", metavar="NAAR", type=int)
@click.option("--apply", is_flag=True, help="Doe het ook; zonder deze optie ziet u alleen wat er zou gebeuren.")
def move(name: str, source: int, target: int, apply: bool) -> None:  # noqa: FBT001 - click names it
    """Breng wat loopt naar een andere versie van zijn definitie."""
    with installation().work() as work:
        moves = (move_running if apply else planned_moves)(work, name, source, target)
    for one in moves:
        click.echo(f"{one.number}: {one.state}" + (f" → {one.target}" if one.target != one.state else ""))
    done = "verplaatst" if apply else "te verplaatsen. Er is nog niets veranderd; voeg --apply toe om het te doen"
    click.echo(f"{len(moves)} {done}.")
