"""Copies of another installation on the pages: where each comes from, where it stands and how old it is."""

from collections.abc import Iterator
from itertools import count

import pytest

from app.db.external import ExternalCitation
from app.services.external import external_decision
from tests.centre import Centre, running, take_over
from tests.site import Site, account_with
from tests.web.published import Public, publish

NUMBERS = (f"CCG:2026:{place}" for place in count(100))


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    with running(Centre()) as there:
        yield there


@pytest.fixture
def number() -> str:
    """The number of a ruling that no other test has."""
    return next(NUMBERS)


def page_of(number: str) -> str:
    return f"/precedenten/EXT:centrum:{number}"


def sync(site: Site, centre: Centre) -> None:
    take_over(site.engine, centre, site.clock())


def test_a_copy_says_what_it_is_where_it_comes_from_and_how_old_it_is(site: Site, centre: Centre, number: str) -> None:
    centre.publish(number, titel="Meekijken met het wijkteam")
    sync(site, centre)

    page = site.visitor().get(page_of(number))

    assert page.status == 200
    assert "Dit is een kopie van een uitspraak van een andere instantie: centrum" in page.words
    assert "Het is geen uitspraak van de commissie hier." in page.words
    for told in ("Geldend", "Mag, mits", "Bijgewerkt tot", "Het wijkteam", "Kan het?", "Doelbinding"):
        assert told in page.words, told
    assert f"{centre.url}/uitspraken/{number}" in page.tree.xpath("//a/@href")
    assert "kan verouderd zijn" not in page.words


def test_a_list_marks_a_copy_with_its_source_and_status(site: Site, centre: Centre, number: str) -> None:
    centre.publish(number, titel="De zwaluwstaart")
    centre.stand(number, voorbeeld=True)
    sync(site, centre)
    visitor = site.visitor()

    searched = visitor.get("/precedenten?q=zwaluwstaart")
    everything = visitor.get("/precedenten")

    for page in (searched, everything):
        (item,) = page.tree.xpath(f"//li[@class='precedents__item'][.//a[@href='{page_of(number)}']]")
        words = " ".join(item.text_content().split())
        for told in ("Besluit van een andere instantie", "Geldend", "centrum", "Mag, mits", "Voorbeeldgegevens"):
            assert told in words, told
        assert "Met de uitspraken van centrum, bijgewerkt tot" in page.words
    assert visitor.get("/precedenten?status=geldend&q=zwaluwstaart").words.count("De zwaluwstaart") == 1
    assert "De zwaluwstaart" not in visitor.get("/precedenten?status=ingetrokken&q=zwaluwstaart").words
    assert "centrum" in visitor.get("/precedenten?van=gevolgd").words


def test_what_ended_there_says_so_and_leads_to_what_came_for_it(site: Site, centre: Centre, number: str) -> None:
    later = next(NUMBERS)
    centre.publish(number, titel="De eerste")
    cites = {"nummer": number, "relatie": {"code": "herziet", "label": "Herziet"}, "reden": "De wet is anders."}
    centre.publish(later, titel="De latere", citaties=[cites])
    ended = {"status": "achterhaald", "statusLabel": "Achterhaald", "geldigTot": "2026-11-23"}
    centre.stand(number, **ended, vervangenDoor=later)
    sync(site, centre)

    page = site.visitor().get(page_of(number))

    assert "Deze uitspraak geldt niet meer" in page.words
    assert page_of(later) in page.tree.xpath("//main//a/@href")
    assert "De wet is anders." in page.words


def test_a_nuance_and_a_correction_are_told(site: Site, centre: Centre, number: str) -> None:
    centre.publish(number, versie=2, correctie="Er stond een punt te veel.")
    centre.stand(number, nuances=[{"nuance": "Niet bij jeugd.", "uitspraak": "CCG:2026:40"}], inHeroverweging=True)
    sync(site, centre)

    words = site.visitor().get(page_of(number)).words

    for told in ("Niet bij jeugd.", "CCG:2026:40", "Er stond een punt te veel.", "wordt heroverwogen"):
        assert told in words, told


def test_what_was_taken_away_there_says_why_and_shows_no_text(site: Site, centre: Centre, number: str) -> None:
    centre.publish(number, titel="De pannenkoek", kernregel="Een vuurtoren.")
    sync(site, centre)
    centre.withdraw(number, "Er stond een naam in.")
    sync(site, centre)

    page = site.visitor().get(page_of(number))

    assert "bij de bron niet meer openbaar" in page.words
    assert "Er stond een naam in." in page.words
    assert "vuurtoren" not in page.text
    assert "niet meer openbaar bij de bron" in site.visitor().get("/precedenten?q=pannenkoek&van=gevolgd").words


def test_a_copy_that_was_not_kept_up_to_date_warns(site: Site, centre: Centre, number: str) -> None:
    centre.publish(number)
    sync(site, centre)
    site.clock.forward(days=2)
    words = [site.visitor().get(path).words for path in (page_of(number), "/precedenten")]
    site.clock.forward(days=-2)

    assert "Deze kopie kan verouderd zijn" in words[0]
    assert "De uitspraken van centrum kunnen verouderd zijn" in words[1]


