"""Notices: who hears what, at once, in a daily letter or not at all; and the letters themselves."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select

from app.db.account import Account, Grant
from app.db.interest import Withheld
from app.db.notice import Notice, Outbox
from app.db.process import Audience, Follower, Process
from app.domain import access
from app.domain.errors import NotVisible
from app.services.withholding import withheld_accounts
from app.services.work import Work, beyond_sight

AT_ONCE, DAILY, OFF = "direct", "dagelijks", "uit"
LETTER, DOCUMENT = "mail", "pdf"


def notify(work: Work, accounts: Iterable[Account], process: Process, *, subject: str, text: str) -> None:
    """Tell people about a process; nobody is told twice, nor of what they did themselves."""
    told = {account.id: account for account in accounts if account.active}
    told.pop(work.actor.account_id or 0, None)
    for account_id in (*_told_already(work, process, subject, text), *withheld_accounts(work, process.id)):
        told.pop(account_id, None)
    for account in sorted(told.values(), key=lambda account: account.id):
        digest = account.notices == DAILY
        work.session.add(
            Notice(
                account_id=account.id,
                process_id=process.id,
                subject=subject,
                text=text,
                at=work.now,
                for_digest=digest,
            )
        )
        if account.notices == AT_ONCE:
            write_letter(
                work,
                account,
                template="bericht",
                context={"subject": subject, "text": text, "number": process.number, "kind": process.kind},
                process=process,
            )


def announce(work: Work, accounts: Iterable[Account], *, subject: str, text: str, link: str) -> None:
    """Tell people of many things in one message; it names none, since it is kept when one is withheld later."""
    for account in accounts:
        digest = account.notices == DAILY
        work.session.add(
            Notice(account_id=account.id, process_id=None, subject=subject, text=text, at=work.now, for_digest=digest)
        )
        if account.notices == AT_ONCE:
            write_letter(work, account, template="bericht", context={"subject": subject, "text": text, "link": link})


def _told_already(work: Work, process: Process, subject: str, text: str) -> Iterable[int]:
    """Who heard the same of this step in another part: a reporter whose organisation is a party."""
    query = select(Notice.account_id).where(
        Notice.process_id == process.id, Notice.at == work.now, Notice.subject == subject, Notice.text == text
    )
    return work.session.scalars(query).all()


def write_letter(
    work: Work,
    account: Account,
    *,
    template: str,
    context: dict[str, Any],
    process: Process | None = None,
    appointment: dict[str, Any] | None = None,
) -> None:
    """Put a letter in the outbox; the worker renders and sends it, with a file for the calendar of an appointment."""
    put_in_outbox(
        work,
        LETTER,
        {
            "to": account.email,
            "name": account.name,
            "template": template,
            "context": context,
            "example": process is not None and process.demonstration,
            **({"appointment": appointment} if appointment else {}),
        },
        process=process,
    )


def put_in_outbox(work: Work, topic: str, payload: dict[str, Any], *, process: Process | None = None) -> None:
    """Leave a job for the worker, in the transaction of the change that asks for it."""
    work.session.add(
        Outbox(
            topic=topic,
            payload=payload,
            process_id=process.id if process else None,
            made_at=work.now,
            due_at=work.now,
        )
    )


def people_of(work: Work, organisation_ids: Iterable[int]) -> list[Account]:
    """Who answers for these organisations: their reporters and coordinators."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.ended_at.is_(None),
            Grant.role.in_([access.REPORTER_ROLE, access.COORDINATOR_ROLE]),
            Grant.organisation_id.in_(list(organisation_ids)),
            Account.active,
        )
        .distinct()
    )
    return list(work.session.scalars(query))


def respondents_of(work: Work, organisation_id: int | None) -> list[Account]:
    """Who answers for what was recommended to an organisation."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.ended_at.is_(None),
            Grant.role == access.RESPONDENT_ROLE,
            Grant.organisation_id == organisation_id,
            Account.active,
        )
        .distinct()
    )
    return list(work.session.scalars(query))


def people_with_role(work: Work, role: str) -> list[Account]:
    """Everybody who has a role, whatever its scope."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.ended_at.is_(None), Grant.role == role, Grant.body_id.is_(None), Account.active)
        .distinct()
        .order_by(Account.name)
    )
    return list(work.session.scalars(query))


def followers_of(work: Work, process: Process) -> list[Account]:
    """Who asked to hear about a process, and may still see it."""
    query = (
        select(Account)
        .join(Follower, Follower.account_id == Account.id)
        .where(Follower.process_id == process.id, Account.active)
    )
    return list(work.session.scalars(beyond_sight(query)))


def readers_of(work: Work, process: Process, *, internal: bool) -> list[str]:
    """Who will read a note or a reply, for the one who is about to send it: sentences of roles and names."""
    keys = work.session.scalars(
        beyond_sight(select(Audience.key).where(Audience.process_id == process.id).order_by(Audience.key))
    ).all()
    outside = ("org:", "coordinator:", "account:", access.OFFICIALS)
    return [key for key in keys if key.startswith("role:") or (not internal and key.startswith(outside))]


