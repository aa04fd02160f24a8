"""Telling other systems: each thing once in effect, in order per case, and only to who may know it."""

import base64
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from app.adapters.egress import Egress
from app.db.account import Account
from app.db.case import Case
from app.db.engine import open_session
from app.db.feed import FeedLine
from app.db.notice import Notice
from app.db.process import Audience, Event, Process
from app.db.system import System
from app.db.token import Token
from app.db.webhook import Delivery, Webhook
from app.domain.access import SYSTEM
from app.schemas.cloudevent import cloud_event
from app.services.account import disable
from app.services.delivery import KEPT, WAITS, WINDOW, Courier
from app.services.feed import Happening, number_lines
from app.services.webhook import (
    Key,
    begin_webhook,
    dead_letters,
    deliveries,
    end_webhook,
    pause,
    renew_secret,
    resume,
    retry_dead_letter,
    secret_of,
    skip_delivery,
)
from app.services.work import Work
from tests.make import BALLOTS, NOW, acting, make_account, make_case, make_organisation, work_of, workflows
from tests.subscriber import Heard, Listener, Says, subscriber

HERE = (ip_network("127.0.0.0/8"),)
ROOT = Path(__file__).parents[2]


def wording(happening: Happening) -> dict[str, Any]:
    return cloud_event(happening, source="https://knelpunten.example", public_url="https://knelpunten.example")


class Post:
    """An installation with a courier, a clock, and one account that hears of cases."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        engine.update_execution_options(ballots=BALLOTS, egress=Egress(HERE, plain=True))
        self.now = NOW
        with self.work() as work:
            home = make_organisation(work.session)
            self.account = make_account(work.session, "triagist", organisation=home)
            self.other = make_account(work.session, "melder")

    def work(self) -> Any:
        return Working(self.engine, self.now)

    def courier(self) -> Courier:
        return Courier(self.engine, workflows(), wording, lambda: self.now)

    def subscribes(self, url: str, *, account: Account | None = None, **given: Any) -> int:
        with self.work() as work:
            made = begin_webhook(acting(work, account or self.account), **{"name": "Zaaksysteem", "url": url, **given})
            return int(made.id)

    def case(self, *audience: str) -> str:
        with self.work() as work:
            number = make_case(work, audience={"role:triagist", *audience}).number
        self.number()
        return str(number)

    def happens(self, *numbers: str) -> None:
        """The next line in the journal of each of these."""
        with self.work() as work:
            for number in numbers:
                process = work.session.scalars(select(Process).where(Process.number == number)).one()
                process.write_line(action="bijgewerkt", source=process.state, actor=SYSTEM, role="systeem", at=work.now)
                work.session.flush()
        self.number()

    def number(self) -> None:
        with self.work() as work:
            while number_lines(work):
                pass

    def delivers(self) -> None:
        self.courier().finish()

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)

    def webhook(self, identity: int) -> Webhook:
        with self.work() as work:
            return work.session.get_one(Webhook, identity)

    def deliveries(self, identity: int) -> list[Delivery]:
        with self.work() as work:
            query = select(Delivery).where(Delivery.webhook_id == identity).order_by(Delivery.place)
            return list(work.session.scalars(query))

    def notices(self) -> list[str]:
        with self.work() as work:
            return list(work.session.scalars(select(Notice.subject).where(Notice.account_id == self.account.id)))

    def owner(self, work: Work) -> Work:
        return acting(work, self.account)


class Working:
    """A transaction of the system, kept when nothing was raised."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.session, self.now = open_session(engine, SYSTEM, writes=True), now

    def __enter__(self) -> Work:
        self.session.__enter__()
        return work_of(self.session, now=self.now)

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.session.commit()
        self.session.__exit__(kind, *rest)


@pytest.fixture
def post(own_engine: Engine) -> Post:
    return Post(own_engine)


def told(heard: Sequence[Heard]) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in heard]


def effects(heard: Sequence[Heard]) -> list[str]:
    """What a receiver that knows a message by its id did: each thing at its first arrival."""
    return list(dict.fromkeys(one.headers["webhook-id"] for one in heard))


