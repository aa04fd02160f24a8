"""Meetings: calling one, and what people see of it; what happens in it is led by its definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, literal, select, tuple_

from app.db.account import Account
from app.db.meeting import AgendaItem, Attendance, Body, Meeting, Membership
from app.db.organisation import Organisation
from app.domain.errors import Invalid, NotPermitted
from app.domain.meeting import title
from app.services.lifecycle import beginning, opened
from app.services.number import next_number
from app.services.work import Work

CALL = "aanmaken"
STRETCH = 25


def call_meeting(
    work: Work, *, held_on: date, place: str | None = None, body: str | None = None, demonstration: bool = False
) -> Meeting:
    """Begin a meeting; only whoever prepares it may. Without a `body` there is only one to choose."""
    kind = Meeting.kind_name()
    workflow = work.newest(kind)
    role = workflow.states[workflow.initial].turn
    if role is None or role not in work.actor.roles:
        raise NotPermitted(f"a meeting is called by {role}")
    if held_on < work.today:
        raise Invalid({"datum": ["Kies een dag die nog komt."]})
    chosen = _body(work, body)
    meeting = Meeting(
        **beginning(work, kind, next_number(work, kind)),
        title=title(chosen.code, held_on),
        body_id=chosen.id,
        day=held_on,
        place=place or "",
        demonstration=demonstration,
    )
    opened(work, meeting, action=CALL, role=role, audience=())
    return meeting


def _body(work: Work, name: str | None) -> Body:
    query = select(Body).order_by(Body.id)
    found = work.session.scalars(query.where((Body.code == name) | (Body.name == name)) if name else query).first()
    if found is None:
        raise Invalid({"orgaan": ["Dit orgaan bestaat niet. Kies er een uit de lijst."]})
    return found


class MeetingRow(NamedTuple):
    """What the list shows of a meeting."""

    id: int
    number: str
    version: int
    state: str
    title: str
    day: date
    place: str
    starts_at: str | None
    items: int
    demonstration: bool


@dataclass(frozen=True, slots=True)
class MeetingStretch:
    """A stretch of the meetings, the last day first, and the number after which the next begins."""

    rows: Sequence[MeetingRow]
    following: str | None


class Seat(NamedTuple):
    """Somebody with a seat in the body on the day of the meeting; who was there is not known before it opens."""

    account_id: int
    name: str
    organisation: str
    role: str
    votes: bool
    present: bool | None
    apologised: bool | None


def meetings(work: Work, *, after: str | None = None, amount: int = STRETCH) -> MeetingStretch:
    """The meetings that the actor may see; raises `Invalid` for a place that is not in the list."""
    items = select(func.count(AgendaItem.id)).where(AgendaItem.meeting_id == Meeting.id).scalar_subquery()
    query = select(Meeting, items).order_by(Meeting.day.desc(), Meeting.id.desc()).limit(amount + 1)
    if after is not None:
        query = query.where(tuple_(Meeting.day, Meeting.id) < _place_of(work, after))
    rows = [
        MeetingRow(
            meeting.id,
            meeting.number,
            meeting.version,
            meeting.state,
            meeting.title,
            meeting.day,
            meeting.place,
            meeting.starts_at,
            count or 0,
            meeting.demonstration,
        )
        for meeting, count in work.session.execute(query)
    ]
    return MeetingStretch(rows[:amount], rows[amount - 1].number if len(rows) > amount else None)


def seats(work: Work, meeting: Meeting) -> list[Seat]:
    """Who has a seat on the day of the meeting, and who was there; who votes comes first."""
    query = (
        select(
            Account.id,
            Account.name,
            Organisation.name,
            Membership.role,
            Membership.votes,
            Attendance.present,
            Attendance.apologised,
        )
        .join(Membership, Membership.account_id == Account.id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(Attendance, (Attendance.account_id == Account.id) & (Attendance.meeting_id == meeting.id))
        .where(
            Membership.body_id == meeting.body_id,
            Membership.since <= meeting.day,
            (Membership.until.is_(None)) | (Membership.until >= meeting.day),
        )
        .order_by(Membership.votes.desc(), Membership.role.desc(), Account.name, Account.id)
    )
    return [Seat(*row) for row in work.session.execute(query)]


def _place_of(work: Work, number: str) -> Any:
    row = work.session.execute(select(Meeting.day, Meeting.id).where(Meeting.number == number)).one_or_none()
    if row is None:
        raise Invalid({"na": ["Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."]})
    return tuple_(literal(row[0], Meeting.day.type), literal(row[1]))
