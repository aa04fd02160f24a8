"""Effects of publication: what is left out, what parties say of it, and the record that the public reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import undefer

from app.adapters.extract import words_of_file
from app.adapters.store import Store
from app.db import Base
from app.db.case import Party
from app.db.collection import Annotation
from app.db.precedent import Nuance, Precedent
from app.db.process import Attachment
from app.db.publication import LeakCheck, Publication, PublicRecord, PublishedAttachment, Redaction, View
from app.db.recommendation import Recommendation
from app.db.ruling import Citation, Ruling
from app.domain.access import organisation_key
from app.domain.calendar import amsterdam_day
from app.domain.errors import Invalid
from app.domain.package import Unsafe
from app.domain.passage import folded, occurs
from app.domain.ruling import DECIDED, PUBLIC_FIELDS, Passages, corrected, without, written
from app.services.index import index_precedent, index_title_alone
from app.services.lifecycle import Taken, show_to
from app.services.notice import DOCUMENT, notify, people_of, put_in_outbox
from app.services.redaction import (
    LOOKED_IN,
    Leaks,
    adopted_record,
    as_passages,
    leaks,
    omissions,
    outgoing_record,
    passages_of,
    propose_passages,
    staying_out,
)
from app.services.subscription import name_subscriptions
from app.services.work import Work, beyond_sight

NOT_THERE = "Deze woorden staan niet in de uitspraak. Neem ze precies over."
IS_DECIDED = (
    "Deze woorden staan in wat de commissie heeft besloten. Dat verandert alleen met een nieuwe uitspraak. "
    "Neem meer woorden over, zodat het om een andere plek gaat."
)
NOT_PUBLIC = "Deze woorden staan niet in de openbare tekst. Neem ze precies over."
STILL_THERE = "In wat openbaar wordt, staat nog iets dat weg moet:"
OLD_DEFINITION = (
    "Deze publicatie begon met een oudere versie van het proces en kan niet terug. Vraag de beheerder om haar te "
    "verplaatsen met ‘knelpunt workflow move {kind} {old} {new}’. Dan kan de secretaris haar terugsturen."
)
OF_RECOMMENDATION = ("title", "text", "indicator", "responsible", "motivation", "evidence", "cost")
"""What a recommendation tells, its addressee's answers included: pages and mails show it."""


def redact_passages(work: Work, publication: Publication, taken: Taken) -> None:
    """Mark passages that stay out; each has to stand in the text as it was adopted, or in an attachment."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    _mark(work, publication, taken.answers["passages"], list(written(adopted_record(work, publication, ruling))))


def restore_passage(work: Work, publication: Publication, taken: Taken) -> None:
    """Put a passage back in the public text, with the reason; a proposed one is not proposed again."""
    wanted = taken.answers["redaction"]
    row = next((row for row in staying_out(passages_of(work, publication)) if str(row.id) == wanted), None)
    if row is None:
        raise Invalid({"passage": ["Deze passage blijft niet weg. Kies er een uit de lijst."]})
    row.restored_because = taken.answers["reason"]


def choose_attachments(work: Work, publication: Publication, taken: Taken) -> None:
    """Let the words of these attachments go out with the ruling, and of no others; then look for names in them."""
    work.session.execute(delete(PublishedAttachment).where(PublishedAttachment.publication_id == publication.id))
    for place, row in enumerate(taken.answers.get("attachments") or ()):
        attachment = _attachment_of_case(work, publication, row["document"])
        if attachment is None:
            raise Invalid(
                {f"bijlagen.{place}.document": ["Deze bijlage hoort niet bij het knelpunt. Kies een andere."]}
            )
        work.session.add(
            PublishedAttachment(
                publication_id=publication.id,
                attachment_id=attachment.id,
                title=row["title"],
                text=_words_of(work, attachment, f"bijlagen.{place}.document"),
            )
        )
    work.session.flush()
    propose_passages(work, publication, work.session.get_one(Ruling, publication.ruling_id))


def check_leaks(work: Work, publication: Publication, taken: Taken) -> None:
    """Look for names anew, and in what would go out for all that stays out; and keep what was found."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    propose_passages(work, publication, ruling)
    _keep_check(work, publication, leaks(work, publication, outgoing_record(work, publication, ruling)))


def ask_views(work: Work, publication: Publication, taken: Taken) -> None:
    """Let the parties see the publication and say what they think of it."""
    parties = work.session.scalars(
        select(Party.organisation_id).where(Party.case_id == publication.case_id, Party.invited_at.is_not(None))
    ).all()
    # Who is asked sees the publication by the name that it will have.
    _retitle(work, publication)
    show_to(work, publication, (organisation_key(party) for party in parties))
    notify(
        work,
        people_of(work, parties),
        publication,
        subject=f"Zienswijze gevraagd: {publication.number}",
        text=f"{publication.title}\n\nU kunt uw zienswijze geven voordat de uitspraak openbaar wordt.",
    )


