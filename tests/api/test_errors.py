"""Every refusal is a problem document, also where no call was reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from app.config import Config
from app.db.engine import make_engine
from app.factory import create_app
from tests.api.stage import Stage, report
from tests.make import workflows


@contextmanager
def failing(engine: Engine, error: Exception, on: tuple[str, ...] = ("INSERT", "UPDATE")) -> Iterator[None]:
    """A database that fails at such statements, as the driver tells it."""

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(on):
            raise OperationalError(statement, None, error)

    event.listen(engine, "before_cursor_execute", fail)
    yield
    event.remove(engine, "before_cursor_execute", fail)


class DiskFull(Exception):
    """What the driver of PostgreSQL raises."""

    sqlstate = "53100"


@pytest.mark.parametrize("path", ["", "/onbekend", "/knelpunten/KNP-2026-00001/onbekend", "/journaal/onbekend"])
def test_an_address_that_is_not_there(stage: Stage, path: str) -> None:
    assert stage.get(path, "triagist").status_code == 404
    assert stage.get(path).status_code == 404


def test_a_method_that_a_call_does_not_have(stage: Stage) -> None:
    answer = stage.app.test_client().delete("/api/v1/knelpunten", headers={"Authorization": "Bearer token-triagist"})

    assert stage.checked(answer).status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_is_not_sent_as_json_is_not_read(stage: Stage, media: str) -> None:
    answer = stage.app.test_client().post(
        "/api/v1/meldingen",
        headers={"Authorization": "Bearer token-utrecht"},
        data=b'{"titel": "x"}',
        content_type=media,
    )

    assert stage.checked(answer).status_code == 415


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '"tekst"', "null", "7", "NaN", '{"titel": NaN}', "[" * 100_000, "\xff", '{"a": ' + "9" * 5000 + "}"],
)
def test_what_is_no_object_is_refused(stage: Stage, text: str) -> None:
    answer = stage.app.test_client().post(
        "/api/v1/meldingen",
        headers={"Authorization": "Bearer token-utrecht"},
        data=text.encode("latin-1"),
        content_type="application/json",
    )

    assert stage.checked(answer).status_code == 400
    assert answer.json["errors"][0]["melding"]


def test_signs_that_cannot_be_kept_are_no_fault_of_ours(stage: Stage) -> None:
    answer = stage.post("/meldingen", "utrecht", report(titel="a\x00b \ud800 c", sluitAanBij="KNP\x00"))

    assert answer.status_code == 400
    assert [fault["veld"] for fault in answer.json["errors"]] == ["sluitAanBij"]


def test_too_much_is_refused_before_it_is_read(stage: Stage) -> None:
    answer = stage.app.test_client().post(
        "/api/v1/meldingen",
        headers={"Authorization": "Bearer token-utrecht"},
        data=b" " * (26 * 1024 * 1024),
        content_type="application/json",
    )

    assert stage.checked(answer).status_code == 413


def test_the_session_of_a_browser_lends_the_api_no_rights(stage: Stage) -> None:
    client = stage.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = str(stage.accounts["triagist"])

    assert client.get("/api/v1/knelpunten").status_code == 401
    assert client.post("/api/v1/knelpunten/KNP-2026-00001/acties/oppakken", json={}).status_code == 401


def test_a_token_of_an_account_that_was_shut_is_worth_nothing(stage: Stage) -> None:
    from app.db.account import Account  # noqa: PLC0415 - only this test shuts one
    from app.services.account import disable  # noqa: PLC0415

    assert stage.get("/knelpunten", "utrecht").status_code == 200
    with stage.work() as work:
        disable(work, work.session.get_one(Account, stage.accounts["utrecht"]))

    assert stage.get("/knelpunten", "utrecht").status_code == 401


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Exception("database or disk is full"), 507),
        (DiskFull("could not extend file"), 507),
        (Exception("server closed the connection unexpectedly"), 503),
        (Exception("database is locked"), 503),
    ],
)
def test_a_database_that_cannot_write_says_to_come_back(stage: Stage, error: Exception, status: int) -> None:
    with failing(stage.engine, error):
        answer = stage.post("/meldingen", "utrecht", report())

    assert answer.status_code == status
    assert int(answer.headers["Retry-After"]) > 0
    assert stage.get("/meldingen", "utrecht").json["totaal"] == 0


def test_without_a_database_the_api_says_so(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'nergens' / 'x.db'}")
    config = Config(database_url=str(engine.url), data_dir=tmp_path, secret_key="x" * 32, mode="test")
    app = create_app(config, engine=engine, workflows=workflows())

    answer = app.test_client().get("/api/v1/knelpunten", headers={"Authorization": "Bearer token-utrecht"})

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"]
    assert answer.headers["API-Version"] == "1.0.0"
    assert app.test_client().get("/api/v1/workflows").status_code == 200


def test_without_a_database_a_page_says_so_also_to_who_was_logged_in(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'nergens' / 'x.db'}")
    config = Config(database_url=str(engine.url), data_dir=tmp_path, secret_key="x" * 32, mode="test")
    client = create_app(config, engine=engine, workflows=workflows()).test_client()
    client.set_cookie("sessie", "a-token-of-before")

    answer = client.get("/werkvoorraad")

    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Retry-After"]


def test_a_database_that_goes_while_a_page_is_made_says_so(stage: Stage) -> None:
    client = stage.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = str(stage.accounts["triagist"])

    with failing(stage.engine, Exception("server closed the connection"), on=("SELECT account",)):
        answer = client.get("/werkvoorraad")

    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert client.get("/werkvoorraad").status_code == 200


def test_a_fault_of_ours_has_a_number_and_no_trace(stage: Stage) -> None:
    stage.app.extensions["workflows"] = {}

    answer = stage.post("/meldingen", "utrecht", report())

    assert answer.status_code == 500
    assert answer.json.keys() == {"type", "title", "status", "detail", "instance", "requestId"}
    assert "Traceback" not in answer.text


def test_a_page_that_is_not_there_is_a_page(stage: Stage) -> None:
    answer = stage.app.test_client().get("/onbekend")

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "API-Version" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("number", ["0", "99999999999", "9" * 5000])
def test_a_number_that_nothing_has_leads_nowhere_whatever_the_method(stage: Stage, method: str, number: str) -> None:
    heads = {"Authorization": "Bearer token-utrecht", "If-Match": "*"}
    asked = stage.app.test_client().open(
        f"/api/v1/aantekeningen/{number}", method=method, headers=heads, json={"tekst": "x"}
    )

    assert asked.status_code == 404
