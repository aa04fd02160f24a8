"""DCAT-AP-NL 3.0: the catalogue of what anybody may download; the only door to rdflib."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from app.config import value_list

ADMS = Namespace("http://www.w3.org/ns/adms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
THEME = URIRef(f"{EU}data-theme/GOVE")
PUBLIC = URIRef(f"{EU}access-right/PUBLIC")
DUTCH = URIRef(f"{EU}language/NLD")
NETHERLANDS = URIRef(f"{EU}country/NLD")
OFTEN = URIRef(f"{EU}frequency/CONT")
CC0 = URIRef("https://creativecommons.org/publicdomain/zero/1.0/deed.nl")
PROFILE = URIRef("https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/")
API_RULES = URIRef("https://gitdocumentatie.logius.nl/publicatie/api/adr/")

# What a dataset can be had as: the media type, the file type of the EU list, and where the format is described.
FORMATS = {
    "csv": ("text/csv", "CSV", URIRef("https://www.rfc-editor.org/rfc/rfc4180")),
    "jsonl": ("application/jsonl", "JSON", URIRef("https://jsonlines.org/")),
    "atom": ("application/atom+xml", "ATOM", URIRef("https://www.rfc-editor.org/rfc/rfc4287")),
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset: its name in an address, what it is, and the addresses it can be had at, each with its format."""

    slug: str
    title: str
    description: str
    keywords: Sequence[str]
    downloads: Sequence[tuple[str, str]]


DATASETS = (
    Dataset(
        "uitspraken",
        "Uitspraken",
        "De openbare uitspraken over het delen van gegevens, elk met de hele openbare tekst.",
        ("uitspraken", "gegevensdeling"),
        (
            ("/open-data/uitspraken.csv", "csv"),
            ("/open-data/uitspraken.jsonl", "jsonl"),
            ("/feeds/uitspraken.atom", "atom"),
        ),
    ),
    Dataset(
        "precedenten",
        "Precedenten",
        "De regels uit de uitspraken: of ze nog gelden, en naar welke eerdere uitspraken ze verwijzen.",
        ("precedenten", "verwijzingen"),
        (("/open-data/precedenten.csv", "csv"), ("/open-data/precedenten.jsonl", "jsonl")),
    ),
    Dataset(
        "navolging",
        "Navolging",
        "Wat in de uitspraken is geadviseerd, aan wie, wat is opgevolgd, wat niet, en waarom niet.",
        ("aanbevelingen", "navolging"),
        (("/open-data/navolging.csv", "csv"), ("/open-data/navolging.jsonl", "jsonl")),
    ),
    Dataset(
        "knelpunten",
        "Knelpunten (openbaar)",
        "Wat de openbare uitspraken zeggen over de knelpunten: de kernvraag, de soort en de wetten.",
        ("knelpunten", "gegevensdeling"),
        (("/open-data/knelpunten.csv", "csv"), ("/open-data/knelpunten.jsonl", "jsonl")),
    ),
)


def catalogue(site: str, *, modified: datetime) -> Graph:
    """The catalogue of an installation, whose addresses begin with `site`."""
    graph = Graph()
    for prefix, namespace in (("adms", ADMS), ("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", VCARD)):
        graph.bind(prefix, namespace)
    for concept, kind, label in _concepts():
        graph.add((concept, RDF.type, kind))
        graph.add((concept, SKOS.prefLabel if kind == SKOS.Concept else RDFS.label, _dutch(label)))
        if kind == SKOS.Concept:
            scheme = URIRef(str(concept).rpartition("/")[0])
            graph.add((concept, SKOS.inScheme, scheme))
            graph.add((scheme, RDF.type, SKOS.ConceptScheme))
            graph.add((scheme, DCTERMS.title, _dutch(str(scheme).rpartition("/")[2])))
    publisher = _publisher(graph)
    contact = _contact(graph, site)
    root = URIRef(f"{site}/catalog")
    _say(
        graph,
        root,
        DCAT.Catalog,
        (DCTERMS.title, _dutch("Open gegevens van het knelpuntenstelsel")),
        (DCTERMS.description, _dutch("Uitspraken over het delen van gegevens tussen overheden, en wat erna gebeurde.")),
        (DCTERMS.publisher, publisher),
        (DCTERMS.creator, publisher),
        (DCTERMS.language, DUTCH),
        (DCTERMS.license, CC0),
        (DCTERMS.spatial, NETHERLANDS),
        (DCTERMS.conformsTo, PROFILE),
        (DCAT.contactPoint, contact),
        (DCAT.themeTaxonomy, URIRef(f"{EU}data-theme")),
        (FOAF.homepage, _page(graph, f"{site}/open-data")),
        (DCTERMS.modified, _moment(modified)),
    )
    service = _service(graph, site, publisher, contact)
    graph.add((root, DCAT.service, service))
    for dataset in DATASETS:
        node = _dataset(graph, site, dataset, publisher, contact)
        graph.add((root, DCAT.dataset, node))
        graph.add((service, DCAT.servesDataset, node))
        graph.add((node, DCTERMS.modified, _moment(modified)))
    return graph


def turtle(graph: Graph) -> bytes:
    """The catalogue as Turtle."""
    return graph.serialize(format="turtle", encoding="utf-8")


def jsonld(graph: Graph) -> bytes:
    """The catalogue as JSON-LD."""
    return graph.serialize(format="json-ld", encoding="utf-8", indent=2, ensure_ascii=False)


