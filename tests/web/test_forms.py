"""Wrong input on every form: a sentence at the field and on top, and what was typed is still there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account, OneTimeLink
from app.db.body import Body, Membership
from app.db.kind import path_of
from app.db.organisation import Organisation
from app.db.process import Process
from app.domain.access import ORGANISATION_ROLES, organisation_key, role_key
from app.domain.errors import Invalid
from app.domain.workflow import Transition
from app.schemas.form import load_action
from app.services.lifecycle import show_to
from app.services.session import token_hash
from app.services.work import Work
from tests.make import (
    make_advice,
    make_case,
    make_item,
    make_meeting,
    make_party,
    make_precedent,
    make_publication,
    make_recommendation,
    make_report,
    make_ruling,
    workflows,
)
from tests.site import Page, PageForm, Site, Visitor, account_with, accounts
from tests.web.commission import inside

UTRECHT, SVB = "gemeente Utrecht", "Sociale Verzekeringsbank"
HANDLER, ADVISER = "behandelaar1@ccg.example", "deskundige-juridisch@ccg.example"
# Whoever has a role because of the process, and not because it was given.
SCOPED = {"partij": "melder@svb.example", "eigenaar": HANDLER, "behandelaar": HANDLER, "deskundige": ADVISER}
TOO_LONG = 'Te lang, <b>vet</b> & "tussen tekens" ' + "x" * 25_000
ENGLISH = re.compile(r"Missing data|Not a valid|Unknown field|Invalid|may not be|Field|required", re.IGNORECASE)
KEPT_KINDS = frozenset({"text", "email", "textarea", "date"})
TYPED_KINDS = KEPT_KINDS | {"password"}
CHOSEN_KINDS = frozenset({"radio", "checkbox", "select"})


def asking() -> list[Any]:
    """Each action that asks something and that a person takes, once, from the first state where it is there."""
    found: dict[tuple[str, str, str | None], Any] = {}
    for (kind, version), workflow in workflows().items():
        for transition in workflow.transitions:
            people = transition.roles - {"systeem"}
            if transition.asks and people:
                case = (kind, version, transition.sources[0], transition)
                name = f"{kind}-{transition.action}-{transition.sources[0]}"
                found.setdefault((kind, transition.action, transition.asks), pytest.param(*case, id=name))
    return list(found.values())


def make(work: Work, kind: str, state: str) -> Process:
    """A process of a kind in a state, seen by everybody who could act on it."""
    session = work.session
    utrecht, svb = (session.scalars(select(Organisation).filter_by(name=name)).one() for name in (UTRECHT, SVB))
    handler, adviser = (session.scalars(select(Account).filter_by(email=email)).one() for email in (HANDLER, ADVISER))
    roles = {role for account in accounts().values() for role in account["roles"]} - ORGANISATION_ROLES
    audience = [*map(role_key, roles), organisation_key(utrecht.id), organisation_key(svb.id)]
    seen: dict[str, Any] = {"audience": audience}
    case = make_case(
        work,
        state=state if kind == "knelpunt" else None,
        organisation=utrecht,
        handler_id=handler.id,
        owner_id=handler.id,
        **seen,
    )
    make_report(work, case, organisation=utrecht)
    make_party(work, case, svb)
    if kind == "knelpunt":
        make_ruling(work, case, adopted=False)
        return case
    ruling = make_ruling(work, case)
    meeting = make_meeting(
        work,
        session.scalars(select(Body).filter_by(central=True)).one(),
        state=state if kind == "vergadering" else None,
        **seen,
    )
    makers: dict[str, Callable[[], Process]] = {
        "adviesaanvraag": lambda: make_advice(work, case, adviser, state=state),
        "vergadering": lambda: make_item(work, case, meeting, **seen) and meeting,
        "agendapunt": lambda: make_item(work, case, meeting, state=state, **seen),
        "publicatie": lambda: make_publication(work, case, ruling, state=state, **seen),
        "precedent": lambda: make_precedent(work, case, ruling, state=state, **seen),
        "aanbeveling": lambda: make_recommendation(work, case, ruling, utrecht, state=state, owner_id=None, **seen),
    }
    made = makers[kind]()
    if kind == "adviesaanvraag":
        show_to(work, made, audience)
    return made


def somebody(transition: Transition) -> str:
    """Who may take it."""
    role = min(transition.roles - {"systeem"}, key=lambda one: (one not in SCOPED, one))
    return SCOPED.get(role) or ("melder@utrecht.example" if role == "melder" else account_with(role))


def emptied(form: PageForm) -> dict[str, Any]:
    """The form with nothing filled in or chosen."""
    kept = {name: value for name, value in form.values.items() if form.kinds.get(name) == "hidden"}
    return kept | {name: "" for name, kind in form.kinds.items() if kind in TYPED_KINDS}


def spoiled(form: PageForm) -> dict[str, Any]:
    """The form with too much in every box, and choices that are not there."""
    typed = {name: TOO_LONG for name, kind in form.kinds.items() if kind in TYPED_KINDS}
    chosen = {name: "bestaat-niet" for name, kind in form.kinds.items() if kind in CHOSEN_KINDS}
    return emptied(form) | typed | chosen


def assert_told(page: Page, action: str, typed: dict[str, Any]) -> None:
    """The page says what is wrong on top and at the field, in Dutch, and holds what was typed."""
    assert page.status == 400, page.words[:600]
    links = page.links_of_summary()
    assert links, page.words[:600]
    places = {f"#{place}" for place in page.tree.xpath("//@id")}
    assert [link for link in links if link not in places] == []
    assert len(page.links_of_summary()) == len(page.sentences_on_top()), page.sentences_on_top()
    assert page.faults_at_fields()
    sentences = [*page.sentences_on_top(), *page.faults_at_fields()]
    assert [sentence for sentence in sentences if ENGLISH.search(sentence)] == []
    form = page.form(action)
    for name, kind in form.kinds.items():
        if kind in KEPT_KINDS and name in typed:
            assert {" ".join(text.split()) for text in form.values.getlist(name)} <= {" ".join(typed[name].split()), ""}
            assert typed[name] == "" or form.values.get(name), name


@pytest.mark.parametrize(("kind", "version", "state", "transition"), asking())
def test_wrong_answers_to_an_action_are_told(
    site: Site, kind: str, version: int, state: str, transition: Transition
) -> None:
    with site.work() as work:
        process = make(work, kind, state)
        address = f"{path_of(process)}/acties/{transition.action}"
    visitor = inside(site, somebody(transition))
    shown = visitor.get(address)
    # What stands in the way is told at once; it can be filled in all the same.
    assert shown.status in (200, 409), shown.words[:600]
    form = shown.form(address)

    wrong, empty = spoiled(form), emptied(form)
    assert_told(visitor.send(address, wrong), address, wrong)
    page = visitor.send(address, empty)

    if not accepts_nothing(transition):
        assert_told(page, address, empty)
    assert page.status in (303, 400, 409), page.words[:600]


def accepts_nothing(transition: Transition) -> bool:
    """The form asks nothing that must be filled in."""
    try:
        load_action(transition.asks, {})
    except Invalid:
        return False
    return True


def link_for(site: Site, email: str) -> str:
    """The address in a letter with which one chooses a password."""
    with site.work() as work:
        account = work.session.scalars(select(Account).filter_by(email=email)).one()
        link = OneTimeLink(
            token_hash=token_hash("eenmalig"),
            account_id=account.id,
            purpose="wachtwoord",
            expires_at=work.now.replace(year=2099),
        )
        work.session.merge(link)
    return "/wachtwoord/eenmalig"


def organisation_page(site: Site) -> str:
    with site.work() as work:
        return f"/beheer/organisaties/{work.session.scalars(select(Organisation.id).filter_by(name=UTRECHT)).one()}"


def seat_page(site: Site) -> str:
    with site.work() as work:
        seat = work.session.scalars(select(Membership.id).where(Membership.until.is_(None)).limit(1)).one()
    return f"/organen/ccg/leden/{seat}/einde"


OTHERS: dict[str, tuple[str | None, Callable[[Site], str]]] = {
    "inloggen": (None, lambda _: "/inloggen"),
    "wachtwoord-vergeten": (None, lambda _: "/wachtwoord"),
    "wachtwoord-kiezen": (None, lambda site: link_for(site, "melder@uwv.example")),
    "uitnodigen": ("beheer@ccg.example", lambda _: "/beheer/accounts/nieuw"),
    "uitnodigen-binnen": ("coordinator@utrecht.example", lambda _: "/beheer/accounts/nieuw"),
    "organisatie": ("beheer@ccg.example", organisation_page),
    "vergadering": ("secretaris@ccg.example", lambda _: "/vergaderingen/nieuw"),
    "orgaan": ("beheer@ccg.example", lambda _: "/organen/nieuw"),
    "benoeming": ("beheer@ccg.example", lambda _: "/organen/ccg/leden/nieuw"),
    "einde-termijn": ("beheer@ccg.example", seat_page),
    "reglement": ("secretaris@ccg.example", lambda _: "/organen/ccg/reglement/nieuw"),
    "vervanging": ("lid1@ccg.example", lambda _: "/organen/ccg/vervanging/nieuw"),
    "functie": ("lid1@ccg.example", lambda _: "/organen/ccg/functies"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_wrong_input_on_another_form_is_told(site: Site, name: str) -> None:
    email, address_of = OTHERS[name]
    visitor = inside(site, email) if email else site.visitor()
    address = address_of(site)
    form = visitor.get(address).form(address)

    for data in (emptied(form), spoiled(form)):
        assert_told(visitor.send(address, data), address, data)


@pytest.mark.parametrize("step", ["vraag", "uitwisseling", "wet", "situatie", "afspraken"])
def test_wrong_input_on_a_step_of_a_report_is_told_and_kept(site: Site, step: str) -> None:
    visitor = inside(site, "melder@utrecht.example")
    address = begin(visitor).replace("/vraag", f"/{step}")
    form = visitor.get(address).form(address)
    empty, wrong = emptied(form), spoiled(form)

    assert_told(visitor.send(address, empty), address, empty)
    wrong["revisie"] = visitor.get(address).form(address).values["revisie"]
    assert_told(visitor.send(address, wrong), address, wrong)

    # It was kept as well, for whoever comes back tomorrow.
    again = visitor.get(address).form(address)
    for field, kind in form.kinds.items():
        if kind in KEPT_KINDS:
            assert " ".join(again.values[field].split()) == " ".join(TOO_LONG.split())


def test_a_report_that_is_sent_too_early_says_what_is_missing(site: Site) -> None:
    visitor = inside(site, "melder@utrecht.example")
    address = begin(visitor).replace("/vraag", "/controle")

    page = visitor.send(address, {**visitor.get(address).form(address).values.to_dict(), "_versturen": "ja"})

    assert page.status == 400
    assert "Er ontbreekt nog iets" in page.words
    assert "Vul de kernvraag in." in page.words


def test_a_choice_of_notices_that_is_not_there_is_told(site: Site) -> None:
    visitor = inside(site, "melder@utrecht.example")

    page = visitor.send("/account/berichten", {"csrf_token": visitor.token(), "berichten": "bestaat-niet"})

    assert page.status == 400
    assert page.faults_at_fields()
    assert page.links_of_summary() == ["#veld-berichten"]


def begin(visitor: Visitor) -> str:
    """A new draft; the address of its first step."""
    page = visitor.send("/meldingen/nieuw", {"csrf_token": visitor.token()})
    return str(page.response.headers["Location"])


def test_what_was_typed_is_still_there_when_somebody_else_was_first(site: Site) -> None:
    with site.work() as work:
        address = f"{path_of(make(work, 'knelpunt', 'in_behandeling'))}/acties/opschalen_tactisch"
    first, second = inside(site, HANDLER), inside(site, "melder@svb.example")
    answers = {"waaromNietOpWerkniveau": "Wij <b>komen</b> er niet uit.", "opties": "A of B.", "voorkeursoptie": "A."}
    late = second.get(address)

    assert first.post(address, **answers).status == 303
    page = second.post(address, page=late, **answers)

    assert page.status == 409
    assert "Wij <b>komen</b> er niet uit." in page.words


def test_the_kind_of_an_organisation_is_a_word(site: Site) -> None:
    with site.work() as work:
        work.session.add(Organisation(name="Openbaar lichaam Bonaire", kind="col"))

    page = site.visitor("beheer@ccg.example").get("/beheer/organisaties?q=Bonaire")

    assert "Caribisch openbaar lichaam" in page.words