def fails(*statuses: int) -> Says:
    """Answers with these, one after the other, and then well."""
    waiting = iter(statuses)
    return lambda listener, _: listener.say(next(waiting, 204))


# --- what arrives -----------------------------------------------------------------------------------------------------


def test_what_happens_arrives_once_and_says_no_more_than_where_to_read_it(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        identity = post.subscribes(f"{other.url}/haak")
        post.happens(number)
        post.delivers()
        post.delivers()

    (heard,) = other.heard
    event = json.loads(heard.body)
    assert (heard.method, heard.path) == ("POST", "/haak")
    assert heard.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert event["id"] == heard.headers["webhook-id"]
    assert event["subject"] == number
    assert event["dataref"] == f"https://knelpunten.example/api/v1/knelpunten/{number}"
    assert set(event) == {"specversion", "id", "source", "type", "subject", "time", "dataref"}
    (delivery,) = post.deliveries(identity)
    assert (delivery.outcome, delivery.attempts, delivery.done_at) == ("aangekomen", 1, NOW)


def test_the_signature_is_of_who_has_the_secret_and_of_these_bytes(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        identity = post.subscribes(other.url)
        post.happens(number)
        post.delivers()
    with post.work() as work:
        secret = secret_of(work, work.session.get_one(Webhook, identity))

    (heard,) = other.heard
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert len(key) == 32
    stamp = heard.headers["webhook-timestamp"]
    signed = f"{heard.headers['webhook-id']}.{stamp}.".encode() + heard.body
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, sha256)).decode()
    assert heard.headers["webhook-signature"] == expected
    # The machine's own time, whatever the test clock says.
    assert abs(int(stamp) - datetime.now(UTC).timestamp()) < 60


