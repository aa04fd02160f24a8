"""What leaves the register for machines: from the public record alone, and never with an address that breaks."""

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree
from rdflib import Graph, URIRef

from app.db.publication import PublicRecord
from tests.make import make_case, make_ruling
from tests.queries import counted
from tests.site import Site
from tests.standards import official
from tests.web.published import (
    MEANT_FOR_NOBODY,
    SAMPLE,
    Public,
    change,
    change_record,
    publish,
    publish_again,
    recommend,
)

# The reader of JSON-LD of rdflib uses a class that rdflib itself is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "d": "https://standaarden.overheid.nl/diwoo/metadata/",
    "a": "http://www.w3.org/2005/Atom",
    "m": "https://www.nationaalarchief.nl/mdto",
    "u": "urn:knelpuntenstelsel:uitspraak:1",
}
ENDINGS = ("", ".json", ".xml", ".jsonld", ".mdto.xml", ".pdf", ".pdf.mdto.xml", ".json.mdto.xml")
TABLES = ("uitspraken", "precedenten", "navolging", "knelpunten")
FEEDS = ("/feeds/uitspraken.atom", "/feeds/wet/BWBR0034925.atom", "/feeds/type/juridisch.atom")


@pytest.fixture
def public(site: Site) -> Public:
    """A ruling whose document was drawn."""
    published = publish(site, typen=[{"code": "juridisch", "label": "Juridisch"}])
    change_record(site, published, pdf_digest=site.app.extensions["store"].put(b"%PDF-1.7"))
    return published


def read(site: Site, address: str, *, status: int = 200) -> bytes:
    """What anybody gets at an address."""
    with site.visitor().client.get(urlsplit(address).path) as answer:
        assert answer.status_code == status, (address, answer.status_code)
        return answer.data


def tree(site: Site, address: str) -> Any:
    return etree.fromstring(read(site, address))


def crawl(site: Site) -> Iterator[Any]:
    """Each address of the maps, from robots.txt on, as a harvester goes."""
    (index,) = [
        line.partition(": ")[2] for line in read(site, "/robots.txt").decode().splitlines() if line[:7] == "Sitemap"
    ]
    for location in tree(site, index).xpath("//s:sitemap/s:loc/text()", namespaces=NS):
        yield from tree(site, location).xpath("//s:url", namespaces=NS)


def withdraw(site: Site, published: Public) -> None:
    with site.work() as work:
        now = work.now
    change_record(
        site, published, withdrawn_at=now, withdrawn_because="Er stonden namen in.", record={}, pdf_digest=None
    )


def test_the_sitemap_names_each_published_ruling_once_and_nothing_else(site: Site, public: Public) -> None:
    rectified, gone = publish(site), publish(site)
    publish_again(site, rectified)
    withdraw(site, gone)
    with site.work() as work:
        unpublished = make_ruling(work, make_case(work)).number
        readable = work.session.query(PublicRecord.number).filter_by(current=True, withdrawn_at=None).all()

    named = [url.findtext("s:loc", namespaces=NS).rpartition("/")[2] for url in crawl(site)]

    assert sorted(named) == sorted(number for (number,) in readable)
    assert {public.number, rectified.number} <= set(named)
    assert {gone.number, unpublished}.isdisjoint(named)


def test_the_sitemap_says_of_a_ruling_what_the_woo_asks(site: Site, public: Public) -> None:
    (item,) = [url for url in crawl(site) if (url.findtext("s:loc", namespaces=NS) or "").endswith(f"/{public.number}")]
    (metadata,) = item.xpath("d:Document/d:DiWoo", namespaces=NS)

    assert [etree.QName(part).localname for part in metadata] == [
        *("creatiedatum", "publisher", "titelcollectie", "classificatiecollectie", "documenthandelingen")
    ]
    assert metadata.xpath("d:publisher/@resource", namespaces=NS)[0].startswith("https://identifier.overheid.nl/tooi/")
    (category,) = metadata.xpath(".//d:informatiecategorie/@resource", namespaces=NS)
    assert category == "https://identifier.overheid.nl/tooi/def/thes/kern/c_99a836c7"
    assert public.number in metadata.findtext("d:titelcollectie/d:officieleTitel", namespaces=NS)