def _retitle(work: Work, publication: Publication) -> None:
    """Call the publication what everybody would call it now."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    publication.title = outgoing_record(work, publication, ruling)["titel"]


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


def answer_view(work: Work, publication: Publication, taken: Taken) -> None:
    """Tell a party what was done with its view."""
    wanted = taken.answers["view"]
    views = work.session.scalars(select(View).where(View.publication_id == publication.id)).all()
    view = next((view for view in views if str(view.id) == wanted), None)
    if view is None:
        raise Invalid({"zienswijzeVan": ["Deze zienswijze is er niet. Kies er een uit de lijst."]})
    view.answer, view.answered_at = taken.answers["answer"], work.now
    if view.organisation_id is not None:
        notify(
            work,
            people_of(work, [view.organisation_id]),
            publication,
            subject=f"Antwoord op uw zienswijze: {publication.number}",
            text=view.answer,
        )


def publish_ruling(work: Work, publication: Publication, taken: Taken) -> None:
    """Copy the allowlist of fields, without the passages, into a record of its own; nothing else is ever read."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    newest = work.newest(publication.kind).version
    if (
        publication.version != newest
        and (found := leaks(work, publication, outgoing_record(work, publication, ruling))).found
    ):
        told = OLD_DEFINITION.format(kind=publication.kind, old=publication.version, new=newest)
        raise Invalid({"": [" ".join((STILL_THERE, *found.found, told))]})
    _add_record(work, publication, ruling, outgoing_record(work, publication, ruling), at=work.now)
    publication.public = True


def rectify_publication(work: Work, publication: Publication, taken: Taken) -> None:
    """Publish a next version with the correction said in it; the old one stays, marked as not current.

    Only what everybody could read is corrected. A passage that should have stayed out goes out of every version: an
    earlier one may not keep telling it.
    """
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    answers = taken.answers
    before = _current(work, ruling)
    record = _corrected(before.record, answers.get("corrections") or ())
    _mark(work, publication, answers.get("passages") or (), list(written(before.record)))
    _forget_words(work, publication, ruling, answers.get("passages") or ())
    work.session.execute(update(PublicRecord).where(PublicRecord.number == ruling.number).values(current=False))
    _add_record(work, publication, ruling, record, at=work.now, correction=answers["correction"])


def withdraw_publication(work: Work, publication: Publication, taken: Taken) -> None:
    """Take the text away; number, title and reason stay, so that the address can say what happened.

    What leaked in the title goes out of that too, and nothing that stays out can stand in the reason.
    """
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    current = _current(work, ruling)
    before = list(written(current.record))
    # All of the text goes; of what leaked only that has to be forgotten which stands somewhere.
    leaked = [row for row in taken.answers.get("passages") or () if any(occurs(row["text"], text) for text in before)]
    _mark(work, publication, leaked, before)
    _forget_words(work, publication, ruling, leaked)
    told = {"reden": taken.answers["reason"]}
    told = without(told, as_passages(staying_out(passages_of(work, publication))))
    _refuse_leaks(leaks(work, publication, told), "reden")
    for row in _versions(work, ruling):
        row.withdrawn_at = work.now
        row.withdrawn_because = told["reden"]
        row.record = {}
        row.pdf_digest = None
    publication.public = False
    name_subscriptions(work, ruling.number or "", current.title)
    index_title_alone(work, _precedent_of(work, ruling))


def _add_record(
    work: Work,
    publication: Publication,
    ruling: Ruling,
    record: dict[str, Any],
    *,
    at: datetime,
    correction: str | None = None,
) -> None:
    rows = staying_out(passages_of(work, publication))
    publication.issue += 1
    record = {
        **without({**record, "correctie": correction}, as_passages(rows)),
        "datumGepubliceerd": work.today.isoformat(),
        "weglatingen": omissions(rows),
        "versie": publication.issue,
    }
    if ruling.number is None or ruling.adopted_at is None:
        raise Invalid({"": ["De uitspraak is nog niet vastgesteld."]})
    found = leaks(work, publication, record)
    _refuse_leaks(found, "correctie" if correction else "")
    _keep_check(work, publication, found)
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
    name_subscriptions(work, ruling.number, record["titel"])
    index_precedent(work, precedent, record)
    put_in_outbox(work, DOCUMENT, {"record": kept.id}, process=publication)


