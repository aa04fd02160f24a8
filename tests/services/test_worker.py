"""The worker: letters and documents leave once, a failure is tried again, and what never works is kept and shown."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import Engine, select

from app.adapters.mail import Letter, MailDelayed, MailRefused
from app.adapters.page import Templates
from app.adapters.store import Store
from app.db.account import OneTimeLink
from app.db.engine import make_engine, open_session
from app.db.notice import Outbox
from app.db.publication import PublicRecord
from app.domain.access import SYSTEM
from app.domain.calendar import amsterdam_day
from app.services.account import send_invitation
from app.services.notice import DOCUMENT, notify, put_in_outbox, write_letter
from app.services.session import token_hash
from app.services.worker import Doors, Worker
from tests.keys import signing_key
from tests.make import NOW, make_account, make_case, work_of
from tests.services.board import make_board

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "app" / "web" / "static" / "build" / "fonts"


class Post:
    """A mailer that keeps what it was given, or refuses as it was told."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.letters: list[Letter] = []
        self.refusal = refusal

    def __call__(self, letter: Letter, /) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.letters.append(letter)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def engine(own_database_url: str) -> Iterator[Engine]:
    engine = make_engine(own_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    return Doors(
        templates=Templates(ROOT / "templates"),
        store=Store(tmp_path / "files"),
        assets=(ROOT / "templates" / "pdf", FONTS),
        public_url="https://knelpunten.example",
    )


def write(engine: Engine, make: Any) -> Any:
    with open_session(engine, SYSTEM, writes=True) as session:
        made = make(work_of(session))
        session.commit()
        return made


def jobs(engine: Engine) -> list[Outbox]:
    with open_session(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def a_notice(engine: Engine) -> str:
    def make(work: Any) -> str:
        reader = make_account(work.session, "triagist", name="Triagist", email="triagist@knelpunt.example")
        case = make_case(work)
        notify(work, [reader], case, subject=f"{case.number}: In intake", text="Gegevens & meer\n\nStatus: In intake.")
        return str(case.number)

    return str(write(engine, make))


def test_a_notice_goes_out_once_with_the_whole_address_of_its_page(engine: Engine, doors: Doors) -> None:
    number = a_notice(engine)
    post = Post()
    worker = Worker(engine, replace(doors, mailer=post), Clock())

    assert worker.empty() == 1
    assert worker.empty() == 0

    (letter,) = post.letters
    assert letter.to == "triagist@knelpunt.example"
    assert letter.subject == f"{number}: In intake"
    assert letter.text.startswith("Beste Triagist,\n\nGegevens & meer\n\nStatus: In intake.\n")
    assert f"Bekijk het hier: https://knelpunten.example/knelpunten/{number}\n" in letter.text
    assert letter.message_id.endswith("@knelpunten.example>")
    (job,) = jobs(engine)
    assert (job.done_at, job.error) == (NOW, None)


def test_an_invitation_comes_with_a_file_for_the_calendar_of_who_reads_it(engine: Engine, doors: Doors) -> None:
    def plan(work: Any) -> str:
        board = make_board(work)
        meeting = board.meeting(place="Zaal 3")
        board.does(board.secretary, meeting, "plannen", starts_at="9.30 uur", invitation="Neem de stukken mee.")
        return str(meeting.number)

    number = write(engine, plan)
    post = Post()
    Worker(engine, replace(doors, mailer=post), Clock()).empty()

    assert len(post.letters) == 7
    letter = post.letters[0]
    assert letter.subject == "U bent uitgenodigd: Vergadering CCG 14 december 2026"
    assert "Wanneer: 14 december 2026, 09.30 uur\nWaar: Zaal 3\n\nNeem de stukken mee." in letter.text
    assert f"https://knelpunten.example/vergaderingen/{number}" in letter.text
    assert letter.enclosure is not None
    assert letter.enclosure.parameters == {"method": "REQUEST"}
    file = letter.enclosure.text.replace("\r\n ", "")
    assert f"UID:{number}@knelpunten.example" in file
    assert f"mailto:{letter.to}" in file
    assert "DTSTART:20261214T083000Z" in file


def test_without_a_mail_server_a_letter_is_written_off_and_says_so(engine: Engine, doors: Doors) -> None:
    a_notice(engine)

    assert Worker(engine, doors, Clock()).empty() == 1

    (job,) = jobs(engine)
    assert (job.done_at, job.error) == (NOW, "mail staat uit: niet verstuurd")


def test_a_letter_that_was_not_taken_is_tried_again_later_and_at_last_given_up(engine: Engine, doors: Doors) -> None:
    a_notice(engine)
    clock = Clock()
    worker = Worker(engine, replace(doors, mailer=Post(MailDelayed("450 busy"))), clock)

    assert worker.empty() == 1
    assert worker.empty() == 0
    (job,) = jobs(engine)
    assert job.due_at == NOW + timedelta(minutes=1)
    for _ in range(7):
        clock.now += timedelta(hours=3)
        assert worker.empty() == 1
    clock.now += timedelta(days=1)
    assert worker.empty() == 0

    (job,) = jobs(engine)
    assert job.failed_at is not None
    assert job.attempts == 8
    assert job.error is not None
    assert "450 busy" in job.error


def test_a_letter_that_nobody_will_ever_take_is_given_up_at_once(engine: Engine, doors: Doors) -> None:
    a_notice(engine)

    Worker(engine, replace(doors, mailer=Post(MailRefused("550 no such user"))), Clock()).empty()

    (job,) = jobs(engine)
    assert (job.failed_at, job.done_at, job.error) == (NOW, None, "550 no such user")


def test_one_bad_job_does_not_keep_the_others_waiting(engine: Engine, doors: Doors) -> None:
    write(engine, lambda work: put_in_outbox(work, "onbekend", {}))
    a_notice(engine)
    post = Post()

    assert Worker(engine, replace(doors, mailer=post), Clock()).empty() == 2

    assert len(post.letters) == 1


def test_a_job_of_a_worker_that_died_is_done_when_its_claim_has_passed(engine: Engine, doors: Doors) -> None:
    a_notice(engine)
    clock, post = Clock(), Post()
    died = Worker(engine, doors, clock)
    died._claim()
    worker = Worker(engine, replace(doors, mailer=post), clock)

    assert worker.empty() == 0
    clock.now += timedelta(minutes=6)
    assert worker.empty() == 1
    assert len(post.letters) == 1


def test_a_link_that_was_mailed_is_not_kept_where_it_can_be_read(engine: Engine, doors: Doors) -> None:
    link = write(engine, lambda work: send_invitation(work, make_account(work.session, "melder")))
    post = Post()

    Worker(engine, replace(doors, mailer=post), Clock()).empty()

    assert f"https://knelpunten.example{link}" in post.letters[0].text
    (job,) = jobs(engine)
    assert link not in json.dumps(job.payload)
    with open_session(engine, SYSTEM, writes=False) as session:
        assert session.get(OneTimeLink, token_hash(link.rpartition("/")[2])) is not None


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("bericht", {"subject": "Onderwerp", "text": "Tekst.", "number": "KNP-2026-00001", "kind": "knelpunt"}),
        ("dagbericht", {"notices": [{"subject": "A", "text": "B", "number": "KNP-2026-00001", "kind": "knelpunt"}]}),
        (
            "ontvangst",
            {
                "report": "MLD-2026-00001",
                "case": "KNP-2026-00001",
                "title": "Titel",
                "joins": False,
                "number": "KNP-2026-00001",
                "kind": "knelpunt",
            },
        ),
        ("goedkeuring", {"link": "/meldingen/concept/sleutel/controle"}),
        ("uitnodiging", {"link": "/wachtwoord/sleutel"}),
        ("wachtwoord", {"link": "/wachtwoord/sleutel"}),
        ("concept", {"title": "", "link": "/meldingen/concept/sleutel/controle"}),
    ],
)
def test_every_letter_has_a_subject_and_a_link(
    engine: Engine, doors: Doors, template: str, context: dict[str, Any]
) -> None:
    post = Post()
    reader = "lezer@knelpunt.example"
    write(
        engine,
        lambda work: write_letter(
            work, make_account(work.session, "melder", email=reader), template=template, context=context
        ),
    )

    Worker(engine, replace(doors, mailer=post), Clock()).empty()

    (letter,) = post.letters
    assert letter.subject
    assert "\n" not in letter.subject
    assert "https://knelpunten.example/" in letter.text.partition("--")[0]
    assert "{" not in letter.text


