import pytest

from app.domain.errors import Invalid
from app.schemas import account
from app.schemas.form import describe, load, to_html
from tests.schemas.browser import nothing


def faults_of(form, data):
    with pytest.raises(Invalid) as refused:
        load(form, data)
    return refused.value.faults


def test_logging_in_asks_an_address_and_a_password():
    assert load(account.LoginForm, {"email": "Melder@X.example", "wachtwoord": " geheim "}) == {
        "email": "melder@x.example",
        "password": " geheim ",
    }
    assert faults_of(account.LoginForm, {}) == {
        "email": ["Vul uw e-mailadres in."],
        "wachtwoord": ["Vul uw wachtwoord in."],
    }


def test_a_password_is_never_shown_again():
    assert to_html(account.LoginForm, {"email": "a@b.example", "wachtwoord": "geheim"}) == {"email": "a@b.example"}


def test_browsers_know_what_to_fill_in():
    told = {field.name: field.autocomplete for field in describe(account.LoginForm, nothing)}

    assert told == {"email": "username", "wachtwoord": "current-password"}


def test_two_passwords_have_to_be_the_same():
    assert faults_of(
        account.PasswordForm, {"wachtwoord": "lang genoeg zo", "wachtwoordHerhaald": "iets anders nu"}
    ) == {"wachtwoordHerhaald": ["De twee wachtwoorden zijn niet gelijk. Vul ze opnieuw in."]}
    assert load(account.PasswordForm, {"wachtwoord": "lang genoeg zo", "wachtwoordHerhaald": "lang genoeg zo"})


@pytest.mark.parametrize(("code", "fits"), [("123456", True), ("123 456", True), ("12345", False), ("abcdef", False)])
def test_a_code_has_six_digits(code, fits):
    if fits:
        assert load(account.CodeForm, {"code": code}) == {"code": code}
    else:
        assert faults_of(account.CodeForm, {"code": code}) == {"code": ["De code heeft zes cijfers, zoals 123456."]}


def test_an_invitation_names_the_address_the_account_and_its_roles():
    data = {"email": "nieuw@x.example", "naam": "Melder gemeente Utrecht", "rollen": ["melder", "melder"]}

    assert load(account.InvitationForm, data) == {
        "email": "nieuw@x.example",
        "name": "Melder gemeente Utrecht",
        "roles": ["melder"],
    }


def test_notices_come_at_once_daily_or_not():
    assert load(account.NoticeForm, {"berichten": "dagelijks"}) == {"notices": "dagelijks"}
    assert faults_of(account.NoticeForm, {"berichten": "elk uur"}) == {"berichten": ["Kies direct, dagelijks of uit."]}
