"""What pages, lists and the API say of precedents that changed, to whoever relies on them."""

from typing import Any

from sqlalchemy import select

from app.db.account import Account
from app.db.case import Application, Case, CaseLaw
from app.db.interest import Withheld
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.ruling import Citation
from app.domain.access import OFFICIALS, organisation_key, role_key
from app.services.lifecycle import show_to
from tests.make import make_case, make_item, make_meeting, make_report
from tests.queries import counted
from tests.site import Site, account_with, accounts
from tests.web.published import Public, change, cite, publish

REPORTER, TRIAGIST = "melder@utrecht.example", "triagist1@ccg.example"


def relying(site: Site, public: Public, **fields: Any) -> str:
    """A case of a municipality that was settled with a precedent."""
    with site.work() as work:
        home = work.session.scalars(select(Organisation).filter_by(name="gemeente Utrecht")).one()
        audience = [organisation_key(home.id), role_key("triagist")]
        given = {"state": "afgedaan_met_precedent", **fields}
        case = make_case(work, organisation=home, audience=audience, **given)
        make_report(work, case)
        work.session.add(Citation(case_id=case.id, precedent_id=public.precedent_id, relation="past_toe", at=work.now))
        return str(case.number)


def test_a_case_its_row_and_the_api_say_that_its_precedent_ended(site: Site) -> None:
    public = publish(site)
    number = relying(site, public)
    with site.work() as work:
        today = work.today
    change(site, public, state="ingetrokken", in_force_until=today)
    reporter = site.visitor(REPORTER)
    sentence = f"Dit knelpunt steunt op {public.number}, dat nu ingetrokken is."

    assert sentence in reporter.get(f"/knelpunten/{number}").words
    assert sentence in reporter.get("/knelpunten").words
    token = {"Authorization": f"Bearer {accounts()[REPORTER]['token']}"}
    asked = [site.app.test_client().get(f"/api/v1/knelpunten{rest}", headers=token).json for rest in ("", f"/{number}")]
    assert asked[0]["resultaten"][0]["waarschuwingen"] == [sentence]
    assert asked[1]["waarschuwingen"] == [sentence]


def test_the_list_of_cases_asks_once_what_changed(site: Site) -> None:
    public = publish(site)
    relying(site, public)
    with site.work() as work:
        today = work.today
    change(site, public, state="ingetrokken", in_force_until=today)
    reporter = site.visitor(REPORTER)
    reporter.get("/knelpunten")
    costs = []
    for _ in range(2):
        with counted(site.engine) as sent:
            reporter.get("/knelpunten")
        costs.append(len(sent))
        for _ in range(3):
            relying(site, public)

    assert costs[0] == costs[1]


def test_the_picture_has_an_arrow_for_each_citation_and_says_what_ended(site: Site) -> None:
    old, middle, new = publish(site), publish(site), publish(site)
    cite(site, middle, old, relation="volgt")
    cite(site, new, middle, relation="verfijnt")
    with site.work() as work:
        today = work.today
    change(site, new, state="ingetrokken", in_force_until=today)

    page = site.visitor().get(f"/precedenten/{middle.number}")

    picture = page.tree.xpath("//svg[contains(@class, 'citations__picture')]")[0]
    words = " ".join(picture.text_content().split())
    assert "verfijnt" in words
    assert "Ingetrokken" in words
    assert "bron buiten de commissie" in words
    assert picture.xpath("title")
    assert picture.xpath("desc")
    assert "style=" not in page.text


