"""The cause behind cases on the pages: whom it hits, how far it is, joining with one page, and whether it is gone."""

from typing import Any

import pytest
from sqlalchemy import select

from app.db.case import TYPE, Case, Facet
from app.db.organisation import Organisation
from app.db.outcome import Outcome
from app.db.report import Report
from app.db.structural import Structural
from app.domain.access import OFFICIALS, organisation_key, role_key
from tests.make import make_case, make_organisation, make_report
from tests.site import Site, account_with
from tests.web.commission import inside
from tests.web.published import publish

UTRECHT, AMSTERDAM = "melder@utrecht.example", "melder@amsterdam.example"
TRIAGIST = account_with("triagist")
SECRET = "Dit staat alleen in het dossier."
EXCHANGE = {
    "verstrekkers": [{"naam": "gemeente Utrecht", "tooiUri": None, "kvkNummer": None}],
    "ontvangers": [{"naam": "gemeente Utrecht", "tooiUri": None, "kvkNummer": None}],
    "gegevenscategorieen": ["inkomen"],
    "doel": SECRET,
}


def case_of(site: Site, organisations: int, *, audience: Any = (), **fields: Any) -> str:
    """A case that so many organisations reported, which every official knows of; its number."""
    given = {"state": "in_behandeling", "title": "Leerlingen zonder adres", "exchange": EXCHANGE, **fields}
    with site.work() as work:
        case = make_case(work, audience=[OFFICIALS, role_key("triagist"), *audience], **given)
        for _ in range(organisations):
            make_report(work, case, organisation=make_organisation(work.session, tooi_uri=None))
        facet = Facet(facet=TYPE, value="juridisch")
        facet.case_id = case.id
        work.session.add(facet)
        return case.number


def organisation_id(site: Site, name: str) -> int:
    with site.work() as work:
        return work.session.scalars(select(Organisation.id).filter_by(name=name)).one()


def make_structural(site: Site, number: str) -> None:
    with site.work() as work:
        case = work.session.scalars(select(Case).filter_by(number=number)).one()
        owner = make_organisation(work.session, f"ministerie {number}", tooi_uri=None)
        work.session.add(
            Structural(
                case_id=case.id, owner_id=owner.id, cause="De wet noemt de taak niet.", phase="plan", since=work.now
            )
        )


def test_the_list_shows_whom_each_cause_hits_and_who_takes_it_away(site: Site) -> None:
    few, many = case_of(site, 2), case_of(site, 4)
    for number in (few, many):
        make_structural(site, number)

    page = inside(site, UTRECHT).get("/structureel")

    shown = page.tree.xpath("//table[contains(@class, 'cards-table')]/tbody/tr/th//span[@class='number']/text()")
    assert [number for number in shown if number in (few, many)] == [many, few]
    assert f"ministerie {many}" in page.words
    assert "4 meldingen" in page.words
    assert site.visitor().get("/structureel").status == 302


def test_the_page_of_a_case_shows_its_cause_and_that_it_weighs_heavily_with_the_reason(site: Site) -> None:
    number = case_of(site, 3)
    make_structural(site, number)

    page = inside(site, TRIAGIST).get(f"/knelpunten/{number}")

    assert "De wet noemt de taak niet." in page.words
    assert "Het is structureel en 3 organisaties hebben er last van." in page.words
    heavy = inside(site, TRIAGIST).get("/knelpunten?zwaar=true")
    assert number in heavy.words
    assert case_of(site, 1) not in inside(site, TRIAGIST).get("/knelpunten?zwaar=true").words


def test_a_triagist_marks_a_case_as_structural_by_a_form(site: Site) -> None:
    number = case_of(site, 1)
    address = f"/knelpunten/{number}/acties/structureel_maken"

    page = inside(site, TRIAGIST).post(
        address, verantwoordelijke="gemeente Utrecht", oorzaak="De wet zwijgt.", fase="onderzoek"
    )

    assert page.status == 303, page.words
    shown = inside(site, TRIAGIST).get(f"/knelpunten/{number}")
    assert "De wet zwijgt." in shown.words


