"""Score the search on a judged set, from the import of its texts to the answer of the API.

    .venv/bin/python scripts/score_search.py FOLDER
    .venv/bin/python scripts/score_search.py FOLDER --database sqlite --database postgresql
    .venv/bin/python scripts/score_search.py FOLDER --database postgresql://…  (an empty database)

FOLDER holds `corpus.jsonl` (`_id`, `text` and perhaps `title`), `queries.jsonl` (`_id`, `text`) and `qrels.tsv`
(question, text, score above 0, after a line of names). With two databases it also says for how many questions they give
the same texts with the same scores, and ends with 1 where that is not all of them.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.config import Config  # noqa: E402
from app.factory import create_app  # noqa: E402
from tests.databases import postgresql_cluster  # noqa: E402

KNELPUNT = Path(sys.executable).parent / "knelpunt"
SOURCE, DEPTH = "dev", 10
PREFIX = f"EXT:{SOURCE}:"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
MEANING = "meaning"


class Found(NamedTuple):
    """A text in an answer."""

    identity: str
    score: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Texts, questions, and for each question the texts that answer it."""

    texts: Sequence[Mapping[str, Any]]
    questions: Mapping[str, str]
    right: Mapping[str, set[str]]

    @classmethod
    def of(cls, folder: Path) -> "Judged":
        """Read a folder; a question without a judged answer is left out."""
        right: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            question, text, score = line.split("\t")
            if float(score) > 0:
                right.setdefault(question, set()).add(text)
        asked = {one["_id"]: one["text"] for one in _lines(folder / "queries.jsonl") if one["_id"] in right}
        return cls(list(_lines(folder / "corpus.jsonl")), asked, right)


@dataclass(frozen=True, slots=True)
class Run:
    """What was found for each question, and how many milliseconds each answer took."""

    answers: Mapping[str, list[Found]]
    took: Sequence[float]


def main() -> int:
    """Score, print and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", action="append", default=[], help="sqlite, postgresql or an address")
    parser.add_argument("--questions", type=int, help="ask the first so many")
    parser.add_argument("--meaning", action="store_true", help="with the extra: wait until every text has its vector")
    asked = parser.parse_args()
    judged = Judged.of(asked.folder)
    questions = dict(list(judged.questions.items())[: asked.questions])
    runs = {}
    for name in asked.database or [SQLITE]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="knelpunt-score-")))
            environment = _environment(folder, _address(name, folder, stack))
            _take_in(judged.texts, environment, folder, meaning=asked.meaning)
            runs[name] = _asked(environment, questions)
        _print_score(name, judged, runs[name])
    return _compare(runs)


def gains(found: Sequence[str], right: set[str]) -> tuple[float, float]:
    """How good an order is, and which part of the right texts is in it, both at most 1.

    >>> gains(["a", "b", "c"], {"a"}), gains(["b", "c"], {"a"})
    ((1.0, 1.0), (0.0, 0.0))
    """
    weights = [1 / math.log2(place + 2) for place in range(DEPTH)]
    hits = [text in right for text in found[:DEPTH]]
    gained = sum(weight for weight, hit in zip(weights, hits, strict=False) if hit)
    return gained / sum(weights[: len(right)]), sum(hits) / len(right)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _address(name: str, folder: Path, stack: ExitStack) -> str:
    if name == SQLITE:
        return f"sqlite:///{folder / 'knelpunt.db'}"
    if name == POSTGRESQL:
        return stack.enter_context(postgresql_cluster()).empty()
    return name


def _environment(folder: Path, address: str) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": address, "MODE": "test"}


def _take_in(
    texts: Sequence[Mapping[str, Any]], environment: Mapping[str, str], folder: Path, *, meaning: bool
) -> None:
    """Migrate and import, by the commands that an operator types."""
    file = folder / "besluiten.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for text in texts:
            row = {"bron": SOURCE, "bronId": text["_id"], "tekst": text["text"], "titel": text.get("title") or ""}
            print(json.dumps(row, ensure_ascii=False), file=lines)
    commands = [["migrate"], ["precedent", "import", str(file)], *([["search", MEANING]] if meaning else [])]
    for command in commands:
        began = time.perf_counter()
        done = subprocess.run([KNELPUNT, *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"knelpunt {' '.join(command)}: {done.stderr}")
        print(
            f"knelpunt {' '.join(command[:2])}: {time.perf_counter() - began:.1f} s {done.stdout.strip()}", flush=True
        )


def _asked(environment: Mapping[str, str], questions: Mapping[str, str]) -> Run:
    client = create_app(Config.from_environment(environment)).test_client()
    answers, took = {}, []
    for identity, text in questions.items():
        sent = {"tekst": text, "grondslagen": [], "aantal": DEPTH}
        began = time.perf_counter()
        answer = client.post("/api/v1/precedenten/gelijkende", json=sent)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200 or answer.json is None:
            raise SystemExit(f"{identity}: {answer.status_code} {answer.text}")
        rows = answer.json["resultaten"]
        answers[identity] = [Found(row["nummer"].removeprefix(PREFIX), row["score"]) for row in rows]
    return Run(answers, took)


def _print_score(name: str, judged: Judged, run: Run) -> None:
    each = [gains([one.identity for one in found], judged.right[question]) for question, found in run.answers.items()]
    order, part = (statistics.fmean(values) for values in zip(*each, strict=True))
    middle, slow = statistics.median(run.took), statistics.quantiles(run.took, n=20)[-1]
    print(
        f"{name}: {len(each)} questions over {len(judged.texts)} texts, nDCG@{DEPTH} {order:.4f}, "
        f"Recall@{DEPTH} {part:.4f}; an answer in {middle:.1f} ms, one in twenty in more than {slow:.1f} ms",
        flush=True,
    )


def _compare(runs: Mapping[str, Run]) -> int:
    (first, one), *others = runs.items()
    for name, other in others:
        differing = [question for question, found in one.answers.items() if found != other.answers[question]]
        alike = len(one.answers) - len(differing)
        print(f"{first} and {name}: the same texts, order and scores for {alike} of {len(one.answers)} questions")
        for question in differing[:5]:
            print(f"  {question}: {one.answers[question]} / {other.answers[question]}")
        if differing:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
