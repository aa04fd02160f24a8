"""A publication in the making: the text that will be public, what is left out of it, and what parties say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from app.db.case import Party
from app.db.organisation import Organisation
from app.db.publication import LeakCheck, Publication, PublicRecord, PublishedAttachment, Redaction, View
from app.db.ruling import Ruling
from app.domain.passage import folded
from app.domain.ruling import public_record, stretches
from app.services.redaction import (
    Leaks,
    adopted_record,
    as_passages,
    leaks,
    outgoing_record,
    passages_of,
    published_attachments,
    staying_out,
)
from app.services.work import Work


class ViewRow(NamedTuple):
    """What a party said about the publication."""

    organisation: str
    view: View


class AskedParty(NamedTuple):
    """A party that may say what it thinks, and when it did."""

    organisation: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicationOverview:
    """A publication for who works on it, or for a party: then the passages are already gone.

    `leaks` is what is found now, `checks` what was found when it was looked for; a party gets neither.
    """

    ruling: Ruling
    record: Mapping[str, Any]
    passages: Sequence[Redaction]
    attachments: Sequence[PublishedAttachment]
    views: Sequence[ViewRow]
    asked: Sequence[AskedParty]
    leaks: Leaks | None
    checks: Sequence[LeakCheck]
    versions: Sequence[PublicRecord]
    is_whole: bool

    @property
    def staying_out(self) -> Sequence[Redaction]:
        """The passages that were not put back."""
        return staying_out(self.passages)

    @property
    def per_ground(self) -> Mapping[str, int]:
        """How many passages stay out on each ground, by the code of the ground."""
        return dict(sorted(Counter(row.ground for row in self.staying_out).items()))


def publication_overview(work: Work, publication: Publication, *, handling: bool) -> PublicationOverview:
    """The text with its passages; a party reads it as the public will, and the views of its own organisation."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    passages = passages_of(work, publication)
    record = adopted_record(work, publication, ruling)
    if not handling:
        record = public_record(record, as_passages(staying_out(passages)))
    return PublicationOverview(
        ruling,
        record,
        passages if handling else (),
        published_attachments(work, publication) if handling else (),
        _views(work, publication, everybody=handling),
        _asked(work, publication) if handling else (),
        leaks(work, publication, outgoing_record(work, publication, ruling)) if handling else None,
        _checks(work, publication) if handling else (),
        _versions(work, ruling),
        handling,
    )


def marked(text: str, passages: Sequence[Redaction]) -> list[tuple[str, tuple[str, ...]]]:
    """A text in stretches, each with the grounds on which it stays out of the public record."""
    return stretches(text, as_passages(passages))


def count_of(passage: Redaction, texts: Sequence[str]) -> int:
    """How often a passage stands in these texts."""
    return sum(folded(text).count(folded(passage.passage)) for text in texts)


def _views(work: Work, publication: Publication, *, everybody: bool) -> list[ViewRow]:
    query = (
        select(Organisation.name, View)
        .select_from(View)
        .outerjoin(Organisation, Organisation.id == View.organisation_id)
        .where(View.publication_id == publication.id)
        .order_by(View.id)
    )
    if not everybody:
        query = query.where(View.organisation_id == work.actor.organisation_id)
    return [ViewRow(name or "", view) for name, view in work.session.execute(query)]


def _asked(work: Work, publication: Publication) -> list[AskedParty]:
    """Every party that was invited, and when it answered first."""
    query = (
        select(Organisation.id, Organisation.name)
        .join(Party, Party.organisation_id == Organisation.id)
        .where(Party.case_id == publication.case_id, Party.invited_at.is_not(None))
        .distinct()
        .order_by(Organisation.name)
    )
    answered = select(View.organisation_id, View.at).where(View.publication_id == publication.id)
    moments: dict[int | None, datetime] = {}
    for organisation, at in work.session.execute(answered.order_by(View.id)):
        moments.setdefault(organisation, at)
    return [AskedParty(name, moments.get(identity)) for identity, name in work.session.execute(query)]


def _checks(work: Work, publication: Publication) -> Sequence[LeakCheck]:
    query = select(LeakCheck).where(LeakCheck.publication_id == publication.id)
    return work.session.scalars(query.order_by(LeakCheck.id.desc()).limit(LAST_CHECKS)).all()


LAST_CHECKS = 5


def _versions(work: Work, ruling: Ruling) -> Sequence[PublicRecord]:
    query = select(PublicRecord).where(PublicRecord.number == ruling.number).order_by(PublicRecord.issue.desc())
    return work.session.scalars(query).all()
