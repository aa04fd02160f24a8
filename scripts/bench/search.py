"""Search: our engine against the full text that the databases bring, over the same texts and the same questions.

The questions are those of who reports something: 36 words, any of which may match, and the ten best texts are asked.
"""

import contextlib
import gc
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, insert, text
from sqlalchemy.engine import make_url

from app.adapters.search.postings import Entry, put, put_many
from app.adapters.search.question import question
from app.adapters.search.ranking import rank
from app.adapters.search.settling import compact
from app.db.engine import make_engine, open_session
from app.db.external import ExternalDecision
from app.db.search import LawMention
from app.domain.access import PUBLIC, SYSTEM
from app.domain.law import BWB, LawReference
from app.services.facet import facets_of_decision, keep_facets, told
from scripts.bench.data import LAWS
from scripts.bench.server import OURS, Request, running
from scripts.bench.texts import Text, questions, texts
from scripts.bench.theirs import FOUND, Dutch, Fts5, Theirs
from tests.databases import Databases, NoPostgresql, SqliteFiles, postgresql_cluster

SIZES = {"small": (2_000, 20_000, 100_000), "full": (2_000, 20_000, 100_000, 1_000_000)}
PAGE_AT = 100_000
"""At this size the whole page is asked too, and a ruling is saved."""
WARM, OURS_ASKED, THEIRS_ASKED, SAVED = 50, 200, 40, 100
ROUNDS = 3
SERVED = 300
"""So many pages a server showed before the page is measured, as one that has been at work for some minutes."""
BATCH = 20_000
SOURCE, KIND = "proef", "extern"
DECIDED_ON = date(2024, 5, 1)
FACETS = facets_of_decision(SOURCE, ["juridisch"], DECIDED_ON)
INDEX = ("search_text", "posting", "search_block")
ENGINE, PAGE = "our engine", "our page"

GOALS = {
    (Fts5.name, 100_000): 20,
    (Dutch.name, 100_000): 100,
    (Fts5.name, 1_000_000): 40,
    (Dutch.name, 1_000_000): 100,
}
"""How many times slower than our engine theirs has to be, at the 95th percentile."""
PAGE_GOAL, SAVING_GOAL = 5.0, 5.0


@dataclass(frozen=True, slots=True)
class Asked:
    """How the questions went on one engine: milliseconds a question, the index in MB, seconds to take in."""

    engine: str
    database: str
    size: int
    took: Sequence[float]
    index: float = 0.0
    seconds: float = 0.0

    @property
    def p50(self) -> float:
        """Half of the questions took less."""
        return statistics.median(self.took)

    @property
    def p95(self) -> float:
        """One in twenty took more."""
        return statistics.quantiles(self.took, n=20)[-1]


def compare(kinds: Sequence[Databases], folder: Path, sizes: Sequence[int]) -> None:
    """Ask every engine the same, at each size, and print it with what it means."""
    print(f"\nSearch: questions of 36 words, any of them, the {FOUND} best texts; milliseconds a question.\n")
    print(HEAD.format("engine", "database", "texts", "p50", "p95", "index MB", "taken in s"), flush=True)
    asked: list[Asked] = []
    for size in sizes:
        rows = [*_theirs(kinds, folder, size), *(row for one in kinds for row in _ours(one, folder, size))]
        asked += rows
    _print_ratios(asked)
    _print_growth(asked)


def _theirs(kinds: Sequence[Databases], folder: Path, size: int) -> Iterator[Asked]:
    for databases in kinds:
        if isinstance(databases, SqliteFiles):
            yield _asked_of(Fts5(folder), "sqlite", size)
        else:
            url = databases.empty()
            yield _asked_of(Dutch(url), "postgresql", size)
            databases.drop(url)


def _asked_of(theirs: Theirs, database: str, size: int) -> Asked:
    with contextlib.closing(theirs):
        seconds = _seconds(lambda: theirs.take_in(texts(size)))
        took = _measured(theirs.find, [theirs.words(one) for one in questions(size, WARM + THEIRS_ASKED)])
        return _shown(Asked(theirs.name, database, size, took, theirs.size() / 1e6, seconds))


