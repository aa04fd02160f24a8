"""The configuration: read once from the environment, frozen, and refused when it is half set."""

import base64
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType

DEMO, PRODUCTION = "demo", "production"
KNOWN_DEFAULTS = frozenset({"", "secret", "dev", "changeme", "change-me", "geheim"})
OIN_DIGITS = 20
BALLOT_KEY_BYTES = JOURNAL_KEY_BYTES = 32


class ConfigurationError(Exception):
    """The environment does not allow a safe start; the message says which variable to set."""


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation decides; the names of the variables stand in `docs/operations.md`."""

    database_url: str
    data_dir: Path
    secret_key: str
    mode: str = PRODUCTION
    host: str = "127.0.0.1"
    port: int = 8000
    clock_offset: int = 0
    smtp_url: str | None = None
    mail_from: str = "knelpuntenstelsel@localhost"
    public_url: str = "http://127.0.0.1:8000"
    clamav_socket: str | None = None
    signing_key: str | None = None
    search_meaning: bool = True
    egress_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    oin: str | None = None
    journal_old_keys: tuple[str, ...] = ()
    ballot_key: bytes = field(default_factory=partial(secrets.token_bytes, BALLOT_KEY_BYTES), repr=False)
    journal_key: bytes = field(default_factory=partial(secrets.token_bytes, JOURNAL_KEY_BYTES), repr=False)

    @property
    def is_demo(self) -> bool:
        """Demonstration data, the test clock and plain http exist only outside production."""
        return self.mode != PRODUCTION

    @property
    def source(self) -> str:
        """By what others know this installation: a URN with the number of its organisation, or else its address."""
        return f"urn:nld:oin:{self.oin}:systeem:knelpuntenstelsel" if self.oin else self.public_url

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the variables of the contract; raise `ConfigurationError` where they are unsafe."""
        mode = environ.get("MODE", PRODUCTION)
        if mode not in (DEMO, PRODUCTION, "test"):
            raise ConfigurationError("MODE is demo of production.")
        data_dir = Path(environ.get("DATA_DIR", "var")).absolute()
        host, port = environ.get("HOST", "127.0.0.1"), _number(environ, "PORT", 8000)
        offset = _number(environ, "CLOCK_OFFSET", 0)
        if offset and mode == PRODUCTION:
            raise ConfigurationError("CLOCK_OFFSET bestaat alleen buiten productie. Haal de variabele weg.")
        return cls(
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'knelpunt.db'}",
            data_dir=data_dir,
            secret_key=_secret_key(environ, mode, data_dir),
            mode=mode,
            host=host,
            port=port,
            clock_offset=offset,
            smtp_url=environ.get("SMTP_URL"),
            mail_from=environ.get("MAIL_FROM", "knelpuntenstelsel@localhost"),
            public_url=environ.get("PUBLIC_URL", f"http://{host}:{port}"),
            clamav_socket=environ.get("CLAMAV_SOCKET"),
            signing_key=environ.get("SIGNING_KEY"),
            search_meaning=_switch(environ, "SEARCH_MEANING"),
            egress_networks=_networks(environ, "EGRESS_NETWORKS"),
            oin=_oin(environ),
            journal_old_keys=tuple(environ.get("JOURNAL_OLD_KEYS", "").replace(",", " ").split()),
            ballot_key=_key(environ, data_dir, "BALLOT_KEY", BALLOT_KEY_BYTES),
            journal_key=_key(environ, data_dir, "JOURNAL_KEY", JOURNAL_KEY_BYTES),
        )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(environ.get(name) or default)
    except ValueError as error:
        raise ConfigurationError(f"{name} moet een geheel getal zijn.") from error


def _switch(environ: Mapping[str, str], name: str) -> bool:
    given = environ.get(name) or "on"
    if given not in ("on", "off"):
        raise ConfigurationError(f"{name} is on of off.")
    return given == "on"


def _networks(environ: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in environ.get(name, "").split(",") if one.strip())
    except ValueError as error:
        raise ConfigurationError(f"{name} is een rij netwerken met een komma ertussen, zoals 10.1.0.0/16.") from error


def _secret_key(environ: Mapping[str, str], mode: str, data_dir: Path) -> str:
    given = environ.get("SECRET_KEY", "")
    if mode == PRODUCTION:
        if given.lower() in KNOWN_DEFAULTS or len(given) < 32:
            raise ConfigurationError("Zet SECRET_KEY op een geheim van ten minste 32 tekens.")
        return given
    return given or _kept_secret(data_dir / "secret_key")


def _oin(environ: Mapping[str, str]) -> str | None:
    given = environ.get("OIN") or None
    if given is not None and not (given.isascii() and given.isdigit() and len(given) == OIN_DIGITS):
        raise ConfigurationError(f"OIN is een nummer van {OIN_DIGITS} cijfers.")
    return given


def _key(environ: Mapping[str, str], data_dir: Path, name: str, length: int) -> bytes:
    """A key that is never in the database, nor in a back-up of it: given, or made once as a file."""
    given, file = environ.get(name), name.lower()
    try:
        key = base64.b64decode(given, validate=True) if given else bytes.fromhex(_kept_secret(data_dir / file))
    except ValueError:
        key = b""
    if len(key) != length:
        raise ConfigurationError(f"{name}, of het bestand {file}, moet een sleutel van {length} bytes zijn.")
    return key


def _kept_secret(path: Path) -> str:
    """Make a secret of this installation once, so that a restart keeps it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=_private) as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def resource(name: str) -> Path:
    """The folder `templates`, `workflows` or `migrations`: shipped with the wheel, else beside `app/`."""
    try:
        spec = find_spec(f"app.resources.{name}")
    except ModuleNotFoundError:
        spec = None
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return Path(__file__).parent.parent / name


@cache
def value_list(name: str) -> Mapping[str, str]:
    """The codes of a value list with their Dutch labels, in the order of the file.

    The lists are data in `workflows/lists/`; they do not change while the application runs.
    """
    with open(resource("workflows") / "lists" / f"{name}.toml", "rb") as file:
        return MappingProxyType(tomllib.load(file)["values"])