def _mark(work: Work, publication: Publication, passages: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> None:
    """Keep passages that stay out; one that nobody can find in the texts is a slip of the pen."""
    rows = passages_of(work, publication)
    back = {folded(row.passage): row for row in rows if row.restored_because is not None}
    for place, row in enumerate(passages):
        if not any(occurs(row["text"], text) for text in texts):
            raise Invalid({f"passages.{place}.passage": [NOT_THERE]})
        if folded(row["text"]) in back:
            # What was put back and is taken out again was put back no longer.
            work.session.delete(back.pop(folded(row["text"])))
        work.session.add(
            Redaction(
                publication_id=publication.id,
                field=row.get("field") or "",
                passage=row["text"],
                ground=row["ground"],
                motivation=row.get("motivation") or "",
            )
        )
    work.session.flush()


def _corrected(record: Mapping[str, Any], corrections: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The public record with each correction carried out in it; what does not stand there cannot be corrected."""
    kept = {field: record[field] for field in PUBLIC_FIELDS if field in record}
    for place, row in enumerate(corrections):
        if any(row["was"] in text for field in DECIDED for text in written(kept.get(field))):
            raise Invalid({f"verbeteringen.{place}.stond": [IS_DECIDED]})
        if not any(row["was"] in text for text in written(kept)):
            raise Invalid({f"verbeteringen.{place}.stond": [NOT_PUBLIC]})
        kept = {**corrected(kept, row["was"], row["becomes"]), **{name: kept[name] for name in DECIDED if name in kept}}
    return kept


def _forget_words(work: Work, publication: Publication, ruling: Ruling, passages: Sequence[Mapping[str, Any]]) -> None:
    """Take words that leaked out of everything that was made of the public record, earlier versions included."""
    if not passages:
        return
    words: Passages = [("", row["text"], row["ground"]) for row in passages]
    for row in _versions(work, ruling):
        _replace(work, publication, row, without(row.record, words))
    for row in _citing(work, ruling):
        cited = [without(one, words) if one["nummer"] == ruling.number else one for one in row.record["citaties"]]
        _replace(work, publication, row, {**row.record, "citaties": cited})
    precedent = _precedent_of(work, ruling)
    recommendations = select(Recommendation).where(Recommendation.ruling_id == ruling.id)
    nuances = select(Nuance).where(
        or_(Nuance.precedent_id == precedent.id, Nuance.ruling_number == ruling.number), Nuance.citation_id.is_(None)
    )
    annotations = select(Annotation).where(Annotation.number == ruling.number)
    for process in (publication, precedent):
        _without(process, ("title",), words)
    for recommendation in work.session.scalars(beyond_sight(recommendations)):
        _without(recommendation, OF_RECOMMENDATION, words)
    for nuance in work.session.scalars(nuances):
        _without(nuance, ("text",), words)
    for annotation in work.session.scalars(annotations):
        # What somebody marked is the words of the ruling; the remark is their own.
        _without(annotation, ("passage",), words)


def _without(row: Base, names: Sequence[str], words: Passages) -> None:
    """Take words out of some columns."""
    for name in names:
        if text := getattr(row, name):
            setattr(row, name, without({name: text}, words)[name])


def _replace(work: Work, publication: Publication, row: PublicRecord, record: dict[str, Any]) -> None:
    """Let a public record say something else, and have its document drawn anew."""
    if record != row.record:
        row.record, row.title, row.pdf_digest = record, record["titel"], None
        put_in_outbox(work, DOCUMENT, {"record": row.id}, process=publication)


def _versions(work: Work, ruling: Ruling) -> Sequence[PublicRecord]:
    query = select(PublicRecord).where(PublicRecord.number == ruling.number).options(undefer(PublicRecord.record))
    return work.session.scalars(query.order_by(PublicRecord.issue)).all()


def _citing(work: Work, ruling: Ruling) -> Sequence[PublicRecord]:
    """The public records of the rulings that cite this one, and so tell its title."""
    citing = (
        select(Ruling.number)
        .join(Citation, Citation.ruling_id == Ruling.id)
        .where(Citation.precedent_id == _precedent_of(work, ruling).id)
    )
    query = select(PublicRecord).where(PublicRecord.number.in_(citing), PublicRecord.withdrawn_at.is_(None))
    return work.session.scalars(query.options(undefer(PublicRecord.record))).all()


def _current(work: Work, ruling: Ruling) -> PublicRecord:
    return next(row for row in reversed(_versions(work, ruling)) if row.current)


def _attachment_of_case(work: Work, publication: Publication, wanted: str) -> Attachment | None:
    if not wanted.isdecimal() or publication.case_id is None:
        return None
    query = select(Attachment).where(Attachment.process_id == publication.case_id, ~Attachment.internal)
    return next((one for one in work.session.scalars(query) if str(one.id) == wanted), None)


def _words_of(work: Work, attachment: Attachment, field: str) -> str:
    store: Store = work.session.info["store"]
    try:
        return words_of_file(store.read(attachment.digest), attachment.media_type)
    except Unsafe as error:
        raise Invalid({field: [error.sentence]}) from error


def _refuse_leaks(found: Leaks, field: str) -> None:
    if found.found:
        raise Invalid({field: [" ".join((STILL_THERE, *found.found))]})


def _keep_check(work: Work, publication: Publication, found: Leaks) -> None:
    work.session.add(
        LeakCheck(
            publication_id=publication.id,
            at=work.now,
            looked_for=found.looked_for,
            looked_in=list(LOOKED_IN),
            found=list(found.found),
        )
    )


def _precedent_of(work: Work, ruling: Ruling) -> Precedent:
    return work.session.scalars(beyond_sight(select(Precedent).where(Precedent.ruling_id == ruling.id))).one()


EFFECTS = {
    effect.__name__: effect
    for effect in (
        redact_passages,
        restore_passage,
        choose_attachments,
        check_leaks,
        ask_views,
        record_view,
        answer_view,
        publish_ruling,
        rectify_publication,
        withdraw_publication,
    )
}
