"""Subscriptions: who wants to hear of a ruling, a law or a search, and what each hears, once a day at most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from textwrap import shorten
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased, undefer

from app.config import value_list
from app.db.account import Account
from app.db.external import ExternalDecision
from app.db.notice import Notice
from app.db.peer import CopiedDecision, Peer, PeerEvent
from app.db.precedent import Precedent
from app.db.process import Event
from app.db.publication import PublicRecord
from app.db.search import SearchText
from app.db.subscription import Subscription
from app.domain import journal
from app.domain.errors import Invalid, NotVisible
from app.domain.law import parse
from app.services.asked import ORDER, WORDS, search_of, written
from app.services.facet import LAW as LAW_FACET
from app.services.facet import OF_OTHERS, WHOSE
from app.services.finding import found
from app.services.hit import HitRow
from app.services.law import known_laws
from app.services.notice import AT_ONCE, DAILY, OFF, write_letter
from app.services.work import Work

RULING, LAW, SEARCH = "uitspraak", "wet", "zoekvraag"
MOST, LOOKS_BACK = 100, timedelta(days=8)
MOST_CHANGES, MOST_FOUND, MOST_TOLD, PIECE = 500, 100, 20, 200
TOO_MANY = f"U hebt al {MOST} abonnementen. Stop er eerst een."
NOT_LISTED = "Kies een uitspraak, een wet of een zoekvraag."
NOT_PUBLIC = "Dit is geen openbare uitspraak."
NOTHING_ASKED = "Vul eerst in waar u naar zoekt."
LONGEST_LABEL = 300

Asked = Mapping[str, str | Sequence[str]]
"""What a form sent: names with one value or more."""


class Change(NamedTuple):
    """Something that happened in public with a ruling or a decision of another body."""

    number: str
    title: str
    what: str
    at: datetime
    laws: frozenset[str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened in a stretch of time: with rulings, and which texts are new to be found."""

    rulings: Sequence[Change]
    until: datetime


def subscriptions(work: Work) -> Sequence[Subscription]:
    """What the actor hears of, the newest first."""
    query = select(Subscription).where(Subscription.account_id == (work.actor.account_id or 0))
    return work.session.scalars(query.order_by(Subscription.id.desc())).all()


