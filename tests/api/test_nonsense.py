"""A short run of what `make fuzz` does at length: what nobody planned is answered as the description says."""

from pathlib import Path

from scripts.fuzz.run import ask_nonsense, prepared
from tests.api.stage import Stage

# Each database has one half, since both together take a minute: what looks, and what changes.
HALVES = {"sqlite": ("zwolle", "--exclude-method"), "postgresql": ("ccg_secretaris", "--include-method")}


def test_what_nobody_planned_is_answered_as_described(stage: Stage, tmp_path: Path) -> None:
    prepared(stage)
    who, half = HALVES[stage.engine.dialect.name]

    told = ask_nonsense(
        stage, who, tmp_path / "fuzz", examples=1, seed=1, phases=("examples", "fuzzing"), among=(half, "GET")
    )

    assert told.faults == [], told.report[-20_000:]
    assert told.requests > 50
