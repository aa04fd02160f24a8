"""Take pictures of the pages, as several roles and in two widths, to look at: `make pictures`.

Without an address it serves the site itself, with the demonstration in a folder of its own.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.config import Config  # noqa: E402
from app.factory import create_app  # noqa: E402
from tests.browser import chromium, served  # noqa: E402
from tests.stories.screen import Screen, Screens  # noqa: E402

KNELPUNT = Path(sys.executable).parent / "knelpunt"
WIDTHS = (1280, 360)
REPORTER, TRIAGIST, HANDLER = "melder@utrecht.example", "triagist1@ccg.example", "behandelaar1@ccg.example"
SECRETARY, CHAIR, MEMBER = "secretaris@ccg.example", "voorzitter@ccg.example", "lid2@ccg.example"
ADMINISTRATOR, EDITOR = "beheer@ccg.example", "publicatie@ccg.example"
RESPONDENT, ADVISER = "respondent@utrecht.example", "deskundige-juridisch@ccg.example"

# The name of a picture, who looks, the address, and the links to follow from there: each the first that begins so.
PICTURES: tuple[tuple[str, str | None, str, tuple[str, ...]], ...] = (
    ("home-publiek", None, "/", ()),
    ("inloggen", None, "/inloggen", ()),
    ("uitspraken", None, "/uitspraken", ()),
    ("uitspraak", None, "/uitspraken", ("/uitspraken/CCG",)),
    ("precedenten", None, "/precedenten", ()),
    ("precedenten-gezocht", None, "/precedenten?q=schulden", ()),
    ("precedent", None, "/precedenten", ("/precedenten/CCG",)),
    ("navolging", None, "/navolging", ()),
    ("over", None, "/over", ()),
    ("toegankelijkheid", None, "/toegankelijkheid", ()),
    ("privacy", None, "/privacy", ()),
    ("broncode", None, "/broncode", ()),
    ("wachtwoord", None, "/wachtwoord", ()),
    ("niet-gevonden", None, "/bestaat-niet", ()),
    ("home-melder", REPORTER, "/", ()),
    ("meldingen", REPORTER, "/meldingen", ()),
    ("melding", REPORTER, "/meldingen", ("/meldingen/MLD",)),
    ("melden", REPORTER, "/meldingen/nieuw", ()),
    ("account", REPORTER, "/account", ()),
    ("home-triagist", TRIAGIST, "/", ()),
    ("werkvoorraad", TRIAGIST, "/werkvoorraad", ()),
    ("knelpunten", TRIAGIST, "/knelpunten", ()),
    ("knelpunt", HANDLER, "/werkvoorraad?soort=knelpunt", ("/knelpunten/KNP",)),
    ("actie", HANDLER, "/werkvoorraad?soort=knelpunt", ("/knelpunten/KNP", "*/acties/oplossing_voorstellen")),
    ("notitie", HANDLER, "/werkvoorraad?soort=knelpunt", ("/knelpunten/KNP", "*/acties/notitie")),
    ("advies", ADVISER, "/werkvoorraad?soort=adviesaanvraag", ("/adviesaanvragen/ADV",)),
    ("vergaderingen", SECRETARY, "/vergaderingen", ()),
    ("vergadering", CHAIR, "/vergaderingen", ("/vergaderingen/VERG",)),
    ("agendapunt", MEMBER, "/werkvoorraad?lijst=alles&soort=agendapunt", ("/agendapunten/AGP",)),
    ("concept-uitspraak", SECRETARY, "/knelpunten?status=uitspraak_concept", ("/knelpunten/KNP",)),
    ("uitspraaktekst", SECRETARY, "/knelpunten?status=uitspraak_concept", ("/knelpunten/KNP", "*/acties/tekst")),
    ("publicatie", EDITOR, "/werkvoorraad?lijst=alles&soort=publicatie", ("/publicaties/PUB",)),
    ("aanbeveling", RESPONDENT, "/werkvoorraad?lijst=alles&soort=aanbeveling", ("/aanbevelingen/AANB",)),
    ("accounts", ADMINISTRATOR, "/beheer/accounts", ()),
    ("uitnodigen", ADMINISTRATOR, "/beheer/accounts/nieuw", ()),
    ("account-beheren", ADMINISTRATOR, "/beheer/accounts", ("*/beheer/accounts/1",)),
    ("organisaties", ADMINISTRATOR, "/beheer/organisaties", ()),
    ("mislukte-berichten", ADMINISTRATOR, "/beheer/berichten", ()),
    ("vergadering-nieuw", SECRETARY, "/vergaderingen/nieuw", ()),
    ("organen", REPORTER, "/organen", ()),
    ("orgaan", SECRETARY, "/organen/ccg", ()),
    ("orgaan-reglement", SECRETARY, "/organen/ccg/reglement/nieuw", ()),
    ("orgaan-functies", MEMBER, "/organen/ccg/functies", ()),
    ("orgaan-benoemen", ADMINISTRATOR, "/organen/ccg/leden/nieuw", ()),
)


def main() -> None:
    """Read the command line, and take every picture that was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=ROOT / "var" / "pictures", help="where they are put")
    asked.add_argument("--url", help="a site that runs with the demonstration, instead of one of our own")
    asked.add_argument("--only", nargs="*", help="the names of the pictures to take")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with _site(given.url) as url, chromium() as browser:
        screens = Screens(browser, url)
        passer_by = screens.fresh()
        for name, who, path, links in PICTURES:
            if not given.only or name in given.only:
                screen = screens.of(who) if who else passer_by
                if find(screen, path, links):
                    _take(screen, given.folder, name)
                else:
                    print(f"{name}: there is no such page", file=sys.stderr)
        if not given.only or "formulier" in given.only:
            _form(screens.of(REPORTER), given.folder)
        if not given.only or "pdf" in given.only:
            _document(passer_by, given.folder)
    print(f"The pictures are in {given.folder}.")


