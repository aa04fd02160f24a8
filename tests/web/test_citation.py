"""Places in the law are links where people read them, and are counted where they look for them."""

from app.services.external import keep_decisions
from app.services.index import index_case
from app.web.filters import LONGEST_LINKED, law_links
from tests.make import make_case
from tests.queries import counted
from tests.site import Site, account_with

TEXT = 'De <b>school</b> & de SVB: artikel 6, eerste lid, onder e, AVG, en "art. 8 EVRM".'


def keep(site: Site, *texts: str) -> None:
    with site.work() as work:
        rows = [{"source": "AP", "source_id": f"w{place}", "text": text} for place, text in enumerate(texts)]
        keep_decisions(work, rows)


def test_a_text_keeps_every_sign_and_no_tag_of_its_own() -> None:
    shown = law_links(TEXT)

    assert shown.striptags() == TEXT
    assert shown.count("<a ") == shown.count("</a>") == 2
    assert 'href="https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:32016R0679"' in shown
    assert 'href="https://wetten.overheid.nl/jci1.3:c:BWBV0001000&amp;artikel=8">art. 8 EVRM</a>&#34;.' in shown


def test_of_nothing_nothing_is_shown() -> None:
    assert law_links(None) == law_links("") == ""


def test_what_is_unclear_or_has_no_address_is_no_link() -> None:
    text = "art. 3 wgs, art. 3 WGS, artikel 8 Voorbeeldwet en [5.1.2e]"

    assert law_links(text) == text


def test_a_long_text_is_shown_whole_with_links_in_its_beginning() -> None:
    text = "artikel 6 AVG. " * 20_000

    shown = law_links(text)

    assert shown.striptags() == text.strip()
    assert 1 < shown.count("<a ") <= LONGEST_LINKED


def test_a_decision_of_another_body_links_to_the_law_it_names(site: Site) -> None:
    keep(site, TEXT)

    page = site.visitor().get("/precedenten/EXT:AP:w0")

    assert page.status == 200
    assert ">artikel 6, eerste lid, onder e, AVG</a>" in page.text
    assert "&lt;b&gt;school&lt;/b&gt; &amp; de SVB" in page.text


def test_laws_and_articles_are_counted_with_the_way_to_their_texts(site: Site) -> None:
    # A law that no other test of this register names.
    keep(site, "Artikel 6 Wabb en artikel 9 Wabb.", "Artikel 6, tweede lid, Wabb.", "Artikel 8 EVRM.")

    page = site.visitor().get("/wetten")
    of_law = site.visitor().get("/wetten?wet=BWBV0001000")
    found = site.visitor().get("/precedenten?artikel=BWBR0022428:6&van=anderen")

    assert "2 besluiten van andere instanties met Wet algemene bepalingen burgerservicenummer (Wabb)" in page.words
    assert "2 besluiten van andere instanties met artikel 6, Wet algemene bepalingen burgerservicenummer" in page.words
    assert "/precedenten?artikel=BWBR0022428:6&amp;van=anderen" in page.text
    assert "Artikelen van Verdrag tot bescherming van de rechten van de mens" in of_law.words
    assert "met artikel 6" not in of_law.words
    assert "EXT:AP:w0" in found.words
    assert "EXT:AP:w1" in found.words
    assert "EXT:AP:w2" not in found.words


def test_a_case_is_not_counted_by_who_may_see_it_either(site: Site) -> None:
    with site.work() as work:
        index_case(work, make_case(work, description="Volgens artikel 7 Kadasterwet."))

    page = site.visitor(account_with("analist")).get("/wetten")

    assert "Kadasterwet" not in page.words


def test_the_page_of_laws_costs_the_same_with_more_texts(site: Site) -> None:
    costs = []
    for amount in (1, 5):
        keep(site, *(f"Artikel {number} AVG en artikel {number} Jeugdwet." for number in range(1, amount + 1)))
        with counted(site.engine) as sent:
            site.visitor().get("/wetten")
        costs.append(len(sent))

    assert costs[0] == costs[1]
