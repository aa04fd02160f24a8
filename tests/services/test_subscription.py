"""Subscriptions: who hears of what, once a day at most, and nothing that is not public."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.db.notice import Notice, Outbox
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.domain.access import SYSTEM
from app.domain.errors import Invalid, NotVisible
from app.services.external import keep_decisions
from app.services.index import index_precedent
from app.services.notice import send_digests
from app.services.subscription import subscribe, subscriptions, tell, tell_subscribers, unsubscribe
from app.services.work import Work
from tests.make import acting, later, make_account, make_case, make_precedent, make_ruling

RECORD = {
    "kernvraag": "Mag de school dit?",
    "kernregel": "De school mag ligplaatsen delen.",
    "grondslagen": [{"label": "artikel 3", "jci": "jci1.3:c:BWBR0031331&artikel=3", "url": None, "rol": None}],
}


def publish(work: Work, title: str = "Ligplaatsen delen", **record: Any) -> Precedent:
    """A ruling that becomes public now."""
    case = make_case(work, title=title)
    ruling = make_ruling(work, case)
    precedent = make_precedent(work, case, ruling, title=title, public=True, state="geldend")
    said = {**RECORD, "titel": title, **record}
    work.session.add(
        PublicRecord(
            number=precedent.number,
            issue=1,
            title=title,
            adopted_on=work.today,
            record=said,
            published_at=work.now,
        )
    )
    work.session.flush()
    index_precedent(work, precedent, said)
    return precedent


def reader(work: Work, notices: str = "dagelijks") -> Account:
    account = make_account(work.session, "melder")
    account.notices = notices
    return account


def ask(work: Work, account: Account, kind: str, **asked: str) -> None:
    subscribe(acting(work, account), kind, asked)
    acting(work, SYSTEM)


def days(work: Work, amount: float) -> Work:
    return later(work, work.now + timedelta(days=amount))


def told(work: Work, account: Account) -> list[str]:
    query = select(Notice.text).where(Notice.account_id == account.id).order_by(Notice.id)
    return list(work.session.scalars(query))


def test_a_ruling_that_was_published_is_told_once_to_who_asked_for_its_law(work: Work) -> None:
    account = reader(work)
    ask(work, account, "wet", wet="BWBR0031331")
    precedent = publish(days(work, 0.5))
    until = days(work, 1).now

    first = tell_subscribers(days(work, 1), until=until)
    again = tell_subscribers(days(work, 1), until=until)
    next_day = tell_subscribers(days(work, 2), until=days(work, 2).now)

    assert (first, again, next_day) == (1, 0, 0)
    assert told(work, account) == [f"{precedent.number} Ligplaatsen delen – nu openbaar"]


def test_what_was_there_before_one_asked_is_not_told(work: Work) -> None:
    publish(work)
    account = reader(work)
    ask(days(work, 0.1), account, "wet", wet="BWBR0031331")
    ask(days(work, 0.1), account, "zoekvraag", q="ligplaatsen")

    assert tell_subscribers(days(work, 1), until=days(work, 1).now) == 0


def test_a_status_that_changed_is_told_to_who_asked_for_the_ruling(work: Work) -> None:
    precedent = publish(work)
    account = reader(work)
    ask(days(work, 0.1), account, "uitspraak", nummer=precedent.number)
    precedent.state = "ingetrokken"
    precedent.write_line(action="intrekken", source="geldend", actor=SYSTEM, role="systeem", at=days(work, 0.5).now)
    work.session.flush()

    tell_subscribers(days(work, 1), until=days(work, 1).now)

    assert told(work, account) == [f"{precedent.number} Ligplaatsen delen – status: ingetrokken"]


def test_a_rectified_ruling_is_told(work: Work) -> None:
    precedent = publish(work)
    account = reader(work)
    ask(days(work, 0.1), account, "uitspraak", nummer=precedent.number)
    public = work.session.scalars(select(PublicRecord).filter_by(number=precedent.number)).one()
    public.issue, public.published_at = 2, days(work, 0.5).now
    work.session.flush()

    tell_subscribers(days(work, 1), until=days(work, 1).now)

    assert told(work, account) == [f"{precedent.number} Ligplaatsen delen – verbeterd"]


def test_a_search_tells_of_rulings_and_of_other_bodies_and_of_nothing_that_is_not_public(work: Work) -> None:
    account = reader(work)
    ask(work, account, "zoekvraag", q="ligplaatsen")
    half = days(work, 0.5)
    precedent = publish(half)
    publish(half, "Leerlingen tellen", kernregel="De school mag tellen.")
    hidden = make_precedent(half, make_case(half, title="Ligplaatsen geheim"), title="Ligplaatsen geheim")
    index_precedent(half, hidden, {**RECORD, "titel": "Ligplaatsen geheim"})
    keep_decisions(half, [{"source": "AP", "source_id": "lig1", "text": "Ligplaatsen in de haven."}])

    tell_subscribers(days(work, 1), until=days(work, 1).now)

    (text,) = told(work, account)
    assert sorted(text.splitlines()) == [
        f"{precedent.number} Ligplaatsen delen",
        "EXT:AP:lig1 Ligplaatsen in de haven.",
    ]


def test_a_search_that_is_only_kept_tells_nothing_until_it_is_asked(work: Work) -> None:
    account = reader(work)
    kept = subscribe(acting(work, account), "zoekvraag", {"q": "ligplaatsen"}, told=False)
    publish(days(acting(work, SYSTEM), 0.5))

    assert tell_subscribers(days(work, 1), until=days(work, 1).now) == 0
    tell(later(acting(work, account), days(work, 1).now), kept.id, told=True)
    # What happened in between is not told.
    assert tell_subscribers(days(acting(work, SYSTEM), 2), until=days(work, 2).now) == 0
    publish(days(work, 2.5), "Ligplaatsen tellen")
    assert tell_subscribers(days(work, 3), until=days(work, 3).now) == 1


def test_a_search_without_words_tells_what_its_filters_leave(work: Work) -> None:
    account = reader(work)
    ask(work, account, "zoekvraag", status="geldend")
    ask(work, account, "zoekvraag", conclusie="mag_niet")
    precedent = publish(days(work, 0.5))

    tell_subscribers(days(work, 1), until=days(work, 1).now)

    assert told(work, account) == [f"{precedent.number} Ligplaatsen delen"]


def test_who_wants_it_daily_finds_it_in_the_letter_of_that_morning(work: Work) -> None:
    account = reader(work)
    ask(work, account, "wet", wet="BWBR0031331")
    publish(days(work, 0.5))
    morning = days(work, 1)

    tell_subscribers(morning, until=morning.now)
    send_digests(morning, until=morning.now)

    letters = letters_to(work, account)
    assert [letter.payload["template"] for letter in letters] == ["dagbericht"]
    assert "nu openbaar" in letters[0].payload["context"]["notices"][0]["text"]


@pytest.mark.parametrize(("mode", "templates", "notices"), [("direct", ["abonnement"], 1), ("uit", [], 0)])
def test_who_wants_it_otherwise(work: Work, mode: str, templates: list[str], notices: int) -> None:
    account = reader(work, mode)
    ask(work, account, "wet", wet="BWBR0031331")
    publish(days(work, 0.5))

    tell_subscribers(days(work, 1), until=days(work, 1).now)

    assert [letter.payload["template"] for letter in letters_to(work, account)] == templates
    assert len(told(work, account)) == notices


def test_asking_twice_is_one_and_nobody_ends_that_of_another(work: Work) -> None:
    account, other = reader(work), reader(work)
    mine = acting(work, account)
    subscribe(mine, "wet", {"wet": "BWBR0031331"})
    (own,) = [subscribe(mine, "wet", {"wet": "BWBR0031331"})]

    assert [one.id for one in subscriptions(mine)] == [own.id]
    with pytest.raises(NotVisible):
        unsubscribe(acting(work, other), own.id)
    unsubscribe(acting(work, account), own.id)
    work.session.flush()
    assert subscriptions(acting(work, account)) == []


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("uitspraak", {"nummer": "CCG:2026:999"}), ("wet", {"wet": "geen wet"}), ("zoekvraag", {}), ("alles", {})],
)
def test_what_cannot_be_followed_is_refused(work: Work, kind: str, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        subscribe(acting(work, reader(work)), kind, asked)


def letters_to(work: Work, account: Account) -> list[Outbox]:
    letters = work.session.scalars(select(Outbox).order_by(Outbox.id)).all()
    return [letter for letter in letters if letter.payload.get("to") == account.email]
