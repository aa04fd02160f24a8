"""Letters go to a real mail server on this machine."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.adapters.mail import Enclosure, Letter, MailDelayed, MailRefused, SmtpMailer

SENDER = "knelpunten@ccg.example"


def letter(**changes):
    given = {
        "to": "melder@utrecht.example",
        "subject": "Knelpunt KNP-2026-00001 wacht op u",
        "text": "Beste collega,\n\nEén zin met een €-teken & meer.\n.\nEinde\n",
        "message_id": "<1.abc@ccg.example>",
        "written_at": datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    }
    return Letter(**given | changes)


class Post:
    """What the mail server does: keep each letter, or answer what the test wants."""

    def __init__(self):
        self.letters = []
        self.rcpt = self.data = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  the library's name
        envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append((session.ssl is not None, session.authenticated, envelope))
        return self.data or "250 OK"

    def only(self):
        ((_, _, envelope),) = self.letters
        return message_from_bytes(envelope.content, policy=default)


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"wie@ccg", b"g/h:eim"), handled=False)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def serving(post, **options):
    return Controller(post, hostname="127.0.0.1", port=free_port(), **options)


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def server(post):
    controller = serving(post)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mailer(server):
    return SmtpMailer.from_url(f"smtp://127.0.0.1:{server.port}", sender=SENDER, sender_name="Secretariaat CCG")


def test_a_letter_arrives_as_it_was_written(mailer, post):
    mailer(letter())

    message = post.only()
    assert message["From"] == "Secretariaat CCG <knelpunten@ccg.example>"
    assert message["To"] == "melder@utrecht.example"
    assert message["Subject"] == "Knelpunt KNP-2026-00001 wacht op u"
    assert message["Message-ID"] == "<1.abc@ccg.example>"
    assert message["Date"].datetime == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == letter().text
    assert post.letters[0][2].rcpt_tos == ["melder@utrecht.example"]


def test_a_calendar_file_comes_along_in_a_way_that_a_mail_program_acts_on(mailer, post):
    file = "BEGIN:VCALENDAR\r\nSUMMARY:Vergadering één\r\nEND:VCALENDAR\r\n"

    mailer(letter(enclosure=Enclosure("vergadering.ics", "calendar", file, {"method": "REQUEST"})))

    text, calendar = post.only().iter_parts()
    assert text.get_content_type() == "text/plain"
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "vergadering.ics")
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar.get_content().split() == file.split()


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_a_subject_cannot_start_a_header_of_its_own(mailer, post, break_):
    mailer(letter(subject=f"Knelpunt{break_}Bcc: kwaad@elders.example"))

    message = post.only()
    assert message["Bcc"] is None
    assert message["Subject"] == "Knelpunt Bcc: kwaad@elders.example"


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "melder@utrecht.example\r\nBcc: kwaad@elders.example"},
        {"to": "melder@utrecht.example, kwaad@elders.example"},
        {"to": "Melder <melder@utrecht.example>"},
        {"to": ""},
        {"message_id": "<1@ccg.example>\r\nBcc: kwaad@elders.example"},
    ],
)
def test_what_is_no_address_or_id_is_refused_and_not_sent(mailer, post, changes):
    with pytest.raises(MailRefused):
        mailer(letter(**changes))
    assert post.letters == []


@pytest.mark.parametrize(
    ("rcpt", "data", "error"),
    [
        ("550 no such user", None, MailRefused),
        ("450 mailbox busy", None, MailDelayed),
        (None, "554 not wanted", MailRefused),
        (None, "452 disk full", MailDelayed),
    ],
)
def test_an_answer_of_the_server_is_for_good_or_for_now(mailer, post, rcpt, data, error):
    post.rcpt, post.data = rcpt, data

    with pytest.raises(error, match=(rcpt or data)[:3]):
        mailer(letter())


def test_a_server_that_is_not_there_means_later():
    mailer = SmtpMailer.from_url(f"smtp://127.0.0.1:{free_port()}", sender=SENDER)

    with pytest.raises(MailDelayed):
        mailer(letter())


def elsewhere(host):
    return False


def test_a_server_elsewhere_must_encrypt(mailer, post, monkeypatch):
    # The test may not leave this machine, so this machine is called something else.
    monkeypatch.setattr("app.adapters.mail._is_this_machine", elsewhere)

    with pytest.raises(MailDelayed, match="STARTTLS"):
        mailer(letter())
    assert post.letters == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine for an hour, and the file that makes it trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def secure(post, tls):
    controller = serving(
        post,
        tls_context=tls,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield controller
    controller.stop()


def test_with_starttls_a_letter_and_a_password_go_encrypted(secure, post, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = f"smtp://wie%40ccg:g%2Fh%3Aeim@127.0.0.1:{secure.port}"

    SmtpMailer.from_url(url, sender=SENDER)(letter())

    assert post.letters[0][:2] == (True, True)


def test_a_wrong_password_means_later(secure, post, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with pytest.raises(MailDelayed):
        SmtpMailer.from_url(f"smtp://wie:fout@127.0.0.1:{secure.port}", sender=SENDER)(letter())


def test_a_certificate_that_nobody_knows_means_later(secure, post):
    with pytest.raises(MailDelayed, match="certificate"):
        SmtpMailer.from_url(f"smtp://127.0.0.1:{secure.port}", sender=SENDER)(letter())


def test_smtps_is_encrypted_from_the_first_byte(post, tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    controller = serving(post, ssl_context=tls)
    controller.start()
    try:
        SmtpMailer.from_url(f"smtps://127.0.0.1:{controller.port}", sender=SENDER)(letter())
    finally:
        controller.stop()

    assert post.only()["To"] == "melder@utrecht.example"


@pytest.mark.parametrize("url", ["", "http://mail.example", "smtp://", "mail.example:25"])
def test_an_address_of_something_else_is_refused_at_the_start(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpMailer.from_url(url, sender=SENDER)


def test_an_address_is_read_with_its_defaults():
    assert SmtpMailer.from_url("smtp://mail.example?starttls=optional", sender=SENDER) == SmtpMailer(
        "mail.example", 25, SENDER, starttls_optional=True
    )
    assert SmtpMailer.from_url("smtps://a:b@mail.example", sender=SENDER) == SmtpMailer(
        "mail.example", 465, SENDER, user="a", password="b", encrypted=True
    )
