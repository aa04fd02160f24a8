"""Effects of publication: what is left out, what parties say of it, and the record that the public reads."""

from datetime import datetime

from sqlalchemy import select, update

from app.db.case import Case, Party
from app.db.precedent import Precedent
from app.db.publication import Publication, PublicRecord, Redaction, View
from app.db.ruling import Ruling
from app.db.visibility import AS_SYSTEM
from app.domain.access import organisation_key
from app.domain.calendar import amsterdam_day
from app.domain.errors import Invalid
from app.domain.ruling import public_record, texts
from app.services.lifecycle import Taken, show_to
from app.services.notice import DOCUMENT, notify, people_of, put_in_outbox
from app.services.record import record_of
from app.services.search import index_precedent, index_title_alone
from app.services.work import Work, beyond_sight

NOT_THERE = "Deze woorden staan niet in de uitspraak. Neem ze precies over."


def redact_passages(work: Work, publication: Publication, taken: Taken) -> None:
    """Mark passages that stay out; each has to stand in the text as it was adopted."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    text = "\n".join(texts(record_of(work, ruling, _case_of(work, ruling))))
    for place, row in enumerate(taken.answers["passages"]):
        if row["text"] not in text:
            raise Invalid(
                {f"passages.{place}.passage": ["Deze woorden staan niet in de uitspraak. Neem ze precies over."]}
            )
        work.session.add(
            Redaction(
                publication_id=publication.id,
                field="",
                passage=row["text"],
                ground=row["ground"],
                motivation=row.get("motivation") or "",
            )
        )


def ask_views(work: Work, publication: Publication, taken: Taken) -> None:
    """Let the parties see the publication and say what they think of it."""
    parties = work.session.scalars(
        select(Party.organisation_id).where(Party.case_id == publication.case_id, Party.invited_at.is_not(None))
    ).all()
    show_to(work, publication, (organisation_key(party) for party in parties))
    notify(
        work,
        people_of(work, parties),
        publication,
        subject=f"Zienswijze gevraagd: {publication.number}",
        text=f"{publication.title}\n\nU kunt uw zienswijze geven voordat de uitspraak openbaar wordt.",
    )


def record_view(work: Work, publication: Publication, taken: Taken) -> None:
    """Keep what a party says."""
    work.session.add(
        View(
            publication_id=publication.id,
            organisation_id=work.actor.organisation_id,
            text=taken.answers["view"],
            at=work.now,
        )
    )


def publish_ruling(work: Work, publication: Publication, taken: Taken) -> None:
    """Copy the allowlist of fields, without the passages, into a record of its own; nothing else is ever read."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    _add_record(work, publication, ruling, at=work.now)
    publication.public = True


def rectify_publication(work: Work, publication: Publication, taken: Taken) -> None:
    """Publish a next version with the correction said in it; the old one stays, marked as not current."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    work.session.execute(update(PublicRecord).where(PublicRecord.number == ruling.number).values(current=False))
    _add_record(work, publication, ruling, at=work.now, correction=taken.answers["correction"])


def withdraw_publication(work: Work, publication: Publication, taken: Taken) -> None:
    """Take the text away; number, title and reason stay, so that the address can say what happened."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    records = select(PublicRecord).where(PublicRecord.number == ruling.number)
    for row in work.session.scalars(records).all():
        row.withdrawn_at = work.now
        row.withdrawn_because = taken.answers["reason"]
        row.record = {}
        row.pdf_digest = None
    publication.public = False
    index_title_alone(work, _precedent_of(work, ruling))


def _add_record(
    work: Work, publication: Publication, ruling: Ruling, *, at: datetime, correction: str | None = None
) -> None:
    rows = work.session.scalars(select(Redaction).where(Redaction.publication_id == publication.id)).all()
    passages = [(row.field, row.passage, row.ground) for row in rows]
    record = public_record(record_of(work, ruling, _case_of(work, ruling)), passages)
    publication.issue += 1
    record |= {
        "datumGepubliceerd": work.today.isoformat(),
        "weglatingen": [{"grond": row.ground, "motivering": row.motivation or None} for row in rows],
        "versie": publication.issue,
        "correctie": correction,
    }
    if ruling.number is None or ruling.adopted_at is None:
        raise Invalid({"": ["De uitspraak is nog niet vastgesteld."]})
    kept = PublicRecord(
        number=ruling.number,
        issue=publication.issue,
        title=record["titel"],
        adopted_on=amsterdam_day(ruling.adopted_at),
        record=record,
        published_at=at,
        demonstration=ruling.demonstration,
    )
    work.session.add(kept)
    work.session.flush()
    precedent = _precedent_of(work, ruling)
    # Everybody may see that these are there, so from now on they are called what the public record is called.
    precedent.title = publication.title = record["titel"]
    index_precedent(work, precedent, record)
    put_in_outbox(work, DOCUMENT, {"record": kept.id}, process=publication)


def _precedent_of(work: Work, ruling: Ruling) -> Precedent:
    return work.session.scalars(beyond_sight(select(Precedent).where(Precedent.ruling_id == ruling.id))).one()


def _case_of(work: Work, ruling: Ruling) -> Case:
    return work.session.get_one(Case, ruling.case_id, execution_options=AS_SYSTEM)


EFFECTS = {
    effect.__name__: effect
    for effect in (
        redact_passages,
        ask_views,
        record_view,
        publish_ruling,
        rectify_publication,
        withdraw_publication,
    )
}
