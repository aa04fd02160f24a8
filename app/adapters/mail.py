"""One letter goes out by SMTP; the only door to smtplib.

Where no mail server is configured there is no `Mailer`, and whoever has letters says that mail is off.
"""

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 30
PORTS = {"smtp": 25, "smtps": 465}

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", re.ASCII)
MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>", re.ASCII)
# A line break, in whatever spelling, would start a header of its own.
NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class MailRefused(Exception):
    """This letter will not be taken, however often it is offered."""


class MailDelayed(Exception):
    """This letter was not taken now; offer it again later."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of text that comes with a letter; `parameters` are those of its media type."""

    name: str
    subtype: str
    text: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text. With the same `message_id`, a letter sent twice is recognised as one."""

    to: str
    subject: str
    text: str
    message_id: str
    written_at: datetime
    enclosure: Enclosure | None = None


class Mailer(Protocol):
    """Whatever sends one letter, or raises `MailRefused` or `MailDelayed`."""

    def __call__(self, letter: Letter, /) -> None: ...


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """A mailer that gives each letter to one mail server, over a connection of its own.

    What is sent is encrypted: `smtps://` from the first byte, `smtp://` by STARTTLS. Without it nothing
    is sent, unless the server is this machine itself or the address ends in `?starttls=optional`;
    a password never goes over a line that is not encrypted, unless to this machine itself.
    """

    host: str
    port: int
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = ""
    encrypted: bool = False
    starttls_optional: bool = False
    timeout: float = SECONDS

    @classmethod
    def from_url(cls, url: str, *, sender: str, sender_name: str = "") -> "SmtpMailer":
        """Read `smtp://user:password@host:port?starttls=optional`; raise ValueError when it is something else."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not ADDRESS.fullmatch(sender):
            raise ValueError("SMTP_URL is smtp://… or smtps://… with a host, and the sender is an address")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            sender=sender,
            sender_name=sender_name,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            encrypted=parts.scheme == "smtps",
            starttls_optional=parse_qs(parts.query).get("starttls") == ["optional"],
        )

    def __call__(self, letter: Letter, /) -> None:
        """Send one letter; raise `MailRefused` or `MailDelayed`."""
        message = self._message(letter)
        try:
            with self._connection() as server:
                server.send_message(message, self.sender, [letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*error.recipients[letter.to]) from error
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
            # The server has something against us, not against this letter.
            raise MailDelayed(str(error)) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailDelayed(str(error)) from error

    def _message(self, letter: Letter) -> EmailMessage:
        if not ADDRESS.fullmatch(letter.to):
            raise MailRefused(f"not an address: {letter.to!r}")
        if not MESSAGE_ID.fullmatch(letter.message_id):
            raise MailRefused(f"not a message id: {letter.message_id!r}")
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(_one_line(self.sender_name), addr_spec=self.sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = _one_line(letter.subject)
        message["Date"] = letter.written_at
        message["Message-ID"] = letter.message_id
        message["Content-Language"] = "nl"
        # No answer from a machine: RFC 3834, and the header that Exchange reads in its place.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(letter.text, cte="quoted-printable")
        if letter.enclosure is not None:
            _enclose(message, letter.enclosure)
        return message

    def _connection(self) -> smtplib.SMTP:
        """A connection on which a letter may be sent."""
        context = ssl.create_default_context()
        if self.encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            self._log_in(server, self.encrypted or self._start_tls(server, context))
        except BaseException:
            server.close()
            raise
        return server

    def _start_tls(self, server: smtplib.SMTP, context: ssl.SSLContext) -> bool:
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            return True
        if not self.starttls_optional and not _is_this_machine(self.host):
            raise smtplib.SMTPNotSupportedError("the mail server does not offer STARTTLS")
        return False

    def _log_in(self, server: smtplib.SMTP, is_encrypted: bool) -> None:  # noqa: FBT001  what was just found
        if not self.user:
            return
        if not is_encrypted and not _is_this_machine(self.host):
            raise smtplib.SMTPNotSupportedError("no password without encryption")
        server.login(self.user, self.password)


def _enclose(message: EmailMessage, enclosure: Enclosure) -> None:
    message.add_attachment(
        enclosure.text,
        subtype=enclosure.subtype,
        charset="utf-8",
        cte="quoted-printable",
        filename=_one_line(enclosure.name),
        params=dict(enclosure.parameters),
    )


def _refusal(code: int, said: bytes | str) -> MailRefused | MailDelayed:
    """What a server's answer means: 5xx is for good, anything else may pass."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return (MailRefused if 500 <= code < 600 else MailDelayed)(f"{code} {text}")


def _one_line(text: str) -> str:
    return NOT_IN_A_HEADER.sub(" ", text).strip()


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
