"""Accounts: who gets in, who may give what, and what a guess costs."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from app.db.account import Account, OneTimeLink
from app.db.notice import Outbox
from app.domain.errors import Busy, Invalid, NotPermitted, NotVisible
from app.services import account as accounts
from app.services import token as tokens
from app.services.session import (
    end_sessions_of,
    find_session,
    start_session,
    token_hash,
)
from tests.make import NOW, acting, later, make_account, make_organisation

PASSWORD = "een lange zin als wachtwoord"
HASH = accounts.hash_password(PASSWORD)


@pytest.fixture
def account(session):
    return make_account(session, "melder", password_hash=HASH)


def _log_in(work, account, password=PASSWORD, source="10.0.0.1"):
    return accounts.authenticate(work, email=account.email.upper(), password=password, source=source)


def test_the_right_password_lets_the_account_in_whatever_the_capitals(work, account):
    assert _log_in(work, account) is account


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(work, account):
    assert _log_in(work, account, "verkeerd") is None
    assert accounts.authenticate(work, email="niemand@nergens.example", password="x", source="10.0.0.1") is None


def test_a_closed_account_does_not_get_in(work, account):
    account.active = False

    assert _log_in(work, account) is None


def test_five_wrong_guesses_make_the_sixth_wait_and_never_lock_out(work, account):
    for _ in range(5):
        _log_in(work, account, "verkeerd")

    with pytest.raises(Busy) as refused:
        _log_in(work, account)
    after = later(work, NOW + timedelta(seconds=refused.value.retry_after))

    assert _log_in(after, account) is account


def test_a_one_time_code_counts_once(work, account, session):
    account.totp_secret = pyotp.random_base32()
    code = pyotp.TOTP(account.totp_secret).now()

    assert accounts.check_code(work, account, code, source="10.0.0.1", may_repeat=False)
    assert not accounts.check_code(work, account, code, source="10.0.0.1", may_repeat=False)


def test_a_demonstration_takes_a_code_twice(work, account):
    account.totp_secret = pyotp.random_base32()
    code = pyotp.TOTP(account.totp_secret).now()

    assert accounts.check_code(work, account, code, source="10.0.0.1", may_repeat=True)
    assert accounts.check_code(work, account, code, source="10.0.0.1", may_repeat=True)


def test_a_coordinator_invites_for_the_own_organisation_and_the_letter_has_a_link(work, session):
    coordinator = make_account(session, "orgcoordinator")

    invited = accounts.invite(
        acting(work, coordinator),
        email="Nieuw@Organisatie.example",
        name="Melder",
        organisation_id=coordinator.organisation_id,
        roles=["melder"],
    )

    letter = session.scalars(select(Outbox)).one()
    assert invited.email == "nieuw@organisatie.example"
    assert letter.payload["to"] == invited.email
    assert letter.payload["context"]["link"].startswith("/wachtwoord/")


def test_a_coordinator_invites_nobody_for_another_organisation(work, session):
    coordinator, other = make_account(session, "orgcoordinator"), make_organisation(session)

    with pytest.raises(NotPermitted):
        accounts.invite(acting(work, coordinator), email="a@b.example", name="X", organisation_id=other.id, roles=[])


@pytest.mark.parametrize("role", ["triagist", "ccg_lid", "beheerder"])
def test_a_coordinator_gives_no_role_of_the_centre(work, session, role):
    coordinator = make_account(session, "orgcoordinator")
    colleague = make_account(
        session, organisation=session.get(type(make_organisation(session)), coordinator.organisation_id)
    )

    with pytest.raises(NotPermitted):
        accounts.grant(acting(work, coordinator), colleague, role)


def test_an_administrator_does_not_make_oneself_a_member_of_the_commission(work, session):
    administrator = make_account(session, "beheerder")

    with pytest.raises(NotPermitted):
        accounts.grant(acting(work, administrator), administrator, "ccg_lid")


def test_a_new_role_logs_the_account_out_so_that_it_counts_at_once(work, session, account):
    token = start_session(session, account_id=account.id, data={}, now=NOW, browser="")
    administrator = make_account(session, "beheerder")
    session.flush()

    accounts.grant(acting(work, administrator), account, "triagist")

    assert find_session(session, token, NOW) is None


def test_a_reset_link_is_for_one_use_and_ends_every_session(work, session, account):
    browsing = start_session(session, account_id=account.id, data={}, now=NOW, browser="")
    accounts.ask_reset(work, account.email)
    session.flush()
    token = session.scalars(select(Outbox)).one().payload["context"]["link"].rsplit("/", 1)[1]

    accounts.choose_password(work, token, "een heel nieuw wachtwoord")

    assert _log_in(work, account, "een heel nieuw wachtwoord") is account
    assert find_session(session, browsing, NOW) is None
    with pytest.raises(NotVisible):
        accounts.choose_password(work, token, "nog een keer een ander")


def test_a_reset_for_an_unknown_address_says_and_sends_nothing(work, session):
    accounts.ask_reset(work, "niemand@nergens.example")

    assert session.scalars(select(OneTimeLink)).all() == []
    assert session.scalars(select(Outbox)).all() == []


def test_a_reset_link_lives_an_hour(work, session, account):
    accounts.ask_reset(work, account.email)
    session.flush()
    token = session.scalars(select(Outbox)).one().payload["context"]["link"].rsplit("/", 1)[1]

    with pytest.raises(NotVisible):
        accounts.account_of_link(later(work, NOW + timedelta(hours=1)), token)


def test_a_short_password_is_refused_with_what_to_do(work, session, account):
    accounts.ask_reset(work, account.email)
    session.flush()
    token = session.scalars(select(Outbox)).one().payload["context"]["link"].rsplit("/", 1)[1]

    with pytest.raises(Invalid) as refused:
        accounts.choose_password(work, token, "kort")

    assert refused.value.faults == {"wachtwoord": ["Kies een wachtwoord van ten minste 12 tekens."]}


def test_the_database_holds_no_token_that_can_be_used(work, session, account):
    token = start_session(session, account_id=account.id, data={}, now=NOW, browser="")
    session.flush()

    assert find_session(session, token_hash(token), NOW) is None


def test_an_idle_session_ends_after_two_hours(work, session, account):
    token = start_session(session, account_id=account.id, data={}, now=NOW, browser="")
    session.flush()

    assert find_session(session, token, NOW + timedelta(minutes=119)) is not None
    assert find_session(session, token, NOW + timedelta(hours=2)) is None


def test_logging_out_elsewhere_keeps_the_own_session(session, account):
    here = start_session(session, account_id=account.id, data={}, now=NOW, browser="")
    there = start_session(session, account_id=account.id, data={}, now=NOW, browser="")
    session.flush()

    end_sessions_of(session, account.id, except_token=here)

    assert find_session(session, here, NOW) is not None
    assert find_session(session, there, NOW) is None


def test_a_token_has_the_rights_of_its_account_and_fewer_when_narrowed(work, session):
    holder = make_account(session, "melder", "triagist")
    token = tokens.create_token(work, holder, name="koppeling", roles=["melder"])
    session.flush()

    found = tokens.holder_of_token(session, token, NOW)

    assert found is not None
    assert found.actor().roles == {"melder"}


def test_a_token_dies_with_its_account(work, session):
    holder = make_account(session, "triagist")
    token = tokens.create_token(work, holder, name="koppeling")
    session.flush()

    accounts.disable(work, session.get_one(Account, holder.id))

    assert tokens.holder_of_token(session, token, NOW) is None
