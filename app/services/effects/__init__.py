"""What follows from a transition, by the name that the definition uses; effects write rows only."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.db.process import Process
from app.services.effects import (
    advice,
    agenda,
    case,
    clock,
    deliberation,
    dialogue,
    escalation,
    intake,
    interest,
    meeting,
    outcome,
    precedent,
    publication,
    recommendation,
    ruling,
    structural,
    vote,
)
from app.services.lifecycle import Taken
from app.services.work import Work

Effect = Callable[[Work, Any, Taken], Iterable[Process] | None]

EFFECTS: Mapping[str, Effect] = {
    name: effect
    for module in (
        advice,
        agenda,
        case,
        clock,
        deliberation,
        dialogue,
        escalation,
        intake,
        interest,
        meeting,
        outcome,
        precedent,
        publication,
        recommendation,
        ruling,
        structural,
        vote,
    )
    for name, effect in module.EFFECTS.items()
}
