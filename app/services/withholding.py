"""From whom a process is withheld: members before the question of interests is answered, and who is excused."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, or_, select

from app.db.account import Account, Grant
from app.db.body import Body
from app.db.case import Case
from app.db.interest import Interest, Withheld
from app.db.meeting import AgendaItem, Meeting
from app.db.notice import UNANSWERED, Idempotency, Outbox
from app.db.process import Follower, Process
from app.domain.access import DEPUTY_ROLE, MEMBER_ROLE
from app.domain.errors import NotVisible, WithheldFromMember
from app.services.number import INSERT
from app.services.sitting import EXCUSED, NO_INTEREST, in_office
from app.services.work import Work, beyond_sight

NOT_SENT = "de geadresseerde doet niet mee aan dit agendapunt"


class Card(NamedTuple):
    """All that a member may know of an item that is withheld from them."""

    number: str
    position: int
    meeting: str
    state: str
    version: int
    revision: int
    opened_at: datetime
    declared: bool
    excused: bool


def ask_for_interests(work: Work, item: AgendaItem, meeting: Meeting) -> None:
    """Keep the item from every member who has not answered the question yet; nothing of it is shown before.

    That is whoever has a seat on the day of the meeting, and whoever has the role of one today. The chair and the
    secretary are asked too, and admitted the case themselves: they know it already. The question about an earlier item
    of the same case does not stand in the way of this one.
    """
    body = work.session.get_one(Body, meeting.body_id)
    seated = {seat.account_id for seat in in_office(work, body.id, meeting.day) if seat.role in KEPT_OUT}
    holding = select(Grant.account_id).where(
        Grant.role.in_(KEPT_OUT), Grant.ended_at.is_(None), Grant.body_id == (None if body.central else body.id)
    )
    answered = set(work.session.scalars(select(Interest.account_id).where(Interest.item_id == item.id)))
    unanswered = (seated | set(work.session.scalars(holding))) - answered
    for account_id in unanswered:
        _release_earlier(work, item, account_id, admitted=False)
    withhold(work, item, unanswered)


def ask_about_open_items(work: Work, body_id: int | None) -> None:
    """Ask whoever has a seat or a role by now about every item that was not decided yet; None is the central body."""
    here = Body.central if body_id is None else Body.id == body_id
    meetings = {
        meeting.id: meeting
        for meeting in work.session.scalars(
            beyond_sight(select(Meeting).join(Body, Body.id == Meeting.body_id).where(here))
        )
    }
    query = select(AgendaItem).where(AgendaItem.meeting_id.in_(meetings), AgendaItem.decided_on.is_(None))
    for item in work.session.scalars(beyond_sight(query.order_by(AgendaItem.id))).all():
        workflow = work.workflows[item.kind, item.version]
        can_answer = any(ANSWERS_THE_QUESTION in step.effects for step in workflow.actions_from(item.state))
        if can_answer and not workflow.states[item.state].final:
            ask_for_interests(work, item, meetings[item.meeting_id])


ANSWERS_THE_QUESTION = "declare_interest"
"""The effect of the one action that is taken on an item before it is shown."""


KEPT_OUT = frozenset({MEMBER_ROLE, DEPUTY_ROLE})


def withhold(work: Work, item: AgendaItem, account_ids: Collection[int]) -> None:
    """Show these people nothing of an item any more: not its case, nor what hangs from it, by any way."""
    if not account_ids:
        return
    processes = _processes_behind(work, item)
    insert = INSERT[work.session.get_bind().dialect.name]
    rows = [
        {"process_id": process_id, "account_id": account_id, "item_id": item.id}
        for process_id in processes
        for account_id in sorted(account_ids)
    ]
    work.session.execute(insert(Withheld).values(rows).on_conflict_do_nothing())
    _stop_telling(work, processes, account_ids)


def release(work: Work, item: AgendaItem, account_id: int, *, admitted: bool = False) -> None:
    """Show somebody the item again; who was `admitted` also what an earlier item of the same case kept from them."""
    work.session.execute(delete(Withheld).where(Withheld.item_id == item.id, Withheld.account_id == account_id))
    _release_earlier(work, item, account_id, admitted=admitted)


def _release_earlier(work: Work, item: AgendaItem, account_id: int, *, admitted: bool) -> None:
    """Let go of what earlier items of the case kept, but for an interest that was reported or judged there."""
    if item.case_id is None:
        return
    items = Process.__table__
    earlier = select(items.c.id).where(
        items.c.case_id == item.case_id, items.c.kind == AgendaItem.kind_name(), items.c.id < item.id
    )
    query = delete(Withheld).where(Withheld.account_id == account_id, Withheld.item_id.in_(earlier))
    if not admitted:
        standing = select(Interest.item_id).where(
            Interest.account_id == account_id, (Interest.judgement == EXCUSED) | (Interest.declared != NO_INTEREST)
        )
        query = query.where(Withheld.item_id.not_in(standing))
    work.session.execute(query)


def withhold_alike(work: Work, process: Process) -> None:
    """What begins about a case is withheld from whom the case is withheld."""
    if process.case_id is None:
        return
    query = select(Withheld.account_id, Withheld.item_id).where(Withheld.process_id == process.case_id)
    work.session.add_all(
        Withheld(process_id=process.id, account_id=account_id, item_id=item_id)
        for account_id, item_id in work.session.execute(query)
    )


def not_withheld(work: Work, case_id: ColumnElement[int] | ColumnElement[int | None]) -> ColumnElement[bool]:
    """The condition that the case behind a row is not withheld from the actor; for tables that hang from a case."""
    mine = select(Withheld.process_id).where(Withheld.account_id == (work.actor.account_id or 0))
    return case_id.not_in(mine)


def withheld_accounts(work: Work, process_id: int) -> frozenset[int]:
    """From whom a process is withheld."""
    return frozenset(work.session.scalars(select(Withheld.account_id).where(Withheld.process_id == process_id)))


def is_withheld(work: Work, process_id: int) -> bool:
    """Is this withheld from the actor?"""
    return work.actor.account_id in withheld_accounts(work, process_id)


def refusal(work: Work, number: str) -> NotVisible:
    """Why there is nothing to see under this number: it is withheld from the actor, or there is no such thing."""
    process = Process.__table__
    query = (
        select(Withheld.item_id)
        .join(process, process.c.id == Withheld.process_id)
        .where(process.c.number == number, Withheld.account_id == (work.actor.account_id or 0))
        .order_by(Withheld.item_id.desc())
        .limit(1)
    )
    item_id = work.session.scalar(query)
    if item_id is None:
        return NotVisible(number)
    item = work.session.get_one(AgendaItem, item_id, execution_options={"as_system": True})
    return WithheldFromMember(number, item.number)


def cards(work: Work, meeting: Meeting | None = None) -> Sequence[Card]:
    """The items that are withheld from the actor, in the order of the agenda; of one meeting, or all that still run."""
    items, meetings = AgendaItem.__table__, Meeting.__table__
    processes = Process.__table__
    query = (
        select(
            *(processes.c.number, items.c.position, items.c.meeting_id),
            *(processes.c.state, processes.c.version, processes.c.revision, processes.c.opened_at),
            *(Interest.id, Interest.judgement),
        )
        .join(items, items.c.id == processes.c.id)
        .join(Withheld, (Withheld.process_id == items.c.id) & (Withheld.item_id == items.c.id))
        .outerjoin(Interest, (Interest.item_id == items.c.id) & (Interest.account_id == Withheld.account_id))
        .where(Withheld.account_id == (work.actor.account_id or 0))
        .order_by(items.c.meeting_id, items.c.position)
    )
    if meeting is not None:
        query = query.where(items.c.meeting_id == meeting.id)
    else:
        query = query.join(meetings, meetings.c.id == items.c.meeting_id).where(meetings.c.day >= work.today)
    numbers = {meeting.id: meeting.number} if meeting else _numbers_of_meetings(work)
    return [
        Card(
            row.number,
            row.position,
            numbers.get(row.meeting_id, ""),
            row.state,
            row.version,
            row.revision,
            row.opened_at,
            row.id is not None,
            row.judgement == EXCUSED,
        )
        for row in work.session.execute(query)
    ]


def card_of(work: Work, number: str) -> Card:
    """The card of one item that is withheld from the actor; `NotVisible` when there is none."""
    query = select(AgendaItem).where(AgendaItem.number == number)
    item = work.session.scalars(beyond_sight(query)).one_or_none()
    if item is None or work.actor.account_id not in withheld_accounts(work, item.id):
        raise NotVisible(number)
    meeting = work.session.get_one(Meeting, item.meeting_id, execution_options={"as_system": True})
    interest = interest_of(work, item, work.actor.account_id)
    return Card(
        item.number,
        item.position,
        meeting.number,
        item.state,
        item.version,
        item.revision,
        item.opened_at,
        interest is not None,
        interest is not None and interest.judgement == EXCUSED,
    )


def interest_of(work: Work, item: AgendaItem, account_id: int | None) -> Interest | None:
    """What somebody declared about an item."""
    query = select(Interest).where(Interest.item_id == item.id, Interest.account_id == account_id)
    return work.session.scalars(query).one_or_none()


def _processes_behind(work: Work, item: AgendaItem) -> Sequence[int]:
    """The item, its case, what was merged into that, and everything that hangs from them."""
    if item.case_id is None:
        return [item.id]
    cases, processes = Case.__table__, Process.__table__
    main = [item.case_id, *work.session.scalars(select(cases.c.id).where(cases.c.main_id == item.case_id))]
    query = select(processes.c.id).where(or_(processes.c.id.in_(main), processes.c.case_id.in_(main)))
    return sorted({item.id, *work.session.scalars(query)})


def _stop_telling(work: Work, processes: Iterable[int], account_ids: Collection[int]) -> None:
    """What was to be mailed is not, who followed does not any more, and no request gets its old answer again."""
    behind = list(processes)
    work.session.execute(
        delete(Idempotency).where(Idempotency.account_id.in_(account_ids), Idempotency.status != UNANSWERED)
    )
    work.session.execute(delete(Follower).where(Follower.process_id.in_(behind), Follower.account_id.in_(account_ids)))
    letters = select(Outbox).where(Outbox.process_id.in_(behind), Outbox.done_at.is_(None), Outbox.failed_at.is_(None))
    addresses = set(work.session.scalars(select(Account.email).where(Account.id.in_(account_ids))))
    for letter in work.session.scalars(letters):
        if letter.payload.get("to") in addresses:
            letter.done_at, letter.error = work.now, NOT_SENT
            letter.payload = {**letter.payload, "context": {}}


def _numbers_of_meetings(work: Work) -> dict[int, str]:
    processes, meetings = Process.__table__, Meeting.__table__
    query = select(meetings.c.id, processes.c.number).join(processes, processes.c.id == meetings.c.id)
    return dict(work.session.execute(query.where(meetings.c.day >= work.today)).all())
