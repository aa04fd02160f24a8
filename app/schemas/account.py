"""The forms of accounts: coming in, choosing a password, inviting people, giving them roles; and how these go out."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.answer import AnswerSchema, OrganisationSchema, counted, one, said, said_each, several, truth
from app.schemas.field import Form
from app.schemas.kind import Email, Matches, OneOf, Secret, Text
from app.schemas.organisation import OrganisationBox
from app.schemas.several import References

NOTICE_CHOICES = "direct|dagelijks|uit"
NAME_HINT = "De functie, bijvoorbeeld “Melder gemeente Utrecht”. Een eigen naam is niet nodig."


class LoginForm(Form):
    """Who somebody is, and how that shows."""

    email = Email("email", "E-mailadres", missing="Vul uw e-mailadres in.", shown={"autocomplete": "username"})
    password = Secret(
        "wachtwoord", "Wachtwoord", missing="Vul uw wachtwoord in.", shown={"autocomplete": "current-password"}
    )


class CodeForm(Form):
    """The second factor."""

    code = Text(
        "code",
        "Code",
        missing="Vul de code uit uw app in.",
        hint="De zes cijfers die uw app nu laat zien.",
        checks=[Matches("[0-9]{3} ?[0-9]{3}", "De code heeft zes cijfers, zoals 123456.")],
        shown={"autocomplete": "one-time-code"},
    )


class ConfirmForm(Form):
    """The same person still, before something that cannot be taken back."""

    password = Secret(
        "wachtwoord",
        "Uw wachtwoord",
        missing="Vul uw wachtwoord in.",
        hint="Zo weten wij zeker dat u het bent.",
        shown={"autocomplete": "current-password"},
    )


class ResetForm(Form):
    """Where the link for a new password must go."""

    email = Email(
        "email",
        "E-mailadres",
        missing="Vul uw e-mailadres in.",
        hint="Wij sturen een link waarmee u een nieuw wachtwoord kiest.",
        shown={"autocomplete": "username"},
    )


class PasswordForm(Form):
    """A new password, typed twice."""

    password = Secret(
        "wachtwoord",
        "Nieuw wachtwoord",
        missing="Kies een wachtwoord.",
        hint="Ten minste 12 tekens. Een zin van een paar woorden is lang genoeg en goed te onthouden.",
        shown={"autocomplete": "new-password"},
    )
    again = Secret(
        "wachtwoordHerhaald",
        "Nieuw wachtwoord nog een keer",
        missing="Vul het wachtwoord nog een keer in.",
        shown={"autocomplete": "new-password"},
    )

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Both have to be the same."""
        if answers.keys() >= {"password", "again"} and answers["password"] != answers["again"]:
            yield "wachtwoordHerhaald", "De twee wachtwoorden zijn niet gelijk. Vul ze opnieuw in."


class InvitationForm(Form):
    """Somebody who gets an account."""

    email = Email(
        "email",
        "E-mailadres",
        missing="Vul het e-mailadres in.",
        hint="Naar dit adres gaat de uitnodiging. De link erin werkt een week.",
    )
    name = Text("naam", "Naam van het account", missing="Vul een naam in.", hint=NAME_HINT, longest=100)
    organisation = OrganisationBox(
        "organisatie", "Organisatie", hint="Laat dit leeg als het om uw eigen organisatie gaat."
    )
    roles = References("rollen", "Rollen", source="roles", hint="Geef alleen de rollen die nodig zijn.")


class RoleForm(Form):
    """A role to give or to take back."""

    role = OneOf("rol", "Rol", source="roles", missing="Kies een rol.")


class NoticeForm(Form):
    """How somebody wants to hear of what happens."""

    notices = OneOf(
        "berichten",
        "Berichten per e-mail",
        source="notices",
        missing="Kies hoe u berichten wilt krijgen.",
        checks=[Matches(NOTICE_CHOICES, "Kies direct, dagelijks of uit.")],
    )


class AccountQuery(Form):
    """Which accounts are asked for."""

    words = Text("q", "Woorden", hint="Woorden in de naam van het account.")


class AccountSchema(AnswerSchema):
    """An account, for who manages it."""

    outside = "Account"

    id = counted("id", "Nummer van het account.")
    email = said("email", "Het adres waarmee wordt ingelogd.")
    name = said("naam", "De naam: een functie.")
    organisation = one("organisatie", OrganisationSchema, "De organisatie.", nullable=True)
    active = truth("actief", "Met het account kan worden ingelogd.")
    roles = said_each("rollen", "De rollen die het account nu heeft.")


class AccountsSchema(AnswerSchema):
    """The accounts that one manages."""

    outside = "Accounts"

    results = several("resultaten", AccountSchema, "De accounts, op naam.")
