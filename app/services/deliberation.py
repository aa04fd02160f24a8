"""The closed deliberation on an item: opinions as far as they are open to the reader, and the versions of the text."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.db.account import Account
from app.db.deliberation import DeviatingView, DraftText, Opinion
from app.db.interest import Challenge
from app.db.meeting import AgendaItem
from app.db.organisation import Organisation
from app.domain.errors import NotVisible
from app.services.work import Work

WORDS = re.compile(r"\s+|[^\s]+")
KEPT, ADDED, REMOVED = "same", "added", "removed"


class GivenOpinion(NamedTuple):
    """An opinion that the reader may read."""

    name: str
    leaning: str
    text: str
    at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class Opinions:
    """What members think, and how many opinions are still sealed for the reader."""

    open: Sequence[GivenOpinion]
    sealed: int


class Version(NamedTuple):
    """One version of the text on which an item is decided."""

    version: int
    text: str
    name: str | None
    at: datetime


class Stretch(NamedTuple):
    """A stretch of a text that was compared with an earlier one: `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a text beside each other."""

    older: Version
    newer: Version
    stretches: Sequence[Stretch]
    versions: Sequence[int]


class KnownChallenge(NamedTuple):
    """A challenge by a party, and what the other members decided."""

    member: str
    organisation: str | None
    reason: str
    at: datetime
    granted: bool | None
    votes_for: int | None
    votes_against: int | None
    motivation: str | None


def opinions(work: Work, item: AgendaItem) -> Opinions:
    """The opinions on an item: sealed for a member without an own one until the chair opens them.

    The secretary has no opinion to give, and waits for the chair as well.
    """
    rows = work.session.execute(
        select(Opinion, Account.name)
        .join(Account, Account.id == Opinion.account_id)
        .where(Opinion.item_id == item.id)
        .order_by(Opinion.at, Opinion.account_id)
    ).all()
    gave = any(opinion.account_id == work.actor.account_id for opinion, _ in rows)
    if not (gave or item.opinions_open):
        return Opinions((), len(rows))
    given = [
        GivenOpinion(name, one.leaning, one.text, one.at, one.account_id == work.actor.account_id) for one, name in rows
    ]
    return Opinions(given, 0)


def versions(work: Work, item: AgendaItem) -> Sequence[Version]:
    """Every version of the text, the newest first."""
    query = (
        select(DraftText.version, DraftText.text, Account.name, DraftText.at)
        .outerjoin(Account, Account.id == DraftText.account_id)
        .where(DraftText.item_id == item.id)
        .order_by(DraftText.version.desc())
    )
    return [Version(*row) for row in work.session.execute(query)]


def comparison(work: Work, item: AgendaItem, older: int, newer: int) -> Comparison:
    """What changed between two versions, word by word; `NotVisible` for a version that is not there."""
    known = {version.version: version for version in versions(work, item)}
    if older not in known or newer not in known:
        raise NotVisible(f"{item.number}: {older}, {newer}")
    return Comparison(
        known[older], known[newer], differences(known[older].text, known[newer].text), sorted(known, reverse=True)
    )


def differences(older: str, newer: str) -> list[Stretch]:
    """What stayed, what went and what came, in the order in which one reads it.

    >>> [tuple(one) for one in differences("de gemeente mag", "de gemeente mag niet")]
    [('same', 'de gemeente mag'), ('added', ' niet')]
    """
    before, after = WORDS.findall(older), WORDS.findall(newer)
    found: list[Stretch] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch(KEPT, "".join(before[a:b])))
            continue
        if b > a:
            found.append(Stretch(REMOVED, "".join(before[a:b])))
        if d > c:
            found.append(Stretch(ADDED, "".join(after[c:d])))
    return found


def challenges(work: Work, item: AgendaItem) -> Sequence[KnownChallenge]:
    """The challenges of members for this item, oldest first."""
    query = (
        select(Challenge, Account.name, Organisation.name)
        .join(Account, Account.id == Challenge.account_id)
        .outerjoin(Organisation, Organisation.id == Challenge.organisation_id)
        .where(Challenge.item_id == item.id)
        .order_by(Challenge.id)
    )
    return [
        KnownChallenge(
            member, organisation, one.reason, one.at, one.granted, one.votes_for, one.votes_against, one.motivation
        )
        for one, member, organisation in work.session.execute(query)
    ]


def deviating_members(work: Work, item: AgendaItem) -> Sequence[tuple[str, bool]]:
    """Who argued a deviating view in the meeting, and whether that member waived the separate note."""
    query = (
        select(Account.name, DeviatingView.waived_at.is_not(None))
        .join(DeviatingView, DeviatingView.account_id == Account.id)
        .where(DeviatingView.item_id == item.id)
        .order_by(Account.name)
    )
    return [(name, bool(waived)) for name, waived in work.session.execute(query)]
