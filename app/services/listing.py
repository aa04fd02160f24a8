"""Lists of processes: filtered, ordered, a stretch at a time, for everybody the same fixed number of queries."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from app.db.account import Account, Grant
from app.db.case import TYPE, Case, CaseLaw, Facet, Party
from app.db.organisation import Organisation
from app.db.process import Audience, Follower, Process
from app.db.report import Report
from app.db.structural import Structural
from app.domain import access
from app.domain.errors import Invalid
from app.domain.priority import MANY, MANY_WHEN_STRUCTURAL
from app.services.facts import SUCCESSOR_FIELD
from app.services.work import Work

NOT_A_PLACE = "Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."
STRETCH, LONGEST = 25, 100
COUNTED = 1000
"""Counting stops here: a list says "more than 1,000" and costs the same with a million rows."""
EXAMINED = 2000
"""So many keys to cases are looked at to count the cases of an organisation; most cases have two."""


class Row(NamedTuple):
    """What a list shows of a process: columns of the narrow table, and nothing else."""

    id: int
    kind: str
    version: int
    number: str
    title: str
    state: str
    organisation: str | None
    tooi_uri: str | None
    due: date | None
    held: bool
    extended: bool
    turn: str | None
    owner_id: int | None
    changed_at: datetime
    demonstration: bool
    case_id: int | None


class Part(NamedTuple):
    """Rows of a list, and the cursor of what comes after them."""

    rows: Sequence[Row]
    following: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a list, the cursor of the next one, and the capped count: at least so many where it is capped."""

    rows: Sequence[Row]
    following: str | None
    total: int
    capped: bool

    @property
    def least(self) -> int:
        """How many there are at least: beyond what is counted there is one more."""
        return self.total + (self.capped and self.total == COUNTED)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; what is empty narrows nothing."""

    kind: str | None = None
    states: Sequence[str] = ()
    types: Sequence[str] = ()
    organisation: str | None = None
    law: str | None = None
    late: bool = False
    words: str | None = None
    waiting: bool = False
    following: bool = False
    organisation_ids: Sequence[int] = ()
    case: str | None = None
    heavy: bool = False


# How a list can be ordered: the column, and whether the highest comes first.
ORDERS: Mapping[str, tuple[Any, bool]] = {
    "gewijzigd": (Process.changed_at, True),
    "termijn": (Process.due, False),
    "nummer": (Process.number, False),
}


def processes(
    work: Work,
    filters: Filters,
    *,
    order: str = "gewijzigd",
    after: str | None = None,
    amount: int = STRETCH,
) -> Stretch:
    """A stretch of the processes that the actor may see; raises `Invalid` for an order or cursor that is not ours."""
    if not 1 <= amount <= LONGEST:
        raise Invalid({"aantal": [f"Kies een getal van 1 tot en met {LONGEST}."]})
    conditions = _conditions(work, filters, order)
    rows, following = _part(work, conditions, order=order, after=after, amount=amount)
    counted, every = _count(work, filters.kind, conditions)
    # Where not every case was looked at, there are at least those that are shown.
    total = counted if every else max(counted, len(rows))
    return Stretch(rows, following, min(total, COUNTED), total > COUNTED or not every)


def part_of_table(work: Work, filters: Filters, *, order: str, after: str | None, amount: int) -> Part:
    """The same for a table, of which nobody asks how long it is; raises what `processes` does."""
    return _part(work, _conditions(work, filters, order), order=order, after=after, amount=amount)


def _part(work: Work, conditions: Sequence[ColumnElement[bool]], *, order: str, after: str | None, amount: int) -> Part:
    column, descending = ORDERS[order]
    query = _COLUMNS.where(*conditions)
    if after is not None:
        place = tuple_(column, Process.id)
        known = _read_cursor(after, order)
        query = query.where(place < known if descending else place > known)
    sort = (column.desc(), Process.id.desc()) if descending else (column, Process.id)
    found = [Row._make(row) for row in work.session.execute(query.order_by(*sort).limit(amount + 1))]
    return Part(found[:amount], _cursor(found[amount - 1], order) if len(found) > amount else None)


def waiting_conditions(work: Work) -> ColumnElement[bool]:
    """What waits for the actor: the turn is that of one of the actor's roles, within the scope of that role."""
    actor = work.actor
    mine = false() if actor.owner_as is None else Process.owner_id == actor.owner_as
    anywhere = [role for role in actor.roles if role not in access.ORGANISATION_ROLES | access.PERSONAL_ROLES]
    # Who holds a process is asked; without a holder everybody with the role is.
    own: list[ColumnElement[bool]] = [
        Process.turn.in_(anywhere) & or_(Process.owner_id.is_(None), mine, ~_owner_has_turn())
    ]
    own.extend(_turn_of_organisation(grant) for grant in actor.grants if grant.role in access.ORGANISATION_ROLES)
    if actor.owner_as is not None:
        own.append(Process.turn.in_(access.PERSONAL_ROLES) & mine)
        own.append((Process.turn == access.SUCCESSOR_ROLE) & _names_as_successor(actor.owner_as))
    return or_(false(), *own)