def test_who_proposes_a_precedent_reads_beside_each_question_what_both_say(site: Site) -> None:
    public = publish(site, titel="Het huishouden zien", doel="Iemand helpen", voorwaarden=[])
    with site.work() as work:
        case = make_case(
            work,
            state="in_intake",
            title="Het huishouden zien",
            audience=[role_key("triagist")],
            exchange={"doel": "Iemand controleren", "gegevenscategorieen": ["adres"]},
        )
        law = CaseLaw(system="bwb", identifier="BWBR0031331", article="3")
        law.case_id = case.id
        work.session.add(law)
        number = case.number
    triagist = site.visitor(TRIAGIST)
    path = f"/knelpunten/{number}/acties/precedent_voorstellen"

    first = triagist.get(path)
    chosen = triagist.get(f"{path}?precedent={public.number}")

    assert first.tree.xpath("//a[@href=$there]", there=f"?precedent={public.number}")
    assert "Het precedent: Iemand helpen. Deze zaak: Iemand controleren." in chosen.words
    assert "artikel 3, Wet gemeentelijke schuldhulpverlening (Wgs)" in chosen.words
    assert "Het precedent: geen voorwaarden." in chosen.words
    assert "Het precedent: er is geen nuance." in chosen.words
    assert chosen.form(path).values["precedent"] == public.number


DIFFERENCE, SECTION = "Het gaat om kinderen.", "Waar het volgens melders niet past"


def contested(site: Site, public: Public, *audience: str) -> str:
    """A case whose reporter said that the precedent does not fit it, and who may see it; its number."""
    with site.work() as work:
        case = make_case(work, audience=audience)
        work.session.add(
            Application(
                case_id=case.id,
                precedent_id=public.precedent_id,
                test=[],
                proposed_by=None,
                proposed_at=work.now,
                contested_at=work.now,
                difference=DIFFERENCE,
            )
        )
        work.session.get_one(Precedent, public.precedent_id).distinction_candidate = True
        keepers = [role_key(role) for role in ("ccg_voorzitter", "ccg_lid", "ccg_secretaris", "analist", "auditor")]
        show_to(work, work.session.get_one(Precedent, public.precedent_id), keepers)
        return str(case.number)


def test_objections_are_read_by_who_looks_after_precedents(site: Site) -> None:
    public = publish(site)
    everybody = [role_key(role) for role in ("analist", "ccg_secretaris", "ccg_voorzitter", "ccg_lid", "auditor")]
    number = contested(site, public, *everybody)

    for role in ("analist", "ccg_secretaris"):
        page = site.visitor(account_with(role)).get(f"/precedenten/{public.number}")
        assert DIFFERENCE in page.words, role
        assert page.tree.xpath("//a[@href=$there]", there=f"/knelpunten/{number}"), role
    for role in ("melder", "ccg_voorzitter", "ccg_lid", "auditor"):
        page = site.visitor(account_with(role)).get(f"/precedenten/{public.number}")
        assert SECTION not in page.words, role
    assert SECTION not in site.visitor().get(f"/precedenten/{public.number}").words


def test_of_a_case_that_one_may_not_see_an_objection_tells_neither_number_nor_words(site: Site) -> None:
    public = publish(site)
    number = contested(site, public)

    page = site.visitor(account_with("analist")).get(f"/precedenten/{public.number}")

    assert SECTION in page.words
    assert "Een knelpunt dat u niet mag zien" in page.words
    assert number not in page.text
    assert DIFFERENCE not in page.words


def test_an_onlooker_of_the_case_reads_its_number_and_not_the_words(site: Site) -> None:
    public = publish(site)
    number = contested(site, public, OFFICIALS)

    page = site.visitor(account_with("analist")).get(f"/precedenten/{public.number}")

    assert number in page.words
    assert DIFFERENCE not in page.words


def test_of_a_case_that_is_withheld_even_the_objection_is_not_told(site: Site) -> None:
    public = publish(site)
    number = contested(site, public, role_key("ccg_secretaris"), role_key("analist"))
    secretary = account_with("ccg_secretaris")
    with site.work() as work:
        case = work.session.scalars(select(Case).filter_by(number=number)).one()
        item = make_item(work, case, make_meeting(work))
        account = work.session.scalars(select(Account).filter_by(email=secretary)).one()
        work.session.add(Withheld(process_id=case.id, account_id=account.id, item_id=item.id))

    assert SECTION not in site.visitor(secretary).get(f"/precedenten/{public.number}").words
    assert DIFFERENCE in site.visitor(account_with("analist")).get(f"/precedenten/{public.number}").words
