"""JSON-LD of a ruling: the same public record in the words of schema.org, Dublin Core and CiTO."""

from collections.abc import Mapping
from typing import Any

from app.config import value_list
from app.domain.number import ExternalNumber, in_path, parse
from app.domain.precedent import Relation
from app.services.register import Entry

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
MEDIA_TYPE = "application/ld+json"

CONTEXT = {
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "cito": "http://purl.org/spar/cito/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "@language": "nl",
}

# How a ruling treats an earlier one, in the nearest word that CiTO has.
CITED_AS: Mapping[Relation, str] = {
    Relation.FOLLOWS: "cito:agreesWith",
    Relation.APPLIES: "cito:usesMethodIn",
    Relation.DISTINGUISHES: "cito:discusses",
    Relation.REFINES: "cito:qualifies",
    Relation.REPLACES: "cito:updates",
    Relation.MENTIONS: "cito:cites",
}


def linked_data(entry: Entry, site: str) -> dict[str, Any]:
    """A published ruling as one node, with a node for each thing that it cites."""
    record, page = entry.record, f"{site}/uitspraken/{entry.number}"
    publisher = value_list("uitgever")
    node: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": f"{site}{entry.identity}",
        "@type": "schema:Legislation",
        "dcterms:identifier": entry.number,
        "schema:legislationIdentifier": entry.number,
        "dcterms:title": entry.title,
        "schema:name": entry.title,
        "dcterms:abstract": record.get("samenvatting"),
        "schema:abstract": record.get("samenvatting"),
        "dcterms:creator": record.get("orgaan"),
        "dcterms:publisher": {"@id": publisher["uri"], "schema:name": publisher["naam"]},
        "dcterms:created": _day(entry.adopted_on.isoformat()),
        "schema:legislationDate": _day(entry.adopted_on.isoformat()),
        "dcterms:issued": _day(record.get("datumGepubliceerd")),
        "schema:version": {"@value": str(entry.issue), "@type": "xsd:string"},
        "dcterms:language": {"@id": "http://publications.europa.eu/resource/authority/language/NLD"},
        "dcterms:license": {"@id": CC0},
        "dcterms:subject": [row["label"] for row in record.get("typen") or ()],
        "dcterms:type": _label(record.get("typeUitspraak")),
        "schema:url": {"@id": page},
        "schema:encoding": [
            {"@type": "schema:MediaObject", "@id": f"{page}.{ending}", "schema:encodingFormat": media_type}
            for ending, media_type in (
                ("pdf", "application/pdf"),
                ("json", "application/json"),
                ("xml", "application/xml"),
            )
        ],
        "dcterms:references": [
            {"@id": row["url"], "dcterms:title": row["label"]}
            for row in record.get("grondslagen") or ()
            if row.get("url")
        ],
        **_citations(record, site),
    }
    if entry.standing is not None:
        node["schema:creativeWorkStatus"] = entry.standing.label
        node["dcterms:valid"] = _day(_iso(entry.standing.in_force_until))
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _citations(record: Mapping[str, Any], site: str) -> dict[str, list[dict[str, str]]]:
    """What the ruling cites, under the word for how; and all of it once more as what it cites at all."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in record.get("citaties") or ():
        cited = {"@id": site + _address(row["nummer"])}
        try:
            name = CITED_AS[Relation(row["relatie"]["code"])]
        except ValueError:
            name = "cito:cites"
        for word in dict.fromkeys((name, "cito:cites")):
            found.setdefault(word, []).append(cited)
    return found


def _address(number: str) -> str:
    """Where what is cited has its place: one of our own by its permanent address, another body's on its page."""
    if isinstance(parse(number), ExternalNumber):
        return f"/precedenten/{in_path(number)}"
    return f"/id/uitspraak/{number.replace(':', '/')}"


def _label(coded: Mapping[str, str] | None) -> str | None:
    return coded["label"] if coded else None


def _day(value: str | None) -> dict[str, str] | None:
    return {"@value": value, "@type": "xsd:date"} if value else None


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
