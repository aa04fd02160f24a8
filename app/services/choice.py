"""What can be chosen in a form at this moment: people by role, meetings, precedents, organisations."""

from collections.abc import Callable, Sequence
from textwrap import shorten

from sqlalchemy import select

from app.config import value_list
from app.db.account import Account, Grant
from app.db.body import Body
from app.db.case import Case
from app.db.meeting import AgendaItem, Meeting
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Attachment, Process
from app.db.publication import Publication, View
from app.domain.access import COMMISSION_ROLES, FOR_PEOPLE, may_grant
from app.services.collection import own_collections
from app.services.effects.intake import open_points
from app.services.meeting import deputies, open_action_points
from app.services.notice import people_with_role
from app.services.redaction import passages_of, staying_out
from app.services.sitting import in_office, meeting_of
from app.services.work import Work

Choices = Sequence[tuple[str, str]]
MOST = 200
SHOWN = 80


def options(work: Work, process: Process | None = None) -> Callable[[str], Choices]:
    """The choices of a source, by the name that a form gives it; the process that the form is about is none of them."""
    known: dict[str, Choices] = {}

    def choices(source: str) -> Choices:
        if source not in known:
            found = OF_PROCESS[source](work, process) if source in OF_PROCESS else SOURCES[source](work)
            known[source] = [one for one in found if process is None or one[0] != process.number]
        return known[source]

    return choices


def _points(work: Work, process: Process | None) -> Choices:
    """The points that the reporter is asked to answer."""
    if not isinstance(process, Case):
        return []
    return [(str(place), point.question) for place, point in enumerate(open_points(work, process))]


def _members(work: Work, process: Process | None) -> Choices:
    """Who has a seat in the body that meets, or that met last about a case."""
    meeting = meeting_of(work, process) if process is not None else None
    if meeting is None:
        return _people(*COMMISSION_ROLES)(work)
    seats = {seat.account_id for seat in in_office(work, meeting.body_id, meeting.day) if seat.role in COMMISSION_ROLES}
    query = select(Account.email, Account.name).where(Account.id.in_(seats)).order_by(Account.name)
    return [(email, name) for email, name in work.session.execute(query)]


def _agenda(work: Work, process: Process | None) -> Choices:
    """The items of a meeting in their order, as far as the actor may see them."""
    if not isinstance(process, Meeting):
        return []
    query = select(AgendaItem).where(AgendaItem.meeting_id == process.id).order_by(AgendaItem.position, AgendaItem.id)
    return _numbered(work.session.scalars(query).all())


def _deputies(work: Work, process: Process | None) -> Choices:
    """Who can take the seat of an absent member in a meeting."""
    if not isinstance(process, Meeting):
        return []
    query = select(Account.email, Account.name).where(Account.id.in_(deputies(work, process))).order_by(Account.name)
    return [(email, name) for email, name in work.session.execute(query)]


def _action_points(work: Work, process: Process | None) -> Choices:
    """What a meeting agreed that was not done yet."""
    if not isinstance(process, Meeting):
        return []
    return [(str(point.id), point.text) for point in open_action_points(work, process)]


def _attachments(work: Work, process: Process | None) -> Choices:
    """The files of the case that a publication is about, as far as the actor may see them."""
    if not isinstance(process, Publication):
        return []
    query = select(Attachment).where(Attachment.process_id == process.case_id, ~Attachment.internal)
    return [(str(one.id), one.title or one.name) for one in work.session.scalars(query.order_by(Attachment.id))]


def _passages(work: Work, process: Process | None) -> Choices:
    """The passages that stay out of a publication."""
    if not isinstance(process, Publication):
        return []
    return [(str(row.id), f"{row.passage} ({row.ground})") for row in staying_out(passages_of(work, process))]


