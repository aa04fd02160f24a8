"""The catalogue says what the profile asks, also of what it names by an address alone."""

from datetime import UTC, datetime

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, URIRef

from app.schemas.dcat import DATASETS, catalogue, jsonld, turtle
from tests.standards import official

SITE, MOMENT = "https://knelpunten.example", datetime(2026, 11, 12, 14, 0, tzinfo=UTC)
# The reader of JSON-LD of rdflib uses a class that rdflib itself is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return catalogue(SITE, modified=MOMENT)


def test_it_conforms_to_the_profile_and_to_what_the_profile_recommends(graph: Graph) -> None:
    for shapes in official("dcat-ap*SHACL*.ttl"):
        conforms, _, said = validate(graph, shacl_graph=Graph().parse(shapes))
        assert conforms, f"{shapes.name}: {said}"


@pytest.mark.parametrize(
    "term",
    [
        *(DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.publisher, DCTERMS.creator, DCTERMS.modified),
        *(DCTERMS.accessRights, DCTERMS.accrualPeriodicity, DCAT.theme, DCAT.contactPoint, DCAT.distribution),
    ],
)
def test_each_dataset_says_what_it_must(graph: Graph, term: URIRef) -> None:
    datasets = list(graph.subjects(RDF.type, DCAT.Dataset))

    assert len(datasets) == len(DATASETS) == 4
    for dataset in datasets:
        assert list(graph.objects(dataset, term)), (dataset, term)


def test_everything_may_be_used_for_anything(graph: Graph) -> None:
    for kind in (DCAT.Distribution, DCAT.DataService, DCAT.Catalog):
        for node in graph.subjects(RDF.type, kind):
            (licence,) = graph.objects(node, DCTERMS.license)
            assert "creativecommons.org/publicdomain/zero" in str(licence)


def test_the_publisher_is_an_organisation_of_the_government(graph: Graph) -> None:
    (publisher,) = graph.subjects(RDF.type, FOAF.Agent)

    assert str(publisher).startswith("https://identifier.overheid.nl/tooi/id/")


def test_moments_have_their_type(graph: Graph) -> None:
    assert {moment.datatype for moment in graph.objects(None, DCTERMS.modified)} == {XSD.dateTime}


def test_both_forms_say_the_same(graph: Graph) -> None:
    one = Graph().parse(data=turtle(graph), format="turtle")
    other = Graph().parse(data=jsonld(graph), format="json-ld")

    assert one.isomorphic(graph)
    assert other.isomorphic(graph)
