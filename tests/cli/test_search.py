"""The index from the command line: made anew by an operator, and by the worker when the rules for words changed."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete, func, select

from app.adapters.search.question import question
from app.adapters.search.ranking import rank
from app.db.engine import make_engine, open_session
from app.db.external import ExternalDecision
from app.db.search import LawMention, Posting, SearchBlock, SearchFacet, SearchGone, SearchState, SearchText
from app.domain.access import SYSTEM
from tests.cli.conftest import Command
from tests.cli.test_precedent_import import decision, written


def found(url: str, words: str) -> Sequence[str]:
    """The titles of what these words find, the best first."""
    engine = make_engine(url)
    with open_session(engine, SYSTEM, writes=False) as session:
        ids = [one.external_id for one in rank(session, question(words), public=True, limit=10).found]
        titles = dict(session.execute(select(ExternalDecision.id, ExternalDecision.title)).all())
    engine.dispose()
    return [titles[one or 0] for one in ids]


def amounts(url: str) -> dict[str, int]:
    """How many rows each table of the index has."""
    engine = make_engine(url)
    with open_session(engine, SYSTEM, writes=False) as session:
        rows = {
            record.__tablename__: session.scalar(select(func.count()).select_from(record)) or 0
            for record in (SearchText, Posting, SearchBlock, SearchGone)
        }
    engine.dispose()
    return rows


def taken_in(command: Command, path: Path) -> None:
    rows = [
        decision(1, titel="Schuldhulpverlening", tekst="De gemeente helpt bij schulden."),
        decision(2, titel="Afvalpassen", tekst="De pas telt zakken."),
    ]
    assert command("precedent", "import", written(path, *rows)).exit_code == 0


def test_an_index_that_is_made_anew_finds_the_same(command: Command, own_database_url: str, tmp_path: Path) -> None:
    taken_in(command, tmp_path)
    before = found(own_database_url, "schuld"), found(own_database_url, "zak")

    done = command("search", "rebuild")

    assert done.output == "2 teksten opnieuw geïndexeerd.\n"
    assert before == (["Schuldhulpverlening"], ["Afvalpassen"])
    assert (found(own_database_url, "schuld"), found(own_database_url, "zak")) == before
    # What was found before lies nowhere any more.
    rows = amounts(own_database_url)
    assert (rows["search_text"], rows["posting"], rows["search_gone"]) == (2, 0, 0)
    command("search", "rebuild")
    assert amounts(own_database_url) == rows


def test_the_worker_makes_the_index_anew_when_the_rules_for_words_changed(
    command: Command, own_database_url: str, tmp_path: Path
) -> None:
    taken_in(command, tmp_path)
    engine = make_engine(own_database_url)
    with open_session(engine, SYSTEM, writes=True) as session:
        session.merge(SearchState(name="analysis", value={"version": "older"}))
        for record in (Posting, LawMention, SearchFacet):
            session.execute(delete(record))
        session.commit()
    assert found(own_database_url, "schuld") == []

    done = command("worker", "--once")

    assert done.exit_code == 0, done.output
    assert found(own_database_url, "schuld") == ["Schuldhulpverlening"]
    engine.dispose()
