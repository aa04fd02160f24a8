"""Collections and annotations: kept by who made them, read by colleagues where they are shared, and by nobody else."""

import csv

import pytest

from app.services.external import keep_decisions
from tests.queries import counted
from tests.site import Page, Site, Visitor, accounts
from tests.web.commission import inside
from tests.web.published import Public, change_record, publish

OWNER, ELSEWHERE = "melder@utrecht.example", "secretaris@ccg.example"
SECRET = "Zeg dit niet buiten ons team."


@pytest.fixture(scope="module")
def boats(site: Site) -> Public:
    return publish(site, titel="Woonboten en ligplaatsen", kernregel="De gemeente mag de ligplaatsen weten.")


@pytest.fixture(scope="module")
def colleague() -> str:
    """Somebody else of the same organisation."""
    home = accounts()[OWNER]["organisation"]
    return next(email for email, one in accounts().items() if one["organisation"] == home and email != OWNER)


def make(visitor: Visitor, title: str, **fields: str) -> str:
    """Make a collection; its address."""
    page = visitor.post("/verzamelingen/nieuw", titel=title, **fields)
    assert page.status == 303, page.words
    return str(page.response.headers["Location"])


def keep(visitor: Visitor, address: str, number: str, note: str = "") -> Page:
    return add(visitor, number, verzameling=address.rpartition("/")[2], notitie=note)


def add(visitor: Visitor, number: str, **fields: str) -> Page:
    return visitor.post(
        "/verzamelingen/toevoegen", page=visitor.get(f"/verzamelingen/toevoegen?nummer={number}"), **fields
    )


def annotate(visitor: Visitor, public: Public, text: str, **fields: str) -> Page:
    page = visitor.get(f"/aantekeningen/nieuw?nummer={public.number}")
    return visitor.post("/aantekeningen/nieuw", page=page, tekst=text, **fields)


def press(visitor: Visitor, address: str) -> Page:
    """Press a button that stands alone."""
    return visitor.send(address, {"csrf_token": visitor.token()})


def test_a_ruling_is_kept_with_why_and_taken_out_again(site: Site, boats: Public) -> None:
    owner = inside(site, OWNER)
    address = make(owner, "Water")
    assert owner.get(boats.page).tree.xpath("//a[contains(@href, '/verzamelingen/toevoegen?nummer=')]")

    keep(owner, address, boats.number, "Lijkt op onze zaak.")
    full = owner.get(address)
    (button,) = full.tree.xpath("//form[contains(@action, '/stukken/')]/@action")
    press(owner, button)

    assert "Woonboten en ligplaatsen" in full.words
    assert "Notitie: Lijkt op onze zaak." in full.words
    assert "Er zit nog niets in deze verzameling." in owner.get(address).words


def test_a_decision_of_another_body_is_kept_as_that(site: Site) -> None:
    with site.work() as work:
        keep_decisions(work, [{"source": "AP", "source_id": "z/1", "text": "Over scholen."}])
    owner = inside(site, OWNER)
    address = make(owner, "Van anderen")

    keep(owner, address, "EXT:AP:z/1")

    page = owner.get(address)
    assert "Besluit van een andere instantie AP" in page.words
    assert page.tree.xpath("//a[@href='/precedenten/EXT:AP:z%2F1']")


def test_a_new_collection_can_be_named_while_keeping(site: Site, boats: Public) -> None:
    owner = inside(site, OWNER)

    page = add(owner, boats.number, nieuweVerzameling="Vers")

    assert "Woonboten" in owner.get(str(page.response.headers["Location"])).words


def test_what_is_not_public_cannot_be_kept(site: Site) -> None:
    owner = inside(site, OWNER)
    address = make(owner, "Leeg")

    refused = keep(owner, address, "CCG:2026:99999")
    homeless = add(owner, "CCG:2026:1")

    assert refused.status == homeless.status == 400
    assert any("geen openbare uitspraak" in sentence for sentence in refused.sentences_on_top())
    assert any("Kies een verzameling" in sentence for sentence in homeless.sentences_on_top())


def test_it_is_read_by_colleagues_when_it_is_shared_and_by_nobody_else(
    site: Site, boats: Public, colleague: str
) -> None:
    owner = inside(site, OWNER)
    address = make(owner, "Voor het team", gedeeld="true")
    own = make(owner, "Alleen van mij")
    keep(owner, address, boats.number, SECRET)

    shared = inside(site, colleague).get(address)

    assert SECRET in shared.words
    assert not shared.tree.xpath("//form[contains(@action, '/verwijderen')]")
    assert "Voor het team" in inside(site, colleague).get("/verzamelingen").words
    assert "Alleen van mij" not in inside(site, colleague).get("/verzamelingen").words
    assert inside(site, colleague).get(own).status == 404
    assert press(inside(site, colleague), f"{address}/verwijderen").status == 404
    for path in (address, f"{address}.csv", f"{address}/wijzigen", own):
        assert inside(site, ELSEWHERE).get(path).status == 404
        assert site.visitor().get(path).status == 302
    assert "Voor het team" not in inside(site, ELSEWHERE).get("/verzamelingen").words


