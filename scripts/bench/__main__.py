"""The benchmark: what people do most, on both databases, against bare SQL and a bare application.

    make bench                2,000 and 20,000 cases; searches in up to 100,000 texts
    make bench SIZE=full      lists and search with 100,000 cases too; searches in up to 1,000,000 texts
    make bench PART=cases     only what people do with cases; or paper, or search

Only ratios within one run mean something. Linux alone: it reads the processor time of other processes.
"""

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.adapters.search.lexicon import keep_in
from app.db.engine import make_engine
from scripts.bench import floor, paper, search
from scripts.bench.bare import Bare
from scripts.bench.data import Data, fill
from scripts.bench.operation import OPERATIONS, Operation, Script
from scripts.bench.report import BARE, Measure, Start, print_end, print_head, print_rows
from scripts.bench.server import FLOOR, OURS, Server, children, cpu_seconds, running
from tests.databases import Databases, NoPostgresql, SqliteFiles, postgresql_cluster

SIZES = {"small": (2_000, 20_000), "full": (2_000, 20_000, 100_000)}
CASES, PAPER, SEARCH = PARTS = ("cases", "paper", "search")
WARM, MEASURED = 10, 100


class Bench:
    """Measures one database of one size."""

    def __init__(self, url: str, size: int, postmaster: int | None, folder: Path) -> None:
        self.url, self.size, self.postmaster, self.folder = url, size, postmaster, folder
        self.database = make_url(url).get_backend_name()
        self.document = folder / f"{paper.NUMBER}.pdf"

    def run(self) -> tuple[list[Measure], Start]:
        """Fill it, ask everything of everybody, and see what that took."""
        engine = make_engine(self.url)
        script = Script(self._filled(engine))
        with (
            running(FLOOR, self.url, self.folder) as (bottom, _),
            running(OURS, self.url, self.folder) as (ours, seconds),
            contextlib.closing(Bare(self.url, self.document)) as bare,
        ):
            begun = (cpu_seconds(ours.pid), ours.resident / 2**20)
            measures: list[Measure] = []
            for operation in OPERATIONS:
                if operation.fits(self.size):
                    rows = list(self._operation(operation, script, ours, bottom, bare))
                    print_rows(operation, rows)
                    measures += rows
            start = Start(self.database, self.size, seconds, *begun, ours.resident / 2**20)
        engine.dispose()
        return measures, start

    def _filled(self, engine: Any) -> Data:
        # The first process that ever searches makes the list of words for all that come after it.
        keep_in(self.folder)
        data = fill(engine, self.size)
        floor.prepare(self.url)
        self.document.write_bytes(paper.keep(engine, self.folder))
        if self.database == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                # What autovacuum does in its own time.
                connection.exec_driver_sql("VACUUM ANALYZE")
        return data

    def _operation(
        self, operation: Operation, script: Script, ours: Server, bottom: Server, bare: Bare
    ) -> Iterator[Measure]:
        for reader in operation.readers:
            yield self._served(operation, script, ours, reader, reader)
        yield self._served(operation, script, bottom, operation.readers[0], FLOOR)

        def once(_: int) -> None:
            operation.bare(script, bare)

        yield self._measure(operation.name, BARE, once, time.process_time)

    def _served(self, operation: Operation, script: Script, server: Server, reader: str, who: str) -> Measure:
        server.reconnect()
        requests = operation.requests(script, reader, server, WARM + MEASURED)

        def once(place: int) -> None:
            status, _, body = server.ask(requests[place])
            if status != operation.status:
                raise RuntimeError(f"{operation.name} for {who}: {status} {body[:300].decode()}")

        return self._measure(operation.name, who, once, lambda: cpu_seconds(server.pid))

    def _measure(self, name: str, who: str, once: Callable[[int], None], cpu: Callable[[], float]) -> Measure:
        for place in range(WARM):
            once(place)
        took, used, used_below, began = [], cpu(), self._below(), time.perf_counter()
        for place in range(WARM, WARM + MEASURED):
            moment = time.perf_counter()
            once(place)
            took.append(time.perf_counter() - moment)
        passed = time.perf_counter() - began
        below = self._below() - used_below
        return Measure(
            self.database,
            self.size,
            name,
            who,
            p50=statistics.median(took) * 1000,
            p95=statistics.quantiles(took, n=20)[-1] * 1000,
            cpu=(cpu() - used) * 1000 / MEASURED,
            database_cpu=below * 1000 / MEASURED,
            rate=MEASURED / passed,
        )

    def _below(self) -> float:
        """The processor time of the database's own processes."""
        if self.postmaster is None:
            return 0.0
        return sum(cpu_seconds(pid) for pid in children(self.postmaster))


def main() -> None:
    """Run everything, or one part of it, and print it."""
    chosen, part = os.environ.get("SIZE") or "small", os.environ.get("PART")
    parts = [part] if part else PARTS
    if chosen not in SIZES or not set(parts) <= set(PARTS):
        sys.exit(f"SIZE is one of {', '.join(SIZES)}; PART is one of {', '.join(PARTS)}.")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="knelpunt-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        kinds = list(_kinds(stack, folder))
        if CASES in parts:
            _measure_cases(kinds, folder, SIZES[chosen])
        if PAPER in parts:
            paper.compare()
        if SEARCH in parts:
            search.compare([databases for databases, _ in kinds], folder, search.SIZES[chosen])
    print(f"\nIn {time.monotonic() - began:.0f} seconds.")


def _measure_cases(kinds: Sequence[tuple[Databases, int | None]], folder: Path, sizes: Sequence[int]) -> None:
    measures: list[Measure] = []
    starts: list[Start] = []
    print_head()
    for databases, postmaster in kinds:
        for size in sizes:
            url = databases.migrated()
            found, start = Bench(url, size, postmaster, folder).run()
            measures += found
            starts.append(start)
            databases.drop(url)
    print_end(measures, starts)


def _kinds(stack: contextlib.ExitStack, folder: Path) -> Iterator[tuple[Databases, int | None]]:
    yield SqliteFiles(folder), None
    try:
        cluster = stack.enter_context(postgresql_cluster(durable=True))
    except NoPostgresql as reason:
        print(reason)
        return
    yield cluster, int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])


if __name__ == "__main__":
    main()