@contextmanager
def _site(url: str | None) -> Iterator[str]:
    """The address of a site with the demonstration."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = {"MODE": "demo", "DATA_DIR": folder}
        for command in (["migrate"], ["demo", "load"], ["worker", "--once"]):
            subprocess.run([KNELPUNT, *command], env={**os.environ, **environment}, check=True)
        with served(create_app(Config.from_environment(environment))) as address:
            yield address


def find(screen: Screen, path: str, links: tuple[str, ...]) -> bool:
    """Go to an address, and from there to the first link of each kind."""
    screen.go(path)
    for link in links:
        kind = f"main a[href*='{link[1:]}']" if link.startswith("*") else f"main a[href^='{link}']"
        found = screen.page.locator(kind)
        if not found.count():
            return False
        screen.go(found.first.get_attribute("href"))
    return True


def _take(screen: Screen, folder: Path, name: str) -> None:
    """The whole page in each width."""
    for width in WIDTHS:
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        wide = screen.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            print(f"{name}: scrolls sideways at {width}: {wide}", file=sys.stderr)
    screen.page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def _form(screen: Screen, folder: Path) -> None:
    """The steps of a report: empty, wrong, filled in, and the page to check."""
    steps: tuple[dict[str, Any], ...] = (
        {
            "titel": "Schulden van jongeren die naar een andere gemeente verhuizen",
            "kernvraag": "Mag een gemeente de schulden van een jongere aan de volgende gemeente doorgeven?",
            "typen": ["juridisch", "maatschappelijk"],
        },
        {
            "verstrekkers": ["gemeente Utrecht"],
            "ontvangers": ["gemeente Amsterdam"],
            "gegevenscategorieen": ["openstaande schulden", "afgesproken regelingen"],
            "doel": "De hulp gaat door als een jongere verhuist.",
        },
        {"grondslagen-0-link": "https://wetten.overheid.nl/BWBR0031331/2026-01-01#Artikel8"},
        {
            "omschrijving": "Verhuist een jongere, dan begint de schuldhulp opnieuw. Bel mij op 06 12345678.",
            "alGeprobeerd": "Wij vragen toestemming, maar dan is de jongere al weg.",
            "maatschappelijkEffect": "Schulden lopen op. Het gaat om ongeveer 40 jongeren per jaar.",
        },
        {"urgentie": "normaal", "vertrouwelijkheid": "intern"},
    )
    screen.go("/meldingen/nieuw")
    screen.press("Begin met een nieuwe melding")
    screen.submit()
    _take(screen, folder, "formulier-fout")
    for place, answers in enumerate(steps, start=1):
        screen.fill(answers)
        _take(screen, folder, f"formulier-{place}")
        screen.submit()
    _take(screen, folder, "formulier-controle")


def _document(screen: Screen, folder: Path) -> None:
    """The pages of a ruling as PDF."""
    screen.go("/uitspraken")
    path = screen.page.locator("main a[href^='/uitspraken/CCG']").first.get_attribute("href")
    answer = screen.page.request.get(f"{screen.url}{path}.pdf")
    if not answer.ok:
        print(f"{path}.pdf: {answer.status}", file=sys.stderr)
        return
    (folder / "uitspraak.pdf").write_bytes(answer.body())
    subprocess.run(["pdftoppm", "-r", "60", "-png", folder / "uitspraak.pdf", folder / "pdf"], check=True)


if __name__ == "__main__":
    main()
