"""advance(): the one way to act on anything that has a state, and what one may do with it now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, bindparam, select

from app.db.meeting import AgendaItem
from app.db.process import Event, Process
from app.domain import answers as answer_codec
from app.domain.access import SYSTEM, SYSTEM_ROLE, Actor, Scope, roles_in, stands_in_for
from app.domain.errors import GuardFailed, KeyMayNotConfirm, NotPermitted, NotVisible, Stale, WithheldFromMember
from app.domain.guards import GUARDS
from app.domain.workflow import Step, Transition, Workflow, decide, identity, permit
from app.services.effects import EFFECTS
from app.services.facts import facts_of, linked_processes, scope_of
from app.services.lifecycle import FollowUp, Held, Taken, enter, set_turn
from app.services.move import move_to_newest
from app.services.withholding import ANSWERS_THE_QUESTION, card_of, refusal
from app.services.work import Work, beyond_sight

P = TypeVar("P", bound=Process)
KEY_MAY_NOT = "Uw sleutel mag dit niet. Neem een sleutel die ook mag wat op een pagina om uw wachtwoord vraagt."


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step that was taken: its line in the journal, the processes that it made, and what only the taker is told."""

    event: Event
    made: tuple[Process, ...] = ()
    receipt: Mapping[str, Any] = field(default_factory=dict, repr=False)


def process_for_action(work: Work, record: type[P], number: str, action: str | None = None) -> P:
    """The process with this number, locked until the transaction ends; `NotVisible` if it may not be seen.

    One `action` is taken on what is not shown yet: answering the question of interests.
    """
    query: Select[P] = _locked(record)
    process = work.session.scalars(query, {"number": number}).one_or_none()
    if process is not None:
        return process
    return _before_the_question(work, query, refusal(work, number), action)


@cache
def _locked(record: type[P]) -> Select[P]:
    """The process with a number, to be changed; made once, since every action asks it."""
    query = select(record).where(record.number == bindparam("number")).with_for_update(of=Process.__table__)
    return query.execution_options(populate_existing=True)


def item_to_ask_about(work: Work, withheld: WithheldFromMember, action: str) -> Process:
    """The item that is withheld, for the form of the one action that is taken on it; raises `withheld` for others."""
    query = select(AgendaItem).where(AgendaItem.number == bindparam("number"))
    return _before_the_question(work, query, withheld, action)


def _before_the_question(work: Work, query: Select[P], refused: NotVisible, action: str | None) -> P:
    number = str(refused)
    if isinstance(refused, WithheldFromMember) and refused.item == number and not card_of(work, number).excused:
        unseen: P = work.session.scalars(beyond_sight(query), {"number": number}).one()
        transition = work.workflows[unseen.kind, unseen.version].transition(action or "", unseen.state)
        if transition is not None and ANSWERS_THE_QUESTION in transition.effects:
            return unseen
    raise refused


def advance(
    work: Work,
    process: Process,
    *,
    action: str,
    answers: Mapping[str, Any] | None = None,
    reason: str = "",
    revision: int | None = None,
    scope: Scope | None = None,
) -> Outcome:
    """Take one action on a process: decide, record, then do what follows from it.

    `answers` are the typed values of the form that the transition asks; `scope` is who is who, for whom that was read
    in this transaction already. Raises `Stale` when `revision` is not the one the process has now, and what `decide`
    raises.
    """
    if revision is not None and revision != process.revision:
        raise Stale(process.number)
    workflow = work.workflows[process.kind, process.version]
    scope = _for_action(scope or scope_of(work, process), process, action)
    roles = roles_in(scope, work.actor)
    step = decide(workflow, facts_of(work, process), action, work.actor, roles, GUARDS)
    _check_key(work.actor, step.transition)
    role = _acting_role(step, process, roles)
    part = Part(role, stands_in_for(scope, work.actor, role))
    if step.half:
        return _propose(work, process, step.transition, part, answers or {}, reason)
    if process.pending_action == action and process.pending_answers is not None:
        answers = answer_codec.unpack(process.pending_answers)
    return _take(work, process, step.transition, part, answers or {}, reason)


class Part(NamedTuple):
    """As what somebody acts: the role, and the account for which they stand in."""

    role: str
    absent_id: int | None


def roles_for(work: Work, process: Process, action: str, scope: Scope | None = None) -> frozenset[str]:
    """The actor's roles in a process for one action; `scope` as in `advance`."""
    return roles_in(_for_action(scope or scope_of(work, process), process, action), work.actor)


def permitted(work: Work, process: Process, action: str, scope: Scope | None = None) -> Transition:
    """The step that an action is here, if the actor may take it; raises what `permit` does, and asks no guard."""
    workflow = work.workflows[process.kind, process.version]
    transition = permit(workflow, process, action, roles_for(work, process, action, scope))
    _check_key(work.actor, transition)
    return transition


def _for_action(scope: Scope, process: Process, action: str) -> Scope:
    """Who is who for one action: a colleague of the handler may complete a half."""
    return replace(scope, half_taken=process.pending_action == action)


def _check_key(actor: Actor, transition: Transition) -> None:
    if transition.confirm and not actor.confirms:
        raise KeyMayNotConfirm(f"{transition.action} asks a key that may confirm")