def _dataset(graph: Graph, site: str, dataset: Dataset, publisher: Node, contact: Node) -> URIRef:
    node = URIRef(f"{site}/catalog/{dataset.slug}")
    _say(
        graph,
        node,
        DCAT.Dataset,
        (DCTERMS.identifier, Literal(str(node))),
        (DCTERMS.title, _dutch(dataset.title)),
        (DCTERMS.description, _dutch(dataset.description)),
        (DCTERMS.publisher, publisher),
        (DCTERMS.creator, publisher),
        (DCTERMS.language, DUTCH),
        (DCTERMS.spatial, NETHERLANDS),
        (DCTERMS.accrualPeriodicity, OFTEN),
        (DCTERMS.accessRights, PUBLIC),
        (DCAT.theme, THEME),
        (DCAT.contactPoint, contact),
        (DCTERMS.conformsTo, _standard(graph, f"{site}/api/v1/openapi.json")),
        (DCAT.landingPage, _page(graph, f"{site}/open-data")),
        (FOAF.page, _page(graph, f"{site}/open-data")),
        *((DCAT.keyword, _dutch(word)) for word in dataset.keywords),
    )
    for address, ending in dataset.downloads:
        graph.add((node, DCAT.distribution, _distribution(graph, site, dataset, address, ending)))
    return node


def _distribution(graph: Graph, site: str, dataset: Dataset, address: str, ending: str) -> URIRef:
    media_type, file_type, description = FORMATS[ending]
    node, form = URIRef(f"{site}/catalog/{dataset.slug}/{ending}"), URIRef(f"{EU}file-type/{file_type}")
    media = URIRef(f"https://www.iana.org/assignments/media-types/{media_type}")
    graph.add((media, RDF.type, DCTERMS.MediaType))
    graph.add((form, RDF.type, DCTERMS.MediaTypeOrExtent))
    _say(
        graph,
        node,
        DCAT.Distribution,
        (DCTERMS.title, _dutch(f"{dataset.title} als {ending}")),
        (DCTERMS.description, _dutch(f"{dataset.title} als {ending}, altijd zoals het register nu is.")),
        (DCAT.accessURL, _resource(graph, site + address)),
        (DCAT.downloadURL, _resource(graph, site + address)),
        (DCAT.mediaType, media),
        (DCTERMS["format"], form),
        (DCTERMS.conformsTo, _standard(graph, description)),
        (DCAT.accessService, URIRef(f"{site}/api/v1")),
        (DCTERMS.license, CC0),
        (DCTERMS.language, DUTCH),
    )
    return node


def _service(graph: Graph, site: str, publisher: Node, contact: Node) -> URIRef:
    node = URIRef(f"{site}/api/v1")
    _say(
        graph,
        node,
        DCAT.DataService,
        (DCTERMS.identifier, Literal(str(node))),
        (DCTERMS.title, _dutch("API van het knelpuntenstelsel")),
        (DCTERMS.description, _dutch("Uitspraken, precedenten en navolging voor systemen; openbaar zonder sleutel.")),
        (DCTERMS.publisher, publisher),
        (DCTERMS.creator, publisher),
        (DCTERMS.license, CC0),
        (DCTERMS.accessRights, PUBLIC),
        (DCTERMS.language, DUTCH),
        (DCTERMS.conformsTo, API_RULES),
        (DCAT.theme, THEME),
        (DCAT.contactPoint, contact),
        (DCAT.keyword, _dutch("api")),
        (DCAT.endpointURL, _resource(graph, f"{site}/api/v1")),
        (DCAT.endpointDescription, _resource(graph, f"{site}/api/v1/openapi.json")),
        (DCAT.landingPage, _page(graph, f"{site}/open-data")),
    )
    return node


def _publisher(graph: Graph) -> URIRef:
    said = value_list("uitgever")
    node = URIRef(said["uri"])
    _say(graph, node, FOAF.Agent, (FOAF.name, _dutch(said["naam"])))
    return node


def _contact(graph: Graph, site: str) -> BNode:
    node = BNode("contact")
    said = value_list("uitgever")
    _say(graph, node, VCARD.Kind, (VCARD.fn, _dutch(said["naam"])), (VCARD.hasURL, URIRef(f"{site}/over")))
    return node


def _page(graph: Graph, address: str) -> URIRef:
    node = URIRef(address)
    graph.add((node, RDF.type, FOAF.Document))
    return node


def _standard(graph: Graph, address: str) -> URIRef:
    node = URIRef(address)
    graph.add((node, RDF.type, DCTERMS.Standard))
    return node


def _resource(graph: Graph, address: str) -> URIRef:
    node = URIRef(address)
    graph.add((node, RDF.type, RDFS.Resource))
    return node


def _concepts() -> Iterator[tuple[URIRef, URIRef, str]]:
    """What others have given a name, with what it is: a reader of the catalogue alone has to know."""
    yield THEME, SKOS.Concept, "Overheid en publieke sector"
    yield PUBLIC, DCTERMS.RightsStatement, "openbaar"
    yield DUTCH, DCTERMS.LinguisticSystem, "Nederlands"
    yield NETHERLANDS, DCTERMS.Location, "Nederland"
    yield OFTEN, DCTERMS.Frequency, "doorlopend"
    yield CC0, DCTERMS.LicenseDocument, "CC0 1.0"
    yield PROFILE, DCTERMS.Standard, "DCAT-AP-NL 3.0"
    yield API_RULES, DCTERMS.Standard, "NLGov REST API Design Rules"


def _say(graph: Graph, node: Node, kind: Node, *facts: tuple[Node, Node]) -> None:
    graph.add((node, RDF.type, kind))
    for name, value in facts:
        graph.add((node, name, value))


def _dutch(text: str) -> Literal:
    return Literal(text, lang="nl")


def _moment(moment: datetime) -> Literal:
    return Literal(moment.isoformat(timespec="seconds"), datatype=XSD.dateTime)
