"""Everything that a page or an answer of the API shows of one process, read in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from app.db.account import Account
from app.db.case import Application, Case, CaseLaw, CompletionPoint, Facet, Party
from app.db.organisation import Organisation
from app.db.process import Attachment, Audience, Event, Follower, Message, Process
from app.domain import access
from app.domain.workflow import Workflow, is_internal
from app.services.process import Possibility, possibilities
from app.services.withholding import refusal
from app.services.work import Work

P = TypeVar("P", bound=Process)


@dataclass(frozen=True, slots=True)
class Overview:
    """A process, with what can be done with it and what happened to it, for one reader."""

    process: Process
    workflow: Workflow
    possibilities: Sequence[Possibility]
    journal: Sequence[Event]
    messages: Sequence[Message]
    attachments: Sequence[Attachment]
    related: Sequence["Related"]
    involved: bool
    handling: bool
    following: bool

    @property
    def state_label(self) -> str:
        """What people call the state."""
        return self.workflow.states[self.process.state].label

    @property
    def stage(self) -> str | None:
        """Where the process stands on the drawn line."""
        return self.workflow.states[self.process.state].stage

    @property
    def is_final(self) -> bool:
        """The process is at its end."""
        return self.workflow.states[self.process.state].final

    @property
    def visited(self) -> set[str]:
        """The stages that the process really passed."""
        states = (self.workflow.states.get(event.target) for event in self.journal)
        return {state.stage for state in states if state is not None and state.stage is not None}


# The queries of every page are made once: to make one costs as much as to ask it.


@cache
def _one(record: type[P]) -> Select[P]:
    query = (
        select(record)
        .where(record.number == bindparam("number"))
        .options(joinedload(record.organisation), joinedload(record.owner))
    )
    return query.options(undefer("*")) if record is Case else query


# What hangs from a case, by its name there. A loader would make each of these statements anew for every case.
_PARTS: Mapping[str, Select[Any]] = {
    "facets": select(Facet).where(Facet.case_id == bindparam("case")),
    "parties": select(Party).where(Party.case_id == bindparam("case")).options(joinedload(Party.organisation)),
    "laws": select(CaseLaw).where(CaseLaw.case_id == bindparam("case")),
    "completion_points": (
        select(CompletionPoint).where(CompletionPoint.case_id == bindparam("case")).order_by(CompletionPoint.id)
    ),
}
_JOURNAL = (
    select(Event)
    .where(Event.process_id == bindparam("process"))
    .options(joinedload(Event.organisation))
    .order_by(Event.sequence)
)
_MESSAGES = (
    select(Message)
    .where(Message.process_id == bindparam("process"))
    .options(joinedload(Message.organisation))
    .order_by(Message.id)
)
_ATTACHMENTS = select(Attachment).where(Attachment.process_id == bindparam("process")).order_by(Attachment.id)
_MESSAGES_FOR_OTHERS = _MESSAGES.where(~Message.internal)
_RELATED = (
    select(
        *(Process.kind, Process.version, Process.number, Process.state, Process.title, Process.due), Organisation.name
    )
    .outerjoin(Organisation, Organisation.id == Process.organisation_id)
    .where(
        or_(Process.case_id == bindparam("case"), Process.id == bindparam("case")), Process.id != bindparam("process")
    )
    .order_by(Process.id)
    .limit(100)
)
_FOLLOWER = select(Follower.account_id).where(
    Follower.process_id == bindparam("process"), Follower.account_id == bindparam("account")
)
_HELD = select(Audience.key).where(
    Audience.process_id == bindparam("process"), Audience.key.in_(bindparam("keys", expanding=True))
)
_APPLICATION = (
    select(Application).where(Application.case_id == bindparam("case")).order_by(Application.id.desc()).limit(1)
)
_NAMES = select(Account.id, Account.name).where(Account.id.in_(bindparam("accounts", expanding=True)))


def process_numbered(work: Work, record: type[P], number: str) -> P:
    """The process with this number, with its organisation and owner; `NotVisible` if it may not be seen."""
    process: P | None = work.session.scalars(_one(record), {"number": number}).one_or_none()
    if process is None:
        raise refusal(work, number)
    if isinstance(process, Case):
        for name, query in _PARTS.items():
            set_committed_value(process, name, work.session.scalars(query, {"case": process.id}).all())
    return process


def overview(work: Work, process: Process) -> Overview:
    """Everything about a process that this reader may know."""
    involved, handling = sight_of(work, process)
    return Overview(
        process=process,
        workflow=work.workflows[process.kind, process.version],
        possibilities=possibilities(work, process) if involved else [],
        journal=journal_of(work, process, handling=handling, involved=involved),
        messages=messages_of(work, process, handling=handling) if involved else [],
        attachments=attachments_of(work, process) if involved else [],
        related=related_to(work, process),
        involved=involved,
        handling=handling,
        following=_follows(work, process),
    )


def _follows(work: Work, process: Process) -> bool:
    asked = {"process": process.id, "account": work.actor.account_id or 0}
    return work.session.scalar(_FOLLOWER, asked) is not None


class Sight(NamedTuple):
    """How the actor sees a process.

    `involved`: the actor may read the file, and does not only know that the bottleneck exists. `handling`: through a
    role of those who handle it, and not only as reporter or party.
    """

    involved: bool
    handling: bool


def sight_of(work: Work, process: Process) -> Sight:
    """How the actor sees a process."""
    if work.actor.is_system:
        return Sight(involved=True, handling=False)
    keys = access.reader_keys(work.actor) - {access.OFFICIALS}
    held = set(work.session.scalars(_HELD, {"process": process.id, "keys": sorted(keys)}))
    handlers = access.handling_keys(work.actor)
    owns = work.actor.owner_as is not None and process.owner_id == work.actor.owner_as
    return Sight(bool(held), bool(held) and (owns or not held.isdisjoint(handlers)))


def journal_of(work: Work, process: Process, *, handling: bool, involved: bool) -> list[Event]:
    """The lines of the journal that the reader may see.

    What handlers do among themselves, without moving the case, stays among them; and whoever only knows that
    a bottleneck exists sees no journal but its moves.
    """
    events = work.session.scalars(_JOURNAL, {"process": process.id}).all()
    if handling:
        return list(events)
    if not involved:
        return [event for event in events if event.source != event.target]
    workflow = work.workflows[process.kind, process.version]
    return [event for event in events if not _is_internal(workflow, event)]


def _is_internal(workflow: Workflow, event: Event) -> bool:
    transition = workflow.transition(event.action, event.source) if event.source is not None else None
    return is_internal(transition, event.source, event.target)


def messages_of(work: Work, process: Process, *, handling: bool) -> list[Message]:
    """The dialogue; internal notes only for those who handle the process."""
    query = _MESSAGES if handling else _MESSAGES_FOR_OTHERS
    return list(work.session.scalars(query, {"process": process.id}))


def attachments_of(work: Work, process: Process) -> list[Attachment]:
    """The files with a process."""
    return list(work.session.scalars(_ATTACHMENTS, {"process": process.id}))


class Related(NamedTuple):
    """A process about the same case, as far as a line about it says."""

    kind: str
    version: int
    number: str
    state: str
    title: str
    due: date | None
    organisation: str | None


def related_to(work: Work, process: Process) -> list[Related]:
    """The processes about the same case that the actor may see, and the case itself."""
    case_id = process.id if isinstance(process, Case) else process.case_id
    if case_id is None:
        return []
    rows = work.session.execute(_RELATED, {"case": case_id, "process": process.id})
    return [Related(*row) for row in rows]


def application_of(work: Work, case: Case) -> Application | None:
    """The precedent proposed for, or applied to, a case."""
    return work.session.scalars(_APPLICATION, {"case": case.id}).first()


def names_of_accounts(work: Work, ids: Sequence[int | None]) -> dict[int, str]:
    """What accounts are called: their function."""
    known = {identity for identity in ids if identity}
    if not known:
        return {}
    return dict(work.session.execute(_NAMES, {"accounts": sorted(known)}).all())


def owner_label(work: Work, process: Process, names: dict[str, str]) -> str:
    """Who holds a process: the owner, or the role whose turn it is."""
    if process.owner_id is not None:
        account: Any = work.session.get(Account, process.owner_id)
        return str(account.name)
    return names.get(process.turn or "", "") if process.turn else ""
