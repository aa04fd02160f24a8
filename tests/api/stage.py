"""A stage for the API: a few organisations, somebody for every role with a token, and a clock that can be set."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.api.openapi import description, outside_path
from app.api.operation import OPERATIONS, Operation
from app.config import Config
from app.db.account import Account
from app.db.engine import open_session
from app.domain.access import SYSTEM
from app.domain.calendar import amsterdam_day
from app.factory import Application, create_app
from app.services.token import create_token
from app.services.work import Work
from tests import filled_in
from tests.api.shape import faults
from tests.make import NOW, make_account, make_body, make_organisation, make_seat, work_of, workflows

ROOT = "/api/v1"
SVB, UTRECHT, ZWOLLE, SECRETARIAT_HOME = (
    "https://identifier.overheid.nl/tooi/id/zbo/zb000081",
    "https://identifier.overheid.nl/tooi/id/gemeente/gm0344",
    "https://identifier.overheid.nl/tooi/id/gemeente/gm0193",
    "https://identifier.overheid.nl/tooi/id/ministerie/mnre1034",
)
SECRETARIAT = (
    *("triagist", "behandelaar", "regielid", "ccg_secretaris", "ccg_voorzitter", "publicatieredacteur"),
    *("navolgingscoordinator", "bestuurssecretaris", "kabinetscontact", "analist", "beheerder", "auditor"),
)
MEMBERS = tuple(f"lid{number}" for number in range(1, 5))


class Stage:
    """Who calls is named by a word: `utrecht` and `zwolle` report, `svb` is a party, the others are roles."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.now = NOW
        config = Config(database_url=str(engine.url), data_dir=folder, secret_key="x" * 32, mode="test")
        self.app: Application = create_app(config, clock=lambda: self.now, engine=engine, workflows=workflows())
        self.accounts: dict[str, int] = {}
        self.organisations: dict[str, int] = {}
        with self.work() as work:
            self._fill(work)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Work of the system, which is kept."""
        with open_session(self.engine, SYSTEM, writes=True) as session:
            yield work_of(session, now=self.now)
            session.commit()

    @property
    def today(self) -> date:
        """The day it is in Amsterdam, as the application counts days."""
        return amsterdam_day(self.now)

    def set_clock(self, now: datetime) -> None:
        self.now = now

    def get(self, path: str, who: str | None = None, **headers: str) -> TestResponse:
        return self.checked(self.app.test_client().get(ROOT + path, headers={**_token(who), **_dashed(headers)}))

    def post(self, path: str, who: str | None = None, json: Any = None, **headers: str) -> TestResponse:
        sent = {} if json is None else {"json": json}
        heads = {**_token(who), **_dashed(headers)}
        return self.checked(self.app.test_client().post(ROOT + path, headers=heads, **sent))

    def put(self, path: str, who: str | None = None, json: Any = None, **headers: str) -> TestResponse:
        heads = {**_token(who), **_dashed(headers)}
        return self.checked(self.app.test_client().put(ROOT + path, headers=heads, json=json))

    def delete(self, path: str, who: str | None = None, **headers: str) -> TestResponse:
        return self.checked(self.app.test_client().delete(ROOT + path, headers={**_token(who), **_dashed(headers)}))

    def checked(self, answer: TestResponse) -> TestResponse:
        """An answer that is as the description says; what the description does not know is a fault."""
        assert answer.headers["API-Version"] == "1.0.0"
        assert answer.headers["X-Request-Id"]
        if answer.status_code >= 400:
            _check_problem(answer)
        if answer.status_code == 304:
            return answer
        made = self._operation(answer)
        if made is None:
            assert answer.status_code in (404, 405)
            return answer
        told = description()["paths"][outside_path(made.path)][made.method.lower()]["responses"]
        assert str(answer.status_code) in told, (made.name, answer.status_code, answer.json)
        if answer.status_code < 400 and answer.is_json:
            (content,) = told[str(answer.status_code)]["content"].values()
            assert list(faults(description(), content["schema"], answer.json)) == [], made.name
        return answer

    def _operation(self, answer: TestResponse) -> Operation | None:
        adapter = self.app.url_map.bind("localhost")
        try:
            endpoint, _ = adapter.match(answer.request.path, method=answer.request.method)
        except HTTPException:
            return None
        return next(made for made in OPERATIONS if endpoint == f"api.{made.name}")

    def send_file(
        self,
        path: str,
        who: str | None,
        name: str,
        content: bytes,
        fields: Mapping[str, str] | None = None,
        **headers: str,
    ) -> TestResponse:
        data: dict[str, Any] = {**(fields or {}), "bestand": (BytesIO(content), name)}
        heads = {**_token(who), **_dashed(headers)}
        sent = self.app.test_client().post(ROOT + path, headers=heads, data=data, content_type="multipart/form-data")
        return self.checked(sent)

    def act(self, who: str, path: str, action: str, **fields: Any) -> TestResponse:
        """Take an action with the version that somebody sees now."""
        seen = self.get(path, who)
        assert seen.status_code == 200, (path, who, seen.json)
        return self.post(f"{path}/acties/{action}", who, fields, if_match=seen.headers["ETag"])

    def does(self, who: str, path: str, action: str, **fields: Any) -> dict[str, Any]:
        """The same, where it has to succeed."""
        answer = self.act(who, path, action, **fields)
        assert answer.status_code == 200, (who, path, action, answer.json)
        found: dict[str, Any] = answer.json  # type: ignore[assignment]
        return found

    def report(self, who: str = "utrecht", **other: Any) -> dict[str, Any]:
        """Send a report in; what comes back is the receipt."""
        answer = self.post("/meldingen", who, report(**other))
        assert answer.status_code == 201, answer.json
        found: dict[str, Any] = answer.json  # type: ignore[assignment]
        return found

    def case(self, who: str = "utrecht", **other: Any) -> str:
        """Send a report in; the path of its case."""
        return f"/knelpunten/{self.report(who, **other)['knelpunt']}"

    def token(self, work: Work, account: Account, name: str) -> None:
        self.accounts[name] = account.id
        create_token(work, account, name="test", token=f"token-{name}")

    def _fill(self, work: Work) -> None:
        session = work.session
        homes = {
            "utrecht": make_organisation(session, "gemeente Utrecht", tooi_uri=UTRECHT),
            "zwolle": make_organisation(session, "gemeente Zwolle", tooi_uri=ZWOLLE),
            "svb": make_organisation(session, "Sociale Verzekeringsbank", tooi_uri=SVB, kind="zbo"),
            "secretariaat": make_organisation(session, "secretariaat", tooi_uri=SECRETARIAT_HOME),
        }
        self.organisations = {name: home.id for name, home in homes.items()}

        def person(name: str, home: str, *roles: str) -> Account:
            account = make_account(
                session, *roles, organisation=homes[home], name=name, email=f"{name}@knelpunt.example"
            )
            self.token(work, account, name)
            return account

        person("utrecht", "utrecht", "melder")
        person("utrecht2", "utrecht", "melder")
        person("zwolle", "zwolle", "melder", "orgcoordinator")
        person("svb", "svb", "orgcoordinator", "respondent")
        person("niemand", "zwolle")
        for role in SECRETARIAT:
            person(role, "secretariaat", role)
        person("collega", "secretariaat", "triagist")
        person("behandelaar2", "secretariaat", "behandelaar")
        for expert in ("jurist", "ethicus"):
            person(expert, "secretariaat", "deskundige")
        body = make_body(work, code="ccg")
        make_seat(work, body, session.get_one(Account, self.accounts["ccg_voorzitter"]), role="ccg_voorzitter")
        for member in MEMBERS:
            make_seat(work, body, person(member, "secretariaat", "ccg_lid"))


def report(**other: Any) -> dict[str, Any]:
    """What a reporter sends, as JSON, with the fields that may be empty."""
    blank = {"grondslagOnbekend": False, "persoonsgegevensReden": None, "sluitAanBij": None}
    return filled_in.report(provider=SVB, receiver=UTRECHT, valid_on="2026-11-21", **{**blank, **other})


def _token(who: str | None) -> dict[str, str]:
    return {} if who is None else {"Authorization": f"Bearer token-{who}"}


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _check_problem(answer: TestResponse) -> None:
    assert answer.mimetype == "application/problem+json"
    told: dict[str, Any] = answer.json  # type: ignore[assignment]
    assert told["status"] == answer.status_code
    assert told["requestId"] == answer.headers["X-Request-Id"]
    assert told.keys() >= {"type", "title", "detail", "instance"}
    if answer.status_code == 409:
        assert told["redenen"]
    if answer.status_code == 400:
        assert all(fault.keys() == {"veld", "code", "melding"} for fault in told.get("errors", ()))