def test_what_another_wrote_is_shown_as_text(site: Site, centre: Centre, number: str) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    link = {"label": hostile, "jci": "javascript:alert(1)", "url": "javascript:alert(1)"}
    centre.publish(
        number, titel=hostile, kernregel=hostile, feiten=hostile, orgaan=hostile, correctie=hostile, grondslagen=[link]
    )
    centre.stand(number, statusLabel=hostile, nuances=[{"nuance": hostile, "uitspraak": "CCG:2026:1"}])
    sync(site, centre)

    for path in (page_of(number), "/precedenten", "/precedenten?q=alert"):
        page = site.visitor().get(path)
        assert page.status == 200
        assert "alert(1)" in page.words
        assert page.tree.xpath("//img[@src='x'] | //script[contains(text(), 'alert')]") == []
        assert [link for link in page.tree.xpath("//a/@href") if link.startswith("javascript")] == []


def test_the_administrator_follows_asks_and_ends(site: Site, centre: Centre, number: str) -> None:
    visitor = site.visitor(account_with("beheerder"))

    followed = visitor.post("/beheer/instanties", adres="https://ander.example/", bron="ander")
    assert followed.status == 303
    page = visitor.get("/beheer/instanties")
    for told in ("https://ander.example", "Nog niets gehoord"):
        assert told in page.words, told

    asked = visitor.send("/beheer/instanties/ander/ophalen", {"csrf_token": visitor.token()})
    ended = visitor.send("/beheer/instanties/ander/beeindigen", {"csrf_token": visitor.token()})
    assert (asked.status, ended.status) == (303, 303)
    page = visitor.get("/beheer/instanties")
    assert "Niet meer gevolgd" in page.words

    (form,) = page.tree.xpath("//form[.//button[contains(., 'Volg ander weer')]]")
    again = visitor.send(form.get("action"), dict(form.form_values()))
    assert again.status == 303
    page = visitor.get("/beheer/instanties")
    assert "Niet meer gevolgd" not in page.words
    assert len(page.tree.xpath("//h3[starts-with(normalize-space(), 'ander ')]")) == 1


def test_an_address_inside_is_refused_with_the_setting_that_opens_it(site: Site) -> None:
    visitor = site.visitor(account_with("beheerder"))

    (fault,) = visitor.post("/beheer/instanties", adres="http://10.20.3.7").faults_at_fields()
    (hook,) = visitor.post("/account/webhooks/nieuw", naam="x", adres="http://10.20.3.7").faults_at_fields()
    others = site.visitor(account_with("melder"))
    (theirs,) = others.post("/account/webhooks/nieuw", naam="x", adres="http://10.20.3.7").faults_at_fields()

    for told in (fault, hook):
        assert told.endswith("Zet dat netwerk dan in de instelling EGRESS_NETWORKS."), told
    # Who cannot open it does not hear how.
    assert theirs == "Fout: Het adres ligt in een netwerk dat hiervandaan niet bereikt mag worden."


@pytest.mark.parametrize(
    ("url", "source", "sentence"),
    [
        ("", "", "Vul het adres van de installatie in."),
        ("centrum.example", "", "Vul alleen het adres van de installatie in"),
        ("https://centrum.example/pad", "", "Vul alleen het adres van de installatie in"),
        ("https://naam:geheim@centrum.example", "", "Vul alleen het adres van de installatie in"),
        ("http://169.254.169.254", "", "niet bereikt mag worden"),
        ("https://centrum.example", "a:b", "Gebruik letters, cijfers"),
    ],
)
def test_an_address_that_is_none_is_refused_at_its_field(site: Site, url: str, source: str, sentence: str) -> None:
    visitor = site.visitor(account_with("beheerder"))

    page = visitor.post("/beheer/instanties", adres=url, bron=source)

    assert page.status == 400
    assert any(sentence in fault for fault in page.faults_at_fields()), page.faults_at_fields()


def test_it_shows_what_went_wrong(site: Site, centre: Centre, number: str) -> None:
    centre.publish(number, titel=None)
    sync(site, centre)
    centre.broken = 503
    sync(site, centre)
    centre.broken = None

    words = site.visitor(account_with("beheerder")).get("/beheer/instanties").words

    for told in ("Er ging iets mis", "antwoordt met foutcode 503", "Wat wij niet konden lezen", "titel:", number):
        assert told in words, told


def test_who_is_no_administrator_follows_nobody(site: Site) -> None:
    visitor = site.visitor(account_with("analist"))

    assert visitor.get("/beheer/instanties").status == 404
    token = {"csrf_token": visitor.token()}
    assert visitor.send("/beheer/instanties", {**token, "adres": "https://centrum.example"}).status == 404


def test_a_ruling_of_ours_says_where_a_copy_that_it_rests_on_stands(site: Site, centre: Centre, number: str) -> None:
    centre.publish(number, titel="De olifantenpaden")
    sync(site, centre)
    reference = f"EXT:centrum:{number}"
    rests = {"code": "steunt_op", "label": "Steunt op"}
    source = {"relatie": rests, "soort": "extern", "verwijzing": reference, "titel": "De olifantenpaden", "url": None}
    public = publish(site, bronnen=[{**source, "reden": None}])
    with site.work() as work:
        decision = external_decision(work, reference)
        work.session.add(ExternalCitation(ruling_id=public.ruling_id, external_id=decision.id, relation="steunt_op"))
    assert "Geldend" in _row_of_source(site, public)

    centre.withdraw(number, "Er stond een naam in.")
    sync(site, centre)

    assert "niet meer openbaar bij de bron" in _row_of_source(site, public)
    cited = site.visitor().get(page_of(number))
    assert public.page in cited.tree.xpath("//main//a/@href")


def _row_of_source(site: Site, public: Public) -> str:
    (row,) = site.visitor().get(public.page).tree.xpath("//section[@aria-labelledby='bronnen']//li")
    return " ".join(row.text_content().split())
