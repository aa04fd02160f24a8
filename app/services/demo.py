"""What a demonstration needs before its story can be told: organisations, accounts and a commission."""

from collections.abc import Collection, Sequence

from sqlalchemy import exists, select, update

from app.db.account import Account, Token
from app.db.meeting import Body, Membership
from app.db.notice import Notice, Outbox
from app.db.organisation import Organisation
from app.db.process import Process
from app.domain.access import Actor
from app.services.account import account_with_grants, create_account, create_token, grant_as_operator
from app.services.facts import FICTITIOUS
from app.services.notice import LETTER
from app.services.session import token_hash
from app.services.work import Work

NOT_SENT = "voorbeeldgegevens: niet verstuurd"


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


def seat_body(work: Work, *, code: str, name: str, seats: Sequence[tuple[str, str, bool]], years: int) -> None:
    """Make a body whose members, by address and role, have been in office for some years."""
    body = work.session.scalars(select(Body).filter_by(code=code)).one_or_none()
    if body is not None:
        return
    body = Body(code=code, name=name)
    work.session.add(body)
    work.session.flush()
    accounts = dict(work.session.execute(select(Account.email, Account.id)).all())
    since = work.today.replace(year=work.today.year - years, month=1, day=1)
    work.session.add_all(
        Membership(body_id=body.id, account_id=accounts[email], role=role, votes=votes, since=since)
        for email, role, votes in seats
    )


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
    """Nobody is written about what happened in a story: its letters are shown, and never sent; its notices are read."""
    letters = update(Outbox).where(Outbox.topic == LETTER, Outbox.done_at.is_(None))
    work.session.execute(letters.values(done_at=work.now, error=NOT_SENT))
    work.session.execute(update(Notice).where(Notice.read_at.is_(None)).values(read_at=work.now, for_digest=False))
