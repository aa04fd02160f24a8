"""One run of schemathesis, with all its checks, against a stage that is served on loopback."""

import json
import logging
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from app.api.openapi import description
from app.db.account import Account
from app.db.kind import COLLECTIONS
from app.db.organisation import Organisation
from app.db.process import Process
from app.db.report import Report
from app.schemas.form import FORMS
from tests.api.stage import Stage
from tests.api.street import advised, nominated, whole_street
from tests.browser import served

ROOT = Path(__file__).resolve().parents[2]
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
ROLES = ("zwolle", "behandelaar", "ccg_secretaris", "beheerder")
"""A reporter who coordinates too, who handles cases, who serves the commission, and who administers."""
PHASES = ("examples", "coverage", "fuzzing", "stateful")
CONFIG = """
continue-on-failure = true
hooks = "scripts.fuzz.hooks"

[cache]
enabled = false

# Valid data may still be too late, be somebody else's, or be of a thing that has changed since.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 410, 412, 429]

[checks.missing_required_header]
expected-statuses = [401, 403, 404, 428]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 428, 429]
"""
UNSAYABLE: Mapping[str, Sequence[str]] = {
    # Together at most ten values, of signs that can be printed.
    "GET /precedenten": (
        *("wet", "artikel", "partij", "bron", "jaar", "type", "sector"),
        *("conclusie", "kan", "mag", "wenselijk", "van"),
    ),
    # The ending of its name and what is in it decide.
    "POST /knelpunten/{nummer}/documenten": ("bestand",),
    # Organisations of the list, articles that can be there, a case that is known.
    "POST /meldingen": ("kernvraag", "uitwisseling", "grondslagen", "sluitAanBij", "persoonsgegevensReden"),
    "POST /precedenten/gelijkende": ("grondslagen",),
    # Roles of one's own.
    "POST /sleutels": ("rollen", "geldigTot"),
    "POST /systemen": ("organisatie", "rollen", "openbareSleutels"),
    # One that is not followed yet, and can be reached from here.
    "POST /instanties": ("adres", "bron"),
    "PUT /systemen/{clientId}/openbare-sleutels": ("openbareSleutels",),
    # An address that can be reached from here.
    "POST /webhooks": ("adres",),
    "PUT /webhooks/{id}": ("adres",),
    # A ruling that is public, with words that stand in it.
    "POST /aantekeningen": ("nummer", "passage"),
    "PUT /aantekeningen/{id}": ("passage",),
    "POST /verzamelingen/{id}/stukken": ("nummer",),
    "POST /abonnementen": ("nummer", "wet", "q", "zoekvraag", *("jaar", "van", "sorteer", "status", "type")),
    "POST /knelpunten/{nummer}/suggesties": ("nummer",),
    "POST /accounts": ("email", "organisatie", "rollen"),
    "POST /accounts/{account}/rollen": ("rol",),
    "POST /accounts/{account}/rollen/intrekken": ("rol",),
    "POST /organen": ("code", "naam"),
    "POST /vergaderingen": ("orgaan", "datum"),
    "POST /organen/{code}/leden": ("email", "van", "tot", "functie", "stemt"),
    "POST /organen/{code}/leden/{id}/einde": ("tot",),
    "POST /organen/{code}/reglement": ("ingangsdatum", "reden"),
    "POST /organen/{code}/vervangingen": ("afwezige", "vervanger", "van", "tot"),
    "POST /organen/{code}/functies": ("organisatie", "tot"),
    "PUT /organen/{code}/functies/{id}": ("organisatie", "tot"),
    "GET /uitspraken/vergelijken": ("a", "b"),
    "POST /zoekwoorden": ("uitdrukkingen",),
    "POST /zoekwoorden/voorproef": ("uitdrukkingen",),
    "POST /wetten/nieuwe-versies": ("wet", "artikel", "geldigVanaf"),
}
"""The fields of which a schema cannot say all: another field, or what is there, decides too."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a run said."""

    requests: int
    faults: Sequence[str]
    report: str


