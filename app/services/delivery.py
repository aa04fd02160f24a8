"""The courier: it tells webhooks what happened, each thing once in effect, and what happened with one case in order.

A delivery is written before it is sent and written off when it arrived; who dies in between sends the same one again,
under the same name. One courier at a time serves a webhook, for as long as its lease; each in a thread of its own, so
that who answers late holds up nobody else.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import ColumnElement, Engine, Select, SQLColumnExpression, and_, delete, exists, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from app.adapters.egress import Egress, EgressFailed, Reply
from app.db.account import Account
from app.db.engine import open_session
from app.db.webhook import Delivery, Webhook
from app.domain.access import SYSTEM, Actor
from app.services.feed import Happening, happenings
from app.services.notice import announce
from app.services.webhook import (
    ARRIVED,
    GONE,
    NO_LONGER,
    NO_RIGHT,
    OTHER_ANSWER,
    SILENT,
    last_place,
    listener,
    signatures,
    waits_for_another,
)
from app.services.work import Work, Workflows

MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 10800, 21600, 43200, 86400))
"""How long it takes until the next attempt; after the last one, two days on, a delivery is given up."""
AT_ONCE, WINDOW = 8, 500
"""So many webhooks are served at the same time, and so many deliveries of each are written before they are sent."""
LEASE, TURN_SECONDS = timedelta(seconds=90), 20.0
"""A turn ends well within the lease, also when looking a name up and the last request take as long as they can."""
MOST_FAILURES, REST = 5, timedelta(minutes=1)
"""Who takes so many things in a row not, though it answers, has a rest."""
KEPT, SWEPT_AT_ONCE = timedelta(days=30), 1000
# Who answers this is busy or away, whatever is sent.
BUSY = frozenset({408, 425, 429, 502, 503, 504})
NOT_THERE = 410
PAUSED = "Een webhook ligt stil"
WHY_PAUSED = {
    SILENT: "Uw webhook “{name}” gaf dagen lang geen antwoord. Wij sturen er niets meer heen tot u hem weer aanzet.",
    GONE: "De ontvanger zegt dat het adres van uw webhook “{name}” niet meer bestaat. Wij sturen er niets meer heen.",
}
GIVEN_UP = "Een bezorging is mislukt"
WHY_GIVEN_UP = "Een bericht aan uw webhook “{name}” is na alle pogingen niet aangekomen. Wat erna komt, wacht erop."

Wording = Callable[[Happening], Mapping[str, Any]]
"""Puts what happened in the words in which outsiders read it."""

log = structlog.get_logger()


class _Claim(NamedTuple):
    webhook_id: int
    until: datetime


class Courier:
    """One courier; any number of them share a database."""

    def __init__(
        self,
        engine: Engine,
        workflows: Workflows,
        wording: Wording,
        clock: Callable[[], datetime],
        *,
        lease: timedelta = LEASE,
    ) -> None:
        self.engine, self.workflows, self.wording, self.clock, self.lease = engine, workflows, wording, clock, lease
        egress = engine.get_execution_options()["egress"]
        assert isinstance(egress, Egress)
        self.egress = egress
        self._threads: list[threading.Thread] = []

    def take_turn(self) -> None:
        """Begin to serve who waits, and wait for nobody."""
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        while len(self._threads) < AT_ONCE and (claim := self._claim()) is not None:
            thread = threading.Thread(target=self._serve, args=(claim,), name="courier", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._sweep()

    def finish(self) -> None:
        """Deliver all that can be delivered now."""
        self.take_turn()
        while self._threads:
            self._threads[0].join()
            self.take_turn()

    def _claim(self) -> _Claim | None:
        """Take a webhook for which there is something to do, the one that waited longest."""
        with open_session(self.engine, SYSTEM, writes=False) as session:
            work = self._work(session)
            if session.scalar(_waiting(work).limit(1)) is None:
                return None
        with open_session(self.engine, SYSTEM, writes=True) as session:
            work = self._work(session)
            found = session.scalar(_waiting(work).limit(1).with_for_update(of=Webhook, skip_locked=True))
            if found is None:
                return None
            until = work.now + self.lease
            session.execute(update(Webhook).where(Webhook.id == found).values(leased_until=until, served_at=work.now))
            session.commit()
            return _Claim(found, until)

    def _serve(self, claim: _Claim) -> None:
        """Send what waits for one webhook, until its turn is over or it does not answer."""
        ends = time.monotonic() + min(TURN_SECONDS, self.lease.total_seconds())
        webhook_id = claim.webhook_id
        try:
            failures = 0
            if self._write_deliveries(webhook_id, ends):
                while failures < MOST_FAILURES and time.monotonic() < ends:
                    taken = self._send_next(webhook_id)
                    if taken is None:
                        break
                    failures = 0 if taken else failures + 1
            self._release(claim, rests=failures == MOST_FAILURES)
        except (SQLAlchemyError, OSError) as error:
            # The lease passes, and somebody serves it again.
            log.warning("courier", webhook=webhook_id, error=str(error))

    def _write_deliveries(self, webhook_id: int, ends: float) -> bool:
        """Write down what is to be sent, as far as there is room; is there somebody to send it to?"""
        with open_session(self.engine, SYSTEM, writes=False) as session:
            work = self._work(session)
            webhook = session.get(Webhook, webhook_id)
            if webhook is None or webhook.paused_at is not None:
                return False
            actor = listener(session, webhook, datetime.now(UTC))
            room = WINDOW - len(session.scalars(_open(webhook_id).limit(WINDOW)).all())
            behind = webhook.cursor < last_place(work)
        if actor is None:
            self._pause(webhook_id, NO_RIGHT)
            return False
        while room > 0 and behind and time.monotonic() < ends:
            with open_session(self.engine, actor, writes=False) as session:
                found = happenings(self._work(session, actor), after=webhook.cursor, amount=min(room, 100))
            wanted = [one for one in found.rows if not webhook.kinds or one.kind in webhook.kinds]
            with open_session(self.engine, SYSTEM, writes=True) as session:
                work = self._work(session)
                here = update(Webhook).where(Webhook.id == webhook_id, Webhook.cursor == webhook.cursor)
                if session.scalar(here.values(cursor=found.reached).returning(Webhook.id)) is None:
                    return False
                session.add_all(_delivery(webhook_id, one, work.now) for one in wanted)
                session.commit()
            webhook.cursor = found.reached
            room, behind = room - len(wanted), found.more
        return True

    def _send_next(self, webhook_id: int) -> bool | None:
        """Send the next that may go: was it taken? None when there is no reason to go on with another."""
        with open_session(self.engine, SYSTEM, writes=False) as session:
            work = self._work(session)
            webhook = session.get(Webhook, webhook_id)
            if webhook is None or webhook.paused_at is not None or webhook.due_at > work.now:
                return None
            delivery = session.scalars(_due(work).where(Delivery.webhook_id == webhook_id).limit(1)).one_or_none()
            actor = listener(session, webhook, datetime.now(UTC))
        if delivery is None:
            return None
        if actor is None:
            self._pause(webhook_id, NO_RIGHT)
            return None
        happening = self._still_seen(actor, delivery)
        if happening is None:
            return self._write_off(delivery, NO_LONGER)
        try:
            reply = self._post(webhook, happening)
        except EgressFailed as failure:
            return self._note_failure(delivery, failure.code, None)
        if 200 <= reply.status < 300:
            return self._write_off(delivery, ARRIVED)
        return self._note_failure(delivery, OTHER_ANSWER, reply.status)

    def _still_seen(self, actor: Actor, delivery: Delivery) -> Happening | None:
        """What happened, if it may be told at this moment."""
        with open_session(self.engine, actor, writes=False) as session:
            rows = happenings(self._work(session, actor), after=delivery.place - 1, amount=1).rows
        return next((one for one in rows if one.place == delivery.place), None)

    def _post(self, webhook: Webhook, happening: Happening) -> Reply:
        body = json.dumps(self.wording(happening), ensure_ascii=False, separators=(",", ":")).encode()
        # The receiver holds it against its own clock, so it is the machine's and not that of a test.
        timestamp = int(datetime.now(UTC).timestamp())
        with open_session(self.engine, SYSTEM, writes=False) as session:
            signed = signatures(
                self._work(session), webhook, identity=happening.identity, timestamp=timestamp, body=body
            )
        headers = {
            "Content-Type": MEDIA_TYPE,
            "webhook-id": happening.identity,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signed,
        }
        return self.egress.post(webhook.url, body, headers=headers)

    def _write_off(self, sent: Delivery, outcome: str) -> bool | None:
        with open_session(self.engine, SYSTEM, writes=True) as session:
            work = self._work(session)
            # First the webhook and then its deliveries, as its owner does: so nobody waits for each other.
            webhook = session.get(Webhook, sent.webhook_id, with_for_update=True)
            delivery = session.get(Delivery, (sent.webhook_id, sent.place))
            if webhook is None or delivery is None:
                return None
            delivery.done_at, delivery.outcome, delivery.failed_at = work.now, outcome, None
            if outcome == ARRIVED:
                delivery.attempts += 1
                delivery.tried_at, delivery.error, delivery.status = work.now, None, None
                webhook.failures = 0
            session.commit()
        return True

    def _note_failure(self, sent: Delivery, code: str, status: int | None) -> bool | None:
        """Try it later, each time later still; who does not answer at all is left alone meanwhile."""
        is_silent = status is None or status in BUSY
        with open_session(self.engine, SYSTEM, writes=True) as session:
            work = self._work(session)
            webhook = session.get(Webhook, sent.webhook_id, with_for_update=True)
            delivery = session.get(Delivery, (sent.webhook_id, sent.place))
            if webhook is None or delivery is None or delivery.done_at is not None:
                return None
            delivery.attempts += 1
            delivery.tried_at, delivery.error, delivery.status = work.now, code, status
            if delivery.attempts <= len(WAITS):
                delivery.due_at = work.now + WAITS[delivery.attempts - 1]
            else:
                delivery.failed_at = work.now
            if is_silent:
                webhook.failures += 1
                webhook.due_at = work.now + WAITS[min(webhook.failures, len(WAITS)) - 1]
            if status == NOT_THERE:
                self._stop(work, webhook, GONE)
            elif delivery.failed_at is not None and is_silent:
                self._stop(work, webhook, SILENT)
            elif delivery.failed_at is not None and not _has_dead_letter(work, delivery):
                self._tell_owner(work, webhook, GIVEN_UP, WHY_GIVEN_UP)
            session.commit()
        return None if is_silent else False

    def _pause(self, webhook_id: int, reason: str) -> None:
        with open_session(self.engine, SYSTEM, writes=True) as session:
            webhook = session.get(Webhook, webhook_id)
            if webhook is not None:
                self._stop(self._work(session), webhook, reason)
            session.commit()

    def _stop(self, work: Work, webhook: Webhook, reason: str) -> None:
        if webhook.paused_at is not None:
            return
        webhook.paused_at, webhook.pause = work.now, reason
        webhook.revision += 1
        if reason in WHY_PAUSED:
            self._tell_owner(work, webhook, PAUSED, WHY_PAUSED[reason])

    def _tell_owner(self, work: Work, webhook: Webhook, subject: str, text: str) -> None:
        owner = work.session.get_one(Account, webhook.account_id)
        announce(work, [owner], subject=subject, text=text.format(name=webhook.name), link="/account/webhooks")

    def _release(self, claim: _Claim, *, rests: bool) -> None:
        """Let others serve it; who takes nothing of what is sent has a rest first."""
        own = Webhook.id == claim.webhook_id, Webhook.leased_until == claim.until
        rest = {"due_at": self.clock() + REST} if rests else {}
        with open_session(self.engine, SYSTEM, writes=True) as session:
            session.execute(update(Webhook).where(*own).values(leased_until=None, **rest))
            session.commit()

    def _sweep(self) -> None:
        """Forget what was delivered long ago."""
        with open_session(self.engine, SYSTEM, writes=False) as session:
            old = select(Delivery.webhook_id, Delivery.place).where(Delivery.done_at < self.clock() - KEPT)
            rows = session.execute(old.limit(SWEPT_AT_ONCE)).all()
        if not rows:
            return
        with open_session(self.engine, SYSTEM, writes=True) as session:
            for webhook_id, place in rows:
                session.execute(delete(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.place == place))
            session.commit()

    def _work(self, session: Session, actor: Actor = SYSTEM) -> Work:
        return Work(session, actor, self.clock(), self.workflows)


def _waiting(work: Work) -> Select[int]:
    """The webhooks for which something can be done that nobody does; who was served last comes last."""
    full = exists(_open(Webhook.id).correlate(Webhook).offset(WINDOW - 1))
    return (
        select(Webhook.id)
        .where(
            Webhook.paused_at.is_(None),
            Webhook.due_at <= work.now,
            or_(Webhook.leased_until.is_(None), Webhook.leased_until < work.now),
            or_(
                and_(Webhook.cursor < last_place(work), ~full),
                exists(select(Delivery.place).where(Delivery.webhook_id == Webhook.id, *_may_go(work))),
            ),
        )
        .order_by(Webhook.served_at.asc().nulls_first(), Webhook.id)
    )


def _may_go(work: Work) -> tuple[ColumnElement[bool], ...]:
    due = Delivery.done_at.is_(None), Delivery.failed_at.is_(None), Delivery.due_at <= work.now
    return *due, ~waits_for_another()


def _due(work: Work) -> Select[Delivery]:
    return select(Delivery).where(*_may_go(work)).order_by(Delivery.place)


def _open(webhook_id: int | SQLColumnExpression[int]) -> Select[int]:
    """What takes up room: what waits behind one that was given up does not, or one case would hold up all others."""
    given_up = aliased(Delivery)
    dead = select(given_up.lane_id).where(given_up.webhook_id == webhook_id, given_up.failed_at.is_not(None))
    return select(Delivery.place).where(
        Delivery.webhook_id == webhook_id,
        Delivery.done_at.is_(None),
        or_(Delivery.failed_at.is_not(None), Delivery.lane_id.not_in(dead)),
    )


def _has_dead_letter(work: Work, but: Delivery) -> bool:
    """Was another delivery of the same webhook given up, so that its owner was told?"""
    others = select(Delivery.place).where(
        Delivery.webhook_id == but.webhook_id, Delivery.failed_at.is_not(None), Delivery.place != but.place
    )
    return work.session.scalar(others.limit(1)) is not None


def _delivery(webhook_id: int, happening: Happening, now: datetime) -> Delivery:
    return Delivery(
        webhook_id=webhook_id,
        place=happening.place,
        identity=happening.identity,
        lane_id=happening.case_id,
        type=happening.type,
        made_at=now,
        due_at=now,
    )
