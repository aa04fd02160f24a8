"""What each kind of process has of its own beside its columns: names, numbers and rows that hang from it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from app.db.body import Body
from app.db.case import TYPE as TYPE_FACET
from app.db.case import Case, Facet
from app.db.interest import Interest
from app.db.meeting import AgendaItem, Meeting
from app.db.organisation import Organisation
from app.db.process import Audience, Process
from app.db.publication import Publication, PublicRecord, Redaction, View
from app.db.report import Report
from app.db.ruling import Ruling
from app.db.vote import Elector, VoteRound
from app.domain import access
from app.services.facts import reporting_cases
from app.services.report import readable
from app.services.sitting import last_round
from app.services.work import Work

# What lists and pages of cases ask is made once: to make a statement costs as much as to ask it.
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_cases = Case.__table__
_QUESTIONS = select(_cases.c.id, _cases.c.key_question).where(_cases.c.id.in_(_ids))
_TYPES = select(Facet.case_id, Facet.value).where(Facet.case_id.in_(_ids), Facet.facet == TYPE_FACET)
_NUMBERS = select(Process.id, Process.number).where(Process.id.in_(_ids))
_INVOLVED = (
    select(Audience.process_id)
    .where(Audience.process_id.in_(_ids), Audience.key.in_(bindparam("keys", expanding=True)))
    .distinct()
)
_RULING = (
    select(Ruling.number)
    .where(Ruling.case_id == bindparam("case"), Ruling.number.is_not(None))
    .order_by(Ruling.id.desc())
    .limit(1)
)
_PUBLISHED = _RULING.join(PublicRecord, PublicRecord.number == Ruling.number)


def key_questions(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """The question of each of these cases."""
    return dict(work.session.execute(_QUESTIONS, {"ids": list(ids)}).all())


def types_of(work: Work, ids: Sequence[int]) -> dict[int, list[str]]:
    """The types of each of these cases."""
    found: dict[int, list[str]] = {}
    # Put in order here: SQLite would look for the order in an index of all cases.
    for case_id, value in sorted(work.session.execute(_TYPES, {"ids": list(ids)}).all()):
        found.setdefault(case_id, []).append(value)
    return found


def meeting_places(work: Work, ids: Sequence[int]) -> dict[int, Meeting]:
    """Each of these meetings, for its day and place."""
    return {meeting.id: meeting for meeting in work.session.scalars(select(Meeting).where(Meeting.id.in_(ids)))}


def numbers_of(work: Work, ids: Sequence[int | None]) -> dict[int, str]:
    """The numbers of these processes, as far as the actor may see them."""
    known = {identity for identity in ids if identity}
    if not known:
        return {}
    return dict(work.session.execute(_NUMBERS, {"ids": sorted(known)}).all())


def involved_in(work: Work, ids: Sequence[int]) -> set[int]:
    """In which of these processes the actor may read the file, and not only know that they exist."""
    if work.actor.is_system:
        return set(ids)
    keys = access.reader_keys(work.actor) - {access.OFFICIALS}
    return set(work.session.scalars(_INVOLVED, {"ids": list(ids), "keys": sorted(keys)}))


def body_name(work: Work, meeting: Meeting) -> str:
    """The body that meets."""
    return work.session.get_one(Body, meeting.body_id).name


def own_interest(work: Work, item: AgendaItem) -> str | None:
    """What the actor declared about an item."""
    query = select(Interest.declared).where(Interest.item_id == item.id, Interest.account_id == work.actor.account_id)
    return work.session.scalars(query).one_or_none()


def vote_round(work: Work, item: AgendaItem) -> tuple[VoteRound, bool] | None:
    """The last round of votes on an item, and whether the actor voted in it; what others voted is not even read."""
    current = last_round(work, item)
    if current is None:
        return None
    own = work.session.get(Elector, (current.id, work.actor.account_id or 0))
    return current, own is not None and own.voted


def adopted_number(work: Work, ruling_id: int) -> str | None:
    """The number of a ruling."""
    return work.session.scalar(select(Ruling.number).where(Ruling.id == ruling_id))


def ruling_number(work: Work, case: Case, *, handling: bool) -> str | None:
    """The number of the ruling on a case; before publication only for who handles the case."""
    return work.session.scalars(_RULING if handling else _PUBLISHED, {"case": case.id}).first()


def report_numbers(work: Work, case: Case) -> list[str]:
    """The reports that a case rests on, as far as the actor may read them, oldest first."""
    query = select(Report.number).where(reporting_cases(case.id), readable(work)).order_by(Report.id)
    return list(work.session.scalars(query))


def redactions(work: Work, publication: Publication) -> Sequence[Redaction]:
    """The passages that stay out of the public record."""
    query = select(Redaction).where(Redaction.publication_id == publication.id).order_by(Redaction.id)
    return work.session.scalars(query).all()


def views(work: Work, publication: Publication, *, everybody: bool) -> Sequence[tuple[View, Organisation | None]]:
    """What parties said of a publication; without `everybody` only the actor's own organisation."""
    query = (
        select(View, Organisation)
        .select_from(View)
        .outerjoin(Organisation, Organisation.id == View.organisation_id)
        .where(View.publication_id == publication.id)
        .order_by(View.id)
    )
    if not everybody:
        query = query.where(View.organisation_id == work.actor.organisation_id)
    return work.session.execute(query).all()
