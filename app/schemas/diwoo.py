"""The sitemap with DiWoo metadata, by which the index of the Woo finds what is public."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element

from app.config import value_list
from app.schemas.atom import instant
from app.schemas.xml import add, document, root
from app.services.register import Entry

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
DIWOO = "https://standaarden.overheid.nl/diwoo/metadata/"
THESAURUS = "https://identifier.overheid.nl/tooi/def/thes/kern/"

# A ruling of the commission is an advice in the words of article 3.3, second paragraph, of the Woo.
ADVICE = f"{THESAURUS}c_99a836c7"
ADOPTION = f"{THESAURUS}c_641ecd76"


def sitemap_index(maps: Sequence[tuple[int, datetime]], site: str) -> bytes:
    """Where the maps are."""
    tree = root("sitemapindex", {"xmlns": SITEMAP})
    for place, moment in maps:
        item = add(tree, "sitemap")
        add(item, "loc", f"{site}/sitemap/uitspraken-{place}.xml")
        add(item, "lastmod", instant(moment))
    return document(tree)


def sitemap(entries: Iterable[Entry], site: str) -> bytes:
    """One map: each published ruling with what the Woo asks to say of it."""
    tree = root("urlset", {"xmlns": SITEMAP, "xmlns:diwoo": DIWOO})
    for entry in entries:
        item = add(tree, "url")
        add(item, "loc", f"{site}/uitspraken/{entry.number}")
        add(item, "lastmod", instant(entry.published_at))
        _add_metadata(item, entry)
    return document(tree)


def _add_metadata(item: Element, entry: Entry) -> None:
    """The parts in the order in which the harvester expects them."""
    publisher = value_list("uitgever")
    metadata = add(add(item, "diwoo:Document"), "diwoo:DiWoo")
    add(metadata, "diwoo:creatiedatum", entry.adopted_on.isoformat())
    add(metadata, "diwoo:publisher", publisher["naam"], resource=publisher["uri"])
    add(add(metadata, "diwoo:titelcollectie"), "diwoo:officieleTitel", f"{entry.number} {entry.title}")
    categories = add(add(metadata, "diwoo:classificatiecollectie"), "diwoo:informatiecategorieen")
    add(categories, "diwoo:informatiecategorie", "advies", resource=ADVICE)
    handled = add(add(metadata, "diwoo:documenthandelingen"), "diwoo:documenthandeling")
    add(handled, "diwoo:soortHandeling", "vaststelling", resource=ADOPTION)
    add(handled, "diwoo:atTime", f"{entry.adopted_on.isoformat()}T00:00:00")
