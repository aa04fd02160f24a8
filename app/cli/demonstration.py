"""Loading the demonstration: organisations, accounts and a commission; and then the story, once."""

import csv
import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import click

from app.cli.installation import Installation, Operations, Refusal, installation
from app.cli.story import FILES, read, tell
from app.config import resource
from app.db.engine import open_session
from app.domain.access import SYSTEM
from app.schemas.external import ExternalDecisionForm
from app.schemas.form import load
from app.services import demo
from app.services.account import hash_password
from app.services.external import keep_decisions
from app.services.organisation import add_known_parties, import_organisations
from app.services.work import Work


@click.group("demo", cls=Operations)
def demonstration() -> None:
    """De voorbeeldgegevens."""


@demonstration.command("load")
@click.option("--json", "as_json", is_flag=True, help="Druk af wie kan inloggen, als JSON.")
def load_demonstration(as_json: bool) -> None:  # noqa: FBT001 - click names it
    """Laad de voorbeeldgegevens die er nog niet zijn."""
    here = installation()
    if not here.config.is_demo:
        raise Refusal("Voorbeeldgegevens bestaan alleen buiten productie. Zet MODE op demo.")
    skipped = load_into(here)
    if as_json:
        click.echo(json.dumps({"organisations": organisations(), "accounts": accounts()}, ensure_ascii=False, indent=2))
    else:
        click.echo("De voorbeeldgegevens zijn geladen." + (f" Overgeslagen: {len(skipped)}." if skipped else ""))


def load_into(here: Installation) -> list[str]:
    """Load what is missing; the steps of the story that could not be taken."""
    with here.work() as work:
        prepare(work)
        told = demo.is_told(work)
    if told:
        return []
    click.echo("De voorbeeldgegevens worden geladen. Dat duurt ongeveer een minuut.", err=True)
    # One transaction: the story is there as a whole, or not at all.
    with open_session(here.engine, SYSTEM, writes=True) as session:
        skipped = tell(session, here.workflows, here.now())
        session.commit()
    return skipped


def organisations() -> Sequence[Mapping[str, Any]]:
    """The organisations that take part."""
    return [{"tooiUri": row.get("tooiUri"), "name": row["name"]} for row in read("organisations.toml")["organisation"]]


def accounts() -> Sequence[Mapping[str, Any]]:
    """Who can log in, with what."""
    keys = ("email", "name", "roles", "organisation", "password", "totpSecret", "token")
    return [{key: row.get(key) for key in keys} for row in read("accounts.toml")["account"]]


def prepare(work: Work) -> None:
    """Load the organisations, the accounts and the bodies that are missing."""
    with open(resource("workflows") / "lists" / "organisations.csv", encoding="utf-8", newline="") as file:
        import_organisations(work, csv.DictReader(file))
    parties = tomllib.loads((resource("workflows") / "lists" / "private_parties.toml").read_text("utf-8"))
    add_known_parties(work, (party["naam"] for party in parties["party"]))
    for row in organisations():
        demo.join(work, tooi_uri=row["tooiUri"], name=row["name"])
    # One hash for one password: these are public anyway, and hashing is slow on purpose.
    hashes = {password: hash_password(password) for password in {row["password"] for row in accounts()}}
    for row in accounts():
        demo.open_account(
            work,
            email=row["email"],
            name=row["name"],
            organisation=row["organisation"],
            roles=row["roles"],
            password_hash=hashes[row["password"]],
            totp_secret=row["totpSecret"],
            token=row["token"],
        )
    for body in read("bodies.toml")["body"]:
        demo.seat_body(work, **body)
    decisions = (FILES / "external.jsonl").read_text("utf-8").splitlines()
    keep_decisions(work, [load(ExternalDecisionForm, json.loads(line)) for line in decisions])
