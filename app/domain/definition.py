"""Text to workflow, or every fault that the text has: a definition is refused at start or it can be relied on."""

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from app.domain.access import SYSTEM_ROLE
from app.domain.calendar import MEETING, Term
from app.domain.errors import DefinitionFaults
from app.domain.workflow import State, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a definition may use: what exists in the code, the roles, and the other definitions.

    `processes` gives for each process the actions that the system may take on it, because leading is done as system.
    """

    guards: Collection[str] = ()
    effects: Collection[str] = ()
    forms: Collection[str] = ()
    roles: Collection[str] = ()
    processes: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table in the file: what it holds, under which name the code knows it, and whether it may lack."""

    kind: str
    attribute: str
    required: bool = False


WORKFLOW = {
    "name": Key("text", "name", required=True),
    "label": Key("text", "label", required=True),
    "version": Key("number", "version", required=True),
    "initial": Key("text", "initial", required=True),
    "stages": Key("texts", "stages"),
    "state": Key("table", "states", required=True),
    "guard": Key("texts", "refusals"),
    "transition": Key("tables", "transitions", required=True),
    "moves": Key("texts", "moves"),
}
STATE = {
    "label": Key("text", "label", required=True),
    "final": Key("flag", "final"),
    "term": Key("text", "term"),
    "extend": Key("text", "extend"),
    "overdue": Key("text", "overdue"),
    "stage": Key("text", "stage"),
    "turn": Key("text", "turn"),
    "seen": Key("names", "seen"),
}
TRANSITION = {
    "action": Key("text", "action", required=True),
    "label": Key("text", "label", required=True),
    "from": Key("names", "sources", required=True),
    "to": Key("text", "target"),
    "by": Key("names", "roles", required=True),
    "second": Key("names", "second"),
    "asks": Key("text", "asks"),
    "if": Key("names", "guards"),
    "then": Key("names", "effects"),
    "leads": Key("texts", "leads"),
    "offers": Key("texts", "offers"),
    "reopens": Key("flag", "reopens"),
    "confirm": Key("flag", "confirm"),
    "sealed": Key("flag", "sealed"),
    "because": Key("text", "because"),
}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


KINDS: Mapping[str, Callable[[Any], bool]] = {
    "text": _is_text,
    "number": lambda value: type(value) is int and value > 0,
    "flag": lambda value: isinstance(value, bool),
    "names": lambda value: isinstance(value, list) and bool(value) and all(map(_is_text, value)),
    "texts": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    "table": lambda value: isinstance(value, dict),
    "tables": lambda value: isinstance(value, list) and all(isinstance(row, dict) for row in value),
}
EMPTY: Mapping[str, Any] = {
    "text": "?",
    "number": 0,
    "flag": False,
    "names": (),
    "texts": {},
    "table": {},
    "tables": (),
}


def parse(text: str, known: Names) -> Workflow:
    """Read one definition; raises DefinitionFaults with everything that is wrong with it."""
    workflow, faults = _read(text)
    if workflow is not None:
        faults += [fault for check in CHECKS for fault in check(workflow, known)]
    if workflow is None or faults:
        raise DefinitionFaults(faults)
    return workflow


def parse_all(texts: Mapping[str, str], known: Names) -> dict[tuple[str, int], Workflow]:
    """Read all definitions, by file name (`knelpunt/1.toml`), so that they can name each other.

    A case stays on the version it began with, so any version of a process may be led by any version of another; an
    action therefore exists for the others when one version has it.
    """
    drafts = {path: _read(text)[0] for path, text in texts.items()}
    processes = _led_actions(draft for draft in drafts.values() if draft is not None)
    workflows: dict[tuple[str, int], Workflow] = {}
    faults: list[str] = []
    for path, text in texts.items():
        try:
            workflow = parse(text, replace(known, processes=processes))
        except DefinitionFaults as refused:
            faults += [f"{path}: {fault}" for fault in refused.faults]
            continue
        if path != f"{workflow.name}/{workflow.version}.toml":
            faults.append(f"{path}: says that it is version {workflow.version} of {workflow.name}")
        workflows[workflow.name, workflow.version] = workflow
    if faults:
        raise DefinitionFaults(faults)
    return workflows


def newest(workflows: Mapping[tuple[str, int], Workflow], name: str) -> Workflow:
    """The version with which a new process of this name begins."""
    return max((found for (kind, _), found in workflows.items() if kind == name), key=lambda found: found.version)


def digests(files: Mapping[str, bytes]) -> str:
    r"""What `published.sha256` holds for these files, as `sha256sum` writes it.

    >>> digests({"knelpunt/1.toml": b""})
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  knelpunt/1.toml\n'
    """
    return "".join(f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))


