"""The brake on guessing: who fails too often waits, longer each time, and is never shut out for good."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, delete, select

from app.db.account import LoginBrake
from app.domain.errors import Busy
from app.services.number import INSERT
from app.services.work import Work

# One address may stand for a whole town hall, so it gets more than one name does. What systems do wrong there does not
# slow down people, and what is done wrong in the name of a system elsewhere does not slow down that system.
FREE_FAILURES = {"account": 5, "code": 5, "source": 100, "system": 30, "systems": 100}
LONGEST_WAIT = 900
FORGET_AFTER = timedelta(hours=1)


def brake_key(kind: str, value: str) -> str:
    """Under what the failures of somebody are counted: of who it is, only a digest is kept."""
    return f"{kind}:{hashlib.sha256(value.encode(errors='surrogatepass')).hexdigest()}"


def hold(work: Work, keys: Sequence[str]) -> None:
    """Raise `Busy` while the wait after earlier failures is not over; the wait doubles, and never locks out."""
    query = select(LoginBrake).where(LoginBrake.key.in_(keys)).execution_options(populate_existing=True)
    for brake in work.session.scalars(query):
        over = brake.failures - FREE_FAILURES[brake.key.partition(":")[0]]
        if over >= 0:
            wait = min(2 ** min(over, 10), LONGEST_WAIT)
            left = (brake.last_at + timedelta(seconds=wait) - work.now).total_seconds()
            if left > 0:
                raise Busy(int(left) + 1)


def count_failure(work: Work, keys: Sequence[str]) -> None:
    """One failure more for each of these; of two at once both count."""
    insert = INSERT[work.session.get_bind().dialect.name]
    # In one order, so that two who fail at once do not wait for each other.
    for key in sorted(keys):
        row = insert(LoginBrake).values(key=key, failures=1, last_at=work.now)
        more = case((LoginBrake.last_at < work.now - FORGET_AFTER, 1), else_=LoginBrake.failures + 1)
        changed = {"failures": more, "last_at": work.now}
        work.session.execute(row.on_conflict_do_update(index_elements=[LoginBrake.key], set_=changed))


def forgive(work: Work, keys: Sequence[str]) -> None:
    """Who got in begins anew."""
    work.session.execute(delete(LoginBrake).where(LoginBrake.key.in_(keys)))
