"""The circumstances in which a service works: who acts, when, by which workflows, in which transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.db.visibility import AS_SYSTEM
from app.domain.access import SYSTEM, Actor
from app.domain.calendar import amsterdam_day
from app.domain.workflow import Workflow

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
Workflows = Mapping[tuple[str, int], Workflow]


@dataclass(frozen=True, slots=True)
class Work:
    """The first argument of every service; four fields, and never a fifth."""

    session: Session
    actor: Actor
    now: datetime
    workflows: Workflows

    @property
    def today(self) -> date:
        """The day it is in Amsterdam."""
        return amsterdam_day(self.now)

    def as_system(self) -> "Work":
        """The same work, done by the system: what follows from a step of a person."""
        return replace(self, actor=SYSTEM)

    def newest(self, kind: str) -> Workflow:
        """The newest definition of a kind: what a new process begins with."""
        return self.workflows[kind, max(version for name, version in self.workflows if name == kind)]


def beyond_sight(query: Query) -> Query:
    """Let a query reach rows that the actor may not see; its rows never leave the services."""
    return query.execution_options(**AS_SYSTEM)
