"""Webhooks: making one, changing it, pausing it, and what became of its deliveries, for its owner.

What is delivered, and when, is `services/delivery.py`.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from app.adapters.egress import Egress, EgressRefused
from app.config import value_list
from app.db.account import Account
from app.db.feed import FeedLine
from app.db.process import Event, Process
from app.db.system import System
from app.db.token import Token
from app.db.webhook import Delivery, Webhook
from app.domain.access import Actor
from app.domain.errors import Invalid, NotVisible
from app.services.egress import refusal
from app.services.vote import ballot_box
from app.services.work import Work

MOST, STRETCH = 20, 50
NO_PLACE = "Deze plaats is er niet (meer). Begin opnieuw, zonder ‘na’."
TOO_MANY = f"U hebt al {MOST} webhooks. Verwijder er eerst een."
SECRET_PREFIX, SALT_BYTES = "whsec_", 16
OLD_SECRET_LIVES = timedelta(hours=24)
"""So long what is sent has two signatures after a new secret was made: time to put it in the other system."""
BY_OWNER, SILENT, GONE, NO_RIGHT = "zelf", "geen_gehoor", "weg", "geen_recht"
ARRIVED, SKIPPED, NO_LONGER = "aangekomen", "overgeslagen", "niet_meer"
OTHER_ANSWER = "ander_antwoord"


@dataclass(frozen=True, slots=True)
class Key:
    """With which key of the API a webhook was made, if with one: it ends when that key does.

    A system asks a new key every time, so there it is the system itself: `client`.
    """

    token_id: int | None = None
    client: str | None = None


class Standing(NamedTuple):
    """How many deliveries of a webhook did not arrive yet, and how many of these were given up."""

    waiting: int = 0
    failed: int = 0


class DeliveryRow(NamedTuple):
    """A delivery for its owner, with the number of what it is about as far as the owner may see that now."""

    delivery: Delivery
    number: str | None
    waits: bool


class DeadLetter(NamedTuple):
    """A delivery that was given up, for the administrator: to whom and why, and not about what."""

    delivery: Delivery
    webhook: Webhook
    account: str

    @property
    def host(self) -> str:
        """To which machine; the rest of an address may be a secret of its owner."""
        return urlsplit(self.webhook.url).hostname or ""


# --- what an owner does -----------------------------------------------------------------------------------------------


def webhooks(work: Work) -> Sequence[Webhook]:
    """The actor's own, the newest first; with a key that was narrowed those that hear no more than that key may."""
    return [one for one in work.session.scalars(_own(work).order_by(Webhook.id.desc())) if _is_within(work, one)]


def webhook_of_owner(work: Work, identity: int) -> Webhook:
    """One of these; for others it is not there."""
    found = work.session.scalars(_own(work).where(Webhook.id == identity)).one_or_none()
    if found is None or not _is_within(work, found):
        raise NotVisible(str(identity))
    return found


def standings(work: Work, of: Sequence[Webhook]) -> Mapping[int, Standing]:
    """How it stands with the deliveries of each."""
    query = (
        select(Delivery.webhook_id, func.count(), func.count(Delivery.failed_at))
        .where(Delivery.webhook_id.in_([webhook.id for webhook in of]), Delivery.done_at.is_(None))
        .group_by(Delivery.webhook_id)
    )
    found = {identity: Standing(waiting, failed) for identity, waiting, failed in work.session.execute(query)}
    return {webhook.id: found.get(webhook.id, Standing()) for webhook in of}


def key_of(work: Work, token: Token | None) -> Key:
    """By which key of the API somebody asks for a webhook."""
    if token is None:
        return Key()
    if token.system_id is None:
        return Key(token_id=token.id)
    return Key(client=work.session.get_one(System, token.system_id).client_id)


