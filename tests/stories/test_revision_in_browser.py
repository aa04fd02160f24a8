"""An earlier ruling is revised: who relied on it is told, and whoever comes across it reads that it has ended.

What happened before stands there at once; from the adoption of the later ruling on everything happens on screen.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db.case import Application, Case
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.ruling import Citation
from app.domain.access import organisation_key, role_key
from app.services.record import citations_of_draft
from app.services.work import Work
from tests.browser import axe_faults
from tests.databases import SqliteFiles
from tests.journals import assert_journals_hold
from tests.make import make_case, make_report, make_ruling
from tests.services.precedents import CONTENT, cite
from tests.site import Site, open_site
from tests.stories.screen import Screens
from tests.web.published import publish

UTRECHT, AMSTERDAM = "melder@utrecht.example", "melder@amsterdam.example"
SECRETARY, CHAIR, EDITOR = "secretaris@ccg.example", "voorzitter@ccg.example", "publicatie@ccg.example"
LATER = "De gemeente mag het alleen nog met toestemming"


@pytest.fixture
def site(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Site]:
    url = sqlite_files.migrated()
    with open_site(url, tmp_path) as opened:
        yield opened
        with opened.work() as work:
            assert_journals_hold(work.session)
    sqlite_files.drop(url)


def case_of(work: Work, name: str, **fields: Any) -> Case:
    """A case that an organisation reported."""
    home = work.session.scalars(select(Organisation).filter_by(name=name)).one()
    case = make_case(work, organisation=home, audience=[organisation_key(home.id)], **fields)
    make_report(work, case)
    return case


def test_who_relied_on_a_ruling_that_is_revised_is_told_and_everybody_reads_it(site: Site, screens: Screens) -> None:
    # A ruling with which one municipality's case was settled, and that is proposed for another's.
    old = publish(site, titel="De gemeente mag het huishouden zien", kernvraag="Mag de gemeente het huishouden zien?")
    with site.work() as work:
        settled = case_of(work, "gemeente Utrecht", state="afgedaan_met_precedent", title="Huishoudens in Utrecht")
        waiting = case_of(work, "gemeente Amsterdam", state="precedent_voorgesteld", title="Huishoudens in Amsterdam")
        work.session.add(Citation(case_id=settled.id, precedent_id=old.precedent_id, relation="past_toe", at=work.now))
        work.session.add(
            Application(
                case_id=waiting.id, precedent_id=old.precedent_id, test=[], proposed_by=None, proposed_at=work.now
            )
        )
        readers = [role_key("ccg_voorzitter"), role_key("ccg_secretaris")]
        again = make_case(work, state="uitspraak_concept", title="Huishoudens, opnieuw", audience=readers)
        content = {**CONTENT, "titel": LATER, "kernregel": "Alleen met toestemming.", "conclusie": "mag_mits"}
        draft = make_ruling(work, again, adopted=False, content=content)
        draft.fact_check_done_on = work.today
        settled_number, waiting_number, again_number = settled.number, waiting.number, again.number
        # The secretary cites the earlier ruling and says that this one takes the place of all of it.
        found = work.session.get_one(Precedent, old.precedent_id)
        citations_of_draft(work, draft, [cite(found, "herziet", "De wet vraagt toestemming.", part="geheel")])
    site.clock.forward(minutes=5)

    # The chair and the secretary adopt the later ruling.
    chair, secretary = screens.of(CHAIR), screens.of(SECRETARY)
    chair.take("vaststellen", again_number)
    secretary.take("vaststellen", again_number)
    later, publication = secretary.number("CCG"), secretary.number("PUB")

    # At once the old page says that it ended, and nothing of what nobody can read yet.
    passer_by = screens.fresh()
    passer_by.go(f"/precedenten/{old.number}")
    passer_by.sees("Dit precedent geldt niet meer")
    passer_by.sees("Die is nog niet openbaar: de tekst volgt")
    assert LATER not in passer_by.words()
    assert later not in passer_by.words()

    # The later ruling becomes public.
    editor = screens.of(EDITOR)
    editor.take("ter_vrijgave_leggen", publication)
    secretary.take("vrijgeven", publication)
    editor.take("publiceren", publication)
    secretary.take("publiceren", publication)

    # Whoever opens the old ruling reads on top what came in its place, and can go there; the search says it too.
    for page in (f"/precedenten/{old.number}", f"/uitspraken/{old.number}"):
        passer_by.go(page)
        passer_by.sees("geldt niet meer")
        assert passer_by.page.locator(".notice--danger a").first.inner_text() == later
        assert axe_faults(passer_by.page) == []
    passer_by.page.locator(".citations__picture").scroll_into_view_if_needed()
    passer_by.follow(later)
    passer_by.sees(LATER)
    passer_by.go("/precedenten?q=huishouden")
    passer_by.sees("Achterhaald")

    # The municipality that relied on it has a notice that names its case, and the case says so itself.
    utrecht = screens.of(UTRECHT)
    utrecht.go("/")
    utrecht.sees(f"{old.number} is nu: Achterhaald")
    changed = f"Dit knelpunt steunt op {old.number}, dat nu achterhaald is door {later}."
    utrecht.go("/knelpunten")
    utrecht.sees(changed)
    utrecht.open(settled_number)
    utrecht.sees(changed)
    with utrecht.narrow():
        utrecht.sees(changed)

    # So does the open case for which it was proposed.
    amsterdam = screens.of(AMSTERDAM)
    amsterdam.open(waiting_number)
    amsterdam.sees(changed)
    assert axe_faults(amsterdam.page) == []
