"""Webhooks on the pages: made, paused and ended by their owner; what failed, in sight of the administrator."""

from datetime import timedelta
from typing import Any

import pytest

from app.adapters.egress import Egress
from app.config import value_list
from app.db.kind import COLLECTIONS
from app.schemas.cloudevent import cloud_event
from app.services.delivery import WAITS, Courier
from app.services.feed import RULING, number_lines
from app.web.shape import what_happened
from tests.make import make_case, workflows
from tests.queries import counted
from tests.services.test_delivery import HERE
from tests.site import Page, Site, Visitor, account_with
from tests.subscriber import subscriber

OWNER, ELSEWHERE = account_with("triagist"), "melder@utrecht.example"
NEW = "/account/webhooks/nieuw"


@pytest.fixture(autouse=True)
def door(site: Site) -> None:
    """Only this machine has a name."""
    egress = Egress(HERE, plain=True, seconds=2, resolve=lambda name, _: [name] if name == "127.0.0.1" else [])
    site.engine.update_execution_options(egress=egress)


def make(visitor: Visitor, url: str = "https://zaken.example/haak", **fields: Any) -> str:
    """Make a webhook; its address."""
    page = visitor.post(NEW, naam="Zaaksysteem", adres=url, **fields)
    assert page.status == 303, page.words
    return str(page.response.headers["Location"])


def happens(site: Site) -> str:
    with site.work() as work:
        number = make_case(work, audience={"role:triagist"}).number
        work.session.flush()
        while number_lines(work):
            pass
    return str(number)


def delivers(site: Site) -> None:
    root = "https://knelpunten.example"
    Courier(
        site.engine, workflows(), lambda one: cloud_event(one, source=root, public_url=root), lambda: site.clock.now
    ).finish()


