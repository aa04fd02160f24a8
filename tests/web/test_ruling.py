"""Rulings as everybody reads them, and the draft for who works on it."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.db.case import Case
from app.db.kind import path_of
from app.db.organisation import Organisation
from app.db.publication import PublicRecord
from app.db.ruling import Ruling
from app.domain.access import organisation_key, role_key
from tests.make import make_case, make_party, make_ruling
from tests.queries import counted
from tests.site import Site, account_with
from tests.web.commission import READERS, SECRETARY, does, inside
from tests.web.published import MEANT_FOR_NOBODY, Public, change, change_record, cite, publish, publish_again

PARTY, STRANGER = "melder@utrecht.example", "melder@amsterdam.example"


@pytest.fixture(scope="module")
def public(site: Site) -> Public:
    return publish(site)


def test_a_ruling_says_all_that_its_record_says_and_nothing_else(site: Site, public: Public) -> None:
    page = site.visitor().get(public.page)
    with site.work() as work:
        record = work.session.scalars(select(PublicRecord.record).filter_by(number=public.number)).one()

    said = " ".join(page.words.split())
    for field in ("titel", "samenvatting", "kernvraag", "kernregel", "feiten", "juridischKader", "beschouwing"):
        assert " ".join(record[field].split()) in said, field
    for row in (*record["voorwaarden"], *record["aanbevelingen"], *record["afzonderlijkeNotas"]):
        assert " ".join((row.get("wat") or row["tekst"]).split()) in said
    for law in record["grondslagen"]:
        assert law["label"] in said
    assert "Voorbeeldgegevens – deze uitspraak bestaat niet." in said
    assert MEANT_FOR_NOBODY not in page.text


def test_a_ruling_says_how_one_refers_to_it(site: Site, public: Public) -> None:
    page = site.visitor().get(public.page)
    (copied,) = page.tree.xpath("//button/@data-copy")

    assert public.number in copied
    assert copied in page.words


def test_the_data_are_the_record_with_the_status_of_today(site: Site, public: Public) -> None:
    answer = site.visitor().client.get(f"{public.page}.json")
    data = json.loads(answer.text)

    assert data["nummer"] == public.number
    assert data["statusPrecedent"] == {"code": "geldend", "label": "Geldend"}
    assert data["kernregel"].startswith("Ja, mits er een acuut en ernstig gevaar is")


def test_the_document_is_a_moment_away_until_it_was_drawn(site: Site) -> None:
    public, anonymous = publish(site), site.visitor()

    waiting = anonymous.get(f"{public.page}.pdf")
    change_record(site, public, pdf_digest=site.app.extensions["store"].put(b"%PDF-1.7"))
    ready = anonymous.client.get(f"{public.page}.pdf")

    assert (waiting.status, waiting.response.headers["Retry-After"]) == (503, "10")
    assert "De PDF wordt gemaakt" in waiting.words
    assert (ready.status_code, ready.mimetype, ready.data) == (200, "application/pdf", b"%PDF-1.7")
    unchanged = anonymous.client.get(f"{public.page}.pdf", headers={"If-None-Match": ready.headers["ETag"]})
    assert unchanged.status_code == 304


def test_a_withdrawn_ruling_says_what_happened_at_each_of_its_addresses(site: Site) -> None:
    public, anonymous = publish(site), site.visitor()
    with site.work() as work:
        now = work.now
    change_record(site, public, withdrawn_at=now, withdrawn_because="Er stonden namen in.", record={})

    page = anonymous.get(public.page)

    assert page.status == 410
    assert "Er stonden namen in." in page.words
    assert {anonymous.client.get(f"{public.page}{ending}").status_code for ending in (".pdf", ".json")} == {410}
    assert public.number not in anonymous.get("/uitspraken").text


def test_the_permanent_address_leads_to_the_page(site: Site, public: Public) -> None:
    body, year, sequence = public.number.split(":")
    answer = site.visitor().client.get(f"/id/uitspraak/{body}/{year}/{sequence}")

    assert (answer.status_code, answer.headers["Location"]) == (303, public.page)


def test_an_old_version_stays_and_says_that_it_is_old(site: Site) -> None:
    public, anonymous = publish(site), site.visitor()
    publish_again(site, public, correctie="Het jaartal is verbeterd.")

    new, old = anonymous.get(public.page), anonymous.get(f"{public.page}/versies/1")

    assert "Het jaartal is verbeterd." in new.words
    assert "oude versie" not in new.words
    assert "Dit is een oude versie" in old.words
    assert anonymous.get(f"{public.page}/versies/3").status == 404


def test_a_ruling_that_no_longer_stands_says_so_on_top(site: Site) -> None:
    public = publish(site)
    with site.work() as work:
        today = work.today
    change(site, public, state="achterhaald", in_force_until=today, ended_because="De wet is gewijzigd.")

    page = site.visitor().get(public.page)

    assert "Deze uitspraak geldt niet meer" in page.words
    assert "De wet is gewijzigd." in page.words


def test_a_citation_is_seen_from_both_sides(site: Site, public: Public) -> None:
    relation = {"code": "verfijnt", "label": "Verfijnt"}
    citation = {"relatie": relation, "nummer": public.number, "titel": "Eerder", "reden": "Voegt toe dat het spoed is."}
    later = publish(site, titel="De latere uitspraak", citaties=[citation])
    cite(site, later, public, relation="verfijnt")
    anonymous = site.visitor()

    assert f"{later.number} verfijnt {public.number}" in anonymous.get(public.page).words
    page = anonymous.get(later.page)
    assert f"{later.number} verfijnt {public.number}" in page.words
    assert "Voegt toe dat het spoed is." in page.words


def test_the_list_goes_on_where_it_stopped_and_costs_the_same(site: Site) -> None:
    publish(site)
    with counted(site.engine) as few:
        site.visitor().get("/uitspraken")
    for _ in range(26):
        publish(site)
    anonymous = site.visitor()

    with counted(site.engine) as many:
        first = anonymous.get("/uitspraken")
    (address,) = first.tree.xpath("//a[@rel='next']/@href")
    second = anonymous.get(address)

    numbers = [page.tree.xpath("//span[@class='number']/text()") for page in (first, second)]
    assert len(numbers[0]) == 25
    assert set(numbers[0]).isdisjoint(numbers[1])
    assert len(many) == len(few)
    assert anonymous.get("/uitspraken?na=CCG:1999:1").status == 400


# --- The draft --------------------------------------------------------------------------------


@pytest.fixture
def draft(site: Site) -> str:
    """The number of a case with a draft, to which an organisation is a party."""
    with site.work() as work:
        utrecht = work.session.scalars(select(Organisation).filter_by(name="gemeente Utrecht")).one()
        keys = [*READERS, organisation_key(utrecht.id)]
        case = make_case(work, title="Adresonderzoek", state="uitspraak_concept", audience=keys)
        make_party(work, case, utrecht)
        content = {
            "titel": "Adresonderzoek mag",
            "kernvraag": "Mag adresonderzoek?",
            "feiten": "De gemeente belt aan.",
            "kernregel": "Adresonderzoek mag, mits.",
            "weging": {"kan": {"oordeel": "ja", "tekst": "Het kan."}},
            "voorwaarden": [{"wie": "gemeente", "wat": "Leg het vast.", "toetsbaar": "Het logboek."}],
            "grondslagen": [{"system": "bwb", "id": "BWBR0033715", "article": "2.60", "valid_on": "2026-11-23"}],
        }
        make_ruling(work, case, adopted=False, content=content)
        return str(case.number)


def content_of(site: Site, draft: str) -> dict[str, Any]:
    query = select(Ruling.content).join(Case, Case.id == Ruling.case_id).where(Case.number == draft)
    with site.work() as work:
        return work.session.scalars(query).one()


def test_the_draft_shows_what_is_still_missing(site: Site, draft: str) -> None:
    page = inside(site, SECRETARY).get(f"/knelpunten/{draft}/uitspraak")

    missing = page.tree.xpath("//section[@aria-labelledby='ontbreekt']//li/text()")
    assert missing == ["Samenvatting", "Beschouwing", "Conclusie", "Weging: mag", "Weging: wenselijk"]
    assert "Adresonderzoek mag, mits." in page.words


def test_a_party_checks_the_facts_and_does_not_see_the_decision(site: Site, draft: str) -> None:
    page = inside(site, PARTY).get(f"/knelpunten/{draft}/uitspraak")

    assert "De gemeente belt aan." in page.words
    assert "Adresonderzoek mag, mits." not in page.text
    assert "Leg het vast." not in page.text
    assert "Besluitvorming" not in page.words


@pytest.mark.parametrize("email", [STRANGER, account_with("beheerder")])
def test_a_draft_is_not_there_for_others(site: Site, draft: str, email: str) -> None:
    assert inside(site, email).get(f"/knelpunten/{draft}/uitspraak").status == 404


def test_nothing_of_the_draft_has_to_be_typed_again(site: Site, draft: str) -> None:
    secretary = inside(site, SECRETARY)
    values = secretary.get(f"/knelpunten/{draft}/acties/tekst_bijwerken").form().values

    assert values["titel"] == "Adresonderzoek mag"
    assert values["feiten"].strip() == "De gemeente belt aan."
    assert (values["kanOordeel"], values["kanTekst"].strip()) == ("ja", "Het kan.")
    assert (values["voorwaarden-0-wie"], values["voorwaarden-0-wat"]) == ("gemeente", "Leg het vast.")
    assert (values["grondslagen-0-wet"], values["grondslagen-0-artikel"]) == ("BWBR0033715", "2.60")


def test_a_part_of_the_draft_is_saved_by_itself(site: Site, draft: str) -> None:
    address = f"/knelpunten/{draft}/acties/tekst_bijwerken?deel=feiten"
    secretary = inside(site, SECRETARY)
    fields = set(secretary.get(address).form(address).kinds)

    done = secretary.post(address, feiten="De gemeente belt twee keer aan.")

    assert fields == {"csrf_token", "revisie", "feiten", "juridischKader", "beschouwing", "afwijkingAdvies", "reden"}
    assert done.response.headers["Location"] == f"/knelpunten/{draft}/uitspraak"
    content = content_of(site, draft)
    assert content["feiten"] == "De gemeente belt twee keer aan."
    assert content["kernregel"] == "Adresonderzoek mag, mits."
    assert content["voorwaarden"] == [{"wie": "gemeente", "wat": "Leg het vast.", "toetsbaar": "Het logboek."}]


def test_saving_the_whole_form_as_it_is_changes_nothing(site: Site, draft: str) -> None:
    before = content_of(site, draft)
    does(site, SECRETARY, f"/knelpunten/{draft}", "tekst_bijwerken")

    after = content_of(site, draft)
    (law,) = after.pop("grondslagen")
    (before_law,) = before.pop("grondslagen")
    assert {field: after[field] for field in before} == before
    assert {name: law[name] for name in before_law} == before_law


def test_what_was_emptied_is_gone(site: Site, draft: str) -> None:
    address = f"/knelpunten/{draft}/acties/tekst_bijwerken?deel=grondslagen"
    emptied = {f"voorwaarden-0-{name}": "" for name in ("wie", "wat", "toetsbaar")}

    inside(site, SECRETARY).post(address, **emptied)

    assert not content_of(site, draft)["voorwaarden"]
    assert content_of(site, draft)["kernregel"] == "Adresonderzoek mag, mits."


def test_a_judgement_and_its_reasons_are_kept_apart(site: Site, draft: str) -> None:
    address = f"/knelpunten/{draft}/acties/tekst_bijwerken?deel=weging"

    inside(site, SECRETARY).post(address, magTekst="Daar is nog geen oordeel over.")

    weighing = content_of(site, draft)["weging"]
    assert weighing["kan"] == {"oordeel": "ja", "tekst": "Het kan."}
    assert weighing["mag"] == {"oordeel": None, "tekst": "Daar is nog geen oordeel over."}


def test_who_takes_part_is_kept_and_shown_again(site: Site, draft: str) -> None:
    address = f"/knelpunten/{draft}/acties/tekst_bijwerken?deel=gegevens"
    secretary = inside(site, SECRETARY)

    secretary.post(address, verstrekkers="gemeente Utrecht", interoperabiliteitslagen="semantisch")

    values = secretary.get(address).form(address).values
    assert values["verstrekkers"] == "gemeente Utrecht"
    assert "semantisch" in values.getlist("interoperabiliteitslagen")


def test_the_case_leads_to_its_ruling(site: Site, draft: str) -> None:
    link = f"/knelpunten/{draft}/uitspraak"

    for email in (SECRETARY, PARTY):
        page = inside(site, email).get(f"/knelpunten/{draft}")
        assert page.tree.xpath("//a[@href=$url]", url=link), email


def test_who_writes_a_ruling_has_the_case_beside_the_text(site: Site) -> None:
    with site.work() as work:
        case = make_case(
            work,
            state="uitspraak_concept",
            key_question="Mag de school dit?",
            description="Leerlingen zonder adres krijgen geen plaats.",
            audience=[role_key("ccg_secretaris")],
        )
        make_ruling(work, case, adopted=False)
        address = f"{path_of(case)}/acties/tekst_bijwerken"

    page = inside(site, SECRETARY).get(address)

    (aside,) = page.tree.xpath("//aside[contains(@class, 'page__aside')]")
    assert "Mag de school dit?" in aside.text_content()
    assert "Leerlingen zonder adres krijgen geen plaats." in aside.text_content()
