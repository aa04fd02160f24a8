"""The worker: it empties the outbox, one job at a time, and does each job outside a transaction.

A job is claimed for a while, done, and then written off; a worker that dies in between leaves a claim that passes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Engine

from app.adapters.calendar_file import calendar_file
from app.adapters.mail import Enclosure, Letter, Mailer, MailRefused
from app.adapters.page import Templates
from app.adapters.pdf import Attachment, render, sign
from app.adapters.store import Store
from app.db.engine import open_session
from app.db.kind import COLLECTIONS
from app.db.meeting import Bundle, Paper
from app.db.notice import Outbox
from app.db.publication import PublicRecord
from app.domain.access import SYSTEM
from app.domain.number import in_path
from app.services.appointment import calendar_entry
from app.services.index import Keeper
from app.services.meaning import embed_missing
from app.services.notice import DOCUMENT, LETTER, claim_jobs, finish_job, give_up_job, has_jobs, postpone_job
from app.services.paper import BUNDLE, MINUTES, PAPER, document, files_inside, lines_of_paper
from app.services.work import Work

# A whole batch of documents is drawn within the lease.
BATCH, LEASE = 4, timedelta(minutes=5)
MAIL_IS_OFF = "mail staat uit: niet verstuurd"

log = structlog.get_logger()
Done = Callable[[Work], None]
"""What is written when the job is done, in the transaction that writes it off."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What a worker reaches the outside with; without a mailer mail is off, without a key signing is."""

    templates: Templates
    store: Store
    assets: tuple[Path, ...]
    public_url: str
    mailer: Mailer | None = None
    demonstration: bool = False
    signing_key: bytes | None = field(default=None, repr=False)