def buttons(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//main//button")]


def test_a_webhook_is_made_and_its_secret_is_shown_when_that_is_asked(site: Site) -> None:
    visitor = site.visitor(OWNER)
    assert "U hebt nog geen webhook" in site.visitor(ELSEWHERE).get("/account/webhooks").words

    where = make(visitor, soorten=["knelpunt", "uitspraak"])
    page = visitor.get(where)

    assert page.tree.xpath("//h1")[0].text_content().strip() == "Zaaksysteem"
    assert "Openbare uitspraken" in page.words
    assert "whsec_" not in page.text
    shown = visitor.post(f"{where}/geheim", page=page)
    assert shown.status == 200
    assert "whsec_" in shown.text
    assert shown.response.headers["Cache-Control"] == "no-store"
    assert "Zaaksysteem" in visitor.get("/account/webhooks").words
    assert "/account/webhooks" in visitor.get("/account").text


def test_what_is_wrong_stands_at_its_field(site: Site) -> None:
    page = site.visitor(OWNER).post(NEW, naam="", adres="https://zaken.example/haak")

    assert page.status == 400
    assert page.sentences_on_top() == ["Geef de webhook een naam."]
    page = site.visitor(OWNER).post(NEW, naam="x", adres="https://10.0.0.1/")
    assert page.sentences_on_top() == [value_list("bezorgfout")["eigen_netwerk"]]
    assert page.links_of_summary() == ["#veld-adres"]


def test_for_others_it_is_not_there(site: Site) -> None:
    where = make(site.visitor(OWNER))
    other = site.visitor(ELSEWHERE)

    assert other.get(where).status == 404
    for action in ("geheim", "nieuw-geheim", "wijzigen", "pauzeren", "hervatten", "verwijderen", "bezorgingen/x"):
        answer = other.send(f"{where}/{action}", {"csrf_token": other.token()})
        assert answer.status == 404, action


def test_what_is_sent_can_be_followed_paused_and_ended(site: Site) -> None:
    visitor = site.visitor(OWNER)
    statuses = iter([400])
    with subscriber(lambda listener, _: listener.say(next(statuses, 204))) as other:
        where = make(visitor, other.url)
        number = happens(site)
        delivers(site)
        page = visitor.get(where)
        assert f"{number} – Knelpunt: Beginnen" in page.words
        assert "De ontvanger gaf geen goed antwoord (2xx). Het was 400." in page.words
        assert "Probeer 1 opnieuw" in buttons(page)
        (form,) = (one for one in page.tree.forms if "/bezorgingen/" in (one.get("action") or ""))
        again = visitor.post(form.get("action"), page=page)
        assert again.status == 303
        delivers(site)
        assert "Aangekomen" in visitor.get(where).words
    assert len(other.heard) == 2

    assert visitor.post(f"{where}/pauzeren", page=visitor.get(where)).status == 303
    assert "De webhook ligt stil" in visitor.get(where).words
    assert "Ligt stil" in visitor.get("/account/webhooks").words
    assert visitor.post(f"{where}/hervatten", page=visitor.get(where)).status == 303
    assert visitor.post(f"{where}/nieuw-geheim", page=visitor.get(where)).status == 303
    changed = visitor.post(f"{where}/wijzigen", naam="Anders", adres="https://zaken.example/", soorten=["precedent"])
    assert changed.status == 303
    assert "Anders" in visitor.get(where).words
    asked = visitor.get(f"{where}/verwijderen")
    assert "Weet u het zeker?" in asked.words
    assert visitor.get(where).status == 200
    assert visitor.post(f"{where}/verwijderen", page=asked).status == 303
    assert visitor.get(where).status == 404
    assert visitor.get(f"{where}/verwijderen").status == 404


def test_what_was_given_up_is_in_sight_of_the_administrator_who_can_try_it_again(site: Site) -> None:
    visitor, administrator = site.visitor(OWNER), site.visitor(account_with("beheerder"))
    with subscriber(lambda listener, _: listener.say(404)) as other:
        where = make(visitor, other.url)
        number = happens(site)
        delivers(site)
        for wait in WAITS:
            site.clock.now += wait + timedelta(seconds=1)
            delivers(site)
        page = administrator.get("/beheer/berichten")
        assert "Zaaksysteem" in page.words
        assert f"{len(WAITS) + 1} keer geprobeerd" in page.words
        assert "nl.overheid" not in page.words
        assert "Knelpunt: Beginnen" in page.words
        # Which case it is about is for who may see that.
        assert number not in page.text
        other.says = lambda listener, _: listener.say(204)
        identity = where.rpartition("/")[2]
        (form,) = (one for one in page.tree.forms if f"/webhooks/{identity}/" in (one.get("action") or ""))
        assert administrator.post(form.get("action"), page=page).status == 303
        delivers(site)

    assert f"/webhooks/{identity}/" not in administrator.get("/beheer/berichten").text
    assert site.visitor(ELSEWHERE).get("/beheer/berichten").status == 404


def test_what_happened_is_said_with_the_label_that_the_definition_has(site: Site) -> None:
    with site.work() as work:
        said = [
            what_happened(work, f"nl.overheid.knelpunten.{one}.v1")
            for one in (
                "knelpunt.oppakken",
                "knelpunt.document-toevoegen",
                "uitspraak.publiceren",
                "knelpunt.is-er",
            )
        ]

    assert said[:2] == ["Knelpunt: Oppakken", "Knelpunt: Document toevoegen"]
    assert said[2].startswith("Uitspraak: ")
    assert said[3] == "Knelpunt: Is er"


def test_a_page_costs_as_many_queries_with_many_messages_as_with_one(site: Site) -> None:
    visitor = site.visitor(OWNER)
    with subscriber() as other:
        where = make(visitor, other.url)
        happens(site)
        delivers(site)
        visitor.get(where)
        with counted(site.engine) as few:
            visitor.get(where)
        for _ in range(5):
            happens(site)
        delivers(site)
        with counted(site.engine) as many:
            visitor.get(where)

    assert len(many) == len(few)


def test_of_every_kind_of_happening_one_can_be_told() -> None:
    assert set(value_list("webhooksoort")) == {*COLLECTIONS, RULING}
