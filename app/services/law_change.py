"""Newer versions of laws: noting one, and having every precedent that read the older one looked at again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import exists, func, select

from app.db.law import LawChange
from app.db.precedent import Precedent, PrecedentLaw
from app.db.publication import PublicRecord
from app.domain.access import PRECEDENT_KEEPERS
from app.domain.errors import Invalid, NotPermitted
from app.domain.law import LawReference, parse
from app.services.law import known_laws
from app.services.process import follow
from app.services.treatment import rests_on, review
from app.services.work import Work, beyond_sight

KEEPERS = PRECEDENT_KEEPERS
MOST = 200


class CitedLaw(NamedTuple):
    """A law on which precedents rest that stand, how many, and of how many an article has a newer version."""

    identifier: str
    name: str
    url: str
    standing: int
    outdated: int


def may_note_changes(work: Work) -> bool:
    """The actor keeps up with the law for the commission."""
    return bool(work.actor.roles & KEEPERS)


def cited_laws(work: Work) -> list[CitedLaw]:
    """The laws on which precedents in force rest that everybody can read, the most used first; one query."""
    standing = func.count(PrecedentLaw.precedent_id.distinct())
    older = exists(select(LawChange.id).where(rests_on(LawChange, PrecedentLaw)).correlate(PrecedentLaw))
    query = (
        select(
            PrecedentLaw.system,
            PrecedentLaw.identifier,
            standing,
            func.count(PrecedentLaw.precedent_id.distinct()).filter(older),
        )
        .join(Precedent, Precedent.id == PrecedentLaw.precedent_id)
        .join(PublicRecord, PublicRecord.number == Precedent.number)
        .where(
            Precedent.public,
            Precedent.in_force_until.is_(None),
            PublicRecord.current,
            PublicRecord.withdrawn_at.is_(None),
        )
        .group_by(PrecedentLaw.system, PrecedentLaw.identifier)
        .order_by(standing.desc(), PrecedentLaw.identifier)
        .limit(MOST)
    )
    return [
        CitedLaw(identifier, reference.label(known_laws()), reference.public_url(), amount, outdated)
        for system, identifier, amount, outdated in work.session.execute(query)
        for reference in [LawReference(system, identifier)]
    ]


def law_changes(work: Work, amount: int = 50) -> Sequence[LawChange]:
    """The newer versions that were noted, the last in force first."""
    query = select(LawChange).order_by(LawChange.in_force_on.desc(), LawChange.id.desc()).limit(amount)
    return work.session.scalars(query).all()


def note_law_change(
    work: Work, *, law: str, article: str | None = None, in_force_on: date, source: str, explanation: str | None = None
) -> tuple[LawChange, int]:
    """Note a newer version of an article, or of a whole law; how many precedents are marked because of it.

    Noting the same again changes nothing, and marks what was missed.
    """
    if not may_note_changes(work):
        raise NotPermitted("a change of the law is noted by the analyst or the secretary")
    reference = _reference(law, article)
    change = _known(work, reference, in_force_on)
    if change is None:
        change = LawChange(
            system=reference.system,
            identifier=reference.identifier,
            article=reference.article,
            in_force_on=in_force_on,
            source=source,
            explanation=explanation or "",
            account_id=work.actor.account_id,
            at=work.now,
        )
        work.session.add(change)
        work.session.flush()
    return change, sum(_look_again(work, precedent) for precedent in _resting_on(work, change))


def _look_again(work: Work, precedent: Precedent) -> bool:
    for step in review(work, precedent):
        follow(work, precedent, step.action, answers=step.answers, reason=step.reason)
        return True
    return False


def _resting_on(work: Work, change: LawChange) -> Sequence[Precedent]:
    """The precedents in force that read an older version, locked in one order."""
    query = (
        select(Precedent)
        .where(
            exists(
                select(PrecedentLaw.id)
                .join(LawChange, rests_on(LawChange, PrecedentLaw))
                .where(PrecedentLaw.precedent_id == Precedent.id, LawChange.id == change.id)
            ),
            Precedent.in_force_from.is_not(None),
            Precedent.in_force_until.is_(None),
        )
        .order_by(Precedent.id)
        .with_for_update(of=Precedent.__table__)
        .execution_options(populate_existing=True)
    )
    return work.session.scalars(beyond_sight(query)).all()


def _known(work: Work, reference: LawReference, in_force_on: date) -> LawChange | None:
    query = select(LawChange).where(
        LawChange.system == reference.system,
        LawChange.identifier == reference.identifier,
        LawChange.article == reference.article if reference.article else LawChange.article.is_(None),
        LawChange.in_force_on == in_force_on,
    )
    return work.session.scalars(query.order_by(LawChange.id).limit(1)).first()


def _reference(law: str, article: str | None) -> LawReference:
    """The law as it was named, and the article of the own field where one is given."""
    try:
        found = parse(law, known_laws())
    except Invalid as error:
        raise Invalid({"wet": [sentence for found in error.faults.values() for sentence in found]}) from error
    return replace(found, article=article or found.article, paragraph=None, part=None, valid_on=None)
