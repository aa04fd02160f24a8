"""References in answers: the number, address or name that somebody gave, found or refused at its field."""

from typing import TypeVar

from sqlalchemy import func, select

from app.db.account import Account, Grant
from app.db.organisation import Organisation
from app.db.process import Process
from app.domain.errors import Invalid
from app.services.work import Work

P = TypeVar("P", bound=Process)


def account_with_role(work: Work, field: str, email: str, *roles: str) -> Account:
    """The active account with this address and one of these roles; `Invalid` at the field otherwise."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.email == email.strip().lower(), Account.active, Grant.ended_at.is_(None))
        .distinct()
    )
    if roles:
        query = query.where(Grant.role.in_(roles))
    account = work.session.scalars(query).one_or_none()
    if account is None:
        raise Invalid({field: ["Kies iemand uit de lijst. Dit e-mailadres heeft hier geen passende rol."]})
    return account


def process_named(work: Work, field: str, record: type[P], number: str) -> P:
    """The process with this number that the actor may see; `Invalid` at the field otherwise."""
    process = work.session.scalars(select(record).where(record.number == number.strip())).one_or_none()
    if process is None:
        raise Invalid({field: [f"{number} bestaat niet. Kies een nummer uit de lijst."]})
    return process


def organisation_named(
    work: Work,
    field: str,
    *,
    tooi_uri: str | None = None,
    name: str | None = None,
    kvk_number: str | None = None,
) -> Organisation:
    """The organisation of the list, or a private party, which is added when its trade number is new."""
    if tooi_uri:
        return _found(field, tooi_uri, work.session.scalars(select(Organisation).filter_by(tooi_uri=tooi_uri)).first())
    if kvk_number:
        known = work.session.scalars(select(Organisation).filter_by(kvk_number=kvk_number)).first()
        return known or _add_private(work, field, name, kvk_number)
    query = select(Organisation).where(func.lower(Organisation.name) == (name or "").strip().lower())
    matches = work.session.scalars(query.order_by(Organisation.ended_on.is_not(None), Organisation.id)).all()
    return _found(field, name or "", matches[0] if matches else None)


def known_organisation(work: Work, field: str, said: str) -> Organisation:
    """The organisation of the list with this address or name; what is not in it is not added."""
    by_address = said.startswith("https://")
    return organisation_named(work, field, tooi_uri=said if by_address else None, name=None if by_address else said)


def _add_private(work: Work, field: str, name: str | None, kvk_number: str) -> Organisation:
    if not name:
        raise Invalid({field: ["Vul ook de naam van de organisatie in."]})
    organisation = Organisation(name=name.strip(), kind="privaat", kvk_number=kvk_number)
    work.session.add(organisation)
    work.session.flush()
    return organisation


def _found(field: str, given: str, organisation: Organisation | None) -> Organisation:
    if organisation is None:
        advice = "Kies een organisatie uit de lijst, of vul een naam met KVK-nummer in."
        raise Invalid({field: [f"“{given}” staat niet in de lijst. {advice}"]})
    return organisation
