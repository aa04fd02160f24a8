"""The guide of the API: its commands work on a real server, and what it shows is what they say."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from app.cli.demonstration import prepare
from app.config import Config
from app.db.engine import make_engine, open_session
from app.domain.access import SYSTEM
from app.factory import create_app
from tests.browser import served
from tests.databases import SqliteFiles
from tests.make import work_of, workflows

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "api.md").read_text("utf-8")
STEPS = re.findall(r"```sh\n(.*?)```\n```text\n(.*?)```", GUIDE, re.DOTALL)
MARK = "-- the next step --"
LOOPBACK = "127.0.0.0/8"


@pytest.fixture
def environment(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A served installation with the accounts of the demonstration, and what commands must know of it."""
    url = sqlite_files.migrated()
    data = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path / "var"), "MODE": "demo", "EGRESS_NETWORKS": LOOPBACK}
    config = Config.from_environment(data)
    engine = make_engine(url)
    with open_session(engine, SYSTEM, writes=True) as session:
        prepare(work_of(session))
        session.commit()
    assert config.egress_networks == (ip_network(LOOPBACK),)
    with served(create_app(config, engine=engine, workflows=workflows())) as address:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        yield {
            **kept,
            **data,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "API": f"{address}/api/v1",
            "KNELPUNT": str(Path(sys.executable).parent / "knelpunt"),
            "POORT": str(free_port()),
            "TMPDIR": str(tmp_path),
        }
    engine.dispose()
    sqlite_files.drop(url)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def like(shown: str) -> re.Pattern[str]:
    """What the guide shows, where … stands for anything."""
    return re.compile(".*".join(re.escape(part) for part in shown.strip().split("…")), re.DOTALL)


def test_every_command_of_the_guide_does_what_it_shows(environment: dict[str, str]) -> None:
    bash, curl = shutil.which("bash"), shutil.which("curl")
    if curl is None and os.environ.get("CI") != "true":
        pytest.skip("there is no curl on this machine")
    assert bash
    script = f"\necho '{MARK}'\n".join(commands for commands, _ in STEPS)

    done = subprocess.run(
        [bash, "-euo", "pipefail", "-c", script],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    said = done.stdout.split(MARK)
    pairs = zip(STEPS, said, strict=False)
    wrong = [f"{commands}{output}" for (commands, shown), output in pairs if not like(shown).fullmatch(output.strip())]
    assert (wrong, len(said)) == ([], len(STEPS)), "\n".join([*wrong, done.stderr])


def test_every_block_of_commands_shows_what_it_says() -> None:
    assert len(STEPS) == GUIDE.count("```sh\n") > 10