def _views(work: Work, process: Process | None) -> Choices:
    """What parties said of a publication."""
    if not isinstance(process, Publication):
        return []
    query = (
        select(View.id, View.text, Organisation.name)
        .outerjoin(Organisation, Organisation.id == View.organisation_id)
        .where(View.publication_id == process.id)
        .order_by(View.id)
    )
    return [
        (str(identity), f"{name or 'Partij'}: {shorten(text, SHOWN, placeholder='…')}")
        for identity, text, name in work.session.execute(query)
    ]


OF_PROCESS: dict[str, Callable[[Work, Process | None], Choices]] = {
    "attachments": _attachments,
    "passages": _passages,
    "views": _views,
    "points": _points,
    "members": _members,
    "agenda": _agenda,
    "deputies": _deputies,
    "action_points": _action_points,
}


def _people(*roles: str) -> Callable[[Work], Choices]:
    def choices(work: Work) -> Choices:
        found = {account.id: account for role in roles for account in people_with_role(work, role)}
        return [(account.email, account.name) for account in found.values()]

    return choices


def _accounts(work: Work) -> Choices:
    query = (
        select(Account.email, Account.name)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.active, Grant.ended_at.is_(None), Grant.organisation_id.is_(None))
        .distinct()
        .order_by(Account.name)
        .limit(MOST)
    )
    return [(email, name) for email, name in work.session.execute(query)]


def _meetings(work: Work) -> Choices:
    query = (
        select(Meeting).where(Meeting.day >= work.today, Meeting.began_at.is_(None)).order_by(Meeting.day).limit(MOST)
    )
    return [(meeting.number, meeting.title) for meeting in work.session.scalars(query)]


def _precedents(work: Work) -> Choices:
    query = (
        select(Precedent)
        .where(Precedent.in_force_from.is_not(None), Precedent.in_force_until.is_(None))
        .order_by(Precedent.id.desc())
        .limit(MOST)
    )
    return _numbered(work.session.scalars(query).all())


def _rulings(work: Work) -> Choices:
    return _numbered(work.session.scalars(select(Precedent).order_by(Precedent.id.desc()).limit(MOST)).all())


def _cases(work: Work) -> Choices:
    query = select(Case).where(Case.main_id.is_(None)).order_by(Case.changed_at.desc()).limit(MOST)
    return _numbered(work.session.scalars(query).all())


def _organisations(work: Work) -> Choices:
    query = select(Organisation).where(Organisation.joined).order_by(Organisation.name).limit(MOST)
    return [(row.tooi_uri or row.name, row.name) for row in work.session.scalars(query)]


def _collections(work: Work) -> Choices:
    return [(str(one.id), one.title) for one in own_collections(work)]


def _bodies(work: Work) -> Choices:
    return [(body.code, body.name) for body in work.session.scalars(select(Body).order_by(Body.name))]


def _roles(work: Work) -> Choices:
    """The roles that the actor may give to people of the own organisation, or of any."""
    labels = value_list("rol")
    organisations = {grant.organisation_id for grant in work.actor.grants} | {work.actor.organisation_id}
    return [
        (role, label)
        for role, label in labels.items()
        if any(may_grant(work.actor, role, account_id=0, organisation_id=one) for one in organisations)
    ]


def _system_roles(work: Work) -> Choices:
    """The roles for a system: what is not for people alone."""
    return [(role, label) for role, label in _roles(work) if role not in FOR_PEOPLE]


def _numbered(processes: Sequence[Process]) -> Choices:
    return [(process.number, f"{process.number} {process.title}") for process in processes]


SOURCES: dict[str, Callable[[Work], Choices]] = {
    "handlers": _people("behandelaar"),
    "advisers": _people("deskundige", "fg"),
    "rapporteurs": _people("ccg_lid", "ccg_plv"),
    "accounts": _accounts,
    "meetings": _meetings,
    "precedents": _precedents,
    "rulings": _rulings,
    "bodies": _bodies,
    "collections": _collections,
    "roles": _roles,
    "system_roles": _system_roles,
    "notices": lambda _: [("direct", "Meteen"), ("dagelijks", "Eén keer per dag"), ("uit", "Geen mail")],
    "cases": _cases,
    "organisations": _organisations,
}