def test_a_ruling_is_drawn_with_its_record_inside_and_kept_by_its_digest(engine: Engine, doors: Doors) -> None:
    if not FONTS.is_dir():
        pytest.skip("the fonts are not there; run `make look` first")
    record = json.loads((ROOT / "tests" / "adapters" / "ruling.json").read_text("utf-8"))
    record["uri"] = "/id/uitspraak/CCG/2026/12"

    def make(work: Any) -> int:
        kept = PublicRecord(
            number=record["nummer"],
            issue=1,
            title=record["titel"],
            adopted_on=amsterdam_day(NOW),
            record=record,
            published_at=NOW,
        )
        work.session.add(kept)
        work.session.flush()
        put_in_outbox(work, DOCUMENT, {"record": kept.id})
        return int(kept.id)

    kept_id = write(engine, make)

    assert Worker(engine, doors, Clock()).empty() == 1

    with open_session(engine, SYSTEM, writes=False) as session:
        digest = session.get_one(PublicRecord, kept_id).pdf_digest
    assert jobs(engine)[0].error is None
    assert digest is not None
    with pikepdf.open(io.BytesIO(doors.store.read(digest))) as pdf:
        inside = json.loads(pdf.attachments["uitspraak.json"].get_file().read_bytes())
    assert inside == {**record, "uri": "https://knelpunten.example/id/uitspraak/CCG/2026/12"}


