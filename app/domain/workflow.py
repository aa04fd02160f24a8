"""What a workflow is, and the one decision about it: whether this person may take this step now."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from app.domain.access import ORGANISATION_ROLES, PARTY_ROLE, SYSTEM_ROLE, Actor
from app.domain.errors import GuardFailed, NotPermitted, UnknownAction

Guard = Callable[[Any, Actor], bool]

SYSTEM_ID = -1
"""Stands in `pending_by` for the system, which has no account."""


class Subject(Protocol):
    """What a decision reads of a process: where it stands, and which first half of four eyes waits."""

    @property
    def state(self) -> str: ...
    @property
    def pending_action(self) -> str | None: ...
    @property
    def pending_by(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class State:
    """Where a process can stand, for how long, and whose turn it is there."""

    slug: str
    label: str
    final: bool = False
    term: str | None = None
    extend: str | None = None
    overdue: str | None = None
    stage: str | None = None
    turn: str | None = None
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """One action: from which states, by whom, on which conditions, and what follows from it.

    Without a target the process stays where it is. `leads` must follow in the processes it is linked to,
    `offers` follows where it can; both are taken by the system. `confirm` asks again who it is; what was answered to
    a `sealed` one stays out of the journal.
    """

    action: str
    label: str
    sources: tuple[str, ...]
    roles: frozenset[str]
    target: str | None = None
    second: frozenset[str] = frozenset()
    asks: str | None = None
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    leads: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)
    reopens: bool = False
    confirm: bool = False
    sealed: bool = False
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """One version of one definition, as it was published."""

    name: str
    label: str
    version: int
    initial: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    stages: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)
    _steps: Mapping[str, Mapping[str, Transition]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the steps once: every page asks what can be done from one state."""
        steps: dict[str, dict[str, Transition]] = {}
        for transition in self.transitions:
            for source in transition.sources:
                steps.setdefault(source, {}).setdefault(transition.action, transition)
        object.__setattr__(self, "_steps", steps)

    def transition(self, action: str, state: str) -> Transition | None:
        """The step that this action is from this state."""
        return self._steps.get(state, {}).get(action)

    def actions_from(self, state: str) -> tuple[Transition, ...]:
        """Everything that may be done in this state by anybody, in the order of the file."""
        return tuple(self._steps.get(state, {}).values())


class Step(NamedTuple):
    """A step that may be taken; `half` says that it still waits for a second person."""

    transition: Transition
    half: bool


def permit(workflow: Workflow, subject: Subject, action: str, roles: Iterable[str]) -> Transition:
    """The step, if somebody with these roles may take it, or its second half when the first one waits."""
    transition = workflow.transition(action, subject.state)
    if transition is None:
        raise not_here(workflow, action, subject.state)
    wanted = transition.second if _completes(transition, subject) else transition.roles
    if wanted.isdisjoint(roles):
        raise NotPermitted(f"{action} from {subject.state} is for {', '.join(sorted(wanted))}")
    return transition


def not_here(workflow: Workflow, action: str, state: str) -> UnknownAction:
    """The refusal of an action that cannot be taken from a state, with the states from which it can."""
    known = [step for step in workflow.transitions if step.action == action]
    sources = dict.fromkeys(workflow.states[source].label for step in known for source in step.sources)
    return UnknownAction(f"no {action} from {state}", step=known[0].label if known else "", states=list(sources))


def decide(
    workflow: Workflow,
    subject: Subject,
    action: str,
    actor: Actor,
    roles: Collection[str],
    guards: Mapping[str, Guard],
) -> Step:
    """May this be done: is there such a step, may this person take it, do its conditions hold, in that order.

    Nothing is looked at before permission, so that a refusal tells an outsider nothing. Of four eyes each half is
    asked the same conditions, and the second half is another person's.
    """
    transition = permit(workflow, subject, action, roles)
    completes = _completes(transition, subject)
    if completes and subject.pending_by == identity(actor):
        raise NotPermitted(f"{action} waits for somebody else than who proposed it")
    if broken := [name for name in transition.guards if not guards[name](subject, actor)]:
        raise GuardFailed(*(workflow.refusals[name] for name in broken))
    return Step(transition, half=bool(transition.second) and not completes)


OUTSIDE = ORGANISATION_ROLES | {PARTY_ROLE, SYSTEM_ROLE}
"""Who does not handle a process, and acts on it all the same."""


def is_internal(transition: Transition | None, source: str | None, target: str) -> bool:
    """Is this something that handlers did among themselves: it moved nothing, by an action that only they have?"""
    if source is None or source != target:
        return False
    return transition is None or transition.roles.isdisjoint(OUTSIDE)


def identity(actor: Actor) -> int:
    """Who took a half, as `pending_by` keeps it.

    >>> identity(Actor(account_id=7)), identity(Actor())
    (7, -1)
    """
    return SYSTEM_ID if actor.account_id is None else actor.account_id


def _completes(transition: Transition, subject: Subject) -> bool:
    return bool(transition.second) and subject.pending_action == transition.action