class Worker:
    """One worker; any number of them share a database."""

    def __init__(self, engine: Engine, doors: Doors, clock: Callable[[], datetime]) -> None:
        self.engine, self.doors, self.clock = engine, doors, clock

    def take_turn(self) -> None:
        """Look after the index, empty the outbox, and give a few texts their meaning."""
        # A drawing takes seconds, and a text that was just published a moment.
        try:
            Keeper(self.engine, self.clock).look_after()
        finally:
            self.empty()
        embed_missing(self.engine)

    def finish(self) -> None:
        """Do all that can be done now."""
        self.take_turn()
        while embed_missing(self.engine):
            pass

    def empty(self) -> int:
        """Do what is due until nothing is left; how many jobs were taken."""
        taken = 0
        while jobs := self._claim():
            for job in jobs:
                self._do(job)
            taken += len(jobs)
        return taken

    def _claim(self) -> list[Outbox]:
        with open_session(self.engine, SYSTEM, writes=False) as session:
            if not has_jobs(self._work(session)):
                return []
        with open_session(self.engine, SYSTEM, writes=True) as session:
            jobs = claim_jobs(self._work(session), limit=BATCH, lease=LEASE)
            session.commit()
            return jobs

    def _do(self, job: Outbox) -> None:
        done: Done | None = None
        try:
            note, done = TOPICS[job.topic](self, job)
            write = partial(finish_job, note=note)
        except MailRefused as error:
            write = partial(give_up_job, error=str(error))
        except Exception as error:  # noqa: BLE001 - one bad job must not keep the others waiting; it is kept and shown
            log.warning("job", job=job.id, topic=job.topic, error=repr(error))
            write = partial(postpone_job, error=repr(error))
        self._write_off(job, write, done)

    def _write_off(self, job: Outbox, write: Callable[[Outbox, datetime], None], done: Done | None) -> None:
        with open_session(self.engine, SYSTEM, writes=True) as session:
            if done is not None:
                done(self._work(session))
            write(session.get_one(Outbox, job.id), self.clock())
            session.commit()

    def _work(self, session: Any) -> Work:
        return Work(session, SYSTEM, self.clock(), {})

    def send_letter(self, job: Outbox) -> tuple[str | None, Done | None]:
        """Render a letter and send it; the first line of its template is the subject."""
        payload, doors = job.payload, self.doors
        subject, text = self._letter(payload)

        def forget(work: Work) -> None:
            # A link that can be used once is not kept where it can be read later.
            work.session.get_one(Outbox, job.id).payload = {**payload, "context": {}}

        done = None if job.process_id else forget
        if doors.mailer is None:
            # In a demonstration the log is the only mailbox there is, so a link for one person stands there.
            if doors.demonstration and "link" in payload["context"]:
                log.info("mail is off", to=payload["to"], subject=subject, text=text)
            return MAIL_IS_OFF, done
        host = urlsplit(doors.public_url).hostname or "localhost"
        # The same job has the same name, so that a letter that went out twice is recognised as one.
        message_id = f"<{job.id}.{int(job.made_at.timestamp())}@{host}>"
        doors.mailer(Letter(payload["to"], subject, text, message_id, job.made_at, self._enclosure(payload)))
        return None, done

    def _enclosure(self, payload: Mapping[str, Any]) -> Enclosure | None:
        """The file for the calendar, where a letter is about an appointment."""
        if "appointment" not in payload:
            return None
        entry = calendar_entry(payload["appointment"], public_url=self.doors.public_url, attendee=payload["to"])
        parameters = {"method": entry.method}
        return Enclosure("vergadering.ics", "calendar", calendar_file(entry).decode(), parameters)

    def draw_ruling(self, job: Outbox) -> tuple[str | None, Done | None]:
        """Draw a public record as a PDF with the same record inside it as data, and keep it by its digest."""
        record_id = job.payload["record"]
        with open_session(self.engine, SYSTEM, writes=False) as session:
            kept = session.get_one(PublicRecord, record_id)
            known, moment = kept.record, kept.published_at
        record = known
        if not record:
            return "de publicatie is ingetrokken", None
        if record.get("uri"):
            record = {**record, "uri": self.doors.public_url + record["uri"]}
        data = json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True).encode()
        drawn = render(
            self.doors.templates.render("pdf/ruling.html", record=record),
            title=f"{record['nummer']} – {record['titel']}",
            moment=moment,
            assets=self.doors.assets,
            attachments=[Attachment("uitspraak.json", "application/json", data, "De uitspraak als gegevens")],
        )
        digest = self.doors.store.put(self._signed(drawn))

        def keep(work: Work) -> None:
            kept = work.session.get_one(PublicRecord, record_id)
            # What was taken away meanwhile stays away; of what now says something else another drawing is on its way.
            kept.pdf_digest = digest if kept.record == known else None

        return None, keep

    def draw_bundle(self, job: Outbox) -> tuple[str | None, Done | None]:
        """Draw the papers of a meeting for whoever may read exactly these."""
        bundle_id = job.payload["bundle"]
        with open_session(self.engine, SYSTEM, writes=False) as session:
            bundle = session.get_one(Bundle, bundle_id)
            shown = document(self._work(session), bundle.meeting_id, bundle.papers)
            moment = bundle.at
        digest = self._draw_papers(shown, moment, f"Stukken {shown['titel']}")

        def keep(work: Work) -> None:
            work.session.get_one(Bundle, bundle_id).pdf_digest = digest

        return None, keep

    def draw_paper(self, job: Outbox) -> tuple[str | None, Done | None]:
        """Draw the papers of one item."""
        paper_id = job.payload["paper"]
        with open_session(self.engine, SYSTEM, writes=False) as session:
            paper = session.get_one(Paper, paper_id)
            shown = document(self._work(session), paper.meeting_id, lines_of_paper(self._work(session), paper))
            moment = paper.at
        (item,) = shown["punten"]
        digest = self._draw_papers({**shown, "een_punt": True}, moment, f"{item['inhoud']['nummer']} {item['titel']}")

        def keep(work: Work) -> None:
            work.session.get_one(Paper, paper_id).pdf_digest = digest

        return None, keep

    def draw_minutes(self, job: Outbox) -> tuple[str | None, Done | None]:
        """Draw the minutes of a meeting for whoever may read exactly this of them."""
        bundle_id = job.payload["bundle"]
        with open_session(self.engine, SYSTEM, writes=False) as session:
            bundle = session.get_one(Bundle, bundle_id)
            (minutes,), moment = bundle.papers, bundle.at
        drawn = render(
            self.doors.templates.render("pdf/minutes.html", minutes=minutes, moment=moment),
            title=f"Verslag {minutes['titel']}",
            moment=moment,
            assets=self.doors.assets,
        )
        digest = self.doors.store.put(self._signed(drawn))

        def keep(work: Work) -> None:
            work.session.get_one(Bundle, bundle_id).pdf_digest = digest

        return None, keep

    def _draw_papers(self, shown: Mapping[str, Any], moment: datetime, title: str) -> str:
        """Draw papers with the files of each item inside, as far as these are small, and keep them by their digest."""
        files = dict(files_inside(shown["punten"]))
        drawn = render(
            self.doors.templates.render("pdf/bundle.html", bundle={"een_punt": False, **shown}, moment=moment),
            title=title,
            moment=moment,
            assets=self.doors.assets,
            attachments=[
                Attachment(name, file["soort"], self.doors.store.read(file["digest"]), file["titel"], "Supplement")
                for name, file in files.items()
            ],
        )
        return self.doors.store.put(drawn)

    def _signed(self, drawn: bytes) -> bytes:
        """A document that was adopted, with the signature of this installation where it has a key."""
        return sign(drawn, self.doors.signing_key) if self.doors.signing_key else drawn

    def _letter(self, payload: Mapping[str, Any]) -> tuple[str, str]:
        context = self._linked(payload["context"])
        if "notices" in context:
            context["notices"] = [self._linked(notice) for notice in context["notices"]]
        rendered = self.doors.templates.render(
            f"mail/{payload['template']}.txt",
            name=payload["name"],
            public_url=self.doors.public_url,
            example=payload.get("example", False),
            **context,
        )
        subject, _, text = rendered.lstrip().partition("\n")
        return subject.strip(), text.strip() + "\n"

    def _linked(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """What a letter says, with the whole address of the page where it can be read."""
        link = context.get("link")
        if number := context.get("number"):
            link = f"/{COLLECTIONS[context['kind']]}/{in_path(number)}"
        return {**context, "link": self.doors.public_url + link if link else None}


TOPICS: Mapping[str, Callable[[Worker, Outbox], tuple[str | None, Done | None]]] = {
    LETTER: Worker.send_letter,
    DOCUMENT: Worker.draw_ruling,
    BUNDLE: Worker.draw_bundle,
    PAPER: Worker.draw_paper,
    MINUTES: Worker.draw_minutes,
}
