"""Words that mean the same: who adds some first sees what they change, and nobody hears whose search that is."""

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.db.search import Synonym
from app.db.subscription import Subscription
from app.services.work import Work
from tests.site import Page, Site, Visitor, account_with
from tests.web.commission import inside
from tests.web.published import Public, publish

ANALYST, REPORTER = account_with("analist"), account_with("melder")
LIST, NEW = "/zoekwoorden", "/zoekwoorden/nieuw"


@pytest.fixture(scope="module")
def ferries(site: Site) -> Public:
    return publish(
        site,
        titel="Vaartijden van de veerpont",
        kernvraag="Mag de provincie weten wie de veerpont neemt?",
        kernregel="De provincie mag tellen wie de veerpont neemt.",
    )


@pytest.fixture(scope="module")
def analyst(site: Site) -> Visitor:
    return inside(site, ANALYST)


@pytest.fixture(scope="module", autouse=True)
def kept_search(site: Site) -> None:
    with site.work() as work:
        account = work.session.scalars(select(Account).filter_by(email=REPORTER)).one()
        work.session.add(kept_by(work, account))


def kept_by(work: Work, account: Account) -> Subscription:
    return Subscription(
        account_id=account.id,
        kind="zoekvraag",
        key="zoekvraag:pendelboot",
        query={"q": "pendelboot"},
        label="Zoeken: pendelboot",
        created_at=work.now,
        seen_at=work.now,
    )


def check(visitor: Visitor, *expressions: str) -> Page:
    return visitor.send(NEW, {"csrf_token": visitor.token(), "uitdrukkingen": list(expressions)})


def save(visitor: Visitor, *expressions: str) -> Page:
    return visitor.send(LIST, {"csrf_token": visitor.token(), "uitdrukkingen": list(expressions)})


def test_an_analyst_sees_what_changes_before_it_is_kept(site: Site, analyst: Visitor, ferries: Public) -> None:
    page = check(analyst, "veerpont", "pendelboot", "")

    assert page.status == 200
    assert f"Nieuw, op plaats 1: {ferries.number}" in page.words
    with site.work() as work:
        assert work.session.scalars(select(Synonym).where(Synonym.ended_at.is_(None))).all() == []


def test_of_a_search_of_somebody_else_the_effect_tells_neither_whose_it_is_nor_what_was_asked(
    analyst: Visitor, ferries: Public
) -> None:
    page = check(analyst, "veerpont", "pendelboot")

    assert REPORTER not in page.text
    assert "Zoeken: pendelboot" not in page.text
    assert page.tree.xpath("//h3/text()") == ["Een bewaarde zoekvraag van iemand anders"]
    assert "1 resultaat verandert van plaats" in page.words


def test_of_an_own_search_the_words_are_told_also_where_somebody_else_keeps_the_same(
    site: Site, analyst: Visitor, ferries: Public
) -> None:
    with site.work() as work:
        account = work.session.scalars(select(Account).filter_by(email=ANALYST)).one()
        own = kept_by(work, account)
        work.session.add(own)
        work.session.flush()
        identity = own.id
        other = work.session.scalars(select(Account).filter_by(email=account_with("triagist"))).one()
        work.session.add(kept_by(work, other))
    page = check(analyst, "veerpont", "pendelboot")
    with site.work() as work:
        work.session.delete(work.session.get_one(Subscription, identity))

    assert page.tree.xpath("//h3/text()") == ["Zoeken: pendelboot"]
    assert "Nieuw, op plaats 1: Vaartijden van de veerpont" in page.words


def test_who_looked_can_go_back_and_finds_the_words_there(analyst: Visitor) -> None:
    form = {"csrf_token": analyst.token(), "uitdrukkingen": ["veerpont", "pendelboot"], "terug": "ja"}
    page = analyst.send(NEW, form)

    assert page.tree.xpath("//input[@name='uitdrukkingen']/@value") == ["veerpont", "pendelboot"]


def test_words_that_are_kept_find_each_other_until_they_are_ended(
    site: Site, analyst: Visitor, ferries: Public
) -> None:
    assert "Vaartijden" not in analyst.get("/precedenten?q=pendelboot").words

    assert save(analyst, "veerpont", "pendelboot").status == 303
    assert "Vaartijden" in site.visitor().get("/precedenten?q=pendelboot").words

    with site.work() as work:
        identity = work.session.scalars(select(Synonym.id)).one()
    ending = f"{LIST}/{identity}/beeindigen"
    assert "Niet meer bij de eerste tien, stond op plaats 1" in analyst.get(ending).words
    assert analyst.send(ending, {"csrf_token": analyst.token()}).status == 303
    assert "Vaartijden" not in site.visitor().get("/precedenten?q=pendelboot").words
    assert "Beëindigd (1)" in analyst.get(LIST).words


@pytest.mark.parametrize(
    ("expressions", "sentence"),
    [
        (["veerpont"], "Vul ten minste twee woorden"),
        (["veerpont", "Veerponten"], "maar één woord"),
        (["veerpont", "van de"], "alleen woorden waarop niet wordt gezocht"),
        (["veerpont", "x"], "te kort of te lang"),
        (["AVG", "gdpr"], "staan al samen in een groep"),
        (["veer", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], "hoogstens"),
        ([f"veerpont {'lang ' * 20}", "boot"], "tekens"),
    ],
)
def test_what_can_be_no_group_is_refused_with_what_to_do(
    analyst: Visitor, expressions: list[str], sentence: str
) -> None:
    page = check(analyst, *expressions)

    assert page.status == 400
    assert any(sentence in told for told in page.sentences_on_top())


def test_the_list_can_be_searched(analyst: Visitor) -> None:
    words = analyst.get(f"{LIST}?q=burgerservice").words

    assert "bsn · burgerservicenummer" in words
    assert "GDPR" not in words


def test_without_script_a_line_can_be_added(analyst: Visitor) -> None:
    form = {"csrf_token": analyst.token(), "uitdrukkingen": ["veerpont", "pont"], "_meer": "uitdrukkingen"}

    assert len(analyst.send(NEW, form).tree.xpath("//input[@name='uitdrukkingen']")) == 3


@pytest.mark.parametrize("address", [LIST, NEW, f"{LIST}/1/beeindigen"])
def test_others_do_not_know_of_these_pages(site: Site, address: str) -> None:
    assert inside(site, REPORTER).get(address).status == 404
    assert site.visitor().get(address).status == 302