def test_a_new_secret_does_not_interrupt_who_still_has_the_old_one(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        identity = post.subscribes(other.url)
        with post.work() as work:
            webhook = work.session.get_one(Webhook, identity)
            old = secret_of(work, webhook)
            renew_secret(post.owner(work), webhook)
            assert secret_of(work, webhook) != old
        post.happens(number)
        post.delivers()
        post.forward(hours=25)
        post.happens(number)
        post.delivers()

    during, after = (one.headers["webhook-signature"].split(" ") for one in other.heard)
    assert (len(during), len(after)) == (2, 1)


def test_what_happened_before_it_was_made_is_not_told(post: Post) -> None:
    number = post.case()
    post.happens(number)
    with subscriber() as other:
        post.subscribes(other.url)
        post.delivers()

    assert other.heard == []


def test_of_other_things_than_were_asked_nothing_is_told(post: Post) -> None:
    number = post.case()
    with subscriber() as other, subscriber() as everything:
        post.subscribes(other.url, kinds=["uitspraak", "precedent"])
        post.subscribes(everything.url, kinds=["knelpunt"])
        post.happens(number)
        post.delivers()

    assert other.heard == []
    assert len(everything.heard) == 1


# --- who may know it --------------------------------------------------------------------------------------------------


def test_nobody_hears_of_a_case_that_is_not_theirs(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        post.subscribes(other.url, account=post.other)
        post.happens(number)
        post.delivers()

    assert other.heard == []


def test_who_may_not_see_it_any_more_when_it_is_sent_is_not_told(post: Post) -> None:
    first, second = post.case(), post.case()
    with subscriber(fails(500, 500)) as other:
        identity = post.subscribes(other.url)
        post.happens(first, second)
        post.delivers()
        with post.work() as work:
            process = work.session.scalars(select(Process).where(Process.number == first)).one()
            work.session.execute(delete(Audience).where(Audience.process_id == process.id))
        post.forward(minutes=1)
        post.delivers()

    assert [event["subject"] for event in told(other.heard)] == [first, second, second]
    assert [one.outcome for one in post.deliveries(identity)] == ["niet_meer", "aangekomen"]


def test_a_closed_account_hears_nothing_and_its_webhook_lies_still(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        identity = post.subscribes(other.url)
        with post.work() as work:
            disable(work, work.session.get_one(Account, post.account.id))
        post.happens(number)
        post.delivers()

    assert other.heard == []
    assert post.webhook(identity).pause == "geen_recht"


@pytest.mark.parametrize("ended", ["revoked", "expired"])
def test_with_the_key_ends_what_was_made_with_it(post: Post, ended: str) -> None:
    number = post.case()
    with subscriber() as other:
        with post.work() as work:
            token = Token(token_hash="a" * 64, account_id=post.account.id, name="Zaaksysteem", created_at=NOW)
            work.session.add(token)
            work.session.flush()
            key = Key(token_id=token.id)
        identity = post.subscribes(other.url, key=key)
        post.happens(number)
        post.delivers()
        assert len(other.heard) == 1
        with post.work() as work:
            token = work.session.get_one(Token, key.token_id)
            setattr(token, f"{ended}_at" if ended == "revoked" else "expires_at", datetime(2026, 1, 1, tzinfo=UTC))
        post.happens(number)
        post.delivers()

    assert len(other.heard) == 1
    assert post.webhook(identity).pause == "geen_recht"


def test_with_the_system_ends_what_it_made(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        with post.work() as work:
            system = System(
                account_id=post.account.id,
                client_id="zaaksysteem",
                name="Zaaksysteem",
                public_keys=[],
                created_at=NOW,
            )
            work.session.add(system)
        identity = post.subscribes(other.url, key=Key(client="zaaksysteem"))
        post.happens(number)
        post.delivers()
        with post.work() as work:
            work.session.scalars(select(System)).one().ended_at = NOW
        post.happens(number)
        post.delivers()

    assert len(other.heard) == 1
    assert post.webhook(identity).pause == "geen_recht"


def test_a_key_with_fewer_roles_makes_no_webhook_that_hears_more(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        with post.work() as work:
            owner = post.owner(work)
            narrow = acting(work, owner.actor.with_key([], confirms=False))
            begin_webhook(narrow, name="Smal", url=other.url)
        post.happens(number)
        post.delivers()

    assert other.heard == []


# --- order, and again -------------------------------------------------------------------------------------------------


def test_a_later_event_of_a_case_waits_for_the_earlier_one_and_another_case_does_not(post: Post) -> None:
    first, second = post.case(), post.case()
    with subscriber(fails(500)) as other:
        post.subscribes(other.url)
        post.happens(first, first, second)
        post.delivers()
        assert [event["subject"] for event in told(other.heard)] == [first, second]
        post.forward(seconds=5)
        post.delivers()

    assert [event["subject"] for event in told(other.heard)] == [first, second, first, first]
    ids = [one.headers["webhook-id"] for one in other.heard]
    assert ids[0] == ids[2]
    assert len(set(ids)) == 3


def test_who_does_not_answer_is_asked_less_and_less_and_then_no_more(post: Post) -> None:
    number = post.case()
    with subscriber(lambda listener, _: listener.hang_up()) as other:
        identity = post.subscribes(other.url)
        post.happens(number)
        attempts = []
        for wait in (timedelta(0), *WAITS):
            post.now += wait
            post.delivers()
            post.delivers()
            attempts.append(len(other.heard))
        # Nobody is asked about anything more, and what happens meanwhile is not written down either.
        post.happens(number)
        post.forward(days=3)
        post.delivers()

    assert attempts == list(range(1, len(WAITS) + 2))
    assert len(other.heard) == len(WAITS) + 1
    webhook = post.webhook(identity)
    assert webhook.pause == "geen_gehoor"
    (delivery,) = post.deliveries(identity)
    assert (delivery.error, delivery.failed_at is not None) == ("geen_verbinding", True)
    assert post.notices() == ["Een webhook ligt stil"]
    with post.work() as work:
        (letter,) = dead_letters(work)
    assert letter.delivery.identity == delivery.identity


def test_a_silent_one_is_asked_about_one_thing_and_not_about_everything(post: Post) -> None:
    numbers = [post.case() for _ in range(6)]
    with subscriber(lambda listener, _: listener.hang_up()) as other:
        post.subscribes(other.url)
        post.happens(*numbers)
        post.delivers()
        post.forward(seconds=5)
        post.delivers()

    assert len(other.heard) == 2


def test_when_it_comes_back_all_that_waited_arrives(post: Post) -> None:
    first, second = post.case(), post.case()
    with subscriber() as other:
        port = other.port
    identity = post.subscribes(other.url)
    for _ in range(30):
        post.happens(first, second)
    post.delivers()
    assert post.deliveries(identity)[0].error == "geen_verbinding"
    with subscriber(port=port) as other:
        post.forward(seconds=5)
        post.delivers()

    assert [event["subject"] for event in told(other.heard)] == [first, second] * 30
    assert {one.outcome for one in post.deliveries(identity)} == {"aangekomen"}
    assert post.webhook(identity).failures == 0


def test_what_can_never_be_taken_becomes_a_dead_letter_and_only_its_case_waits(post: Post) -> None:
    first, second = post.case(), post.case()

    def says(listener: Listener, heard: Heard) -> None:
        listener.say(400 if json.loads(heard.body)["subject"] == first else 204)

    with subscriber(says) as other:
        identity = post.subscribes(other.url)
        post.happens(first, second)
        for wait in (timedelta(0), *WAITS):
            post.now += wait
            post.delivers()
        post.happens(first, second)
        post.delivers()
        assert [event["subject"] for event in told(other.heard)].count(second) == 2
        assert post.webhook(identity).pause is None
        assert post.notices() == ["Een bezorging is mislukt"]

        other.says = lambda one, _: one.say(204)
        dead = post.deliveries(identity)[0]
        with post.work() as work:
            retry_dead_letter(work, identity, dead.identity)
        post.delivers()

    assert effects(other.heard)[0] == dead.identity
    assert {one.outcome for one in post.deliveries(identity)} == {"aangekomen"}


def test_of_many_dead_letters_the_owner_hears_once_until_they_are_settled(post: Post) -> None:
    numbers = [post.case() for _ in range(3)]
    with subscriber(lambda listener, _: listener.say(400)) as other:
        identity = post.subscribes(other.url)
        post.happens(*numbers)
        for wait in (timedelta(0), *WAITS):
            post.now += wait
            post.delivers()
        assert all(one.failed_at for one in post.deliveries(identity))
        assert post.notices() == ["Een bezorging is mislukt"]

        with post.work() as work:
            resume(post.owner(work), work.session.get_one(Webhook, identity))
        for wait in (timedelta(0), *WAITS):
            post.now += wait
            post.delivers()

    assert post.notices() == ["Een bezorging is mislukt"] * 2


def test_a_case_that_waits_behind_a_dead_letter_takes_no_room_from_the_others(post: Post) -> None:
    first, second = post.case(), post.case()

    def says(listener: Listener, heard: Heard) -> None:
        listener.say(400 if json.loads(heard.body)["subject"] == first else 204)

    with subscriber(says) as other:
        identity = post.subscribes(other.url)
        post.happens(first)
        for wait in (timedelta(0), *WAITS):
            post.now += wait
            post.delivers()
        (dead,) = post.deliveries(identity)
        with post.work() as work:
            work.session.add_all(
                Delivery(
                    webhook_id=identity,
                    place=10_000 + place,
                    identity=f"{place}",
                    lane_id=dead.lane_id,
                    type="",
                    made_at=post.now,
                    due_at=post.now,
                )
                for place in range(WINDOW)
            )
        post.happens(second)
        post.delivers()

    assert [event["subject"] for event in told(other.heard)].count(second) == 1


def test_what_is_skipped_lets_the_rest_of_its_case_go(post: Post) -> None:
    number = post.case()
    with subscriber(fails(400)) as other:
        identity = post.subscribes(other.url)
        post.happens(number, number)
        post.delivers()
        stuck = post.deliveries(identity)[0]
        with post.work() as work:
            skip_delivery(post.owner(work), work.session.get_one(Webhook, identity), stuck.identity)
        post.delivers()

    assert [one.outcome for one in post.deliveries(identity)] == ["overgeslagen", "aangekomen"]
    assert len(other.heard) == 2


def test_who_says_to_be_gone_is_asked_no_more(post: Post) -> None:
    number = post.case()
    with subscriber(lambda listener, _: listener.say(410)) as other:
        identity = post.subscribes(other.url)
        post.happens(number)
        post.delivers()
        post.forward(days=1)
        post.delivers()

    assert len(other.heard) == 1
    assert post.webhook(identity).pause == "weg"


def test_what_happened_in_a_pause_is_told_after_it(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        identity = post.subscribes(other.url)
        with post.work() as work:
            pause(post.owner(work), work.session.get_one(Webhook, identity))
        post.happens(number, number)
        post.delivers()
        assert (other.heard, post.deliveries(identity)) == ([], [])
        with post.work() as work:
            resume(post.owner(work), work.session.get_one(Webhook, identity))
        post.delivers()

    assert len(effects(other.heard)) == len(other.heard) == 2


def test_what_is_ended_leaves_nothing(post: Post) -> None:
    number = post.case()
    with subscriber(fails(500)) as other:
        identity = post.subscribes(other.url)
        post.happens(number)
        post.delivers()
        with post.work() as work:
            end_webhook(post.owner(work), work.session.get_one(Webhook, identity))
        post.forward(minutes=1)
        post.delivers()

    assert len(other.heard) == 1
    assert post.deliveries(identity) == []


def test_an_answer_that_points_elsewhere_did_not_take_it(post: Post) -> None:
    number = post.case()
    with subscriber() as inside, subscriber(lambda one, _: one.say(302, Location=inside.url)) as other:
        identity = post.subscribes(other.url)
        post.happens(number)
        post.delivers()

    assert inside.heard == []
    assert (post.deliveries(identity)[0].error, post.deliveries(identity)[0].status) == ("ander_antwoord", 302)


def test_an_address_that_came_to_lie_inside_is_not_reached(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        identity = post.subscribes(other.url)
        post.happens(number)
        post.engine.update_execution_options(egress=Egress(plain=True))
        post.delivers()

    assert other.heard == []
    assert post.deliveries(identity)[0].error == "eigen_netwerk"


def test_what_arrived_long_ago_is_forgotten(post: Post) -> None:
    number = post.case()
    with subscriber() as other:
        identity = post.subscribes(other.url)
        post.happens(number)
        post.delivers()
        post.now += KEPT + timedelta(days=1)
        post.happens(number)
        post.delivers()
        post.delivers()

    assert len(post.deliveries(identity)) == 1
    assert len(other.heard) == 2


def test_the_owner_sees_what_waits_and_what_it_is_about(post: Post) -> None:
    first, second = post.case(), post.case()
    with subscriber(fails(500)) as other:
        identity = post.subscribes(other.url)
        post.happens(first, first, second)
        post.delivers()
    with post.work() as work:
        owner = post.owner(work)
        webhook = work.session.get_one(Webhook, identity)
        rows, following = deliveries(owner, webhook)
        stretch, further = deliveries(owner, webhook, amount=2)
        rest, end = deliveries(owner, webhook, after=further, amount=2)

    assert following is None
    assert [(row.number, row.waits, row.delivery.outcome) for row in rows] == [
        (second, False, "aangekomen"),
        (first, True, None),
        (first, False, None),
    ]
    assert [*stretch, *rest] == rows
    assert end is None


# --- others are not held up -------------------------------------------------------------------------------------------


def test_who_answers_late_holds_up_nobody(post: Post) -> None:
    number = post.case()
    over = threading.Event()
    post.engine.update_execution_options(egress=Egress(HERE, plain=True, seconds=10))
    with ExitStack() as stack:
        slow = [stack.enter_context(subscriber(lambda *_: hold(over))) for _ in range(3)]
        quick = stack.enter_context(subscriber())
        for one in (*slow, quick):
            post.subscribes(one.url)
        post.happens(number)
        courier = post.courier()
        began = time.monotonic()
        courier.take_turn()
        while not quick.heard and time.monotonic() - began < 5:
            time.sleep(0.005)
        took = time.monotonic() - began
        over.set()
        courier.finish()

    assert len(quick.heard) == 1
    assert took < 4


def hold(over: threading.Event) -> None:
    over.wait(5)


class Whims:
    """A receiver that answers as its mood is, and keeps what a good receiver would keep."""

    def __init__(self, mood: str, seed: int) -> None:
        self.mood, self.random = mood, random.Random(seed)
        self.well = False
        self.kept: dict[str, dict[str, Any]] = {}

    def __call__(self, listener: Listener, heard: Heard) -> None:
        bad = not self.well and self.random.random() < 0.5
        if not bad or self.mood in {"late", "deaf"}:
            # It took it, whatever is heard of its answer.
            self.kept.setdefault(heard.headers["webhook-id"], json.loads(heard.body))
        if not bad:
            listener.say(204)
        elif self.mood == "late":
            time.sleep(0.5)
            listener.say(204)
        elif self.mood in {"gone", "deaf"}:
            listener.hang_up()
        else:
            listener.say(500)


def test_whatever_the_others_do_each_gets_everything_once_and_each_case_in_order(post: Post) -> None:
    """Must-show 6: time-outs, 500s, late answers and hanging up, in any mixture, with couriers at the same time."""
    post.engine.update_execution_options(egress=Egress(HERE, plain=True, seconds=0.4))
    numbers = [post.case() for _ in range(4)]
    moods = [Whims(mood, seed) for seed, mood in enumerate(("fails", "late", "gone", "deaf"))]
    with ExitStack() as stack:
        for mood in moods:
            post.subscribes(stack.enter_context(subscriber(mood)).url)
        for _ in range(5):
            post.happens(*numbers)
        couriers = [post.courier(), post.courier()]
        for _ in range(12):
            for courier in couriers:
                courier.take_turn()
            for courier in couriers:
                courier.finish()
            post.forward(minutes=15)
        for mood in moods:
            mood.well = True
        post.forward(days=1)
        couriers[0].finish()

    for mood in moods:
        assert len(mood.kept) == 20, mood.mood
        by_case = defaultdict(list)
        for event in mood.kept.values():
            by_case[event["subject"]].append(event["id"])
        with post.work() as work:
            for number, ids in by_case.items():
                assert ids == _journal(work, number), (mood.mood, number)


def _journal(work: Work, number: str) -> list[str]:
    query = (
        select(FeedLine.identity)
        .join(Event, Event.id == FeedLine.event_id)
        .join(Case, Case.id == Event.process_id)
        .where(Case.number == number)
        .order_by(Event.sequence)
    )
    # The first line is of before.
    return list(work.session.scalars(query))[1:]


def test_a_courier_that_is_killed_loses_nothing_and_sends_it_again_as_the_same(post: Post) -> None:
    number = post.case()
    arrived = threading.Event()

    def says(listener: Listener, _: Heard) -> None:
        arrived.set()
        time.sleep(0.2)
        listener.hang_up()

    with subscriber(says) as other:
        post.subscribes(other.url)
        post.happens(number, number)
        child = subprocess.Popen([sys.executable, "-c", COURIER], env=_environment(post), cwd=ROOT)
        try:
            assert arrived.wait(60)
            os.kill(child.pid, signal.SIGKILL)
        finally:
            child.kill()
            child.wait()
        other.says = lambda listener, _: listener.say(204)
        # Somebody still holds it, as far as anybody knows.
        post.delivers()
        assert len(other.heard) == 1
        post.forward(minutes=2)
        post.delivers()

    ids = [one.headers["webhook-id"] for one in other.heard]
    assert ids[0] == ids[1]
    assert len(ids) == 3
    assert len(effects(other.heard)) == 2


COURIER = textwrap.dedent("""
    import os
    from datetime import datetime
    from ipaddress import ip_network
    from app.adapters.egress import Egress
    from app.db.engine import make_engine
    from app.services.delivery import Courier
    from tests.make import BALLOTS, workflows
    from tests.services.test_delivery import wording

    engine = make_engine(os.environ["DATABASE_URL"])
    egress = Egress((ip_network("127.0.0.0/8"),), plain=True, seconds=60)
    engine.update_execution_options(ballots=BALLOTS, egress=egress)
    now = datetime.fromisoformat(os.environ["NOW"])
    Courier(engine, workflows(), wording, lambda: now).finish()
""")


def _environment(post: Post) -> dict[str, str]:
    url = post.engine.url.render_as_string(hide_password=False)
    return {**os.environ, "DATABASE_URL": url, "NOW": post.now.isoformat(), "PYTHONPATH": str(ROOT)}
