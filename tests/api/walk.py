"""Every address of the site and of the API, walked through, with all that each answer says."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdf
from sqlalchemy import select

from app.api.operation import OPERATIONS
from app.db.process import Process
from app.db.report import Report
from app.web.access import EVERYBODY, WHEN_PUBLIC
from tests.api.stage import ROOT, Stage
from tests.site import Visitor

FAULT = 500
# One leaves, and one tells when one came in.
LEFT_OUT = {"/uitloggen", "/account"}
SAMPLE: dict[str, Any] = {
    "action": ("notitie",),
    "body": ("CCG",),
    "year": (2026,),
    "sequence": (1,),
    "issue": (1, 2),
    "code": ("juridisch", "ccg"),
    "identifier": ("BWBR0015703",),
    "name": ("uitspraken", "precedenten", "navolging", "knelpunten", "knelpunt"),
    "place": (0, 1),
}


def addresses(stage: Stage) -> list[str]:
    """Every address that can be looked at, with every number that there is."""
    adapter, numbers = stage.app.url_map.bind("localhost"), _numbers(stage)
    found = []
    for rule in stage.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.rule in LEFT_OUT:
            continue
        for values in _values(rule, numbers):
            try:
                found.append(adapter.build(rule.endpoint, values))
            except Exception:  # noqa: BLE001 - a value that this address cannot have
                continue
    return sorted(set(found))


def read(stage: Stage, path: str, visitor: Visitor | None = None, token: str | None = None) -> tuple[int, str]:
    """Everything that an answer says, headers and all; of a PDF what is in it."""
    client = visitor.client if visitor and not path.startswith(ROOT) else stage.app.test_client()
    heads = {"Authorization": f"Bearer token-{token}"} if token and path.startswith(ROOT) else {}
    answer = client.get(path, headers=heads)
    body = answer.get_data()
    text = said_by(body) if answer.mimetype == "application/pdf" else body.decode("utf-8", errors="replace")
    told = f"{answer.headers}\n{text}"
    answer.close()
    return answer.status_code, told


def endpoint_of(stage: Stage, path: str) -> str:
    """What the view behind an address is called."""
    return str(stage.app.url_map.bind("localhost").match(path)[0])


def is_public(stage: Stage, endpoint: str) -> bool:
    """Everybody may open it."""
    said = set(getattr(stage.app.view_functions[endpoint], "access", ()))
    return bool({EVERYBODY, WHEN_PUBLIC} & said) or endpoint in {f"api.{one.name}" for one in OPERATIONS if one.public}


def said_by(pdf: bytes) -> str:
    """The text of a document, what it says of itself, and the files inside it."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    told = ["\n".join(page.extract_text() for page in reader.pages), str(reader.metadata)]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        told += [str(opened.open_metadata()), str(dict(opened.docinfo))]
        for name, file in opened.attachments.items():
            told += [name, file.description, file.get_file().read_bytes().decode("utf-8")]
        # Every part as it is, for what no reader shows.
        for part in opened.objects:
            told.append(part.read_bytes().decode("latin-1") if isinstance(part, pikepdf.Stream) else repr(part))
    return "\n".join(told)


def _numbers(stage: Stage) -> list[str]:
    with stage.work() as work:
        return [
            *work.session.scalars(select(Process.number).distinct().order_by(Process.number)),
            *work.session.scalars(select(Report.number).order_by(Report.id)),
        ]


def _values(rule: Any, numbers: list[str]) -> Iterator[dict[str, Any]]:
    """What the parts of an address can be filled with: each of a few words, a number, or one."""
    filled: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments):
        among = sorted(getattr(rule._converters[name], "items", ()))
        known = numbers if name == "number" else among or SAMPLE.get(name) or ("1", 1)
        filled = [{**row, name: value} for row in filled for value in known]
    return iter(filled)
