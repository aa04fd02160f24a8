"""The benchmark: what people do most, on both databases, against bare SQL and a bare application.

    make bench                2,000 and 20,000 cases; searches in up to 100,000 texts
    make bench SIZE=full      100,000 cases too; searches in up to 1,000,000 texts

Only ratios within one run mean something. Linux alone: it reads the processor time of other processes.
"""

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.db.engine import make_engine
from scripts.bench import floor, search
from scripts.bench.bare import Bare
from scripts.bench.data import ALL, SOME, Data, fill
from scripts.bench.operation import OPERATIONS, Operation, Script
from scripts.bench.server import FLOOR, OURS, Server, children, cpu_seconds, running
from tests.databases import Databases, NoPostgresql, SqliteFiles, postgresql_cluster

SIZES = {"small": (2_000, 20_000), "full": (2_000, 20_000, 100_000)}
WARM, MEASURED = 10, 100
BARE = "bare SQL"


@dataclass(frozen=True, slots=True)
class Measure:
    """How one operation went for one who asks: times in milliseconds, one request each."""

    database: str
    size: int
    operation: str
    who: str
    p50: float
    p95: float
    cpu: float
    database_cpu: float
    rate: float

    @property
    def both(self) -> float:
        """The processor time of application and database together."""
        return self.cpu + self.database_cpu


@dataclass(frozen=True, slots=True)
class Start:
    """What one server needs to begin, and to live."""

    database: str
    size: int
    seconds: float
    mebibytes: float


class Bench:
    """Measures one database of one size."""

    def __init__(self, url: str, size: int, postmaster: int | None, folder: Path) -> None:
        self.url, self.size, self.postmaster, self.folder = url, size, postmaster, folder
        self.database = make_url(url).get_backend_name()

    def run(self) -> tuple[list[Measure], Start]:
        """Fill it, ask everything of everybody, and see what that took."""
        engine = make_engine(self.url)
        script = Script(self._filled(engine))
        with (
            running(FLOOR, self.url, self.folder) as (bottom, _),
            running(OURS, self.url, self.folder) as (ours, seconds),
            contextlib.closing(Bare(self.url)) as bare,
        ):
            measures: list[Measure] = []
            for operation in OPERATIONS:
                rows = list(self._operation(operation, script, ours, bottom, bare))
                _print_rows(rows)
                measures += rows
            start = Start(self.database, self.size, seconds, ours.resident / 2**20)
        engine.dispose()
        return measures, start

    def _filled(self, engine: Any) -> Data:
        data = fill(engine, self.size)
        floor.prepare(self.url)
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
    """Run everything and print it."""
    chosen = os.environ.get("SIZE", "small")
    sizes = SIZES[chosen]
    began = time.monotonic()
    measures: list[Measure] = []
    starts: list[Start] = []
    _print_head()
    with tempfile.TemporaryDirectory(prefix="knelpunt-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        kinds = []
        for databases, postmaster in _kinds(stack, folder):
            kinds.append(databases)
            for size in sizes:
                url = databases.migrated()
                found, start = Bench(url, size, postmaster, folder).run()
                measures += found
                starts.append(start)
                databases.drop(url)
        _print_end(measures, starts)
        search.compare(kinds, folder, search.SIZES[chosen])
    print(f"\nIn {time.monotonic() - began:.0f} seconds.")


def _kinds(stack: contextlib.ExitStack, folder: Path) -> Iterator[tuple[Databases, int | None]]:
    yield SqliteFiles(folder), None
    try:
        cluster = stack.enter_context(postgresql_cluster(durable=True))
    except NoPostgresql as reason:
        print(reason)
        return
    yield cluster, int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])


def _print_head() -> None:
    print("One worker, one connection that is kept; milliseconds a request; × is processor time of application and")
    print("database together, against the floor and against bare SQL of the same work in the same run.\n")
    names = ("database", "cases", "operation", "who", "p50", "p95", "cpu", "cpu db", "req/s", "× floor", "× bare")
    print(HEAD.format(*names), flush=True)


def _print_rows(rows: Sequence[Measure]) -> None:
    """One operation, with who asks it against the floor and bare SQL."""
    below, bare = (next(one.both for one in rows if one.who == who) for who in (FLOOR, BARE))
    for one in rows:
        told = (one.database, one.size, one.operation, one.who, one.p50, one.p95, one.cpu, one.database_cpu, one.rate)
        print(LINE.format(*told, one.both / below, one.both / bare), flush=True)


def _print_end(measures: Sequence[Measure], starts: Sequence[Start]) -> None:
    known = {(one.database, one.size, one.operation, one.who): one for one in measures}
    sizes = sorted({one.size for one in measures})
    print(
        f"\nGrowth of processor time from {sizes[0]:,} to {sizes[-1]:,} cases, and of who sees a tenth to who sees all:"
    )
    for one in measures:
        if one.size == sizes[-1] and one.who in (ALL, SOME):
            growth = one.both / known[one.database, sizes[0], one.operation, one.who].both
            told = f"{one.database:11}{one.operation:18}{one.who:12}growth × {growth:.2f}"
            everything = known.get((one.database, one.size, one.operation, ALL))
            print(
                told
                + (f"   against {ALL} × {one.both / everything.both:.2f}" if everything and one.who == SOME else "")
            )
    print()
    for start in starts:
        told = f"first page after {start.seconds:.2f} s, {start.mebibytes:.0f} MiB resident at the end"
        print(f"{start.database:11}{start.size:>7,} cases: {told}")


HEAD = "{:11}{:>7} {:18}{:10}" + "{:>9}" * 7
LINE = "{:11}{:>7,} {:18}{:10}" + "{:9.2f}" * 4 + "{:9.0f}" + "{:9.2f}" * 2

if __name__ == "__main__":
    main()
