"""Marking a passage on the page of a publication: with the mouse, with the keyboard, and as axe sees it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.access import role_key
from tests.browser import axe_faults, html_faults, served
from tests.make import make_case, make_publication, make_ruling
from tests.site import Site, account_with, accounts
from tests.web.commission import inside

EDITOR = account_with("publicatieredacteur")
FACTS = "Bewoner Bakker belt de gemeente.\nLater belt mevrouw De Wit."


@pytest.fixture(scope="module")
def url(site: Site) -> Iterator[str]:
    with served(site.app) as address:
        yield address


@pytest.fixture
def publication(site: Site) -> str:
    with site.work() as work:
        readers = [role_key("publicatieredacteur")]
        case = make_case(work, state="uitspraak_vastgesteld", audience=readers)
        ruling = make_ruling(work, case, content={"titel": "Titel", "kernregel": "Het mag.", "feiten": FACTS})
        return f"/publicaties/{make_publication(work, case, ruling, audience=readers).number}"


@pytest.fixture
def editing(page: Any, url: str, publication: str) -> Any:
    """The page of a publication, opened by an editor."""
    page.goto(f"{url}/inloggen")
    page.fill("#veld-email", EDITOR)
    page.fill("#veld-wachtwoord", accounts()[EDITOR]["password"])
    page.click("main button[type=submit]")
    page.goto(f"{url}{publication}")
    return page


def chosen(page: Any, row: int) -> tuple[str, str]:
    return (
        page.input_value(f"#veld-passages-{row}-passage"),
        page.input_value(f"#veld-passages-{row}-plaats"),
    )


def test_words_that_were_selected_go_into_the_form(editing: Any) -> None:
    button = editing.get_by_role("button", name="Neem de selectie over")
    assert button.is_disabled()

    editing.locator("div[data-passages-from=feiten]").evaluate(
        """source => {
          const range = document.createRange();
          range.setStart(source.firstChild, 8);
          range.setEnd(source.firstChild, 14);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    button.click()

    assert chosen(editing, 0) == ("Bakker", "feiten")
    assert editing.evaluate("document.activeElement.id") == "veld-passages-0-grond"
    editing.select_option("#veld-passages-0-grond", "5.1.2e")
    editing.fill("#veld-passages-0-motivering", "Privé.")
    editing.get_by_role("button", name="Passages lakken").click()
    assert editing.locator("mark del").all_inner_texts() == ["Bakker"]


def test_the_keyboard_is_enough(editing: Any) -> None:
    area = editing.locator("textarea[data-passages-from=feiten]")
    editing.locator("details", has=area).locator("summary").press("Enter")
    area.focus()
    editing.keyboard.press("Control+Home")
    editing.keyboard.type("niets")
    assert area.input_value() == FACTS
    for _ in range(len("Bewoner ")):
        editing.keyboard.press("ArrowRight")
    for _ in range(len("Bakker")):
        editing.keyboard.press("Shift+ArrowRight")

    editing.get_by_role("button", name="Neem de selectie over").press("Enter")

    assert chosen(editing, 0) == ("Bakker", "feiten")
    assert "Kies nu de grond" in editing.locator("[data-take-status]").inner_text()


def test_the_page_is_clean_and_fits(editing: Any, site: Site, publication: str, tmp_path: Path) -> None:
    for width in (1280, 320):
        editing.set_viewport_size({"width": width, "height": 900})
        assert axe_faults(editing) == []
        assert editing.evaluate("document.documentElement.scrollWidth") <= width
    assert html_faults({"publication": inside(site, EDITOR).get(publication).text}, tmp_path) == []