def test_joining_asks_only_what_differs_and_takes_one_page(site: Site) -> None:
    number = case_of(site, 1)
    visitor = inside(site, AMSTERDAM)
    address = f"/knelpunten/{number}/ook-last-van"
    assert visitor.get(f"/knelpunten/{number}").tree.xpath("//a[@href=$url]", url=address)
    asked = visitor.get(address)
    # Who only knows of the case does not read what its reporter wrote.
    assert SECRET not in asked.text
    assert not {"titel", "kernvraag", "typen"} & asked.form(address).kinds.keys()

    page = visitor.post(
        address,
        verstrekkers="gemeente Utrecht",
        ontvangers="gemeente Amsterdam",
        gegevenscategorieen="adres",
        doel="Leerlingen vinden",
        maatschappelijkEffect="Kinderen gaan niet naar school.",
        urgentie="spoed",
    )

    assert page.status == 303, page.words
    with site.work() as work:
        report = work.session.scalars(select(Report).order_by(Report.id.desc())).first()
        assert report is not None
        assert (report.joins, report.title, report.urgency) == (True, "Leerlingen zonder adres", "spoed")
        assert report.description == f"Bij ons gaat het net zo als in {number}."
    # One report for an organisation is enough.
    assert visitor.get(address).status == 404


def test_who_has_exactly_the_same_joins_with_one_button(site: Site) -> None:
    number = case_of(site, 1)

    page = inside(site, AMSTERDAM).post(f"/knelpunten/{number}/ook-last-van", urgentie="normaal")

    assert page.status == 303, page.words
    with site.work() as work:
        case, report = (
            work.session.scalars(select(record).order_by(record.id.desc())).first() for record in (Case, Report)
        )
        assert (report.joins, report.exchange["doel"]) == (True, case.exchange["doel"])
        assert report.societal_effect == f"Bij ons gaat het net zo als in {number}."


def test_what_is_wrong_with_a_joining_report_is_told_at_its_field(site: Site) -> None:
    address = f"/knelpunten/{case_of(site, 1)}/ook-last-van"

    page = inside(site, AMSTERDAM).post(address, doel="Het BSN is 123456782")

    assert page.status == 400
    assert "#veld-persoonsgegevensReden" in page.links_of_summary()
    assert page.form(address).values["doel"].strip() == "Het BSN is 123456782"


def test_nobody_joins_a_case_that_ended_or_that_they_may_not_see(site: Site) -> None:
    ended = case_of(site, 1, state="gesloten")
    with site.work() as work:
        hidden = make_case(work, state="in_behandeling").number

    for number in (ended, hidden):
        assert inside(site, AMSTERDAM).get(f"/knelpunten/{number}/ook-last-van").status == 404


def test_who_reported_says_that_it_is_not_gone_and_reads_how_it_goes_on(site: Site) -> None:
    home = organisation_id(site, "gemeente Utrecht")
    number = case_of(site, 1, state="gesloten", audience=[organisation_key(home)])
    with site.work() as work:
        case = work.session.scalars(select(Case).filter_by(number=number)).one()
        make_report(work, case, organisation=work.session.get_one(Organisation, home))
    visitor = inside(site, UTRECHT)
    address = f"/knelpunten/{number}/acties/uitkomst_melden"
    assert visitor.post(address, weg="nee").status == 400

    page = visitor.post(address, weg="nee", toelichting="Het loopt nog vast.")

    assert page.status == 303, page.words
    shown = visitor.get(f"/knelpunten/{number}")
    assert "Het loopt nog vast." in shown.words
    assert "dan kan de triagist het heropenen" in shown.words
    # How the only other one answered is not told by a count.
    assert "organisatie die antwoordde" not in shown.words


@pytest.mark.parametrize("path", ["/uitspraken", "/precedenten"])
def test_everybody_reads_at_how_many_organisations_it_is_gone_and_not_at_which(site: Site, path: str) -> None:
    public = publish(site)
    with site.work() as work:
        for gone in ("ja", "ja", "nee"):
            organisation = make_organisation(work.session, tooi_uri=None)
            text = "Dat is intern."
            work.session.add(
                Outcome(
                    case_id=public.case_id,
                    organisation_id=organisation.id,
                    account_id=None,
                    gone=gone,
                    text=text,
                    at=work.now,
                )
            )
    page = site.visitor().get(f"{path}/{public.number}")

    assert "Bij 2 van 3 organisaties is het knelpunt weg." in page.words
    assert "Dat is intern." not in page.text


@pytest.mark.parametrize("path", ["/uitspraken", "/precedenten"])
def test_below_three_organisations_nobody_reads_that_there_are_answers(site: Site, path: str) -> None:
    public = publish(site)
    with site.work() as work:
        for gone in ("ja", "nee"):
            organisation = make_organisation(work.session, tooi_uri=None)
            work.session.add(
                Outcome(
                    case_id=public.case_id, organisation_id=organisation.id, account_id=None, gone=gone, at=work.now
                )
            )

    assert "Is het knelpunt weg?" not in site.visitor().get(f"{path}/{public.number}").words
