"""The page of a publication: what stays out of the public record, and who may still read it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.db.organisation import Organisation
from app.db.process import Attachment
from app.db.publication import Publication
from app.domain.access import organisation_key, role_key
from tests.make import make_case, make_party, make_publication, make_ruling
from tests.site import Site, account_with
from tests.web.commission import does, inside

EDITOR, PARTY, OTHER_PARTY = account_with("publicatieredacteur"), "melder@utrecht.example", "melder@amsterdam.example"
PASSAGE = "Bewoner Jansen"


@dataclass(frozen=True, slots=True)
class Made:
    publication: str

    @property
    def page(self) -> str:
        return f"/publicaties/{self.publication}"


@pytest.fixture(scope="module")
def made(site: Site) -> Made:
    """A publication with one passage left out, about which two parties are asked what they think."""
    with site.work() as work:
        names = ("gemeente Utrecht", "gemeente Amsterdam")
        parties = work.session.scalars(select(Organisation).where(Organisation.name.in_(names))).all()
        keys = [*(organisation_key(party.id) for party in parties), role_key("publicatieredacteur")]
        case = make_case(work, state="uitspraak_vastgesteld", audience=keys)
        for party in parties:
            make_party(work, case, party)
        content = {
            "titel": "Adresonderzoek mag",
            "kernregel": "Het mag.",
            "feiten": f"{PASSAGE} belt de gemeente. Daarna belt {PASSAGE} nog eens.",
            "beschouwing": f"Met {PASSAGE} is gesproken.",
        }
        publication = make_publication(work, case, make_ruling(work, case, content=content), audience=keys)
        number = publication.number
    found = Made(number)
    row = {"passages-0-passage": PASSAGE, "passages-0-grond": "5.1.2e", "passages-0-motivering": "Privé."}
    does(site, EDITOR, found.page, "lakken", **row)
    does(site, EDITOR, found.page, "zienswijze_vragen")
    does(site, PARTY, found.page, "zienswijze_geven", tekst="Geen bezwaar.")
    return found


def test_the_editor_sees_what_stays_out_and_where(site: Site, made: Made) -> None:
    page = inside(site, EDITOR).get(made.page)

    assert page.tree.xpath("//mark/del/text()") == [PASSAGE] * 3
    assert "5.1.2e Persoonlijke levenssfeer" in page.words
    assert "gemeente Utrecht: geantwoord op" in page.words
    assert "gemeente Amsterdam: nog geen antwoord" in page.words
    assert "1 van de 2 partijen heeft geantwoord." in page.words
    assert "Geen bezwaar." in page.words
    assert "Per grond: 5.1.2e Persoonlijke levenssfeer (1)." in page.words
    assert "Staat 3 keer in de tekst." in page.words
    assert "Nu gevonden: niets. Er is gezocht naar 1 passage" in page.words


def test_a_party_reads_the_text_as_everybody_will(site: Site, made: Made) -> None:
    page = inside(site, OTHER_PARTY).get(made.page)

    assert PASSAGE not in page.text
    assert "[5.1.2e] belt de gemeente." in page.words
    assert "Geen bezwaar." not in page.text
    assert "Controle op lekken" not in page.words
    assert page.tree.xpath("//*[@data-take-passage]") == []
    assert page.tree.xpath("//a[@href=$url]", url=f"{made.page}/acties/zienswijze_geven")


def test_a_publication_is_not_there_for_others(site: Site, made: Made) -> None:
    assert inside(site, "melder@rotterdam.example").get(made.page).status == 404


def test_a_passage_that_is_not_in_the_text_is_refused_at_its_field(site: Site) -> None:
    with site.work() as work:
        case = make_case(work)
        ruling = make_ruling(work, case, content={"titel": "Titel", "feiten": "Feit."})
        number = make_publication(work, case, ruling, audience=[role_key("publicatieredacteur")]).number
    row = {"passages-0-passage": "Niet te vinden", "passages-0-grond": "5.1.1e"}

    page = inside(site, EDITOR).post(f"/publicaties/{number}/acties/lakken", **row)

    assert page.status == 400
    assert page.links_of_summary() == ["#veld-passages-0-passage"]
    assert page.form().values["passages-0-passage"].strip() == "Niet te vinden"


@pytest.fixture
def fresh(site: Site) -> str:
    """The page of a publication that was not worked on."""
    with site.work() as work:
        case = make_case(work, state="uitspraak_vastgesteld", audience=[role_key("publicatieredacteur")])
        content = {"titel": "Titel", "feiten": "Bewoner Bakker belt.", "kernregel": "Het mag."}
        ruling = make_ruling(work, case, content=content)
        return f"/publicaties/{make_publication(work, case, ruling, audience=[role_key('publicatieredacteur')]).number}"


def test_a_passage_is_marked_on_the_page_itself(site: Site, fresh: str) -> None:
    visitor = inside(site, EDITOR)
    page = visitor.get(fresh)
    assert page.tree.xpath("//div[@data-passages-from='feiten']/text()") == ["Bewoner Bakker belt."]

    marking = f"{fresh}/acties/lakken"
    row = {"passages-0-passage": "bakker", "passages-0-plaats": "feiten", "passages-0-grond": "5.1.1d"}
    assert visitor.post(marking, page=page, **row).status == 303

    page = visitor.get(fresh)
    assert page.tree.xpath("//mark/del/text()") == ["Bakker"]
    assert "Gemarkeerd in: De feiten." in page.words


def test_a_passage_is_put_back_and_the_page_says_why(site: Site, fresh: str) -> None:
    does(site, EDITOR, fresh, "lakken", **{"passages-0-passage": "Bakker", "passages-0-grond": "5.1.1d"})
    (choice,) = (
        inside(site, EDITOR).get(f"{fresh}/acties/lakken_terugnemen").tree.xpath("//input[@name='passage']/@value")
    )

    does(site, EDITOR, fresh, "lakken_terugnemen", passage=str(choice), reden="Zij treedt in het openbaar op.")

    page = inside(site, EDITOR).get(fresh)
    assert "Teruggezet. Zij treedt in het openbaar op." in page.words
    assert page.tree.xpath("//mark") == []


def test_the_words_of_an_attachment_stand_on_the_public_page(site: Site, fresh: str) -> None:
    number = fresh.rpartition("/")[2]
    with site.work() as work:
        publication = work.session.scalars(select(Publication).filter_by(number=number)).one()
        content = b"Bakker staat in deze nota."
        digest = site.app.extensions["store"].put(content)
        attachment = Attachment(
            process_id=publication.case_id or 0,
            name="geheime-naam.txt",
            digest=digest,
            size=len(content),
            media_type="text/plain",
            account_id=None,
            at=work.now,
        )
        work.session.add(attachment)
        work.session.flush()
        row = {"bijlagen-0-document": str(attachment.id), "bijlagen-0-titel": "Nota van de gemeente"}

    does(site, EDITOR, fresh, "bijlagen_kiezen", **row)
    does(site, EDITOR, fresh, "lakken", **{"passages-0-passage": "Bakker", "passages-0-grond": "5.1.1d"})

    page = inside(site, EDITOR).get(fresh)
    assert "Bijlage 1: Nota van de gemeente" in page.words
    assert page.tree.xpath("//div[@data-passages-from='bijlagen']//del/text()") == ["Bakker"]
    assert "geheime-naam" not in page.text
