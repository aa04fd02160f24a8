"""The whole street in a browser: a report becomes a ruling, and the next report is settled with it.

It reads as the manual: who opens which page, what is filled in, and what the next one sees. The case is C04 of the
demonstration, whose long texts stand in its file.
"""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from app.db.account import LoginSession
from app.schemas.form import FORMS, laid_out, to_html
from tests.databases import Databases
from tests.journals import assert_journals_hold
from tests.site import Site, open_site
from tests.stories.screen import Screen, Screens

UTRECHT, AMSTERDAM = "melder@utrecht.example", "melder@amsterdam.example"
TRIAGIST, COLLEAGUE, HANDLER = "triagist1@ccg.example", "triagist2@ccg.example", "behandelaar1@ccg.example"
LAWYER, ETHICIST = "deskundige-juridisch@ccg.example", "deskundige-ethisch@ccg.example"
TABLE, SECRETARY, CHAIR = "regietafel1@ccg.example", "secretaris@ccg.example", "voorzitter@ccg.example"
EDITOR, FOLLOW_UP = "publicatie@ccg.example", "navolging@ccg.example"
MEMBERS = tuple(f"lid{number}@ccg.example" for number in range(1, 7))

C04 = tomllib.loads((Path(__file__).parents[2] / "app/cli/demo/cases/c04.toml").read_text("utf-8"))
REPORT, TOLD = C04["melding"], C04["formulier"]
RULES = "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Hoofdstuk5_Paragraaf1_Artikel5.1.1"


@pytest.fixture
def site(databases: Databases, tmp_path: Path) -> Iterator[Site]:
    url = databases.migrated()
    with open_site(url, tmp_path) as opened:
        yield opened
        with opened.work() as work:
            assert_journals_hold(work.session)
    databases.drop(url)


def fill_in_report(screen: Screen, *, municipality: str) -> None:
    """The five short steps, up to the page on which one reads it all again."""
    screen.go("/meldingen/nieuw")
    screen.press("Begin met een nieuwe melding")
    screen.fill(titel=REPORT["titel"], kernvraag=REPORT["kernvraag"], typen=REPORT["typen"])
    screen.submit()
    screen.fill(
        verstrekkers=[municipality, "Jeugdhulpaanbieders"],
        ontvangers=[municipality],
        gegevenscategorieen=REPORT["uitwisseling"]["gegevenscategorieen"],
        doel=REPORT["uitwisseling"]["doel"],
    )
    screen.submit()
    screen.fill({"grondslagen-0-link": RULES, "grondslagen-0-lid": "4"})
    screen.submit()
    screen.fill(
        omschrijving=REPORT["omschrijving"],
        alGeprobeerd=REPORT["alGeprobeerd"],
        maatschappelijkEffect=REPORT["maatschappelijkEffect"],
    )
    screen.submit()
    screen.fill(urgentie="normaal", vertrouwelijkheid="intern")
    screen.submit()
    assert screen.page.url.endswith("/controle"), screen.complaints()


