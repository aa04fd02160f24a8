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
    intake,
    interest,
    meeting,
    precedent,
    publication,
    recommendation,
    ruling,
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
        intake,
        interest,
        meeting,
        precedent,
        publication,
        recommendation,
        ruling,
        vote,
    )
    for name, effect in module.EFFECTS.items()
}
