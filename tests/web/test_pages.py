"""Who may open which page, and what every answer says to the browser."""

import pytest
from sqlalchemy import select

from app.db.account import LoginSession
from app.db.organisation import Organisation
from app.factory import SAFE
from app.web.access import EVERYBODY, LOGGED_IN
from tests.make import make_case
from tests.site import Site, account_with, accounts

UTRECHT, AMSTERDAM = "melder@utrecht.example", "melder@amsterdam.example"
SECRET = "Zevenentwintig geheime brieven"


@pytest.fixture(scope="module")
def case(site: Site) -> str:
    """The number of a case of Utrecht that its own people and the triagists see."""
    with site.work() as work:
        utrecht = work.session.scalars(select(Organisation).filter_by(name="gemeente Utrecht")).one()
        audience = [f"org:{utrecht.id}", "role:triagist"]
        return str(make_case(work, organisation=utrecht, title=SECRET, audience=audience).number)


def views(site: Site) -> list[tuple[str, str, tuple[str, ...], bool]]:
    """Each view of the site: its address and method, who may open it, and whether the address names something."""
    found = []
    for rule in site.app.url_map.iter_rules():
        view = site.app.view_functions[rule.endpoint]
        if rule.endpoint == "static" or rule.rule.startswith("/api/"):
            continue
        path = rule.rule.replace("<int:", "<").replace("<float:", "<")
        for argument in rule.arguments:
            kind = "1" if f"int:{argument}>" in rule.rule else "KNP-2026-99999"
            path = path.replace(f"<{argument}>", kind)
        path = "/knelpunten/" + path.partition("):collection>/")[2] if "collection>" in path else path
        method = "POST" if "POST" in rule.methods else "GET"
        found.append((path, method, getattr(view, "access", ()), bool(rule.arguments)))
    return found


def test_every_view_says_who_may_open_it(site: Site) -> None:
    assert [path for path, _, access, _ in views(site) if not access] == []


def test_who_is_not_logged_in_is_asked_to(site: Site) -> None:
    anonymous = site.visitor()
    token = anonymous.token()

    for path, method, access, named in views(site):
        if EVERYBODY in access:
            continue
        page = anonymous.get(path) if method == "GET" else anonymous.send(path, {"csrf_token": token})
        # Where something may be public, a number that is not there is no reason to log in.
        assert page.status == 404 or page.response.headers["Location"].startswith("/inloggen"), path
        assert page.status in ({302, 404} if named else {302}), path


def test_what_is_for_others_is_not_there(site: Site) -> None:
    nobody = site.visitor(account_with("auditor"))
    token = nobody.token()

    for path, method, access, named in views(site):
        if {EVERYBODY, LOGGED_IN} & set(access) or named:
            continue
        page = nobody.get(path) if method == "GET" else nobody.send(path, {"csrf_token": token})
        assert page.status == 404, path


def test_after_login_one_is_where_one_wanted_to_be(site: Site) -> None:
    visitor = site.visitor()
    asked = visitor.get("/knelpunten?status=in_intake")
    address = asked.response.headers["Location"]
    page = visitor.post(
        "/inloggen", page=visitor.get(address), email=UTRECHT, wachtwoord=accounts()[UTRECHT]["password"]
    )

    assert page.response.headers["Location"] == "/knelpunten?status=in_intake"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil.example"]
)
def test_login_leads_to_no_other_site(site: Site, target: str) -> None:
    visitor = site.visitor()
    password = accounts()[UTRECHT]["password"]

    page = visitor.post("/inloggen", email=UTRECHT, wachtwoord=password, terug=target)

    assert page.response.headers["Location"] == "/"


def test_a_case_is_there_only_for_who_may_see_it(site: Site, case: str) -> None:
    address = f"/knelpunten/{case}"
    seen = {email: site.visitor(email).get(address) for email in (UTRECHT, account_with("triagist"))}
    unseen = {email: site.visitor(email).get(address) for email in (AMSTERDAM, account_with("beheerder"))}

    assert {page.status for page in seen.values()} == {200}
    assert all(SECRET in page.text for page in seen.values())
    assert {page.status for page in unseen.values()} == {404}
    assert not any(SECRET in page.text for page in unseen.values())


def test_an_administrator_finds_no_content_anywhere(site: Site, case: str) -> None:
    administrator = site.visitor(account_with("beheerder"))

    for path in ("/", "/knelpunten", "/knelpunten?q=geheime", "/werkvoorraad?lijst=alles", "/beheer/accounts"):
        page = administrator.get(path)
        assert page.status == 200
        assert SECRET not in page.text
        assert case not in page.text
    for action in ("notitie", "oppakken"):
        assert administrator.get(f"/knelpunten/{case}/acties/{action}").status == 404


