"""The page of the laws under the precedents, and noting that one has a newer version."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.db.law import LawChange
from app.db.precedent import Precedent, PrecedentLaw
from tests.queries import counted
from tests.site import Site, account_with
from tests.web.published import Public, publish

LAW = "BWBR0031331"


def resting(site: Site, **law: Any) -> Public:
    """A public precedent that rests on a law."""
    public = publish(site)
    with site.work() as work:
        fields = {"system": "bwb", "identifier": LAW, "article": "3", "valid_on": date(2026, 1, 1), **law}
        work.session.add(PrecedentLaw(precedent_id=public.precedent_id, **fields))
    return public


def test_everybody_sees_on_which_laws_precedents_rest(site: Site) -> None:
    resting(site)

    page = site.visitor().get("/wetten")

    assert "Wet gemeentelijke schuldhulpverlening (Wgs)" in page.words
    assert "Nieuwe versie van een artikel noteren" not in page.words
    assert site.visitor().get("/wetten/nieuwe-versie").status == 302


def test_the_analyst_notes_a_newer_version_and_the_precedent_says_so(site: Site) -> None:
    public = resting(site)
    analyst = site.visitor(account_with("analist"))
    answers = {"wet": LAW, "artikel": "3", "geldigVanaf": "2026-07-01", "bron": "Stb. 2026, 100"}

    done = analyst.post("/wetten/nieuwe-versie", **answers)
    again = analyst.post("/wetten/nieuwe-versie", **answers)

    assert (done.status, again.status) == (303, 303)
    assert "artikel 3, Wet gemeentelijke schuldhulpverlening (Wgs)" in analyst.get("/wetten").words
    page = site.visitor().get(f"/precedenten/{public.number}")
    assert "Dit precedent wordt opnieuw bekeken" in page.words
    assert "Een aangehaald artikel heeft een nieuwere versie." in page.words
    assert "wordt opnieuw bekeken" in site.visitor().get("/precedenten").words
    with site.work() as work:
        assert len(work.session.scalars(select(LawChange)).all()) == 1
        assert work.session.get_one(Precedent, public.precedent_id).to_reassess


def test_what_cannot_be_noted_is_said_at_its_field(site: Site) -> None:
    analyst = site.visitor(account_with("analist"))

    page = analyst.post("/wetten/nieuwe-versie", wet="De wet van Archimedes", geldigVanaf="", bron="")

    assert page.status == 400
    assert "Vul in vanaf welke dag de nieuwe versie geldt." in page.sentences_on_top()
    later = analyst.post("/wetten/nieuwe-versie", wet="De wet van Archimedes", geldigVanaf="2026-07-01", bron="Stb.")
    assert later.status == 400
    assert "Wij herkennen deze wet niet" in later.words


def test_the_page_costs_the_same_with_more_precedents(site: Site) -> None:
    anonymous = site.visitor()
    costs = []
    for _ in range(2):
        with counted(site.engine) as sent:
            anonymous.get("/wetten")
        costs.append(len(sent))
        for _ in range(3):
            resting(site)

    assert costs[0] == costs[1]
