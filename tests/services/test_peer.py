"""Following another installation: its rulings come here once, stay up to date, and are never taken for ours."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.db.engine import open_session
from app.db.external import ExternalDecision
from app.db.notice import Notice
from app.db.peer import CopiedDecision, Peer, PeerEvent
from app.db.search import SearchText
from app.domain.access import PUBLIC, SYSTEM
from app.domain.errors import Invalid, NotPermitted
from app.schemas.peer import READING
from app.services.asked import search_of
from app.services.copied import Copy, cited_by_copies, cited_in_copy, copy_of, followed
from app.services.external import Kept, external_decision, keep_decisions
from app.services.finding import found
from app.services.listener import STRETCHES_AT_A_TURN, Listener
from app.services.notice import DAILY
from app.services.peer import add_peer, end_peer, peers, unread
from app.services.subscription import subscribe, tell_subscribers
from app.services.work import Work
from tests.centre import LOOPBACK, Centre, running
from tests.make import acting, make_account, workflows

NUMBER = "CCG:2026:12"
LAW = [{"label": "artikel 3", "jci": "jci1.3:c:BWBR0031331&artikel=3", "url": None, "rol": None}]


@dataclass
class Here:
    """The installation that follows."""

    engine: Engine
    now: datetime = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def listener(self) -> Listener:
        return Listener(self.engine, LOOPBACK, READING, lambda: self.now)

    def sync(self) -> Kept:
        with self.work() as work:
            (row,) = peers(work)
        return self.listener().catch_up(row.peer.id).kept

    @contextmanager
    def work(self) -> Iterator[Work]:
        with open_session(self.engine, SYSTEM, writes=True) as session:
            yield Work(session, SYSTEM, self.now, workflows())
            session.commit()

    def decision(self, number: str = NUMBER) -> tuple[ExternalDecision, Copy]:
        with self.work() as work:
            decision = external_decision(work, f"EXT:centrum:{number}")
            copied = copy_of(work, decision)
            assert copied is not None
            return decision, copied

    def amount(self, record: Any) -> int:
        with self.work() as work:
            return work.session.scalar(select(func.count()).select_from(record)) or 0

    def peer(self) -> Peer:
        with self.work() as work:
            return peers(work)[0].peer

    def numbers(self, **asked: str) -> list[str]:
        with open_session(self.engine, PUBLIC, writes=False) as session:
            work = Work(session, PUBLIC, self.now, workflows())
            return [row.number for row in found(work, search_of(asked)).rows]


@pytest.fixture
def centre() -> Iterator[Centre]:
    with running(Centre()) as there:
        yield there


@pytest.fixture
def here(own_engine: Engine, centre: Centre) -> Here:
    made = Here(own_engine)
    with made.work() as work:
        add_peer(work, url=centre.url, source="centrum")
    return made


def test_a_ruling_comes_here_once_with_its_origin_and_status(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER, titel="Meekijken met het wijkteam")

    assert here.sync() == Kept(added=1)
    assert here.sync() == Kept()

    decision, copied = here.decision()
    assert (decision.source, decision.source_id) == ("centrum", NUMBER)
    assert decision.title == "Meekijken met het wijkteam"
    assert decision.url == f"{centre.url}/uitspraken/{NUMBER}"
    assert (copied.decision.state, copied.decision.ended) == ("geldend", False)
    assert copied.peer.heard_at == here.now
    assert here.amount(ExternalDecision) == here.amount(SearchText) == here.amount(PeerEvent) == 1
    assert here.numbers(q="wijkteam meekijken") == [f"EXT:centrum:{NUMBER}"]


def test_a_revision_takes_the_place_of_what_was_there(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER, kernregel="Het mag met een vuurtoren.")
    here.sync()
    centre.publish(NUMBER, kernregel="Het mag met een zeilboot.", versie=2, correctie="Een woord is verbeterd.")

    kept = here.sync()

    assert kept == Kept(replaced=1)
    assert here.numbers(q="vuurtoren") == []
    assert here.numbers(q="zeilboot") == [f"EXT:centrum:{NUMBER}"]
    record = here.decision()[1].decision.record or {}
    assert (record["versie"], record["correctie"]) == (2, "Een woord is verbeterd.")


def test_what_is_withdrawn_stays_findable_by_its_title_and_loses_its_text(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER, titel="Meekijken met het wijkteam", kernregel="Een vuurtoren.")
    here.sync()
    centre.withdraw(NUMBER, "Er stond een naam in.")

    here.sync()

    decision, copied = here.decision()
    assert (decision.text, decision.summary, copied.decision.record) == ("", "", None)
    assert copied.decision.withdrawn_because == "Er stond een naam in."
    assert copied.decision.withdrawn_at is not None
    assert here.numbers(q="vuurtoren") == []
    assert here.numbers(q="wijkteam meekijken") == [f"EXT:centrum:{NUMBER}"]


def test_its_status_and_treatment_follow_those_of_the_source(here: Here, centre: Centre) -> None:
    later = "CCG:2026:13"
    centre.publish(NUMBER)
    here.sync()
    cites = {
        "nummer": NUMBER,
        "titel": "De eerste",
        "reden": "Anders.",
        "relatie": {"code": "herziet", "label": "Herziet"},
    }
    centre.publish(later, titel="De latere", citaties=[cites])
    ended = {"status": "achterhaald", "statusLabel": "Achterhaald", "geldigTot": "2026-11-23", "vervangenDoor": later}
    centre.stand(NUMBER, **ended, nuances=[{"nuance": "Niet bij jeugd.", "uitspraak": later}])

    here.sync()

    _, copied = here.decision()
    assert (copied.decision.state, copied.decision.state_label) == ("achterhaald", "Achterhaald")
    assert copied.decision.ended
    assert copied.decision.treatment["vervangenDoor"] == later
    assert copied.decision.treatment["nuances"] == [{"nuance": "Niet bij jeugd.", "uitspraak": later}]
    with here.work() as work:
        citing = cited_by_copies(work, f"EXT:centrum:{NUMBER}")
        cited = cited_in_copy(work, external_decision(work, f"EXT:centrum:{later}"))
    assert [(one.number, one.relation, one.reason) for one in citing] == [
        (f"EXT:centrum:{later}", "herziet", "Anders.")
    ]
    assert [(one.number, one.known) for one in cited] == [(f"EXT:centrum:{NUMBER}", True)]


def test_the_events_are_read_in_stretches(here: Here, centre: Centre) -> None:
    centre.page = 2
    for place in range(1, 6):
        centre.publish(f"CCG:2026:{place}")

    assert here.sync() == Kept(added=5)
    assert here.peer().cursor == "5"


def test_a_long_list_is_taken_over_in_several_turns(here: Here, centre: Centre) -> None:
    centre.page = 1
    for place in range(1, STRETCHES_AT_A_TURN + 2):
        centre.publish(f"CCG:2026:{place}")

    here.listener().take_turn()
    assert here.amount(CopiedDecision) == STRETCHES_AT_A_TURN
    here.listener().take_turn()
    assert here.amount(CopiedDecision) == STRETCHES_AT_A_TURN + 1


def test_what_is_no_ruling_is_left_alone(here: Here, centre: Centre) -> None:
    for subject in ("KNP-2026-00001", "", "../../beheer", "EXT:elders:1", "CCG:2026:007"):
        centre.tell(subject)

    assert here.sync() == Kept()
    assert [path for path in centre.asked if "gebeurtenissen" not in path] == []
    assert here.peer().cursor == "5"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"titel": None}, "titel: Een uitspraak heeft een “titel”."),
        ({"titel": ["een lijst"]}, "titel: Vul bij “Titel” tekst in."),
        ({"titel": "a" * 1001}, "titel: “Titel” is 1.001 tekens lang."),
        ({"nummer": "CCG:2026:99"}, "nummer: De installatie gaf een andere uitspraak dan gevraagd."),
        ({"kernregel": "a" * 200_001}, "kernregel:"),
        ({"citaties": [{"nummer": "<script>", "relatie": {"code": "volgt"}}]}, "citaties.0.nummer:"),
        ({"grondslagen": [{"label": "a"}] * 501}, "grondslagen:"),
        ({"datumVastgesteld": "9999-12-31"}, "datumVastgesteld:"),
    ],
)
def test_what_cannot_be_read_is_told_and_holds_up_nothing(
    here: Here, centre: Centre, wrong: dict[str, Any], sentence: str
) -> None:
    centre.publish(NUMBER, **wrong)
    centre.publish("CCG:2026:13")

    assert here.sync() == Kept(added=1)

    with here.work() as work:
        event = work.session.scalars(select(PeerEvent).filter_by(subject=NUMBER)).one()
        (row,) = peers(work)
    assert sentence in (event.fault or "")
    assert (row.copies, row.faults) == (1, 1)
    assert row.peer.trouble is None


def test_what_could_not_be_read_stays_as_it_was_and_says_so(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER, titel="De eerste")
    here.sync()
    centre.publish(NUMBER, titel=None)

    here.sync()

    decision, copied = here.decision()
    assert decision.title == "De eerste"
    assert copied.fault is not None


def test_what_could_not_be_read_is_tried_again_after_an_hour(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER, titel=None)
    here.sync()
    # Mended there, and nothing happened to the ruling.
    centre.answers[f"/api/v1/uitspraken/{NUMBER}"][1]["titel"] = "Nu wel"

    assert here.sync() == Kept()
    here.now += timedelta(hours=1)
    assert here.sync() == Kept(added=1)

    with here.work() as work:
        assert unread(work) == []
        assert peers(work)[0].faults == 0
    assert here.decision()[0].title == "Nu wel"


def test_text_of_another_is_text_and_nothing_else(here: Here, centre: Centre) -> None:
    centre.publish(
        NUMBER,
        titel="<script>alert(1)</script>\u202e om",
        kernregel="a\x00b\r\n<img src=x onerror=alert(1)>",
        grondslagen=[{"label": "x", "jci": "javascript:alert(1)", "url": "http://169.254.169.254/"}],
        typen=[{"code": "juridisch", "label": "Juridisch"}, {"code": "onbekend", "label": "<b>Onbekend</b>"}],
        iets_nieuws={"diep": [1, 2, 3]},
    )

    here.sync()

    decision, copied = here.decision()
    assert decision.title == "<script>alert(1)</script> om"
    assert "ab\n<img src=x onerror=alert(1)>" in decision.text
    assert (decision.laws, decision.types) == ([], ["juridisch"])
    assert "iets_nieuws" not in (copied.decision.record or {})


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((200, b"<html>"), "Het antwoord is geen JSON."),
        ((200, b'{"resultaten": NaN}'), "Het antwoord is geen JSON."),
        ((200, b"[" * 100_000), "Het antwoord is geen JSON."),
        ((200, []), "Stuur hier een object met velden."),
        ((200, {"resultaten": [{"id": "1"}], "volgende": "1"}), "resultaten.0.type"),
        ((200, {"resultaten": [{"id": "1", "type": "a", "time": "gisteren"}]}), "resultaten.0.time"),
        ((200, {"resultaten": [{"id": "1", "type": "a", "time": "2026-11-23T09:00:00"}]}), "resultaten.0.time"),
        ((200, {"resultaten": [{"id": "1", "type": "a", "time": "2026-11-23T09:00:00Z"}]}), "gaat niet verder"),
        ((503, {"status": 503}), "antwoordt met foutcode 503"),
        ((302, b""), "antwoordt met foutcode 302"),
    ],
)
def test_a_list_that_is_none_is_told_and_tried_later(
    here: Here, centre: Centre, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, Any], sentence: str
) -> None:
    monkeypatch.setattr(centre, "answer", lambda _address: answer)

    here.sync()

    peer = here.peer()
    assert sentence in (peer.trouble or "")
    assert (peer.failures, peer.heard_at, peer.cursor) == (1, None, "")
    assert peer.due_at > here.now


def test_with_the_centre_away_all_here_stays_as_it_was(own_engine: Engine) -> None:
    here = Here(own_engine)
    with running(Centre()) as centre:
        with here.work() as work:
            add_peer(work, url=centre.url, source="centrum")
        centre.publish(NUMBER)
        here.sync()
        heard = here.now
    waits = []
    for _ in range(12):
        here.now += timedelta(hours=2)
        here.listener().take_turn()
        waits.append(here.peer().due_at - here.now)

    decision, copied = here.decision()
    assert decision.text
    assert copied.peer.heard_at == heard
    assert copied.peer.failures == 12
    assert waits[0] == timedelta(minutes=1)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


def test_a_failure_in_the_middle_moves_nothing(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER)
    centre.publish("CCG:2026:13")
    centre.answers["/api/v1/uitspraken/CCG:2026:13"] = 503, {"status": 503}

    assert here.sync() == Kept()
    assert here.amount(CopiedDecision) == 0
    assert here.peer().cursor == ""

    centre.publish("CCG:2026:13")
    assert here.sync() == Kept(added=2)
    assert here.peer().trouble is None


@pytest.mark.parametrize("where", ["uitspraken", "precedenten"])
@pytest.mark.parametrize(
    ("status", "sentence"),
    [(500, "foutcode 500"), (403, "foutcode 403"), (302, "foutcode 302"), (None, "niet te lezen")],
)
def test_one_ruling_that_is_not_given_holds_up_nothing_and_is_asked_again_later(
    here: Here, centre: Centre, where: str, status: int | None, sentence: str
) -> None:
    path = f"/api/v1/{where}/{NUMBER}"
    centre.publish(NUMBER)
    well = centre.answers[path]
    if status is None:
        centre.packed = path
    else:
        centre.answers[path] = status, {"status": status}
    centre.publish("CCG:2026:13")

    assert here.sync() == Kept(added=1)
    with here.work() as work:
        (one,) = unread(work)
        assert peers(work)[0].peer.trouble is None
    assert one.subject == NUMBER
    assert sentence in one.fault

    centre.packed, centre.answers[path] = None, well
    here.now += timedelta(hours=1)
    assert here.sync() == Kept(added=1)


def test_what_takes_too_long_is_read_later_and_the_rest_now(here: Here, centre: Centre) -> None:
    numbers = [f"CCG:2026:{place}" for place in range(1, 6)]
    for number in numbers:
        centre.publish(number)
    answered, over = centre.answer, threading.Event()

    def hangs(address: str) -> tuple[int, Any]:
        if address.endswith(f"uitspraken/{numbers[2]}"):
            over.wait(10)
        return answered(address)

    centre.answer = hangs  # type: ignore[method-assign]
    hurried = Listener(here.engine, replace(LOOPBACK, seconds=0.5), READING, lambda: here.now)
    assert hurried.catch_up(here.peer().id).kept == Kept(added=4)
    with here.work() as work:
        assert [one.subject for one in unread(work)] == [numbers[2]]

    over.set()
    here.now += timedelta(hours=1)
    assert here.sync() == Kept(added=1)


def test_who_answers_slowly_keeps_the_others_waiting_for_one_turn_at_most(here: Here, centre: Centre) -> None:
    for place in range(1, 6):
        centre.publish(f"CCG:2026:{place}")
    answered = centre.answer

    def late(address: str) -> tuple[int, Any]:
        # Longer than a whole turn may take.
        threading.Event().wait(0.3)
        return answered(address)

    centre.answer = late  # type: ignore[method-assign]
    listener = Listener(here.engine, LOOPBACK, READING, lambda: here.now, seconds=0.8)

    listener.take_turn()

    assert len(centre.asked) <= 4
    with here.work() as work:
        (row,) = peers(work)
    assert (row.copies, row.faults) == (1, 4)
    assert (row.peer.cursor, row.peer.trouble) == ("5", None)


def test_when_the_time_of_a_turn_is_over_no_other_stretch_is_begun(here: Here, centre: Centre) -> None:
    centre.page = 1
    for place in range(1, 4):
        centre.tell(f"KNP-2026-0000{place}")
    answered = centre.answer

    def late(address: str) -> tuple[int, Any]:
        threading.Event().wait(0.6)
        return answered(address)

    centre.answer = late  # type: ignore[method-assign]
    listener = Listener(here.engine, LOOPBACK, READING, lambda: here.now, seconds=0.5)

    listener.take_turn()
    assert here.peer().cursor == "1"
    listener.take_turn()
    assert here.peer().cursor == "2"


def test_more_than_fits_in_one_stretch_is_read_later(here: Here, centre: Centre) -> None:
    for place in range(1, 6):
        centre.publish(f"CCG:2026:{place}", feiten="a" * 20_000)
    small = Listener(here.engine, LOOPBACK, READING, lambda: here.now, most_bytes=70_000)

    assert small.catch_up(here.peer().id).kept == Kept(added=2)
    with here.work() as work:
        assert peers(work)[0].faults == 3

    here.now += timedelta(hours=1)
    assert here.sync() == Kept(added=3)


def test_a_stretch_has_no_more_rows_than_were_asked(here: Here, centre: Centre) -> None:
    for place in range(1, 52):
        centre.tell(f"CCG:2026:{place}")
    centre.page = 51

    here.sync()

    assert "resultaten: " in (here.peer().trouble or "")
    assert here.peer().cursor == ""
    assert len(centre.asked) == 1


def test_an_empty_list_with_ever_another_cursor_is_asked_for_in_its_rhythm(
    here: Here, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(address: str) -> tuple[int, Any]:
        asked.append(address)
        return 200, {"resultaten": [], "volgende": f"plaats-{len(asked)}"}

    monkeypatch.setattr(centre, "answer", answer)

    assert here.sync() == Kept()
    here.now += timedelta(minutes=1)
    here.listener().take_turn()
    here.listener().take_turn()

    assert len(asked) == 2
    assert asked[1].endswith("na=plaats-1")
    assert (here.peer().cursor, here.peer().due_at) == ("plaats-2", here.now + timedelta(minutes=1))


def test_it_is_asked_in_its_rhythm(here: Here, centre: Centre) -> None:
    for _ in range(3):
        here.listener().take_turn()
    assert len(centre.asked) == 1

    here.now += timedelta(minutes=1)
    here.listener().take_turn()
    assert len(centre.asked) == 2


def test_who_is_not_followed_any_more_is_not_asked_and_goes_on_where_it_stopped(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER)
    here.sync()
    with here.work() as work:
        end_peer(work, peers(work)[0].peer)
    asked = len(centre.asked)
    centre.publish("CCG:2026:13")
    here.now += timedelta(days=1)

    here.listener().take_turn()
    assert here.sync() == Kept()
    assert len(centre.asked) == asked
    assert not here.decision()[1].is_followed

    with here.work() as work:
        add_peer(work, url=centre.url)
    assert here.sync() == Kept(added=1)


def test_what_was_there_before_it_was_followed_is_no_news_and_what_comes_after_is(here: Here, centre: Centre) -> None:
    with here.work() as work:
        account = make_account(work.session, "melder")
        account.notices = DAILY
        subscribe(acting(work, account), "wet", {"wet": "BWBR0031331"})
    centre.publish("CCG:2026:12", titel="Van vroeger", grondslagen=LAW)
    centre.events[-1]["time"] = "2024-05-01T09:00:00Z"
    here.now += timedelta(hours=1)
    here.sync()
    centre.publish("CCG:2026:13", titel="Van vandaag", grondslagen=LAW)
    centre.events[-1]["time"] = "2026-11-23T11:30:00Z"
    here.now += timedelta(hours=1)
    here.sync()

    with here.work() as work:
        tell_subscribers(work, until=here.now)
        told = work.session.scalars(select(Notice.text).where(Notice.account_id == account.id)).all()

    assert told == ["EXT:centrum:CCG:2026:13 Van vandaag"]


def test_an_installation_does_not_follow_itself(here: Here) -> None:
    with here.work() as work, pytest.raises(Invalid) as refused:
        add_peer(work, url="https://hier.example/", own="https://hier.example")

    assert list(refused.value.faults) == ["adres"]


def test_a_source_of_which_nothing_is_here_yet_is_not_told_to_who_searches(here: Here, centre: Centre) -> None:
    here.peer()
    with here.work() as work:
        assert followed(work) == []

    centre.publish(NUMBER)
    here.sync()
    with here.work() as work:
        assert [one.source for one in followed(work)] == ["centrum"]


def test_two_that_follow_at_the_same_time_take_over_once(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER)
    first, peer = here.listener(), here.peer()
    answered = centre.answer

    def late(address: str) -> tuple[int, Any]:
        # While the one reads the ruling, the other takes over everything.
        if address.endswith(f"uitspraken/{NUMBER}") and centre.answer is late:
            centre.answer = answered  # type: ignore[method-assign]
            here.sync()
        return answered(address)

    centre.answer = late  # type: ignore[method-assign]

    assert first.catch_up(peer.id).kept == Kept()
    assert here.amount(ExternalDecision) == here.amount(PeerEvent) == 1


def test_reading_everything_again_changes_nothing(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER)
    centre.publish("CCG:2026:13")
    here.sync()
    before = here.decision()[0].imported_at
    here.now += timedelta(days=1)
    with here.work() as work:
        peers(work)[0].peer.cursor = ""

    assert here.sync() == Kept(same=2)
    assert here.decision()[0].imported_at == before
    assert here.amount(PeerEvent) == 2


def test_a_place_that_is_gone_there_is_left_and_all_is_read_again(here: Here, centre: Centre) -> None:
    centre.publish(NUMBER)
    here.sync()
    # A back-up was put back: the later event never happened.
    centre.events = []
    centre.publish(NUMBER, titel="Na het terugzetten")
    with here.work() as work:
        peers(work)[0].peer.cursor = "9"

    assert here.sync() == Kept(replaced=1)
    assert here.decision()[0].title == "Na het terugzetten"
    assert here.peer().cursor == "1"


@pytest.mark.parametrize(
    ("url", "source", "field"),
    [
        ("CENTRE", "ander", "adres"),
        ("http://127.0.0.1:9", "centrum", "bron"),
        ("http://127.0.0.1:9", "AP", "bron"),
    ],
)
def test_a_source_has_one_name_and_a_name_one_source(
    here: Here, centre: Centre, url: str, source: str, field: str
) -> None:
    with here.work() as work:
        keep_decisions(work, [{"source": "AP", "source_id": "1", "text": "Een tekst."}])
    with here.work() as work, pytest.raises(Invalid) as refused:
        add_peer(work, url=url.replace("CENTRE", centre.url), source=source)
    assert list(refused.value.faults) == [field]

    with here.work() as work, pytest.raises(Invalid, match="bron"):
        keep_decisions(work, [{"source": "centrum", "source_id": NUMBER, "text": "Een valse uitspraak."}])


def test_who_is_followed_is_for_the_administrator(here: Here) -> None:
    with open_session(here.engine, PUBLIC, writes=False) as session, pytest.raises(NotPermitted):
        peers(Work(session, PUBLIC, here.now, {}))
