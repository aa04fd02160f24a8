"""How many of the texts that were found have a value, for each facet.

What a text has is remembered, so counting a thousand texts is no work for the database. Where a text stands does
change, and is read.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, Select, or_, select
from sqlalchemy.orm import Session

from app.adapters.search.among import among_numbers
from app.adapters.search.tally import Having, Memory, Told
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
COPIED = f"{WHOSE}:{OF_FOLLOWED}"


class Count(NamedTuple):
    """How many of what was found have a value."""

    value: str
    label: str
    amount: int


class Values(NamedTuple):
    """What counting reads of texts: all their values, and by the id of the text its state; and which texts ended."""

    told: Told
    states: Mapping[int, str]
    ended: Collection[int]

    def without(self, texts: Sequence[int]) -> "Values":
        """The same of the other texts."""
        states = {one: state for one, state in self.states.items() if one not in texts}
        return Values(self.told.without(texts), states, self.ended) if texts else self


_remembered: WeakKeyDictionary[Pool, Memory] = WeakKeyDictionary()
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
    told = _told(work.session, ids)
    states: dict[int, str] = {}
    ended: set[int] = set()
    for query, things in ((OF_OWN, told.rulings()), (OF_COPIES, told.copied())):
        for thing, state, has_ended in work.session.execute(query, {"ids": list(things)}) if things else ():
            if state:
                states[things[thing]] = state
            if has_ended:
                ended.add(things[thing])
    return Values(told, states, ended)


def _told(session: Session, ids: Sequence[int]) -> Told:
    """What texts have, by ids that were found by the filter on what may be seen, or of public texts."""
    memory = _remembered.setdefault(session.connection().engine.pool, Memory())
    told, unknown = memory.of(ids)
    if not unknown:
        return told
    rows = session.connection().execute(OF_TEXTS, {"ids": unknown})
    read = {text_id: _having(facets, *things) for text_id, facets, *things in rows}
    # What somebody is still writing may be taken back, and another text may then get its number.
    return memory.with_read(told, read, keep=only_reads(session))


def _having(facets: str, process_id: int | None, external_id: int | None) -> Having:
    values = [one for one in facets.split("\n") if one.partition(":")[2]]
    return Having(values, process_id, external_id if COPIED in values else None)


def counts(work: Work, values: Values, facets: Iterable[str] = FACETS) -> dict[str, list[Count]]:
    """For each facet how many of the texts have a value, those that occur most first."""
    amounts = values.told.amounts()
    found: dict[str, list[Count]] = {}
    for facet in facets:
        if facet == STATE:
            states = Counter(values.states.values())
            most = sorted(states.items(), key=lambda one: (-one[1], one[0]))[:MOST_VALUES]
        else:
            most = amounts.most(facet, MOST_VALUES)
        found[facet] = [Count(value, label_of(work, facet, value), amount) for value, amount in most]
    return found


def label_of(work: Work, facet: str, value: str) -> str:
    """What people read for a value."""
    if facet in LISTS:
        return value_list(LISTS[facet]).get(value, value)
    if facet in LABELS:
        return LABELS[facet](work, value)
    return WORDS.get(facet, {}).get(value, value)


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