def set_following(work: Work, process: Process, *, following: bool) -> None:
    """Follow a process, or stop following it."""
    account_id = work.actor.account_id
    if account_id is None:
        return
    row = work.session.get(Follower, (process.id, account_id))
    if following and row is None:
        work.session.add(Follower(process_id=process.id, account_id=account_id))
    if not following and row is not None:
        work.session.delete(row)


def letters_of(work: Work, process: Process) -> list[Outbox]:
    """The mail log of a process, newest first."""
    query = select(Outbox).filter_by(process_id=process.id, topic=LETTER).order_by(Outbox.id.desc()).limit(100)
    return list(work.session.scalars(query))


def notices_for(work: Work, *, limit: int = 20) -> list[Notice]:
    """The actor's own notices, newest first."""
    query = (
        select(Notice)
        .outerjoin(Withheld, (Withheld.process_id == Notice.process_id) & (Withheld.account_id == Notice.account_id))
        .where(Notice.account_id == work.actor.account_id, Withheld.account_id.is_(None))
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    return list(work.session.scalars(query))


def send_digests(work: Work, *, until: datetime) -> int:
    """Put one letter a person in the outbox with what came since the last one; how many letters.

    Only what came up to the moment `until` is sent, so that asking again on the same day sends nothing.
    """
    since = until - timedelta(days=7)
    processes = Process.__table__
    waiting = work.session.execute(
        select(Notice, Account, processes.c.number, processes.c.kind)
        .join(Account, Account.id == Notice.account_id)
        .outerjoin(processes, processes.c.id == Notice.process_id)
        .outerjoin(Withheld, (Withheld.process_id == Notice.process_id) & (Withheld.account_id == Notice.account_id))
        .where(Withheld.account_id.is_(None))
        .where(Notice.for_digest, Notice.at > since, Notice.at <= until, Account.active)
        .order_by(Notice.account_id, Notice.id)
    ).all()
    letters = 0
    for account, rows in groupby(waiting, key=lambda row: row[1]):
        lines = []
        for notice, _, number, kind in rows:
            lines.append({"subject": notice.subject, "text": notice.text, "number": number, "kind": kind})
            notice.for_digest = False
        write_letter(work, account, template="dagbericht", context={"notices": lines})
        letters += 1
    return letters


def failed_jobs(work: Work) -> list[Outbox]:
    """The jobs that were given up, for the administrator."""
    query = select(Outbox).where(Outbox.failed_at.is_not(None)).order_by(Outbox.id.desc()).limit(100)
    return list(work.session.scalars(query))


def retry_job(work: Work, job_id: int) -> None:
    """Give a job that was given up a new row of attempts."""
    job = work.session.get(Outbox, job_id)
    if job is None or job.failed_at is None:
        raise NotVisible(str(job_id))
    job.failed_at, job.attempts, job.due_at = None, 0, work.now


def has_jobs(work: Work) -> bool:
    """Is there anything to claim? Looking takes no lock, so a worker can do it often."""
    return work.session.scalar(select(Outbox.id).where(_claimable(work)).limit(1)) is not None


def claim_jobs(work: Work, *, limit: int, lease: timedelta) -> list[Outbox]:
    """Take jobs that nobody else is doing; `SKIP LOCKED` lets any number of workers share one database."""
    query = select(Outbox).where(_claimable(work)).order_by(Outbox.id).limit(limit).with_for_update(skip_locked=True)
    jobs = list(work.session.scalars(query))
    for job in jobs:
        job.leased_until = work.now + lease
        job.attempts += 1
    return jobs


def _claimable(work: Work) -> ColumnElement[bool]:
    return (
        Outbox.done_at.is_(None)
        & Outbox.failed_at.is_(None)
        & (Outbox.due_at <= work.now)
        & (Outbox.leased_until.is_(None) | (Outbox.leased_until < work.now))
    )


MOST_ATTEMPTS = 8


def finish_job(job: Outbox, at: datetime, note: str | None = None) -> None:
    """The job is done; a note says what was not as usual."""
    job.done_at, job.leased_until, job.error = at, None, note


def give_up_job(job: Outbox, at: datetime, error: str) -> None:
    """The job will never succeed: show it to an administrator."""
    job.failed_at, job.leased_until, job.error = at, None, error[:500]


def postpone_job(job: Outbox, at: datetime, error: str) -> None:
    """The job failed: try later, each time twice as late, and after the last time show it to an administrator."""
    job.leased_until, job.error = None, error[:500]
    if job.attempts >= MOST_ATTEMPTS:
        job.failed_at = at
    else:
        job.due_at = at + timedelta(seconds=30 * 2**job.attempts)
