"""The index: it is written with what it finds, and whatever the worker does with it, the same is found."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from app.adapters.search.postings import Entry, put, put_many, remove
from app.adapters.search.question import question
from app.adapters.search.ranking import rank
from app.adapters.search.settling import compact, end_purge, gone_texts, purge, settle
from app.adapters.search.suggestion import suggest
from app.db.engine import make_engine, open_session
from app.db.external import ExternalDecision
from app.db.search import Posting, SearchBlock, SearchGone, SearchText, SearchWord
from app.domain.access import PUBLIC, SYSTEM
from app.services.external import keep_decisions
from app.services.index import Keeper, index_precedent, index_title_alone
from app.services.search import hits
from app.services.work import Work
from scripts.bench.texts import Text, questions, texts
from tests.api.stage import Stage
from tests.databases import Databases
from tests.make import NOW, make_case, make_precedent, work_of

SIZE, ASKED, FOUND = 120, 30, 20
EXTERNAL = "extern"
TEXTS = list(texts(SIZE))
QUESTIONS = questions(SIZE, ASKED)
TABLES = (SearchText, Posting, SearchBlock, SearchGone, SearchWord)

Answers = list[list[tuple[int, float]]]
"""For each question the texts that were found, by the decision that they are of, with their scores."""


def decisions(session: Session, amount: int) -> list[int]:
    """So many decisions of another body, of which the index knows nothing yet; their ids."""
    rows = [
        {
            "number": f"EXT:proef:{number}",
            "source": "proef",
            "source_id": str(number),
            "title": f"Besluit {number}",
            "text": "",
            "summary": "",
            "laws": [],
            "types": [],
            "digest": "",
            "imported_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        for number in range(amount)
    ]
    return list(
        session.scalars(insert(ExternalDecision).returning(ExternalDecision.id, sort_by_parameter_order=True), rows)
    )


def entry(identity: int, text: Text) -> Entry:
    return Entry(None, identity, EXTERNAL, public=True, title=text.title, body=text.body, excerpt=text.body)


def answers(session: Session, asked: Sequence[str] = QUESTIONS, limit: int = FOUND) -> Answers:
    """What is found for each question."""
    session.flush()
    rankings = [rank(session, question(text), public=True, limit=limit) for text in asked]
    return [[(found.external_id or 0, found.score) for found in ranking.found] for ranking in rankings]


def amounts(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


@pytest.fixture
def filled(own_engine: Engine) -> Iterator[Session]:
    """Half of the texts came in by many at once, the others one by one."""
    with open_session(own_engine, SYSTEM, writes=True) as session:
        ids = decisions(session, SIZE)
        entries = [entry(identity, text) for identity, text in zip(ids, TEXTS, strict=True)]
        for start in range(0, SIZE // 2, 5):
            put_many(session, entries[start : start + 5])
        for one in entries[SIZE // 2 :]:
            put(session, one)
        session.commit()
        yield session
        session.rollback()


def all_settled(session: Session) -> Iterator[int]:
    while done := settle(session, limit=50):
        yield done


def all_compacted(session: Session) -> None:
    after: str | None = ""
    while after is not None:
        after = compact(session, after=after, terms=500)


def all_purged(session: Session) -> None:
    while gone := gone_texts(session):
        after: str | None = ""
        while after is not None:
            after = purge(session, gone, after=after, terms=500)
        end_purge(session, gone)


def test_questions_find_the_texts_that_they_were_taken_from(filled: Session) -> None:
    found = [[identity for identity, _ in one] for one in answers(filled, [text.body for text in TEXTS[::12]])]

    assert [one[0] for one in found] == [number * 12 + 1 for number in range(SIZE // 12)]


@pytest.mark.parametrize("amount", [1, 3, 1000], ids=["the best", "a few", "all"])
@pytest.mark.parametrize("part", [slice(None, None, 2), slice(-8, None)], ids=["half", "the last"])
def test_who_may_see_a_part_finds_of_it_what_the_whole_would_give(filled: Session, amount: int, part: slice) -> None:
    for asked in map(question, QUESTIONS[:10]):
        whole = rank(filled, asked, public=True, limit=0).ids
        seen = whole[part]

        some = select(SearchText.id).where(SearchText.id.in_(seen))

        assert rank(filled, asked, public=True, limit=0, among=some, counted=amount).ids == seen[:amount]


def test_who_asks_for_a_least_share_gets_those_that_have_it_and_those_that_were_named(filled: Session) -> None:
    for asked in map(question, QUESTIONS[:10]):
        whole = rank(filled, asked, public=True, limit=SIZE).found
        least, last = whole[5].share, whole[-1].text_id

        found = rank(filled, asked, public=True, limit=SIZE, least=least, but=[last]).found

        assert found == [one for one in whole if one.share >= least or one.text_id == last]


def test_settling_and_compacting_change_no_score_and_no_order(filled: Session) -> None:
    before = answers(filled)

    for _ in all_settled(filled):
        assert answers(filled) == before
    assert amounts(filled)[1] == 0
    blocks = amounts(filled)[2]
    all_compacted(filled)

    assert amounts(filled)[2] < blocks
    assert answers(filled) == before


def test_a_text_that_was_taken_away_is_not_found_before_it_is_purged_nor_after(filled: Session) -> None:
    gone = set(range(1, SIZE, 3))
    for identity in gone:
        remove(filled, external_id=identity)

    before = answers(filled)
    for _ in all_settled(filled):
        assert answers(filled) == before
    all_purged(filled)
    after = answers(filled)

    assert not gone & {identity for found in before for identity, _ in found}
    assert [[identity for identity, _ in found] for found in after] == [
        [identity for identity, _ in found] for found in before
    ]
    assert after == before
    assert amounts(filled)[3] == 0


def test_a_text_that_changed_is_found_by_its_new_words_alone(filled: Session) -> None:
    old, new = TEXTS[6], Text("Woonboten", "Woonboten in de haven betalen liggeld aan de havenmeester.")

    put(filled, entry(7, new))

    assert answers(filled, ["woonboten havenmeester liggeld"])[0][0][0] == 7
    assert 7 not in [identity for identity, _ in answers(filled, [old.body])[0]]


def test_what_was_removed_and_settled_leaves_nothing_behind(filled: Session) -> None:
    for identity in range(1, SIZE + 1):
        remove(filled, external_id=identity)
    list(all_settled(filled))

    all_purged(filled)

    assert amounts(filled) == [0, 0, 0, 0, 0]
    assert answers(filled) == [[]] * ASKED


def test_the_order_in_which_texts_came_in_changes_no_score(own_engine: Engine) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        entries = [entry(identity, text) for identity, text in zip(decisions(session, 60), TEXTS, strict=False)]
        put_many(session, entries)
        one = [sorted(found) for found in answers(session, limit=SIZE)]
        for again in reversed(entries):
            put(session, again)

        other = [sorted(found) for found in answers(session, limit=SIZE)]

    assert one == other


def test_a_text_is_found_in_the_transaction_that_writes_it_and_by_others_after_it(filled: Session) -> None:
    engine = filled.get_bind()
    assert isinstance(engine, Engine)
    (identity,) = filled.scalars(
        insert(ExternalDecision).returning(ExternalDecision.id),
        [
            {
                "number": "EXT:nieuw:1",
                "source": "nieuw",
                "source_id": "1",
                "title": "Woonboten",
                "text": "",
                "summary": "",
                "laws": [],
                "types": [],
                "digest": "",
                "imported_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
        ],
    )
    put(filled, entry(identity, Text("Woonboten", "Woonboten betalen liggeld.")))

    def elsewhere() -> Answers:
        with open_session(engine, PUBLIC, writes=False) as other:
            return answers(other, ["liggeld van woonboten"])

    within = answers(filled, ["liggeld van woonboten"])
    before = elsewhere()
    filled.commit()

    assert within[0][0][0] == identity
    assert identity not in [found for found, _ in before[0]]
    assert elsewhere() == within


def test_what_is_rolled_back_leaves_no_text_and_no_postings(filled: Session) -> None:
    before, found = amounts(filled), answers(filled)

    put(filled, entry(3, Text("Woonboten", "Woonboten betalen liggeld.")))
    put_many(filled, [entry(5, Text("Havens", "De havenmeester telt woonboten."))])
    assert amounts(filled) != before
    filled.rollback()

    assert amounts(filled) == before
    assert answers(filled) == found


DIES = """
import sys, time
from app.db.engine import make_engine, open_session
from app.domain.access import SYSTEM
from tests.services.test_index import Text, decisions, entry, put, put_many

