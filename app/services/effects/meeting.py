"""Effects of a meeting: who is invited, what is on its agenda and when, who was there, and the minutes."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import select

from app.db.account import Account
from app.db.body import Body, Membership
from app.db.case import Case
from app.db.interest import Interest
from app.db.meeting import ActionPoint, AgendaItem, Attendance, Meeting
from app.db.notice import Notice
from app.db.process import Process
from app.domain.access import CHAIR_ROLE
from app.domain.dutch import clock, read_clock
from app.domain.errors import Invalid
from app.domain.meeting import title
from app.services.appointment import appointment, begins, was_invited
from app.services.effects.agenda import item_audience, next_position
from app.services.lifecycle import MEETING, Taken, beginning, opened
from app.services.meeting import deputies, handled_in, invited, open_action_points
from app.services.notice import notify, write_letter
from app.services.number import next_number
from app.services.paper import ask_for_bundles, freeze
from app.services.sitting import covers, in_office
from app.services.withholding import ask_for_interests, withhold
from app.services.work import Work, beyond_sight

PLANNED, CHANGED, CALLED_OFF = "U bent uitgenodigd", "De vergadering is gewijzigd", "De vergadering gaat niet door"


def plan_meeting(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Set day, time, place and invitation; what was left empty stays."""
    answers = taken.answers
    held_on = answers.get("held_on") or meeting.day
    if held_on < work.today:
        raise Invalid({"datum": ["Kies een dag die nog komt."]})
    meeting.day = held_on
    meeting.title = title(work.session.get_one(Body, meeting.body_id).code, meeting.day)
    starts_at = read_clock(answers.get("starts_at"))
    meeting.starts_at = meeting.starts_at if starts_at is None else clock(starts_at)
    meeting.place = answers.get("place") or meeting.place
    meeting.invitation = answers.get("invitation") or meeting.invitation
    meeting.due = meeting.day
    _move_terms(work, meeting)


def _move_terms(work: Work, meeting: Meeting) -> None:
    """What waits for the meeting waits until its new day; who has a seat by then is asked about interests."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    items = work.session.scalars(beyond_sight(query)).all()
    for item in items:
        if item.decided_on is None:
            ask_for_interests(work, item, meeting)
    cases = select(Case).where(Case.id.in_([item.case_id for item in items if item.case_id]))
    waiting: list[Process] = [*items, *work.session.scalars(beyond_sight(cases))]
    for process in waiting:
        state = work.workflows[process.kind, process.version].states[process.state]
        if state.term == MEETING and process.due is not None:
            process.due = meeting.day


def invite_members(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Write to everybody with a seat when and where they meet; a later letter replaces the appointment."""
    first = appointment(work, meeting)["sequence"] == 0
    _write_to_invited(work, meeting, PLANNED if first else CHANGED, cancelled=False)


