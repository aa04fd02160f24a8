"""A request that is sent twice is done once: its answer is kept with its key, in the transaction of its effect."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.notice import UNANSWERED, Idempotency
from app.domain.errors import Invalid
from app.services.number import INSERT
from app.services.work import Work

LONGEST_KEY = 200
KEPT = timedelta(days=7)
"""How long an answer is kept for who asks again."""
FIELD = "Idempotency-Key"


def claim_key(work: Work, key: str, digest: str, *, or_else: str) -> Idempotency | None:
    """Claim a key for a request, or give the answer that the same request had before.

    Whoever sends the same key at the same moment waits here until the first is done. Of a vote only the address was
    kept: `or_else` is the digest of that. Raises `Invalid` when the key was used for another request.
    """
    if not key.strip() or len(key) > LONGEST_KEY:
        raise Invalid({FIELD: [f"Geef een sleutel van 1 tot en met {LONGEST_KEY} tekens."]})
    known = _claimed(work, key, digest)
    while known is None:
        # The clock swept it, between seeing that it was there and reading it.
        known = _claimed(work, key, digest)
    if known.request_digest not in (digest, or_else):
        raise Invalid({FIELD: ["Deze sleutel is al gebruikt voor een ander verzoek. Neem een nieuwe sleutel."]})
    return known if known.status != UNANSWERED else None


def sweep_answers(session: Session, now: datetime) -> None:
    """Forget answers that nobody asks for any more; the same key is then a new request."""
    session.execute(delete(Idempotency).where(Idempotency.at < now - KEPT))


def keep_answer(
    work: Work, key: str, *, digest: str, status: int, body: Mapping[str, Any], headers: Mapping[str, str]
) -> None:
    """Keep the answer to a request whose key was claimed, and by what the same request is known."""
    work.session.execute(
        update(Idempotency)
        .where(Idempotency.account_id == work.actor.account_id, Idempotency.key == key)
        .values(request_digest=digest, status=status, body=dict(body), headers=dict(headers))
    )


def _claimed(work: Work, key: str, digest: str) -> Idempotency | None:
    """The row of this key: the own one, or what somebody kept who came first."""
    insert = INSERT[work.session.get_bind().dialect.name]
    row = {"account_id": work.actor.account_id, "key": key, "request_digest": digest, "status": UNANSWERED}
    work.session.execute(insert(Idempotency).values(**row, body={}, headers={}, at=work.now).on_conflict_do_nothing())
    query = select(Idempotency).filter_by(account_id=work.actor.account_id, key=key)
    return work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
