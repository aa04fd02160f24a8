"""What a change of synonyms would do to searches that people kept, and to questions as they are asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from app.adapters.search.question import Question, Synonyms, with_synonyms
from app.adapters.search.ranking import Found, rank
from app.db.subscription import Subscription
from app.domain.errors import Invalid
from app.services.asked import Search, search_of
from app.services.facet import narrowed
from app.services.hit import hit_rows
from app.services.question import Understood, understood
from app.services.subscription import SEARCH
from app.services.synonym import example_questions
from app.services.work import Work

LOOKED_AT = 10
MOST_KEPT = 100


class Shift(NamedTuple):
    """Something that stands elsewhere among the first, or no longer, or newly; places count from one."""

    number: str
    title: str
    before: int | None
    after: int | None


class Changed(NamedTuple):
    """A search that would find something else; `kept` by somebody, or an example. Of another its words are not told."""

    words: str | None
    kept: bool
    shifts: Sequence[Shift]


@dataclass(frozen=True, slots=True)
class Effect:
    """The searches that would change, and how many would not."""

    changed: Sequence[Changed]
    kept: int
    examples: int


class _Asked(NamedTuple):
    words: str | None
    kept: bool
    search: Search


def effect_of(work: Work, synonyms: Synonyms) -> Effect:
    """What other synonyms do to the first of what is found; of a search of another neither owner nor words are told."""
    kept, examples = (
        list(_kept(work)),
        [_Asked(words, kept=False, search=Search(words)) for words in example_questions()],
    )
    changed = (_changed(work, asked, synonyms) for asked in (*kept, *examples))
    return Effect([one for one in changed if one is not None], len(kept), len(examples))


def _kept(work: Work) -> Iterator[_Asked]:
    is_own = Subscription.account_id == (work.actor.account_id or 0)
    query = (
        select(Subscription.key, Subscription.label, Subscription.query, is_own)
        .where(Subscription.kind == SEARCH)
        .order_by(is_own.desc(), Subscription.id.desc())
        .limit(MOST_KEPT)
    )
    seen = set()
    for key, label, asked, own in work.session.execute(query):
        if key in seen:
            continue
        seen.add(key)
        try:
            yield _Asked(label if own else None, kept=True, search=search_of(asked))
        except Invalid:
            # It was kept when this could still be asked.
            continue


def _changed(work: Work, asked: _Asked, synonyms: Synonyms) -> Changed | None:
    known = understood(work, asked.search.words)
    other = with_synonyms(known.question, synonyms)
    if known.is_empty or other.alternatives == known.question.alternatives:
        return None
    before, after = (_first(work, asked.search, known, question) for question in (known.question, other))
    shifts = _shifts(work, before, after, other)
    return Changed(asked.words, asked.kept, shifts) if shifts else None


def _first(work: Work, search: Search, known: Understood, question: Question) -> list[Found]:
    among = narrowed(search.wanted, *known.conditions) if search.wanted or known.conditions else None
    ranking = rank(
        work.session,
        question,
        public=True,
        limit=LOOKED_AT,
        among=among,
        bonus=known.bonus,
        every=None,
        naming=known.naming,
        counted=LOOKED_AT,
    )
    return list(ranking.found)


def _shifts(work: Work, before: Sequence[Found], after: Sequence[Found], question: Question) -> list[Shift]:
    """What stands elsewhere: in the order of what will be, and then what goes."""
    was = {one.text_id: place for place, one in enumerate(before, start=1)}
    will = {one.text_id: place for place, one in enumerate(after, start=1)}
    found = {one.text_id: one for one in (*after, *before)}
    moved = [one for one in found.values() if was.get(one.text_id) != will.get(one.text_id)]
    return [
        Shift(row.number, row.name, was.get(row.text_id), will.get(row.text_id))
        for row in hit_rows(work, moved, question)
    ]
