"""Accounts from the command line: the first administrator is made here."""

from datetime import UTC, datetime, timedelta

import click
import pyotp
from sqlalchemy import select

from app.cli.installation import Operations, Refusal, installation
from app.config import value_list
from app.db.account import Account
from app.domain.access import NOT_GRANTABLE
from app.services import account as accounts
from app.services.reference import organisation_named
from app.services.token import create_token
from app.services.work import Work


@click.group(cls=Operations)
def account() -> None:
    """Accounts maken en sluiten."""


@account.command()
@click.argument("email")
@click.option("--name", help="De functie, zoals “Functioneel beheerder”; zonder deze optie het adres.")
@click.option("--organisation", required=True, help="Het TOOI-adres of de naam van de organisatie.")
@click.option("--role", "roles", multiple=True, help="Een rol, zoals beheerder; mag vaker.")
def create(email: str, name: str | None, organisation: str, roles: tuple[str, ...]) -> None:
    """Maak een account, en geef de link waarmee iemand een wachtwoord kiest."""
    here = installation()
    if unknown := [role for role in roles if role not in value_list("rol") or role in NOT_GRANTABLE]:
        raise Refusal(f"Deze rollen kunt u niet geven: {', '.join(unknown)}.")
    with here.work() as work:
        home = organisation_named(
            work,
            "organisatie",
            tooi_uri=organisation if organisation.startswith("https://") else None,
            name=organisation,
        )
        made = accounts.create_account(work, email=email, name=name or email, organisation=home)
        for role in roles:
            accounts.grant_as_operator(work, made, role)
        link = accounts.send_invitation(work, made)
    click.echo(f"Het account is gemaakt. Kies binnen zeven dagen een wachtwoord: {here.config.public_url}{link}")


@account.command()
@click.argument("email")
def disable(email: str) -> None:
    """Sluit een account; de sessies en sleutels werken niet meer."""
    with installation().work() as work:
        accounts.disable(work, _account(work, email))
    click.echo("Het account is gesloten.")


@account.command()
@click.argument("email")
@click.option("--name", default="opdrachtregel", help="Waarvoor de sleutel is.")
@click.option("--role", "roles", multiple=True, help="Alleen deze rol van het account; mag vaker.")
@click.option("--days", type=click.IntRange(1, 3660), help="Na hoeveel dagen de sleutel verloopt; anders nooit.")
def token(email: str, name: str, roles: tuple[str, ...], days: int | None) -> None:
    """Maak een sleutel voor de API, en laat hem één keer zien."""
    if unknown := [role for role in roles if role not in value_list("rol")]:
        raise Refusal(f"Deze rollen zijn er niet: {', '.join(unknown)}.")
    # Keys expire by the clock of the machine.
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with installation().work() as work:
        found = _account(work, email)
        value = create_token(work, found, name=name, roles=list(roles) or None, expires_at=expires_at)
    click.echo(value)


@account.command()
@click.argument("email")
def code(email: str) -> None:
    """Geef de code van de tweede stap van een voorbeeldaccount."""
    here = installation()
    if not here.config.is_demo:
        raise Refusal("Een code geven we alleen in de voorbeeldomgeving. Gebruik de app op uw telefoon.")
    with here.work() as work:
        secret = _account(work, email).totp_secret
    if secret is None:
        raise Refusal("Dit account heeft geen tweede stap.")
    click.echo(pyotp.TOTP(secret).at(datetime.now()))  # noqa: DTZ005 - the library counts from the machine's clock


def _account(work: Work, email: str) -> Account:
    found = work.session.scalars(select(Account).filter_by(email=email.strip().lower())).one_or_none()
    if found is None:
        raise Refusal(f"{email} heeft geen account.")
    return found
