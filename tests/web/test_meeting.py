"""The pages of the commission: what its members see of a meeting and of an item, and what nobody sees."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.adapters.page import Templates
from app.db.body import Body
from app.db.meeting import AgendaItem, Meeting
from app.domain.access import SYSTEM, role_key
from app.services.withholding import ask_for_interests
from app.services.worker import Doors, Worker
from tests.adapters.test_pdf import words
from tests.make import make_meeting
from tests.queries import counted
from tests.site import Site, account_with
from tests.web.commission import CHAIR, MEMBERS, READERS, SECRETARY, Sitting, declared, does, inside, sitting

ROOT = Path(__file__).parents[2]
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
    day = (site.clock.today + timedelta(days=30)).isoformat()

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
        body = work.session.scalars(select(Body).filter_by(central=True)).one()
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
    assert "Agendapunt 1: u bent verschoond" in item.words
    for page in (item, *others):
        assert page.status == 200
        assert SECRET not in page.text
        assert "Leveren mag" not in page.text
    assert "u bent verschoond" in others[0].words
    assert all(found.item not in page.words for page in others[1:])


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
        body = work.session.scalars(select(Body).filter_by(central=True)).one()
        fields = {"audience": [role_key("ccg_lid")], "minutes": "Er is één besluit genomen."}
        public = make_meeting(work, body, state="gepubliceerd", public=True, **fields).number
        internal = make_meeting(work, body, state="gesloten", **fields).number
    anonymous = site.visitor()

    page = anonymous.get(f"/vergaderingen/{public}")

    assert "Er is één besluit genomen." in page.words
    assert "Verloop" not in page.words
    assert anonymous.get(f"/vergaderingen/{internal}").response.headers["Location"].startswith("/inloggen")


# --- Papers, calendar, order, attendance, minutes


@pytest.fixture(scope="module")
def prepared(site: Site) -> Sitting:
    """A meeting of which the papers went out; one member said that there is no interest."""
    return prepare(site, "Adressen delen")


def prepare(site: Site, title: str) -> Sitting:
    made = sitting(site, title=title, state="geagendeerd")
    with site.work() as work:
        meeting = work.session.scalars(select(Meeting).filter_by(number=made.meeting)).one()
        item = work.session.scalars(select(AgendaItem).filter_by(number=made.item)).one()
        meeting.day = work.today + timedelta(days=20)
        meeting.sitting, meeting.began_at = False, None
        ask_for_interests(work, item, meeting)
        meeting.state = "gepland"
        meeting.write_line(action="plannen", source="concept", actor=SYSTEM, role="systeem", at=work.now)
    address = f"/vergaderingen/{made.meeting}"
    does(site, SECRETARY, address, "stukken_verzenden")
    does(site, MEMBERS[0], made.page, "belang_verklaren", belang="geen_belang")
    return made


def drawn(site: Site) -> None:
    """The worker does what waits."""
    doors = Doors(
        templates=Templates(ROOT / "templates"),
        store=site.app.extensions["store"],
        assets=(ROOT / "templates" / "pdf", ROOT / "app" / "web" / "static" / "build" / "fonts"),
        public_url="http://localhost",
    )
    Worker(site.engine, doors, site.clock).empty()


def test_the_papers_are_drawn_for_who_asks_and_never_kept_by_a_browser(site: Site) -> None:
    made = prepare(site, "Net verzonden")
    member, address = inside(site, MEMBERS[0]), f"/vergaderingen/{made.meeting}/stukken.pdf"

    waiting = member.get(address)
    drawn(site)
    document = member.client.get(address)

    assert waiting.status == 202
    assert "Het document wordt gemaakt" in waiting.words
    assert waiting.tree.xpath("//a[@href=$url]", url=address)
    assert document.status_code == 200
    assert document.mimetype == "application/pdf"
    assert document.headers["Cache-Control"] == "no-store"
    assert document.data.startswith(b"%PDF-")


def test_the_papers_of_an_item_are_for_who_may_see_the_item(site: Site, prepared: Sitting) -> None:
    drawn(site)

    seen = inside(site, MEMBERS[0]).client.get(f"{prepared.page}/stukken.pdf")
    card = inside(site, MEMBERS[1]).get(f"{prepared.page}/stukken.pdf")

    assert seen.mimetype == "application/pdf"
    assert "Agendapunt 1: verklaar eerst uw belang" in card.words
    assert "Adressen delen" not in card.text


def test_the_page_of_the_meeting_says_what_is_in_the_papers(site: Site, prepared: Sitting) -> None:
    address = f"/vergaderingen/{prepared.meeting}"

    member, other = (inside(site, email).get(address) for email in MEMBERS[:2])

    assert "In uw document: de stukken van 1 agendapunt." in member.words
    assert "de stukken van 0 agendapunten." in other.words
    assert "mag u de stukken nu niet zien." in other.words
    assert member.tree.xpath("//a[@href=$url]", url=f"{address}/stukken.pdf")
    assert member.tree.xpath("//a[@href='/organen/ccg']")


def test_papers_are_not_for_who_has_no_part_in_the_meeting(site: Site, prepared: Sitting) -> None:
    address = f"/vergaderingen/{prepared.meeting}/stukken.pdf"

    assert inside(site, account_with("melder")).get(address).status == 404
    assert site.visitor().get(address).response.headers["Location"].startswith("/inloggen")


def test_a_meeting_goes_into_a_calendar_without_what_is_discussed(site: Site, prepared: Sitting) -> None:
    file = inside(site, MEMBERS[0]).client.get(f"/vergaderingen/{prepared.meeting}/agenda.ics")

    assert file.mimetype == "text/calendar"
    assert f"UID:{prepared.meeting}@" in file.text
    assert "Adressen" not in file.text
    assert inside(site, account_with("melder")).get(f"/vergaderingen/{prepared.meeting}/agenda.ics").status == 404


def test_the_form_of_the_agenda_has_a_row_for_each_item(site: Site, prepared: Sitting) -> None:
    address = f"/vergaderingen/{prepared.meeting}"
    secretary = inside(site, SECRETARY)

    form = secretary.get(f"{address}/acties/agenda_indelen").form()
    wrong = secretary.post(f"{address}/acties/agenda_indelen", **{"punten-0-aanvang": "08.00 uur"})
    does(site, SECRETARY, address, "agenda_indelen", **{"punten-0-aanvang": "10.15 uur", "punten-0-minuten": "45"})

    assert form.values["punten-0-agendapunt"] == prepared.item
    assert form.values["punten-0-volgorde"] == "1"
    assert wrong.status == 400
    assert wrong.links_of_summary() == ["#veld-punten-0-aanvang"]
    assert "10.15 uur, 45 minuten" in secretary.get(address).words


def test_an_item_without_a_case_is_added_on_a_page(site: Site, prepared: Sitting) -> None:
    address = f"/vergaderingen/{prepared.meeting}"

    does(site, SECRETARY, address, "punt_toevoegen", titel="Werkwijze 2027", toelichting="Hoe wij werken.")

    page = inside(site, SECRETARY).get(address)
    assert "2. Werkwijze 2027" in page.words
    (item,) = page.tree.xpath("//a[contains(., 'Werkwijze 2027')]/@href")
    assert "Hoe wij werken." in inside(site, SECRETARY).get(item).words


def test_a_deputy_takes_a_seat_on_the_page(site: Site) -> None:
    made = sitting(site, title="Plaatsvervanging")
    address, action = f"/vergaderingen/{made.meeting}", "aanwezigheid_bijwerken"
    deputy = account_with("ccg_plv")
    rows = {"vervangingen-0-lid": MEMBERS[7], "vervangingen-0-plaatsvervanger": deputy}

    wrong = inside(site, CHAIR).post(f"{address}/acties/{action}", **rows)
    does(site, CHAIR, address, action, **rows, aanwezig=[CHAIR, *MEMBERS[:7]])

    assert wrong.status == 400
    assert "is zelf aanwezig" in " ".join(wrong.sentences_on_top())
    page = inside(site, CHAIR).get(address)
    assert "vervangt" in page.words
    assert "9 van" in page.words


def test_the_minutes_are_written_for_each_item_apart(site: Site) -> None:
    made = sitting(site, title="Verslaglegging")
    declared(site, made, interested=EXCUSED)
    does(site, CHAIR, made.page, "belang_beoordelen", lid=EXCUSED, oordeel="verschoond")
    address = f"/vergaderingen/{made.meeting}"
    does(site, CHAIR, address, "sluiten")

    form = inside(site, SECRETARY).get(f"{address}/acties/verslag_opstellen").form()
    does(site, SECRETARY, address, "verslag_opstellen")
    does(site, SECRETARY, address, "actiepunt_toevoegen", actie="Een brief schrijven", wie="secretaris", agendapunt="")

    assert "Verschoond:" in form.values["punten-0-tekst"]
    assert form.values["verslag"].strip().startswith("Aanwezig: ")
    chair, excused = inside(site, CHAIR).get(address), inside(site, EXCUSED).get(address)
    assert "1. Verslaglegging" in chair.words
    assert "Verschoond:" in chair.words
    assert "Agendapunt 1: u bent verschoond" in excused.words
    assert "Verschoond:" not in excused.words
    assert "Verslaglegging" not in excused.text
    for page in (chair, excused):
        assert "Een brief schrijven" in page.words


def test_the_minutes_are_a_document_with_what_each_reader_may_read(site: Site) -> None:
    made = sitting(site, title="Vertrouwelijk onderwerp")
    declared(site, made, interested=EXCUSED)
    does(site, CHAIR, made.page, "belang_beoordelen", lid=EXCUSED, oordeel="verschoond")
    address = f"/vergaderingen/{made.meeting}"
    does(site, CHAIR, address, "sluiten")
    does(site, SECRETARY, address, "verslag_opstellen")
    readers = [inside(site, email) for email in (CHAIR, EXCUSED)]

    missing = [reader.get(f"{address}/verslag.pdf") for reader in readers]
    asked = [reader.send(f"{address}/verslag.pdf", {"csrf_token": reader.token()}).status for reader in readers]
    waiting = [reader.get(f"{address}/verslag.pdf") for reader in readers]
    drawn(site)
    chair, excused = (words(reader.client.get(f"{address}/verslag.pdf").data)[0] for reader in readers)

    assert [page.status for page in (*missing, *waiting)] == [202] * 4
    assert asked == [303, 303]
    assert all("Dit document is er nog niet" in page.words for page in missing)
    assert all("Het document wordt gemaakt" in page.words for page in waiting)
    assert "1. Vertrouwelijk onderwerp" in chair
    assert "Vertrouwelijk onderwerp" not in excused
    assert "Agendapunt 1: u bent verschoond" in excused
    assert site.visitor().get(f"{address}/verslag.pdf").response.headers["Location"].startswith("/inloggen")
