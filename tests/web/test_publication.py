"""The page of a publication: what stays out of the public record, and who may still read it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.db.organisation import Organisation
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
    assert "gemeente Utrecht" in page.words
    assert "Geen bezwaar." in page.words


def test_a_party_reads_the_text_as_everybody_will(site: Site, made: Made) -> None:
    page = inside(site, OTHER_PARTY).get(made.page)

    assert PASSAGE not in page.text
    assert "[5.1.2e] belt de gemeente." in page.words
    assert "Geen bezwaar." not in page.text
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