def test_it_is_renamed_and_thrown_away_by_its_owner(site: Site) -> None:
    owner = inside(site, OWNER)
    address = make(owner, "Oud")

    owner.post(f"{address}/wijzigen", titel="Nieuw", omschrijving="Alles bij elkaar.")
    renamed = owner.get(address).words
    press(owner, f"{address}/verwijderen")

    assert "Nieuw" in renamed
    assert "Alles bij elkaar." in renamed
    assert owner.get(address).status == 404


def test_its_file_holds_the_notes_and_no_formula(site: Site, boats: Public) -> None:
    owner = inside(site, OWNER)
    address = make(owner, "Bestand")
    keep(owner, address, boats.number, "=1+1; en meer")

    response = owner.client.get(f"{address}.csv")

    (row,) = csv.DictReader(response.get_data(as_text=True).removeprefix("\ufeff").splitlines(), delimiter=";")
    assert (row["nummer"], row["titel"], row["notitie"]) == (boats.number, "Woonboten en ligplaatsen", "'=1+1; en meer")


def test_what_was_taken_away_is_no_longer_public_in_a_collection(site: Site) -> None:
    gone = publish(site, titel="Wordt ingetrokken")
    owner = inside(site, OWNER)
    address = make(owner, "Later weg")
    keep(owner, address, gone.number)

    change_record(site, gone, withdrawn_at=site.clock.now, withdrawn_because="Fout", record={})

    assert "Niet meer openbaar" in owner.get(address).words


def test_a_remark_is_read_by_who_made_it(site: Site, boats: Public, colleague: str) -> None:
    owner = inside(site, OWNER)

    annotate(owner, boats, SECRET, passage="de ligplaatsen  weten")

    page = owner.get(boats.page)
    assert SECRET in page.words
    assert page.tree.xpath("//blockquote/text()") == ["de ligplaatsen  weten"]
    assert SECRET in owner.get("/verzamelingen").words
    for other in (inside(site, colleague), inside(site, ELSEWHERE), site.visitor()):
        assert SECRET not in other.get(boats.page).text


def test_a_shared_remark_is_read_by_colleagues_and_changed_by_who_made_it(site: Site, colleague: str) -> None:
    public = publish(site)
    owner, reader = inside(site, OWNER), inside(site, colleague)
    annotate(owner, public, "Let op de termijn.", gedeeld="true")
    (address,) = owner.get(public.page).tree.xpath(
        "//a[starts-with(@href, '/aantekeningen/') and text()!='Maak een aantekening']/@href"
    )

    assert "Let op de termijn." in reader.get(public.page).words
    assert not reader.get(public.page).tree.xpath("//form[contains(@action, '/aantekeningen/')]")
    assert reader.get(address).status == inside(site, ELSEWHERE).get(address).status == 404
    assert press(reader, f"{address}/verwijderen").status == 404
    assert "Let op de termijn." not in inside(site, ELSEWHERE).get(public.page).text

    owner.post(address, tekst="Let op de voorwaarden.")
    assert "Let op de voorwaarden." in reader.get(public.page).words
    press(owner, f"{address}/verwijderen")
    assert "Let op de voorwaarden." not in owner.get(public.page).text


def test_words_that_are_not_in_the_ruling_cannot_be_quoted(site: Site, boats: Public) -> None:
    refused = annotate(inside(site, OWNER), boats, "Hm.", passage="Dit staat er niet.")

    assert refused.status == 400
    assert any("staan niet in de uitspraak" in sentence for sentence in refused.sentences_on_top())


def test_remarks_are_in_nothing_that_is_public(site: Site) -> None:
    public = publish(site)
    annotate(inside(site, OWNER), public, SECRET, gedeeld="true")
    anonymous = site.visitor().client

    for path in (
        public.page,
        f"{public.page}.json",
        f"/precedenten/{public.number}",
        "/uitspraken.csv",
        "/precedenten.csv",
    ):
        assert SECRET not in anonymous.get(path).get_data(as_text=True), path


def test_a_passer_by_pays_nothing_for_it(site: Site) -> None:
    public = publish(site)
    anonymous = site.visitor()
    anonymous.get(public.page)

    with counted(site.engine) as sent:
        anonymous.get(public.page)

    assert not [statement for statement in sent if "annotation" in statement or "collection" in statement]


def test_who_asks_hears_of_it_until_it_is_stopped(site: Site, boats: Public) -> None:
    owner = inside(site, OWNER)
    owner.post("/abonnementen", page=owner.get(boats.page))
    owner.post("/abonnementen", page=owner.get("/precedenten?q=woonboot&type=juridisch"))
    listed = owner.get("/abonnementen")

    for button in listed.tree.xpath("//form[contains(@action, '/stoppen')]/@action"):
        press(owner, button)

    assert f"{boats.number} Woonboten en ligplaatsen" in listed.words
    assert "Zoeken: woonboot, juridisch" in listed.words
    assert listed.tree.xpath("//a[@href='/precedenten?q=woonboot&type=juridisch']")
    assert "U hebt nog geen abonnement." in owner.get("/abonnementen").words
    assert not site.visitor().get(boats.page).tree.xpath("//form[@action='/abonnementen']")