def on_page(form: str, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers by the names that their inputs have on the page of a form."""
    _, values = laid_out([], to_html(FORMS[form], answers))
    return {name: value for name, value in values.items() if not _is_rows(value) and value not in (None, "", [])}


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def test_from_report_to_precedent(site: Site, screens: Screens) -> None:
    # A municipality reports what does not work: five short steps, a page to check, and a receipt with a number.
    utrecht = screens.of(UTRECHT)
    fill_in_report(utrecht, municipality="gemeente Utrecht")
    utrecht.sees("Er is nog geen uitspraak of knelpunt dat hierop lijkt")
    utrecht.press("Verstuur de melding")
    utrecht.sees(f"MLD-{site.clock.today.year}-00001")
    case = utrecht.number("KNP")
    utrecht.open(case)
    utrecht.sees(REPORT["kernvraag"])
    assert not utrecht.can("oppakken")

    # Intake: the triagist finds it in the worklist, takes it up and gives it to a handler.
    triagist = screens.of(TRIAGIST)
    triagist.go("/werkvoorraad")
    triagist.follow(REPORT["titel"])
    triagist.take("oppakken", case)
    triagist.take("in_behandeling_nemen", case, TOLD["duiding"])

    # Work level: two experts advise, and the handler says what was done with it.
    handler = screens.of(HANDLER)
    advices = {}
    for expert, kind in ((LAWYER, "juridisch"), (ETHICIST, "ethisch")):
        handler.take("advies_vragen", case, TOLD[f"adviesvraag_{kind}"])
        advices[expert] = handler.number("ADV")
    handler.sees("Wacht op deskundigenadvies")
    for (expert, number), kind in zip(advices.items(), ("juridisch", "ethisch"), strict=True):
        adviser = screens.of(expert)
        adviser.go("/werkvoorraad")
        adviser.sees(number)
        adviser.take("accepteren", number)
        adviser.take("uitbrengen", number, TOLD[f"advies_{kind}"])
        handler.take("betrekken", number, gevolgd=True, vergewis="Het advies is volledig.")
    handler.take("opschalen_tactisch", case, TOLD["opschaling"])

    # The tactical table brings it to the commission; the secretary admits it, and the chair confirms.
    screens.of(TABLE).take("voordragen", case, TOLD["voordracht"])
    secretary, chair = screens.of(SECRETARY), screens.of(CHAIR)
    secretary.take("toelaten", case, TOLD["toelaten"])
    secretary.sees("Wacht op een tweede persoon")
    chair.take("toelaten", case)
    chair.sees("In voorbereiding")

    # The secretary calls a meeting, puts the case on its agenda and sends the papers.
    day = site.clock.today + timedelta(days=14)
    secretary.go("/vergaderingen")
    secretary.follow("vergadering")
    secretary.go("/vergaderingen/nieuw")
    secretary.fill(datum=day.isoformat(), plaats="Den Haag")
    secretary.submit()
    meeting = secretary.number("VERG")
    secretary.take("plannen", meeting, aanvang="10.00 uur")
    secretary.take("agenderen", case, vergadering=meeting, preadvies=TOLD["agendering"]["preadvies"])
    item = secretary.number("AGP")
    secretary.take("stukken_verzenden", meeting)

    # The meeting: everybody says whether there is an interest; then it is discussed, and put to the vote.
    site.clock.forward(days=14)
    chair.take("openen", meeting, aanwezig=[CHAIR, *MEMBERS])
    for member in (CHAIR, *MEMBERS):
        screens.of(member).take("belang_verklaren", item, belang="geen_belang")
    chair.take("openen", item)
    chair.take("stemming_openen", item, voorstel="De commissie neemt de kernregel van de rapporteur over.")
    for member, vote in zip((CHAIR, *MEMBERS), ["voor"] * 4 + ["tegen"] * 2 + ["onthouding"], strict=True):
        screens.of(member).votes(item, vote)
    chair.take("stemming_sluiten", item)
    chair.take("besluit_vastleggen", item, TOLD["besluit"])
    screens.of(MEMBERS[4]).take("nota_toevoegen", item, TOLD["nota"])
    chair.take("sluiten", meeting)

    # The ruling: written, checked on its facts, and adopted by two people.
    ruling_text = {**C04["uitspraak"], "feitencontroleAfgerond": True}
    for rows in ("grondslagen", "voorwaarden", "aanbevelingen"):
        ruling_text[rows] = ruling_text[rows][:2]
    del ruling_text["citaties"], ruling_text["datumHerbeoordeling"]
    secretary.take("tekst_bijwerken", case, on_page("ruling_text", ruling_text))
    chair.take("vaststellen", case)
    secretary.take("vaststellen", case)
    ruling, publication = secretary.number("CCG"), secretary.number("PUB")

    # Publication: nothing is public before the second person says so.
    passer_by = screens.fresh()
    passer_by.go(f"/uitspraken/{ruling}")
    passer_by.sees("Deze pagina bestaat niet")
    editor = screens.of(EDITOR)
    editor.take("ter_vrijgave_leggen", publication)
    secretary.take("vrijgeven", publication)
    editor.take("publiceren", publication)
    secretary.take("publiceren", publication)

    # Everybody reads it, without logging in.
    passer_by.go("/uitspraken")
    passer_by.follow(C04["uitspraak"]["titel"])
    assert passer_by.page.url.endswith(f"/uitspraken/{ruling}")
    passer_by.sees(C04["uitspraak"]["voorwaarden"][0]["wat"])
    passer_by.go(f"/precedenten/{ruling}")
    passer_by.sees("Geldend")
    utrecht.open(case)
    utrecht.sees("In navolging")

    # Another municipality has the same question, and sees the precedent before it sends anything.
    amsterdam = screens.of(AMSTERDAM)
    fill_in_report(amsterdam, municipality="gemeente Amsterdam")
    amsterdam.sees(ruling)
    amsterdam.press("Verstuur de melding")
    again = amsterdam.number("KNP")

    # The triagist proposes the precedent, the reporter accepts, and a second triagist confirms.
    triagist.take("oppakken", again)
    test = {f"toepassingstoets-{place}-antwoord": "ja" for place in range(8)}
    triagist.take("precedent_voorstellen", again, {"precedent": ruling, **test})
    amsterdam.take("precedent_aanvaarden", again)
    amsterdam.sees("Wacht op een tweede persoon")
    screens.of(COLLEAGUE).take("precedent_aanvaarden", again)
    amsterdam.open(again)
    amsterdam.sees("Afgedaan met precedent")
    amsterdam.sees(ruling)


def test_nothing_typed_is_lost_when_the_session_ends(site: Site, screens: Screens) -> None:
    screen = screens.of(UTRECHT)
    screen.go("/meldingen/nieuw")
    screen.press("Begin met een nieuwe melding")
    screen.fill(titel="Zolang ik typ, is er niets weg", kernvraag="Mag dit?", typen=["juridisch", "ethisch"])
    with site.work() as work:
        work.session.execute(delete(LoginSession))
    screen.submit()
    screen.sees("Uw sessie is verlopen")
    screen.fill(email=UTRECHT, wachtwoord="Samen-verder-met-gegevens-1")
    screen.submit()
    screen.page.locator("main form button").first.click()

    screen.sees("De uitwisseling")
    screen.follow("Terug naar: De vraag")
    assert screen.page.locator("[name=titel]").input_value() == "Zolang ik typ, is er niets weg"
    assert screen.page.locator("[name=typen]:checked").count() == 2


def test_nothing_typed_is_lost_when_the_browser_closes(screens: Screens) -> None:
    screen = screens.of(UTRECHT)
    screen.go("/meldingen/nieuw")
    screen.press("Begin met een nieuwe melding")
    screen.fill(titel="Een half verhaal")
    screen.page.wait_for_selector("text=Concept bewaard om")
    screen.page.context.close()

    another = screens.fresh()
    another.log_in(UTRECHT)
    another.go("/meldingen/nieuw")
    another.follow("Een half verhaal")
    assert another.page.locator("[name=titel]").input_value() == "Een half verhaal"


def test_nothing_typed_is_lost_in_two_windows(screens: Screens) -> None:
    screen = screens.of(UTRECHT)
    screen.go("/meldingen/nieuw")
    screen.press("Begin met een nieuwe melding")
    other = Screen(screen.page.context.new_page(), screens.url)
    other.page.goto(screen.page.url)

    screen.fill(titel="Van het eerste venster", kernvraag="Mag dit?", typen=["juridisch"])
    screen.submit()
    other.fill(titel="Van het tweede venster", kernvraag="Mag dat?", typen=["ethisch"])
    with other.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        other.page.locator("main form[novalidate] .form__actions button").first.click()

    assert answer.value.status == 409
    other.sees("in een ander venster veranderd")
    assert other.page.locator("[name=titel]").input_value() == "Van het tweede venster"
    other.submit()
    other.sees("De uitwisseling")