def _owner_has_turn() -> ColumnElement[bool]:
    """The owner has the role whose turn it is; otherwise the turn is that of the role as a whole."""
    return exists(
        select(Grant.id).where(
            Grant.account_id == Process.owner_id, Grant.role == Process.turn, Grant.ended_at.is_(None)
        )
    )


def _names_as_successor(account_id: int) -> ColumnElement[bool]:
    """The transfer that waits is to this person."""
    named = Process.pending_answers[SUCCESSOR_FIELD].as_string()
    return func.lower(named) == select(Account.email).where(Account.id == account_id).scalar_subquery()


def _turn_of_organisation(grant: access.Grant) -> ColumnElement[bool]:
    turns = {grant.role}
    if grant.role == access.COORDINATOR_ROLE:
        turns.add(access.REPORTER_ROLE)
    own = Process.turn.in_(turns) & (Process.organisation_id == grant.organisation_id)
    party = exists(
        select(Party.id).where(
            Party.case_id == func.coalesce(Process.case_id, Process.id),
            Party.organisation_id == grant.organisation_id,
            Party.invited_at.is_not(None),
            Party.agreed.is_(None),
        )
    )
    return own | ((Process.turn == access.PARTY_ROLE) & party)


# What every list shows, made once.
_COLUMNS = select(
    Process.id,
    Process.kind,
    Process.version,
    Process.number,
    Process.title,
    Process.state,
    Organisation.name,
    Organisation.tooi_uri,
    Process.due,
    Process.held_since.is_not(None),
    Process.extended,
    Process.turn,
    Process.owner_id,
    Process.changed_at,
    Process.demonstration,
    Process.case_id,
).outerjoin(Organisation, Organisation.id == Process.organisation_id)


def _conditions(work: Work, filters: Filters, order: str) -> list[ColumnElement[bool]]:
    """What each filter that was given asks of a row; who orders by term asks what has one."""
    if order not in ORDERS:
        raise Invalid({"sorteer": [f"Kies een van: {', '.join(ORDERS)}."]})
    asked: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
        (filters.kind, lambda: Process.kind == filters.kind),
        (filters.states, lambda: Process.state.in_(filters.states)),
        (filters.law, lambda: _of_law(filters.law or "")),
        (filters.organisation, lambda: _of_organisation(work, filters.organisation or "")),
        (filters.organisation_ids, lambda: Process.organisation_id.in_(filters.organisation_ids)),
        (filters.late, lambda: Process.due < work.today),
        (filters.words, lambda: Process.title.icontains(filters.words or "", autoescape=True)),
        (filters.waiting, lambda: waiting_conditions(work)),
        (filters.following, lambda: _followed(work)),
        (filters.case, lambda: _of_case(filters.case or "")),
        (filters.heavy, _heavy),
        (order == "termijn", lambda: Process.due.is_not(None)),
    ]
    return [condition() for given, condition in asked if given] + [_of_type(value) for value in filters.types]


def _of_type(value: str) -> ColumnElement[bool]:
    facet = select(Facet.case_id).where(Facet.case_id == Process.id, Facet.facet == TYPE, Facet.value == value)
    return exists(facet)


def _followed(work: Work) -> ColumnElement[bool]:
    follower = select(Follower.process_id).where(
        Follower.process_id == Process.id, Follower.account_id == work.actor.account_id
    )
    return exists(follower)


def _of_law(law: str) -> ColumnElement[bool]:
    """A law by its identifier, or an article of it: `BWBR0031331` or `BWBR0031331:3`."""
    identifier, _, article = law.partition(":")
    query = select(CaseLaw.id).where(CaseLaw.case_id == Process.id, CaseLaw.identifier == identifier)
    return exists(query.where(CaseLaw.article == article) if article else query)


