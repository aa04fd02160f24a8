"""What keeps running: the web server, the worker that empties the outbox, and the clock."""

import gc
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

import click
import structlog
import waitress
from flask.cli import ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.mail import SmtpMailer
from app.adapters.meaning import meaning
from app.adapters.page import Templates
from app.adapters.pdf import is_signing_key
from app.cli.demonstration import accounts
from app.cli.installation import Installation, Operation, Refusal, installation
from app.config import Config, ConfigurationError, resource
from app.db.migration import current_revision, head_revision
from app.schemas.cloudevent import cloud_event
from app.schemas.peer import READING
from app.services.clock import let_time_pass
from app.services.delivery import Courier
from app.services.listener import Listener
from app.services.worker import Doors, Worker

WORKER_WAITS, CLOCK_WAITS = 2.0, 60.0
THREADS = 8
SENDER_NAME = "Knelpuntenstelsel"
STATIC = Path(__file__).parent.parent / "web" / "static"

log = structlog.get_logger()


@click.command(cls=Operation)
@click.pass_context
def serve(context: click.Context) -> None:
    """Start de webserver, de verwerker en de klok."""
    app = context.ensure_object(ScriptInfo).load_app()
    here = installation()
    if current_revision(here.engine) != head_revision():
        raise Refusal("De database heeft niet de nieuwste tabellen. Voer eerst knelpunt migrate uit.")
    server = waitress.create_server(app, host=here.config.host, port=here.config.port, threads=THREADS, ident=None)
    _stop_on_signal()
    stop = threading.Event()
    for name, step, seconds in (
        ("clerk", here.clerk.take_turn, WORKER_WAITS),
        ("worker", _worker(here).take_turn, WORKER_WAITS),
        ("courier", _courier(here).take_turn, WORKER_WAITS),
        ("peers", _listener(here).take_turn, WORKER_WAITS),
        ("clock", _clock(here), CLOCK_WAITS),
    ):
        _beside(stop, name, step, seconds)
    click.echo("\n".join(_welcome(here.config)))
    # What is there now stays: nobody has to look through it for garbage with each request.
    gc.freeze()
    try:
        server.run()
    finally:
        stop.set()


@click.command(cls=Operation)
@click.option("--once", is_flag=True, help="Doe wat er nu ligt, en stop.")
def worker(once: bool) -> None:  # noqa: FBT001 - click names it
    """Verstuur berichten en maak documenten."""
    here = installation()
    clerk, working, following, telling = here.clerk, _worker(here), _listener(here), _courier(here)
    if once:
        clerk.finish()
        following.take_turn()
        working.finish()
        # What the worker numbered can be told.
        telling.finish()
        return
    # What is not numbered is told to nobody. Another installation may be slow to answer; letters do not wait for it.
    _beside(threading.Event(), "clerk", clerk.take_turn, WORKER_WAITS)
    _beside(threading.Event(), "peers", following.take_turn, WORKER_WAITS)
    _beside(threading.Event(), "courier", telling.take_turn, WORKER_WAITS)
    _keep_on(working.take_turn, "worker", WORKER_WAITS, once=False)


@click.command(cls=Operation)
@click.option("--once", is_flag=True, help="Doe wat nu nodig is, en stop.")
def clock(once: bool) -> None:  # noqa: FBT001 - click names it
    """Laat de tijd verstrijken: termijnen, herinneringen, dagberichten."""
    here = installation()
    _keep_on(_clock(here), "clock", CLOCK_WAITS, once=once)


def _worker(here: Installation) -> Worker:
    return Worker(here.engine, _doors(here), here.now)


def _courier(here: Installation) -> Courier:
    wording = partial(cloud_event, source=here.config.source, public_url=here.config.public_url)
    return Courier(here.engine, here.workflows, wording, here.now)


def _listener(here: Installation) -> Listener:
    return Listener(here.engine, here.egress, READING, here.now)


def _clock(here: Installation) -> Callable[[], object]:
    return lambda: let_time_pass(here.engine, here.workflows, here.now())


def _doors(here: Installation) -> Doors:
    config = here.config
    templates = resource("templates")
    mailer = None
    if config.smtp_url is not None:
        try:
            mailer = SmtpMailer.from_url(config.smtp_url, sender=config.mail_from, sender_name=SENDER_NAME)
        except ValueError as error:
            raise ConfigurationError("SMTP_URL is smtp://… of smtps://…, en MAIL_FROM is een adres.") from error
    return Doors(
        templates=Templates(templates),
        store=here.store,
        assets=(templates / "pdf", STATIC / "build" / "fonts"),
        public_url=config.public_url,
        mailer=mailer,
        demonstration=config.is_demo,
        signing_key=_signing_key(config),
    )


def _signing_key(config: Config) -> bytes | None:
    """The key for documents, read once; refused at the start, and not with the first ruling."""
    if config.signing_key is None:
        return None
    try:
        content = Path(config.signing_key).read_bytes()
    except OSError:
        content = b""
    if not is_signing_key(content):
        raise ConfigurationError("SIGNING_KEY is een PEM-bestand met een sleutel zonder wachtwoord en het certificaat.")
    return content


def _keep_on(step: Callable[[], object], name: str, seconds: float, *, once: bool) -> None:
    if once:
        step()
        return
    _stop_on_signal()
    _again(threading.Event(), name, step, seconds)


def _beside(stop: threading.Event, name: str, step: Callable[[], object], seconds: float) -> None:
    threading.Thread(target=_again, args=(stop, name, step, seconds), name=name, daemon=True).start()


def _again(stop: threading.Event, name: str, step: Callable[[], object], seconds: float) -> None:
    """Take a step, wait, and take it again; a database that is away comes back."""
    while not stop.is_set():
        try:
            step()
        except (SQLAlchemyError, OSError) as error:
            log.warning(name, error=str(error))
        stop.wait(seconds)


def _stop_on_signal() -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)


def _welcome(config: Config) -> Sequence[str]:
    lines = []
    if config.smtp_url is None:
        lines.append("Mail staat uit: zet SMTP_URL om berichten te versturen.")
    if config.signing_key is None:
        lines.append("Ondertekenen staat uit: zet SIGNING_KEY om documenten te ondertekenen.")
    if not config.search_meaning:
        lines.append("Zoeken naar betekenis staat uit: SEARCH_MEANING is off.")
    elif meaning() is None:
        lines.append("Zoeken naar betekenis staat uit: installeer requirements/semantic.lock om het aan te zetten.")
    if config.is_demo:
        lines += ["U kunt inloggen als (een account voor elke rol):", *_people()]
    return [*lines, f"Het knelpuntenstelsel staat op {config.public_url}"]


def _people() -> Sequence[str]:
    """The first account of each role."""
    shown: dict[str, str] = {}
    for row in accounts():
        if any(role not in shown for role in row["roles"]):
            second = f", code: MODE=demo .venv/bin/knelpunt account code {row['email']}" if row["totpSecret"] else ""
            line = f"  {row['email']:32} {row['name']} (wachtwoord: {row['password']}{second})"
            shown |= {role: line for role in row["roles"] if role not in shown}
    return list(dict.fromkeys(shown.values()))
