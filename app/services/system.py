"""Systems: registering one with its public keys, and giving it a key for some minutes for a signed statement.

By the NL GOV profile for OAuth: client credentials with `private_key_jwt`, so no secret of a system is ever here.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from app.adapters.statement import ALGORITHMS as SIGNED_WITH
from app.adapters.statement import KeyRefused, StatementRefused, claims_of, issuer_of, public_keys
from app.config import value_list
from app.db.account import Account
from app.db.system import Statement, System
from app.db.token import Token
from app.db.webhook import Webhook
from app.domain.access import ADMINISTRATOR_ROLE, FOR_PEOPLE
from app.domain.errors import Busy, Invalid, KeyMayNotConfirm, NotPermitted, NotVisible, SystemRefused
from app.services.account import create_account, disable, grant
from app.services.brake import brake_key, count_failure, forgive, hold
from app.services.notice import OFF
from app.services.number import INSERT
from app.services.reference import known_organisation
from app.services.session import new_token, token_hash
from app.services.token import revoke_where
from app.services.webhook import NO_RIGHT
from app.services.work import Work

LIVES = timedelta(minutes=15)
"""How long a key lives that a system was given; it asks another without trouble."""
STATEMENT_LIVES, CLOCKS_DIFFER = timedelta(minutes=5), timedelta(seconds=30)
LONGEST_JTI, LAST_MOMENT = 255, 10**11
ALGORITHMS = tuple(SIGNED_WITH.values())
CONFIRM = "bevestigen"
"""The scope for acts that ask a person for the password again."""
# No letter can be delivered here, so that nobody logs in as a system.
NOWHERE = "systeem.invalid"

UNKNOWN = "Het systeem is niet bekend, of de verklaring is niet met een sleutel van het systeem ondertekend."
WRONG = "De verklaring klopt niet. Kijk naar iss, sub, aud, exp, iat en jti, en naar de klok van uw systeem."
USED = "Deze verklaring is al gebruikt. Geef elke verklaring een eigen jti."
TOO_OFTEN = "Te vaak geprobeerd met een verklaring die niet klopt. Wacht {seconds} seconden."
NOT_ITSELF, LATER = "invalid_client", "temporarily_unavailable"
NO_SCOPE = "Het systeem heeft niet elk recht dat in scope staat."


class Given(NamedTuple):
    """A key that a system was given: the value, what it may, and for how many seconds."""

    value: str
    scope: Sequence[str]
    seconds: int


def systems(work: Work) -> list[System]:
    """Every system, the newest first; those that ended last."""
    _check_administrator(work)
    query = select(System).options(joinedload(System.account).joinedload(Account.organisation))
    query = query.options(joinedload(System.account).selectinload(Account.grants))
    return list(work.session.scalars(query.order_by(System.ended_at.is_not(None), System.id.desc()).limit(500)))


def system_with(work: Work, client_id: str) -> System:
    """One system with its account; `NotVisible` where there is none."""
    _check_administrator(work)
    query = (
        select(System)
        .where(System.client_id == client_id)
        .options(joinedload(System.account).joinedload(Account.organisation))
        .options(joinedload(System.account).selectinload(Account.grants))
    )
    if found := work.session.scalars(query).one_or_none():
        return found
    raise NotVisible(client_id)


def roles_of(system: System) -> list[str]:
    """The roles of a system now: those of its account."""
    return sorted({held.role for held in system.account.grants if held.ended_at is None})


def register_system(
    work: Work, *, name: str, organisation: str, keys: str, roles: Collection[str] = (), confirms: bool = False
) -> System:
    """Give a system an account of its own with these roles; it proves with its keys who it is.

    `organisation` is the name or the TOOI address of the one for which it works.
    """
    _check_may_change(work)
    known = _keys(keys)
    home = known_organisation(work, "organisatie", organisation)
    if unknown := sorted(set(roles) - value_list("rol").keys()):
        raise Invalid({"rollen": [f"Deze rollen zijn er niet: {', '.join(unknown)}. Kies uit de lijst."]})
    if for_people := sorted(FOR_PEOPLE.intersection(roles)):
        raise Invalid({"rollen": [f"Deze rollen zijn alleen voor mensen: {', '.join(for_people)}. Laat ze weg."]})
    client_id = f"systeem-{secrets.token_hex(8)}"
    account = create_account(work, email=f"{client_id}@{NOWHERE}", name=name, organisation=home)
    account.notices = OFF
    for role in roles:
        grant(work, account, role)
    system = System(
        account_id=account.id,
        client_id=client_id,
        name=name,
        public_keys=known,
        confirms=confirms,
        registered_by_id=work.actor.account_id,
        created_at=work.now,
    )
    work.session.add(system)
    work.session.flush()
    return system


def replace_keys(work: Work, system: System, keys: str) -> None:
    """Take other public keys in the place of those that are there; what was given with the old ones ends.

    Its webhooks wait until somebody with a new key lets them go on.
    """
    _check_may_change(work)
    _check_open(system)
    system.public_keys = _keys(keys)
    system.revision += 1
    _end_tokens(work, system)
    _pause_webhooks(work, system)


def end_system(work: Work, system: System) -> None:
    """Shut a system: it gets no key any more, those that it has are worth nothing, and its account is closed."""
    _check_may_change(work)
    _check_open(system)
    disable(work, system.account)


def give_key(
    work: Work,
    *,
    statement: str,
    audiences: Collection[str],
    now: datetime,
    source: str,
    scope: str | None = None,
    client_id: str | None = None,
) -> Given:
    """Give a system a key for some minutes, for a statement that it signed itself; `SystemRefused` says why not.

    `now` is the machine's own. `audiences` are the names by which this place may be addressed, and `source` is from
    where it is asked: who is refused too often there waits. What is counted for that is kept only if the caller does
    not let the refusal end its transaction.
    """
    tried = [brake_key("system", f"{source} {issuer_of(statement)}"), brake_key("systems", source)]
    try:
        hold(work, tried)
    except Busy as busy:
        sentence = TOO_OFTEN.format(seconds=busy.retry_after)
        raise SystemRefused(LATER, sentence, retry_after=busy.retry_after) from None
    try:
        with work.session.begin_nested():
            given = _given(work, statement, audiences=audiences, now=now, scope=scope, client_id=client_id)
    except SystemRefused as refused:
        if refused.code == NOT_ITSELF:
            count_failure(work, tried)
        raise
    forgive(work, tried[:1])
    return given


def sweep_statements(session: Session, now: datetime) -> None:
    """Forget statements that would be refused for their age alone."""
    session.execute(delete(Statement).where(Statement.expires_at < now))


def _given(
    work: Work,
    statement: str,
    *,
    audiences: Collection[str],
    now: datetime,
    scope: str | None,
    client_id: str | None,
) -> Given:
    system = _signer(work, statement)
    if client_id not in (None, system.client_id):
        raise SystemRefused(NOT_ITSELF, UNKNOWN)
    try:
        claims = claims_of(statement, system.public_keys)
    except StatementRefused:
        raise SystemRefused(NOT_ITSELF, UNKNOWN) from None
    if not _holds(claims, system.client_id, audiences, now):
        raise SystemRefused(NOT_ITSELF, WRONG)
    _use_up(work, system, claims)
    granted = _granted(system, scope)
    system.used_at = now
    value = new_token()
    work.session.add(
        Token(
            token_hash=token_hash(value),
            account_id=system.account_id,
            system_id=system.id,
            name=system.name,
            roles=[role for role in granted if role != CONFIRM],
            confirms=CONFIRM in granted,
            created_at=work.now,
            expires_at=now + LIVES,
        )
    )
    return Given(value, granted, int(LIVES.total_seconds()))


def _signer(work: Work, statement: str) -> System:
    issuer = issuer_of(statement)
    if issuer is None or not issuer.isascii() or not issuer.isprintable() or len(issuer) > LONGEST_JTI:
        raise SystemRefused(NOT_ITSELF, UNKNOWN)
    query = (
        select(System)
        .join(Account, Account.id == System.account_id)
        .where(System.client_id == issuer, System.ended_at.is_(None), Account.active)
        .options(joinedload(System.account).selectinload(Account.grants))
    )
    if found := work.session.scalars(query).one_or_none():
        return found
    raise SystemRefused(NOT_ITSELF, UNKNOWN)


def _holds(claims: Mapping[str, Any], client_id: str, audiences: Collection[str], now: datetime) -> bool:
    """By RFC 7523, section 3, and stricter: for this place alone, made just now, and good for some minutes."""
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        return False
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        (audience,) = audience
    if not isinstance(audience, str) or audience not in audiences:
        return False
    name = claims.get("jti")
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_JTI:
        return False
    moments = [claims.get("iat"), claims.get("exp"), claims.get("nbf", claims.get("iat"))]
    if not all(_is_moment(moment) for moment in moments):
        return False
    made, ends, begins = moments
    here, slack, longest = now.timestamp(), CLOCKS_DIFFER.total_seconds(), STATEMENT_LIVES.total_seconds()
    has_begun = max(made, begins) <= here + slack
    return bool(has_begun and here - slack < ends <= made + longest and made > here - longest - slack)


def _is_moment(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= LAST_MOMENT


def _use_up(work: Work, system: System, claims: Mapping[str, Any]) -> None:
    """Keep that this statement was used; of two that arrive at once, one is the first."""
    digest = hashlib.sha256(claims["jti"].encode(errors="surrogatepass")).hexdigest()
    insert = INSERT[work.session.get_bind().dialect.name]
    # Kept for longer than it holds, because clocks differ.
    expires_at = datetime.fromtimestamp(claims["exp"], UTC) + 2 * CLOCKS_DIFFER
    row = insert(Statement).values(system_id=system.id, digest=digest, expires_at=expires_at)
    kept = work.session.execute(row.on_conflict_do_nothing().returning(Statement.digest)).one_or_none()
    if kept is None:
        raise SystemRefused(NOT_ITSELF, USED)


def _granted(system: System, scope: str | None) -> list[str]:
    """What was asked, as far as the system may; all that it may where nothing was asked."""
    held = [*roles_of(system), *([CONFIRM] if system.confirms else [])]
    asked = (scope or "").split(" ") if scope else held
    if not set(asked) <= set(held):
        raise SystemRefused("invalid_scope", NO_SCOPE)
    return [one for one in held if one in asked]


def _keys(text: str) -> list[dict[str, Any]]:
    try:
        return public_keys(text)
    except KeyRefused as refused:
        raise Invalid({"openbareSleutels": [str(refused)]}) from None


def _end_tokens(work: Work, system: System) -> None:
    revoke_where(work, Token.system_id == system.id)


def _pause_webhooks(work: Work, system: System) -> None:
    """Who had the old keys may have made these; whoever has the new ones sees them, and lets them go on or not."""
    own = update(Webhook).where(Webhook.client == system.client_id, Webhook.paused_at.is_(None))
    work.session.execute(own.values(paused_at=work.now, pause=NO_RIGHT, revision=Webhook.revision + 1))


def _check_administrator(work: Work) -> None:
    if ADMINISTRATOR_ROLE not in work.actor.roles:
        raise NotPermitted("systems are for the administrator")


def _check_may_change(work: Work) -> None:
    """Who registers a system hands out rights, and that asks a fresh confirmation."""
    _check_administrator(work)
    if not work.actor.confirms:
        raise KeyMayNotConfirm("a system is registered with a key that may confirm")


def _check_open(system: System) -> None:
    if system.ended_at is not None:
        raise NotVisible(system.client_id)
