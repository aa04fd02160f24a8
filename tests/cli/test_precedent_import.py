"""Taking in decisions of other bodies: what is right is kept once, and what is wrong is told with its line."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.adapters.search.analysis import stems
from app.adapters.search.question import question
from app.adapters.search.ranking import rank
from app.cli.precedent import BATCH
from app.db.engine import make_engine, open_session
from app.db.external import ExternalDecision
from app.db.search import Posting, SearchText
from app.domain.access import PUBLIC, SYSTEM
from tests.cli.conftest import Command


def written(path: Path, *rows: Any) -> Path:
    file = path / "besluiten.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def decision(number: int, **fields: Any) -> dict[str, Any]:
    return {"bron": "AP", "bronId": f"z{number}", "tekst": f"De school mag leerlingen {number} tellen.", **fields}


def amount(url: str, record: Any = ExternalDecision) -> int:
    engine = make_engine(url)
    with open_session(engine, SYSTEM, writes=False) as session:
        found = session.scalar(select(func.count()).select_from(record))
    engine.dispose()
    return found or 0


def test_a_file_is_taken_in_once(command: Command, own_database_url: str, tmp_path: Path) -> None:
    file = written(tmp_path, decision(1), "", decision(2, titel="Tellen", datum="2021-03-04", typen=["juridisch"]))

    first = command("precedent", "import", file)
    again = command("precedent", "import", file)

    assert first.output == "2 besluiten toegevoegd, 0 vervangen, 0 ongewijzigd.\n"
    assert again.output == "0 besluiten toegevoegd, 0 vervangen, 2 ongewijzigd.\n"
    assert amount(own_database_url) == amount(own_database_url, SearchText) == 2


def test_a_text_that_changed_takes_the_place_of_the_old_one(
    command: Command, own_database_url: str, tmp_path: Path
) -> None:
    command("precedent", "import", written(tmp_path, decision(1), decision(2)))

    done = command("precedent", "import", written(tmp_path, decision(1, tekst="Woonboten meren af."), decision(2)))

    assert done.output == "0 besluiten toegevoegd, 1 vervangen, 1 ongewijzigd.\n"
    engine = make_engine(own_database_url)
    with open_session(engine, PUBLIC, writes=False) as session:
        boats = rank(session, question("woonboten"), public=True, limit=5).found
        schools = rank(session, question("school"), public=True, limit=5).found
        number = session.scalar(select(ExternalDecision.number).where(ExternalDecision.id == boats[0].external_id))
    engine.dispose()
    assert (len(boats), len(schools), number) == (1, 1, "EXT:AP:z1")


def test_every_fault_is_told_with_its_line_and_nothing_of_the_batch_is_kept(
    command: Command, own_database_url: str, tmp_path: Path
) -> None:
    file = written(
        tmp_path,
        decision(1),
        {"bron": "A:P", "bronId": "z2", "tekst": " "},
        "{geen json",
        decision(4, url="javascript:alert(1)", datum="morgen", typen=["onbekend"]),
        ["een lijst"],
    )

    refused = command("precedent", "import", file)

    assert refused.exit_code == 1
    assert refused.stdout == ""
    for sentence in (
        "tekst: Geef in “tekst” de tekst van het besluit.",
        "Regel 2: bron: Gebruik geen dubbele punt in de naam van de bron.",
        "Regel 3: Dit is geen JSON in UTF-8.",
        "Regel 4: datum:",
        "url: Vul een adres in dat met https:// begint.",
        "typen.0:",
        "Regel 5: Stuur hier een object met velden.",
    ):
        assert sentence in refused.stderr, sentence
    assert "Traceback" not in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert amount(own_database_url) == 0


def test_batches_before_a_fault_stay_and_are_skipped_the_next_time(
    command: Command, own_database_url: str, tmp_path: Path
) -> None:
    rows = [decision(number) for number in range(BATCH + 2)]

    refused = command("precedent", "import", written(tmp_path, *rows, {"bron": "AP"}))
    kept = amount(own_database_url)
    done = command("precedent", "import", written(tmp_path, *rows))

    assert refused.exit_code == 1
    assert f"Regel {BATCH + 3}:" in refused.stderr
    assert kept == BATCH
    assert done.output == f"2 besluiten toegevoegd, 0 vervangen, {BATCH} ongewijzigd.\n"


def test_first_words_that_stand_in_for_a_title_weigh_as_words(
    command: Command, own_database_url: str, tmp_path: Path
) -> None:
    command("precedent", "import", written(tmp_path, decision(1, titel=""), decision(2, titel="Kwekerij")))

    engine = make_engine(own_database_url)
    with open_session(engine, SYSTEM, writes=False) as session:
        titles = session.scalars(select(ExternalDecision.title).order_by(ExternalDecision.number)).all()
        words = stems("school kwekerij")
        in_titles = session.scalars(select(Posting.title > 0).where(Posting.term.in_(words))).all()
    engine.dispose()
    assert titles == ["De school mag leerlingen 1 tellen.", "Kwekerij"]
    assert sorted(in_titles) == [False, False, True]


def test_a_file_that_is_not_there_is_told_in_one_sentence(command: Command, tmp_path: Path) -> None:
    refused = command("precedent", "import", tmp_path / "weg.jsonl")

    assert refused.exit_code == 1
    assert "Traceback" not in refused.stderr
    assert refused.stderr.count("\n") == 1