def begin_webhook(work: Work, *, name: str, url: str, kinds: Sequence[str] = (), key: Key | None = None) -> Webhook:
    """Tell an address of what happens from now on and the actor may see; without `kinds` of everything."""
    if work.actor.account_id is None:
        raise NotVisible("webhook")
    _check_address(work, url)
    if len(work.session.scalars(_own(work)).all()) >= MOST:
        raise Invalid({"": [TOO_MANY]})
    key = key or Key()
    made = Webhook(
        account_id=work.actor.account_id,
        token_id=key.token_id,
        client=key.client,
        roles=None if work.actor.narrowed is None else sorted(work.actor.narrowed),
        name=name,
        url=url,
        kinds=list(kinds),
        salt=secrets.token_hex(SALT_BYTES),
        salted_at=work.now,
        created_at=work.now,
        cursor=last_place(work),
        due_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    return made


def change_webhook(work: Work, webhook: Webhook, *, name: str, url: str, kinds: Sequence[str]) -> None:
    """Call it something else, send elsewhere, or tell of other things; what still waits goes to the new address."""
    _check_address(work, url)
    webhook.name, webhook.url, webhook.kinds = name, url, list(kinds)
    _try_now(work, webhook)


def pause(work: Work, webhook: Webhook) -> None:
    """Send nothing for now; what happens meanwhile is sent when it goes on."""
    if webhook.paused_at is None:
        webhook.paused_at, webhook.pause = work.now, BY_OWNER
    _changed(work, webhook)


def resume(work: Work, webhook: Webhook) -> None:
    """Go on where it stopped, and try what was given up once more."""
    webhook.paused_at = webhook.pause = None
    work.session.execute(
        update(Delivery)
        .where(Delivery.webhook_id == webhook.id, Delivery.done_at.is_(None))
        .values(failed_at=None, attempts=0, due_at=work.now)
    )
    _try_now(work, webhook)


def renew_secret(work: Work, webhook: Webhook) -> None:
    """Sign with a new secret; for a day the old one counts too."""
    webhook.previous_salt, webhook.salt = webhook.salt, secrets.token_hex(SALT_BYTES)
    webhook.salted_at = work.now
    _changed(work, webhook)


def end_webhook(work: Work, webhook: Webhook) -> None:
    """Tell it nothing more, and forget what it was told."""
    work.session.delete(webhook)
    work.session.flush()


def retry_delivery(work: Work, webhook: Webhook, identity: str) -> None:
    """Try a delivery again now, with a new row of attempts."""
    _again(work, webhook, _open_delivery(work, webhook, identity))


def skip_delivery(work: Work, webhook: Webhook, identity: str) -> None:
    """Send it never, so that what comes after it can go."""
    delivery = _open_delivery(work, webhook, identity)
    delivery.done_at, delivery.outcome, delivery.failed_at = work.now, SKIPPED, None
    _changed(work, webhook)


def deliveries(
    work: Work, webhook: Webhook, *, after: str | None = None, amount: int = STRETCH
) -> tuple[list[DeliveryRow], str | None]:
    """What was and will be sent, the newest first, and the event after which the list goes on."""
    query = (
        select(Delivery, waits_for_another())
        .where(Delivery.webhook_id == webhook.id)
        .order_by(Delivery.place.desc())
        .limit(amount + 1)
    )
    if after is not None:
        query = query.where(Delivery.place < _place_of(work, webhook, after))
    rows = work.session.execute(query).all()
    shown = rows[:amount]
    numbers = _numbers(work, [delivery.identity for delivery, _ in shown])
    listed = [DeliveryRow(delivery, numbers.get(delivery.identity), waits) for delivery, waits in shown]
    return listed, shown[-1][0].identity if len(rows) > amount else None


# --- what an administrator does ---------------------------------------------------------------------------------------


def dead_letters(work: Work) -> list[DeadLetter]:
    """The deliveries that were given up, the last first."""
    query = (
        select(Delivery, Webhook, Account.name)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .join(Account, Account.id == Webhook.account_id)
        .where(Delivery.failed_at.is_not(None))
        .order_by(Delivery.failed_at.desc(), Delivery.webhook_id, Delivery.place)
        .limit(100)
    )
    return [DeadLetter(*row) for row in work.session.execute(query)]


def retry_dead_letter(work: Work, webhook_id: int, identity: str) -> None:
    """Give a delivery that was given up a new row of attempts; a webhook that fell silent goes on."""
    webhook = work.session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotVisible(str(webhook_id))
    delivery = _open_delivery(work, webhook, identity)
    if delivery.failed_at is None:
        raise NotVisible(identity)
    if webhook.pause == SILENT:
        webhook.paused_at = webhook.pause = None
    _again(work, webhook, delivery)


# --- for whom it is, and how it is signed -----------------------------------------------------------------------------


def listener(session: Session, webhook: Webhook, now: datetime) -> Actor | None:
    """Who hears what a webhook is told: its account with at most the roles of the key it was made with.

    Nobody when the account is closed or the key no longer counts; `now` is the machine's own, as for keys.
    """
    query = (
        select(Account)
        .where(Account.id == webhook.account_id, Account.active)
        .options(joinedload(Account.grants), joinedload(Account.organisation))
    )
    account = session.scalars(query).unique().one_or_none()
    if account is None or not _key_counts(session, webhook, now):
        return None
    return account.actor().with_key(webhook.roles, confirms=False)


def secret_of(work: Work, webhook: Webhook) -> str:
    """What the receiver checks the signature with; only who holds the key of the installation can make it again."""
    return SECRET_PREFIX + base64.b64encode(_secret(work, webhook.salt)).decode()


def signatures(work: Work, webhook: Webhook, *, identity: str, timestamp: int, body: bytes) -> str:
    """The signatures of what is sent, as Standard Webhooks writes them: with the secret, and with the one before it."""
    salts = [webhook.salt]
    if webhook.previous_salt is not None and work.now < webhook.salted_at + OLD_SECRET_LIVES:
        salts.append(webhook.previous_salt)
    signed = f"{identity}.{timestamp}.".encode() + body
    made = (base64.b64encode(hmac.digest(_secret(work, salt), signed, sha256)).decode() for salt in salts)
    return " ".join(f"v1,{one}" for one in made)


def last_place(work: Work) -> int:
    """Where all that happened ends now."""
    return work.session.scalar(select(func.max(FeedLine.place))) or 0


def waits_for_another() -> ColumnElement[bool]:
    """An earlier delivery about the same case did not arrive yet."""
    earlier = aliased(Delivery)
    return and_(
        Delivery.done_at.is_(None),
        exists(
            select(earlier.place).where(
                earlier.webhook_id == Delivery.webhook_id,
                earlier.lane_id == Delivery.lane_id,
                earlier.place < Delivery.place,
                earlier.done_at.is_(None),
            )
        ),
    )


def explanation(delivery: Delivery) -> str | None:
    """Why it did not arrive, in a sentence."""
    if delivery.error is None:
        return None
    said = value_list("bezorgfout").get(delivery.error, delivery.error)
    return f"{said} Het was {delivery.status}." if delivery.error == OTHER_ANSWER else said


def _own(work: Work) -> Select[Webhook]:
    return select(Webhook).where(Webhook.account_id == (work.actor.account_id or 0))


def _is_within(work: Work, webhook: Webhook) -> bool:
    """A key that was narrowed may not lead elsewhere, or sign anew, what hears more than the key may read."""
    narrowed = work.actor.narrowed
    return narrowed is None or (webhook.roles is not None and narrowed.issuperset(webhook.roles))


def _check_address(work: Work, url: str) -> None:
    egress = work.session.info["egress"]
    assert isinstance(egress, Egress)
    try:
        egress.check(url)
    except EgressRefused as refused:
        raise refusal(work, refused.code) from refused


def _changed(work: Work, webhook: Webhook) -> None:
    webhook.revision += 1
    work.session.flush()


def _try_now(work: Work, webhook: Webhook) -> None:
    webhook.failures, webhook.due_at = 0, work.now
    _changed(work, webhook)


def _again(work: Work, webhook: Webhook, delivery: Delivery) -> None:
    delivery.failed_at, delivery.attempts, delivery.due_at = None, 0, work.now
    _try_now(work, webhook)


def _place_of(work: Work, webhook: Webhook, identity: str) -> int:
    try:
        return _delivery(work, webhook, identity).place
    except NotVisible as error:
        raise Invalid({"na": [NO_PLACE]}) from error


def _delivery(work: Work, webhook: Webhook, identity: str) -> Delivery:
    query = select(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.identity == identity)
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotVisible(identity)
    return found


def _open_delivery(work: Work, webhook: Webhook, identity: str) -> Delivery:
    found = _delivery(work, webhook, identity)
    if found.done_at is not None:
        raise NotVisible(identity)
    return found


def _numbers(work: Work, identities: Sequence[str]) -> Mapping[str, str]:
    query = (
        select(FeedLine.identity, Process.number)
        .join(Event, Event.id == FeedLine.event_id)
        .join(Process, Process.id == Event.process_id)
        .where(FeedLine.identity.in_(identities))
    )
    return dict(work.session.execute(query).all())


def _secret(work: Work, salt: str) -> bytes:
    return bytes.fromhex(ballot_box(work).mark(f"webhook\n{salt}".encode()))


def _key_counts(session: Session, webhook: Webhook, now: datetime) -> bool:
    if webhook.client is not None:
        known = select(System.id).where(System.client_id == webhook.client, System.ended_at.is_(None))
        return session.scalar(known) is not None
    if webhook.token_id is None:
        return True
    token = session.get(Token, webhook.token_id)
    return token is not None and token.revoked_at is None and (token.expires_at is None or token.expires_at > now)
