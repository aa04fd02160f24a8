"""The worker from the command line tells webhooks; what they may reach is a choice of the installation."""

import json
import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.adapters.ballot_box import BallotBox
from app.adapters.egress import Egress
from app.config import Config
from app.db.engine import make_engine, open_session
from app.db.webhook import Delivery, Webhook
from app.domain.access import SYSTEM
from app.services.webhook import begin_webhook, secret_of
from tests.cli.conftest import Command
from tests.make import acting, make_account, make_case, work_of
from tests.subscriber import subscriber

CLIENT = Path(__file__).parents[2] / "docs" / "examples" / "client.py"


def hears_of_a_case(url: str) -> str:
    """Somebody has a webhook, and then something happens; the secret."""
    config = Config.from_environment()
    engine = make_engine(config.database_url)
    engine.update_execution_options(ballots=BallotBox(config.ballot_key), egress=Egress(plain=True))
    with open_session(engine, SYSTEM, writes=True) as session:
        work = work_of(session, now=datetime.now(UTC))
        account = make_account(session, "triagist")
        made = begin_webhook(acting(work, account), name="Zaaksysteem", url=url)
        make_case(acting(work, SYSTEM), audience={"role:triagist"})
        secret = secret_of(work, made)
        session.commit()
    engine.dispose()
    return secret


def errors() -> list[str | None]:
    engine = make_engine(Config.from_environment().database_url)
    with open_session(engine, SYSTEM, writes=False) as session:
        found = [delivery.error for delivery in session.query(Delivery)]
        assert session.query(Webhook).count() == 1
    engine.dispose()
    return found


def test_what_happened_is_sent_and_the_example_knows_the_signature(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EGRESS_NETWORKS", "127.0.0.0/8, ::1/128")
    is_ours = runpy.run_path(str(CLIENT))["is_ours"]
    with subscriber() as other:
        secret = hears_of_a_case(other.url.replace("127.0.0.1", "localhost"))
        done = command("worker", "--once")
        again = command("worker", "--once")

    assert (done.exit_code, again.exit_code) == (0, 0), done.output
    (heard,) = other.heard
    assert is_ours(secret, heard.headers, heard.body)
    assert not is_ours(secret, heard.headers, heard.body + b" ")
    event = json.loads(heard.body)
    assert event["source"] == "http://127.0.0.1:8000"
    assert event["dataref"].startswith("http://127.0.0.1:8000/api/v1/knelpunten/KNP-")
    assert errors() == [None]


def test_without_leave_of_the_installation_nothing_here_is_reached(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EGRESS_NETWORKS", raising=False)
    with subscriber() as other:
        hears_of_a_case(other.url.replace("127.0.0.1", "localhost"))
        assert command("worker", "--once").exit_code == 0

    assert other.heard == []
    assert errors() == ["onbekende_naam"]


@pytest.mark.parametrize("given", ["hier", "10.0.0.1/8", "10.0.0.0/99"])
def test_a_network_that_is_none_is_said_in_one_sentence(
    command: Command, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("EGRESS_NETWORKS", given)

    done = command("worker", "--once")

    assert done.exit_code == 1
    assert "EGRESS_NETWORKS is een rij netwerken" in done.stderr
