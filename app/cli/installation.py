"""The installation that a command works on, and how a command says in one sentence why it could not."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.backup import BackupFailed
from app.adapters.ballot_box import BallotBox
from app.adapters.egress import Egress
from app.adapters.meaning import Meaning, meaning
from app.adapters.notary import Notary
from app.adapters.search.lexicon import keep_in
from app.adapters.store import Store
from app.config import Config, ConfigurationError
from app.db.engine import make_engine, open_session
from app.domain.access import SYSTEM
from app.domain.errors import DefinitionFaults, DomainError, Invalid
from app.schemas.form import FORMS
from app.services.checkpoint import Clerk
from app.services.definition import load_workflows
from app.services.work import Work, Workflows


class Refusal(Exception):
    """A command could not do what was asked; the message is the sentence that says why."""


@dataclass
class Installation:
    """What the environment says, and what is made of it when a command asks for it."""

    config: Config

    @cached_property
    def engine(self) -> Engine:
        """The database."""
        # What people reported is here: nobody else on the machine reads it.
        self.config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = make_engine(self.config.database_url)
        keep_in(self.config.data_dir)
        engine.update_execution_options(
            ballots=BallotBox(self.config.ballot_key), store=self.store, meaning=self.meaning, egress=self.egress
        )
        return engine

    @cached_property
    def workflows(self) -> Workflows:
        """Every definition."""
        return load_workflows(FORMS)

    @cached_property
    def store(self) -> Store:
        """The files."""
        return Store(self.config.data_dir / "files")

    @cached_property
    def meaning(self) -> Meaning | None:
        """What knows the meaning of texts, where it is installed and not turned off."""
        return meaning() if self.config.search_meaning else None

    @property
    def egress(self) -> Egress:
        """The door to the web outside."""
        return Egress(self.config.egress_networks, plain=self.config.is_demo)

    @cached_property
    def notary(self) -> Notary:
        """Who signs the checkpoints of the journal."""
        return Notary(self.config.journal_key, self.config.source)

    @property
    def clerk(self) -> Clerk:
        """Who keeps the journal as a whole."""
        return Clerk(self.engine, self.notary, self.now)

    @property
    def journal_keys(self) -> frozenset[str]:
        """The keys that may have signed a checkpoint: that of today, and those of before."""
        return frozenset({self.notary.public_key, *self.config.journal_old_keys})

    def now(self) -> datetime:
        """The moment it is here; outside production it can be moved."""
        return datetime.now(UTC) + timedelta(seconds=self.config.clock_offset)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Work of the operator, in one transaction."""
        with open_session(self.engine, SYSTEM, writes=True) as session:
            yield Work(session, SYSTEM, self.now(), self.workflows)
            session.commit()


def installation() -> Installation:
    """The installation of this command; made once for it."""
    context = click.get_current_context().find_root()
    found = context.meta.get(__name__)
    if found is None:
        found = context.meta[__name__] = Installation(Config.from_environment())
        context.call_on_close(lambda: found.engine.dispose() if "engine" in vars(found) else None)
    assert isinstance(found, Installation)
    return found


def _of_invalid(error: Exception) -> str:
    assert isinstance(error, Invalid)
    return " ".join(sentence for sentences in error.faults.values() for sentence in sentences)


def _of_definitions(error: Exception) -> str:
    return f"De definities kloppen niet.\n{error}"


def _of_database(error: Exception) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return f"De database geeft geen antwoord, of heeft niet de nieuwste tabellen (knelpunt migrate): {cause}"


def _of_machine(error: Exception) -> str:
    assert isinstance(error, OSError)
    return f"Dat lukt niet op deze machine: {error.strerror or error}" + (
        f" ({error.filename})" if error.filename else ""
    )


# What can stand in the way of a command, and the sentence that says it; the first that fits.
SENTENCES: Mapping[type[Exception], Callable[[Exception], str]] = {
    Refusal: str,
    ConfigurationError: str,
    BackupFailed: str,
    DefinitionFaults: _of_definitions,
    Invalid: _of_invalid,
    DomainError: lambda error: f"Dat mag of kan niet: {error}",
    SQLAlchemyError: _of_database,
    OSError: _of_machine,
}


class Operation(click.Command):
    """A command that ends with 0, or says in one sentence why not; under `flask` as well."""

    def invoke(self, context: click.Context) -> Any:
        """Run it, and say what stood in its way."""
        try:
            return super().invoke(context)
        except tuple(SENTENCES) as error:
            sentence = next(say for kind, say in SENTENCES.items() if isinstance(error, kind))
            _stop(sentence(error))


class Operations(click.Group):
    """Commands that belong together."""

    command_class = Operation

    def main(self, *args: Any, **settings: Any) -> Any:
        """Run one; a mistake in how it was called is told in one sentence too."""
        try:
            super().main(*args, **{**settings, "standalone_mode": False})
        except click.exceptions.Exit as end:
            raise SystemExit(end.exit_code) from None
        except click.ClickException as error:
            _stop(f"Zo werkt deze opdracht niet; kijk met --help. ({error.format_message()})")
        except click.Abort:
            _stop("Afgebroken.")


def _stop(sentence: str) -> None:
    click.echo(sentence, err=True)
    raise SystemExit(1)