def test_a_published_address_never_leads_nowhere(site: Site, public: Public) -> None:
    first = [f"{public.page}{ending}" for ending in ENDINGS]
    first += [f"/id/uitspraak/{public.number.replace(':', '/')}", f"/id/precedent/{public.number.replace(':', '/')}"]
    first += [f"/precedenten/{public.number}", f"/api/v1/uitspraken/{public.number}", "/catalog", "/catalog/uitspraken"]
    first += [f"{public.page}/versies/1{ending}" for ending in ("", ".xml", ".jsonld")]
    anonymous = site.visitor().client

    def codes(addresses: list[str]) -> set[int]:
        return {anonymous.get(address).status_code for address in addresses}

    assert codes(first) == {200, 303}

    publish_again(site, public)
    change_record(site, public, pdf_digest=site.app.extensions["store"].put(b"%PDF-1.7 tweede"))
    later = first + [f"{public.page}/versies/2{ending}" for ending in ("", ".xml", ".jsonld")]
    assert codes(later) == {200, 303}

    withdraw(site, public)
    assert codes(later) == {200, 303, 410}
    assert codes([f"{public.page}{ending}" for ending in ENDINGS]) == {410}
    assert codes([address for address in later if "versies" in address]) == {410}


@pytest.mark.parametrize("ending", [".xml", ".json", ".jsonld", ".mdto.xml", ".pdf.mdto.xml"])
def test_a_withdrawn_ruling_says_so_in_every_format(site: Site, public: Public, ending: str) -> None:
    withdraw(site, public)

    said = read(site, f"{public.page}{ending}", status=410).decode()

    assert "Er stonden namen in." in said
    assert "wijkteam wil gegevens" not in said


def test_the_xml_holds_the_whole_record(site: Site, public: Public) -> None:
    record = json.loads(read(site, f"{public.page}.json"))
    document = tree(site, f"{public.page}.xml")

    assert {etree.QName(part).localname for part in document} == {
        name for name, value in record.items() if value is not None
    }
    assert document.findtext("u:kernregel", namespaces=NS) == record["kernregel"]
    assert len(document.xpath("u:voorwaarden/u:rij", namespaces=NS)) == len(record["voorwaarden"])
    assert document.findtext("u:statusPrecedent/u:code", namespaces=NS) == "geldend"


def test_characters_that_xml_forbids_do_not_break_a_document(site: Site) -> None:
    public = publish(site, titel="Een\x0b <titel> & meer", samenvatting="\x00Nul")

    for address in (f"{public.page}.xml", f"{public.page}.mdto.xml", *FEEDS, "/sitemap/uitspraken-1.xml"):
        assert tree(site, address) is not None
    assert tree(site, f"{public.page}.xml").findtext("u:titel", namespaces=NS) == "Een\ufffd <titel> & meer"


def test_the_linked_data_can_be_read_as_such(site: Site, public: Public) -> None:
    cited = publish(site)
    citing = publish(
        site,
        citaties=[
            {
                "relatie": {"code": "verfijnt", "label": "Verfijnt"},
                "nummer": cited.number,
                "titel": "x",
                "reden": None,
            }
        ],
    )

    graph = Graph().parse(data=read(site, f"{citing.page}.jsonld"), format="json-ld")

    def address(public: Public) -> URIRef:
        return URIRef(f"http://127.0.0.1:8000/id/uitspraak/{public.number.replace(':', '/')}")

    cito = "http://purl.org/spar/cito/"
    assert set(graph.predicates(address(citing), address(cited))) == {
        URIRef(f"{cito}cites"),
        URIRef(f"{cito}qualifies"),
    }
    titles = graph.objects(address(citing), URIRef("http://purl.org/dc/terms/title"))
    assert [str(title) for title in titles] == [json.loads(SAMPLE.read_text("utf-8"))["titel"]]


def test_the_archive_can_check_the_files_of_a_ruling(site: Site, public: Public) -> None:
    for ending in ("pdf", "json"):
        described = tree(site, f"{public.page}.{ending}.mdto.xml")
        content = read(site, f"{public.page}.{ending}")

        assert described.findtext(".//m:checksumWaarde", namespaces=NS) == sha256(content).hexdigest()
        assert described.findtext(".//m:omvang", namespaces=NS) == str(len(content))


