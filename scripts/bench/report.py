"""What was measured, as a table, with each goal of docs/speed.md beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.bench.data import ALL, SOME
from scripts.bench.operation import DEEP, FIRST, Operation
from scripts.bench.server import FLOOR

BARE = "bare SQL"
GROWTH, RESTRICTED, DEEPER = 1.5, 1.3, 1.3
"""At most so many times the processor time: with the most cases, for who sees a tenth, and for a deep page."""
SECONDS, MEBIBYTES = 1.5, 120
"""Until the first page, and at the end."""


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
    cpu: float
    mebibytes: float
    mebibytes_at_end: float


def print_head() -> None:
    """What the columns are."""
    print("One worker, one connection that is kept; milliseconds a request; × is processor time of application and")
    print("database together, against the floor and against bare SQL of the same work in the same run.\n")
    names = ("database", "cases", "operation", "who", "p50", "p95", "cpu", "cpu db", "req/s", "× floor", "× bare")
    print(HEAD.format(*names), flush=True)


def print_rows(operation: Operation, rows: Sequence[Measure]) -> None:
    """One operation, with who asks it against the floor and bare SQL."""
    below, bare = (next(one.both for one in rows if one.who == who) for who in (FLOOR, BARE))
    for one in rows:
        told = (one.database, one.size, one.operation, one.who, one.p50, one.p95, one.cpu, one.database_cpu, one.rate)
        times = one.both / below
        beside = _against(times, operation.goal) if operation.goal and one.who in (ALL, SOME) else ""
        print(LINE.format(*told, times, one.both / bare) + beside, flush=True)


def print_end(measures: Sequence[Measure], starts: Sequence[Start]) -> None:
    """What compares rows of the table, and what starting took."""
    for title, lines in (
        ("Growth of processor time, from the fewest cases to the most", _growth(measures)),
        (f"Processor time of {SOME}, who sees a tenth, against {ALL}, who sees all", _restricted(measures)),
        ("Processor time of a deep page against page 1 of the same list", _deeper(measures)),
        ("Start, and memory", _started(starts)),
    ):
        print(f"\n{title}:")
        for line in lines:
            print(line)


def _growth(measures: Sequence[Measure]) -> Iterator[str]:
    series: dict[tuple[str, str, str], list[Measure]] = {}
    for one in measures:
        series.setdefault((one.database, one.operation, one.who), []).append(one)
    for (database, operation, who), known in series.items():
        first, last = (pick(known, key=lambda one: one.size) for pick in (min, max))
        if who in (ALL, SOME) and first is not last:
            told = f"{database:11}{operation:18}{who:10}{first.size:>7,} to {last.size:>7,}"
            yield told + _times(last.both / first.both, GROWTH)


def _restricted(measures: Sequence[Measure]) -> Iterator[str]:
    everything = {(one.database, one.size, one.operation): one.both for one in measures if one.who == ALL}
    for one in measures:
        key = (one.database, one.size, one.operation)
        if one.who == SOME and key in everything:
            told = f"{one.database:11}{one.size:>7,} {one.operation:18}"
            yield told + _times(one.both / everything[key], RESTRICTED)


def _deeper(measures: Sequence[Measure]) -> Iterator[str]:
    first = {(one.database, one.size, one.who): one.both for one in measures if one.operation == FIRST}
    for one in measures:
        if one.operation == DEEP and one.who in (ALL, SOME):
            told = f"{one.database:11}{one.size:>7,} {one.who:10}"
            yield told + _times(one.both / first[one.database, one.size, one.who], DEEPER)


def _started(starts: Sequence[Start]) -> Iterator[str]:
    for start in starts:
        told = f"{start.database:11}{start.size:>7,} cases"
        yield (
            f"{told}: first page after {start.seconds:.2f} s ({start.cpu:.2f} s of the processor)"
            f"{_against(start.seconds, SECONDS)}; {start.mebibytes:.0f} MiB then, "
            f"{start.mebibytes_at_end:.0f} at the end{_against(start.mebibytes_at_end, MEBIBYTES)}"
        )


def _times(found: float, goal: float) -> str:
    return f"  × {found:.2f}{_against(found, goal)}"


def _against(found: float, goal: float) -> str:
    return f"  (goal {goal:g}: {'met' if found <= goal else 'NOT met'})"


HEAD = "{:11}{:>7} {:18}{:10}" + "{:>9}" * 7
LINE = "{:11}{:>7,} {:18}{:10}" + "{:9.2f}" * 4 + "{:9.0f}" + "{:9.2f}" * 2
