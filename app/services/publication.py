"""A publication in the making: the text that will be public, what is left out of it, and what parties say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from app.db.case import Case
from app.db.organisation import Organisation
from app.db.publication import Publication, PublicRecord, Redaction, View
from app.db.ruling import Ruling
from app.db.visibility import AS_SYSTEM
from app.domain.ruling import public_record
from app.services.record import record_of
from app.services.work import Work


class ViewRow(NamedTuple):
    """What a party said about the publication."""

    organisation: str
    view: View


@dataclass(frozen=True, slots=True)
class PublicationOverview:
    """A publication for who works on it, or for a party: then the passages are already gone."""

    ruling: Ruling
    record: Mapping[str, Any]
    passages: Sequence[Redaction]
    views: Sequence[ViewRow]
    versions: Sequence[PublicRecord]
    is_whole: bool


def publication_overview(work: Work, publication: Publication, *, handling: bool) -> PublicationOverview:
    """The text with its passages; a party reads it as the public will, and the views of its own organisation."""
    ruling = work.session.get_one(Ruling, publication.ruling_id)
    case = work.session.get_one(Case, ruling.case_id, execution_options=AS_SYSTEM)
    passages = work.session.scalars(
        select(Redaction).where(Redaction.publication_id == publication.id).order_by(Redaction.id)
    ).all()
    record = record_of(work, ruling, case)
    if not handling:
        record = public_record(record, [(row.field, row.passage, row.ground) for row in passages])
    return PublicationOverview(
        ruling,
        record,
        passages if handling else (),
        _views(work, publication, everybody=handling),
        _versions(work, ruling),
        handling,
    )


def without(text: str, passages: Sequence[Redaction]) -> list[tuple[str, Redaction | None]]:
    """A text in stretches, each with the passage it is when it stays out of the public record."""
    stretches: list[tuple[str, Redaction | None]] = [(text, None)]
    for passage in passages:
        stretches = [part for stretch in stretches for part in _parted(stretch, passage)]
    return [stretch for stretch in stretches if stretch[0]]


def _parted(stretch: tuple[str, Redaction | None], passage: Redaction) -> list[tuple[str, Redaction | None]]:
    text, known = stretch
    if known is not None:
        return [stretch]
    first, *rest = text.split(passage.passage)
    parts: list[tuple[str, Redaction | None]] = [(first, None)]
    for one in rest:
        parts += [(passage.passage, passage), (one, None)]
    return parts


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


def _versions(work: Work, ruling: Ruling) -> Sequence[PublicRecord]:
    query = select(PublicRecord).where(PublicRecord.number == ruling.number).order_by(PublicRecord.issue.desc())
    return work.session.scalars(query).all()
