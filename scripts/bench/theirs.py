"""The full text that the databases bring, over the same texts: each in the way that ranked best on judged texts."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import psycopg

from scripts.bench.texts import Text, saying_words

FOUND = 10


class Theirs(Protocol):
    """An engine that takes in texts once, and is asked many times."""

    name: str

    def words(self, question: str) -> Sequence[str]:
        """The words of a question that this engine is asked."""

    def take_in(self, texts: Iterable[Text]) -> None:
        """Take in these texts, numbered from one."""

    def find(self, words: Sequence[str]) -> list[int]:
        """The numbers of the texts with any of these words, the best first."""

    def size(self) -> int:
        """The bytes that the index takes."""

    def close(self) -> None:
        """Give everything back."""


class Fts5:
    """SQLite FTS5 with bm25, without the texts themselves."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "fts5.db"
        self.connection = sqlite3.connect(self.path)

    def words(self, question: str) -> Sequence[str]:
        """Those that say something: it knows none that say nothing."""
        return saying_words(question)

    def take_in(self, texts: Iterable[Text]) -> None:
        """Take in these texts, and bring the index in one piece."""
        self.connection.execute(
            "CREATE VIRTUAL TABLE theirs USING fts5(words, content='', tokenize='unicode61 remove_diacritics 2')"
        )
        rows = enumerate((text.whole for text in texts), start=1)
        self.connection.executemany("INSERT INTO theirs(rowid, words) VALUES (?, ?)", rows)
        self.connection.execute("INSERT INTO theirs(theirs) VALUES ('optimize')")
        self.connection.commit()
        self.connection.execute("VACUUM")

    def find(self, words: Sequence[str]) -> list[int]:
        """The best texts, by the order that FTS5 makes itself."""
        asked = " OR ".join(f'"{word}"' for word in words)
        query = "SELECT rowid FROM theirs WHERE theirs MATCH ? ORDER BY rank LIMIT ?"
        return [number for (number,) in self.connection.execute(query, (asked, FOUND))]

    def size(self) -> int:
        """The file, which holds nothing else."""
        return self.path.stat().st_size

    def close(self) -> None:
        """Take the file away."""
        self.connection.close()
        self.path.unlink()


class Dutch:
    """PostgreSQL with its configuration `dutch`, a GIN index, and `ts_rank` divided by the logarithm of the length."""

    name = "PostgreSQL dutch"

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def words(self, question: str) -> Sequence[str]:
        """All: the configuration itself knows which say nothing."""
        return question.split()

    def take_in(self, texts: Iterable[Text]) -> None:
        """Take in these texts, and do what autovacuum does in its own time."""
        run = self.connection.execute
        run(
            "CREATE TABLE theirs (id int PRIMARY KEY, whole text,"
            " words tsvector GENERATED ALWAYS AS (to_tsvector('dutch', whole)) STORED)"
        )
        with self.connection.cursor().copy("COPY theirs (id, whole) FROM STDIN") as copy:
            for number, text in enumerate(texts, start=1):
                copy.write_row((number, text.whole))
        run("CREATE INDEX theirs_words ON theirs USING gin (words)")
        run("VACUUM ANALYZE theirs")

    def find(self, words: Sequence[str]) -> list[int]:
        """The best texts, equal ones in the order of their numbers."""
        query = """SELECT id FROM theirs, to_tsquery('dutch', %s) asked WHERE words @@ asked
            ORDER BY ts_rank(words, asked, 1) DESC, id LIMIT %s"""
        return [number for (number,) in self.connection.execute(query, (" | ".join(words), FOUND))]

    def size(self) -> int:
        """The index alone: to rank, it needs the words in the table too."""
        row = self.connection.execute("SELECT pg_relation_size('theirs_words')").fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        """Hang up."""
        self.connection.close()
