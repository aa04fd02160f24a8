"""What cannot be asked of the search: a sentence on the page, and what was typed stays."""

from tests.site import Site


def test_the_page_says_what_cannot_be_asked_and_keeps_what_was_typed(site: Site) -> None:
    page = site.visitor().get("/precedenten?q=gele+kanarie&jaar=abc&van=zomaar")

    assert page.status == 400
    assert "Geef een jaar in vier cijfers, zoals 2026." in page.words
    assert "Kies commissie, gevolgd of anderen." in page.words
    form = page.tree.xpath("//form[@role='search']")[0]
    assert dict(form.form_values()) == {"q": "gele kanarie", "jaar": "abc", "van": "zomaar"}
    assert "/precedenten?q=gele+kanarie&van=zomaar" in page.tree.xpath("//ul[@class='chosen']//a/@href")


def test_too_many_filters_are_refused_and_each_can_be_taken_away(site: Site) -> None:
    page = site.visitor().get("/precedenten?" + "&".join(f"partij=naam{one}" for one in range(11)))

    assert page.status == 400
    assert "Kies hoogstens 10 filters tegelijk." in page.words
    assert len(page.tree.xpath("//ul[@class='chosen']//a")) == 11
