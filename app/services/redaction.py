"""What stays out of a publication, what would go out, and whether any of the one can be read in the other."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.config import value_list
from app.db.account import Account
from app.db.body import Membership
from app.db.case import Case
from app.db.publication import Publication, PublicRecord, PublishedAttachment, Redaction
from app.db.ruling import Ruling
from app.db.visibility import AS_SYSTEM
from app.domain import personal_data
from app.domain.passage import folded, survivors
from app.domain.personal_data import Kind
from app.domain.ruling import Passages, public_record, without, written
from app.services.record import record_of
from app.services.sitting import meeting_of, rules_of
from app.services.work import Work

PRIVACY, IDENTITY_NUMBER = "5.1.2e", "5.1.1e"
GROUNDS = {Kind.BSN: IDENTITY_NUMBER, Kind.V_NUMBER: IDENTITY_NUMBER}
MOTIVATIONS = {
    PRIVACY: "Dit gaat over één mens. De persoonlijke levenssfeer weegt hier zwaarder dan openbaarheid: ook zonder "
    "deze woorden is de uitspraak te begrijpen.",
    IDENTITY_NUMBER: "Dit nummer hoort bij één mens.",
}
LABELS = {
    Kind.BSN: "Burgerservicenummer",
    Kind.IBAN: "Rekeningnummer",
    Kind.EMAIL: "E-mailadres",
    Kind.PHONE: "Telefoonnummer",
    Kind.V_NUMBER: "V-nummer",
    Kind.NAME: "Naam",
}
LOOKED_IN = (
    "de velden van de openbare uitspraak",
    "de tekst van de bijlagen",
    "de titel en het stukje tekst in lijsten",
    "de motiveringen en de correctie",
)


@dataclass(frozen=True, slots=True)
class Leaks:
    """What was looked for in what would go out, and what of it was found; in sentences for who handles it."""

    looked_for: int
    found: tuple[str, ...]


def passages_of(work: Work, publication: Publication) -> Sequence[Redaction]:
    """Every passage that was marked or proposed, those that were put back among them."""
    query = select(Redaction).where(Redaction.publication_id == publication.id).order_by(Redaction.id)
    return work.session.scalars(query).all()


def staying_out(rows: Sequence[Redaction]) -> list[Redaction]:
    """The passages that were not put back."""
    return [row for row in rows if row.restored_because is None]


def as_passages(rows: Sequence[Redaction]) -> Passages:
    """Passages as the rules know them."""
    return [(row.field, row.passage, row.ground) for row in rows]


def adopted_record(work: Work, publication: Publication, ruling: Ruling) -> dict[str, Any]:
    """What the commission adopted, as it was frozen, with the words of the attachments that go out with it.

    What it cites has the title that everybody may read; a ruling that is not published has none.
    """
    case = work.session.get_one(Case, ruling.case_id, execution_options=AS_SYSTEM)
    frozen = work.session.scalar(select(Ruling.frozen).where(Ruling.id == ruling.id))
    record: dict[str, Any] = (json.loads(frozen) if frozen else None) or record_of(work, ruling, case)
    return {
        **record,
        "citaties": _cited(work, record.get("citaties") or []),
        "bijlagen": [{"titel": row.title, "tekst": row.text} for row in published_attachments(work, publication)],
    }


def published_attachments(work: Work, publication: Publication) -> Sequence[PublishedAttachment]:
    """The attachments whose words go out with the ruling, in the order in which they were chosen."""
    query = select(PublishedAttachment).where(PublishedAttachment.publication_id == publication.id)
    return work.session.scalars(query.options(undefer(PublishedAttachment.text)).order_by(PublishedAttachment.id)).all()


def outgoing_record(work: Work, publication: Publication, ruling: Ruling) -> dict[str, Any]:
    """The record as everybody would read it now."""
    rows = staying_out(passages_of(work, publication))
    record = public_record(adopted_record(work, publication, ruling), as_passages(rows))
    return {**record, "weglatingen": omissions(rows)}


def omissions(rows: Sequence[Redaction]) -> list[dict[str, Any]]:
    """What the public record says of what was left out: the ground, and a motivation in which nothing of it stands."""
    told = [{"grond": row.ground, "motivering": row.motivation or None} for row in rows]
    omitted: list[dict[str, Any]] = without({"rijen": told}, as_passages(rows))["rijen"]
    return omitted


def leaks(work: Work, publication: Publication, record: Mapping[str, Any]) -> Leaks:
    """Look in what would go out for every passage that stays out, and again for data of people."""
    rows = passages_of(work, publication)
    out = staying_out(rows)
    texts = list(dict.fromkeys(written(record)))
    marks = frozenset(value_list("woo_grond"))
    found = [f"“{words}” staat er nog in." for words in survivors([row.passage for row in out], texts, marks)]
    put_back = [folded(row.passage) for row in rows if row.restored_because is not None]
    for words, kind in dict.fromkeys(_personal(work, publication, texts)):
        if not any(folded(words) in known for known in put_back):
            found.append(f"{LABELS[kind]} gevonden: {words}")
    return Leaks(len(out), tuple(found))


def propose_passages(work: Work, publication: Publication, ruling: Ruling) -> None:
    """Mark what the system finds by itself: names of officials and members, and data of people.

    They stay out until an editor puts them back with a reason. What was found before is not proposed again.
    """
    rows = passages_of(work, publication)
    known = [folded(row.passage) for row in rows]
    texts = list(written(public_record(adopted_record(work, publication, ruling), [])))
    for words, kind in dict.fromkeys(_personal(work, publication, texts)):
        if folded(words) in known:
            continue
        known.append(folded(words))
        ground = GROUNDS.get(kind, PRIVACY)
        work.session.add(
            Redaction(
                publication_id=publication.id,
                field="",
                passage=words,
                ground=ground,
                motivation=MOTIVATIONS[ground],
                proposed=True,
            )
        )
    work.session.flush()


def _personal(work: Work, publication: Publication, texts: Sequence[str]) -> Iterator[tuple[str, Kind]]:
    """Names and data of people in texts, as they are written there."""
    nameable = _nameable(work, publication)
    for text in texts:
        for one in (*personal_data.findings(text), *personal_data.names(text)):
            words = text[one.start : one.end]
            if one.kind is not Kind.NAME or not any(folded(name).endswith(folded(words)) for name in nameable):
                yield words, one.kind
    yield from ((name, Kind.NAME) for name in _officials(work, texts) if name not in nameable)


def _officials(work: Work, texts: Sequence[str]) -> Iterator[str]:
    """The accounts that have the name of a person and stand in a text; an account is mostly called after a function."""
    functions = {word for label in value_list("rol").values() for word in folded(label).split()}
    read = "\n".join(folded(text) for text in texts)
    for name in work.session.scalars(select(Account.name).distinct().order_by(Account.name)):
        if personal_data.is_personal_name(name, functions) and folded(name) in read:
            yield name


def _nameable(work: Work, publication: Publication) -> frozenset[str]:
    """The members who may be named, because the rules of procedure say that the result names who voted how.

    This is the rank below which names are off: who answers in public for the ruling may stand in it, no official else.
    """
    case = work.session.get_one(Case, publication.case_id, execution_options=AS_SYSTEM)
    meeting = meeting_of(work, case)
    if meeting is None or not rules_of(work, meeting).names_in_result:
        return frozenset()
    seats = select(Membership.account_id).where(Membership.body_id == meeting.body_id, Membership.votes)
    return frozenset(work.session.scalars(select(Account.name).where(Account.id.in_(seats))))


def _cited(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    numbers = [row["nummer"] for row in rows]
    query = select(PublicRecord.number, PublicRecord.title).where(
        PublicRecord.number.in_(numbers), PublicRecord.current
    )
    titles = dict(work.session.execute(query).all()) if numbers else {}
    return [{**row, "titel": titles.get(row["nummer"])} for row in rows]
