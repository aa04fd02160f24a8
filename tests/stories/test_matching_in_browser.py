"""A reporter finds the answer while typing, in a browser, and does not need to report.

The case is C01 of the demonstration, told in words of the reporter's own. On the shelf lie all rulings of the
demonstration.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import axe_faults
from tests.databases import SqliteFiles
from tests.journals import assert_journals_hold
from tests.site import Site, account_with, open_site
from tests.stories.screen import Screens
from tests.web.told import publish_told, stories

UTRECHT = "melder@utrecht.example"
ANALYST = account_with("analist")
TITLE = "Huurders die hun rekeningen niet meer kunnen betalen"
QUESTION = (
    "Mogen verhuurders en energiebedrijven ons schuldhulpteam laten weten wie een achterstand heeft, "
    "ook als de bewoner daar niet mee heeft ingestemd?"
)
STORY = (
    "Wij horen vaak pas van schulden als de deurwaarder al is geweest. De verhuurder ziet maanden eerder dat iemand "
    "niet betaalt. Wij willen dan langsgaan en hulp aanbieden."
)


@pytest.fixture
def site(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Site]:
    url = sqlite_files.migrated()
    with open_site(url, tmp_path) as opened:
        yield opened
        with opened.work() as work:
            assert_journals_hold(work.session)
    sqlite_files.drop(url)


def test_a_reporter_sees_the_answer_while_typing_and_need_not_report(site: Site, screens: Screens) -> None:
    rulings = publish_told(site)
    number = rulings["c01"].number
    for told in (TITLE, QUESTION, STORY):
        assert told not in str(stories()["c01"])

    # A municipality begins a report. Nothing was typed, so nothing is beside it.
    utrecht = screens.of(UTRECHT)
    page = utrecht.page
    utrecht.go("/meldingen/nieuw")
    utrecht.press("Begin met een nieuwe melding")
    utrecht.sees("Er is nog geen uitspraak of bekend knelpunt dat op uw tekst lijkt.")

    # While the question is typed the precedent appears, with the reason; the cursor stays where it was.
    page.locator("[name=titel]").fill(TITLE)
    question = page.locator("[name=kernvraag]")
    question.press_sequentially(QUESTION, delay=2)
    beside = page.locator("[data-similar]")
    expect(beside).to_contain_text(number)
    expect(beside).to_contain_text("Gaat ook over:")
    expect(page.locator("[data-similar-told]")).to_contain_text("op uw tekst")
    expect(question).to_be_focused()
    assert beside.locator(".number").first.inner_text() == number
    utrecht.sees("Concept bewaard om")
    assert axe_faults(page) == []
    with utrecht.narrow():
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert axe_faults(page) == []

    # The next step knows it already, and a law that both name is the first reason.
    page.get_by_label("Juridisch").check()
    utrecht.submit()
    page.goto(page.url.replace("/uitwisseling", "/wet"))
    utrecht.fill({"grondslagen-0-wet": "BWBR0031331", "grondslagen-0-artikel": "3"})
    expect(beside).to_contain_text("Zelfde artikel: artikel 3 Wgs")

    # Words that were typed a moment ago are not lost by the press of the button.
    page.goto(page.url.replace("/wet", "/situatie"))
    page.locator("[name=omschrijving]").fill(STORY)
    page.get_by_role("button", name=f"Dit geeft mij antwoord: {number}").click()
    utrecht.sees("U hoeft niets te melden")
    utrecht.sees("Signalen van anderen mogen alleen met een eigen wettelijke basis of toestemming.")
    assert axe_faults(page) == []

    # It was no mis-click, but it could have been: everything is still there.
    utrecht.press("Toch verder met melden")
    page.wait_for_url("**/vraag")
    assert page.locator("[name=titel]").input_value() == TITLE
    page.goto(page.url.replace("/vraag", "/situatie"))
    assert page.locator("[name=omschrijving]").input_value() == STORY
    page.get_by_role("button", name=f"Dit geeft mij antwoord: {number}").click()
    utrecht.sees("U hoeft niets te melden")
    page.get_by_role("link", name="Concept weggooien").click()
    utrecht.press("Gooi het concept weg")
    utrecht.sees("Het concept is weggegooid.")
    utrecht.go("/meldingen")
    utrecht.sees("Uw organisatie heeft nog niets gemeld.")

    # The analyst sees that this precedent prevented a report; everybody sees how often.
    analyst = screens.of(ANALYST)
    analyst.go("/precedenten/gebruik")
    analyst.sees(number)
    assert analyst.page.locator(".chart", has_text=number).locator("tbody tr").count() == 1
    assert axe_faults(analyst.page) == []
    passer_by = screens.fresh()
    passer_by.go(f"/precedenten/{number}")
    passer_by.sees("Gaf een melder antwoord")
    passer_by.sees("1 keer")
