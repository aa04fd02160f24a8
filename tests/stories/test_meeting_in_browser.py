"""A meeting in a browser: a tie, an excused chair, a quorum that is lost, a written round and a separate note.

It reads as the manual of the commission: who opens which page, and what the others see of it.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.access import role_key
from tests.databases import SqliteFiles
from tests.journals import assert_journals_hold
from tests.make import make_case
from tests.site import Site, Visitor, open_site
from tests.stories.screen import Screens

SECRETARY, CHAIR = "secretaris@ccg.example", "voorzitter@ccg.example"
MEMBERS = tuple(f"lid{number}@ccg.example" for number in range(1, 10))
DEPUTY = MEMBERS[0]
WATCHED = (CHAIR, *MEMBERS[:2])
THERE = (CHAIR, *MEMBERS[:6])
READERS = [role_key(role) for role in ("ccg_voorzitter", "ccg_secretaris", "ccg_lid", "ccg_plv", "auditor")]
DIVIDED, CHAIRS_OWN, LEFT = "Hondenbelasting bij verhuizing", "Zorgtoeslag na detentie", "Leerlingen zonder adres"


@pytest.fixture
def site(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Site]:
    """On one kind of database: what it shows is the pages, and the rules are tested on both."""
    url = sqlite_files.migrated()
    with open_site(url, tmp_path) as opened:
        yield opened
        with opened.work() as work:
            assert_journals_hold(work.session)
    sqlite_files.drop(url)


def ready(site: Site, title: str) -> str:
    """A case that the commission admitted."""
    with site.work() as work:
        question = f"{title}: mag de gemeente deze gegevens krijgen?"
        case = make_case(work, title=title, key_question=question, state="in_voorbereiding_ccg", audience=READERS)
        return case.number


def called(screens: Screens, site: Site, *, days: int) -> str:
    """A meeting so many days from now, of which the members have heard."""
    secretary = screens.of(SECRETARY)
    secretary.go("/vergaderingen/nieuw")
    secretary.fill(datum=(site.clock.today + timedelta(days=days)).isoformat(), plaats="Den Haag")
    secretary.submit()
    meeting = secretary.number("VERG")
    secretary.take("plannen", meeting, aanvang="10.00 uur")
    return meeting


class Crowd:
    """The members who do the same as one whom we watch: by the same forms, without a browser of their own."""

    def __init__(self, site: Site, screens: Screens) -> None:
        self.site, self.screens = site, screens
        self.inside: dict[str, Visitor] = {}

    def does(self, email: str, action: str, item: str, **answers: Any) -> None:
        """One step of one member; the deputy chair, the chair and one member have a screen."""
        if email in WATCHED:
            screen = self.screens.of(email)
            if action == "stemmen":
                screen.votes(item, answers["stem"])
            else:
                screen.take(action, item, answers)
            return
        if email not in self.inside:
            self.inside[email] = self.site.visitor(email)
        page = self.inside[email].post(f"/agendapunten/{item}/acties/{action}", **answers)
        assert page.status in (200, 303), page.words


def test_a_meeting_with_all_that_can_go_otherwise(site: Site, screens: Screens) -> None:  # noqa: C901 - a story
    # The secretary puts three cases on the agenda, and sends the papers in time.
    secretary, chair, deputy = (screens.of(email) for email in (SECRETARY, CHAIR, DEPUTY))
    crowd = Crowd(site, screens)
    meeting = called(screens, site, days=14)
    items = {}
    for title in (DIVIDED, CHAIRS_OWN, LEFT):
        secretary.take("agenderen", ready(site, title), vergadering=meeting, preadvies=f"Preadvies over {title}.")
        items[title] = secretary.number("AGP")
    secretary.take("stukken_verzenden", meeting)

    # A member finds a question instead of an item, on the home page and at the meeting.
    member = screens.of(MEMBERS[1])
    member.go("/")
    member.sees("Hebt u hier een belang bij?")
    member.open(meeting)
    member.sees("verklaar eerst uw belang")
    assert DIVIDED not in member.words()
    for email in MEMBERS[:6]:
        for item in items.values():
            crowd.does(email, "belang_verklaren", item, belang="geen_belang")
    member.open(items[DIVIDED])
    member.sees("Preadvies over")

    # The chair has an interest in the second item; the deputy chair judges it, and presides there.
    for title in (DIVIDED, LEFT):
        chair.take("belang_verklaren", items[title], belang="geen_belang")
    chair.take("belang_verklaren", items[CHAIRS_OWN], belang="belang_gemeld", toelichting="Mijn zus werkt daar.")
    deputy.take("belang_beoordelen", items[CHAIRS_OWN], lid=CHAIR, oordeel="verschoond")
    chair.open(items[CHAIRS_OWN])
    chair.sees("u bent verschoond")
    assert CHAIRS_OWN not in chair.words()

    # The first item: as many for as against, so nothing is decided; at the second vote it cannot wait.
    site.clock.forward(days=14)
    chair.take("openen", meeting, aanwezig=list(THERE))
    chair.take("openen", items[DIVIDED])
    tie = dict(zip(THERE, ["voor", "voor", "voor", "tegen", "tegen", "tegen", "onthouding"], strict=True))
    chair.take("stemming_openen", items[DIVIDED], voorstel="De gemeente mag dit.")
    for email, vote in tie.items():
        crowd.does(email, "stemmen", items[DIVIDED], stem=vote)
    member.open(items[DIVIDED])
    member.sees("7 van de 7")
    chair.take("stemming_sluiten", items[DIVIDED])
    chair.open(items[DIVIDED])
    assert not chair.can("besluit_vastleggen")
    chair.go(f"/agendapunten/{items[DIVIDED]}/acties/besluit_vastleggen")
    chair.sees("Het voorstel is niet aangenomen")
    chair.take("herstemmen", items[DIVIDED], voorstel="De gemeente mag dit.", onuitstelbaar=True)
    for email, vote in tie.items():
        crowd.does(email, "stemmen", items[DIVIDED], stem=vote)
    chair.take("stemming_sluiten", items[DIVIDED])
    chair.take("afwijkend_standpunt_aantekenen", items[DIVIDED], leden=[MEMBERS[3]])
    chair.take("besluit_vastleggen", items[DIVIDED], dictum="De gemeente mag dit.", interventies=["verbinden"])
    member.open(items[DIVIDED])
    member.sees("De stem van de voorzitter gaf de doorslag")

    # Who argued against it in the meeting adds a separate note; who did not, cannot.
    crowd.does(MEMBERS[3], "nota_toevoegen", items[DIVIDED], tekst="Ik zie geen grondslag in de wet.")
    member.open(items[DIVIDED])
    member.sees("Ik zie geen grondslag in de wet.")
    assert not member.can("nota_toevoegen")

    # The second item goes on without the chair.
    deputy.take("openen", items[CHAIRS_OWN])
    deputy.take("stemming_openen", items[CHAIRS_OWN], voorstel="Dit mag ook.")
    for email in MEMBERS[:6]:
        crowd.does(email, "stemmen", items[CHAIRS_OWN], stem="voor")
    deputy.take("stemming_sluiten", items[CHAIRS_OWN])
    deputy.take("besluit_vastleggen", items[CHAIRS_OWN], dictum="Dit mag ook.", interventies=["verbinden"])

    # During the third vote three members leave: too few are left to decide, so it is held over.
    chair.take("openen", items[LEFT])
    chair.take("stemming_openen", items[LEFT], voorstel="De school mag dit.")
    chair.take("aanwezigheid_bijwerken", meeting, aanwezig=list(THERE[:4]))
    for email in THERE[:4]:
        crowd.does(email, "stemmen", items[LEFT], stem="voor")
    chair.take("stemming_sluiten", items[LEFT])
    chair.sees("te weinig leden aanwezig")
    chair.take("aanhouden", items[LEFT], grond="geen_quorum")
    chair.take("sluiten", meeting)

    # The minutes are made from what happened; what is about an item stands with that item.
    secretary.take("verslag_opstellen", meeting)
    chair.take("verslag_vaststellen", meeting)
    secretary.take("verslag_vaststellen", meeting)
    member.open(meeting)
    member.sees("Zorgtoeslag")
    chair.open(meeting)
    chair.sees("u bent verschoond")
    assert CHAIRS_OWN not in chair.words()

    # What was held over is put to the members in writing; everybody has answered the question by then.
    following = called(screens, site, days=14)
    secretary.take("doorschuiven", items[LEFT], vergadering=following)
    for email in MEMBERS[6:]:
        crowd.does(email, "belang_verklaren", items[LEFT], belang="geen_belang")
    chair.take(
        "schriftelijk_voorleggen",
        items[LEFT],
        voorstel="De school mag dit, zoals in het precedent.",
        onderwerp="precedent_toepassen",
        werkdagen="5",
    )
    for email in (CHAIR, *MEMBERS):
        crowd.does(email, "stemmen", items[LEFT], stem="voor")
    chair.take("ronde_sluiten", items[LEFT])
    chair.take("besluit_vastleggen", items[LEFT], dictum="De school mag dit.", interventies=["verbinden"])
    member.open(items[LEFT])
    member.sees("Besloten")
