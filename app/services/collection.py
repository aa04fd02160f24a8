"""Collections of an analyst: rulings and decisions kept together with why, for oneself or for one's organisation."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, select

from app.db.collection import Collection, CollectionItem
from app.db.external import ExternalDecision
from app.db.peer import CopiedDecision
from app.db.publication import PublicRecord
from app.domain.errors import Invalid, NotVisible
from app.services.work import Work

MOST_COLLECTIONS, MOST_ITEMS = 100, 500
TOO_MANY = f"U hebt al {MOST_COLLECTIONS} verzamelingen. Verwijder er eerst een."
FULL = f"In deze verzameling zitten al {MOST_ITEMS} stukken. Maak een nieuwe verzameling."
NOT_KNOWN = "Dit nummer is geen openbare uitspraak en geen besluit van een andere instantie."


class CollectionRow(NamedTuple):
    """What the list shows of a collection."""

    collection: Collection
    amount: int


class Named(NamedTuple):
    """A ruling, or a decision of another body (`source`), that everybody may read."""

    title: str
    day: date | None
    source: str | None
    is_gone: bool


class ItemRow(NamedTuple):
    """What a collection shows of one thing; nothing is named that is not there any more."""

    item: CollectionItem
    named: Named | None


def collections(work: Work) -> list[CollectionRow]:
    """The actor's own collections, and those that colleagues share, the newest first."""
    amount = (
        select(func.count())
        .select_from(CollectionItem)
        .where(CollectionItem.collection_id == Collection.id)
        .scalar_subquery()
    )
    query = select(Collection, amount).where(_readable(work)).order_by(Collection.id.desc()).limit(2 * MOST_COLLECTIONS)
    return [CollectionRow(*row) for row in work.session.execute(query)]


def own_collections(work: Work) -> Sequence[Collection]:
    """The actor's own collections, by name."""
    return work.session.scalars(select(Collection).where(_own(work)).order_by(Collection.title, Collection.id)).all()


def collection_of_reader(work: Work, identity: int) -> Collection:
    """A collection that the actor may read; for others it is not there."""
    return _one(work, identity, _readable(work))


def collection_of_owner(work: Work, identity: int) -> Collection:
    """A collection of the actor; for others it is not there."""
    return _one(work, identity, _own(work))


def items(work: Work, collection: Collection) -> list[ItemRow]:
    """What is in a collection, the last added first."""
    query = select(CollectionItem).where(CollectionItem.collection_id == collection.id)
    found = work.session.scalars(query.order_by(CollectionItem.added_at.desc(), CollectionItem.id.desc())).all()
    named = named_things(work, [item.number for item in found])
    return [ItemRow(item, named.get(item.number)) for item in found]


def named_things(work: Work, numbers: Iterable[str]) -> dict[str, Named]:
    """The rulings and decisions with these numbers, as far as everybody may know of them."""
    wanted = list(numbers)
    rulings = select(
        PublicRecord.number, PublicRecord.title, PublicRecord.adopted_on, PublicRecord.withdrawn_at.is_not(None)
    ).where(PublicRecord.number.in_(wanted), PublicRecord.current)
    columns = (ExternalDecision.number, ExternalDecision.title, ExternalDecision.decided_on, ExternalDecision.source)
    externals = (
        select(*columns, CopiedDecision.withdrawn_at.is_not(None))
        .outerjoin(CopiedDecision, CopiedDecision.external_id == ExternalDecision.id)
        .where(ExternalDecision.number.in_(wanted))
    )
    return {
        **{number: Named(title, day, None, gone) for number, title, day, gone in work.session.execute(rulings)},
        **{
            number: Named(title, day, source, gone)
            for number, title, day, source, gone in work.session.execute(externals)
        },
    }


def make_collection(work: Work, *, title: str, description: str = "", shared: bool = False) -> Collection:
    """Begin a collection."""
    account, organisation = work.actor.account_id, work.actor.organisation_id
    if account is None or organisation is None:
        raise NotVisible("collection")
    if (work.session.scalar(select(func.count()).select_from(Collection).where(_own(work))) or 0) >= MOST_COLLECTIONS:
        raise Invalid({"titel": [TOO_MANY]})
    made = Collection(
        account_id=account,
        organisation_id=organisation,
        title=title,
        description=description,
        shared=shared,
        created_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    return made


def change_collection(work: Work, identity: int, *, title: str, description: str, shared: bool) -> Collection:
    """Call it otherwise, or share it with colleagues or no longer."""
    found = collection_of_owner(work, identity)
    found.title, found.description, found.shared = title, description, shared
    return found


def drop_collection(work: Work, identity: int) -> None:
    """Throw a collection away, with the notes in it; what was kept in it stays where it is."""
    found = collection_of_owner(work, identity)
    work.session.execute(delete(CollectionItem).where(CollectionItem.collection_id == found.id))
    work.session.delete(found)


def add_to_collection(work: Work, collection: Collection, *, number: str, note: str = "") -> None:
    """Keep something in a collection; what was in it already gets the new note."""
    if number not in named_things(work, [number]):
        raise Invalid({"nummer": [NOT_KNOWN]})
    of_collection = CollectionItem.collection_id == collection.id
    known = work.session.scalars(select(CollectionItem).where(of_collection, CollectionItem.number == number)).first()
    if known is not None:
        known.note = note or known.note
        return
    if (work.session.scalar(select(func.count()).select_from(CollectionItem).where(of_collection)) or 0) >= MOST_ITEMS:
        raise Invalid({"verzameling": [FULL]})
    work.session.add(CollectionItem(collection_id=collection.id, number=number, note=note, added_at=work.now))


def take_from_collection(work: Work, identity: int, item_id: int) -> None:
    """Take something out of one's own collection."""
    found = collection_of_owner(work, identity)
    of_collection = CollectionItem.collection_id == found.id
    work.session.execute(delete(CollectionItem).where(of_collection, CollectionItem.id == item_id))


def _one(work: Work, identity: int, condition: ColumnElement[bool]) -> Collection:
    found = work.session.scalars(select(Collection).where(Collection.id == identity, condition)).one_or_none()
    if found is None:
        raise NotVisible(str(identity))
    return found


def _own(work: Work) -> ColumnElement[bool]:
    return Collection.account_id == (work.actor.account_id or 0)


def _readable(work: Work) -> ColumnElement[bool]:
    """One's own, and what a colleague shares with the organisation for which it was made."""
    of_colleagues = Collection.shared & (Collection.organisation_id == (work.actor.organisation_id or 0))
    return _own(work) | of_colleagues
