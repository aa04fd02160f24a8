"""The rules of procedure of a body: a new version stands beside the old ones, which meetings keep."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.db.body import Body, RulesOfProcedure
from app.domain.access import SECRETARY_ROLE
from app.domain.errors import Invalid, NotPermitted
from app.services.body import holds, values_of
from app.services.sitting import RULES, rules_in_force
from app.services.work import Work


def may_adopt_rules(work: Work, body: Body) -> bool:
    """The secretary of a body keeps its rules."""
    return holds(work, body, SECRETARY_ROLE)


def adopt_rules(work: Work, body: Body, *, since: date, source: str, reason: str, **rules: Any) -> RulesOfProcedure:
    """Add a version of the rules that holds from a day on; a meeting that was called before keeps its own."""
    if not may_adopt_rules(work, body):
        raise NotPermitted("the rules of a body are kept by its secretary")
    if since < work.today:
        raise Invalid({"ingangsdatum": ["Kies vandaag of een dag die nog komt."]})
    before = rules_in_force(work, body.id, since)
    values = values_of(before)._asdict() | rules
    if before is not None and all(getattr(before, name) == values[name] for name in RULES):
        raise Invalid({"": ["Er is niets veranderd. Wijzig ten minste één regel."]})
    last = work.session.scalar(select(func.max(RulesOfProcedure.version)).where(RulesOfProcedure.body_id == body.id))
    version = RulesOfProcedure(
        body_id=body.id,
        version=(last or 0) + 1,
        since=since,
        source=source,
        reason=reason,
        account_id=work.actor.account_id,
        at=work.now,
        **values,
    )
    work.session.add(version)
    work.session.flush()
    return version
