"""Other installations from the command line: whom we follow, and taking over now what is new there."""

from collections.abc import Sequence

import click

from app.cli.installation import Installation, Operations, Refusal, installation
from app.db.peer import Peer
from app.schemas.form import load
from app.schemas.peer import READING, FollowForm
from app.services.external import Kept
from app.services.listener import Listener
from app.services.peer import add_peer, end_peer, peer_at, peers, read_again


@click.group(cls=Operations)
def peer() -> None:
    """Andere installaties, waarvan u uitspraken overneemt."""


@peer.command()
@click.argument("url")
@click.option("--name", help="De naam van de bron in de nummers hier; zonder deze optie die van de computer.")
def add(url: str, name: str | None) -> None:
    """Volg een installatie, en neem over wat daar al openbaar is."""
    here = installation()
    answers = load(FollowForm, {"adres": url, "bron": name})
    with here.work() as work:
        made = add_peer(work, url=answers["url"], source=answers.get("source"), own=here.config.public_url)
    click.echo(f"U volgt {made.url}. De uitspraken heten hier EXT:{made.source}:….")
    _take_over(here, [made])


@peer.command()
@click.argument("url", required=False)
@click.option("--afresh", is_flag=True, help="Lees alles opnieuw vanaf het begin; wat er al is, blijft staan.")
def sync(url: str | None, afresh: bool) -> None:  # noqa: FBT001 - click names it
    """Neem nu over wat nieuw is, van één installatie of van alle."""
    here = installation()
    with here.work() as work:
        followed = [row.peer for row in peers(work) if row.peer.ended_at is None]
        if url is not None:
            found = peer_at(work, url)
            followed = [one for one in followed if found is not None and one.id == found.id]
            if not followed:
                raise Refusal(f"U volgt {url} niet. Begin met: knelpunt peer add {url}")
        for one in followed if afresh else ():
            read_again(work, one)
    _take_over(here, followed)


@peer.command("list")
def show() -> None:
    """Toon wie u volgt, en wanneer daar voor het laatst iets van is gehoord."""
    with installation().work() as work:
        rows = peers(work)
    for row in rows:
        heard = f"gehoord op {row.peer.heard_at:%Y-%m-%dT%H:%M:%SZ}" if row.peer.heard_at else "nog niets gehoord"
        ended = " (niet meer gevolgd)" if row.peer.ended_at else ""
        trouble = f"; {row.peer.trouble}" if row.peer.trouble else ""
        click.echo(f"{row.peer.source} {row.peer.url}{ended}: {row.copies} uitspraken, {heard}{trouble}")


@peer.command()
@click.argument("url")
def stop(url: str) -> None:
    """Volg een installatie niet meer; wat is overgenomen, blijft staan."""
    with installation().work() as work:
        found = peer_at(work, url)
        if found is None or found.ended_at is not None:
            raise Refusal(f"U volgt {url} niet.")
        end_peer(work, found)
    click.echo(f"U volgt {url} niet meer. De uitspraken blijven staan en worden niet meer bijgewerkt.")


def _take_over(here: Installation, followed: Sequence[Peer]) -> None:
    """Take over what is new, and say how much; one that does not answer is told after all others were asked."""
    listener = Listener(here.engine, here.egress, READING, here.now)
    kept, troubles = Kept(), []
    for one in followed:
        taken = listener.catch_up(one.id)
        kept = kept.plus(taken.kept)
        if taken.trouble:
            troubles.append(f"{one.url}: {taken.trouble}")
    click.echo(f"{kept.added} uitspraken overgenomen, {kept.replaced} bijgewerkt, {kept.same} ongewijzigd.")
    if troubles:
        raise Refusal(" ".join(troubles))
