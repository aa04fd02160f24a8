"""Commands for operators: `knelpunt`, and the same under `flask --app wsgi`."""

import click
from flask.cli import ScriptInfo

from app.adapters.log import write_json_lines
from app.cli import (
    account,
    demonstration,
    docs,
    journal,
    operation,
    organisation,
    peer,
    precedent,
    report,
    search,
    service,
    workflow,
)
from app.cli.installation import Operations

APPLICATION = "app.factory:create_app"
COMMANDS = (
    operation.migrate,
    service.serve,
    service.worker,
    service.clock,
    docs.docs,
    demonstration.demonstration,
    account.account,
    organisation.organisation,
    precedent.precedent,
    peer.peer,
    report.report,
    search.search,
    workflow.workflow,
    journal.journal,
    operation.backup,
    operation.restore,
    operation.verify,
)


@click.group(cls=Operations, context_settings={"help_option_names": ["-h", "--help"]})
def knelpunt() -> None:
    """Het knelpuntenstelsel beheren."""
    write_json_lines()


for command in COMMANDS:
    knelpunt.add_command(command)


def main() -> None:
    """Run a command. The application is named as Flask names one, so that only what serves pages loads it."""
    knelpunt(obj=ScriptInfo(app_import_path=APPLICATION, load_dotenv_defaults=False), prog_name="knelpunt")