def test_what_an_archive_is_told_of_a_ruling_is_mdto(site: Site) -> None:
    (schema,) = official("MDTO*.xsd")
    public = publish(site, weglatingen=[{"grond": "5.1.2e", "motivering": "Het gaat om één mens."}])
    change_record(site, public, pdf_digest=site.app.extensions["store"].put(b"%PDF-1.7"))
    mdto = etree.XMLSchema(etree.parse(schema))

    for ending in (".mdto.xml", ".pdf.mdto.xml", ".json.mdto.xml"):
        mdto.assertValid(tree(site, f"{public.page}{ending}"))


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_atom_and_names_what_changed(site: Site, public: Public, address: str) -> None:
    feed = tree(site, address)

    for name in ("id", "title", "updated"):
        assert len(feed.xpath(f"a:{name}", namespaces=NS)) == 1
    (own,) = feed.xpath("a:link[@rel='self']/@href", namespaces=NS)
    assert own.endswith(address)
    assert feed.findtext("a:author/a:name", namespaces=NS)
    entries = feed.xpath("a:entry", namespaces=NS)
    for entry in entries:
        for name in ("id", "title", "updated", "link"):
            assert entry.xpath(f"a:{name}", namespaces=NS), name
    identities = [entry.findtext("a:id", namespaces=NS) for entry in entries]
    assert len(identities) == len(set(identities))
    assert any(identity.endswith(public.number.replace(":", "/")) for identity in identities)
    moments = [entry.findtext("a:updated", namespaces=NS) for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext("a:updated", namespaces=NS) == moments[0]


def test_a_feed_of_a_law_or_a_type_has_no_other_rulings(site: Site) -> None:
    other = publish(site, grondslagen=[], typen=[])
    last = other.number.replace(":", "/")

    assert last in read(site, FEEDS[0]).decode()
    for address in FEEDS[1:]:
        assert last not in read(site, address).decode()


@pytest.mark.parametrize("address", ["/feeds/wet/onzin.atom", "/feeds/type/onzin.atom", "/sitemap/uitspraken-0.xml"])
def test_a_feed_of_nothing_is_not_there(site: Site, address: str) -> None:
    read(site, address, status=404)


def test_a_feed_of_a_law_that_no_ruling_rests_on_is_empty(site: Site) -> None:
    for law in ("BWBR0001840", "CVDR401319/1", "32024R0903"):
        assert tree(site, f"/feeds/wet/{law}.atom").xpath("a:entry", namespaces=NS) == []


def test_the_feed_says_that_a_ruling_was_withdrawn_and_nothing_of_its_text(site: Site) -> None:
    public = publish(site, titel="Een titel die blijft", samenvatting="Een tekst die verdwijnt.")
    assert "Een tekst die verdwijnt." in read(site, FEEDS[0]).decode()

    withdraw(site, public)

    said = read(site, FEEDS[0]).decode()
    assert "Een tekst die verdwijnt." not in said
    assert f"Teruggetrokken: {public.number} Een titel die blijft" in said
    assert "Er stonden namen in." in said


def test_a_change_of_status_comes_first_in_the_feed(site: Site) -> None:
    older, _newer = publish(site), publish(site)
    site.clock.forward(minutes=5)
    with site.work() as work:
        now = work.now

    change(site, older, state="achterhaald", changed_at=now)

    first = tree(site, FEEDS[0]).xpath("a:entry", namespaces=NS)[0]
    assert first.findtext("a:id", namespaces=NS).endswith(older.number.replace(":", "/"))
    assert "Achterhaald" in first.findtext("a:summary", namespaces=NS)


@pytest.mark.parametrize("ending", ["ttl", "jsonld"])
def test_the_catalogue_names_the_datasets_and_each_download_is_there(site: Site, public: Public, ending: str) -> None:
    form = {"ttl": "turtle", "jsonld": "json-ld"}[ending]
    graph = Graph().parse(data=read(site, f"/catalog.{ending}"), format=form)
    dcat = "http://www.w3.org/ns/dcat#"

    datasets = list(graph.objects(URIRef("http://127.0.0.1:8000/catalog"), URIRef(f"{dcat}dataset")))
    downloads = list(graph.objects(None, URIRef(f"{dcat}downloadURL")))

    assert len(datasets) == 4
    assert len(downloads) == 9
    for address in (*downloads, *graph.objects(None, URIRef(f"{dcat}endpointDescription"))):
        read(site, str(address))
    for page in (*datasets, *graph.subjects(predicate=URIRef(f"{dcat}downloadURL"))):
        read(site, str(page), status=303)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_same_in_both_forms(site: Site, public: Public, name: str) -> None:
    recommend(site, public, "gemeente Utrecht", position=1)

    lines = [json.loads(line) for line in read(site, f"/open-data/{name}.jsonl").decode().splitlines()]
    rows = list(csv.DictReader(io.StringIO(read(site, f"/open-data/{name}.csv").decode())))

    assert len(rows) == len(lines) > 0
    key = "uitspraak" if name == "knelpunten" else "nummer"
    assert [row[key] for row in rows] == [line[key] for line in lines]
    assert len({line[key] for line in lines}) == len(lines)
    assert set(rows[0]) <= set().union(*lines)


def test_a_table_runs_nothing_in_a_spreadsheet(site: Site) -> None:
    public = publish(site, titel="=HYPERLINK(1)", kernvraag="@SOM(A1)")

    (row,) = [
        row
        for row in csv.DictReader(io.StringIO(read(site, "/open-data/uitspraken.csv").decode()))
        if row["nummer"] == public.number
    ]

    assert (row["titel"], row["kernvraag"]) == ("'=HYPERLINK(1)", "'@SOM(A1)")


def test_nothing_leaves_but_what_the_public_record_says(site: Site) -> None:
    public = publish(site, titel="Alleen de nieuwe titel")
    recommend(site, public, "gemeente Utrecht", position=1)
    gone = publish(site, titel="Weg", kernvraag="Een vraag die weg is")
    withdraw(site, gone)
    addresses = [f"{public.page}{ending}" for ending in ENDINGS if "pdf" not in ending]
    addresses += [*FEEDS, "/sitemap.xml", "/sitemap/uitspraken-1.xml", "/catalog.ttl", "/catalog.jsonld", "/open-data"]
    addresses += [f"/open-data/{name}.{ending}" for name in TABLES for ending in ("csv", "jsonl")]

    for address in addresses:
        said = read(site, address).decode()
        assert MEANT_FOR_NOBODY not in said, address
        assert "Een vraag die weg is" not in said, address


def test_who_has_the_register_already_is_told_so(site: Site, public: Public) -> None:
    anonymous = site.visitor().client
    mapped = ("/sitemap.xml", "/feeds/uitspraken.atom", "/catalog.ttl", "/open-data/precedenten.csv")
    for address in (*mapped, f"{public.page}.xml"):
        with anonymous.get(address) as first:
            again = {"If-None-Match": first.headers["ETag"]}
        assert anonymous.get(address, headers=again).status_code == 304, address

    tag = anonymous.get("/feeds/uitspraken.atom").headers["ETag"]
    publish(site)
    assert anonymous.get("/feeds/uitspraken.atom", headers={"If-None-Match": tag}).status_code == 200


def test_what_goes_out_costs_a_fixed_number_of_queries(site: Site) -> None:
    addresses = (*FEEDS, "/sitemap.xml", "/sitemap/uitspraken-1.xml", "/catalog.ttl", *bulk_addresses())
    publish(site)
    few = costs(site, addresses)
    for _ in range(5):
        publish(site)

    assert costs(site, addresses) == few
    assert max(few.values()) <= 5


def bulk_addresses() -> list[str]:
    return [f"/open-data/{name}.csv" for name in TABLES]


def costs(site: Site, addresses: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for address in addresses:
        with counted(site.engine) as sent:
            read(site, address)
        found[address] = len(sent)
    return found


def test_a_ruling_tells_machines_where_else_it_is_and_what_it_is_about(site: Site, public: Public) -> None:
    page = site.visitor().get(public.page)

    found = dict(
        page.tree.xpath("//link[@rel='alternate']/@href")
        and [(link.get("type"), link.get("href")) for link in page.tree.xpath("//link[@rel='alternate']")]
    )
    assert found == {
        "application/pdf": f"{public.page}.pdf",
        "application/json": f"{public.page}.json",
        "application/xml": f"{public.page}.xml",
        "application/ld+json": f"{public.page}.jsonld",
        "application/atom+xml": "/feeds/uitspraken.atom",
    }
    (about,) = page.tree.xpath("//meta[@name='description']/@content")
    assert about.startswith("Een wijkteam wil gegevens")
    assert page.tree.xpath("//meta[@property='og:title']/@content")[0].startswith(public.number)


def test_one_page_says_what_there_is(site: Site) -> None:
    page = site.visitor().get("/open-data")

    for address in page.tree.xpath("//main//a/@href"):
        if address.startswith("/"):
            read(site, address)
    assert "CC0 1.0" in page.words
    assert page.tree.xpath("//footer//a[@href='/open-data']")
    assert "Ondertekenen staat bij deze installatie uit." in page.words
