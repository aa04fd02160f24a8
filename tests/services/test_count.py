"""How many texts have a value: of each text read once, whoever is still writing, and however many there are."""

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from app.adapters.search import tally
from app.adapters.search.postings import Entry, put
from app.db.engine import open_session
from app.db.external import ExternalDecision
from app.domain.access import PUBLIC, SYSTEM
from app.services.count import counts, values_of
from app.services.facet import TYPE
from tests.make import NOW, work_of
from tests.queries import counted

LEGAL, TECHNICAL, ETHICAL = "juridisch", "technisch", "ethisch"


def keep(session: Session, name: str, code: str) -> int:
    """A decision of another body of one type, which can be found; the id of its text."""
    row = {
        "number": f"EXT:proef:{name}",
        "source": "proef",
        "source_id": name,
        "title": name,
        "text": "",
        "summary": "",
    }
    row |= {"laws": [], "types": [code], "digest": "", "imported_at": NOW}
    identity = session.scalars(insert(ExternalDecision).returning(ExternalDecision.id), [row]).one()
    return put(session, Entry(None, identity, "extern", True, name, "", "", facets=f"{TYPE}:{code}"))


def of_type(session: Session, texts: list[int]) -> dict[str, int]:
    work = work_of(session, session.info["reader"])
    return {one.value: one.amount for one in counts(work, values_of(work, texts))[TYPE]}


def test_what_was_taken_back_is_not_counted_for_the_text_that_came_in_its_place(own_engine: Engine) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        taken_back = keep(session, "a", LEGAL)
        assert of_type(session, [taken_back]) == {LEGAL: 1}
        session.rollback()
        stays = keep(session, "b", ETHICAL)
        session.commit()
    with open_session(own_engine, PUBLIC, writes=False) as session:
        assert of_type(session, [stays, taken_back]) == {ETHICAL: 1}


def test_of_a_text_that_was_counted_before_nothing_is_read_again(own_engine: Engine) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        texts = [keep(session, str(number), LEGAL) for number in range(3)]
        session.commit()
    with open_session(own_engine, PUBLIC, writes=False) as session:
        of_type(session, texts[:2])
        with counted(own_engine) as first:
            assert of_type(session, texts) == {LEGAL: 3}
        with counted(own_engine) as again:
            assert of_type(session, texts) == {LEGAL: 3}
    assert (len(first), len(again)) == (1, 0)


def test_with_more_texts_than_are_remembered_every_count_is_still_right(
    own_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_REMEMBERED", 2)
    codes = [LEGAL, TECHNICAL, ETHICAL]
    with open_session(own_engine, SYSTEM, writes=True) as session:
        texts = [keep(session, str(number), codes[number % 3]) for number in range(9)]
        session.commit()
    with open_session(own_engine, PUBLIC, writes=False) as session:
        for start in range(0, 9, 3):
            assert of_type(session, texts[start : start + 3]) == dict.fromkeys(codes, 1)
        assert of_type(session, texts) == dict.fromkeys(codes, 3)
