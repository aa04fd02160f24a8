"""A meeting in the calendar of who is invited: when, where, and nothing of what is discussed."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select

from app.adapters.calendar_file import Appointment, calendar_file
from app.db.account import Account
from app.db.body import Membership
from app.db.kind import path_of
from app.db.meeting import Meeting
from app.db.process import Event
from app.domain.access import SECRETARY_ROLE
from app.domain.dutch import AMSTERDAM, read_clock
from app.services.sitting import covers
from app.services.work import Work, beyond_sight

INVITES, CALLS_OFF = "invite_members", "call_off"
"""The effects after which people are written when and where they meet, or that they do not."""
STARTS_AT, LASTS = time(10), timedelta(hours=2)
"""When a meeting begins for which no time was set, and how long a calendar keeps for it."""
NOBODY = ("geen-antwoord@localhost", "Secretariaat")


def was_invited(work: Work, meeting: Meeting) -> bool:
    """People have this meeting in their calendar."""
    return _times_told(work, meeting, INVITES) > 0


def appointment(work: Work, meeting: Meeting, *, cancelled: bool = False) -> dict[str, Any]:
    """What a letter keeps of the appointment until it leaves, as plain JSON.

    Its sequence counts how often people were told, so that a later letter always replaces an earlier one.
    """
    begins_at = begins(meeting)
    organiser, name = _organiser(work, meeting)
    return {
        "number": meeting.number,
        "path": path_of(meeting),
        "sequence": max(0, _times_told(work, meeting, INVITES, CALLS_OFF) - 1),
        "title": meeting.title,
        "begins_at": begins_at.isoformat(),
        "ends_at": (begins_at + LASTS).isoformat(),
        "place": meeting.place,
        "organiser": organiser,
        "organiser_name": name,
        "stamp": meeting.changed_at.isoformat(),
        "cancelled": cancelled,
    }


def begins(meeting: Meeting) -> datetime:
    """The moment at which a meeting begins on the clock of Amsterdam; at ten where no time was set."""
    minutes = read_clock(meeting.starts_at)
    at = STARTS_AT if minutes is None else time(*divmod(minutes, 60))
    return datetime.combine(meeting.day, at, tzinfo=AMSTERDAM)


def calendar_entry(kept: Mapping[str, Any], *, public_url: str, attendee: str | None = None) -> Appointment:
    """The appointment with the addresses of this installation."""
    host = urlsplit(public_url).hostname or "localhost"
    return Appointment(
        uid=f"{kept['number']}@{host}",
        sequence=kept["sequence"],
        title=kept["title"],
        begins_at=datetime.fromisoformat(kept["begins_at"]),
        ends_at=datetime.fromisoformat(kept["ends_at"]),
        place=kept["place"],
        url=public_url + kept["path"],
        organiser=kept["organiser"],
        organiser_name=kept["organiser_name"],
        stamp=datetime.fromisoformat(kept["stamp"]),
        attendee=attendee,
        cancelled=kept["cancelled"],
    )


def calendar_file_of(work: Work, meeting: Meeting, *, public_url: str) -> bytes:
    """The file that a reader of the meeting can put in a calendar, as it is now."""
    state = work.workflows[meeting.kind, meeting.version].states[meeting.state]
    called_off = state.final and meeting.began_at is None
    kept = appointment(work, meeting, cancelled=called_off)
    return calendar_file(calendar_entry(kept, public_url=public_url))


def _times_told(work: Work, meeting: Meeting, *effects: str) -> int:
    transitions = work.workflows[meeting.kind, meeting.version].transitions
    telling = {step.action for step in transitions if set(effects) & set(step.effects)}
    query = select(func.count(Event.id)).where(Event.process_id == meeting.id, Event.action.in_(sorted(telling)))
    return work.session.scalar(beyond_sight(query)) or 0


def _organiser(work: Work, meeting: Meeting) -> tuple[str, str]:
    """The secretary of the body on the day of the meeting."""
    query = (
        select(Account.email, Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.body_id == meeting.body_id,
            Membership.role == SECRETARY_ROLE,
            covers(Membership.since, Membership.until, meeting.day),
        )
        .order_by(Membership.deputy, Membership.id)
        .limit(1)
    )
    row = work.session.execute(query).first()
    return (row[0], row[1]) if row else NOBODY
