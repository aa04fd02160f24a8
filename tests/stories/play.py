"""A stage for stories: people with roles, a calendar that turns, and one transaction for each thing that they do."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import selectinload, with_polymorphic

from app.db.account import Account
from app.db.body import Body, Membership
from app.db.engine import open_session
from app.db.organisation import Organisation
from app.db.process import Event, Process
from app.db.report import Report
from app.domain.access import SYSTEM, Actor
from app.domain.calendar import amsterdam_day
from app.schemas.form import FORMS, load, load_action
from app.schemas.report import ReportSchema
from app.services import account as accounts
from app.services.definition import load_workflows
from app.services.process import Outcome, advance, process_for_action
from app.services.report import file_report
from app.services.work import Work
from tests.make import BALLOTS

Found = TypeVar("Found")
EVERY_KIND = with_polymorphic(Process, "*")


class Play:
    """Everybody acts as in the application: found by number as one's own eyes see it, acted on, and committed."""

    def __init__(self, engine: Engine, day: date) -> None:
        self.engine = engine
        engine.update_execution_options(ballots=BALLOTS)
        self.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        self.workflows = load_workflows(FORMS)
        self.people: dict[str, int] = {}

    @property
    def today(self) -> date:
        return amsterdam_day(self.now)

    def days_later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def organisation(self, name: str, *, uri: str) -> None:
        self._write(
            SYSTEM, lambda work: work.session.add(Organisation(name=name, kind="gemeente", tooi_uri=uri, joined=True))
        )

    def person(self, name: str, organisation: str, *roles: str) -> None:
        """Somebody known in the story by this name, with these roles at this organisation."""

        def make(work: Work) -> None:
            home = work.session.scalars(select(Organisation).filter_by(name=organisation)).one()
            account = accounts.create_account(work, email=f"{name}@knelpunt.example", name=name, organisation=home)
            for role in roles:
                accounts.grant_as_operator(work, account, role)
            self.people[name] = account.id

        self._write(SYSTEM, make)

    def body(self, name: str, *, chair: str, members: Sequence[str]) -> None:
        def make(work: Work) -> None:
            body = Body(code="ccg", name=name, central=True)
            work.session.add(body)
            work.session.flush()
            for member, role in [(chair, "ccg_voorzitter"), *((member, "ccg_lid") for member in members)]:
                seat = Membership(
                    body_id=body.id, account_id=self.people[member], role=role, votes=True, since=date(2026, 1, 1)
                )
                work.session.add(seat)

        self._write(SYSTEM, make)

    def does(self, who: str, action: str, number: str, **answers: Any) -> Outcome:
        """Somebody takes an action with the answers to its form, as a machine would send them."""

        def act(work: Work) -> Outcome:
            process = process_for_action(work, Process, number, action)
            transition = work.workflows[process.kind, process.version].transition(action, process.state)
            asks = transition.asks if transition else None
            loaded, reason = load_action(asks, answers)
            return advance(work, process, action=action, answers=loaded, reason=reason)

        return self._write(self._actor(who), act)

    def reports(self, who: str, told: dict[str, Any]) -> Report:
        """Somebody sends in a report, as `POST /meldingen` takes it."""
        return self.calls(who, file_report, load(ReportSchema, told))

    def calls(self, who: str, service: Callable[..., Found], *args: Any, **named: Any) -> Found:
        """Somebody uses a service."""
        return self._write(self._actor(who), lambda work: service(work, *args, **named))

    def seen(self, reader: Actor, query: Any) -> list[Any]:
        """What a reader sees of what is asked."""
        with open_session(self.engine, reader, writes=False) as session:
            return list(session.scalars(query))

    def numbers(self, kind: str) -> list[str]:
        return self.seen(SYSTEM, select(Process.number).where(Process.kind == kind).order_by(Process.id))

    def state(self, number: str) -> str:
        return self.look(number).state

    def due(self, number: str) -> date | None:
        return self.look(number).due

    def look(self, number: str) -> Any:
        (found,) = self.seen(SYSTEM, select(EVERY_KIND).filter_by(number=number))
        return found

    def journal(self, number: str) -> list[str]:
        query = select(Event.action).join(Process, Process.id == Event.process_id).where(Process.number == number)
        return self.seen(SYSTEM, query.order_by(Event.sequence))

    def _actor(self, who: str) -> Actor:
        query = select(Account).where(Account.id == self.people[who]).options(selectinload(Account.grants))
        return self._write(SYSTEM, lambda work: work.session.scalars(query).one().actor())

    def _write(self, actor: Actor, act: Callable[[Work], Found]) -> Found:
        with open_session(self.engine, actor, writes=True) as session:
            result = act(Work(session, actor, self.now, self.workflows))
            session.commit()
            return result
