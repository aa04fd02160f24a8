"""Bare SQL: the same work by statements that were written by hand, straight on the driver of the database."""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from scripts.bench.floor import COUNTED, HITS, MOST, SHOWN

ONE = """SELECT process.id, process.number, state, title, due, changed_at, key_question, description, exchange, tried,
    societal_effect, organisation.name, account.name FROM process JOIN "case" ON "case".id = process.id
    LEFT JOIN organisation ON organisation.id = process.organisation_id
    LEFT JOIN account ON account.id = process.owner_id WHERE process.number = :number"""
BESIDE = (
    "SELECT facet, value FROM facet WHERE case_id = :id",
    "SELECT system, identifier, article FROM case_law WHERE case_id = :id",
    "SELECT question, answer FROM completion_point WHERE case_id = :id",
    "SELECT role, name FROM party JOIN organisation ON organisation.id = organisation_id WHERE case_id = :id",
    """SELECT role, at, text, name FROM message LEFT JOIN organisation ON organisation.id = organisation_id
       WHERE process_id = :id ORDER BY message.id""",
    "SELECT name, size FROM attachment WHERE process_id = :id",
    "SELECT number, title, state FROM process WHERE case_id = :id",
    "SELECT number, name FROM report JOIN organisation ON organisation.id = organisation_id WHERE case_id = :id",
    "SELECT number FROM application JOIN process ON process.id = precedent_id WHERE application.case_id = :id",
)
LINES = """SELECT at, action, source, target, role, reason, hash, organisation.name, account.name FROM event
    LEFT JOIN organisation ON organisation.id = event.organisation_id LEFT JOIN account ON account.id = event.account_id
    WHERE process_id = :id ORDER BY sequence DESC"""
CHOSEN = """FROM process {} WHERE process.kind = 'knelpunt' AND state = :status AND due IS NOT NULL AND EXISTS
    (SELECT 1 FROM facet WHERE facet.case_id = process.id AND facet.facet = 'type' AND facet.value = :type)"""
STRETCH = f"""SELECT process.id, number, title, state, due, changed_at, name
    {CHOSEN.format("LEFT JOIN organisation ON organisation.id = organisation_id")}
    ORDER BY due, process.id LIMIT {SHOWN}"""
COUNT = f"SELECT count(*) FROM (SELECT 1 {CHOSEN.format('')} LIMIT {COUNTED}) AS counted"
PLACE = "SELECT changed_at, id FROM process WHERE number = :number"
AFTER = f"""SELECT process.id, number, title, state, due, changed_at, name
    FROM process LEFT JOIN organisation ON organisation.id = organisation_id
    WHERE process.kind = 'knelpunt' AND (changed_at, process.id) < (:at, :id)
    ORDER BY changed_at DESC, process.id DESC LIMIT {SHOWN}"""
FIRST = AFTER.replace(" AND (changed_at, process.id) < (:at, :id)", "")
TABLE = f"""SELECT number, title, state, due, changed_at, name
    FROM process LEFT JOIN organisation ON organisation.id = organisation_id
    WHERE process.kind = 'knelpunt' AND EXISTS
    (SELECT 1 FROM case_law WHERE case_law.case_id = process.id AND case_law.identifier = :law)
    ORDER BY changed_at DESC, process.id DESC LIMIT {MOST}"""
ALL_COUNTED = f"SELECT count(*) FROM (SELECT 1 FROM process WHERE kind = 'knelpunt' LIMIT {COUNTED}) AS counted"
FIND = {
    "sqlite": f"""SELECT number, title, state, key_question, bm25(floor_text) AS score FROM floor_text
        JOIN process ON process.id = floor_text.rowid JOIN "case" ON "case".id = process.id
        WHERE floor_text MATCH :words ORDER BY score LIMIT {HITS}""",
    "postgresql": f"""SELECT number, title, state, key_question, score FROM
        (SELECT id, ts_rank(words, asked) AS score FROM floor_text, to_tsquery('dutch', :words) asked
         WHERE words @@ asked ORDER BY score DESC LIMIT {HITS}) best
        JOIN process USING (id) JOIN "case" USING (id)""",
}
FILE = (
    """INSERT INTO process (kind, version, state, number, title, organisation_id, confidentiality, public,
    demonstration,
       opened_at, changed_at, entered_on, extended, reminders, revision, last_sequence, last_hash)
       VALUES ('knelpunt', 1, 'ingediend', :number, :title, 1, 'intern', false, false, :at, :at, :day, false, 0, 1, 1,
       :hash) RETURNING id""",
    """INSERT INTO "case" (id, key_question, description, exchange, tried, societal_effect, urgency, reopened_count,
       sources) VALUES (:id, :title, :text, :json, '', '', 'normaal', 0, '[]')""",
    "INSERT INTO facet (case_id, facet, value) VALUES (:id, 'type', 'juridisch')",
    "INSERT INTO case_law (case_id, system, identifier) VALUES (:id, 'bwb', 'BWBR0031331')",
    "INSERT INTO party (case_id, organisation_id, role) VALUES (:id, 2, 'verstrekker')",
    """INSERT INTO report (number, case_id, organisation_id, joins, title, key_question, description, types, exchange,
       laws, basis_unknown, tried, societal_effect, urgency, confidentiality, similar_shown, filed_at)
       VALUES (:report, :id, 1, false, :title, :title, :text, '[]', :json, '[]', false, '', '', 'normaal', 'intern',
       '[]', :at)""",
)
WRITE = """INSERT INTO event (process_id, sequence, version, action, source, target, half, at, role, reason, answers,
    previous_hash, hash) VALUES (:id, :sequence, 1, :action, 'in_intake', 'in_intake', false, :at, 'triagist', :text,
    '{}', :hash, :hash)"""
