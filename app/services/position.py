"""Other positions: what a member keeps of work elsewhere, now and before."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from app.db.body import Body, Membership, OtherPosition
from app.db.organisation import Organisation
from app.domain.errors import Invalid, NotVisible
from app.services.reference import organisation_named
from app.services.work import Work


def has_seat(work: Work, body: Body) -> bool:
    """The actor has a seat here, now or soon, and so keeps positions."""
    query = select(Membership.id).where(
        Membership.body_id == body.id,
        Membership.account_id == work.actor.account_id,
        or_(Membership.until.is_(None), Membership.until >= work.today),
    )
    return work.session.scalar(query.limit(1)) is not None


def check_seat(work: Work, body: Body) -> None:
    """For who has no seat there is no page of positions."""
    if not has_seat(work, body):
        raise NotVisible(body.code)


def own_positions(work: Work) -> Sequence[tuple[OtherPosition, Organisation]]:
    """The actor's own positions, the latest first."""
    query = (
        select(OtherPosition, Organisation)
        .join(Organisation, Organisation.id == OtherPosition.organisation_id)
        .where(OtherPosition.account_id == work.actor.account_id)
        .order_by(OtherPosition.since.desc(), OtherPosition.id)
    )
    return [(position, organisation) for position, organisation in work.session.execute(query)]


def own_position(work: Work, position_id: int) -> tuple[OtherPosition, Organisation]:
    """One of the actor's own positions; `NotVisible` for one of somebody else."""
    found = next((row for row in own_positions(work) if row[0].id == position_id), None)
    if found is None:
        raise NotVisible(str(position_id))
    return found


def keep_position(
    work: Work,
    *,
    organisation: dict[str, Any],
    title: str,
    since: date,
    until: date | None = None,
    position: OtherPosition | None = None,
) -> OtherPosition:
    """Add a position of the actor, or change the one that is given."""
    if until is not None and until < since:
        raise Invalid({"tot": ["De laatste dag ligt voor de eerste. Kies een latere dag."]})
    home = organisation_named(work, "organisatie", **organisation)
    if position is None:
        position = OtherPosition(
            account_id=work.actor.account_id or 0,
            organisation_id=home.id,
            position_title=title,
            since=since,
            until=until,
        )
        work.session.add(position)
    position.organisation_id, position.position_title = home.id, title
    position.since, position.until = since, until
    work.session.flush()
    return position
