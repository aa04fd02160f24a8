"""What follows from a transition, by the name that the definition uses; effects write rows only."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.db.process import Process
from app.services.effects import (
    advice,
    case,
    clock,
    commission,
    dialogue,
    intake,
    meeting,
    precedent,
    publication,
    recommendation,
)
from app.services.lifecycle import Taken
from app.services.work import Work

Effect = Callable[[Work, Any, Taken], Iterable[Process] | None]

EFFECTS: Mapping[str, Effect] = {
    name: effect
    for module in (
        advice,
        case,
        clock,
        commission,
        dialogue,
        intake,
        meeting,
        precedent,
        publication,
        recommendation,
    )
    for name, effect in module.EFFECTS.items()
}
