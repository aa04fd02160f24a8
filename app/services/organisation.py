"""The list of organisations: taken over from the government's own, and never emptied."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, or_, select

from app.db.organisation import Organisation
from app.domain.access import ADMINISTRATOR_ROLE
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.services.facts import KNOWN_PARTY
from app.services.work import Work


class Imported(NamedTuple):
    """How many organisations an import added and changed."""

    added: int
    changed: int


def import_organisations(work: Work, rows: Iterable[Mapping[str, str]]) -> Imported:
    """Add what is new and change what has another name or kind; each row has `tooi_uri`, `name` and `kind`.

    What is no longer in the list stays, because cases refer to it.
    """
    known = {row.tooi_uri: row for row in work.session.scalars(select(Organisation))}
    added = changed = 0
    for row in rows:
        organisation = known.get(row["tooi_uri"])
        if organisation is None:
            work.session.add(Organisation(tooi_uri=row["tooi_uri"], name=row["name"], kind=row["kind"]))
            added += 1
        elif (organisation.name, organisation.kind) != (row["name"], row["kind"]):
            organisation.name, organisation.kind = row["name"], row["kind"]
            changed += 1
    work.session.flush()
    return Imported(added, changed)


MOST, STRETCH, COUNTED = 25, 100, 1000


def names_like(work: Work, typed: str) -> Sequence[str]:
    """The names that contain what is typed, those that begin with it first."""
    typed = typed.strip()
    if len(typed) < 2:
        return []
    query = (
        select(Organisation.name)
        .where(Organisation.name.icontains(typed, autoescape=True), Organisation.ended_on.is_(None))
        .order_by(Organisation.name)
        .limit(200)
    )
    found = work.session.scalars(query).all()
    return sorted(found, key=lambda name: (not name.lower().startswith(typed.lower()), name))[:MOST]


def organisations(
    work: Work, *, words: str | None = None, after: int = 0, joined: bool = False
) -> Sequence[Organisation]:
    """A stretch of the list, in the order in which it was loaded."""
    query = select(Organisation).where(Organisation.id > after).order_by(Organisation.id).limit(STRETCH)
    if words:
        query = query.where(Organisation.name.icontains(words, autoescape=True))
    if joined:
        query = query.where(Organisation.joined)
    return work.session.scalars(query).all()


def organisation_with(work: Work, organisation_id: int) -> Organisation:
    """One organisation of the list."""
    organisation = work.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotVisible(str(organisation_id))
    return organisation


def set_joined(work: Work, organisation: Organisation, *, joined: bool, needs_approval: bool) -> None:
    """Let an organisation take part, and say whether its coordinator sends the reports."""
    if ADMINISTRATOR_ROLE not in work.actor.roles:
        raise NotPermitted("only an administrator lets organisations join")
    organisation.joined = joined
    organisation.needs_approval = needs_approval


def add_known_parties(work: Work, names: Iterable[str]) -> None:
    """Add the private parties and kinds of parties that reports may name without a trade number."""
    known = set(work.session.scalars(select(Organisation.name).where(Organisation.tooi_uri.is_(None))))
    new = (name for name in names if name not in known)
    work.session.add_all(Organisation(name=name, kind=KNOWN_PARTY) for name in new)
    work.session.flush()


class OrganisationStretch(NamedTuple):
    """A stretch of the list, the place where the next begins, and the capped count."""

    rows: Sequence[Organisation]
    following: str | None
    total: int
    capped: bool


def listed_organisations(
    work: Work, *, words: str | None = None, joined: bool = False, after: str | None = None, amount: int = MOST
) -> OrganisationStretch:
    """The organisations of the list and who takes part, in the order in which they came; no private parties.

    Raises `Invalid` for a place that is not in the list.
    """
    query = select(Organisation).where(or_(Organisation.tooi_uri.is_not(None), Organisation.joined))
    if words:
        query = query.where(Organisation.name.icontains(words, autoescape=True))
    if joined:
        query = query.where(Organisation.joined)
    counted = query.with_only_columns(Organisation.id).limit(COUNTED + 1).subquery()
    total = work.session.scalar(select(func.count()).select_from(counted)) or 0
    if after is not None:
        query = query.where(Organisation.id > _place(after))
    rows = work.session.scalars(query.order_by(Organisation.id).limit(amount + 1)).all()
    following = str(rows[amount - 1].id) if len(rows) > amount else None
    return OrganisationStretch(rows[:amount], following, min(total, COUNTED), total > COUNTED)


def _place(after: str) -> int:
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise Invalid({"na": ["Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."]})
    return int(after)
