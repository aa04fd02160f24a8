"""Atom (RFC 4287): what changed in the register, for who follows it with a reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from app.domain.register import laws_of
from app.schemas.xml import add, document, root
from app.services.register import Entry

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
WITHDRAWN = "Teruggetrokken"
EXAMPLE = "Voorbeeldgegevens – deze uitspraak bestaat niet."


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself; `page` is where a person reads the same, `author` who publishes it."""

    title: str
    address: str
    page: str
    author: str
    updated: datetime
    """The moment that an empty feed tells."""


def atom(feed: Feed, entries: Sequence[Entry], site: str) -> bytes:
    """The feed, the last change first; of a ruling that was withdrawn only that it was, and why."""
    tree = root("feed", {"xmlns": ATOM, "xml:lang": "nl"})
    add(tree, "id", feed.address)
    add(tree, "title", feed.title)
    add(tree, "updated", instant(max((entry.changed_at for entry in entries), default=feed.updated)))
    add(tree, "link", rel="self", type=MEDIA_TYPE, href=feed.address)
    add(tree, "link", rel="alternate", type="text/html", href=feed.page)
    add(add(tree, "author"), "name", feed.author)
    add(tree, "rights", "CC0 1.0")
    for entry in entries:
        _add_entry(tree, entry, site)
    return document(tree)


def instant(moment: datetime) -> str:
    """A moment as RFC 3339 writes it.

    >>> instant(datetime(2026, 11, 12, 14, 0, tzinfo=UTC))
    '2026-11-12T14:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add_entry(tree: Element, entry: Entry, site: str) -> None:
    page = f"{site}/uitspraken/{entry.number}"
    item = add(tree, "entry")
    add(item, "id", f"{site}{entry.identity}")
    add(item, "updated", instant(entry.changed_at))
    add(item, "published", instant(entry.published_at))
    add(item, "link", rel="alternate", type="text/html", href=page)
    if entry.withdrawn_at is not None:
        add(item, "title", f"{WITHDRAWN}: {entry.number} {entry.title}")
        add(item, "summary", f"Deze uitspraak is niet meer te lezen. {entry.withdrawn_because or ''}".strip())
        return
    record = entry.record
    add(item, "title", f"{entry.number} {entry.title}")
    add(item, "link", rel="enclosure", type="application/pdf", href=f"{page}.pdf")
    add(item, "link", rel="alternate", type="application/json", href=f"{page}.json")
    for row in record.get("typen") or ():
        add(item, "category", term=row["code"], label=row["label"])
    for law in laws_of(record):
        add(item, "category", term=law)
    add(item, "summary", _summary(entry))


def _summary(entry: Entry) -> str:
    """What a reader of the feed has to know at once: whether it stands, what was corrected, and what it says."""
    said = [entry.record.get("samenvatting") or entry.record.get("kernregel") or ""]
    if correction := entry.record.get("correctie"):
        said.insert(0, f"Verbeterd in versie {entry.issue}: {correction}")
    if entry.standing is not None:
        said.insert(0, f"Status van het precedent: {entry.standing.label}.")
    if entry.record.get("voorbeeld"):
        said.insert(0, EXAMPLE)
    return "\n\n".join(filter(None, said))
