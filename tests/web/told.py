"""The rulings of the demonstration as everybody reads them, for tests of what looks like what: real sentences."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.law import LawReference
from app.services.law import known_laws
from tests.site import Site
from tests.web.published import Public, publish

CASES = Path(__file__).parents[2] / "app/cli/demo/cases"
TAKEN_OVER = ("titel", "kernvraag", "kernregel", "feiten", "beschouwing")


@cache
def stories() -> Mapping[str, Mapping[str, Any]]:
    """The cases of the demonstration, by key."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.glob("c*.toml"))}


def publish_told(site: Site) -> dict[str, Public]:
    """Every ruling of the demonstration, published; by the key of its case."""
    told = {key: story["uitspraak"] for key, story in stories().items() if "uitspraak" in story}
    return {key: publish(site, **record_of(ruling)) for key, ruling in told.items()}


def record_of(ruling: Mapping[str, Any]) -> dict[str, Any]:
    """What the public record says of it."""
    texts = {name: ruling[name] for name in TAKEN_OVER}
    types = [{"code": code, "label": code.capitalize()} for code in ruling["knelpunttypen"]]
    laws = [law_row(row) for row in ruling["grondslagen"]]
    return {**texts, "samenvatting": ruling["samenvattingB1"], "typen": types, "grondslagen": laws}


def law_row(row: Mapping[str, Any]) -> dict[str, Any]:
    law = LawReference(row["stelsel"], row["id"], row.get("artikel"), row.get("lid"), row.get("onderdeel"))
    return {"label": law.label(known_laws()), "jci": law.jci(), "url": law.public_url(), "rol": None, "geldigOp": None}
