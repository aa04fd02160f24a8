"""What a search finds when it is narrowed, and what is still found of a ruling that was taken away."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.db.case import TYPE, Facet
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.domain.access import PUBLIC, role_key
from app.services import finding
from app.services.asked import search_of
from app.services.external import keep_decisions
from app.services.finding import facets, found, not_yet_public
from app.services.hit import HitRow
from app.services.index import index_precedent, index_title_alone
from app.services.work import Work
from tests.make import acting, make_account, make_case, make_precedent, make_ruling

LAW = {"label": "artikel 3", "jci": "jci1.3:c:BWBR0031331&artikel=3", "url": None, "rol": None}
LEGAL = {"code": "juridisch", "label": "Juridisch"}


def publish(work: Work, title: str, *, types: Any = (LEGAL,), **fields: Any) -> Precedent:
    """A ruling that everybody may read."""
    case = make_case(work, title=title)
    ruling = make_ruling(work, case)
    given = {"public": True, "state": "geldend", "conclusion": "mag_mits", **fields}
    precedent = make_precedent(work, case, ruling, title=title, **given)
    record = {
        "titel": title,
        "kernvraag": "Mag de school dit?",
        "kernregel": "Leerlingen tellen mag.",
        "conclusie": {"code": given["conclusion"], "label": "…"},
        "orgaan": "CCG",
        "grondslagen": [LAW],
        "typen": list(types),
    }
    made = {"number": precedent.number, "issue": 1, "title": title, "adopted_on": work.today}
    work.session.add(PublicRecord(**made, record=record, published_at=work.now))
    work.session.flush()
    index_precedent(work, precedent, record)
    return precedent


def take_away(work: Work, precedent: Precedent) -> None:
    """As the depublication does it."""
    public = work.session.scalars(select(PublicRecord).filter_by(number=precedent.number)).one()
    public.withdrawn_at, public.withdrawn_because, public.record = work.now, "Er stond een naam in.", {}
    index_title_alone(work, precedent)
    work.session.flush()


def looked(work: Work, **asked: str) -> list[HitRow]:
    return list(found(acting(work, PUBLIC), search_of(asked)).rows)


def numbers(work: Work, **asked: str) -> list[str]:
    return [row.number for row in looked(work, **asked)]


@pytest.mark.parametrize(
    "asked",
    [
        {"van": "commissie"},
        {"status": "geldend"},
        {"conclusie": "mag_mits"},
        {"orgaan": "CCG"},
        {"type": "juridisch"},
        {"wet": "BWBR0031331"},
    ],
)
def test_other_bodies_take_no_place_in_a_search_that_does_not_reach_them(
    work: Work, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    precedent = publish(work, "Iets over de school")
    words = "leerlingen leerlingen leerlingen"
    keep_decisions(work, [{"source": "AP", "source_id": f"z{one}", "text": words} for one in range(6)])

    assert precedent.number not in numbers(work, q="leerlingen")
    assert numbers(work, q="leerlingen", **asked) == [precedent.number]


def test_rulings_take_no_place_in_a_search_among_other_bodies(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST", 2)
    for _ in range(3):
        publish(work, "Leerlingen leerlingen")
    texts = {"older": date(2025, 3, 1), "newer": date(2026, 3, 1)}
    decided = [
        {"source": "AP", "source_id": name, "text": "Leerlingen in de klas van de school.", "decided_on": day}
        for name, day in texts.items()
    ]
    keep_decisions(work, decided)

    assert numbers(work, q="leerlingen", van="anderen", jaar="2026") == ["EXT:AP:newer"]
    assert numbers(work, q="leerlingen", van="anderen", status="geldend") == []


def test_of_what_was_taken_away_the_conclusion_is_not_told_and_finds_nothing(work: Work) -> None:
    gone, stays = publish(work, "Zwemles in het bad"), publish(work, "Leerlingen gezien")
    take_away(work, gone)

    told = {row.number: row.conclusion for row in looked(work)}
    assert told == {gone.number: "", stays.number: "Mag, mits"}
    assert numbers(work, conclusie="mag_mits") == [stays.number]
    assert numbers(work, q="zwemles", conclusie="mag_mits") == []
    reader, everything = acting(work, PUBLIC), search_of({})
    counted = facets(reader, everything, found(reader, everything))
    assert [one.amount for one in counted["conclusie"]] == [1]


def test_a_type_is_that_of_the_public_record_alone(work: Work) -> None:
    public = publish(work, "Leerlingen")
    half = make_precedent(work, make_case(work), public=False, audience=[role_key("ccg_secretaris")])
    for precedent in (public, half):
        facet = Facet(facet=TYPE, value="ethisch")
        facet.case_id = precedent.case_id or 0
        work.session.add(facet)
    work.session.flush()

    assert numbers(work, type="juridisch") == [public.number]
    assert numbers(work, type="ethisch") == []
    # What is not public yet stands beside the list, for who may see it.
    inside = acting(work, make_account(work.session, "ccg_secretaris"))
    assert [one.number for one in not_yet_public(inside)] == [half.number]
    assert list(not_yet_public(acting(work, PUBLIC))) == []
