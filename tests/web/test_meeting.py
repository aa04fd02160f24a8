"""The pages of the commission: what its members see of a meeting and of an item, and what nobody sees."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.meeting import Body
from app.domain.access import role_key
from tests.make import make_meeting
from tests.queries import counted
from tests.site import Site
from tests.web.commission import CHAIR, MEMBERS, READERS, SECRETARY, Sitting, declared, does, inside, sitting

EXCUSED = MEMBERS[2]
SECRET = "Zoeken op personen"


@pytest.fixture(scope="module")
def found(site: Site) -> Sitting:
    """A vote that is open, from which one member is excused, and in which two have voted."""
    made = sitting(site, title=SECRET)
    declared(site, made, interested=EXCUSED)
    does(site, CHAIR, made.page, "belang_beoordelen", lid=EXCUSED, oordeel="verschoond")
    does(site, CHAIR, made.page, "stemming_openen", voorstel="Zoeken mag, mits.", onuitstelbaar="false")
    does(site, CHAIR, made.page, "stemmen", stem="voor")
    does(site, MEMBERS[0], made.page, "stemmen", stem="tegen")
    return made


def test_the_secretary_calls_a_meeting(site: Site) -> None:
    secretary = inside(site, SECRETARY)
    day = (site.clock.now + timedelta(days=30)).date().isoformat()

    done = secretary.post("/vergaderingen/nieuw", datum=day, plaats="Zaal 3")
    page = secretary.get(done.response.headers["Location"])

    assert done.status == 303
    assert "Zaal 3" in page.words
    assert "Er staat nog niets op de agenda" in page.words


def test_a_meeting_without_a_day_is_refused_with_what_was_typed(site: Site) -> None:
    page = inside(site, SECRETARY).post("/vergaderingen/nieuw", datum="", plaats="Zaal 3")

    assert page.status == 400
    assert page.sentences_on_top() == ["Vul de datum van de vergadering in."]
    assert page.form().values["plaats"] == "Zaal 3"


def test_only_the_secretary_calls_meetings(site: Site) -> None:
    assert inside(site, MEMBERS[0]).get("/vergaderingen/nieuw").status == 404


def test_the_list_goes_on_where_it_stopped_and_costs_the_same(site: Site) -> None:
    with site.work() as work:
        body = work.session.scalars(select(Body)).one()
        for days in range(30):
            make_meeting(work, body, day=work.today + timedelta(days=100 + days), audience=READERS)
    secretary = inside(site, SECRETARY)

    with counted(site.engine) as sent:
        first = secretary.get("/vergaderingen")
    (address,) = first.tree.xpath("//a[@rel='next']/@href")
    second = secretary.get(address)

    numbers = [page.tree.xpath("//tbody//span[@class='number']/text()") for page in (first, second)]
    assert len(numbers[0]) == 25
    assert set(numbers[0]).isdisjoint(numbers[1])
    assert len([statement for statement in sent if "login_session" not in statement]) <= 6
    assert secretary.get("/vergaderingen?na=VERG-1999-01").status == 400


def test_an_open_vote_shows_how_many_voted_and_never_what(site: Site, found: Sitting) -> None:
    page = inside(site, MEMBERS[1]).get(found.page)

    assert "2 van de 8 leden hebben gestemd" in page.words
    assert "Uitslag" not in page.words
    assert not page.tree.xpath("//table[contains(@class, 'votes')]")
    assert page.tree.xpath("//a[@href=$url]", url=f"{found.page}/acties/stemmen")
    agenda = inside(site, SECRETARY).get(f"/vergaderingen/{found.meeting}")
    assert "tegen" not in agenda.words


def test_who_voted_is_not_asked_again(site: Site, found: Sitting) -> None:
    page = inside(site, MEMBERS[0]).get(found.page)

    assert "U hebt gestemd." in page.words
    assert not page.tree.xpath("//a[@href=$url]", url=f"{found.page}/acties/stemmen")


def test_the_page_for_voting_is_one_screen_with_the_proposal(site: Site, found: Sitting) -> None:
    page = inside(site, MEMBERS[1]).get(f"{found.page}/acties/stemmen")

    assert "Zoeken mag, mits." in page.words
    assert set(page.form().kinds) <= {"csrf_token", "revisie", "stem"}


def test_an_excused_member_sees_one_card_and_nothing_of_the_content(site: Site, found: Sitting) -> None:
    member = inside(site, EXCUSED)

    item = member.get(found.page)
    others = [
        member.get(path)
        for path in (
            f"/vergaderingen/{found.meeting}",
            "/werkvoorraad?lijst=alles&soort=agendapunt",
            "/werkvoorraad?lijst=alles&soort=agendapunt&q=personen",
        )
    ]

    assert item.status == 200
    assert f"Agendapunt {found.item}: u bent verschoond" in item.words
    for page in (item, *others):
        assert page.status == 200
        assert SECRET not in page.text
        assert "Leveren mag" not in page.text
    assert "u bent verschoond" in others[0].words
    assert found.item in others[1].words
    assert found.item not in others[2].words


@pytest.mark.parametrize(("reader", "reads"), [(CHAIR, True), (SECRETARY, True), (EXCUSED, False), (MEMBERS[0], False)])
def test_what_a_member_wrote_about_an_interest_is_for_chair_and_secretary(
    site: Site, found: Sitting, reader: str, *, reads: bool
) -> None:
    page = inside(site, reader).get(found.page)

    assert ("Mijn vorige werkgever is partij." in page.words) is reads
    assert ("Heeft geantwoord" in page.words) is (reader == MEMBERS[0])


def test_the_result_is_there_when_the_chair_has_closed_the_vote(site: Site) -> None:
    made = sitting(site, title="Adresonderzoek")
    declared(site, made)
    does(site, CHAIR, made.page, "stemming_openen", voorstel="Het mag.", onuitstelbaar="false")
    for email, vote in zip((CHAIR, *MEMBERS), ["voor"] * 6 + ["tegen"] * 2 + ["onthouding"], strict=True):
        does(site, email, made.page, "stemmen", stem=vote)
    does(site, CHAIR, made.page, "stemming_sluiten")

    chair = inside(site, CHAIR)
    page = chair.get(made.page)
    counts = page.tree.xpath("//table[contains(@class, 'votes')]//span[@class='chart__value']/text()")

    assert counts == ["6", "2", "1", "1"]  # for, against, abstained, and the member who was not there
    assert "6 voor, 2 tegen, 1 onthouding" in chair.get(f"/vergaderingen/{made.meeting}").words
    # What was put to the vote is what was decided, unless the chair says it better.
    assert chair.get(f"{made.page}/acties/besluit_vastleggen").form().values["dictum"].strip() == "Het mag."


def test_everybody_reads_minutes_that_were_published_and_no_others(site: Site) -> None:
    with site.work() as work:
        body = work.session.scalars(select(Body)).one()
        fields = {"audience": [role_key("ccg_lid")], "minutes": "Er is één besluit genomen."}
        public = make_meeting(work, body, state="gepubliceerd", public=True, **fields).number
        internal = make_meeting(work, body, state="gesloten", **fields).number
    anonymous = site.visitor()

    page = anonymous.get(f"/vergaderingen/{public}")

    assert "Er is één besluit genomen." in page.words
    assert "Verloop" not in page.words
    assert anonymous.get(f"/vergaderingen/{internal}").response.headers["Location"].startswith("/inloggen")
