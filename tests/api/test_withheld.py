"""An excused member: two worlds that differ in what an item is about look the same, byte for byte."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.adapters.notary import Notary
from app.db.account import Account
from app.db.notice import Notice, Outbox
from app.db.process import Process
from app.db.report import Report
from app.services.account import hash_password
from app.services.checkpoint import Clerk
from tests.api.conftest import shared_stage
from tests.api.stage import MEMBERS, ROOT, Stage
from tests.api.street import advised, called, nominated, written
from tests.databases import Databases
from tests.site import Visitor

EXCUSED = "lid2"
PASSWORD = "een lang wachtwoord"
OTHERS = ("ccg_voorzitter", *(name for name in MEMBERS if name != EXCUSED))
SECRETS = ("Hondenbelasting bij verhuizing", "Zorgtoeslag na detentie")
WORDS = ("hondenbelasting", "zorgtoeslag", "geheime")
# What is new in every answer, and says nothing of what is in it.
FRESH = re.compile(
    rb'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|name="csrf_token"[^>]*>|"requestId":"[^"]*"|<code[^>]*>[0-9a-f]{16}</code>|[0-9a-f]{16}'
)


class World:
    """A stage on which one member is excused from an item, which goes on without that member until the ruling."""

    def __init__(self, stage: Stage, secret: str, *, notes: int) -> None:
        self.stage, self.secret = stage, secret
        self.case = stage.case(titel=secret, kernvraag=f"{secret}: mag dat?", omschrijving=f"Het geheime {secret}.")
        advised(stage, self.case)
        nominated(stage, self.case)
        stage.does("ccg_voorzitter", self.case, "toelaten")
        self.meeting = called(stage)
        made = stage.does(
            "ccg_secretaris",
            self.case,
            "agenderen",
            vergadering=self.meeting.rpartition("/")[2],
            preadvies=f"Het geheime preadvies over {secret}.",
        )
        self.item = f"/agendapunten/{made['gemaakt'][0]['nummer']}"
        self._excuse()
        self._go_on(notes)

    def _excuse(self) -> None:
        stage = self.stage
        answer = stage.post(f"{self.item}/belangen", "ccg_voorzitter", {"belang": "geen_belang", "toelichting": ""})
        assert answer.status_code == 201, answer.json
        told = {"belang": "belang_gemeld", "toelichting": "Mijn vorige werkgever is partij."}
        answer = stage.post(f"{self.item}/belangen", EXCUSED, told)
        assert answer.status_code == 201, answer.json
        email = f"{EXCUSED}@knelpunt.example"
        stage.does("ccg_voorzitter", self.item, "belang_beoordelen", lid=email, oordeel="verschoond")

    def _go_on(self, notes: int) -> None:
        stage, secret = self.stage, self.secret
        for name in OTHERS:
            stage.post(f"{self.item}/belangen", name, {"belang": "geen_belang", "toelichting": ""})
        stage.does("ccg_secretaris", self.meeting, "stukken_verzenden")
        stage.set_clock(stage.now + timedelta(days=14))
        present = [f"{name}@knelpunt.example" for name in ("ccg_voorzitter", *MEMBERS)]
        stage.does("ccg_voorzitter", self.meeting, "openen", aanwezig=present)
        for number in range(notes):
            stage.does("lid1", self.item, "notitie", tekst=f"Geheime notitie {number} over {secret}.")
        stage.does("lid1", self.item, "standpunt_geven", neiging="voor", standpunt=f"Geheime mening over {secret}.")
        stage.does("ccg_secretaris", self.item, "besluittekst_bijwerken", tekst=f"De geheime tekst van {secret}.")
        stage.does("ccg_voorzitter", self.item, "openen")
        stage.does("ccg_voorzitter", self.item, "stemming_openen", voorstel=f"{secret} mag.")
        for place, name in enumerate(OTHERS):
            vote = "tegen" if place < notes - 1 else "voor"
            answer = stage.post(f"{self.item}/stemmen", name, {"stem": vote})
            assert answer.status_code == 201, answer.json
        stage.does("ccg_voorzitter", self.item, "stemming_sluiten")
        stage.does(
            "ccg_voorzitter",
            self.item,
            "besluit_vastleggen",
            dictum=f"{secret} mag.",
            interventies=["juridische_duidelijkheid"],
        )
        written(stage, self.case, titel=secret, beschouwing=f"De geheime beschouwing van {secret}.")
        Clerk(stage.engine, Notary(b"k" * 32, "https://ccg.example"), lambda: stage.now).number()


@pytest.fixture(scope="module")
def worlds(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """The same things happened in both, about something else, and in one of them more was said."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    with shared_stage(databases, folder / "one") as one, shared_stage(databases, folder / "other") as other:
        for stage in (one, other):
            with stage.work() as work:
                account = work.session.get_one(Account, stage.accounts[EXCUSED])
                account.password_hash = HASH
        yield World(one, SECRETS[0], notes=1), World(other, SECRETS[1], notes=2)


HASH = hash_password(PASSWORD)


def member(world: World) -> Visitor:
    """The excused member, logged in on the site."""
    visitor = Visitor(world.stage.app.test_client())
    page = visitor.post("/inloggen", email=f"{EXCUSED}@knelpunt.example", wachtwoord=PASSWORD)
    assert page.status == 303, page.words
    return visitor


def numbers(world: World) -> list[str]:
    """Everything that has a number here."""
    with world.stage.work() as work:
        return [
            *work.session.scalars(select(Process.number).order_by(Process.id)),
            *work.session.scalars(select(Report.number).order_by(Report.id)),
        ]


