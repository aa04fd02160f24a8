"""Effects of a meeting: who is invited, who was there, and the minutes."""

from collections.abc import Sequence

from sqlalchemy import select

from app.db.account import Account
from app.db.meeting import Attendance, Body, Meeting, Membership
from app.db.process import Process
from app.domain.errors import Invalid
from app.domain.meeting import title
from app.services.lifecycle import Taken
from app.services.notice import notify
from app.services.work import Work


def plan_meeting(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Set day, time, place and invitation; what was left empty stays."""
    answers = taken.answers
    meeting.day = answers.get("held_on") or meeting.day
    meeting.title = title(work.session.get_one(Body, meeting.body_id).code, meeting.day)
    meeting.starts_at = answers.get("starts_at") or meeting.starts_at
    meeting.place = answers.get("place") or meeting.place
    meeting.invitation = answers.get("invitation") or meeting.invitation
    meeting.due = meeting.day


def send_papers(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Keep when the papers went out."""
    meeting.papers_sent_at = work.now


def open_sitting(work: Work, meeting: Meeting, taken: Taken) -> None:
    """The meeting sits; the chair notes who is there and who sent word."""
    meeting.sitting = True
    meeting.began_at = meeting.began_at or work.now
    present = _members_named(work, meeting, "aanwezig", taken.answers.get("present") or ())
    apologies = _members_named(work, meeting, "afwezigMetBericht", taken.answers.get("apologies") or ())
    for account_id in {*present, *apologies}:
        row = work.session.get(Attendance, (meeting.id, account_id))
        if row is None:
            row = Attendance(meeting_id=meeting.id, account_id=account_id, present=False)
            work.session.add(row)
        row.present = account_id in present
        row.apologised = account_id in apologies


def close_sitting(work: Work, meeting: Meeting, taken: Taken) -> None:
    """The meeting no longer sits; nothing is decided until it sits again."""
    meeting.sitting = False


def write_minutes(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Keep the draft of the minutes."""
    actions = "".join(f"\n- {action}" for action in taken.answers.get("actions") or ())
    meeting.minutes = taken.answers["minutes"] + (f"\n\nActiepunten:{actions}" if actions else "")


def publish_minutes(work: Work, meeting: Meeting, taken: Taken) -> None:
    """The adopted minutes may be read by everybody."""
    meeting.public = True


def notify_members(work: Work, process: Process, taken: Taken) -> None:
    """Tell the members and the secretary of the body."""
    meeting = meeting_of(work, process)
    notify(
        work,
        members_of(work, meeting),
        meeting,
        subject=f"{meeting.number}: {meeting.title}",
        text=f"{meeting.title}\n\n{meeting.invitation or ''}".strip(),
    )


def meeting_of(work: Work, process: Process) -> Meeting:
    """The meeting itself, or the one in which an agenda item stands."""
    if isinstance(process, Meeting):
        return process
    return work.session.get_one(Meeting, process.meeting_id)  # type: ignore[attr-defined]


def members_of(work: Work, meeting: Meeting) -> Sequence[Account]:
    """Everybody with a seat in the body on the day of the meeting."""
    query = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.body_id == meeting.body_id,
            Membership.since <= meeting.day,
            (Membership.until.is_(None)) | (Membership.until >= meeting.day),
        )
        .distinct()
        .order_by(Account.name)
    )
    return work.session.scalars(query).all()


def _members_named(work: Work, meeting: Meeting, field: str, emails: Sequence[str]) -> set[int]:
    seats = {account.email: account.id for account in members_of(work, meeting)}
    unknown = [email for email in emails if email.strip().lower() not in seats]
    if unknown:
        raise Invalid({field: [f"{', '.join(unknown)} is geen lid. Kies leden uit de lijst."]})
    return {seats[email.strip().lower()] for email in emails}


EFFECTS = {
    effect.__name__: effect
    for effect in (
        plan_meeting,
        send_papers,
        open_sitting,
        close_sitting,
        write_minutes,
        publish_minutes,
        notify_members,
    )
}
