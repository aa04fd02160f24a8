"""What a demonstration needs before its story can be told: organisations, accounts and a commission."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, select, update

from app.db.account import Account
from app.db.body import Body, Membership, OtherPosition, RulesOfProcedure
from app.db.meeting import Meeting
from app.db.notice import Notice, Outbox
from app.db.organisation import Organisation
from app.db.process import Process
from app.db.token import Token
from app.domain.access import Actor
from app.services.account import account_with_grants, create_account, grant_as_operator
from app.services.body import PLACES
from app.services.facts import FICTITIOUS
from app.services.membership import settle_terms
from app.services.notice import LETTER
from app.services.paper import BUNDLE, PAPER
from app.services.session import token_hash
from app.services.token import create_token
from app.services.work import Work

NOT_SENT = "voorbeeldgegevens: niet verstuurd"
NOT_DRAWN = "voorbeeldgegevens: pas gemaakt als iemand erom vraagt"


def join(work: Work, *, tooi_uri: str | None, name: str) -> None:
    """Let an organisation take part; one without an address exists in the demonstration alone."""
    query = select(Organisation)
    query = query.filter_by(tooi_uri=tooi_uri) if tooi_uri else query.filter_by(name=name, kind=FICTITIOUS)
    organisation = work.session.scalars(query).one_or_none()
    if organisation is None:
        organisation = Organisation(name=name, kind=FICTITIOUS, tooi_uri=tooi_uri)
        work.session.add(organisation)
    organisation.joined = True
    work.session.flush()


def open_account(
    work: Work,
    *,
    email: str,
    name: str,
    organisation: str,
    roles: Collection[str],
    password_hash: str,
    totp_secret: str | None,
    token: str,
) -> None:
    """Make an account that can log in at once; what is there already stays as it is."""
    account = work.session.scalars(select(Account).filter_by(email=email)).one_or_none()
    if account is None:
        home = select(Organisation).filter_by(name=organisation).order_by(Organisation.joined.desc()).limit(1)
        account = create_account(work, email=email, name=name, organisation=work.session.scalars(home).one())
        account.password_hash, account.totp_secret = password_hash, totp_secret
    for role in roles:
        grant_as_operator(work, account, role)
    if work.session.scalar(select(Token.id).filter_by(token_hash=token_hash(token))) is None:
        create_token(work, account, name="voorbeeld", token=token)


def seat_body(
    work: Work,
    *,
    code: str,
    name: str,
    kind: str,
    central: bool,
    seats: Sequence[Mapping[str, Any]],
    rules: Mapping[str, Any],
    positions: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Make a body with its members, its rules and what members do elsewhere; one that is there stays as it is."""
    if work.session.scalar(select(Body.id).filter_by(code=code)) is not None:
        return
    body = Body(code=code, name=name, body_kind=kind, central=central)
    work.session.add(body)
    work.session.flush()
    accounts = dict(work.session.execute(select(Account.email, Account.id)).all())
    for seat in seats:
        place = PLACES[seat["place"]]
        term = _term(work, seat)
        work.session.add(Membership(body_id=body.id, account_id=accounts[seat["email"]], **place._asdict(), **term))
    held = dict(rules)
    since = _first_of_year(work, held.pop("since"))
    work.session.add(RulesOfProcedure(body_id=body.id, version=1, since=since, at=work.now, **held))
    for position in positions:
        home = select(Organisation.id).filter_by(name=position["organisation"]).order_by(Organisation.id).limit(1)
        work.session.add(
            OtherPosition(
                account_id=accounts[position["email"]],
                organisation_id=work.session.scalars(home).one(),
                position_title=position["title"],
                **_term(work, position),
            )
        )
    work.session.flush()
    settle_terms(work)


def _term(work: Work, told: Mapping[str, Any]) -> dict[str, Any]:
    """A period of whole years, told from this year."""
    until = told.get("until")
    last = None if until is None else date(work.today.year + until, 12, 31)
    return {"since": _first_of_year(work, told["since"]), "until": last}


def _first_of_year(work: Work, years_back: int) -> date:
    return date(work.today.year - years_back, 1, 1)


def actor_of(work: Work, email: str) -> Actor:
    """The person with this address, to act in the story."""
    account_id = work.session.scalars(select(Account.id).filter_by(email=email)).one()
    account = account_with_grants(work.session, account_id)
    assert account is not None
    return account.actor()


def is_told(work: Work) -> bool:
    """The story is in the database; it is told once, and as a whole."""
    return bool(work.session.scalar(select(exists(select(Process.id).where(Process.demonstration)))))


def put_away_letters(work: Work) -> None:
    """Nobody is written about what happened in a story: its letters are shown, and never sent; its notices are read.

    Papers of meetings that were are drawn when somebody asks for them.
    """
    letters = update(Outbox).where(Outbox.topic == LETTER, Outbox.done_at.is_(None))
    work.session.execute(letters.values(done_at=work.now, error=NOT_SENT))
    were = select(Meeting.id).where(Meeting.began_at.is_not(None))
    drawings = update(Outbox).where(
        Outbox.topic.in_([BUNDLE, PAPER]), Outbox.done_at.is_(None), Outbox.process_id.in_(were)
    )
    work.session.execute(drawings.values(done_at=work.now, error=NOT_DRAWN))
    work.session.execute(update(Notice).where(Notice.read_at.is_(None)).values(read_at=work.now, for_digest=False))
