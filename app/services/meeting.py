"""Meetings: calling one, and what people see of it; what happens in it is led by its definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import aliased

from app.db.account import Account
from app.db.body import Body, Membership, RulesOfProcedure, Substitution
from app.db.meeting import ActionPoint, AgendaItem, Attendance, Handling, Meeting
from app.db.organisation import Organisation
from app.domain.access import COMMISSION_ROLES
from app.domain.errors import Invalid, NotPermitted
from app.domain.meeting import needed, title
from app.services.lifecycle import beginning, opened
from app.services.number import next_number
from app.services.sitting import covers, in_office, rules_in_force, rules_of
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
    scope = None if chosen.central else chosen.id
    if all(grant.role != role or grant.body_id != scope for grant in work.actor.grants):
        raise NotPermitted(f"a meeting of this body is called by its own {role}")
    rules = rules_in_force(work, chosen.id, held_on)
    meeting = Meeting(
        **beginning(work, kind, next_number(work, kind)),
        title=title(chosen.code, held_on),
        body_id=chosen.id,
        rules_id=rules.id if rules else None,
        day=held_on,
        place=place or "",
        demonstration=demonstration,
    )
    opened(work, meeting, action=CALL, role=role, audience=())
    return meeting


def _body(work: Work, name: str | None) -> Body:
    query = select(Body).order_by(Body.central.desc(), Body.id)
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
    replaces: str | None


def handling_of(work: Work, item: AgendaItem) -> Handling:
    """What the meeting in which an item stands now did with it."""
    found = work.session.get(Handling, (item.meeting_id, item.id))
    if found is None:
        found = Handling(meeting_id=item.meeting_id, item_id=item.id, position=item.position)
        work.session.add(found)
    return found


def open_action_points(work: Work, meeting: Meeting) -> Sequence[ActionPoint]:
    """What a meeting agreed that was not done yet; what is about an item is for who may see that item."""
    query = select(ActionPoint).where(
        ActionPoint.meeting_id == meeting.id,
        ActionPoint.done_on.is_(None),
        ActionPoint.item_id.is_(None) | ActionPoint.item_id.in_(select(AgendaItem.id)),
    )
    return work.session.scalars(query.order_by(ActionPoint.id)).all()


def handled_in(work: Work, meeting: Meeting) -> list[tuple[AgendaItem, Handling]]:
    """The items that stand in a meeting or stood in it, as far as the actor may see them, with what it did with each.

    What was not kept yet is a new row that the caller may keep.
    """
    kept = {row.item_id: row for row in work.session.scalars(select(Handling).where(Handling.meeting_id == meeting.id))}
    query = select(AgendaItem).where((AgendaItem.meeting_id == meeting.id) | AgendaItem.id.in_(kept))
    found = [
        (item, kept.get(item.id) or Handling(meeting_id=meeting.id, item_id=item.id, position=item.position))
        for item in work.session.scalars(query)
    ]
    return sorted(found, key=lambda pair: (pair[1].position, pair[0].id))


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
    replaced = aliased(Account)
    query = (
        select(
            Account.id,
            Account.name,
            Organisation.name,
            Membership.role,
            Membership.votes,
            Attendance.present,
            Attendance.apologised,
            replaced.name,
        )
        .join(Membership, Membership.account_id == Account.id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(Attendance, (Attendance.account_id == Account.id) & (Attendance.meeting_id == meeting.id))
        .outerjoin(replaced, replaced.id == Attendance.replaces_id)
        .where(
            Membership.body_id == meeting.body_id,
            Membership.since <= meeting.day,
            (Membership.until.is_(None)) | (Membership.until >= meeting.day),
        )
        .order_by(Membership.votes.desc(), Membership.role.desc(), Account.name, Account.id)
    )
    found: dict[int, Seat] = {}
    for row in work.session.execute(query):
        # Who is a member and deputy chair as well stands here once, with the vote.
        found.setdefault(row[0], Seat(*row))
    return list(found.values())


def invited(work: Work, meeting: Meeting) -> Sequence[Account]:
    """Who is told when the body meets: everybody with a seat that day, and who then takes the seat of another."""
    seated = select(Membership.account_id).where(
        Membership.body_id == meeting.body_id, covers(Membership.since, Membership.until, meeting.day)
    )
    query = select(Account).where(
        Account.active,
        Account.id.in_(seated) | Account.id.in_([row.substitute_id for row in _standing_in(work, meeting)]),
    )
    return work.session.scalars(query.order_by(Account.name, Account.id)).all()


def deputies(work: Work, meeting: Meeting) -> frozenset[int]:
    """Who can take the seat of an absent member: a member without a vote, or who was appointed for it."""
    seats = in_office(work, meeting.body_id, meeting.day)
    voting = {seat.account_id for seat in seats if seat.votes}
    spare = {seat.account_id for seat in seats if not seat.votes and seat.role in COMMISSION_ROLES}
    return frozenset(spare | {row.substitute_id for row in _standing_in(work, meeting)}) - voting


class Seating(NamedTuple):
    """Who is there, who sent word and who sits for whom, by address, as the form of it asks."""

    present: Sequence[str]
    apologies: Sequence[str]
    substitutions: Sequence[tuple[str, str]]


def seating(work: Work, meeting: Meeting) -> Seating:
    """What is known of the attendance: what was noted last, else the substitutions that hold on the day."""
    noted = work.session.scalars(
        select(Attendance).where(Attendance.meeting_id == meeting.id).order_by(Attendance.account_id)
    ).all()
    if noted:
        pairs = [(row.replaces_id, row.account_id) for row in noted if row.present and row.replaces_id]
        deputising = {deputy for _, deputy in pairs}
        there = [row.account_id for row in noted if row.present and row.account_id not in deputising]
        away = [row.account_id for row in noted if row.apologised]
    else:
        able = deputies(work, meeting)
        pairs = [(row.absent_id, row.substitute_id) for row in _standing_in(work, meeting) if row.substitute_id in able]
        there, away = [], [absent for absent, _ in pairs]
    named = {*there, *away, *(one for pair in pairs for one in pair)}
    emails = dict(work.session.execute(select(Account.id, Account.email).where(Account.id.in_(named))).all())
    return Seating(
        [emails[one] for one in there],
        [emails[one] for one in away],
        [(emails[absent], emails[deputy]) for absent, deputy in pairs],
    )


class Point(NamedTuple):
    """An action point as it is shown; `meeting` is the number of the meeting that agreed it."""

    text: str
    doer: str
    due: date | None
    done_on: date | None
    done_note: str | None
    meeting: str


def action_points(work: Work, meeting: Meeting) -> tuple[list[Point], list[Point]]:
    """What this meeting agreed, and what earlier meetings of the body agreed and is still open.

    A point about an item is for who may see the item.
    """
    mine = select(AgendaItem.id)
    query = (
        select(ActionPoint, Meeting)
        .join(Meeting, Meeting.id == ActionPoint.meeting_id)
        .where(Meeting.body_id == meeting.body_id, ActionPoint.item_id.is_(None) | ActionPoint.item_id.in_(mine))
        .order_by(Meeting.day, ActionPoint.id)
    )
    own = query.where(Meeting.id == meeting.id)
    before = query.where(Meeting.id != meeting.id, Meeting.day <= meeting.day, ActionPoint.done_on.is_(None))
    shown, earlier = ([_point(*row) for row in work.session.execute(one)] for one in (own, before))
    return shown, earlier


def _point(point: ActionPoint, meeting: Meeting) -> Point:
    return Point(point.text, point.doer, point.due, point.done_on, point.done_note, meeting.number)


class RulesShown(NamedTuple):
    """By which rules a meeting is held; without a version the Kaderwet holds."""

    body: str
    code: str
    version: int | None
    quorum: int
    members: int


def rules_shown(work: Work, meeting: Meeting) -> RulesShown:
    """The rules that a meeting keeps, and how many members they ask to be there."""
    body = work.session.get_one(Body, meeting.body_id)
    kept = work.session.get(RulesOfProcedure, meeting.rules_id) if meeting.rules_id else None
    members = len({seat.account_id for seat in in_office(work, body.id, meeting.day) if seat.votes})
    quorum = needed(rules_of(work, meeting), in_office=members, excused=0)
    return RulesShown(body.name, body.code, kept.version if kept else None, quorum, members)


def _standing_in(work: Work, meeting: Meeting) -> Sequence[Substitution]:
    query = select(Substitution).where(
        Substitution.body_id == meeting.body_id, covers(Substitution.since, Substitution.until, meeting.day)
    )
    return work.session.scalars(query.order_by(Substitution.id)).all()


def _place_of(work: Work, number: str) -> Any:
    row = work.session.execute(select(Meeting.day, Meeting.id).where(Meeting.number == number)).one_or_none()
    if row is None:
        raise Invalid({"na": ["Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."]})
    return tuple_(literal(row[0], Meeting.day.type), literal(row[1]))
