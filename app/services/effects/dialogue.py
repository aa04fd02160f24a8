"""Effects of writing: notes among handlers, replies to reporters and parties, and papers on file."""

from sqlalchemy import select

from app.db.case import Case, Party
from app.db.process import Attachment, Message, Process
from app.db.report import Report
from app.domain.access import organisation_key
from app.domain.errors import Invalid
from app.services.facts import reporting_cases
from app.services.lifecycle import Taken, show_to
from app.services.notice import followers_of, notify, people_of
from app.services.reference import organisation_named
from app.services.work import Work


def add_note(work: Work, process: Process, taken: Taken) -> None:
    """Add a note that only those who handle the process read."""
    _write(work, process, taken, internal=True)


def add_reply(work: Work, process: Process, taken: Taken) -> None:
    """Add a message that reporters and parties read too, and tell them that it is there."""
    _write(work, process, taken, internal=False)
    case_id = process.case_id or process.id
    reporters = set(work.session.scalars(select(Report.organisation_id).where(reporting_cases(case_id))))
    parties = set(
        work.session.scalars(
            select(Party.organisation_id).where(Party.case_id == case_id, Party.invited_at.is_not(None))
        )
    )
    notify(
        work,
        [*people_of(work, reporters | parties), *followers_of(work, process)],
        process,
        subject=f"Nieuw bericht bij {process.number}",
        text=f"{process.title}\n\n{taken.answers['text']}",
    )


def add_party(work: Work, case: Case, taken: Taken) -> None:
    """Add an organisation to the exchange; where parties were invited already, it is invited too."""
    answers = taken.answers
    organisation = organisation_named(
        work,
        "tooiUri" if answers.get("organisation") else "naam",
        tooi_uri=answers.get("organisation"),
        name=answers.get("name"),
        kvk_number=answers.get("kvk"),
    )
    known = work.session.scalars(
        select(Party).where(
            Party.case_id == case.id, Party.organisation_id == organisation.id, Party.role == answers["role"]
        )
    ).first()
    if known is not None:
        raise Invalid({"naam": [f"{organisation.name} is al partij in deze rol."]})
    invited = work.session.scalars(
        select(Party.id).where(Party.case_id == case.id, Party.invited_at.is_not(None))
    ).first()
    party = Party(organisation_id=organisation.id, role=answers["role"])
    party.case_id = case.id
    work.session.add(party)
    if invited is not None:
        party.invited_at = work.now
        show_to(work, case, [organisation_key(organisation.id)])
        notify(
            work,
            people_of(work, [organisation.id]),
            case,
            subject=f"{case.number}: uw organisatie is partij",
            text=f"{case.title}\n\nUw organisatie is partij bij dit knelpunt. U kunt meelezen en reageren.",
        )


def add_document(work: Work, process: Process, taken: Taken) -> None:
    """Put a file that was checked and stored with the process."""
    file = taken.answers["file"]
    if not isinstance(file, dict) or "digest" not in file:
        raise Invalid({"bestand": ["Kies een bestand."]})
    work.session.add(
        Attachment(
            process_id=process.id,
            name=file["name"],
            title=taken.answers.get("title") or "",
            digest=file["digest"],
            size=file["size"],
            media_type=file["media_type"],
            account_id=work.actor.account_id,
            at=work.now,
        )
    )


def _write(work: Work, process: Process, taken: Taken, *, internal: bool) -> None:
    work.session.add(
        Message(
            process_id=process.id,
            account_id=work.actor.account_id,
            organisation_id=work.actor.organisation_id,
            role=taken.event.role,
            internal=internal,
            text=taken.answers["text"],
            at=work.now,
        )
    )


EFFECTS = {effect.__name__: effect for effect in (add_note, add_reply, add_party, add_document)}
