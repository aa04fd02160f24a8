"""What may not be seen moves nothing: two worlds that differ in what is hidden read the same, byte for byte."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.adapters.search.settling import compact, settle
from app.db.account import Account
from app.db.body import Body
from app.db.case import Case, CaseLaw
from app.db.interest import Withheld
from app.db.matching import MatchUse
from app.db.meeting import AgendaItem
from app.domain.access import organisation_key, role_key
from app.services.account import hash_password
from app.services.external import keep_decisions
from app.services.index import Keeper, index_case
from app.services.work import Work
from tests.api.conftest import shared_stage
from tests.api.stage import ROOT, Stage
from tests.databases import Databases
from tests.make import make_case, make_item, make_meeting, make_precedent, make_ruling
from tests.site import Visitor
from tests.web.published import publish

EXCUSED, REPORTER, NOBODY = "lid2", "zwolle", ""
READERS = (NOBODY, REPORTER, EXCUSED)
PASSWORD = "een lang wachtwoord"
HASH = hash_password(PASSWORD)
# What is new in every answer; and how many cases there are in all, which everybody may know.
FRESH = re.compile(
    rb'name="csrf_token"[^>]*>|"requestId":"[^"]*"|<code[^>]*>[0-9a-f]{16}</code>|[0-9a-f]{16}'
    rb'|<span class="stat__value">\d+</span> <span class="stat__label">knelpunten gemeld'
)

SUBJECTS = (
    ("Hondenbelasting bij verhuizing", "Mag de gemeente hondenbelasting innen met adresgegevens uit de BRP?"),
    ("Schuldhulpverlening en energie", "Mag een energiebedrijf betalingsachterstanden aan de gemeente doorgeven?"),
    ("Leerlingenvervoer", "Mag de school de gemeente vertellen welke leerlingen vervoer nodig hebben?"),
)
# Words of what everybody may read, and words that only a hidden case holds.
HIDDEN = "Woonboten in Kaukasische havens: mag de havenmeester adresgegevens van woonbootbewoners inzien?"
QUESTIONS = (
    *("hondenbelasting", "adresgegevens van inwoners", "gegevens delen", "woonboten", "kaukasische havenmeester"),
    # Mistyped: the first is a word of a public text, the others stand in hidden ones alone.
    *("hondenbelastnig", "woonbooten", "kaukasicshe"),
    *('"adresgegevens uit de brp"', "gemeente -school", "titel:hondenbelasting", "artikel 64 AOW", "wet:BWBR0015703"),
    "Mag de gemeente adresgegevens van woonboten gebruiken voor energie en leerlingen?",
)
SEARCHED = ("/precedenten", "/knelpunten", "/uitspraken", f"{ROOT}/precedenten", f"{ROOT}/knelpunten", "/werkvoorraad")
# One leaves, three tell when one came in or used a key, and the journal says in public how many lines it has.
LEFT_OUT = {"/uitloggen", "/account", "/account/sleutels", f"{ROOT}/sleutels", f"{ROOT}/journaal/checkpoint"}


class World:
    """Public rulings, cases that some of the readers see, and so many cases that none of them sees."""

    def __init__(self, stage: Stage, hidden: int) -> None:
        self.stage = stage
        with stage.work() as work:
            for name in (EXCUSED, REPORTER):
                work.session.get_one(Account, stage.accounts[name]).password_hash = HASH
        self.rulings = [publish(stage, titel=title, kernvraag=question) for title, question in SUBJECTS]  # type: ignore[arg-type]
        with stage.work() as work:
            keep_decisions(work, [_decision(number) for number in range(8)])
            self.own = self._case(work, *SUBJECTS[0], organisation_key(stage.organisations[REPORTER]))
            self.shared = self._case(work, *SUBJECTS[1], role_key("ccg_lid"))
        with stage.work() as work:
            self._hide(work, hidden)
        # What comes after stands at another place in the index, and is read the same.
        with stage.work() as work:
            keep_decisions(work, [_decision(number) for number in (3, 20, 21)])
            index_case(work, work.session.get_one(Case, self.own))
        self.rulings.append(publish(stage, titel="Woonlasten", kernvraag="Mag de gemeente woonlasten vergelijken?"))  # type: ignore[arg-type]

    def bring_to_rest(self) -> None:
        """Move every text to blocks, and put these together."""
        with self.stage.work() as work:
            assert settle(work.session, limit=10_000)
            after: str | None = ""
            while after is not None:
                after = compact(work.session, after=after)

    def rebuild(self) -> None:
        """Index everything again."""
        Keeper(self.stage.engine, lambda: self.stage.now).rebuild(afresh=True)

    def _case(self, work: Work, title: str, question: str, *keys: str) -> int:
        case = make_case(work, title=title, key_question=question, description=f"{question} {title}.", audience=keys)
        law = CaseLaw(system="bwb", identifier="BWBR0015703", article="64")
        law.case_id = case.id
        work.session.add(law)
        work.session.flush()
        index_case(work, case)
        return case.id

    def _hide(self, work: Work, amount: int) -> None:
        """Cases of another organisation with the words of all others, and one of which a member is excused."""
        stage, session = self.stage, work.session
        key = organisation_key(stage.organisations["utrecht"])
        member = stage.accounts[EXCUSED]
        meeting = make_meeting(work, work.session.scalars(select(Body).filter_by(code="ccg")).one())
        item: AgendaItem | None = None
        for number in range(amount):
            title, question = SUBJECTS[number % len(SUBJECTS)]
            text = f"{HIDDEN} {question}"
            case_id = self._case(work, f"{title} {HIDDEN}", text, key, role_key("ccg_lid"))
            case = session.get_one(Case, case_id)
            if item is None:
                # One question of interests in either world, whatever is behind it.
                item = make_item(work, case, meeting)
                session.add(Withheld(process_id=item.id, account_id=member, item_id=item.id))
            session.add(Withheld(process_id=case.id, account_id=member, item_id=item.id))
            session.add(MatchUse(number=case.number, use="beantwoord", organisation_id=None, at=work.now))
            draft = make_ruling(work, case, adopted=False, content={"titel": HIDDEN, "kernvraag": HIDDEN})
            if number % 2:
                make_precedent(work, case, draft, number=f"CCG:1999:{number + 1}", rule=HIDDEN)
        session.flush()


def _decision(number: int) -> dict[str, Any]:
    title, question = SUBJECTS[number % len(SUBJECTS)]
    return {
        "source": "AP",
        "source_id": f"z{number}",
        "title": title if number % 2 else "",
        "text": f"{question} Zaak {number} gaat over artikel 64 van de Participatiewet.",
        "decided_on": date(2020 + number % 3, 5, 1),
    }


@pytest.fixture(scope="module")
def worlds(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """In one next to nothing is hidden, in the other more than there is to see."""
    folder = tmp_path_factory.mktemp("worlds")
    with shared_stage(databases, folder / "one") as one, shared_stage(databases, folder / "other") as other:
        yield World(one, 1), World(other, 40)


def visitor(world: World, name: str) -> Visitor:
    """Somebody on the site, with a session and with a token."""
    found = Visitor(world.stage.app.test_client())
    if name:
        page = found.post("/inloggen", email=f"{name}@knelpunt.example", wachtwoord=PASSWORD)
        assert page.status == 303, page.words
    return found


def addresses(world: World) -> list[str]:
    """Every address without a number, those of what everybody reads, and every question wherever one can search."""
    rules = world.stage.app.url_map.iter_rules()
    plain = {rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments} - LEFT_OUT
    public = [one.number for one in world.rulings] + ["EXT:AP:z1", "EXT:AP:z3", "EXT:AP:z20"]
    shown = {f"{root}/precedenten/{number}{more}" for root in ("", ROOT) for number in public for more in ("",)}
    searched = {f"{path}?q={question}" for path in SEARCHED for question in QUESTIONS}
    narrowed = {f"{ROOT}/precedenten?q=gemeente&type=juridisch", "/precedenten?q=gemeente&jaar=2021&wet=BWBR0015703"}
    return sorted(plain | shown | searched | narrowed)


def answer(world: World, who: Visitor, name: str, path: str) -> tuple[Any, ...]:
    """What somebody gets, without what is new each time."""
    heads = {"Authorization": f"Bearer token-{name}"} if name and path.startswith(ROOT) else {}
    client = world.stage.app.test_client() if path.startswith(ROOT) else who.client
    told = client.get(path, headers=heads)
    kept = {header: told.headers.get(header) for header in ("Content-Type", "Location", "Link")}
    body = FRESH.sub(b"", told.get_data())
    told.close()
    return told.status_code, kept, body


def similar(world: World, name: str, text: str) -> Any:
    """What the API says looks like a text."""
    sent = {"tekst": text, "grondslagen": [], "aantal": 100}
    return world.stage.post("/precedenten/gelijkende", name or None, sent).json


@pytest.mark.parametrize("name", READERS)
def test_every_address_answers_the_same_in_both_worlds(worlds: tuple[World, World], name: str) -> None:
    one, other = worlds
    paths = addresses(one)
    assert paths == addresses(other)
    first, second = visitor(one, name), visitor(other, name)

    differing = [path for path in paths if answer(one, first, name, path) != answer(other, second, name, path)]

    assert differing == []


@pytest.mark.parametrize("name", READERS)
def test_what_looks_like_a_text_is_the_same_with_the_same_scores(worlds: tuple[World, World], name: str) -> None:
    one, other = worlds
    for text in (*QUESTIONS, HIDDEN, *(question for _, question in SUBJECTS)):
        told = similar(one, name, text)

        assert told == similar(other, name, text), text

    assert told["resultaten"]


def test_it_stays_the_same_when_the_index_of_one_of_them_is_brought_to_rest(worlds: tuple[World, World]) -> None:
    one, other = worlds
    questions = (*QUESTIONS, HIDDEN)
    before = [similar(other, name, text) for name in READERS for text in questions]

    other.bring_to_rest()

    assert [similar(other, name, text) for name in READERS for text in questions] == before
    for world in worlds:
        world.rebuild()
    for name in READERS:
        for text in questions:
            assert similar(one, name, text) == similar(other, name, text), text


def test_a_hidden_word_is_never_offered_for_a_mistyped_one(worlds: tuple[World, World]) -> None:
    for world in worlds:
        for name in READERS:
            who = visitor(world, name)
            for path in ("/precedenten", f"{ROOT}/precedenten"):
                for question in ("kaukasicshe", "woonbooten"):
                    body = answer(world, who, name, f"{path}?q={question}")[2].decode().lower()
                    assert "kaukasische" not in body
                    assert "woonboten" not in body


def test_who_may_see_them_finds_them(worlds: tuple[World, World]) -> None:
    _, other = worlds
    with other.stage.work() as work:
        hidden = set(work.session.scalars(select(Case.number).where(Case.title.contains(HIDDEN))))

    found = {row["nummer"] for row in similar(other, "utrecht", HIDDEN)["resultaten"]}

    assert len(found & hidden) > 20