def test_every_answer_tells_the_browser_to_be_strict(site: Site) -> None:
    anonymous = site.visitor()

    for path in ("/", "/inloggen", "/uitspraken", "/bestaat-niet", "/werkvoorraad", "/static/page.css"):
        headers = anonymous.get(path).response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Request-Id"]
    assert anonymous.get("/").response.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_for_the_server_alone(site: Site) -> None:
    plain = site.app.test_client().get("/inloggen")
    safe = site.app.test_client().get("/inloggen", base_url="https://localhost")

    (cookie,) = plain.headers.getlist("Set-Cookie")
    assert cookie.startswith("sessie=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    (cookie,) = safe.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-sessie=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))
    assert safe.headers["Strict-Transport-Security"]


def test_login_gives_another_cookie_and_logout_makes_it_worthless(site: Site) -> None:
    visitor = site.visitor()
    visitor.get("/inloggen")
    before = visitor.client.get_cookie("sessie")
    visitor.log_in(UTRECHT)
    inside = visitor.client.get_cookie("sessie")
    assert before is not None
    assert inside is not None
    assert before.value != inside.value

    visitor.send("/uitloggen", {"csrf_token": visitor.token()})
    visitor.client.set_cookie("sessie", inside.value)

    assert visitor.get("/werkvoorraad").response.headers["Location"].startswith("/inloggen")


def test_the_database_keeps_no_cookie(site: Site) -> None:
    visitor = site.visitor(UTRECHT)
    cookie = visitor.client.get_cookie("sessie")

    with site.work() as work:
        rows = work.session.scalars(select(LoginSession)).all()

    assert cookie is not None
    assert cookie.value not in str([vars(row) for row in rows])


def test_another_site_cannot_send_a_form(site: Site) -> None:
    reporter = site.visitor(UTRECHT)
    token = {"csrf_token": reporter.token()}

    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://localhost:81"):
        assert reporter.send("/meldingen/nieuw", token, headers={"Origin": origin}).status == 403
    assert reporter.send("/meldingen/nieuw", token, headers={"Origin": "http://localhost"}).status == 303
    assert reporter.send("/meldingen/nieuw", token).status == 303
    assert reporter.get("/meldingen/nieuw", Origin="https://evil.example").status == 200


def test_a_form_without_our_token_is_not_taken(site: Site) -> None:
    reporter = site.visitor(UTRECHT)
    before = reporter.get("/meldingen").text

    page = reporter.send("/meldingen/nieuw", {"titel": "Van elders"})

    assert page.status == 400
    assert "Log opnieuw in" in page.words
    assert reporter.get("/meldingen").text.count("concept/") == before.count("concept/")


def test_guessing_a_password_takes_longer_and_longer(site: Site) -> None:
    guesser = site.visitor()
    email = "contactpunt@kvk.example"
    answers = [guesser.post("/inloggen", email=email, wachtwoord="fout wachtwoord") for _ in range(6)]

    assert [page.status for page in answers] == [400] * 5 + [429]
    assert int(answers[-1].response.headers["Retry-After"]) >= 1
    assert email in answers[-1].text
    assert "te vaak" in answers[-1].words
    site.clock.forward(seconds=2)
    guesser.log_in(email)


def test_an_unknown_address_gets_the_same_answer(site: Site) -> None:
    guesser = site.visitor()

    known = guesser.post("/inloggen", email="melder@uwv.example", wachtwoord="fout wachtwoord")
    unknown = guesser.post("/inloggen", email="niemand@uwv.example", wachtwoord="fout wachtwoord")

    assert known.sentences_on_top() == unknown.sentences_on_top()


def test_looking_changes_nothing(site: Site, case: str) -> None:
    """A safe method cannot write: the database itself refuses."""
    assert {"GET", "HEAD"} <= SAFE
    reader = site.visitor(account_with("triagist"))
    with site.work() as work:
        before = work.session.connection().exec_driver_sql("select count(*), max(id) from event").one()

    for path in ("/", "/werkvoorraad", "/knelpunten", f"/knelpunten/{case}", f"/knelpunten/{case}/acties/oppakken"):
        assert reader.get(path).status == 200

    with site.work() as work:
        assert work.session.connection().exec_driver_sql("select count(*), max(id) from event").one() == before


def test_an_error_page_says_what_to_do(site: Site) -> None:
    page = site.visitor(UTRECHT).get("/knelpunten/KNP-2026-99999")

    assert page.status == 404
    assert page.tree.xpath("count(//h1)") == 1
    assert page.response.headers["X-Request-Id"] in page.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/navolging?organisatie=%00", 400),
        ("/precedenten?wet=%00&q=a", 400),
        ("/uitspraken/vergelijken?a=%00&b=1", 400),
        ("/navolging/%00", 404),
        ("/uitspraken/%00.xml", 404),
        ("/precedenten/EXT:%00", 404),
    ],
)
def test_a_sign_that_nobody_can_type_is_no_address_and_no_question(site: Site, address: str, status: int) -> None:
    assert site.visitor().client.get(address).status_code == status