def call_off(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Write to who was invited that the meeting does not take place, and why."""
    if was_invited(work, meeting):
        _write_to_invited(work, meeting, CALLED_OFF, cancelled=True, reason=taken.event.reason)


def send_papers(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Freeze what is on the agenda, let it be drawn, and tell the members that it is there; not what it says."""
    again = meeting.papers_sent_at is not None
    changed = freeze(work, meeting)
    if again and not changed:
        raise Invalid({"": ["Er is niets veranderd sinds de stukken weggingen. U hoeft niets na te zenden."]})
    meeting.papers_sent_at = work.now
    ask_for_bundles(work, meeting, [seat.account_id for seat in in_office(work, meeting.body_id, meeting.day)])
    notify(
        work,
        members_of(work, meeting),
        meeting,
        subject=f"{meeting.number}: {'er zijn stukken nagezonden' if again else 'de stukken staan klaar'}",
        text=f"{meeting.title}\n\nU vindt de stukken op de pagina van de vergadering. "
        "Verklaar eerst per agendapunt uw belang: daarna ziet u het punt en de stukken.",
    )


def order_agenda(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Put the items in the given order, each after the one before it; what is not named comes at the end.

    That goes for what is withheld from the secretary as well, who cannot name it.
    """
    known = {item.number: item for item in items_of(work, meeting)}
    everything = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position)
    rows = [*enumerate(taken.answers["items"])]
    rows.sort(key=lambda row: (row[1].get("position") or row[0] + 1, row[0]))
    named: dict[str, AgendaItem] = {}
    earliest = _minutes(meeting)
    follows: int | None = earliest
    for place, row in rows:
        item = known.get(row["item"].strip())
        if item is None:
            raise Invalid({f"punten.{place}.agendapunt": [f"{row['item']} staat niet op deze agenda. Kies een ander."]})
        if item.number in named:
            raise Invalid(
                {f"punten.{place}.agendapunt": [f"{item.number} staat er twee keer. Noem elk punt één keer."]}
            )
        named[item.number] = item
        earliest, follows = _set_time(item, row, earliest, follows, f"punten.{place}.aanvang")
    rest = [item for item in work.session.scalars(beyond_sight(everything)) if item.number not in named]
    for item in rest:
        item.starts_at = None
    for position, item in zip(count(1), (*named.values(), *rest), strict=False):
        item.position = position


def add_other_item(work: Work, meeting: Meeting, taken: Taken) -> list[Process]:
    """Add an item without a case: for the body of this meeting, and like every item after the question of interests."""
    kind = AgendaItem.kind_name()
    item = AgendaItem(
        **beginning(work, kind, next_number(work, kind)),
        title=taken.answers["title"],
        meeting_id=meeting.id,
        position=next_position(work, meeting),
        preliminary_advice=taken.answers["explanation"],
        confidentiality=meeting.confidentiality,
        demonstration=meeting.demonstration,
    )
    audience = item_audience(work.session.get_one(Body, meeting.body_id))
    opened(work, item, action=taken.event.action, role=taken.event.role, audience=audience)
    ask_for_interests(work, item, meeting)
    return [item]


def open_sitting(work: Work, meeting: Meeting, taken: Taken) -> None:
    """The meeting sits; who opens it and is chair or deputy chair presides, and notes who is there."""
    meeting.sitting = True
    meeting.began_at = meeting.began_at or work.now
    chairs = {seat.account_id for seat in in_office(work, meeting.body_id, meeting.day) if seat.role == CHAIR_ROLE}
    if work.actor.account_id in chairs:
        meeting.presided_by_id = work.actor.account_id
    note_attendance(work, meeting, taken)


def note_attendance(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Keep who is there now, who sent word, and which deputy sits for whom; nothing said leaves all as it was."""
    answers = taken.answers
    present = _members_named(work, meeting, "aanwezig", answers.get("present") or ())
    apologies = _members_named(work, meeting, "afwezigMetBericht", answers.get("apologies") or ())
    replacing = _substitutions(work, meeting, answers.get("substitutions") or ())
    if not (present or apologies or replacing):
        return
    known = {row.account_id: row for row in _attendance(work, meeting)}
    for account_id in known.keys() | present | apologies | replacing.keys():
        row = known.get(account_id)
        if row is None:
            row = Attendance(meeting_id=meeting.id, account_id=account_id, present=False)
            work.session.add(row)
        row.present = account_id in present or account_id in replacing
        row.apologised = account_id in apologies and not row.present
        row.replaces_id = replacing.get(account_id)
    _ask_deputies(work, meeting, set(replacing))


def close_sitting(work: Work, meeting: Meeting, taken: Taken) -> None:
    """The meeting no longer sits; nothing is decided until it sits again."""
    meeting.sitting = False


def write_minutes(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Keep the draft of the minutes: the general text, the text of each item, and the new action points."""
    answers = taken.answers
    meeting.minutes = answers["minutes"]
    known = {item.number: handling for item, handling in handled_in(work, meeting)}
    for place, row in enumerate(answers.get("items") or ()):
        handling = known.get(row["item"].strip())
        if handling is None:
            raise Invalid({f"punten.{place}.agendapunt": [f"{row['item']} staat niet op deze agenda. Kies een ander."]})
        handling.minutes = row.get("text") or None
        work.session.add(handling)
    query = select(ActionPoint.text).where(ActionPoint.meeting_id == meeting.id)
    written = set(work.session.scalars(query))
    for text in answers.get("actions") or ():
        if text not in written:
            work.session.add(ActionPoint(meeting_id=meeting.id, text=text, doer=""))


def publish_minutes(work: Work, meeting: Meeting, taken: Taken) -> None:
    """The adopted minutes may be read by everybody."""
    meeting.public = True


def add_action_point(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Keep what somebody will do, and for which item."""
    answers = taken.answers
    number = (answers.get("item") or "").strip()
    item = next((item for item in items_of(work, meeting) if item.number == number), None)
    if number and item is None:
        raise Invalid({"agendapunt": [f"{number} staat niet op deze agenda. Kies een ander, of laat dit leeg."]})
    due = answers.get("due")
    if due is not None and due < work.today:
        raise Invalid({"uiterlijk": ["Kies een dag die nog komt."]})
    work.session.add(
        ActionPoint(
            meeting_id=meeting.id,
            item_id=item.id if item else None,
            text=answers["text"],
            doer=answers["doer"],
            due=due,
        )
    )


def finish_action_point(work: Work, meeting: Meeting, taken: Taken) -> None:
    """Keep that it was done, and what was done."""
    given = taken.answers["point"]
    point = next((one for one in open_action_points(work, meeting) if str(one.id) == given), None)
    if point is None:
        raise Invalid({"actiepunt": ["Dit actiepunt staat niet meer open. Kies er een uit de lijst."]})
    point.done_on = work.today
    point.done_note = taken.answers.get("note")


def notify_members(work: Work, process: Process, taken: Taken) -> None:
    """Tell the members and the secretary of the body where the meeting stands."""
    meeting = meeting_of(work, process)
    state = work.workflows[meeting.kind, meeting.version].states[meeting.state].label
    notify(
        work,
        members_of(work, meeting),
        meeting,
        subject=f"{meeting.number}: {state}",
        text=f"{meeting.title}\n\nStatus: {state}.",
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
        .where(Membership.body_id == meeting.body_id, covers(Membership.since, Membership.until, meeting.day))
        .distinct()
        .order_by(Account.name)
    )
    return work.session.scalars(query).all()


def items_of(work: Work, meeting: Meeting) -> Sequence[AgendaItem]:
    """The items of a meeting that the actor may see, in their order."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
    return work.session.scalars(query).all()


def _write_to_invited(work: Work, meeting: Meeting, what: str, *, cancelled: bool, reason: str = "") -> None:
    """A letter with a file for the calendar; also to who wants no other letters, since it is their own day."""
    kept = appointment(work, meeting, cancelled=cancelled)
    subject = f"{what}: {meeting.title}"
    text = f"{what}: {meeting.title}." + (f"\n\nReden: {reason}" if reason else "")
    for account in invited(work, meeting):
        work.session.add(Notice(account_id=account.id, process_id=meeting.id, subject=subject, text=text, at=work.now))
        write_letter(
            work,
            account,
            template="vergadering",
            context={
                "subject": subject,
                "text": text,
                "cancelled": cancelled,
                "day": meeting.day.isoformat(),
                "starts_at": clock(_minutes(meeting)),
                "place": meeting.place,
                "invitation": meeting.invitation,
                "number": meeting.number,
                "kind": meeting.kind,
            },
            process=meeting,
            appointment=kept,
        )


def _minutes(meeting: Meeting) -> int:
    """When the meeting begins, in minutes from midnight."""
    at = begins(meeting)
    return at.hour * 60 + at.minute


def _set_time(
    item: AgendaItem, row: Mapping[str, Any], earliest: int, follows: int | None, field: str
) -> tuple[int, int | None]:
    """Give an item its time and duration; when the next can begin, and when it does if that is known."""
    given, item.duration = read_clock(row.get("starts_at")), row.get("duration") or None
    if given is not None and given < earliest:
        raise Invalid(
            {field: [f"Hiervoor is er nog een punt, of de vergadering begint pas. Kies {clock(earliest)} of later."]}
        )
    starts = follows if given is None else given
    item.starts_at = None if starts is None else clock(starts)
    lasts = item.duration or 0
    ends = max(earliest, starts or 0) + lasts
    if ends > 24 * 60:
        raise Invalid({field: ["Dit punt gaat door na middernacht. Kies een eerder tijdstip of een kortere duur."]})
    return ends, None if starts is None or not lasts else ends


def _members_named(work: Work, meeting: Meeting, field: str, emails: Iterable[str]) -> set[int]:
    seats = {account.email: account.id for account in members_of(work, meeting)}
    return _named(seats, field, emails, "is geen lid. Kies leden uit de lijst.")


def _named(known: Mapping[str, int], field: str, emails: Iterable[str], wrong: str) -> set[int]:
    given = [email.strip().lower() for email in emails]
    unknown = [email for email in given if email not in known]
    if unknown:
        raise Invalid({field: [f"{', '.join(unknown)} {wrong}"]})
    return {known[email] for email in given}


def _substitutions(work: Work, meeting: Meeting, rows: Sequence[Mapping[str, str]]) -> dict[int, int]:
    """For each deputy the member in whose place that is."""
    voting = {seat.account_id for seat in in_office(work, meeting.body_id, meeting.day) if seat.votes}
    members = {account.email: account.id for account in members_of(work, meeting) if account.id in voting}
    query = select(Account.email, Account.id).where(Account.id.in_(deputies(work, meeting)), Account.active)
    able: dict[str, int] = dict(work.session.execute(query).all())
    found = {}
    for place, row in enumerate(rows):
        where = f"vervangingen.{place}"
        (member,) = _named(members, f"{where}.lid", [row["member"]], "stemt niet in dit orgaan. Kies een lid.")
        wrong = "is geen plaatsvervanger in dit orgaan. Kies iemand uit de lijst."
        (deputy,) = _named(able, f"{where}.plaatsvervanger", [row["deputy"]], wrong)
        found[deputy] = member
    return found


def _attendance(work: Work, meeting: Meeting) -> Sequence[Attendance]:
    return work.session.scalars(select(Attendance).where(Attendance.meeting_id == meeting.id)).all()


def _ask_deputies(work: Work, meeting: Meeting, account_ids: set[int]) -> None:
    """A deputy too answers the question of interests before anything of an item is shown."""
    for item in items_of(work, meeting):
        answered = set(work.session.scalars(select(Interest.account_id).where(Interest.item_id == item.id)))
        withhold(work, item, account_ids - answered)


EFFECTS = {
    effect.__name__: effect
    for effect in (
        plan_meeting,
        invite_members,
        call_off,
        send_papers,
        order_agenda,
        add_other_item,
        open_sitting,
        note_attendance,
        close_sitting,
        write_minutes,
        publish_minutes,
        add_action_point,
        finish_action_point,
        notify_members,
    )
}
