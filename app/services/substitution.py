"""Substitution for absence: who takes the seat of whom in a period, with both names in the record."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from app.db.account import Account
from app.db.body import Body, Membership, Substitution
from app.domain.access import CHAIR_ROLE, DEPUTY_ROLE, MEMBER_ROLE, SECRETARY_ROLE
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.services.body import hold, holds
from app.services.work import Work

NOT_SEATED = "Deze persoon heeft in die tijd geen functie in dit orgaan waarvoor vervanging mogelijk is."
UNFIT = {
    CHAIR_ROLE: "De voorzitter wordt vervangen door een plaatsvervangend voorzitter of een lid.",
    MEMBER_ROLE: "Een lid wordt vervangen door een plaatsvervangend lid. Een ander lid kan niet twee keer stemmen.",
    SECRETARY_ROLE: "De secretaris wordt vervangen door een plaatsvervangend secretaris.",
}
"""The roles for which somebody can stand in, and what to do when it is the wrong person."""


def may_register(work: Work, body: Body) -> bool:
    """The chair and the secretary register for everybody, a member for the own absence."""
    return holds(work, body, SECRETARY_ROLE, CHAIR_ROLE, MEMBER_ROLE)


def register_substitution(
    work: Work, body: Body, *, absent: str, substitute: str, since: date, until: date, reason: str
) -> Substitution:
    """Keep who sits for whom; a substitute has a seat in the body and fills one other at a time."""
    gone, comes = _account(work, "afwezige", absent), _account(work, "vervanger", substitute)
    if not _may_register_for(work, body, gone.id):
        raise NotPermitted("substitution is registered by the chair, the secretary or who is absent")
    _check_period(work, since, until)
    if gone.id == comes.id:
        raise Invalid({"vervanger": ["Kies iemand anders dan wie afwezig is."]})
    seats = _seats(work, body, since, until)
    role = next((seat.role for seat in seats if seat.account_id == gone.id and _can_be_filled(seat)), None)
    if role is None:
        raise Invalid({"afwezige": [NOT_SEATED]})
    if not any(_fits(seat, role) for seat in seats if seat.account_id == comes.id):
        raise Invalid({"vervanger": [f"{UNFIT[role]} Kies iemand die in die hele tijd zo’n functie heeft."]})
    hold(work, body)
    _check_overlap(work, body, gone.id, comes.id, since, until)
    row = Substitution(
        body_id=body.id,
        absent_id=gone.id,
        substitute_id=comes.id,
        since=since,
        until=until,
        reason=reason,
        account_id=work.actor.account_id,
        at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def end_substitution(work: Work, body: Body, substitution_id: int) -> None:
    """Today is the last day; what has not begun yet is taken away as if it never was."""
    row = work.session.get(Substitution, substitution_id)
    if row is None or row.body_id != body.id or row.until < work.today:
        raise NotVisible(str(substitution_id))
    if not _may_register_for(work, body, row.absent_id):
        raise NotPermitted("substitution is ended by the chair, the secretary or who is absent")
    if row.since > work.today:
        work.session.delete(row)
    else:
        row.until = work.today


def may_end(work: Work, body: Body, row: Substitution) -> bool:
    """Whoever may register it may end it, as long as it runs."""
    return row.until >= work.today and _may_register_for(work, body, row.absent_id)


def people_in(work: Work, body: Body) -> list[tuple[str, str]]:
    """Who has a seat today or later, for the form."""
    query = (
        select(Account.email, Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.body_id == body.id, or_(Membership.until.is_(None), Membership.until >= work.today))
        .distinct()
        .order_by(Account.name)
    )
    return [(email, name) for email, name in work.session.execute(query)]


def _may_register_for(work: Work, body: Body, absent_id: int) -> bool:
    return holds(work, body, SECRETARY_ROLE, CHAIR_ROLE) or absent_id == work.actor.account_id


def _account(work: Work, field: str, email: str) -> Account:
    account = work.session.scalars(select(Account).where(Account.email == email, Account.active)).one_or_none()
    if account is None:
        raise Invalid({field: ["Kies iemand uit de lijst."]})
    return account


def _check_period(work: Work, since: date, until: date) -> None:
    if since < work.today:
        raise Invalid({"van": ["Een vervanging begint vandaag of later."]})
    if until < since:
        raise Invalid({"tot": ["De laatste dag ligt voor de eerste. Kies een latere dag."]})


def _seats(work: Work, body: Body, since: date, until: date) -> Sequence[Membership]:
    """The seats that are taken during the whole period."""
    query = select(Membership).where(
        Membership.body_id == body.id,
        Membership.since <= since,
        or_(Membership.until.is_(None), Membership.until >= until),
    )
    return work.session.scalars(query).all()


def _can_be_filled(seat: Membership) -> bool:
    return seat.role in UNFIT and not seat.deputy


def _fits(seat: Membership, role: str) -> bool:
    """Whether the holder of a seat can sit in a seat with a role."""
    if role == MEMBER_ROLE:
        return seat.role == DEPUTY_ROLE
    if role == CHAIR_ROLE and seat.role == MEMBER_ROLE:
        return seat.votes
    return seat.role == role and seat.deputy


def _check_overlap(work: Work, body: Body, absent_id: int, substitute_id: int, since: date, until: date) -> None:
    query = select(Substitution).where(
        Substitution.body_id == body.id, Substitution.since <= until, Substitution.until >= since
    )
    for row in work.session.scalars(query):
        if row.absent_id == absent_id:
            raise Invalid({"afwezige": ["In die tijd is er al een vervanger. Beëindig die vervanging eerst."]})
        if row.substitute_id == substitute_id:
            raise Invalid({"vervanger": ["Deze persoon vervangt in die tijd al iemand anders."]})
        if row.absent_id == substitute_id:
            raise Invalid({"vervanger": ["Deze persoon is in die tijd zelf afwezig."]})
        if row.substitute_id == absent_id:
            raise Invalid({"afwezige": ["Deze persoon vervangt in die tijd iemand anders. Beëindig dat eerst."]})
