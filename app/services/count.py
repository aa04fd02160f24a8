"""How many of the texts that were found have a value, for each facet.

A changed text is a new row of the index with a number of its own, so what a number has never changes: a process reads
it once, and counting a thousand texts is then no work for the database. Where a text stands does change, and is read.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import chain
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, Select, or_, select
from sqlalchemy.orm import Session

from app.adapters.search.among import among_numbers
from app.config import value_list
from app.db.engine import only_reads
from app.db.peer import CopiedDecision
from app.db.precedent import Precedent
from app.db.search import SearchText
from app.domain.errors import Invalid
from app.domain.law import LawReference, system_of
from app.services.facet import ARTICLE, FACETS, LAW, LISTS, OF_FOLLOWED, STATE, WHOSE, WORDS
from app.services.law import known_laws
from app.services.work import Work

MOST_VALUES = 20
MOST_REMEMBERED = 50_000
"""So many different texts a process remembers, which is some 15 MB; then it begins anew."""
UNKNOWN = -1
COPIED = f"{WHOSE}:{OF_FOLLOWED}"


class Count(NamedTuple):
    """How many of what was found have a value."""

    value: str
    label: str
    amount: int


class Values(NamedTuple):
    """What counting reads of texts, by their ids: all their values, and of precedents the state; and which ended."""

    told: Mapping[int, Sequence[str]]
    states: Mapping[int, str]
    ended: Collection[int]


class _Having(NamedTuple):
    """All values of a text, and of which thing it is where that has a state: a ruling, or a copy of one."""

    values: tuple[str, ...]
    process_id: int | None
    copied_id: int | None


class _Remembered:
    """By the id of a text what it has; what many texts have alike is kept once."""

    def __init__(self) -> None:
        self._adding = Lock()
        self._forget()

    def _forget(self) -> None:
        self._places = array("i")
        self._known: list[_Having] = []
        self._place_of: dict[_Having, int] = {}
        self._values: dict[str, str] = {}

    def of(self, ids: Sequence[int]) -> dict[int, _Having]:
        """Of these texts those that are remembered."""
        with self._adding:
            places, known, room = self._places, self._known, len(self._places)
            at = list(map(places.__getitem__, ids)) if max(ids, default=0) < room else [UNKNOWN]
            if UNKNOWN not in at:
                # As a rule all are known, and these are a thousand.
                return dict(zip(ids, map(known.__getitem__, at), strict=True))
            return {one: known[place] for one in ids if one < room and (place := places[one]) != UNKNOWN}

    def add(self, read: Mapping[int, _Having]) -> None:
        """Remember what was read of texts that everybody may know to be there for good."""
        with self._adding:
            if len(self._known) + len(read) > MOST_REMEMBERED:
                self._forget()
            last = max(read, default=0)
            if last >= len(self._places):
                self._places.extend([UNKNOWN] * (last + 1))
            for text_id, one in read.items():
                having = one._replace(values=tuple(self._values.setdefault(value, value) for value in one.values))
                place = self._place_of.setdefault(having, len(self._known))
                if place == len(self._known):
                    self._known.append(having)
                self._places[text_id] = place


_remembered: WeakKeyDictionary[Pool, _Remembered] = WeakKeyDictionary()
"""Of each database that is open."""


# Made once, since to make it costs as much as to ask it.
OF_TEXTS = select(SearchText.id, SearchText.facets, SearchText.process_id, SearchText.external_id).where(
    among_numbers(SearchText.id, "ids")
)
OF_OWN = select(Precedent.id, Precedent.state, Precedent.has_ended).where(among_numbers(Precedent.id, "ids"))
OF_COPIES = select(
    CopiedDecision.external_id,
    CopiedDecision.state,
    or_(CopiedDecision.ended, CopiedDecision.withdrawn_at.is_not(None)),
).where(among_numbers(CopiedDecision.external_id, "ids"))


def values_of(work: Work, texts: Sequence[int] | Select[int]) -> Values:
    """What counting reads of these texts; a few queries, however many there are."""
    ids = work.session.scalars(texts).all() if isinstance(texts, Select) else texts
    told: dict[int, Sequence[str]] = {}
    states: dict[int, str] = {}
    ended: set[int] = set()
    own: dict[int, int] = {}
    copies: dict[int, int] = {}
    # A thousand texts, once each: a page of results counts them all.
    for text_id, (values, process_id, copied_id) in _having(work.session, ids).items():
        told[text_id] = values
        if process_id is not None:
            own[process_id] = text_id
        elif copied_id is not None:
            copies[copied_id] = text_id
    for query, things in ((OF_OWN, own), (OF_COPIES, copies)):
        for thing, state, has_ended in work.session.execute(query, {"ids": list(things)}) if things else ():
            if state:
                states[things[thing]] = state
            if has_ended:
                ended.add(things[thing])
    return Values(told, states, ended)


def _having(session: Session, ids: Sequence[int]) -> dict[int, _Having]:
    """What texts have, by ids that were found by the filter on what may be seen, or of public texts."""
    memory = _remembered.setdefault(session.connection().engine.pool, _Remembered())
    having = memory.of(ids)
    if unknown := [one for one in ids if one not in having]:
        rows = session.connection().execute(OF_TEXTS, {"ids": unknown})
        read = {text_id: _of(facets, *things) for text_id, facets, *things in rows}
        having |= read
        # What somebody is still writing may be taken back, and another text may then get its number.
        if only_reads(session):
            memory.add(read)
    return having


def _of(facets: str, process_id: int | None, external_id: int | None) -> _Having:
    values = tuple(facets.split("\n")) if facets else ()
    return _Having(values, process_id, external_id if COPIED in values else None)


def counts(
    work: Work, values: Values, texts: Iterable[int] | None = None, facets: Iterable[str] = FACETS
) -> dict[str, list[Count]]:
    """For each facet how many of the texts have a value, those that occur most first; of these texts, or of all."""
    chosen = list(values.told if texts is None else texts)
    tally: dict[str, dict[str, int]] = {facet: {} for facet in facets}
    told = values.told
    amounts = Counter(chain.from_iterable(map(told.__getitem__, filter(told.__contains__, chosen))))
    for having, amount in amounts.items():
        facet, _, value = having.partition(":")
        if facet in tally and value:
            tally[facet][value] = amount
    if STATE in tally:
        tally[STATE] = Counter(values.states[text_id] for text_id in chosen if text_id in values.states)
    return {facet: _most(work, facet, tally[facet]) for facet in FACETS if facet in tally}


def label_of(work: Work, facet: str, value: str) -> str:
    """What people read for a value."""
    if facet in LISTS:
        return value_list(LISTS[facet]).get(value, value)
    if facet in LABELS:
        return LABELS[facet](work, value)
    return WORDS.get(facet, {}).get(value, value)


def _most(work: Work, facet: str, amounts: Mapping[str, int]) -> list[Count]:
    most = nsmallest(MOST_VALUES, amounts.items(), key=lambda item: (-item[1], item[0]))
    return [Count(value, label_of(work, facet, value), amount) for value, amount in most]


def _state_label(work: Work, value: str) -> str:
    state = work.newest(Precedent.kind_name()).states.get(value)
    return state.label if state else value


def _law_label(work: Work, value: str) -> str:
    law = known_laws().get(value)
    return law.name if law else value


def _article_label(_: Work, value: str) -> str:
    return _named_article(value)


# A page of results names the same articles as the one before it.
@lru_cache(maxsize=1024)
def _named_article(value: str) -> str:
    identifier, _, article = value.partition(":")
    try:
        return LawReference(system_of(identifier) or "", identifier, article).label(known_laws())
    except Invalid:
        return f"artikel {value}"


LABELS: Mapping[str, Callable[[Work, str], str]] = {STATE: _state_label, LAW: _law_label, ARTICLE: _article_label}