def subscribe(work: Work, kind: str, asked: Asked, *, told: bool = True) -> Subscription:
    """Hear of something from now on, or with `told` false only keep it; who asks twice has one subscription."""
    if work.actor.account_id is None:
        raise NotVisible("subscription")
    if kind not in value_list("abonnement"):
        raise Invalid({"soort": [NOT_LISTED]})
    query, label = WISHES[kind](work, asked)
    key = _key(kind, query)
    own = subscriptions(work)
    known = next((one for one in own if one.key == key), None)
    if known is not None:
        return tell(work, known.id, told=known.told or told)
    if len(own) >= MOST:
        raise Invalid({"soort": [TOO_MANY]})
    made = Subscription(
        account_id=work.actor.account_id,
        kind=kind,
        key=key,
        query=query,
        label=label,
        created_at=work.now,
        told=told,
        seen_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    return made


def name_subscriptions(work: Work, number: str, title: str) -> None:
    """Let everybody's subscription to a ruling be called what its public record is called now."""
    key = _key(RULING, {"nummer": number})
    work.session.execute(update(Subscription).where(Subscription.key == key).values(label=_named(number, title)))


def tell(work: Work, identity: int, *, told: bool) -> Subscription:
    """Hear of it from now on, or only keep it; what happened in between is not told."""
    own = own_subscription(work, identity)
    if told and not own.told:
        own.seen_at = work.now
    own.told = told
    work.session.flush()
    return own


def unsubscribe(work: Work, identity: int) -> None:
    """Hear of it no longer, and keep it no longer."""
    work.session.delete(own_subscription(work, identity))


def own_subscription(work: Work, identity: int) -> Subscription:
    """One of the actor's own subscriptions; for others it is not there."""
    own = next((one for one in subscriptions(work) if one.id == identity), None)
    if own is None:
        raise NotVisible(str(identity))
    return own


def tell_subscribers(work: Work, *, until: datetime) -> int:
    """Tell everybody what changed up to the moment `until` of what they asked to hear of; how many notices.

    A subscription is looked at once for each such moment, and never tells of more than the last days.
    """
    told = 0
    after = 0
    while waiting := _waiting(work, until=until, after=after):
        since = max(min(one.seen_at for one, _ in waiting), until - LOOKS_BACK)
        changes = Changes(_changes(work, since=since, until=until), until)
        for subscription, account in waiting:
            told += _tell(work, subscription, account, changes)
            subscription.seen_at = until
        after = waiting[-1][0].id
    return told


def _waiting(work: Work, *, until: datetime, after: int) -> Sequence[tuple[Subscription, Account]]:
    query = (
        select(Subscription, Account)
        .join(Account, Account.id == Subscription.account_id)
        .where(Subscription.told, Subscription.seen_at < until, Subscription.id > after)
        .order_by(Subscription.id)
        .limit(PIECE)
        # Of two clocks at once one tells each subscriber.
        .with_for_update(of=Subscription, skip_locked=True)
    )
    return [(subscription, account) for subscription, account in work.session.execute(query)]


def _tell(work: Work, subscription: Subscription, account: Account, changes: Changes) -> int:
    since = max(subscription.seen_at, changes.until - LOOKS_BACK)
    if not account.active or account.notices == OFF:
        return 0
    lines = list(dict.fromkeys(MATCHES[subscription.kind](work, subscription, changes, since)))
    if not lines:
        return 0
    more = [f"En nog {len(lines) - MOST_TOLD} andere."] if len(lines) > MOST_TOLD else []
    subject, text = f"Nieuw bij uw abonnement: {subscription.label}", "\n".join([*lines[:MOST_TOLD], *more])
    work.session.add(
        Notice(
            account_id=account.id,
            process_id=None,
            subject=subject,
            text=text,
            at=changes.until,
            for_digest=account.notices == DAILY,
        )
    )
    if account.notices == AT_ONCE:
        context = {"subject": subject, "text": text, "link": "/abonnementen"}
        write_letter(work, account, template="abonnement", context=context)
    return 1


def _key(kind: str, query: Mapping[str, Any]) -> str:
    return f"{kind}:{sha256(journal.canonical(query).encode()).hexdigest()}"


def _named(number: str, title: str) -> str:
    return f"{number} {title}"


# --- what one can ask to hear of: what is kept of it, and what it is called -------------------------------------------

Wish = tuple[dict[str, Any], str]


def _wish_of_ruling(work: Work, asked: Asked) -> Wish:
    number = _text(asked, "nummer")
    title = work.session.scalar(select(PublicRecord.title).where(PublicRecord.number == number, PublicRecord.current))
    if title is None:
        raise Invalid({"nummer": [NOT_PUBLIC]})
    return {"nummer": number}, _named(number, title)


def _wish_of_law(work: Work, asked: Asked) -> Wish:
    try:
        identifier = parse(_text(asked, LAW_FACET), known_laws()).identifier
    except Invalid as error:
        raise Invalid({"wet": [sentence for sentences in error.faults.values() for sentence in sentences]}) from error
    law = known_laws().get(identifier)
    return {"wet": identifier}, law.name if law else identifier


def _wish_of_search(_: Work, asked: Asked) -> Wish:
    query = search_of(asked).parameters()
    values = [value for given in query.values() for value in ([given] if isinstance(given, str) else given)]
    if not query.keys() - {ORDER}:
        raise Invalid({WORDS: [NOTHING_ASKED]})
    return query, shorten(f"Zoeken: {', '.join(values)}", LONGEST_LABEL, placeholder="…")


def _text(asked: Asked, name: str) -> str:
    given = asked.get(name, "")
    return given if isinstance(given, str) else next(iter(given), "")


WISHES = {RULING: _wish_of_ruling, LAW: _wish_of_law, SEARCH: _wish_of_search}


# --- what happened ----------------------------------------------------------------------------------------------------


def _changes(work: Work, *, since: datetime, until: datetime) -> list[Change]:
    """What was published, rectified or taken away, and which precedents changed their status, the oldest first."""
    changes = [*_publications(work, since, until), *_standings(work, since, until)]
    return sorted(changes, key=lambda change: (change.at, change.number))


def _publications(work: Work, since: datetime, until: datetime) -> Iterable[Change]:
    published = _within(PublicRecord.published_at, since, until)
    withdrawn = _within(PublicRecord.withdrawn_at, since, until)
    query = (
        select(PublicRecord)
        .where(PublicRecord.current, or_(published, withdrawn))
        .options(undefer(PublicRecord.record))
        .order_by(PublicRecord.id.desc())
        .limit(MOST_CHANGES)
    )
    for public in work.session.scalars(query):
        laws = _laws(public.record)
        if public.withdrawn_at is not None:
            yield Change(public.number, public.title, "niet meer openbaar", public.withdrawn_at, laws)
        else:
            what = "nu openbaar" if public.issue == 1 else "verbeterd"
            yield Change(public.number, public.title, what, public.published_at, laws)


def _standings(work: Work, since: datetime, until: datetime) -> Iterable[Change]:
    versions = aliased(PublicRecord)
    first = select(func.min(versions.published_at)).where(versions.number == Precedent.number).scalar_subquery()
    query = (
        select(Event.at, Event.version, Event.target, PublicRecord)
        .join(Precedent, Precedent.id == Event.process_id)
        .join(PublicRecord, PublicRecord.number == Precedent.number)
        .where(
            Precedent.public,
            Precedent.changed_at > since,
            _within(Event.at, since, until),
            Event.source != Event.target,
            PublicRecord.current,
            # That it begins to stand is told by its publication.
            Event.at > first,
        )
        .options(undefer(PublicRecord.record))
        .order_by(Event.id.desc())
        .limit(MOST_CHANGES)
    )
    for at, version, target, public in work.session.execute(query):
        label = work.workflows[Precedent.kind_name(), version].states[target].label
        yield Change(public.number, public.title, f"status: {label.lower()}", at, _laws(public.record))


def _laws(record: Mapping[str, Any]) -> frozenset[str]:
    """The numbers of the laws on which a ruling rests, as its record has them."""
    found: set[str] = set()
    for row in record.get("grondslagen") or ():
        try:
            found.add(parse(row.get("jci") or row.get("url") or "", known_laws()).identifier)
        except Invalid:
            continue
    return frozenset(found)


# --- what of it somebody asked to hear of: the lines of a notice ----------------------------------------------------


def _of_ruling(_: Work, subscription: Subscription, changes: Changes, since: datetime) -> Iterable[str]:
    number = subscription.query["nummer"]
    return [_line(change) for change in changes.rulings if change.number == number and change.at > since]


def _of_law(work: Work, subscription: Subscription, changes: Changes, since: datetime) -> Iterable[str]:
    law = subscription.query["wet"]
    yield from (_line(change) for change in changes.rulings if law in change.laws and change.at > since)
    of_others = search_of({WHOSE: OF_OTHERS, LAW_FACET: law})
    among = SearchText.id.in_(_new_texts(since, changes.until))
    yield from _listed(found(work, of_others, among=among, amount=MOST_FOUND).rows)


def _of_search(work: Work, subscription: Subscription, changes: Changes, since: datetime) -> Iterable[str]:
    """What is new and has all the words; without words also what changed so that it belongs to it."""
    search = written(subscription.query)
    new = [SearchText.id.in_(_new_texts(since, changes.until))]
    if not search.words:
        changed = [change.number for change in changes.rulings if change.at > since]
        new.append(SearchText.process_id.in_(select(Precedent.id).where(Precedent.number.in_(changed))))
    return _listed(found(work, search, among=or_(*new), amount=MOST_FOUND, every=True).rows)


MATCHES = {RULING: _of_ruling, LAW: _of_law, SEARCH: _of_search}


def _new_texts(since: datetime, until: datetime) -> Select[int]:
    """The texts that everybody can find since a moment: rulings as they were published, decisions as taken in."""
    rulings = (
        select(Precedent.id)
        .join(PublicRecord, PublicRecord.number == Precedent.number)
        .where(
            Precedent.public,
            PublicRecord.current,
            PublicRecord.withdrawn_at.is_(None),
            _within(PublicRecord.published_at, since, until),
        )
    )
    decisions = select(ExternalDecision.id).where(_within(ExternalDecision.imported_at, since, until), ~_was_there())
    return select(SearchText.id).where(or_(SearchText.process_id.in_(rulings), SearchText.external_id.in_(decisions)))


def _was_there() -> ColumnElement[bool]:
    """It is a copy to which nothing happened since its source is followed: then it came here, and is not new."""
    since_followed = and_(PeerEvent.peer_id == Peer.id, PeerEvent.at > Peer.added_at)
    happened = select(PeerEvent.id).where(since_followed, PeerEvent.subject == ExternalDecision.source_id)
    happened = happened.correlate(Peer, ExternalDecision)
    copied = select(CopiedDecision.external_id).join(Peer, Peer.id == CopiedDecision.peer_id)
    return exists(copied.where(CopiedDecision.external_id == ExternalDecision.id, ~exists(happened)))


def _within(moment: Any, since: datetime, until: datetime) -> ColumnElement[bool]:
    """After the one, and no later than the other."""
    return and_(moment > since, moment <= until)


def _line(change: Change) -> str:
    return f"{change.number} {change.title} – {change.what}"


def _listed(rows: Iterable[HitRow]) -> list[str]:
    return [f"{row.number} {row.name}" for row in rows]