def publication_faults(listing: str, files: Mapping[str, bytes]) -> list[str]:
    """Where the files differ from what was published: a published file never changes and never goes."""
    published = {path: digest for digest, _, path in (line.partition("  ") for line in listing.splitlines())}
    faults = [f"{path}: was published and is gone" for path in published if path not in files]
    for path, content in files.items():
        if path not in published:
            faults.append(f"{path}: is not in the list of what was published")
        elif published[path] != sha256(content).hexdigest():
            faults.append(f"{path}: was published and has changed; a change is a new version")
    return faults


# --- From text to values: what is not there or has the wrong shape is told, and replaced so that reading goes on


def _read(text: str) -> tuple[Workflow | None, list[str]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [f"no TOML: {error}"]
    faults: list[str] = []
    table = _shaped(document, WORKFLOW, "definition", faults)
    table["states"] = {slug: _state(slug, row, faults) for slug, row in table["states"].items()}
    table["transitions"] = tuple(_transition(row, faults) for row in table["transitions"])
    return Workflow(**table), faults


def _state(slug: str, row: object, faults: list[str]) -> State:
    table = _shaped(row, STATE, f"state {slug}", faults)
    return State(slug, **_given(table, seen=frozenset))


def _transition(row: dict[str, Any], faults: list[str]) -> Transition:
    where = f"transition {row.get('action', '?')} from {row.get('from', '?')}"
    table = _shaped(row, TRANSITION, where, faults)
    return Transition(
        **_given(table, sources=tuple, guards=tuple, effects=tuple, roles=frozenset, second=frozenset),
    )


def _given(table: dict[str, Any], **kinds: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: kinds[name](value) if name in kinds else value for name, value in table.items()}


def _shaped(row: object, keys: Mapping[str, Key], where: str, faults: list[str]) -> dict[str, Any]:
    """The values of a table by attribute; unknown keys, missing keys and wrong kinds go to the faults."""
    if not isinstance(row, dict):
        faults.append(f"{where}: is no table")
        row = {}
    faults += [f"{where}: unknown key {key!r}" for key in row if key not in keys]
    values: dict[str, Any] = {}
    for name, key in keys.items():
        if name in row and KINDS[key.kind](row[name]):
            values[key.attribute] = row[name]
            continue
        if name in row:
            faults.append(f"{where}: {name!r} is no {WORDS[key.kind]}")
        elif key.required:
            faults.append(f"{where}: {name!r} is missing")
        if key.required:
            values[key.attribute] = EMPTY[key.kind]
    return values


WORDS = {
    "text": "text",
    "number": "whole number above zero",
    "flag": "true or false",
    "names": "list of names",
    "texts": "table of texts",
    "table": "table",
    "tables": "list of tables",
}


# --- What a well-shaped definition can still have wrong


def _unknown_states(workflow: Workflow, _known: Names) -> Iterator[str]:
    for where, slug in _named_states(workflow):
        if slug not in workflow.states:
            yield f"{where}: unknown state {slug!r}"


def _unknown_stages(workflow: Workflow, _known: Names) -> Iterator[str]:
    for state in workflow.states.values():
        if state.stage is not None and state.stage not in workflow.stages:
            yield f"state {state.slug}: unknown stage {state.stage!r}"


def _unknown_roles(workflow: Workflow, known: Names) -> Iterator[str]:
    for state in workflow.states.values():
        for role in sorted({*state.seen, *filter(None, [state.turn])}):
            if role not in known.roles:
                yield f"state {state.slug}: unknown role {role!r}"
    for transition in workflow.transitions:
        for role in sorted(transition.roles | transition.second):
            if role not in known.roles:
                yield f"{_name(transition)}: unknown role {role!r}"


def _unknown_names(workflow: Workflow, known: Names) -> Iterator[str]:
    for transition in workflow.transitions:
        forms = [] if transition.asks is None else [transition.asks]
        for kind, names, allowed in (
            ("guard", transition.guards, known.guards),
            ("effect", transition.effects, known.effects),
            ("form", forms, known.forms),
        ):
            for name in names:
                if name not in allowed:
                    yield f"{_name(transition)}: unknown {kind} {name!r}"


def _unknown_leads(workflow: Workflow, known: Names) -> Iterator[str]:
    for transition in workflow.transitions:
        for process, action in [*transition.leads.items(), *transition.offers.items()]:
            if process not in known.processes:
                yield f"{_name(transition)}: leads the unknown process {process!r}"
            elif action not in known.processes[process]:
                yield f"{_name(transition)}: leads {process} to {action!r}, which the system cannot do there"


def _sentences(workflow: Workflow, _known: Names) -> Iterator[str]:
    asked = {name for transition in workflow.transitions for name in transition.guards}
    for name in sorted(asked - set(workflow.refusals)):
        yield f"guard {name}: has no sentence"
    for name in sorted(set(workflow.refusals) - asked):
        yield f"guard {name}: has a sentence, and nothing asks for it"


def _doubles(workflow: Workflow, _known: Names) -> Iterator[str]:
    steps = Counter((source, step.action) for step in workflow.transitions for source in step.sources)
    for source, action in sorted(step for step, times in steps.items() if times > 1):
        yield f"state {source}: has two transitions for {action!r}"


def _unreachable(workflow: Workflow, _known: Names) -> Iterator[str]:
    reached = _spread({workflow.initial}, list(_moves(workflow)))
    for slug in workflow.states:
        if slug not in reached:
            yield f"state {slug}: cannot be reached from {workflow.initial}"


def _endless(workflow: Workflow, _known: Names) -> Iterator[str]:
    ends = {state.slug for state in workflow.states.values() if state.final}
    closing = _spread(ends, [(target, source) for source, target in _moves(workflow)])
    for slug in workflow.states:
        if slug not in closing:
            yield f"state {slug}: there is no way from it to a final state"


def _final_states(workflow: Workflow, _known: Names) -> Iterator[str]:
    final = {state.slug for state in workflow.states.values() if state.final}
    for transition in workflow.transitions:
        leaves = final & set(transition.sources) if transition.target is not None else set()
        if leaves and not transition.reopens:
            yield f"{_name(transition)}: is a way out of a final state and does not say that it reopens"
        if transition.reopens and not leaves:
            yield f"{_name(transition)}: says that it reopens and leaves no final state"
    for slug in sorted(final):
        if given := [key for key in ("term", "extend", "overdue", "turn") if getattr(workflow.states[slug], key)]:
            yield f"state {slug}: is final and has {' and '.join(given)}"


def _running_states(workflow: Workflow, _known: Names) -> Iterator[str]:
    left = {source for source, target in _moves(workflow) if source != target}
    for state in workflow.states.values():
        if state.final:
            continue
        if state.slug not in left:
            yield f"state {state.slug}: is not final and has no way out"
        if state.term is None:
            yield f"state {state.slug}: is not final and has no term"
        if state.turn is None:
            yield f"state {state.slug}: is not final and nobody's turn"


def _turns(workflow: Workflow, _known: Names) -> Iterator[str]:
    for state in workflow.states.values():
        acting = {role for step in workflow.actions_from(state.slug) for role in step.roles | step.second}
        if state.turn is not None and state.turn not in acting - {SYSTEM_ROLE}:
            yield f"state {state.slug}: it is the turn of {state.turn}, who cannot do anything there"


def _terms(workflow: Workflow, _known: Names) -> Iterator[str]:
    for state in workflow.states.values():
        for term in filter(None, [state.term, state.extend]):
            if term != MEETING and not _is_term(term):
                yield f"state {state.slug}: {term!r} is no term"
        if state.extend is not None and MEETING in {state.extend, state.term}:
            yield f"state {state.slug}: a term that ends with a meeting is not extended"
        if state.overdue is not None:
            step = workflow.transition(state.overdue, state.slug)
            if step is None or SYSTEM_ROLE not in step.roles:
                yield f"state {state.slug}: the system cannot take {state.overdue!r} there when the term has passed"


def _second_halves(workflow: Workflow, _known: Names) -> Iterator[str]:
    for transition in workflow.transitions:
        if SYSTEM_ROLE in transition.second:
            yield f"{_name(transition)}: the second of four eyes is a person, not the system"


CHECKS: Sequence[Callable[[Workflow, Names], Iterator[str]]] = (
    _unknown_states,
    _unknown_stages,
    _unknown_roles,
    _unknown_names,
    _unknown_leads,
    _sentences,
    _doubles,
    _unreachable,
    _endless,
    _final_states,
    _running_states,
    _turns,
    _terms,
    _second_halves,
)


def _name(transition: Transition) -> str:
    return f"transition {transition.action} from {', '.join(transition.sources)}"


def _named_states(workflow: Workflow) -> Iterator[tuple[str, str]]:
    yield "initial", workflow.initial
    for transition in workflow.transitions:
        for slug in (*transition.sources, *filter(None, [transition.target])):
            yield _name(transition), slug
    for slug in workflow.moves.values():
        yield "moves", slug


def _moves(workflow: Workflow) -> Iterator[tuple[str, str]]:
    for transition in workflow.transitions:
        if transition.target is not None:
            yield from ((source, transition.target) for source in transition.sources)


def _spread(reached: set[str], edges: Sequence[tuple[str, str]]) -> set[str]:
    """Everything that can be reached along the edges."""
    while more := {target for source, target in edges if source in reached} - reached:
        reached = reached | more
    return reached


def _led_actions(workflows: Iterable[Workflow]) -> dict[str, set[str]]:
    actions: dict[str, set[str]] = {}
    for workflow in workflows:
        led = {transition.action for transition in workflow.transitions if SYSTEM_ROLE in transition.roles}
        actions.setdefault(workflow.name, set()).update(led)
    return actions


def _is_term(text: str) -> bool:
    try:
        Term.parse(text)
    except ValueError:
        return False
    return True
