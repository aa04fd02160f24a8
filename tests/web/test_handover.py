"""The page of a case offers it for the reader's own case system, as far as the reader may know it."""

import pytest
from sqlalchemy import select

from app.db.organisation import Organisation
from app.domain.access import OFFICIALS
from tests.make import make_case
from tests.site import Site

UTRECHT, AMSTERDAM = "melder@utrecht.example", "melder@amsterdam.example"


@pytest.fixture(scope="module")
def number(site: Site) -> str:
    """A case of Utrecht of which every official knows that it is there."""
    with site.work() as work:
        utrecht = work.session.scalars(select(Organisation).filter_by(name="gemeente Utrecht")).one()
        audience = [f"org:{utrecht.id}", OFFICIALS]
        return str(make_case(work, organisation=utrecht, title="Adressen delen", audience=audience).number)


def test_who_is_involved_takes_the_case_along(site: Site, number: str) -> None:
    visitor = site.visitor(UTRECHT)
    page = visitor.get(f"/knelpunten/{number}")
    (link,) = [one for one in page.tree.iter("a") if str(one.get("href")).endswith("zgw.json")]

    with visitor.client.get(link.get("href")) as answer:
        told = answer.json

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}-zgw.json"'
    assert (told["identificatie"], told["omschrijving"]) == (number, "Adressen delen")
    assert told["rollen"][0]["betrokkeneIdentificatie"]["naam"] == "gemeente Utrecht"


def test_who_only_knows_of_it_does_not(site: Site, number: str) -> None:
    visitor = site.visitor(AMSTERDAM)
    page = visitor.get(f"/knelpunten/{number}")

    assert page.status == 200
    assert "zgw.json" not in page.text
    assert visitor.get(f"/knelpunten/{number}/zgw.json").status == 403
