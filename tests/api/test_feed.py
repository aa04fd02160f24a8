"""What happened, as other systems read it on: in order, by who may know, and with nothing in it but where to look."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.adapters.notary import Notary
from app.db.engine import open_session
from app.db.feed import FeedLine
from app.db.process import Event, Process
from app.services.account import account_with_grants
from app.services.checkpoint import Clerk
from app.services.feed import happenings
from app.services.overview import journal_of, sight_of
from tests.api.conftest import Street
from tests.api.stage import MEMBERS, SECRETARIAT, Stage
from tests.api.street import whole_street
from tests.make import work_of

EVERYBODY = ("utrecht", "utrecht2", "zwolle", "svb", "niemand", "jurist", *SECRETARIAT, *MEMBERS)
TYPE = re.compile(r"nl\.overheid\.knelpunten\.[a-z]+\.[a-z-]+\.v1")
PUBLIC_TYPES = ["uitspraak.publiceren", "aanbeveling.publiceren", "precedent.geldend-worden"]


def clerk(stage: Stage) -> Clerk:
    return Clerk(stage.engine, Notary(b"k" * 32, "https://ccg.example"), lambda: stage.now)


def events(stage: Stage, who: str | None = None, na: str | None = None) -> list[dict[str, Any]]:
    """Everything that a reader hears of, read on until there is no more."""
    found: list[dict[str, Any]] = []
    path = "/gebeurtenissen?aantal=20" + (f"&na={na}" if na else "")
    while True:
        answer = stage.get(path, who)
        assert answer.status_code == 200, answer.json
        found += answer.json["resultaten"]
        if "Link" not in answer.headers:
            return found
        address, _, relation = answer.headers["Link"].partition(">")
        assert relation == '; rel="next"'
        path = address.removeprefix("</api/v1")


def short(found: list[dict[str, Any]]) -> list[str]:
    return [one["type"].removeprefix("nl.overheid.knelpunten.").removesuffix(".v1") for one in found]


# --- What everybody hears


def test_a_publication_is_heard_of_at_once_and_without_a_worker(street: Street) -> None:
    found = events(street.stage)

    assert short(found) == PUBLIC_TYPES
    assert [(one["sequence"], one["sequencetype"]) for one in found] == [(str(one), "Integer") for one in (1, 2, 3)]
    number = street.paths["ruling"].rpartition("/")[2]
    assert [one["subject"] for one in found] == [number, street.paths["recommendation"].rpartition("/")[2], number]


def test_everybody_can_read_what_a_public_event_points_at(street: Street) -> None:
    for one in events(street.stage):
        place = urlsplit(one["dataref"])
        answer = street.stage.get(place.path.removeprefix("/api/v1") + (f"?{place.query}" if place.query else ""))
        assert answer.status_code == 200, one
        shown = answer.json
        numbers = [shown.get("nummer"), *(row["nummer"] for row in shown.get("resultaten", ()))]
        assert one["subject"] in numbers


def test_an_event_is_a_cloudevent_that_says_nothing_of_what_is_there(street: Street) -> None:
    clerk(street.stage).number()
    told = {"specversion", "id", "source", "type", "subject", "time", "dataref"}

    found = [one for who in (None, *EVERYBODY) for one in events(street.stage, who)]

    for one in found:
        assert one.keys() - {"sequence", "sequencetype"} == told
        assert ("sequence" in one) == (short([one])[0] in PUBLIC_TYPES)
        assert TYPE.fullmatch(one["type"])
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one["id"])
        assert re.fullmatch(r"(KNP|ADV|VERG|AGP|PUB|AANB)-[0-9-]+|CCG:[0-9:]+", one["subject"])
        assert one["time"].endswith("Z")
        assert (one["specversion"], one["source"]) == ("1.0", "http://127.0.0.1:8000")
    by_id = {one["id"]: one for one in found}
    assert all(by_id[one["id"]] == one for one in found)


def test_who_asks_again_with_the_same_place_gets_what_is_new_and_no_more(street: Street) -> None:
    first = street.stage.get("/gebeurtenissen")
    place = first.json["volgende"]
    again = street.stage.get(f"/gebeurtenissen?na={place}")

    assert again.json == {"resultaten": [], "volgende": place}
    tag = again.headers["ETag"]
    assert street.stage.get(f"/gebeurtenissen?na={place}", if_none_match=tag).status_code == 304
    assert short(events(street.stage, na=first.json["resultaten"][0]["id"])) == PUBLIC_TYPES[1:]
    assert short(events(street.stage, na="2")) == PUBLIC_TYPES[2:]
    assert short(events(street.stage, na="0")) == PUBLIC_TYPES


@pytest.mark.parametrize("asked", ["na=nergens", "na=99", "aantal=0", "aantal=101", "sinds=1"])
def test_what_is_no_place_or_no_amount_is_refused(street: Street, asked: str) -> None:
    answer = street.stage.get(f"/gebeurtenissen?{asked}")

    assert answer.status_code == 400
    assert [fault["veld"] for fault in answer.json["errors"]] == [next(iter(parse_qs(asked)))]


# --- What somebody with a token hears


def test_everybody_hears_exactly_what_their_journals_show(street: Street) -> None:
    """But for the first half of four eyes and for sealed steps: these tell nobody anything."""
    clerk(street.stage).number()
    differing = []
    for who in EVERYBODY:
        with open_session(street.stage.engine, _actor(street.stage, who), writes=False) as session:
            work = work_of(session, _actor(street.stage, who))
            stretch = happenings(work, after=0, amount=1000)
            heard = {row.identity for row in stretch.rows if not row.public}
            shown = {one for process in session.scalars(select(Process)) for one in _shown(work, process)}
        if heard != shown:
            differing.append(who)
        assert {row.sequence for row in stretch.rows if row.public} == {1, 2, 3}

    assert differing == []


def _actor(stage: Stage, who: str) -> Any:
    with stage.work() as work:
        account = account_with_grants(work.session, stage.accounts[who])
        assert account is not None
        return account.actor()


def _shown(work: Any, process: Process) -> list[str]:
    """The lines that the page of a process shows to who is involved, as far as they are told at all."""
    involved, handling = sight_of(work, process)
    if not involved:
        return []
    ids = [line.id for line in journal_of(work, process, handling=handling, involved=True)]
    query = select(Event, FeedLine).join(FeedLine, FeedLine.event_id == Event.id).where(Event.id.in_(ids))
    found = []
    for line, told in work.session.execute(query.options(joinedload(Event.process))):
        workflow = work.workflows[process.kind, line.version]
        step = workflow.transition(line.action, line.source) if line.source else None
        if not line.half and not (step is not None and step.sealed) and not told.public:
            found.append(told.identity)
    return found


def test_that_somebody_voted_tells_nobody_anything(street: Street) -> None:
    clerk(street.stage).number()

    heard = {one for who in EVERYBODY for one in short(events(street.stage, who))}

    assert heard.isdisjoint({"agendapunt.stemmen", "agendapunt.belang-verklaren", "agendapunt.nota-toevoegen"})
    assert {"agendapunt.stemming-sluiten", "knelpunt.oppakken"} <= heard


def test_without_a_role_somebody_hears_what_everybody_hears(street: Street) -> None:
    clerk(street.stage).number()

    assert events(street.stage, "niemand") == events(street.stage)


# --- After the publication


def test_what_becomes_of_a_ruling_is_heard_in_its_order(stage: Stage) -> None:
    paths = whole_street(stage)
    place = stage.get("/gebeurtenissen").json["volgende"]
    publication, ruling = paths["publication"], paths["ruling"].rpartition("/")[2]
    stage.does("svb", paths["recommendation"], "ontvangst_bevestigen")
    stage.does("analist", paths["precedent"], "notitie", tekst="Let op de grondslag.")
    stage.does("analist", paths["precedent"], "markeren", markering="te_herbeoordelen", reden="De wet is veranderd.")
    stage.does("publicatieredacteur", publication, "rectificeren", correctie="Een punt.", reden="Fout.")
    told = {"grond": "gerechtelijk_bevel", "reden": "De rechter heeft het bevolen."}
    stage.does("publicatieredacteur", publication, "depubliceren", **told)
    halfway = short(events(stage, na=place))
    stage.does("ccg_secretaris", publication, "depubliceren")

    found = events(stage, na=place)

    assert halfway == ["aanbeveling.ontvangst-bevestigen", "precedent.markeren", "uitspraak.rectificeren"]
    assert short(found) == [*halfway, "uitspraak.depubliceren"]
    assert [one["sequence"] for one in found] == ["4", "5", "6", "7"]
    assert {one["subject"] for one in found[1:]} == {ruling}
    assert stage.get(f"/uitspraken/{ruling}").status_code == 410
