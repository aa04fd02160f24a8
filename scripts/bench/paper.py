"""A document of a few pages: what drawing it costs beside WeasyPrint alone, and what it costs to give one that is kept.

A document is drawn once, by the worker, in a process of its own: without our secrets, and with a limit on time and
memory. What that process costs is its start, so both are measured, each against WeasyPrint that draws the same page in
the same way: the drawing by itself in a process that is warm, and the whole.
"""

import io
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from app.adapters import pdf
from app.adapters.page import Templates
from app.adapters.store import Store
from app.config import resource as folder_of
from app.db.engine import open_session
from app.db.publication import PublicRecord
from app.domain.access import SYSTEM

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "tests" / "adapters" / "ruling.json"
FONTS = ROOT / "app" / "web" / "static" / "build" / "fonts"
NUMBER = "CCG:2026:1"
MOMENT = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)
WARM, DRAWN, STARTED = 2, 10, 5
GOAL = 1.15
"""At most so many times what WeasyPrint asks by itself."""
LEFT_OUT = ("aanbevelingen", "afzonderlijkeNotas", "citaties", "voorwaarden")
"""Without these the ruling of the tests fills some three pages."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How drawing one document went: milliseconds, and those of the processor."""

    name: str
    p50: float
    cpu: float


def keep(engine: Engine, folder: Path) -> bytes:
    """Publish a ruling of which the document is drawn and kept; the document."""
    record = _record()
    drawn = _drawn_by_child()
    digest = Store(folder / "files").put(drawn)
    with open_session(engine, SYSTEM, writes=True) as session:
        session.add(
            PublicRecord(
                number=NUMBER,
                issue=1,
                title=record["titel"],
                adopted_on=MOMENT.date(),
                record=record,
                published_at=MOMENT,
                pdf_digest=digest,
            )
        )
        session.commit()
    return drawn


def compare() -> None:
    """Draw the same ruling in each way, and print what that took."""
    warm = {row["name"]: Drawing(**row) for row in json.loads(_child("scripts.bench.paper"))}
    whole = [_measured("ours, whole", _drawn_by_child, STARTED), _measured("bare, whole", _drawn_alone, STARTED)]
    print(f"\nA ruling of {_pages(_drawn_by_child())} pages as a PDF; milliseconds a document.\n")
    print(HEAD.format("", "p50", "cpu", "× bare"))
    for ours, bare in ((warm["ours"], warm["bare"]), whole):
        times = ours.cpu / bare.cpu
        said = f"   goal {GOAL}: {'met' if times <= GOAL else 'not met'}"
        print(LINE.format(ours.name, ours.p50, ours.cpu, times) + said)
        print(LINE.format(bare.name, bare.p50, bare.cpu, 1), flush=True)
    print("\nWhole: with the process in which it is drawn. Cpu of what is warm is without that process.")


def _measured(name: str, draw: Callable[[], object], amount: int) -> Drawing:
    took, used = [], _used()
    for _ in range(amount):
        began = time.perf_counter()
        draw()
        took.append(time.perf_counter() - began)
    return Drawing(name, statistics.median(took) * 1000, (_used() - used) * 1000 / amount)


def _used() -> float:
    """The processor time of this process and of the children that it waited for."""
    return sum(
        known.ru_utime + known.ru_stime
        for known in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def _record() -> dict[str, Any]:
    empty: dict[str, Any] = {name: [] for name in LEFT_OUT}
    return {
        **json.loads(RECORD.read_text("utf-8")),
        **empty,
        "juridischKader": "",
        "weging": None,
        "toets": None,
        "nummer": NUMBER,
    }


def _page() -> str:
    return Templates(folder_of("templates")).render("pdf/ruling.html", record=_record())


def _given() -> dict[str, Any]:
    record = _record()
    return {
        "title": f"{record['nummer']} – {record['titel']}",
        "moment": MOMENT,
        "assets": [folder_of("templates") / "pdf", FONTS],
        "attachments": [pdf.Attachment("uitspraak.json", "application/json", _data(), "De uitspraak als gegevens")],
    }


def _data() -> bytes:
    return json.dumps(_record(), ensure_ascii=False, indent=2, sort_keys=True).encode()


def _bare() -> dict[str, Any]:
    """What WeasyPrint alone is given."""
    folders = [str(folder) for folder in _given()["assets"]]
    attachment = {"name": "uitspraak.json", "content": _data().decode()}
    return {"page": _page(), "folders": folders, "attachment": attachment}


def _drawn_by_child() -> bytes:
    return pdf.render(_page(), **_given())


def _drawn_alone() -> bytes:
    return _child("scripts.bench.weasy", json.dumps(_bare()).encode())


def _child(module: str, given: bytes = b"") -> bytes:
    command = [sys.executable, "-m", module]
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout


def _pages(drawn: bytes) -> int:
    import pikepdf  # noqa: PLC0415 - only who draws loads what draws

    with pikepdf.open(io.BytesIO(drawn)) as opened:
        return len(opened.pages)


def _within() -> list[Drawing]:
    """Ours and WeasyPrint alone, by turns in this one process, which is warm."""
    import pikepdf  # noqa: PLC0415 - as above
    import weasyprint  # noqa: PLC0415
    from weasyprint import urls  # noqa: PLC0415

    from scripts.bench import weasy  # noqa: PLC0415

    # In the application a child alone has these names: it is that file, run on its own.
    fetched = {name: getattr(urls, name) for name in ("FatalURLFetchingError", "URLFetcher", "URLFetcherResponse")}
    vars(pdf).update(pikepdf=pikepdf, HTML=weasyprint.HTML, Embedded=weasyprint.Attachment, **fetched)
    given, bare = _given(), _bare()
    job = {
        **given,
        "html": _page(),
        "moment": given["moment"].isoformat(timespec="seconds"),
        "assets": [str(folder) for folder in given["assets"]],
        "attachments": [pdf._as_json(one) for one in given["attachments"]],
    }
    ways: Mapping[str, Callable[[], object]] = {"ours": lambda: pdf._draw(job), "bare": lambda: weasy.draw(**bare)}
    for draw in ways.values():
        for _ in range(WARM):
            draw()
    return [_measured(name, draw, DRAWN) for name, draw in ways.items()]


def main() -> None:
    """What the child does in which both are drawn."""
    rows = [{"name": row.name, "p50": row.p50, "cpu": row.cpu} for row in _within()]
    sys.stdout.write(json.dumps(rows))


HEAD = "{:14}" + "{:>9}" * 3
LINE = "{:14}" + "{:9.1f}" * 2 + "{:9.2f}"

if __name__ == "__main__":
    main()