SAY = """INSERT INTO message (process_id, role, internal, text, at)
    VALUES (:id, 'triagist', true, :text, :at)"""
RAISE = """UPDATE process SET revision = revision + 1, last_sequence = :sequence, last_hash = :hash, changed_at = :at
    WHERE id = :id AND revision = :revision"""
FOUND = "SELECT id, revision, last_sequence FROM process WHERE number = :number"
HASH = "0" * 64


class Bare:
    """One connection of the driver, and each operation of the benchmark on it."""

    def __init__(self, url: str, kept: Path) -> None:
        self.kept = kept
        address = make_url(url)
        self.dialect = address.get_backend_name()
        self.connection: Any
        if self.dialect == "sqlite":
            self.connection = sqlite3.connect(str(address.database))
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=FULL")
        else:
            self.connection = psycopg.connect(url)
            self.pid = self.connection.info.backend_pid
        self.made = 0

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def read(self, number: str) -> None:
        """A case and all that is shown with it, but its history."""
        self._beside(self._run(ONE, {"number": number})[0][0])
        self.connection.rollback()

    def read_with_history(self, number: str) -> None:
        """A case and all that is shown with it."""
        identity = self._run(ONE, {"number": number})[0][0]
        self._beside(identity)
        self._run(LINES, {"id": identity})
        self.connection.rollback()

    def stretch(self, asked: Mapping[str, str]) -> None:
        """Twenty-five cases and how many there are."""
        self._run(STRETCH, asked)
        self._run(COUNT, asked)
        self.connection.rollback()

    def stretch_after(self, number: str) -> None:
        """Twenty-five cases after one of them, and how many there are in all."""
        place = self._run(PLACE, {"number": number})[0]
        self._run(AFTER, {"at": place[0], "id": place[1]})
        self._run(ALL_COUNTED, {})
        self.connection.rollback()

    def stretch_of_all(self) -> None:
        """The first twenty-five of all cases, and how many there are."""
        self._run(FIRST, {})
        self._run(ALL_COUNTED, {})
        self.connection.rollback()

    def table(self, law: str) -> None:
        """All cases of a narrowed list."""
        self._run(TABLE, {"law": law})
        self.connection.rollback()

    def document(self) -> None:
        """A document that is kept as a file."""
        self.kept.read_bytes()

    def find(self, words: Sequence[str]) -> None:
        """The cases with these words, by the full text of the engine."""
        joined = {"sqlite": " OR ", "postgresql": " | "}[self.dialect].join(words)
        self._run(FIND[self.dialect], {"words": joined})
        self.connection.rollback()

    def file(self, title: str, words: str) -> None:
        """A report, with its case and its first line."""
        self.made += 1
        now = datetime.now(UTC)
        values = {
            "number": f"KNP-{now.year}-B{self.made}",
            "report": f"MLD-{now.year}-B{self.made}",
            "title": title,
            "at": self._moment(now),
            "day": now.date().isoformat(),
            "text": words,
            "json": json.dumps({}),
            "hash": HASH,
            "sequence": 1,
            "action": "indienen",
        }
        values["id"] = self._run(FILE[0], values)[0][0]
        for statement in FILE[1:]:
            self._run(statement, values)
        self._run(WRITE, values)
        self.connection.commit()

    def act(self, number: str, words: str) -> None:
        """A note on a case, with its line."""
        lock = " FOR UPDATE" if self.dialect == "postgresql" else ""
        identity, revision, last = self._run(FOUND + lock, {"number": number})[0]
        values = {
            "id": identity,
            "revision": revision,
            "sequence": last + 1,
            "action": "notitie",
            "text": words,
            "hash": HASH,
            "at": self._moment(datetime.now(UTC)),
        }
        for statement in (WRITE, SAY, RAISE):
            self._run(statement, values)
        self.connection.commit()

    def _beside(self, identity: int) -> None:
        for statement in BESIDE:
            self._run(statement, {"id": identity})

    def _moment(self, moment: datetime) -> Any:
        return moment if self.dialect == "postgresql" else moment.replace(tzinfo=None).isoformat(" ")

    def _run(self, statement: str, values: Mapping[str, Any]) -> Any:
        cursor = self.connection.execute(self._written(statement), values)
        return cursor.fetchall() if cursor.description else None

    def _written(self, statement: str) -> str:
        """The statement with the marks of the driver."""
        if statement not in WRITTEN:
            WRITTEN[statement] = re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement)
        return statement if self.dialect == "sqlite" else WRITTEN[statement]


WRITTEN: dict[str, str] = {}
Operation = Callable[[Bare], None]