def _ours(databases: Databases, folder: Path, size: int) -> Iterator[Asked]:
    url = databases.migrated()
    engine = make_engine(url)
    database = make_url(url).get_backend_name()
    seconds = _seconds(lambda: take_in(engine, texts(size)))
    took = _apart(_engine_took, url, size)
    yield _shown(Asked(ENGINE, database, size, took, index_bytes(engine) / 1e6, seconds))
    if size == PAGE_AT:
        yield _shown(Asked(PAGE, database, size, _apart(_page_took, url, folder)))
        _print_saving(engine, database, size)
    engine.dispose()
    databases.drop(url)


def _apart(took: Callable[..., list[float]], *given: object) -> list[float]:
    """What a process of its own measures: one that just took in all these texts has them all over its memory."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(took, *given).result()


def _engine_took(url: str, size: int) -> list[float]:
    """How many milliseconds each question takes our engine."""
    engine = make_engine(url)
    asked = questions(size, WARM + OURS_ASKED)
    # As a server does at its start.
    gc.collect()
    gc.freeze()
    with open_session(engine, PUBLIC, writes=False) as session:

        def find(words: str) -> None:
            # The numbers of the texts, as theirs: what is told about them is for the page, and so is the transaction.
            rank(session, question(words), public=True, limit=0, counted=FOUND)

        took = _measured(find, asked)
    engine.dispose()
    return took


def _page_took(url: str, folder: Path) -> list[float]:
    """How many milliseconds the page takes that shows what was found, asked by who is not logged in."""
    with running(OURS, url, folder) as (server, _):

        def look(words: str) -> None:
            status, _, body = server.ask(Request("GET", f"/precedenten?{urlencode({'q': words})}", {}))
            if status != 200:
                raise RuntimeError(f"the page answered {status}: {body[:300].decode()}")

        for words in questions(PAGE_AT, WARM + OURS_ASKED + SERVED)[-SERVED:]:
            look(words)
        return _measured(look, questions(PAGE_AT, WARM + OURS_ASKED))


def take_in(engine: Engine, offered: Iterable[Text]) -> None:
    """Put in decisions of another body with these texts, by many at a time, and bring the index to rest."""
    rest, number = iter(offered), 1
    while batch := list(islice(rest, BATCH)):
        with open_session(engine, SYSTEM, writes=True) as session:
            rows = [_row(number + place, one) for place, one in enumerate(batch)]
            ids = session.scalars(
                insert(ExternalDecision).returning(ExternalDecision.id, sort_by_parameter_order=True), rows
            )
            entries = [_entry(identity, one) for identity, one in zip(ids, batch, strict=True)]
            found = put_many(session, entries)
            keep_facets(session, dict.fromkeys(found, FACETS))
            session.execute(insert(LawMention), [_mention(identity) for identity in found])
            session.commit()
        number += len(batch)
    after: str | None = ""
    while after is not None:
        with open_session(engine, SYSTEM, writes=True) as session:
            after = compact(session, after=after, most=1)
            session.commit()
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _row(number: int, one: Text) -> dict[str, Any]:
    return {
        "number": f"EXT:{SOURCE}:{number}",
        "source": SOURCE,
        "source_id": str(number),
        "title": one.title,
        "text": one.body,
        "summary": "",
        "decided_on": DECIDED_ON,
        "laws": [],
        "types": ["juridisch"],
        "digest": "",
        "imported_at": datetime.now(UTC),
    }


def _mention(identity: int) -> dict[str, Any]:
    identifier, article = _place(identity)
    return {"text_id": identity, "public": True, "system": BWB, "identifier": identifier, "article": article}


def _place(identity: int) -> tuple[str, str]:
    return LAWS[identity % len(LAWS)], str(identity % 80)


def _entry(identity: int, one: Text) -> Entry:
    law = LawReference(BWB, *_place(identity))
    return Entry(None, identity, KIND, True, one.title, one.body, one.body[:300], facets=told(FACETS, [law]))


def index_bytes(engine: Engine) -> int:
    """What the index takes in the database, without the texts themselves."""
    if engine.dialect.name == "postgresql":
        sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in INDEX)
        query = f"SELECT {sizes}"
    else:
        tables = ", ".join(f"'{table}'" for table in INDEX)
        query = f"SELECT sum(pgsize) FROM dbstat JOIN sqlite_master USING (name) WHERE tbl_name IN ({tables})"
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def _print_saving(engine: Engine, database: str, size: int) -> None:
    """A new text: the index part alone, without the commit that it shares with the ruling itself."""
    took = []
    for number, one in enumerate(texts(SAVED), start=size + 1):
        with open_session(engine, SYSTEM, writes=True) as session:
            made = insert(ExternalDecision).returning(ExternalDecision.id)
            identity = session.scalars(made, [_row(number, one)]).one()
            moment = time.perf_counter()
            put(session, _entry(identity, one))
            took.append((time.perf_counter() - moment) * 1000)
            session.commit()
    middle = statistics.median(took)
    told = f"saving one text on {database}, the index part"
    print(f"{told:52}{size:>10,} texts {middle:.2f} ms   goal at most {SAVING_GOAL:.0f}: {_met(middle <= SAVING_GOAL)}",
          flush=True)  # fmt: skip


def _measured(once: Callable[[Any], object], asked: Sequence[Any]) -> list[float]:
    """How many milliseconds each of the questions takes, after the first few: the best of three rounds.

    What else the machine does would otherwise be the 95th percentile of whoever is quick.
    """
    for one in asked[:WARM]:
        once(one)
    best = [math.inf] * (len(asked) - WARM)
    for _ in range(ROUNDS):
        for place, one in enumerate(asked[WARM:]):
            moment = time.perf_counter()
            once(one)
            best[place] = min(best[place], (time.perf_counter() - moment) * 1000)
    return best


def _seconds(once: Callable[[], object]) -> float:
    began = time.perf_counter()
    once()
    return time.perf_counter() - began


def _shown(one: Asked) -> Asked:
    print(LINE.format(one.engine, one.database, one.size, one.p50, one.p95, one.index, one.seconds), flush=True)
    return one


def _print_ratios(asked: Sequence[Asked]) -> None:
    print("\nHow many times faster our engine is at the 95th percentile, and the goal:")
    ours = [one for one in asked if one.engine == ENGINE]
    for one in ours:
        for other in asked:
            if other.size == one.size and other.engine not in (ENGINE, PAGE):
                goal = GOALS.get((other.engine, one.size))
                told = f"   goal {goal}: {_met(other.p95 / one.p95 >= goal)}" if goal else ""
                versus = f"on {one.database} against {other.engine}"
                print(f"{versus:44}{one.size:>10,} texts × {other.p95 / one.p95:.1f}{told}")
    for page in asked:
        if page.engine == PAGE:
            ratio = next(page.p95 / one.p95 for one in ours if (one.database, one.size) == (page.database, page.size))
            told = f"the page on {page.database} against our engine"
            print(f"{told:44}{page.size:>10,} texts × {ratio:.1f}   goal at most {PAGE_GOAL:.0f}: "
                  f"{_met(ratio <= PAGE_GOAL)}")  # fmt: skip


def _print_growth(asked: Sequence[Asked]) -> None:
    sizes = sorted({one.size for one in asked})
    known = {(one.engine, one.database, one.size): one for one in asked}
    print(f"\nGrowth of p95 from {sizes[0]:,} texts:")
    for one in asked:
        first = known.get((one.engine, one.database, sizes[0]))
        if first is not None and one.size != sizes[0]:
            print(f"{one.engine:20}{one.database:12}{one.size:>10,} texts × {one.p95 / first.p95:.1f}")


def _met(met: object) -> str:
    return "met" if met else "not met"


HEAD = "{:20}{:12}{:>10}" + "{:>10}" * 2 + "{:>12}" * 2
LINE = "{:20}{:12}{:>10,}" + "{:>10.2f}" * 2 + "{:>12.1f}" * 2


def main() -> None:
    """This part alone, at the sizes that are named: `python -m scripts.bench.search 2000 100000`."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES["small"]
    with tempfile.TemporaryDirectory(prefix="knelpunt-bench-") as name, contextlib.ExitStack() as stack:
        kinds: list[Databases] = [SqliteFiles(Path(name))]
        try:
            kinds.append(stack.enter_context(postgresql_cluster(durable=True)))
        except NoPostgresql as reason:
            print(reason)
        compare(kinds, Path(name), sizes)


if __name__ == "__main__":
    main()
