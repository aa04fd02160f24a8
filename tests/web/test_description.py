"""The API as people read it: every call of the description stands there, with its fields and an example."""

from pathlib import Path

import pytest

from app.api.openapi import description
from app.api.operation import OPERATIONS
from app.db.kind import RECORDS
from app.schemas.description import call_groups, slug_of
from tests.browser import html_faults
from tests.make import workflows
from tests.site import Page, Site


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, Page]:
    """The page of every subject."""
    visitor = site.visitor()
    return {tag: visitor.get(f"/ontwikkelaars/{slug_of(tag)}") for tag in {made.tag for made in OPERATIONS}}


def test_every_call_stands_on_the_first_page_and_leads_to_its_own(site: Site, pages: dict[str, Page]) -> None:
    first = site.visitor().get("/ontwikkelaars")

    for path, item in description()["paths"].items():
        for method, told in item.items():
            assert f"{method.upper()} {path}" in first.words
            link = f"/ontwikkelaars/{slug_of(told['tags'][0])}#{told['operationId']}"
            assert first.tree.xpath(f"//a[@href='{link}']"), link
            assert pages[told["tags"][0]].tree.get_element_by_id(told["operationId"]) is not None


def test_the_first_page_begins_with_its_subjects_in_the_order_of_the_alphabet(site: Site) -> None:
    page = site.visitor().get("/ontwikkelaars").tree
    contents = page.xpath("//nav[@aria-labelledby='op-deze-pagina']")[0]

    anchors = contents.xpath(".//a/@href")
    subjects = [str(name) for name in contents.xpath(".//ul[@class='contents__subjects']//a/text()")]
    below = [str(name) for name in page.xpath("//h3[starts-with(@id, 'onderwerp-')]/a/text()")]

    assert {made.tag for made in OPERATIONS} == set(subjects)
    assert subjects == below == sorted(subjects, key=str.casefold)
    for anchor in anchors:
        assert page.get_element_by_id(anchor.removeprefix("#")) is not None, anchor


def test_a_call_shows_its_fields_its_refusals_and_how_it_is_made(pages: dict[str, Page]) -> None:
    words = pages["Meldingen"].words

    assert "uitwisseling.verstrekkers[].tooiUri" in words
    assert "één van normaal, spoed" in words
    assert 'curl -X POST "http://127.0.0.1:8000/api/v1/meldingen"' in words
    assert '-H "Authorization: Bearer $SLEUTEL"' in words
    assert "MLD-2026-00001" in words
    assert "401: Geen geldige sleutel" in words
    assert "U hebt een sleutel nodig." in words
    assert "Iedereen mag dit opvragen." in pages["Uitspraken"].words


def test_every_variable_of_an_address_is_filled_in_an_example() -> None:
    for group in call_groups(description(), "https://knelpunten.example/api/v1"):
        for call in group.calls:
            assert "{" not in call.request.partition('"')[2].partition('"')[0], call.name


def test_a_process_shows_every_action_that_people_take(pages: dict[str, Page]) -> None:
    for collection, record in RECORDS.items():
        name = record.kind_name()
        newest = workflows()[name, max(version for kind, version in workflows() if kind == name)]
        words = pages[collection.capitalize()].words
        for step in newest.transitions:
            assert step.roles == {"systeem"} or f"({step.action})" in words, (collection, step.action)


def test_what_is_guessed_leads_there_and_what_is_unknown_does_not(site: Site) -> None:
    visitor = site.visitor()

    assert visitor.get("/api").response.headers["Location"] == "/ontwikkelaars"
    assert visitor.get(description()["externalDocs"]["url"]).status == 200
    assert visitor.get("/ontwikkelaars/onzin").status == 404
    assert any(link.get("href") == "/ontwikkelaars" for link in visitor.get("/").tree.iter("a"))


def test_the_pages_are_whole_html(site: Site, pages: dict[str, Page], tmp_path: Path) -> None:
    texts = {slug_of(name): page.text for name, page in pages.items()}

    assert all(page.status == 200 for page in pages.values())
    assert html_faults({"index": site.visitor().get("/ontwikkelaars").text, **texts}, tmp_path) == []
