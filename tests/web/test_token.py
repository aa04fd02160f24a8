"""Keys for the API: made by oneself, shown once, never more than one may, and taken back."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select, update

from app.db.account import Account, LoginSession
from app.db.token import Token
from app.domain.calendar import a_year_after, amsterdam_day
from app.services.token import create_token
from tests.site import Page, Site, Visitor, account_with

PATH, SYSTEMS = "/account/sleutels", "/beheer/systemen"
CHAIR, ADMINISTRATOR, REPORTER = "ccg_voorzitter", "beheerder", "melder"


def value_on(page: Page) -> str:
    assert page.status == 200, page.words
    return str(page.tree.xpath("//p[contains(@class, 'panel')]/code/text()")[0])


def call(site: Site, key: str, path: str = "/sleutels", method: str = "GET", **sent: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}", **sent.pop("headers", {})}
    return site.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **sent)


def make(visitor: Visitor, **answers: Any) -> str:
    return value_on(made(visitor, naam="koppeling", **answers))


def made(visitor: Visitor, **answers: Any) -> Page:
    """The page that follows on making a key."""
    sent = visitor.post(PATH, **answers)
    assert sent.status == 303, sent.words
    return visitor.get(sent.response.headers["Location"])


def key_named(site: Site, name: str) -> Token:
    with site.work() as work:
        return work.session.scalars(select(Token).filter_by(name=name).order_by(Token.id.desc())).first()


def grow_stale(site: Site, email: str) -> None:
    """Let it be an hour ago that somebody showed who it is."""
    with site.work() as work:
        account = work.session.scalars(select(Account).filter_by(email=email)).one()
        for row in work.session.scalars(select(LoginSession).filter_by(account_id=account.id)):
            long_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
            row.data = {**row.data, "confirmed_at": long_ago}


def test_a_key_is_shown_once_works_and_is_taken_back(site: Site) -> None:
    visitor = site.visitor(account_with(REPORTER))
    value = value_on(made(visitor, naam="zaaksysteem"))

    listed = visitor.get(PATH)

    assert value not in listed.text
    assert "zaaksysteem" in listed.words
    assert call(site, value).status_code == 200
    assert call(site, value, "/knelpunten").status_code == 200
    token = key_named(site, "zaaksysteem")
    assert token.token_hash not in listed.text
    asked = visitor.get(f"{PATH}/{token.id}/intrekken")
    assert "Weet u het zeker?" in asked.words
    assert call(site, value).status_code == 200
    taken = visitor.post(f"{PATH}/{token.id}/intrekken", page=asked)
    assert taken.status == 303
    assert call(site, value).status_code == 401
    assert "zaaksysteem" not in visitor.get(PATH).tree.xpath("string(//ul[contains(@class, 'rows')])")


def test_asking_the_page_of_a_new_key_anew_shows_it_no_more_and_makes_no_other(site: Site) -> None:
    visitor = site.visitor(account_with(REPORTER))
    page = made(visitor, naam="één keer")
    value, keys = value_on(page), len(call(site, value_on(page)).get_json()["resultaten"])
    assert page.response.headers["Cache-Control"] == "no-store"

    again = visitor.get(f"{PATH}/nieuw")

    assert (again.status, again.response.headers["Location"]) == (302, PATH)
    listed = visitor.get(PATH)
    assert "U ziet een sleutel maar één keer" in listed.words
    assert value not in listed.text
    assert len(call(site, value).get_json()["resultaten"]) == keys
    with site.work() as work:
        kept = [row.data for row in work.session.scalars(select(LoginSession))]
    assert value not in json.dumps(kept)


def test_a_new_key_is_shown_to_nobody_but_who_made_it(site: Site) -> None:
    value = make(site.visitor(account_with(REPORTER)))
    other = site.visitor(account_with(CHAIR))
    other.client.set_cookie("nieuwe_sleutel", value, path=f"{PATH}/nieuw")

    assert other.get(f"{PATH}/nieuw").status == 404


def test_a_key_ends_on_the_same_day_of_the_next_year_at_most(site: Site) -> None:
    visitor = site.visitor(account_with(REPORTER))
    today = amsterdam_day(datetime.now(UTC))
    in_a_year = a_year_after(today)

    made(visitor, naam="zonder dag")
    made(visitor, naam="een jaar", geldigTot=in_a_year.isoformat())
    later = visitor.post(PATH, naam="te lang", geldigTot=(in_a_year + timedelta(days=1)).isoformat())

    for name in ("zonder dag", "een jaar"):
        ends = key_named(site, name).expires_at
        assert amsterdam_day(ends) == in_a_year
        assert (in_a_year.month, in_a_year.year) == (today.month, today.year + 1)
    assert later.sentences_on_top() == ["Kies een dag vanaf vandaag, en hoogstens een jaar vooruit."]


def test_a_key_may_no_more_than_it_was_made_for(site: Site) -> None:
    visitor = site.visitor(account_with(CHAIR))
    narrow, wide = make(visitor, rollen=["ccg_voorzitter"]), make(visitor, bevestigt="true")

    (first, second) = call(site, wide).get_json()["resultaten"][:2]

    assert (second["rollen"], second["bevestigt"]) == (["ccg_voorzitter"], False)
    assert (first["rollen"], first["bevestigt"]) == (None, True)
    refused = call(site, narrow, method="POST", json={"naam": "nog een"})
    assert refused.status_code == 403
    assert "Uw sleutel mag dit niet" in refused.get_json()["detail"]
    assert call(site, wide, method="POST", json={"naam": "nog een", "rollen": ["ccg_voorzitter"]}).status_code == 201


def test_a_role_that_one_does_not_have_or_a_day_that_is_gone_makes_no_key(site: Site) -> None:
    visitor = site.visitor(account_with(REPORTER))

    for answers, says in (
        ({"rollen": ["beheerder"]}, "Deze rollen hebt u zelf niet"),
        ({"geldigTot": "2020-01-01"}, "Kies een dag vanaf vandaag"),
        ({"geldigTot": (amsterdam_day(datetime.now(UTC)) + timedelta(days=500)).isoformat()}, "hoogstens een jaar"),
        ({"naam": ""}, "Geef de sleutel een naam"),
    ):
        page = visitor.post(PATH, **{"naam": "koppeling", **answers})
        assert page.status == 400
        assert says in page.sentences_on_top()[0]


def test_a_key_that_a_key_made_ends_with_it(site: Site) -> None:
    visitor = site.visitor(account_with(REPORTER))
    tomorrow = (amsterdam_day(datetime.now(UTC)) + timedelta(days=1)).isoformat()
    first = make(visitor, bevestigt="true", geldigTot=tomorrow)

    made = call(site, first, method="POST", json={"naam": "tweede"}).get_json()

    ends = call(site, first).get_json()["resultaten"][1]["verlooptOp"]
    assert made["verlooptOp"] == ends
    assert call(site, made["sleutel"]).status_code == 200


def test_a_key_that_expired_is_refused_and_says_so_on_the_page(site: Site) -> None:
    visitor = site.visitor(account_with(REPORTER))
    value = value_on(made(visitor, naam="kort"))
    with site.work() as work:
        gone = datetime.now(UTC) - timedelta(seconds=1)
        work.session.execute(update(Token).where(Token.name == "kort").values(expires_at=gone))

    assert call(site, value).status_code == 401
    assert "Verlopen" in visitor.get(PATH).words


def test_when_a_key_was_used_is_kept_once_in_ten_minutes(site: Site) -> None:
    value = make(site.visitor(account_with(REPORTER)))

    def used() -> datetime | None:
        return key_named(site, "koppeling").used_at

    assert used() is None
    call(site, value)
    first = used()
    assert first is not None
    call(site, value, "/knelpunten")
    assert used() == first
    with site.work() as work:
        long_ago = first - timedelta(minutes=11)
        work.session.execute(update(Token).where(Token.used_at == first).values(used_at=long_ago))
    # Also a call that is refused is a use.
    assert call(site, value, "/meldingen", method="POST", json={}).status_code == 400
    assert used() > first


def test_of_somebody_else_there_are_no_keys_but_for_who_manages_the_account(site: Site) -> None:
    with site.work() as work:
        owner = work.session.scalars(select(Account).filter_by(email=account_with(REPORTER))).one()
        value = create_token(work, owner, name="van de melder")
    token, administrator = key_named(site, "van de melder"), site.visitor(account_with(ADMINISTRATOR))
    chair = site.visitor(account_with(CHAIR))

    assert chair.get(f"{PATH}/{token.id}/intrekken").status == 404
    taken = chair.send(f"{PATH}/{token.id}/intrekken", {"csrf_token": chair.token()})
    assert taken.status == 404
    assert call(site, value, f"/sleutels/{token.id}").status_code == 200
    assert call(site, make(chair), f"/sleutels/{token.id}").status_code == 404

    managed = f"/beheer/accounts/{owner.id}"
    assert "van de melder" in administrator.get(managed).words
    assert administrator.get("/beheer").response.headers["Location"] == "/beheer/accounts"
    asked = administrator.get(f"{managed}/sleutels/{token.id}/intrekken")
    assert "van de melder" in asked.words
    done = administrator.post(f"{managed}/sleutels/{token.id}/intrekken", page=asked)
    assert done.status == 303
    assert call(site, value).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        PATH,
        "/beheer/systemen/nieuw",
        "/beheer/accounts/nieuw",
        "/organen/ccg/leden/nieuw",
        "/organen/ccg/leden/1/einde",
    ],
)
def test_who_hands_out_rights_shows_who_it_is_when_that_was_long_ago(site: Site, path: str) -> None:
    email = account_with(ADMINISTRATOR)
    visitor = site.visitor(email)
    assert "wachtwoord" not in visitor.get(path).form(path).kinds
    grow_stale(site, email)

    page = visitor.get(path)
    assert page.form(path).kinds["wachtwoord"] == "password"
    refused = visitor.post(path, naam="x", wachtwoord="iets anders")
    assert refused.status == 400
    assert refused.sentences_on_top()[0] == "Dit wachtwoord klopt niet. Probeer het opnieuw."


def test_a_role_is_given_by_who_shows_who_it_is(site: Site) -> None:
    email = account_with(ADMINISTRATOR)
    visitor = site.visitor(email)
    with site.work() as work:
        other = work.session.scalars(select(Account).filter_by(email=account_with(REPORTER))).one()
    path = f"/beheer/accounts/{other.id}/rollen"
    grow_stale(site, email)

    asked = visitor.send(path, {"csrf_token": visitor.token(), "rol": "fg"})
    assert asked.status == 200
    assert asked.form(path).values["rol"] == "fg"
    wrong = visitor.post(path, page=asked, wachtwoord="iets anders")
    assert wrong.status == 400


def test_a_system_is_registered_shown_and_shut_on_pages(site: Site) -> None:
    visitor = site.visitor(account_with(ADMINISTRATOR))
    public = json.dumps(ECKey.generate_key("P-256").as_dict(private=False))

    offered = set(visitor.get(f"{SYSTEMS}/nieuw").tree.xpath("//*[@name='rollen']/@value"))
    assert {"melder", "triagist"} <= offered
    assert offered.isdisjoint({"beheerder", "ccg_lid", "ccg_voorzitter", "ccg_secretaris"})
    wrong = visitor.post(f"{SYSTEMS}/nieuw", naam="Zaaksysteem", organisatie="Bestaat niet", openbareSleutels="x")
    assert wrong.status == 400
    made = visitor.post(
        f"{SYSTEMS}/nieuw",
        naam="Zaaksysteem",
        organisatie="gemeente Utrecht",
        rollen=["melder"],
        openbareSleutels=public,
    )
    assert made.status == 303, made.words
    path = made.response.headers["Location"]
    shown = visitor.get(path)
    assert re.search(r"systeem-[0-9a-f]{16}", shown.words)
    assert "/api/v1/oauth/token" in shown.words
    other = json.dumps(ECKey.generate_key("P-256").as_dict(private=False))
    assert visitor.post(f"{path}/sleutels", openbareSleutels=other).status == 303
    assert "Zaaksysteem" in visitor.get(SYSTEMS).words
    asked = visitor.get(f"{path}/sluiten")
    assert "Weet u het zeker?" in asked.words
    ended = visitor.post(f"{path}/sluiten", page=asked)
    assert ended.status == 303
    assert visitor.get(f"{path}/sluiten").status == 404
    assert "Gesloten" in visitor.get(path).words
    assert visitor.send(f"{path}/sluiten", {"csrf_token": visitor.token()}).status == 404
    assert site.visitor(account_with(REPORTER)).get(SYSTEMS).status == 404


def test_the_account_of_a_system_says_that_it_is_one_and_offers_no_roles_for_people(site: Site) -> None:
    visitor = site.visitor(account_with(ADMINISTRATOR))
    public = json.dumps(ECKey.generate_key("P-256").as_dict(private=False))
    answers = {"organisatie": "gemeente Utrecht", "openbareSleutels": public}
    made = visitor.post(f"{SYSTEMS}/nieuw", naam="Zaaksysteem zonder rol", **answers)
    shown = visitor.get(made.response.headers["Location"])
    (path,) = [link for link in shown.tree.xpath("//a/@href") if link.startswith("/beheer/accounts/")]

    page = visitor.get(path)

    assert "Dit is het account van een systeem." in page.words
    for of_people in ("E-mailadres", "Tweede factor", "systeem.invalid", "Wie is ingelogd", "Sleutels voor de API"):
        assert of_people not in page.words, of_people
    offered = set(page.tree.xpath("//select[@name='rol']/option/@value")) - {""}
    assert {"melder", "triagist"} <= offered
    assert offered.isdisjoint({"beheerder", "ccg_lid", "ccg_voorzitter", "ccg_secretaris"})
    assert "systeem.invalid" not in visitor.get("/beheer/accounts?q=zonder").text
    (person,) = visitor.get("/beheer/accounts?q=zonder").tree.xpath("//td[contains(., 'dit is een systeem')]")
    assert person is not None


def test_a_role_that_no_system_may_have_is_refused_by_hand_too(site: Site) -> None:
    visitor = site.visitor(account_with(ADMINISTRATOR))
    public = json.dumps(ECKey.generate_key("P-256").as_dict(private=False))
    visitor.post(f"{SYSTEMS}/nieuw", naam="Met de hand", organisatie="gemeente Utrecht", openbareSleutels=public)
    with site.work() as work:
        account = work.session.scalars(select(Account).filter_by(name="Met de hand")).one()

    refused = visitor.send(f"/beheer/accounts/{account.id}/rollen", {"csrf_token": visitor.token(), "rol": "beheerder"})

    assert refused.status == 400
    assert "Alleen een mens stemt en beheert" in refused.words
