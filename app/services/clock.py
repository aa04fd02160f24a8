"""What happens because time passes: each thing in a small transaction, and asking twice does nothing more."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, Engine, delete, or_, select, update
from sqlalchemy.orm.exc import StaleDataError

from app.db.account import Account
from app.db.engine import open_session
from app.db.process import Process
from app.db.recommendation import Recommendation
from app.db.report import Draft
from app.domain.access import SYSTEM
from app.domain.calendar import AMSTERDAM, amsterdam_day
from app.domain.dutch import day as in_dutch
from app.domain.errors import DomainError
from app.services.idempotency import sweep_answers
from app.services.membership import settle_terms
from app.services.notice import notify, send_digests, write_letter
from app.services.outcome import ask_outcome, to_ask
from app.services.process import offer, process_for_action
from app.services.session import sweep_sessions
from app.services.subscription import tell_subscribers
from app.services.system import sweep_statements
from app.services.token import sweep_tokens
from app.services.turn import OUTSIDE, people_at_turn
from app.services.work import Work, Workflows

log = structlog.get_logger()

# How many days before the end of a term who is waited for is reminded; below zero is after it.
REMINDERS = (7,)
REMINDERS_OF_RECOMMENDATION = (14, 0, -14)
EARLIEST_REMINDER = timedelta(days=max(*REMINDERS, *REMINDERS_OF_RECOMMENDATION))
DRAFT_LIVES, DRAFT_WARNING = timedelta(days=365), timedelta(days=30)
DIGEST_AT = time(7)


class Passed(NamedTuple):
    """How often the clock did each of its things."""

    actions: int
    reminders: int
    drafts: int
    digests: int
    subscriptions: int = 0
    questions: int = 0


def let_time_pass(engine: Engine, workflows: Workflows, now: datetime) -> Passed:
    """Do everything that the moment asks: terms of office, reminders, terms that passed, drafts, questions, letters."""
    turn = _Turn(engine, workflows, now)
    # Who is in office today is known before anything is done or told.
    turn.once(settle_terms)
    # Actions come first: who is reminded today does not lose the turn today.
    passed = Passed(
        actions=sum(turn.attempt(number, act_on_term) for number in turn.numbers(_term_passed)),
        reminders=sum(turn.attempt(number, remind) for number in turn.numbers(_may_need_reminder)),
        drafts=turn.once(clear_drafts),
        # Before the letters, so that a question of today is in the letter of today.
        questions=sum(turn.attempt(found, ask_outcome) for found in turn.numbers(partial(to_ask, workflows))),
        # What somebody asked to hear of is told before the letter of the same morning is made.
        subscriptions=turn.once(lambda work: tell_subscribers(work, until=latest_morning(work.now))),
        digests=turn.once(lambda work: send_digests(work, until=latest_morning(work.now))),
    )
    with open_session(engine, SYSTEM, writes=True) as session:
        # Sessions and keys live by the machine's own clock, like what belongs to them elsewhere.
        sweep_sessions(session, datetime.now(UTC))
        sweep_tokens(session, datetime.now(UTC))
        sweep_statements(session, datetime.now(UTC))
        sweep_answers(session, now)
        session.commit()
    return passed


def remind(work: Work, process: Process) -> bool:
    """Remind who is waited for outside the secretariat, as often as the days ask, and at most once a day."""
    if process.due is None or process.turn not in OUTSIDE or process.reminded_on == work.today:
        return False
    days = REMINDERS_OF_RECOMMENDATION if isinstance(process, Recommendation) else REMINDERS
    owed = sum(work.today >= process.due - timedelta(days=before) for before in days)
    if process.reminders >= owed:
        return False
    process.reminders += 1
    process.reminded_on = work.today
    notify(
        work,
        people_at_turn(work, process),
        process,
        subject=f"Herinnering: {process.number}",
        text=f"{process.title}\n\n{_reminder(process.due, work.today)}",
    )
    return True


def act_on_term(work: Work, process: Process) -> bool:
    """Take the action that the definition gives the clock for a term that passed, where nothing stands in its way."""
    workflow = work.workflows[process.kind, process.version]
    action = workflow.states[process.state].overdue
    if action is None or process.due is None or process.due >= work.today:
        return False
    transition = workflow.transition(action, process.state)
    if transition is None or (transition.second and process.pending_action is not None):
        # Somebody has already taken a half; the clock does not push it aside.
        return False
    return offer(work, process, action) is not None


def clear_drafts(work: Work) -> int:
    """Throw away drafts that nobody touched for a year, a month after a warning; how many drafts and warnings."""
    session = work.session
    warned = (Draft.warned_at > Draft.changed_at) & (Draft.warned_at <= work.now - DRAFT_WARNING)
    old = session.scalars(select(Draft.id).where(warned, Draft.changed_at <= work.now - DRAFT_LIVES)).all()
    session.execute(delete(Draft).where(Draft.id.in_(old)))
    unwarned = or_(Draft.warned_at.is_(None), Draft.warned_at <= Draft.changed_at)
    aging = session.execute(
        select(Draft.id, Draft.key, Draft.answers, Account)
        .join(Account, Account.id == Draft.account_id)
        .where(unwarned, Draft.changed_at <= work.now - DRAFT_LIVES + DRAFT_WARNING)
    ).all()
    for draft_id, key, answers, account in aging:
        context = {"title": answers.get("titel") or "", "link": f"/meldingen/concept/{key}/controle"}
        write_letter(work, account, template="concept", context=context)
        # Not through the record: a warning is no change of the text that an open window would have to know of.
        session.execute(update(Draft).where(Draft.id == draft_id).values(warned_at=work.now))
    return len(old) + len(aging)


def latest_morning(now: datetime) -> datetime:
    """The last time that it was seven o'clock in Amsterdam.

    >>> latest_morning(datetime(2026, 11, 21, 5, 59, tzinfo=UTC)).isoformat()
    '2026-11-20T06:00:00+00:00'
    """
    today = datetime.combine(amsterdam_day(now), DIGEST_AT, tzinfo=AMSTERDAM)
    yesterday = datetime.combine(amsterdam_day(now) - timedelta(days=1), DIGEST_AT, tzinfo=AMSTERDAM)
    return (today if today <= now else yesterday).astimezone(UTC)


def _reminder(due: date, today: date) -> str:
    if due < today:
        return f"De termijn was {in_dutch(due)}. Wij hebben nog geen antwoord van u."
    return f"U kunt tot en met {in_dutch(due)} antwoorden."


def _may_need_reminder(today: date) -> ColumnElement[bool]:
    return Process.turn.in_(OUTSIDE) & (Process.due <= today + EARLIEST_REMINDER)


def _term_passed(today: date) -> ColumnElement[bool]:
    return (Process.due < today) & Process.signalled_on.is_(None)


class _Turn:
    """One turn of the clock: it looks first, and then does each thing in a transaction of its own."""

    def __init__(self, engine: Engine, workflows: Workflows, now: datetime) -> None:
        self.engine, self.workflows, self.now = engine, workflows, now

    def numbers(self, condition: Callable[[date], ColumnElement[bool]]) -> Sequence[tuple[type[Process], str]]:
        """The processes that the moment may concern, the earliest term first."""
        kinds = {mapper.polymorphic_identity: mapper.class_ for mapper in Process.__mapper__.self_and_descendants}
        query = select(Process.kind, Process.number).where(condition(amsterdam_day(self.now)))
        with open_session(self.engine, SYSTEM, writes=False) as session:
            rows = session.execute(query.order_by(Process.due, Process.id)).all()
        return [(kinds[kind], number) for kind, number in rows]

    def attempt(self, found: tuple[type[Process], str], act: Callable[[Work, Process], bool]) -> bool:
        """Do one thing to one process; when it fails, the others do not wait for it."""
        try:
            with self._work() as work:
                return act(work, process_for_action(work, *found))
        except (DomainError, StaleDataError) as error:
            log.warning("clock", process=found[1], error=str(error))
            return False

    def once(self, act: Callable[[Work], int]) -> int:
        """Do one thing that is about no process."""
        with self._work() as work:
            return act(work)

    @contextmanager
    def _work(self) -> Iterator[Work]:
        with open_session(self.engine, SYSTEM, writes=True) as session:
            yield Work(session, SYSTEM, self.now, self.workflows)
            session.commit()