def addresses(world: World) -> list[str]:
    """Every address that can be looked at, with every number that there is, and searches for what is secret."""
    known = numbers(world)
    found = []
    adapter = world.stage.app.url_map.bind("localhost")
    for rule in world.stage.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.rule in LEFT_OUT:
            continue
        if not rule.arguments:
            found.append(rule.rule)
            continue
        for number in known if rule.arguments & {"number"} else [""]:
            for collection in COLLECTIONS if "collection" in rule.arguments else [""]:
                values = {name: SAMPLE.get(name, 1) for name in rule.arguments}
                values |= {"number": number} if "number" in rule.arguments else {}
                values |= {"collection": collection} if collection else {}
                try:
                    found.append(adapter.build(rule.endpoint, values))
                except Exception:  # noqa: BLE001 - a value that this address cannot have
                    continue
    searches = [f"{path}?q={word}" for path in SEARCHED for word in (*WORDS, "aio", "mag")]
    return sorted({*found, *searches})


COLLECTIONS = (
    *("knelpunten", "adviesaanvragen", "vergaderingen", "agendapunten", "publicaties", "aanbevelingen", "precedenten"),
)
SAMPLE = {
    "action": "notitie",
    "name": "agendapunt",
    "key": "geen",
    "slug": "vraag",
    "code": "ccg",
    "token": "geen",
}
# One leaves, and the others tell when one came in or used a key.
LEFT_OUT = {"/uitloggen", "/account", "/account/sleutels", "/api/v1/sleutels"}
SEARCHED = ("/precedenten", "/knelpunten", "/uitspraken", f"{ROOT}/precedenten", f"{ROOT}/knelpunten", "/werkvoorraad")


def answers(world: World, path: str, visitor: Visitor) -> tuple[Any, ...]:
    """What the member gets, without what is new each time."""
    heads = {"Authorization": f"Bearer token-{EXCUSED}"} if path.startswith(ROOT) else {}
    client = world.stage.app.test_client() if heads else visitor.client
    answer = client.get(path, headers=heads)
    body = FRESH.sub(b"", answer.get_data())
    kept = {name: answer.headers.get(name) for name in ("Content-Type", "ETag", "Location", "Link")}
    kept["ETag"] = FRESH.sub(b"", (kept["ETag"] or "").encode()).decode() if path.startswith(ROOT) else None
    answer.close()
    return answer.status_code, kept, body


def test_everything_that_an_excused_member_can_open_is_the_same_in_both_worlds(worlds: tuple[World, World]) -> None:
    one, other = worlds
    paths = addresses(one)
    assert paths == addresses(other)
    assert len(paths) > 300
    first, second = member(one), member(other)

    differing = [path for path in paths if answers(one, path, first) != answers(other, path, second)]

    assert differing == []


def test_none_of_it_says_anything_of_what_the_item_is_about(worlds: tuple[World, World]) -> None:
    world, _ = worlds
    visitor = member(world)

    telling = {
        path
        for path in addresses(world)
        if not path.partition("?")[2]
        and any(word in answers(world, path, visitor)[2].decode("utf-8", "replace").lower() for word in WORDS)
    }

    assert telling == set()


def test_the_item_and_all_behind_it_is_one_card_that_says_so(worlds: tuple[World, World]) -> None:
    world, _ = worlds
    visitor = member(world)

    card = visitor.get(world.item)
    behind = visitor.get(world.case)

    assert "Agendapunt 1: u bent verschoond" in card.words
    assert (card.status, behind.status) == (200, 403)
    assert "Agendapunt 1: u bent verschoond" in behind.words
    assert world.stage.get(world.item, EXCUSED).json["titel"] == "U bent verschoond van dit agendapunt."
    assert world.stage.get(world.case, EXCUSED).status_code == 403
    assert world.stage.get(f"{world.item}/acties", EXCUSED).json == {"acties": []}


def test_what_looks_alike_is_the_same_in_both_worlds(worlds: tuple[World, World]) -> None:
    for text in (*SECRETS, "Mag de SVB dit?"):
        sent = {"tekst": text, "grondslagen": [], "aantal": 10}
        one, other = (world.stage.post("/precedenten/gelijkende", EXCUSED, sent).json for world in worlds)
        assert one == other


def test_an_excused_member_hears_nothing_more(worlds: tuple[World, World]) -> None:
    told = []
    for world in worlds:
        with world.stage.work() as work:
            email = f"{EXCUSED}@knelpunt.example"
            letters = [
                (row.payload.get("context"), row.error)
                for row in work.session.scalars(select(Outbox).order_by(Outbox.id))
                if row.payload.get("to") == email
            ]
            notices = select(Notice.subject, Notice.text).where(Notice.account_id == world.stage.accounts[EXCUSED])
            told.append((str(letters), [tuple(row) for row in work.session.execute(notices)]))

    assert told[0] == told[1]


def test_an_excused_member_can_do_nothing_with_it(worlds: tuple[World, World]) -> None:
    world, _ = worlds
    tried = {
        "notitie": {"tekst": "Ik zeg er toch iets van."},
        "stemmen": {"stem": "voor"},
        "standpunt_geven": {"neiging": "voor", "standpunt": "Toch."},
        "belang_verklaren": {"belang": "geen_belang"},
        "nota_toevoegen": {"tekst": "Toch."},
    }

    for action, sent in tried.items():
        answer = world.stage.post(f"{world.item}/acties/{action}", EXCUSED, sent, if_match="*")
        assert answer.status_code == 403, (action, answer.json)


def test_others_go_on_as_if_nothing_happened(worlds: tuple[World, World]) -> None:
    world, _ = worlds

    seen = world.stage.get(world.item, "lid1").json

    assert seen["titel"] == world.secret
    assert seen["dictum"] == f"{world.secret} mag."