with open_session(make_engine(sys.argv[1]), SYSTEM, writes=True) as session:
    ids = decisions(session, 2)
    put(session, entry(ids[0], Text("Woonboten", "Woonboten betalen liggeld.")))
    put_many(session, [entry(ids[1], Text("Havens", "De havenmeester telt woonboten."))])
    session.flush()
    print("written", flush=True)
    time.sleep(60)
"""


def test_a_process_that_dies_before_the_end_leaves_neither(own_engine: Engine, own_database_url: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["."])}
    with subprocess.Popen(
        [sys.executable, "-c", DIES, own_database_url], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)

    with open_session(own_engine, SYSTEM, writes=True) as session:
        assert amounts(session) == [0, 0, 0, 0, 0]
        assert session.scalar(select(func.count()).select_from(ExternalDecision)) == 0
        # Nothing is locked: what was lost is written again.
        put(session, entry(decisions(session, 1)[0], Text("Woonboten", "Woonboten betalen liggeld.")))
        assert len(answers(session, ["woonboten"])[0]) == 1


def test_a_ruling_is_found_in_the_transaction_that_publishes_it_and_a_crash_leaves_neither(work: Work) -> None:
    case = make_case(work)
    precedent = make_precedent(work, case, public=True)
    before = amounts(work.session)
    mark = work.session.begin_nested()
    index_precedent(work, precedent, record("Woonboten in de haven"))

    found = hits(work, "liggeld voor woonboten", cases=False)

    assert [hit.number for hit in found] == [precedent.number]
    mark.rollback()
    assert amounts(work.session) == before
    assert hits(work, "liggeld voor woonboten", cases=False) == []


def test_of_a_ruling_of_which_the_text_was_taken_away_only_the_title_is_found(work: Work) -> None:
    case = make_case(work)
    precedent = make_precedent(work, case, public=True, title="Woonboten in de haven")
    index_precedent(work, precedent, record("Woonboten in de haven"))

    index_title_alone(work, precedent)

    assert [hit.number for hit in hits(work, "woonboten", cases=False)] == [precedent.number]
    assert hits(work, "liggeld", cases=False) == []
    assert suggest(work.session, "liggedl") == []


def test_who_mistypes_a_form_that_no_text_has_is_offered_it_where_a_text_has_another(work: Work) -> None:
    case = make_case(work)
    precedent = make_precedent(work, case, public=True)
    index_precedent(work, precedent, record("Hulp aan een woonboot met schuldhulpverlening"))

    assert suggest(work.session, "schuldne")[:1] == ["schulden"]
    assert suggest(work.session, "shculden")[:1] == ["schulden"]
    # A word that every dictionary knows and no text has helps nobody.
    assert suggest(work.session, "kanarei") == []


def test_a_rebuild_finds_everything_at_every_step_and_in_the_end_the_same(own_engine: Engine) -> None:
    keeper = Keeper(own_engine, lambda: NOW)
    with open_session(own_engine, SYSTEM, writes=True) as session:
        offered = [
            {"source": "proef", "source_id": str(number), "title": text.title, "text": text.body}
            for number, text in enumerate(TEXTS)
        ]
        keep_decisions(work_of(session), offered[:50])
        keep_decisions(work_of(session), offered[50:])
        session.commit()
    asked = [text.body for text in TEXTS[::15]]

    def found() -> Answers:
        with open_session(own_engine, PUBLIC, writes=False) as session:
            return answers(session, asked)

    first = found()
    steps = []

    keeper.rebuild(lambda done, total: steps.append((done, total, found() == first)), afresh=True)

    assert steps[-1][:2] == (SIZE, SIZE)
    assert all(same for _, _, same in steps)
    assert found() == first
    with open_session(own_engine, PUBLIC, writes=False) as session:
        assert amounts(session)[3] == 0


def test_both_databases_give_the_same_texts_in_the_same_order_with_the_same_scores(
    sqlite_files: Databases, postgresql: Databases, tmp_path: Path
) -> None:
    told = [_told_by(databases, tmp_path / str(place)) for place, databases in enumerate((sqlite_files, postgresql))]

    assert told[0] == told[1]
    assert len(told[0]) == 100
    assert all(len(one) == 10 for one in told[0])


def _told_by(databases: Databases, folder: Path) -> list[list[tuple[str, float, str]]]:
    """What the API answers to a hundred questions: some texts lie in blocks, others do not yet."""
    url = databases.migrated()
    engine = make_engine(url)
    stage = Stage(engine, folder)
    offered = [
        {"source": "proef", "source_id": str(number), "title": text.title if number % 2 else "", "text": text.body}
        for number, text in enumerate(texts(300))
    ]
    for start, end in ((0, 200), (200, 250), (250, 300), (20, 40)):
        with stage.work() as work:
            keep_decisions(work, offered[start:end])
    answered = []
    for text in questions(300, 100):
        answer = stage.post("/precedenten/gelijkende", None, {"tekst": text, "grondslagen": [], "aantal": 10}).json
        assert answer is not None
        answered.append([(row["nummer"], row["score"], row["fragment"]) for row in answer["resultaten"]])
    engine.dispose()
    databases.drop(url)
    return answered


def record(title: str) -> dict[str, Any]:
    """As much of a public record as a ruling is found by."""
    return {"titel": title, "kernvraag": "Mag dit?", "kernregel": "De havenmeester mag liggeld vragen.", "feiten": ""}
