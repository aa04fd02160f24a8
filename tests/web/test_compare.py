"""Two rulings side by side: what is the same, what differs, and how they treat each other."""

from tests.site import Page, Site
from tests.web.published import change_record, publish

BOTH = {"label": "artikel 3, Wet A", "jci": None, "url": None, "rol": None, "geldigOp": None}
ONE = {"label": "artikel 9, Wet B", "jci": None, "url": None, "rol": None, "geldigOp": None}


def row(page: Page, label: str) -> list[str]:
    """The words of the cells of one part."""
    (found,) = page.tree.xpath("//tr[th[starts-with(normalize-space(), $label)]]", label=label)
    return [" ".join(cell.text_content().split()) for cell in found.xpath("./th | ./td")]


def test_each_part_says_whether_it_is_the_same(site: Site) -> None:
    left = publish(site, kernvraag="Mag de gemeente dit?", grondslagen=[BOTH, ONE])
    right = publish(site, kernvraag="Mag de provincie dit?", grondslagen=[BOTH])

    page = site.visitor().get(f"/uitspraken/vergelijken?a={left.number}&b={right.number}")

    question, laws, rule = row(page, "De vraag"), row(page, "Wetten"), row(page, "De regel")
    assert "Verschillend" in question[0]
    assert "[alleen hier: gemeente]" in question[1]
    assert "[alleen hier: provincie]" in question[2]
    assert "artikel 3, Wet A In beide" in laws[1]
    assert "artikel 9, Wet B Alleen hier" in laws[1]
    assert "Alleen hier" not in laws[2]
    assert "Gelijk" in rule[0]
    assert "Geldend" in row(page, "Status nu")[1]
    assert "verwijzen niet naar elkaar" in page.words


def test_how_the_one_treats_the_other_is_said(site: Site) -> None:
    left = publish(site)
    cited = {
        "nummer": left.number,
        "relatie": {"code": "verfijnt", "label": "Verfijnt"},
        "titel": "Eerder",
        "reden": "Alleen overdag.",
    }
    right = publish(site, citaties=[cited])

    page = site.visitor().get(f"/uitspraken/vergelijken?a={left.number}&b={right.number}")

    assert f"{right.number} verfijnt {left.number}: Alleen overdag." in page.words


def test_one_is_asked_for_the_other(site: Site) -> None:
    public = publish(site)
    anonymous = site.visitor()
    (link,) = anonymous.get(public.page).tree.xpath("//a[contains(@href, '/vergelijken')]/@href")

    page = anonymous.get(link)

    assert page.status == 200
    assert page.tree.xpath("//input[@name='a']/@value") == [public.number]
    assert not page.tree.xpath("//table")


def test_what_cannot_be_compared_is_said(site: Site) -> None:
    public, gone = publish(site), publish(site)
    change_record(site, gone, withdrawn_at=site.clock.now, withdrawn_because="Fout", record={})
    anonymous = site.visitor()

    def words(other: str) -> str:
        page = anonymous.get(f"/uitspraken/vergelijken?a={public.number}&b={other}")
        assert page.status == 404
        return page.words

    assert "Er is geen openbare uitspraak met nummer CCG:2026:99999." in words("CCG:2026:99999")
    assert f"{gone.number} is niet meer openbaar." in words(gone.number)
    assert "Kies twee verschillende uitspraken." in words(public.number)
