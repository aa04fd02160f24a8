"""What every guard may ask of any process, and where a process stands among the others."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.db.case import Case
from app.db.meeting import AgendaItem, Meeting
from app.db.process import Process
from app.services.work import Work, beyond_sight

NO_MEETING_YET = timedelta(weeks=6)


def case_of(process: Process) -> int | None:
    """The case that a process is about: itself, or the one it hangs from."""
    return process.id if isinstance(process, Case) else process.case_id


def latest_item(work: Work, process: Process) -> AgendaItem | None:
    """The agenda item on which a case stands or stood last."""
    case_id = case_of(process)
    if case_id is None:
        return None
    query = select(AgendaItem).where(AgendaItem.case_id == case_id).order_by(AgendaItem.id.desc())
    return work.session.scalars(beyond_sight(query.limit(1))).first()


def meeting_day(work: Work, process: Process) -> date:
    """The day of the meeting that a process waits for; without one, the next that is planned."""
    if isinstance(process, Meeting):
        return process.day
    item = process if isinstance(process, AgendaItem) else latest_item(work, process)
    if item is not None and not item.held_over:
        meeting = work.session.get(Meeting, item.meeting_id, execution_options={"as_system": True})
        if meeting is not None:
            return meeting.day
    following = beyond_sight(select(func.min(Meeting.day)).where(Meeting.day > work.today))
    return work.session.scalar(following) or work.today + NO_MEETING_YET


class Facts:
    """What every guard may ask of any process."""

    def __init__(self, work: Work, process: Process) -> None:
        self.work = work
        self.process = process
        self.state = process.state
        self.pending_action = process.pending_action
        self.pending_by = process.pending_by
        self.today = work.today
        self.due = process.due
        self.extended = process.extended
        self.signalled = process.signalled_on is not None
        self.reminded_on = process.reminded_on
        self.reminders = process.reminders

    def count(self, query: Select[Any]) -> int:
        """How many rows a query has, whoever asks."""
        counted = beyond_sight(select(func.count()).select_from(query.subquery()))
        return self.work.session.scalar(counted) or 0
