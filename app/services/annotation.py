"""Remarks in the margin of a ruling: for who made them, or for the own organisation, and for nobody else."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import undefer

from app.db.account import Account
from app.db.collection import Annotation
from app.db.publication import PublicRecord
from app.domain.errors import Invalid, NotVisible
from app.domain.ruling import texts
from app.services.work import Work

MOST, SHOWN = 1000, 100
NOT_THERE = "Deze woorden staan niet in de uitspraak. Neem ze precies over, of laat dit leeg."
NOT_PUBLIC = "Dit is geen openbare uitspraak."
TOO_MANY = f"U hebt al {MOST} aantekeningen. Verwijder er eerst een."


class AnnotationRow(NamedTuple):
    """A remark, with who made it, and whether that is the reader."""

    annotation: Annotation
    author: str
    own: bool


def annotations_of(work: Work, number: str) -> list[AnnotationRow]:
    """The remarks at a ruling that the actor may read, the oldest first; nothing is asked for a passer-by."""
    if work.actor.account_id is None:
        return []
    query = (
        select(Annotation, Account.name)
        .join(Account, Account.id == Annotation.account_id)
        .where(Annotation.number == number, _readable(work))
        .order_by(Annotation.id)
        .limit(SHOWN)
    )
    return [
        AnnotationRow(annotation, name, annotation.account_id == work.actor.account_id)
        for annotation, name in work.session.execute(query)
    ]


def own_annotations(work: Work) -> Sequence[Annotation]:
    """What the actor remarked last, at any ruling."""
    query = select(Annotation).where(_own(work)).order_by(Annotation.id.desc()).limit(SHOWN)
    return work.session.scalars(query).all()


def annotation_of_owner(work: Work, identity: int) -> Annotation:
    """A remark of the actor; for others it is not there."""
    found = work.session.scalars(select(Annotation).where(Annotation.id == identity, _own(work))).one_or_none()
    if found is None:
        raise NotVisible(str(identity))
    return found


def annotate(work: Work, *, number: str, text: str, passage: str = "", shared: bool = False) -> Annotation:
    """Make a remark at a public ruling; a passage has to stand in it as everybody reads it."""
    account, organisation = work.actor.account_id, work.actor.organisation_id
    if account is None or organisation is None:
        raise NotVisible(number)
    _check(work, number, passage)
    if (work.session.scalar(select(func.count()).select_from(Annotation).where(_own(work))) or 0) >= MOST:
        raise Invalid({"tekst": [TOO_MANY]})
    made = Annotation(
        account_id=account,
        organisation_id=organisation,
        number=number,
        passage=passage,
        text=text,
        shared=shared,
        at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    return made


def change_annotation(work: Work, annotation: Annotation, *, text: str, passage: str, shared: bool) -> None:
    """Say it otherwise."""
    if passage != annotation.passage:
        _check(work, annotation.number, passage)
    annotation.text, annotation.passage, annotation.shared = text, passage, shared


def drop_annotation(work: Work, identity: int) -> Annotation:
    """Take one's own remark away."""
    found = annotation_of_owner(work, identity)
    work.session.delete(found)
    return found


def _check(work: Work, number: str, passage: str) -> None:
    query = select(PublicRecord).where(
        PublicRecord.number == number, PublicRecord.current, PublicRecord.withdrawn_at.is_(None)
    )
    public = work.session.scalars(query.options(undefer(PublicRecord.record))).one_or_none()
    if public is None:
        raise Invalid({"nummer": [NOT_PUBLIC]})
    words = " ".join(passage.split())
    if words and not any(words in " ".join(text.split()) for text in texts(public.record)):
        raise Invalid({"passage": [NOT_THERE]})


def _own(work: Work) -> ColumnElement[bool]:
    return Annotation.account_id == (work.actor.account_id or 0)


def _readable(work: Work) -> ColumnElement[bool]:
    """One's own, and what a colleague shares with the organisation for which it was made."""
    of_colleagues = Annotation.shared & (Annotation.organisation_id == (work.actor.organisation_id or 0))
    return _own(work) | of_colleagues
