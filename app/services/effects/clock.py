"""Effects on the clock and on who holds a process."""

from datetime import date

from app.db.account import Account
from app.db.case import Case
from app.db.process import Process
from app.domain import calendar
from app.domain.access import account_key
from app.domain.errors import Invalid
from app.services.lifecycle import Taken, due_in, set_turn, show_to
from app.services.notice import notify
from app.services.reference import account_with_role
from app.services.turn import people_at_turn
from app.services.work import Work


def keep_due(work: Work, process: Process, taken: Taken) -> None:
    """Let the old term run on, where a step asks nothing new of anybody."""
    process.due = taken.due_before


def renew_term(work: Work, process: Process, taken: Taken) -> None:
    """Count the state's term anew from today."""
    process.due = due_in(work, process)
    process.extended = False
    process.signalled_on = None


def set_due(work: Work, process: Process, taken: Taken) -> None:
    """Take the day that was asked for, if one was."""
    due: date | None = taken.answers.get("due")
    if due is None:
        return
    if due < work.today:
        raise Invalid({"termijn": ["Kies een dag die nog komt."]})
    process.due = due


def suspend_clock(work: Work, process: Process, taken: Taken) -> None:
    """Stop the clock of the state that was left; counting stops the day after (Awb 4:15)."""
    _hold(process, taken)
    process.held_since = work.today


def hold_clock(work: Work, process: Process, taken: Taken) -> None:
    """Keep the term of the state that was left; it stops only by consent or where the law requires it."""
    _hold(process, taken)
    process.held_since = work.today if taken.answers.get("suspends") else None


def resume_clock(work: Work, process: Process, taken: Taken) -> None:
    """Go on with the term that was kept, moved by the days that it stood still."""
    held = taken.held_before
    if held.due is None or held.state != process.state:
        return
    process.due = held.due
    if held.since is not None:
        process.due = calendar.resume(held.due, held.since, work.today)


def extend_term(work: Work, process: Process, taken: Taken) -> None:
    """Extend once, by what the definition allows (Awb 4:14 by analogy)."""
    state = work.workflows[process.kind, process.version].states[process.state]
    if process.due is None or state.extend is None:
        raise Invalid({"": ["Deze termijn kan niet worden verlengd."]})
    process.due = calendar.extend(process.due, calendar.Term.parse(state.extend))
    process.extended = True
    process.signalled_on = None


def notify_overdue(work: Work, process: Process, taken: Taken) -> None:
    """Tell who holds the process, or whose turn it is, that the term has passed."""
    process.signalled_on = work.today
    notify(
        work,
        holders_of(work, process),
        process,
        subject=f"Termijn verstreken: {process.number}",
        text=f"De termijn van {process.number} ({process.title}) is verstreken.",
    )


def notify_owner(work: Work, process: Process, taken: Taken) -> None:
    """Tell who holds the process that something happened."""
    workflow = work.workflows[process.kind, process.version]
    state = workflow.states[process.state].label
    notify(
        work,
        holders_of(work, process),
        process,
        subject=f"{process.number}: {state}",
        text=f"{process.title}\n\nStatus: {state}.",
    )


def assign_to_actor(work: Work, process: Process, taken: Taken) -> None:
    """Who takes it up holds it from now on."""
    process.owner_id = work.actor.account_id


def withdraw_half(work: Work, process: Process, taken: Taken) -> None:
    """Take back the first half of a step; the definition asks that it is one's own."""
    process.pending_action = process.pending_by = process.pending_answers = None
    set_turn(work, process)


def transfer_owner(work: Work, process: Process, taken: Taken) -> None:
    """Hand over to the person who was named and has agreed."""
    successor = account_with_role(work, "nieuweEigenaar", taken.answers["new_owner"])
    if isinstance(process, Case) and process.handler_id == process.owner_id and process.handler_id:
        process.handler_id = successor.id
    process.owner_id = successor.id
    show_to(work, process, [account_key(successor.id)])
    set_turn(work, process)


def holders_of(work: Work, process: Process) -> list[Account]:
    """Who holds the process; without an owner, everybody whose turn it is."""
    if process.owner_id is not None:
        return [work.session.get_one(Account, process.owner_id)]
    return list(people_at_turn(work, process))


def _hold(process: Process, taken: Taken) -> None:
    process.held_state, process.held_due = taken.event.source, taken.due_before


EFFECTS = {
    effect.__name__: effect
    for effect in (
        keep_due,
        renew_term,
        set_due,
        suspend_clock,
        hold_clock,
        resume_clock,
        extend_term,
        notify_overdue,
        notify_owner,
        assign_to_actor,
        transfer_owner,
        withdraw_half,
    )
}
