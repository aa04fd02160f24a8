"""Other installations: whom we follow since when, and what of theirs is here or could not be read."""

from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select

from app.adapters.egress import Egress, EgressFailed
from app.db.external import ExternalDecision
from app.db.peer import CopiedDecision, Peer, PeerEvent
from app.domain import number as numbers
from app.domain.access import ADMINISTRATOR_ROLE
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.services.egress import refusal
from app.services.work import Work

MOST_SHOWN = 100
OWN_URL = "Dit is deze installatie zelf. Geef het adres van een andere."
TAKEN_URL = "Deze installatie volgt u al."
TAKEN_SOURCE = "Deze naam is al van een andere bron. Kies een andere naam."


class Unread(NamedTuple):
    """A ruling that could not be read the last time that it changed, and why."""

    source: str
    subject: str
    fault: str


class PeerRow(NamedTuple):
    """A followed installation, with how many of its rulings are here and how many could not be read."""

    peer: Peer
    copies: int
    faults: int


def add_peer(work: Work, *, url: str, source: str | None = None, own: str = "") -> Peer:
    """Follow an installation from now on; one that was followed before goes on where it stopped.

    `own` is the address of this installation, which does not follow itself.
    """
    _administers(work)
    url = url.rstrip("/")
    if url == own.rstrip("/"):
        raise Invalid({"adres": [OWN_URL]})
    source = source or source_of(url)
    _check_address(work, url)
    known = work.session.scalars(select(Peer).where(Peer.url == url)).one_or_none()
    if known is not None and known.ended_at is None:
        raise Invalid({"adres": [TAKEN_URL]})
    if known is not None and source not in {known.source, source_of(url)}:
        raise Invalid({"bron": [f"De uitspraken van deze installatie heten hier {known.source}."]})
    if known is not None:
        known.ended_at, known.due_at, known.failures, known.trouble = None, work.now, 0, None
        known.revision += 1
        return known
    numbers.external(source, "1")
    taken = select(ExternalDecision.id).where(ExternalDecision.source == source).limit(1)
    if work.session.scalar(select(Peer.id).where(Peer.source == source)) or work.session.scalar(taken):
        raise Invalid({"bron": [TAKEN_SOURCE]})
    made = Peer(url=url, source=source, added_at=work.now, due_at=work.now)
    work.session.add(made)
    work.session.flush()
    return made


def end_peer(work: Work, peer: Peer) -> None:
    """Follow an installation no longer; its rulings stay, marked with when they were last up to date."""
    _administers(work)
    peer.ended_at = work.now
    peer.revision += 1


def ask_now(work: Work, peer: Peer) -> None:
    """Let the worker ask an installation at its next turn."""
    _administers(work)
    peer.due_at = work.now
    peer.revision += 1


def read_again(work: Work, peer: Peer) -> None:
    """Read the events of an installation from the first again: what is here stays, and what was missed comes."""
    _administers(work)
    peer.cursor, peer.due_at = "", work.now
    peer.revision += 1


def peers(work: Work) -> list[PeerRow]:
    """Every installation that is or was followed, the first added first."""
    _administers(work)
    of_copies = select(CopiedDecision.peer_id, func.count()).group_by(CopiedDecision.peer_id)
    amounts = dict(work.session.execute(of_copies).all())
    unread = select(PeerEvent.peer_id, func.count(PeerEvent.subject.distinct())).where(PeerEvent.fault.is_not(None))
    faults = dict(work.session.execute(unread.group_by(PeerEvent.peer_id)).all())
    found = work.session.scalars(select(Peer).order_by(Peer.id))
    return [PeerRow(peer, amounts.get(peer.id, 0), faults.get(peer.id, 0)) for peer in found]


def unread(work: Work) -> list[Unread]:
    """The rulings that could not be read, those of the last events first."""
    _administers(work)
    query = (
        select(Peer.source, PeerEvent.subject, PeerEvent.fault)
        .join(Peer, Peer.id == PeerEvent.peer_id)
        .where(PeerEvent.fault.is_not(None))
        .order_by(PeerEvent.id.desc())
        .limit(MOST_SHOWN)
    )
    rows = (Unread(source, subject, fault or "") for source, subject, fault in work.session.execute(query))
    return list(dict.fromkeys(rows))


def peer_row(work: Work, peer: Peer) -> PeerRow:
    """One of them, with the same counts."""
    return next(row for row in peers(work) if row.peer.id == peer.id)


def peer_named(work: Work, source: str) -> Peer:
    """The installation whose rulings have this name in their numbers; `NotVisible` where there is none."""
    _administers(work)
    found = work.session.scalars(select(Peer).where(Peer.source == source)).one_or_none()
    if found is None:
        raise NotVisible(source)
    return found


def peer_at(work: Work, url: str) -> Peer | None:
    """The installation at an address."""
    return work.session.scalars(select(Peer).where(Peer.url == url.rstrip("/"))).one_or_none()


def source_of(url: str) -> str:
    """The name that an installation has here when nobody chose one: that of its computer.

    >>> source_of("https://knelpunten.example"), source_of("http://127.0.0.1:8001")
    ('knelpunten.example', '127.0.0.1-8001')
    """
    return urlsplit(url).netloc.lower().replace(":", "-")


def _check_address(work: Work, url: str) -> None:
    """Refuse what is never asked: no https, or an address inside our own network."""
    egress: Egress | None = work.session.info.get("egress")
    if egress is None:
        return
    try:
        egress.check(url)
    except EgressFailed as refused:
        raise refusal(work, refused.code) from refused


def _administers(work: Work) -> None:
    if not (work.actor.is_system or ADMINISTRATOR_ROLE in work.actor.roles):
        raise NotPermitted("following another installation is for the administrator")
