"""A file of reports: sent in as a whole or not at all, and never twice."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.db.case import Case
from app.db.engine import make_engine, open_session
from app.db.notice import Notice, Outbox
from app.db.report import Report
from app.domain.access import COORDINATOR_ROLE, SYSTEM
from app.domain.calendar import amsterdam_day
from tests.cli.conftest import Command
from tests.make import make_account, make_organisation

AMOUNT = 79
COLUMNS = (
    *("titel", "kernvraag", "typen", "verstrekkers", "ontvangers", "gegevenscategorieen", "doel", "grondslagen"),
    *("grondslagOnbekend", "omschrijving", "alGeprobeerd", "maatschappelijkEffect", "urgentie", "vertrouwelijkheid"),
)
REPORTER, COORDINATOR = "melder@knelpunt.example", "coordinator@knelpunt.example"


@pytest.fixture
def engine(own_database_url: str) -> Any:
    """A municipality with somebody who reports, an agency, and who takes reports up."""
    engine = make_engine(own_database_url)
    with open_session(engine, SYSTEM, writes=True) as session:
        home = make_organisation(session, "gemeente Voorbeeldstad", tooi_uri=tooi("gemeente/gm9001"))
        make_organisation(session, "Uitkeringsinstituut", tooi_uri=tooi("zbo/zb900001"))
        make_account(session, "melder", organisation=home, email=REPORTER)
        make_account(session, COORDINATOR_ROLE, organisation=home, email=COORDINATOR)
        make_account(session, "triagist", email="triage@knelpunt.example")
        session.commit()
    yield engine
    engine.dispose()


def report_number(place: int) -> str:
    """The number of the report in this place: of the year that it is, since the command reads the clock."""
    return _number("MLD", place)


def case_number(place: int) -> str:
    return _number("KNP", place)


def _number(kind: str, place: int) -> str:
    return f"{kind}-{amsterdam_day(datetime.now(UTC)).year}-{place:05}"


def tooi(name: str) -> str:
    return f"https://identifier.overheid.nl/tooi/id/{name}"


def cells(number: int, **other: str) -> dict[str, str]:
    """One row of a spreadsheet."""
    return {
        "titel": f"Gegevens over regeling {number}",
        "kernvraag": f"Mag het instituut de gegevens van regeling {number} geven?",
        "typen": "juridisch|technisch",
        "verstrekkers": "Uitkeringsinstituut",
        "ontvangers": f"{tooi('gemeente/gm9001')}\nStichting Voorbeeld, 12345678",
        "gegevenscategorieen": "hoogte van de uitkering|begin van de uitkering",
        "doel": "Inwoners wijzen op hun recht.",
        "grondslagen": "https://wetten.overheid.nl/BWBR0015703/2026-01-01#Artikel64",
        "grondslagOnbekend": "",
        "omschrijving": "Veel inwoners vragen de regeling niet aan;\nwij weten niet wie recht heeft.",
        "alGeprobeerd": "Overleg met het instituut.",
        "maatschappelijkEffect": "Mensen leven onder het bestaansminimum.",
        "urgentie": "normaal",
        "vertrouwelijkheid": "intern",
        **other,
    }


def body(number: int, **other: Any) -> dict[str, Any]:
    """The same report as a machine sends it."""
    row = cells(number)
    return {
        **{key: row[key] for key in ("titel", "kernvraag", "omschrijving", "alGeprobeerd", "maatschappelijkEffect")},
        "typen": ["juridisch", "technisch"],
        "uitwisseling": {
            "verstrekkers": [{"naam": "Uitkeringsinstituut"}],
            "ontvangers": [
                {"tooiUri": tooi("gemeente/gm9001")},
                {"naam": "Stichting Voorbeeld", "kvkNummer": "12345678"},
            ],
            "gegevenscategorieen": ["hoogte van de uitkering", "begin van de uitkering"],
            "doel": row["doel"],
        },
        "grondslagen": [{"link": row["grondslagen"]}],
        "urgentie": "normaal",
        "vertrouwelijkheid": "intern",
        **other,
    }


def spreadsheet(path: Path, *rows: dict[str, str], separator: str = ",", mark: str = "") -> Path:
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    file = path / "brief.csv"
    file.write_text(mark + text.getvalue(), "utf-8")
    return file


def json_lines(path: Path, *rows: Any) -> Path:
    file = path / "brief.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return file


def kept(engine: Engine, record: Any) -> int:
    with open_session(engine, SYSTEM, writes=False) as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


def letters(engine: Engine) -> list[dict[str, Any]]:
    with open_session(engine, SYSTEM, writes=False) as session:
        return [job.payload for job in session.scalars(select(Outbox).where(Outbox.topic == "mail"))]


def test_a_letter_with_79_bottlenecks_is_one_command(command: Command, engine: Engine, tmp_path: Path) -> None:
    file = spreadsheet(tmp_path, *(cells(number) for number in range(AMOUNT)))

    tried = command("report", "import", file, "--as", REPORTER, "--dry-run")
    assert tried.stderr == ""
    assert tried.stdout == "79 meldingen kunnen worden verstuurd, 0 waren al verstuurd. Er is niets bewaard.\n"
    assert kept(engine, Report) == kept(engine, Outbox) == 0

    done = command("report", "import", file, "--as", REPORTER)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == AMOUNT + 1
    assert done.stdout.splitlines()[0] == f"Regel 2: {report_number(1)} bij {case_number(1)}"
    assert done.stdout.endswith("79 meldingen verstuurd, 0 waren al verstuurd.\n")
    assert kept(engine, Report) == kept(engine, Case) == AMOUNT

    again = command("report", "import", file, "--as", REPORTER)
    assert again.stdout == "0 meldingen verstuurd, 79 waren al verstuurd.\n"
    assert kept(engine, Report) == AMOUNT
    assert len(letters(engine)) == 2
    assert kept(engine, Notice) == 1


def test_the_reporter_gets_one_receipt_and_who_takes_it_up_hears_it_once(
    command: Command, engine: Engine, tmp_path: Path
) -> None:
    command("report", "import", spreadsheet(tmp_path, cells(1), cells(2)), "--as", REPORTER)

    receipt, notice = sorted(letters(engine), key=lambda letter: letter["to"])
    assert (receipt["to"], notice["to"]) == (REPORTER, "triage@knelpunt.example")
    assert [row["report"] for row in receipt["context"]["reports"]] == [report_number(1), report_number(2)]
    assert notice["context"]["subject"] == "2 nieuwe meldingen"
    # Who is excused of one of them later still has this message.
    assert "regeling" not in json.dumps(notice)


def test_a_spreadsheet_and_json_say_the_same(command: Command, engine: Engine, tmp_path: Path) -> None:
    first = command("report", "import", spreadsheet(tmp_path, cells(1)), "--as", REPORTER)
    again = command("report", "import", json_lines(tmp_path, body(1), "", body(2)), "--as", COORDINATOR)

    assert first.stdout.endswith("1 meldingen verstuurd, 0 waren al verstuurd.\n")
    assert again.stderr == ""
    assert again.stdout == (
        f"Regel 3: {report_number(2)} bij {case_number(2)}\n1 meldingen verstuurd, 1 waren al verstuurd.\n"
    )


@pytest.mark.parametrize(("separator", "mark"), [(",", ""), (";", "\ufeff"), ("\t", "")])
def test_a_spreadsheet_is_read_as_any_office_writes_it(
    command: Command, engine: Engine, tmp_path: Path, separator: str, mark: str
) -> None:
    row = {f"uitwisseling.{key}" if key == "doel" else key: value for key, value in cells(1).items()}

    done = command("report", "import", spreadsheet(tmp_path, row, separator=separator, mark=mark), "--as", REPORTER)

    assert done.exit_code == 0, done.stderr
    with open_session(engine, SYSTEM, writes=False) as session:
        report = session.scalars(select(Report)).one()
    assert report.types == ["juridisch", "technisch"]
    assert report.exchange["doel"] == "Inwoners wijzen op hun recht."
    assert [one["naam"] for one in report.exchange["ontvangers"]] == ["gemeente Voorbeeldstad", "Stichting Voorbeeld"]
    assert report.laws[0]["identifier"] == "BWBR0015703"
    assert report.description.startswith("Veel inwoners vragen de regeling niet aan;\nwij")


def test_every_fault_of_every_line_is_told_and_nothing_is_kept(
    command: Command, engine: Engine, tmp_path: Path
) -> None:
    file = spreadsheet(
        tmp_path,
        cells(1),
        cells(2, titel="", kernvraag="Geen vraag"),
        cells(3, verstrekkers="Nergens", ontvangers="Ook niet"),
        cells(4, typen="juridisch|onzin", grondslagen="", urgentie="morgen", ontvangers="Weer niet"),
        cells(5, omschrijving="Het BSN is 123456782."),
    )

    refused = command("report", "import", file, "--as", REPORTER)

    assert refused.exit_code == 1
    assert refused.stdout == ""
    told = refused.stderr.splitlines()
    assert told[0] == "Er is niets overgenomen. Verbeter dit en begin opnieuw:"
    # A row takes as many lines of the file as its tallest cells have together.
    assert [line.partition(": ")[2].partition(": ")[0] for line in told[1:]] == [
        *("kolom “titel”", "kolom “kernvraag”"),
        *("kolom “verstrekkers”, waarde 1", "kolom “ontvangers”, waarde 1"),
        *("kolom “ontvangers”, waarde 1", "kolom “typen”, waarde 2", "kolom “grondslagen”", "kolom “urgentie”"),
        "kolom “persoonsgegevensReden”",
    ]
    assert [line.partition(":")[0] for line in told[1:]] == [
        *["Regel 5"] * 2,
        *["Regel 8"] * 2,
        *["Regel 10"] * 4,
        "Regel 12",
    ]
    assert "“Weer niet” staat niet in de lijst." in told[5]
    assert told[6].endswith("Dit kan: juridisch, technisch, maatschappelijk, ethisch.")
    assert told[8].endswith("Dit kan: normaal, spoed.")
    assert kept(engine, Report) == kept(engine, Case) == kept(engine, Outbox) == 0


def test_a_fault_names_the_column_as_the_file_has_it_and_json_as_it_was_sent(
    command: Command, engine: Engine, tmp_path: Path
) -> None:
    row = {f"uitwisseling.{key}" if key == "verstrekkers" else key: text for key, text in cells(1).items()}
    row["uitwisseling.verstrekkers"] = "Nergens"

    of_csv = command("report", "import", spreadsheet(tmp_path, row), "--as", REPORTER).stderr
    of_json = command("report", "import", json_lines(tmp_path, body(1, typen=["onzin"])), "--as", REPORTER).stderr

    assert "Regel 2: kolom “uitwisseling.verstrekkers”, waarde 1: “Nergens” staat niet in de lijst." in of_csv
    assert "Regel 1: typen.0: Kies bij" in of_json
    assert "Dit kan: juridisch, " in of_json


def test_a_row_that_stands_there_twice_is_sent_once(command: Command, engine: Engine, tmp_path: Path) -> None:
    done = command("report", "import", spreadsheet(tmp_path, cells(1), cells(1)), "--as", REPORTER)

    assert done.stdout.endswith("1 meldingen verstuurd, 1 waren al verstuurd.\n")
    assert kept(engine, Report) == 1


def test_lines_that_join_a_known_case_make_no_new_one(command: Command, engine: Engine, tmp_path: Path) -> None:
    command("report", "import", spreadsheet(tmp_path, cells(1)), "--as", REPORTER)

    file = json_lines(tmp_path, body(2, sluitAanBij=case_number(1)), body(3, sluitAanBij=case_number(9999)))
    refused = command("report", "import", file, "--as", REPORTER)
    done = command("report", "import", json_lines(tmp_path, body(2, sluitAanBij=case_number(1))), "--as", REPORTER)

    assert f"Regel 2: sluitAanBij: {case_number(9999)} bestaat niet." in refused.stderr
    assert done.stdout.startswith(f"Regel 1: {report_number(2)} bij {case_number(1)}\n")
    assert (kept(engine, Report), kept(engine, Case)) == (2, 1)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("brief.xlsx", b"PK", "De naam van het bestand eindigt op .csv of op .jsonl."),
        ("brief.csv", b"\xff\xfe\x00", "Dit bestand is geen tekst in UTF-8."),
        ("brief.csv", b"", "De kolom \u201ctitel\u201d ontbreekt."),
        ("brief.csv", b"titel,titel,kleur\n", "De kolom \u201ckleur\u201d kennen wij niet."),
        ("brief.csv", b"titel,titel\n", "De kolom \u201ctitel\u201d staat er twee keer."),
        ("brief.csv", ",".join(COLUMNS).encode() + b'\n"een\n', "is dit geen CSV."),
        ("brief.csv", ",".join(COLUMNS).encode() + b"\n" + b"x," * 20, "Regel 2: Er staan meer cellen dan kolommen."),
        ("brief.jsonl", b"{geen json\n", "Regel 1: Dit is geen JSON."),
        ("brief.jsonl", b"[1]\n", "Regel 1: Stuur hier een object met velden."),
        ("brief.jsonl", b"{}\n" * 1001, "meer dan 1000 meldingen"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    command: Command, engine: Engine, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)

    refused = command("report", "import", tmp_path / name, "--as", REPORTER)

    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("email", ["triage@knelpunt.example", "niemand@knelpunt.example"])
def test_only_who_may_report_sends_a_file(command: Command, engine: Engine, tmp_path: Path, email: str) -> None:
    refused = command("report", "import", spreadsheet(tmp_path, cells(1)), "--as", email)

    assert refused.exit_code == 1
    assert email in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_without_a_name_it_is_asked_for(command: Command, engine: Engine, tmp_path: Path) -> None:
    refused = command("report", "import", spreadsheet(tmp_path, cells(1)))

    assert refused.exit_code == 1
    assert "--as" in refused.stderr
