"""Reports by the file from the command line: all of them or none, and each only once."""

from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy import select

from app.cli.installation import Operations, Refusal, installation
from app.db.account import Account
from app.db.engine import open_session
from app.domain.access import SYSTEM, Actor
from app.domain.errors import NotPermitted
from app.schemas.report_file import ReportLine, report_lines
from app.services.account import account_with_grants
from app.services.report import reference_faults
from app.services.report_file import FiledFile, file_reports
from app.services.work import Work

WHOLE = "Er is niets overgenomen. Verbeter dit en begin opnieuw:"
NOT_FOR_THEM = (
    "Namens {email} kunt u niet melden. Kies een melder of coördinator van een organisatie die meedoet. "
    "Laat de organisatie meldingen eerst goedkeuren? Kies dan de coördinator."
)


@click.group(cls=Operations)
def report() -> None:
    """Meldingen."""


@report.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "email", required=True, help="Het e-mailadres van wie de meldingen verstuurt.")
@click.option("--dry-run", is_flag=True, help="Alleen kijken wat er zou gebeuren.")
def import_file(file: Path, *, email: str, dry_run: bool) -> None:
    """Verstuur meldingen uit een bestand: CSV met een kolom per veld, of JSON met één melding per regel.

    Met één fout gaat er niets door. Wat de organisatie al eens zo verstuurde, wordt overgeslagen.
    """
    here = installation()
    lines = report_lines(file.name, file.read_bytes())
    actor = _actor(email)
    with open_session(here.engine, actor, writes=True) as session:
        work = Work(session, actor, here.now(), here.workflows)
        try:
            done = file_reports(work, [(line.number, line.answers) for line in lines if not line.faults])
        except NotPermitted:
            raise Refusal(NOT_FOR_THEM.format(email=email)) from None
        if faults := _faults(work, lines, done):
            raise Refusal("\n".join([WHOLE, *faults]))
        if not dry_run:
            session.commit()
    _tell(done, dry_run=dry_run)


def _actor(email: str) -> Actor:
    """Who sends the reports, with the rights of that account and no more."""
    with open_session(installation().engine, SYSTEM, writes=False) as session:
        account_id = session.scalar(select(Account.id).filter_by(email=email.strip().lower()))
        account = account_with_grants(session, account_id) if account_id is not None else None
        if account is None:
            raise Refusal(f"{email} heeft hier geen account, of het is gesloten.")
        return account.actor()


def _faults(work: Work, lines: list[ReportLine], done: FiledFile) -> list[str]:
    """A sentence for each fault, in the order of the file; what could not be read is looked up as far as it goes."""
    found: dict[int, Mapping[str, list[str]]] = dict(done.faults)
    found |= {
        line.number: {**reference_faults(work, line.parties, line.joins), **line.faults}
        for line in lines
        if line.faults
    }
    return [sentence for line in lines if line.number in found for sentence in line.sentences(found[line.number])]


def _tell(done: FiledFile, *, dry_run: bool) -> None:
    new = [filed for filed in done.filed if not filed.known]
    known = len(done.filed) - len(new)
    if dry_run:
        click.echo(f"{len(new)} meldingen kunnen worden verstuurd, {known} waren al verstuurd. Er is niets bewaard.")
        return
    for filed in new:
        click.echo(f"Regel {filed.line}: {filed.report} bij {filed.case}")
    click.echo(f"{len(new)} meldingen verstuurd, {known} waren al verstuurd.")
