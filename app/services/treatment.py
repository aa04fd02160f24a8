"""How a later ruling treats what was decided before: the steps of earlier precedents that follow from its citations."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.db.case import Application
from app.db.law import LawChange
from app.db.precedent import Nuance, Precedent, PrecedentLaw
from app.db.ruling import Citation, Ruling
from app.domain.calendar import amsterdam_day
from app.domain.errors import Invalid
from app.domain.precedent import WHOLE, Cited, Happening, Relation, check_citation, follows_from, reasons_to_review
from app.services.lifecycle import FollowUp
from app.services.work import Work, beyond_sight

QUALIFY, REPLACE = "nuanceren", "vervangen_worden"
LIFT, LIFT_ONE = "nuance_opheffen", "nuance_vervallen"
MARK, CLOSE_RECONSIDERATION = "markeren", "heroverweging_beeindigen"
TO_REASSESS, RECONSIDERED = "te_herbeoordelen", "in_heroverweging"

BY_A_LATER_RULING = "Dit volgt uit een latere uitspraak."
LATER_RULING_ENDED = "De latere uitspraak geldt niet meer."


def check_cited(work: Work, ruling: Ruling) -> None:
    """Refuse to adopt a ruling that follows what ended after it was cited."""
    rows = work.session.execute(
        beyond_sight(
            select(Citation, Precedent, Ruling.adopted_at)
            .join(Precedent, Precedent.id == Citation.precedent_id)
            .join(Ruling, Ruling.id == Precedent.ruling_id)
            .where(Citation.ruling_id == ruling.id)
        )
    )
    faults: list[str] = []
    for citation, precedent, adopted_at in rows:
        cited = Cited(amsterdam_day(adopted_at or work.now), stands=precedent.in_force_until is None)
        try:
            check_citation(
                Relation(citation.relation), cited, on=work.today, reason=citation.reason, part=citation.part or ""
            )
        except Invalid as error:
            faults += [f"{precedent.number}: {sentence}" for found in error.faults.values() for sentence in found]
    if faults:
        raise Invalid({"": faults})


def treated_by(work: Work, ruling: Ruling) -> Iterator[FollowUp]:
    """What the adoption of a ruling does to the precedents that it cites.

    One that is not in force yet waits for its publication, which looks back at what was adopted meanwhile; one that
    ended stays as it ended.
    """
    for precedent, citations in _cited_by(work, ruling):
        if not _is_in_force(precedent):
            continue
        yield from _treatment(precedent, [(citation, ruling.number or "") for citation in citations])
        if not any(_happening(one) is Happening.OVERTAKEN for one in citations):
            yield from review(work, precedent)
            if precedent.under_reconsideration and precedent.case_id == ruling.case_id:
                yield FollowUp(
                    precedent, CLOSE_RECONSIDERATION, reason="De commissie heeft een nieuwe uitspraak gedaan."
                )


def treated_before(work: Work, precedent: Precedent) -> Iterator[FollowUp]:
    """What rulings that were adopted before a precedent came into force do to it now."""
    later = Precedent.__table__.alias("later")
    rows = work.session.execute(
        select(Citation, Ruling.number, later.c.in_force_until)
        .join(Ruling, Ruling.id == Citation.ruling_id)
        .join(later, later.c.ruling_id == Ruling.id)
        .where(Citation.precedent_id == precedent.id, Ruling.adopted_at.is_not(None))
        .order_by(Ruling.adopted_at, Citation.id)
    ).all()
    # What only qualifies does so for as long as it stands; who was replaced does not come back.
    standing = [
        (citation, number)
        for citation, number, ended in rows
        if ended is None or _happening(citation) is Happening.OVERTAKEN
    ]
    yield from _treatment(precedent, standing)


def released_by(work: Work, precedent: Precedent) -> Iterator[FollowUp]:
    """What the end of a precedent does to those that its ruling qualified: its nuances go, others stay."""
    query = (
        select(Precedent)
        .where(
            exists(
                select(Nuance.id).where(
                    Nuance.precedent_id == Precedent.id,
                    Nuance.ruling_number == precedent.number,
                    Nuance.lifted_at.is_(None),
                )
            ),
            Precedent.id != precedent.id,
        )
        .order_by(Precedent.id)
        .with_for_update(of=Precedent.__table__)
        .execution_options(populate_existing=True)
    )
    for qualified in work.session.scalars(beyond_sight(query)).all():
        if not _is_in_force(qualified):
            continue
        others = {nuance.ruling_number for nuance in qualified.nuances} - {precedent.number}
        answers = {"ruling": precedent.number, "motivation": LATER_RULING_ENDED}
        yield FollowUp(qualified, LIFT_ONE if others else LIFT, answers, LATER_RULING_ENDED)


def review(work: Work, precedent: Precedent) -> Iterator[FollowUp]:
    """Mark a precedent when there is a reason to look at it again that it is not marked for yet."""
    reasons = reasons_for_review(work, precedent)
    if _is_in_force(precedent) and len(reasons) > len(lines(precedent.review_because)):
        yield FollowUp(precedent, MARK, {"mark": TO_REASSESS}, " ".join(reasons))


def reasons_for_review(work: Work, precedent: Precedent, *, due: date | None = None) -> Sequence[str]:
    """Why somebody should look at a precedent again; what was known at the last review does not count."""
    return reasons_to_review(
        work.today,
        review_on=min(filter(None, (precedent.review_on, due)), default=None),
        law_changed=bool(work.session.scalar(select(_law_changes(precedent).exists()))),
        distinguished_on=_distinguished_on(work, precedent),
    )


def law_changes_for(work: Work, precedent: Precedent) -> Sequence[LawChange]:
    """The newer versions of what a precedent rests on, the newest first."""
    query = _law_changes(precedent).order_by(LawChange.in_force_on.desc(), LawChange.id.desc()).limit(20)
    return list(dict.fromkeys(work.session.scalars(query)))


def lines(text: str | None) -> list[str]:
    """The reasons that are kept in one column."""
    return (text or "").splitlines()


def rests_on(change: type[LawChange], law: type[PrecedentLaw]) -> ColumnElement[bool]:
    """The condition that a law of a precedent was read in an older version; a whole law covers its articles."""
    return and_(
        change.system == law.system,
        change.identifier == law.identifier,
        or_(change.article.is_(None), law.article.is_(None), change.article == law.article),
        change.in_force_on > law.valid_on,
    )


def _law_changes(precedent: Precedent) -> Select[LawChange]:
    query = (
        select(LawChange)
        .join(PrecedentLaw, rests_on(LawChange, PrecedentLaw))
        .where(PrecedentLaw.precedent_id == precedent.id)
    )
    return query if precedent.reviewed_at is None else query.where(LawChange.at > precedent.reviewed_at)


def _distinguished_on(work: Work, precedent: Precedent) -> list[date]:
    """When later rulings and reporters said that a case differs, since the last review."""
    rulings = (
        select(Ruling.adopted_at)
        .join(Citation, Citation.ruling_id == Ruling.id)
        .where(
            Citation.precedent_id == precedent.id,
            Citation.relation == Relation.DISTINGUISHES,
            Ruling.adopted_at.is_not(None),
        )
    )
    objections = select(Application.contested_at).where(
        Application.precedent_id == precedent.id, Application.contested_at.is_not(None)
    )
    moments = [*work.session.scalars(rulings), *work.session.scalars(objections)]
    since = precedent.reviewed_at
    return [amsterdam_day(moment) for moment in moments if moment is not None and (since is None or moment > since)]


def _cited_by(work: Work, ruling: Ruling) -> list[tuple[Precedent, list[Citation]]]:
    """What a ruling cites, locked in one order so that two adoptions never wait for each other."""
    citations = work.session.scalars(
        select(Citation).where(Citation.ruling_id == ruling.id).order_by(Citation.precedent_id, Citation.id)
    ).all()
    query = (
        select(Precedent)
        .where(Precedent.id.in_({citation.precedent_id for citation in citations}))
        .order_by(Precedent.id)
        .with_for_update(of=Precedent.__table__)
        .execution_options(populate_existing=True)
    )
    return [
        (precedent, [citation for citation in citations if citation.precedent_id == precedent.id])
        for precedent in work.session.scalars(beyond_sight(query)).all()
    ]


def _treatment(precedent: Precedent, citations: Sequence[tuple[Citation, str]]) -> Iterator[FollowUp]:
    """The nuances first, and then the end, after which nothing else happens."""
    for citation, number in citations:
        if _happening(citation) is Happening.NUANCED:
            answers = {"nuance": nuance_of(citation), "ruling": number, "citation": citation.id}
            yield FollowUp(precedent, QUALIFY, answers, BY_A_LATER_RULING)
    for citation, number in citations:
        if _happening(citation) is Happening.OVERTAKEN:
            yield FollowUp(precedent, REPLACE, {"ruling": number}, BY_A_LATER_RULING)
            return


def nuance_of(citation: Citation) -> str:
    """What a citation adds or takes away, in words; who revises a part without a reason at least names the part."""
    return citation.reason or part_of(citation)


def part_of(citation: Citation) -> str:
    """Which part is revised, as a sentence; nothing when it is the whole."""
    part = (citation.part or "").strip()
    return f"Herzien: {part}." if part and part != WHOLE else ""


def _happening(citation: Citation) -> Happening | None:
    return follows_from(Relation(citation.relation), part=citation.part or "", general=citation.general)


def _is_in_force(precedent: Precedent) -> bool:
    return precedent.in_force_from is not None and precedent.in_force_until is None