def test_a_ruling_is_signed_where_there_is_a_key(engine: Engine, doors: Doors) -> None:
    if not FONTS.is_dir():
        pytest.skip("the fonts are not there; run `make look` first")
    record = json.loads((ROOT / "tests" / "adapters" / "ruling.json").read_text("utf-8"))

    def make(work: Any) -> int:
        given = {"number": record["nummer"], "issue": 1, "title": record["titel"], "published_at": NOW}
        kept = PublicRecord(adopted_on=amsterdam_day(NOW), record=record, **given)
        work.session.add(kept)
        work.session.flush()
        put_in_outbox(work, DOCUMENT, {"record": kept.id})
        return int(kept.id)

    kept_id = write(engine, make)
    Worker(engine, replace(doors, signing_key=signing_key()), Clock()).empty()

    assert jobs(engine)[0].error is None
    with open_session(engine, SYSTEM, writes=False) as session:
        digest = session.get_one(PublicRecord, kept_id).pdf_digest
    assert b"/ETSI.CAdES.detached" in doors.store.read(digest or "")
    assert "PRIVATE KEY" not in repr(replace(doors, signing_key=signing_key()))


def test_what_was_taken_away_before_it_was_drawn_is_not_drawn(engine: Engine, doors: Doors) -> None:
    def make(work: Any) -> None:
        kept = PublicRecord(
            number="CCG:2026:12", issue=1, title="Titel", adopted_on=amsterdam_day(NOW), record={}, published_at=NOW
        )
        work.session.add(kept)
        work.session.flush()
        put_in_outbox(work, DOCUMENT, {"record": kept.id})

    write(engine, make)
    Worker(engine, doors, Clock()).empty()

    (job,) = jobs(engine)
    assert (job.done_at, job.error) == (NOW, "de publicatie is ingetrokken")
    assert list(doors.store.digests()) == []
