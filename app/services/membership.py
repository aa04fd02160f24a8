"""Terms of office: appointing to a seat, ending it, and the role that comes and goes with it."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.db.account import Account, Grant
from app.db.body import Body, Membership
from app.domain.access import CHAIR_ROLE, may_grant
from app.domain.calendar import AMSTERDAM
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.services.account import (
    NOT_FOR_SYSTEM,
    check_key,
    end_grant_as_operator,
    grant_as_operator,
    is_of_system,
)
from app.services.body import PLACES, Place, hold, may_administer, scope_id
from app.services.sitting import covers
from app.services.withholding import ask_about_open_items
from app.services.work import Work

LONGEST_YEARS = 4
"""Kaderwet adviescolleges, article 11."""


def appoint(
    work: Work,
    body: Body,
    *,
    email: str,
    place: str,
    since: date,
    until: date | None = None,
    votes: bool | None = None,
) -> Membership:
    """Give somebody a seat for a term, with its role; nobody appoints themselves.

    Whoever comes in while items wait on an agenda is asked about interests before seeing them.
    """
    kind = PLACES[place]
    account = work.session.scalars(select(Account).where(Account.email == email, Account.active)).one_or_none()
    if account is None:
        raise Invalid({"email": ["Dit adres heeft hier geen account. Nodig deze persoon eerst uit."]})
    _check_permission(work, account, kind.role)
    if is_of_system(work, account):
        raise Invalid({"email": [NOT_FOR_SYSTEM]})
    if until is not None and until < since:
        raise Invalid({"tot": ["De laatste dag ligt voor de eerste. Kies een latere dag."]})
    if votes and not kind.votes:
        raise Invalid({"stemt": ["In deze functie heeft iemand geen stem. Alleen de voorzitter en de leden stemmen."]})
    hold(work, body)
    _check_room(work, body, account, place, since, until)
    seat = Membership(
        body_id=body.id,
        account_id=account.id,
        role=kind.role,
        votes=kind.votes if votes is None else votes,
        deputy=kind.deputy,
        since=since,
        until=until,
    )
    work.session.add(seat)
    work.session.flush()
    if since <= work.today and (until is None or until >= work.today):
        _give_role(work, seat, account, body)
    ask_about_open_items(work, None if body.central else body.id)
    return seat


def end_term(work: Work, seat: Membership, *, until: date) -> None:
    """End a term after its last day; the role goes with it, and so does being deputy chair."""
    account = work.session.get_one(Account, seat.account_id)
    _check_permission(work, account, seat.role)
    if until < seat.since:
        raise Invalid({"tot": ["Deze dag ligt voor het begin van de termijn. Kies een latere dag."]})
    if _has_passed(work, seat):
        raise Invalid({"tot": ["Deze termijn is al afgelopen."]})
    seat.until = until
    if seat.role != CHAIR_ROLE:
        for leaning in _seats_of(work, seat.body_id, seat.account_id):
            if leaning.role == CHAIR_ROLE and leaning.deputy and (leaning.until is None or leaning.until > until):
                leaning.until = max(until, leaning.since)
    work.session.flush()
    if until < work.today:
        _take_role(work, seat, account)


def may_end_term(work: Work, seat: Membership) -> bool:
    """The administrator ends the terms of others that have not passed."""
    return may_administer(work) and seat.account_id != work.actor.account_id and not _has_passed(work, seat)


def seat_with(work: Work, body: Body, seat_id: int) -> Membership:
    """A seat of this body; `NotVisible` otherwise."""
    seat = work.session.get(Membership, seat_id)
    if seat is None or seat.body_id != body.id:
        raise NotVisible(str(seat_id))
    return seat


def warning_about(seat: Membership) -> str | None:
    """What is unusual about a term, in a sentence; a body may decide otherwise than the Kaderwet."""
    if seat.until is None:
        return f"Deze termijn heeft geen einde. De Kaderwet gaat uit van {LONGEST_YEARS} jaar, met herbenoeming."
    if seat.until >= _years_later(seat.since):
        return f"Deze termijn is langer dan {LONGEST_YEARS} jaar. De Kaderwet gaat uit van {LONGEST_YEARS} jaar."
    return None


def settle_terms(work: Work) -> int:
    """Give the roles of terms that have begun and take those of terms that have ended; how many changed."""
    return _begin_terms(work) + _end_terms(work)


def _begin_terms(work: Work) -> int:
    """A role that was taken back by hand during the term is not given again."""
    begun = 0
    for seat, account, body in _seats(work, covers(Membership.since, Membership.until, work.today)):
        start = datetime.combine(seat.since, time(0), tzinfo=AMSTERDAM)
        if _gives_role(seat) and not _was_granted(work, seat, body, since=start):
            _give_role(work, seat, account, body)
            begun += 1
    return begun


def _end_terms(work: Work) -> int:
    ended = 0
    for seat, account, body in _seats(work, Membership.until < work.today):
        if _gives_role(seat) and _open_grants(work, seat, body) and _take_role(work, seat, account):
            ended += 1
    return ended


def _seats(work: Work, condition: ColumnElement[bool]) -> list[Any]:
    query = (
        select(Membership, Account, Body)
        .join(Account, Account.id == Membership.account_id)
        .join(Body, Body.id == Membership.body_id)
        .where(condition, Account.active)
        .order_by(Membership.id)
    )
    return [tuple(row) for row in work.session.execute(query)]


def _gives_role(seat: Membership) -> bool:
    """A deputy chair has the role only while standing in for the chair; a deputy secretary has it always."""
    return not (seat.deputy and seat.role == CHAIR_ROLE)


def _was_granted(work: Work, seat: Membership, body: Body, *, since: datetime) -> bool:
    query = select(Grant.id).where(
        Grant.account_id == seat.account_id,
        Grant.role == seat.role,
        Grant.body_id == scope_id(body) if scope_id(body) else Grant.body_id.is_(None),
        or_(Grant.ended_at.is_(None), Grant.granted_at >= since),
    )
    return work.session.scalar(query.limit(1)) is not None


def _open_grants(work: Work, seat: Membership, body: Body) -> bool:
    query = select(Grant.id).filter_by(
        account_id=seat.account_id, role=seat.role, body_id=scope_id(body), ended_at=None
    )
    return work.session.scalar(query.limit(1)) is not None


def _give_role(work: Work, seat: Membership, account: Account, body: Body) -> None:
    if _gives_role(seat):
        grant_as_operator(work, account, seat.role, body_id=scope_id(body))


def _take_role(work: Work, seat: Membership, account: Account) -> bool:
    """Take the role of a seat back, unless another seat gives it; whether it was taken."""
    held = _seats_of(work, seat.body_id, seat.account_id)
    if any(_gives_role(other) and other.role == seat.role for other in held if other.id != seat.id):
        return False
    body = work.session.get_one(Body, seat.body_id)
    end_grant_as_operator(work, account, seat.role, body_id=scope_id(body))
    return True


def _seats_of(work: Work, body_id: int, account_id: int) -> list[Membership]:
    """The seats that somebody has today in a body."""
    query = select(Membership).where(
        Membership.body_id == body_id,
        Membership.account_id == account_id,
        covers(Membership.since, Membership.until, work.today),
    )
    return list(work.session.scalars(query))


def _has_passed(work: Work, seat: Membership) -> bool:
    return seat.until is not None and seat.until < work.today


def _check_permission(work: Work, account: Account, role: str) -> None:
    if not may_grant(work.actor, role, account_id=account.id, organisation_id=account.organisation_id):
        raise NotPermitted(f"{role} is not yours to give or to take")
    check_key(work)


def _check_room(work: Work, body: Body, account: Account, place: str, since: date, until: date | None) -> None:
    """One chair at a time, one seat for each person; a deputy chair is a member as well."""
    kind = PLACES[place]
    query = select(Membership).where(
        Membership.body_id == body.id,
        or_(Membership.until.is_(None), Membership.until >= since),
        Membership.since <= (until or date.max),
    )
    taken = work.session.scalars(query).all()
    own = [seat for seat in taken if seat.account_id == account.id]
    if any((seat.role, seat.deputy) == (kind.role, kind.deputy) for seat in own):
        raise Invalid({"email": ["Deze persoon heeft deze functie in die tijd al."]})
    if kind.role == CHAIR_ROLE and not kind.deputy and _chaired(taken, kind):
        raise Invalid({"functie": ["In die tijd is er al een voorzitter. Beëindig eerst die termijn."]})
    if kind.role == CHAIR_ROLE and kind.deputy:
        if not any(seat.votes and seat.role != CHAIR_ROLE for seat in own):
            raise Invalid({"functie": ["Een plaatsvervangend voorzitter is ook lid. Benoem eerst als lid."]})
    elif any(not (seat.deputy and seat.role == CHAIR_ROLE) for seat in own):
        raise Invalid({"email": ["Deze persoon heeft in die tijd een andere functie hier. Beëindig die eerst."]})


def _chaired(taken: Any, kind: Place) -> bool:
    return any((seat.role, seat.deputy) == (kind.role, kind.deputy) for seat in taken)


def _years_later(since: date) -> date:
    """The first day after the longest term."""
    last = since.replace(day=28) if (since.month, since.day) == (2, 29) else since
    return last.replace(year=since.year + LONGEST_YEARS)
