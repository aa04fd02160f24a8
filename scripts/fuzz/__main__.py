"""Ask the API thousands of things that nobody planned, as four roles and on both databases: `make fuzz`.

    make fuzz                  at least 20,000 requests in all, mostly twice that
    make fuzz EXAMPLES=25      many more for each call

Schemathesis makes the requests from the description, right ones and wrong ones, and checks each answer in every way
that it knows: no fault of the server, no answer that is not described, nothing wrong accepted and nothing right
refused. What was wrong stands in `var/fuzz`, with the command that asks it again. Ends with 1 when there was anything.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.db.engine import make_engine
from scripts.fuzz.run import ROLES, ROOT, Told, ask_nonsense, prepared
from tests.api.stage import Stage
from tests.databases import Databases, NoPostgresql, SqliteFiles, postgresql_cluster

TOLD = ROOT / "var" / "fuzz"
EXAMPLES, SEED = 5, 2026
"""How many requests for each call beside those at the edges of what it takes, and the number that repeats a run."""


def main() -> int:
    """Ask everything of everybody, and say what was wrong."""
    examples, seed = int(os.environ.get("EXAMPLES") or EXAMPLES), int(os.environ.get("SEED") or SEED)
    shutil.rmtree(TOLD, ignore_errors=True)
    asked = faults = 0
    for name, databases in _databases():
        for who in ROLES:
            told = _ask(databases, TOLD / f"{name}-{who}", who, examples=examples, seed=seed)
            asked, faults = asked + told.requests, faults + len(told.faults)
            print(f"{name} {who}: {told.requests} requests, {len(told.faults)} faults", flush=True)
            for fault in told.faults:
                print(f"    {fault}", flush=True)
    print(f"{asked} requests, {faults} faults (SEED={seed})")
    return 1 if faults else 0


def _ask(databases: Databases, folder: Path, who: str, *, examples: int, seed: int) -> Told:
    """One run on a database of its own, so that none finds what another left."""
    url = databases.migrated()
    engine = make_engine(url)
    folder.mkdir(parents=True)
    stage = Stage(engine, folder / "data")
    prepared(stage)
    told = ask_nonsense(stage, who, folder, examples=examples, seed=seed)
    (folder / "told.txt").write_text(told.report, "utf-8")
    engine.dispose()
    databases.drop(url)
    return told


def _databases() -> Iterator[tuple[str, Databases]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "sqlite", SqliteFiles(Path(folder))
    with suppress(NoPostgresql), postgresql_cluster() as cluster:
        yield "postgresql", cluster


if __name__ == "__main__":
    sys.exit(main())