def _of_case(number: str) -> ColumnElement[bool]:
    """What hangs from a case that the actor may see."""
    case = aliased(Process)
    return Process.case_id.in_(select(case.id).where(case.number == number))


def _heavy() -> ColumnElement[bool]:
    """The cases that weigh heavily by how many organisations they hit, as `domain/priority.py` has it."""
    table = Case.__table__
    main = func.coalesce(table.c.main_id, table.c.id)
    hit = func.count(Report.organisation_id.distinct())
    found = select(main).select_from(Report).join(table, table.c.id == Report.case_id).group_by(main)
    lasting = select(Structural.case_id).where(Structural.ended_at.is_(None))
    by_many = Process.id.in_(found.having(hit >= MANY))
    return by_many | (Process.id.in_(lasting) & Process.id.in_(found.having(hit >= MANY_WHEN_STRUCTURAL)))


def _of_organisation(work: Work, organisation: str) -> ColumnElement[bool]:
    """An organisation by its TOOI address or its name, as reporter, or as party where the actor may read the file."""
    known = select(Organisation.id).where(
        or_(Organisation.tooi_uri == organisation, func.lower(Organisation.name) == organisation.lower())
    )
    party = exists(
        select(Party.id).where(Party.case_id == Process.id, Party.organisation_id.in_(known.scalar_subquery()))
    )
    return Process.organisation_id.in_(known) | (party & _reads_file(work))


def _reads_file(work: Work) -> ColumnElement[bool]:
    """The actor is involved, and does not only know that the bottleneck exists."""
    if work.actor.is_system:
        return true()
    keys = sorted(access.reader_keys(work.actor) - {access.OFFICIALS})
    return exists(select(Audience.process_id).where(Audience.process_id == Process.id, Audience.key.in_(keys)))


def _count(work: Work, kind: str | None, conditions: Sequence[ColumnElement[bool]]) -> tuple[int, bool]:
    """How many there are, to one more than is told, and whether every case was looked at that may be among them."""
    query = select(Process.id).where(*conditions)
    everything: ColumnElement[bool] = true()
    if kind is not None and work.actor.roles <= access.ORGANISATION_ROLES:
        # Who sees the cases of an organisation sees few: counting begins with those, and not with the register. Of an
        # organisation with very many it looks at some, so that a list costs no more when there are more.
        own = _own_and_public(work, kind).limit(EXAMINED + 1).cte("own")
        query = query.where(Process.id.in_(select(own.c.process_id)))
        everything = select(func.count() <= EXAMINED).select_from(own).scalar_subquery()
    capped = query.limit(COUNTED + 1).subquery()
    counted, every = work.session.execute(select(func.count(), everything).select_from(capped)).one()
    return counted, bool(every)


def _own_and_public(work: Work, kind: str) -> CompoundSelect[tuple[int]]:
    """The ids of which those that the actor sees are a part; the filter of the session still says which."""
    table = Process.__table__
    own = select(Audience.process_id).where(Audience.key.in_(access.reader_keys(work.actor)))
    return union_all(own, select(table.c.id).where(table.c.kind == kind, table.c.public))


def _cursor(row: Row, order: str) -> str:
    value = {"gewijzigd": row.changed_at, "termijn": row.due, "nummer": row.number}[order]
    text = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(json.dumps([order, text, row.id]).encode()).decode().rstrip("=")


HIGHEST = 2**31
"""Above this no row has a number."""

READ: Mapping[str, Callable[[str], Any]] = {
    "gewijzigd": datetime.fromisoformat,
    "termijn": date.fromisoformat,
    "nummer": str,
}


def _read_cursor(cursor: str, order: str) -> Any:
    try:
        kind, text, identity = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value, place = READ[order](text), int(identity)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise Invalid({"na": [NOT_A_PLACE]}) from error
    if kind != order or not 0 < place < HIGHEST or not _can_be_asked(value):
        raise Invalid({"na": [NOT_A_PLACE]})
    return tuple_(literal(value, ORDERS[order][0].type), literal(place))


def _can_be_asked(value: Any) -> bool:
    """A database takes no moment without a zone, and no text with a sign that it cannot keep."""
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return not isinstance(value, str) or "\x00" not in value
