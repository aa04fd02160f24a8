"""Bodies and who has a seat in them: what everybody with an account may know, and making a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from app.db.account import Account
from app.db.body import Body, Membership, OtherPosition, RulesOfProcedure, Substitution
from app.db.organisation import Organisation
from app.domain import procedure
from app.domain.access import (
    ADMINISTRATOR_ROLE,
    CHAIR_ROLE,
    DEPUTY_ROLE,
    MEMBER_ROLE,
    SECRETARY_ROLE,
    Grant,
)
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.domain.meeting import KADERWET, Rules
from app.services.sitting import RULES, rules_in_force
from app.services.work import Work

RESERVED = frozenset({"nieuw"})
"""What stands in an address where the code of a body could stand."""


class Place(NamedTuple):
    """A kind of seat: with which role, whether as a deputy of it, and whether it may have a vote."""

    role: str
    deputy: bool
    votes: bool


PLACES: Mapping[str, Place] = {
    "voorzitter": Place(CHAIR_ROLE, deputy=False, votes=True),
    "plv_voorzitter": Place(CHAIR_ROLE, deputy=True, votes=False),
    "lid": Place(MEMBER_ROLE, deputy=False, votes=True),
    "plv_lid": Place(DEPUTY_ROLE, deputy=False, votes=False),
    "secretaris": Place(SECRETARY_ROLE, deputy=False, votes=False),
    "plv_secretaris": Place(SECRETARY_ROLE, deputy=True, votes=False),
}
"""What the codes of the value list `zetel` mean. Only chair and members vote, after the model of BWBR0042823."""


class Position(NamedTuple):
    """What a member does or did elsewhere."""

    id: int
    account_id: int
    organisation: str
    title: str
    since: date
    until: date | None


class Member(NamedTuple):
    """Somebody with a seat: coming, taken or ended."""

    seat: Membership
    place: str
    name: str
    organisation: str
    positions: Sequence[Position]


class Replacement(NamedTuple):
    """Who sits for whom in a period."""

    row: Substitution
    absent: str
    substitute: str


class RulesVersion(NamedTuple):
    """A version of the rules of procedure, and what it changed in the one before."""

    row: RulesOfProcedure
    changes: Sequence[tuple[procedure.Rule, procedure.Rule]]


@dataclass(frozen=True, slots=True)
class BodyOverview:
    """What everybody with an account may know of a body."""

    body: Body
    in_office: Sequence[Member]
    coming: Sequence[Member]
    alumni: Sequence[Member]
    substitutions: Sequence[Replacement]
    rules: Sequence[procedure.Rule]
    version: RulesOfProcedure | None
    versions: Sequence[RulesVersion]


def bodies(work: Work) -> list[tuple[Body, int]]:
    """Every body with how many members it has today, the central one first."""
    seats = work.session.scalars(select(Membership)).all()
    taken = [seat.body_id for seat in seats if _is_taken(seat, work.today) and seat.votes]
    found = work.session.scalars(select(Body).order_by(Body.central.desc(), Body.name))
    return [(body, taken.count(body.id)) for body in found]


def body_with_code(work: Work, code: str) -> Body:
    """The body with this code; `NotVisible` without one."""
    body = work.session.scalars(select(Body).filter_by(code=code)).one_or_none()
    if body is None:
        raise NotVisible(code)
    return body


def create_body(work: Work, *, code: str, name: str, body_kind: str) -> Body:
    """Make a body, which begins without members and with the rules of the Kaderwet."""
    if not may_administer(work):
        raise NotPermitted("a body is made by the administrator")
    if code in RESERVED or work.session.scalar(select(Body.id).filter_by(code=code)) is not None:
        raise Invalid({"code": ["Deze korte naam is al in gebruik. Kies een andere."]})
    body = Body(code=code, name=name, body_kind=body_kind)
    work.session.add(body)
    work.session.flush()
    return body


def body_overview(work: Work, body: Body) -> BodyOverview:
    """Members by their seat, substitutions and the rules of procedure with their earlier versions."""
    members = _members(work, body)
    version = rules_in_force(work, body.id, work.today)
    return BodyOverview(
        body=body,
        in_office=[one for one in members if _is_taken(one.seat, work.today)],
        coming=[one for one in members if one.seat.since > work.today],
        alumni=[one for one in members if one.seat.until is not None and one.seat.until < work.today],
        substitutions=_substitutions(work, body),
        rules=procedure.sentences(values_of(version), chosen=version is not None),
        version=version,
        versions=_versions(work, body),
    )


def hold(work: Work, body: Body) -> None:
    """Let one person at a time decide who sits in a body; what is checked then still holds when it is written."""
    work.session.execute(select(Body.id).where(Body.id == body.id).with_for_update())


def may_administer(work: Work) -> bool:
    """May make bodies, and appoint others to them."""
    return ADMINISTRATOR_ROLE in work.actor.roles


def scope_id(body: Body) -> int | None:
    """The scope of a role in this body: the roles of the central one hold without a scope."""
    return None if body.central else body.id


def holds(work: Work, body: Body, *roles: str) -> bool:
    """The actor has one of these roles in this body."""
    return any(Grant(role, None, scope_id(body)) in work.actor.grants for role in roles)


def place_of(seat: Membership) -> str:
    """The code of the value list `zetel` for a seat."""
    return next(code for code, place in PLACES.items() if (place.role, place.deputy) == (seat.role, seat.deputy))


def values_of(version: RulesOfProcedure | None) -> Rules:
    """The rules themselves; where a body has none of its own, those of the Kaderwet."""
    return Rules(**{name: getattr(version, name) for name in RULES}) if version else KADERWET


def _is_taken(seat: Membership, day: date) -> bool:
    return seat.since <= day and (seat.until is None or seat.until >= day)


def _members(work: Work, body: Body) -> list[Member]:
    query = (
        select(Membership, Account.name, Organisation.name)
        .join(Account, Account.id == Membership.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Membership.body_id == body.id)
        .order_by(Membership.since, Account.name, Membership.id)
    )
    rows = work.session.execute(query).all()
    positions = _positions(work, [seat.account_id for seat, _, _ in rows])
    order = list(PLACES)
    found = [
        Member(
            seat, place_of(seat), name, organisation, [one for one in positions if one.account_id == seat.account_id]
        )
        for seat, name, organisation in rows
    ]
    return sorted(found, key=lambda one: order.index(one.place))


def _positions(work: Work, account_ids: Sequence[int]) -> list[Position]:
    query = (
        select(
            OtherPosition.id,
            OtherPosition.account_id,
            Organisation.name,
            OtherPosition.position_title,
            OtherPosition.since,
            OtherPosition.until,
        )
        .join(Organisation, Organisation.id == OtherPosition.organisation_id)
        .where(OtherPosition.account_id.in_(account_ids))
        .order_by(OtherPosition.since.desc(), OtherPosition.id)
    )
    return [Position(*row) for row in work.session.execute(query)]


def _substitutions(work: Work, body: Body) -> list[Replacement]:
    query = select(Substitution).where(Substitution.body_id == body.id)
    rows = work.session.scalars(query.order_by(Substitution.since.desc(), Substitution.id.desc())).all()
    ids = {account_id for row in rows for account_id in (row.absent_id, row.substitute_id)}
    names = dict(work.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids))).all())
    return [Replacement(row, names[row.absent_id], names[row.substitute_id]) for row in rows]


def _versions(work: Work, body: Body) -> list[RulesVersion]:
    """Every version, the newest first."""
    query = select(RulesOfProcedure).where(RulesOfProcedure.body_id == body.id).order_by(RulesOfProcedure.version)
    rows = work.session.scalars(query).all()
    before = [None, *rows]
    found = [
        RulesVersion(row, procedure.changes(values_of(old), values_of(row)) if old else ())
        for old, row in zip(before, rows, strict=False)
    ]
    return found[::-1]
