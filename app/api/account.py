"""Accounts: who has one, inviting somebody, giving and taking roles, and shutting one."""

from collections.abc import Iterable
from typing import Any

from flask import Response

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.representation import Values, organisation
from app.config import value_list
from app.db.account import Account
from app.domain.access import ADMINISTRATOR_ROLE, COORDINATOR_ROLE
from app.domain.errors import Invalid, NotPermitted
from app.schemas.account import AccountQuery, AccountSchema, AccountsSchema, InvitationForm, RoleForm
from app.schemas.token import TokensSchema
from app.services import account as service
from app.services.reference import known_organisation
from app.services.token import revoke_token, token_of, tokens_of
from app.services.work import Work

COLLECTION, TAG = "accounts", "Accounts"
ONE = f"/{COLLECTION}/<int:account_id>"
MANAGERS = (ADMINISTRATOR_ROLE, COORDINATOR_ROLE)
NO_ROLE = "Kies een rol uit de lijst."


@operation(
    "GET",
    f"/{COLLECTION}",
    name="accountsLijst",
    summary="De accounts die u beheert; hoogstens tweehonderd",
    tag=TAG,
    gives=AccountsSchema,
    query=AccountQuery,
)
def index(call: Call) -> Answer:
    """All for the administrator, and those of the own organisation for its coordinator."""
    call.check_role(*MANAGERS)
    found = service.manageable_accounts(call.work, words=call.query.get("words"))
    return Answer({"results": [_row(account) for account in found]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="accountUitnodigen",
    summary="Iemand uitnodigen, met rollen die u mag geven",
    tag=TAG,
    gives=AccountSchema,
    body=InvitationForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
)
def invite(call: Call) -> Answer:
    """Invite somebody: a letter goes out with a link that works for a week."""
    call.check_role(*MANAGERS)
    sent, work = call.body, call.work
    made = service.invite(
        work,
        email=sent["email"],
        name=sent["name"],
        organisation_id=_organisation(work, sent.get("organisation")),
        roles=sent.get("roles") or [],
    )
    return _answer(work, made.id, {"Location": f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.id}"})


@operation(
    "GET", ONE, name="accountEen", summary="Eén account dat u beheert", tag=TAG, gives=AccountSchema, tagged=True
)
def show(call: Call, account_id: int) -> Answer:
    """One account with its roles."""
    call.check_role(*MANAGERS)
    return Answer(_row(service.manageable_account(call.work, account_id)))


@operation(
    "POST",
    f"{ONE}/rollen",
    name="rolGeven",
    summary="Een rol geven; wie was ingelogd, logt opnieuw in",
    tag=TAG,
    gives=AccountSchema,
    body=RoleForm,
    media=JSON,
    tagged=True,
    changes=True,
    keyed=True,
)
def give(call: Call, account_id: int) -> Answer:
    """Give a role that is yours to give."""
    account = _to_change(call, account_id)
    service.grant(call.work, account, _role(call.body["role"]))
    return _answer(call.work, account_id)


@operation(
    "POST",
    f"{ONE}/rollen/intrekken",
    name="rolIntrekken",
    summary="Een rol terugnemen; wie was ingelogd, logt opnieuw in",
    tag=TAG,
    gives=AccountSchema,
    body=RoleForm,
    media=JSON,
    tagged=True,
    changes=True,
)
def take(call: Call, account_id: int) -> Answer:
    """Take a role back."""
    account = _to_change(call, account_id)
    service.end_grant(call.work, account, _role(call.body["role"]))
    return _answer(call.work, account_id)


@operation("DELETE", ONE, name="accountSluiten", summary="Een account sluiten", tag=TAG, status=204, changes=True)
def close(call: Call, account_id: int) -> Response:
    """Shut an account: sessions and keys end; what was done with it stays."""
    account = _to_change(call, account_id)
    if account.id == call.work.actor.account_id:
        raise NotPermitted("nobody shuts the own account")
    service.disable(call.work, account)
    return Response(status=204)


@operation(
    "GET",
    f"{ONE}/sleutels",
    name="sleutelsVanAccount",
    summary="De sleutels van een account dat u beheert, zonder de sleutels zelf",
    tag=TAG,
    gives=TokensSchema,
)
def tokens(call: Call, account_id: int) -> Answer:
    """The keys that were not revoked."""
    call.check_role(*MANAGERS)
    account = service.manageable_account(call.work, account_id)
    names = ("id", "name", "roles", "confirms", "created_at", "expires_at", "used_at")
    found = tokens_of(call.work, account.id)
    return Answer({"results": [{name: getattr(token, name) for name in names} for token in found]})


@operation(
    "DELETE",
    f"{ONE}/sleutels/<int:token_id>",
    name="sleutelVanAccountIntrekken",
    summary="Een sleutel van een account intrekken; hij werkt meteen niet meer",
    tag=TAG,
    status=204,
    changes=True,
)
def revoke(call: Call, account_id: int, token_id: int) -> Response:
    """Take a key back from somebody, for who manages the account, as it was seen."""
    account = _to_change(call, account_id)
    revoke_token(call.work, token_of(call.work, account.id, token_id))
    return Response(status=204)


def _to_change(call: Call, account_id: int) -> Account:
    call.check_role(*MANAGERS)
    account = service.manageable_account(call.work, account_id)
    call.check_seen(_row(account), AccountSchema)
    return account


def _answer(work: Work, account_id: int, headers: Any = None) -> Answer:
    """The account as it is now, read again."""
    work.session.flush()
    work.session.expire_all()
    return Answer(_row(service.manageable_account(work, account_id)), headers=headers or {})


def _role(given: str) -> str:
    if given not in value_list("rol"):
        raise Invalid({"rol": [NO_ROLE]})
    return given


def _organisation(work: Work, given: str | None) -> int:
    """The organisation that was named, or one's own."""
    return known_organisation(work, "organisatie", given).id if given else work.actor.organisation_id or 0


def _row(account: Account) -> Values:
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "organisation": organisation(account.organisation),
        "active": account.active,
        "roles": _roles(account.grants),
    }


def _roles(grants: Iterable[Any]) -> list[str]:
    return sorted({grant.role for grant in grants if grant.ended_at is None})
