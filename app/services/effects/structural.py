"""Effects of finding a bottleneck structural: its cause gets an owner, and steps until it is gone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.account import Account
from app.db.case import Case
from app.db.organisation import Organisation
from app.db.report import Report
from app.db.structural import Structural, StructuralProgress
from app.services.facts import reporting_cases
from app.services.lifecycle import Taken
from app.services.notice import followers_of, notify
from app.services.reference import organisation_named
from app.services.work import Work, beyond_sight


def make_structural(work: Work, case: Case, taken: Taken) -> None:
    """Give the cause its owner; who reported the case hears that it is taken away for everybody at once."""
    answers = taken.answers
    (address,) = answers["owner"]
    owner = _organisation(work, address)
    law: Mapping[str, Any] = next(iter(answers.get("laws") or ()), {})
    known = work.session.get(Structural, case.id)
    if known is None:
        known = Structural(case_id=case.id, owner_id=owner.id, cause="", phase="", since=work.now)
        work.session.add(known)
    known.owner_id, known.cause, known.phase = owner.id, answers["cause"], answers["phase"]
    known.system, known.identifier, known.article = law.get("system"), law.get("identifier"), law.get("article")
    known.since, known.ended_at = work.now, None
    work.session.flush()
    _tell(work, case, f"{case.number}: dit knelpunt is structureel", f"{owner.name} kan de oorzaak wegnemen.")


def add_structural_progress(work: Work, case: Case, taken: Taken) -> None:
    """Keep a step, and the phase that it brought."""
    _step(work, case, taken)


def end_structural(work: Work, case: Case, taken: Taken) -> None:
    """The cause is gone, or was none; what was done stays to be read."""
    structural = _step(work, case, taken)
    structural.ended_at = work.now
    _tell(work, case, f"{case.number}: niet meer structureel", taken.answers["text"])


def _step(work: Work, case: Case, taken: Taken) -> Structural:
    structural = work.session.get_one(Structural, case.id)
    structural.phase = taken.answers["phase"]
    work.session.add(
        StructuralProgress(
            case_id=case.id,
            phase=taken.answers["phase"],
            text=taken.answers["text"],
            account_id=work.actor.account_id,
            at=work.now,
        )
    )
    return structural


def _organisation(work: Work, address: str) -> Organisation:
    """The owner by the address in the list, or by name."""
    is_uri = address.startswith("https://")
    return organisation_named(
        work, "verantwoordelijke", tooi_uri=address if is_uri else None, name=None if is_uri else address
    )


def _tell(work: Work, case: Case, subject: str, text: str) -> None:
    query = select(Account).join(Report, Report.account_id == Account.id).where(Account.active).distinct()
    reporters = work.session.scalars(beyond_sight(query.where(reporting_cases(case.id)))).all()
    notify(work, [*reporters, *followers_of(work, case)], case, subject=subject, text=f"{case.title}\n\n{text}")


EFFECTS = {effect.__name__: effect for effect in (make_structural, add_structural_progress, end_structural)}