def prepared(stage: Stage) -> None:
    """Put something of everything on a stage: a whole street, and cases on their way."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    whole_street(stage)
    for who in ("utrecht", "zwolle", "zwolle"):
        stage.case(who)
    advised(stage, stage.case("zwolle"))
    nominated_case = stage.case("zwolle")
    advised(stage, nominated_case)
    nominated(stage, nominated_case)


def ask_nonsense(
    stage: Stage,
    who: str,
    folder: Path,
    *,
    examples: int,
    seed: int,
    phases: Sequence[str] = PHASES,
    among: Sequence[str] = (),
) -> Told:
    """Let schemathesis ask, as somebody, and tell what was wrong with the answers; `among` narrows to some calls."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    (folder / "known.json").write_text(json.dumps(known(stage, seed)), "utf-8")
    told = folder / "told.json"
    with served(stage.app) as address:
        command = [
            *(SCHEMATHESIS, "--config-file", folder / "config.toml", "run", f"{address}/api/v1/openapi.json"),
            *("--header", f"Authorization: Bearer token-{who}", "--phases", ",".join(phases)),
            *("--max-examples", str(examples), "--seed", str(seed), "--no-shrink", "--report-json-path", told),
            *among,
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "KNOWN": str(folder / "known.json")}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if not told.exists():
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return _told(json.loads(told.read_text("utf-8")), done.stdout)


def known(stage: Stage, seed: int) -> dict[str, Any]:
    """What exists on the stage, as the hooks read it."""
    with stage.work() as work:
        numbers = defaultdict(list)
        for kind, number in work.session.execute(select(Process.kind, Process.number)):
            numbers[COLLECTIONS[kind]].append(number)
        numbers["meldingen"] = list(work.session.scalars(select(Report.number)))
        numbers["uitspraken"] = numbers["precedenten"]
        emails = list(work.session.scalars(select(Account.email)))
        homes = [uri for uri in work.session.scalars(select(Organisation.tooi_uri)) if uri]
        workflows = work.workflows.values()
        asks: dict[str, dict[str, Any]] = defaultdict(dict)
        for workflow in workflows:
            for step in workflow.transitions:
                asks[COLLECTIONS[workflow.name]][step.action] = _schema_of(step.asks)
    paths: dict[str, dict[str, list[Any]]] = {name: {"nummer": found} for name, found in numbers.items()}
    for name, actions in asks.items():
        paths[name]["actie"] = list(actions)
    paths["agendapunten"]["ronde"] = paths["knelpunten"]["id"] = [1]
    paths["organen"] = {"code": ["ccg"]}
    paths["workflows"] = {"naam": [workflow.name for workflow in workflows], "versie": [1, 2]}
    fields = {
        **dict.fromkeys(("behandelaar", "deskundige", "rapporteur", "aanwezig"), emails),
        **dict.fromkeys(("tooiUri", "geadresseerden", "organisatie"), homes),
        "vergadering": numbers["vergaderingen"],
        **dict.fromkeys(("knelpunt", "hoofdknelpunt", "sluitAanBij"), numbers["knelpunten"]),
        "precedent": numbers["precedenten"],
    }
    return {
        "seed": seed,
        "description": {"components": description()["components"]},
        "paths": paths,
        "asks": asks,
        "fields": fields,
        "unsayable": UNSAYABLE,
    }


def _schema_of(form: str | None) -> dict[str, str] | None:
    return {"$ref": f"#/components/schemas/{FORMS[form].__name__}"} if form else None


def _told(report: Mapping[str, Any], text: str) -> Told:
    faults = [f"{one['title']}: {', '.join(one['operations'])}" for one in report["failures"]]
    faults += [str(error) for error in report["errors"]]
    faults += [] if report["complete"] else [f"stopped: {report['stop_reason']}"]
    return Told(report["test_cases"]["generated"], faults, text)
