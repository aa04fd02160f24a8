"""The demonstration: everybody can log in, and its story was really played, to the last step."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from app.cli import demonstration, story
from app.config import value_list
from app.db.account import Grant
from app.db.body import Body
from app.db.case import Case
from app.db.engine import make_engine, open_session
from app.db.notice import Outbox
from app.db.process import Event, Process
from app.db.publication import PublicRecord
from app.domain.access import NOT_GRANTABLE, PUBLIC, SYSTEM
from app.domain.calendar import TermStage, amsterdam_day, stage_of_term
from app.services import demo
from app.services.account import authenticate
from app.services.clock import Passed, let_time_pass
from app.services.journal import journal_faults
from app.services.sitting import in_office, rules_in_force
from app.services.token import holder_of_token
from app.services.work import Work
from tests.cli.conftest import give
from tests.make import BALLOTS, work_of, workflows


@dataclass(frozen=True)
class Told:
    """The database after the story, and what had to be skipped."""

    engine: Engine
    now: datetime
    skipped: list[str]


@pytest.fixture(scope="module")
def told(database_url: str) -> Iterator[Told]:
    engine = make_engine(database_url)
    engine.update_execution_options(ballots=BALLOTS)
    now = datetime.now(UTC)
    with open_session(engine, SYSTEM, writes=True) as session:
        demonstration.prepare(Work(session, SYSTEM, now, workflows()))
        session.commit()
    with open_session(engine, SYSTEM, writes=True) as session:
        skipped = story.tell(session, workflows(), now)
        session.commit()
    yield Told(engine, now, skipped)
    engine.dispose()


@pytest.fixture
def work(told: Told) -> Iterator[Work]:
    with open_session(told.engine, SYSTEM, writes=False) as session:
        yield work_of(session, now=told.now)


def test_no_step_of_the_story_was_refused(told: Told) -> None:
    assert told.skipped == []


def test_every_journal_of_the_story_holds(work: Work) -> None:
    assert list(journal_faults(work)) == []


def test_there_is_a_case_in_every_state(work: Work) -> None:
    states = set(work.session.scalars(select(Case.state)))

    assert states == set(workflows()["knelpunt", 1].states)


def test_terms_are_on_time_nearly_over_over_and_standing_still(work: Work) -> None:
    cases = work.session.scalars(select(Case)).all()
    today = amsterdam_day(work.now)

    assert {stage_of_term(case.due, today, case.entered_on) for case in cases if case.due} == set(TermStage)
    assert any(case.held_since for case in cases)


def test_nothing_happened_later_than_now_and_everything_is_an_example(work: Work) -> None:
    assert work.session.scalar(select(func.max(Event.at))) <= work.now
    assert work.session.scalar(select(func.count()).where(~Process.demonstration)) == 0
    records = work.session.scalars(select(PublicRecord)).all()
    assert len(records) >= 12
    assert all(record.record["voorbeeld"] for record in records)


def test_nobody_is_written_about_the_story_and_its_documents_are_still_to_be_drawn(work: Work) -> None:
    of_the_story = Outbox.done_at.is_(None) & (Outbox.made_at < work.now)
    waiting = work.session.scalars(select(Outbox.topic).where(of_the_story)).all()

    assert set(waiting) == {"pdf", "stuk", "stukken"}


def test_the_commission_has_a_chair_nine_members_and_deputies_of_each(work: Work) -> None:
    ccg = work.session.scalars(select(Body).filter_by(central=True)).one()
    seats = in_office(work, ccg.id, work.today)

    assert sorted(seat.role for seat in seats if seat.votes) == ["ccg_lid"] * 9 + ["ccg_voorzitter"]
    assert sorted((seat.role, seat.deputy) for seat in seats if not seat.votes) == [
        ("ccg_plv", False),
        ("ccg_plv", False),
        ("ccg_secretaris", False),
        ("ccg_secretaris", True),
        ("ccg_voorzitter", True),
    ]


def test_a_municipality_has_a_committee_with_other_rules_and_roles_of_its_own(work: Work) -> None:
    body = work.session.scalars(select(Body).filter_by(central=False)).one()
    rules = rules_in_force(work, body.id, work.today)
    grants = select(Grant.role).where(Grant.body_id == body.id)

    assert "Voorbeeldgegevens" in body.name
    assert rules is not None
    assert (rules.excused_count, rules.tie) == (False, "verworpen")
    assert sorted(work.session.scalars(grants)) == ["ccg_lid"] * 3 + ["ccg_secretaris", "ccg_voorzitter"]


def test_who_looks_without_an_account_sees_the_precedents_and_no_case(told: Told) -> None:
    with open_session(told.engine, PUBLIC, writes=False) as session:
        kinds = set(session.scalars(select(Process.kind)))

    assert "precedent" in kinds
    assert "knelpunt" not in kinds


def test_every_account_speaks_with_its_token_and_logs_in_with_its_password(told: Told) -> None:
    rows = demonstration.accounts()
    with open_session(told.engine, SYSTEM, writes=True) as session:
        work = work_of(session, now=told.now)
        for row in rows:
            holder = holder_of_token(session, row["token"], told.now)
            assert holder is not None
            assert holder.account.email == row["email"]
            assert {grant.role for grant in holder.account.grants if grant.body_id is None} == set(row["roles"])
        first = authenticate(work, email=rows[0]["email"], password=rows[0]["password"], source="")
        assert first is not None
        session.rollback()


def test_there_is_an_account_for_every_role_and_enough_of_some() -> None:
    accounts = demonstration.accounts()
    roles = {role for row in accounts for role in row["roles"]}

    assert roles == set(value_list("rol")) - NOT_GRANTABLE
    for role in ("melder", "orgcoordinator"):
        assert len({row["organisation"] for row in accounts if role in row["roles"]}) >= 4
    assert sum("ccg_lid" in row["roles"] for row in accounts) >= 9
    assert all(row["email"].endswith(".example") for row in accounts)
    names = {row["name"] for row in demonstration.organisations()}
    assert {row["organisation"] for row in accounts} <= names


def test_loading_again_adds_nothing_and_prints_the_same(
    told: Told, data_dir: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> int:
        with open_session(told.engine, SYSTEM, writes=False) as session:
            return session.scalar(select(func.count(Event.id))) or 0

    monkeypatch.setenv("DATABASE_URL", database_url)
    before = rows()

    first, second = give("demo", "load", "--json"), give("demo", "load", "--json")

    assert first.exit_code == 0, first.stderr
    assert first.stdout == second.stdout
    assert rows() == before
    document = json.loads(first.stdout)
    assert document.keys() == {"organisations", "accounts"}
    assert document["organisations"][0].keys() == {"tooiUri", "name"}
    keys = {"email", "name", "roles", "organisation", "password", "totpSecret", "token"}
    assert all(row.keys() == keys for row in document["accounts"])


def test_the_clock_tells_what_is_late_and_then_has_nothing_left(told: Told) -> None:
    passed = let_time_pass(told.engine, workflows(), told.now)

    assert passed.actions > 5
    # Who missed two reminders gets the second one tomorrow.
    assert let_time_pass(told.engine, workflows(), told.now + timedelta(minutes=5)) == Passed(0, 0, 0, 0)


def test_the_story_is_told_once(work: Work) -> None:
    assert demo.is_told(work)