@dataclass(frozen=True, slots=True)
class Possibility:
    """An action that the actor could take here, and what stands in the way."""

    transition: Transition
    reasons: tuple[str, ...] = ()
    is_second_half: bool = False

    @property
    def allowed(self) -> bool:
        """Nothing stands in the way."""
        return not self.reasons


def possibilities(work: Work, process: Process) -> list[Possibility]:
    """What the actor may do with a process now, and what is not possible with the reason in a sentence."""
    workflow = work.workflows[process.kind, process.version]
    scope = scope_of(work, process)
    ordinary = roles_in(scope, work.actor)
    completing = roles_in(replace(scope, half_taken=True), work.actor)
    facts = facts_of(work, process)
    found = []
    for transition in workflow.actions_from(process.state):
        pending = process.pending_action == transition.action
        roles = completing if pending else ordinary
        if not roles & (transition.roles | (transition.second if pending else frozenset())):
            continue
        found.append(_possibility(workflow, facts, transition, work.actor, roles, pending=pending))
    return found


def _possibility(
    workflow: Workflow, facts: Any, transition: Transition, actor: Actor, roles: frozenset[str], *, pending: bool
) -> Possibility:
    if transition.confirm and not actor.confirms:
        return Possibility(transition, (KEY_MAY_NOT,), pending)
    try:
        decide(workflow, facts, transition.action, actor, roles, GUARDS)
    except GuardFailed as error:
        return Possibility(transition, error.sentences, pending)
    except NotPermitted:
        return Possibility(transition, ("Dit wacht op een tweede persoon.",), pending)
    return Possibility(transition, (), pending)


def _take(
    work: Work,
    process: Process,
    transition: Transition,
    part: Part,
    answers: Mapping[str, Any],
    reason: str,
) -> Outcome:
    due_before = process.due
    held_before = Held(process.held_state, process.held_due, process.held_since)
    event = process.record(
        transition,
        actor=work.actor,
        role=part.role,
        stands_in_for=part.absent_id,
        at=work.now,
        reason="" if transition.sealed else reason,
        answers={} if transition.sealed else answer_codec.plain(answers),
    )
    if process.pending_action == transition.action or transition.target is not None:
        _forget_half(process)
    if transition.target is not None:
        enter(work, process)
    else:
        set_turn(work, process)
    work.session.flush()
    taken = Taken(event, answers, due_before, held_before)
    made: list[Process] = []
    for effect in transition.effects:
        made.extend(EFFECTS[effect](work, process, taken) or ())
    for step in taken.follow_ups:
        made.extend(_follow_up(work, step).made)
    made.extend(_lead(work, process, transition, reason))
    work.session.flush()
    return Outcome(event, tuple(made), taken.receipt)


def _lead(work: Work, process: Process, transition: Transition, reason: str) -> Iterator[Process]:
    """Let linked processes follow: a parent must, children follow where they can."""
    for kind, action in transition.leads.items():
        for linked in linked_processes(work, process, kind):
            workflow = work.workflows[linked.kind, linked.version]
            if linked.id == process.case_id or workflow.transition(action, linked.state):
                yield from follow(work, linked, action, reason=reason).made
    for kind, action in transition.offers.items():
        for linked in linked_processes(work, process, kind):
            if outcome := offer(work, linked, action):
                yield from outcome.made


def follow(
    work: Work, process: Process, action: str, *, answers: Mapping[str, Any] | None = None, reason: str = ""
) -> Outcome:
    """Let the system take an action that follows from a step elsewhere, or from a term that passed."""
    return advance(work.as_system(), process, action=action, answers=answers, reason=reason)


def _follow_up(work: Work, step: FollowUp) -> Outcome:
    """Take what an effect asked for; what began before its definition knew the step goes to the newest one first."""
    process = step.process
    work.session.flush()
    if work.workflows[process.kind, process.version].transition(step.action, process.state) is None:
        move_to_newest(work.as_system(), process)
    return follow(work, process, step.action, answers=step.answers, reason=step.reason)


def offer(work: Work, process: Process, action: str) -> Outcome | None:
    """Let the system take an action if nothing stands in the way; otherwise nothing happens."""
    workflow = work.workflows[process.kind, process.version]
    if workflow.transition(action, process.state) is None:
        return None
    try:
        decide(workflow, facts_of(work, process), action, SYSTEM, frozenset({SYSTEM_ROLE}), GUARDS)
    except (GuardFailed, NotPermitted):
        return None
    return follow(work, process, action)


def _propose(
    work: Work, process: Process, transition: Transition, part: Part, answers: Mapping[str, Any], reason: str
) -> Outcome:
    process.pending_action = transition.action
    process.pending_by = identity(work.actor)
    process.pending_answers = answer_codec.pack(answers)
    event = process.record(
        transition,
        actor=work.actor,
        role=part.role,
        stands_in_for=part.absent_id,
        at=work.now,
        half=True,
        reason=reason,
        answers={} if transition.sealed else answer_codec.plain(answers),
    )
    set_turn(work, process)
    work.session.flush()
    return Outcome(event, ())


def _forget_half(process: Process) -> None:
    process.pending_action = process.pending_by = process.pending_answers = None


def _acting_role(step: Step, process: Process, roles: frozenset[str]) -> str:
    second = process.pending_action == step.transition.action
    wanted = step.transition.second if second else step.transition.roles
    return min(wanted & roles)
