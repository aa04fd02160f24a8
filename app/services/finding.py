"""What a search finds, for the page and for the API alike: narrowed, ordered, counted, and never at a dead end."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.adapters.search.among import is_among
from app.adapters.search.question import question
from app.adapters.search.ranking import Found, Ranking, in_full, rank
from app.adapters.search.suggestion import suggest
from app.db.external import ExternalDecision
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.search import SearchText
from app.domain.citation import Reference
from app.domain.errors import Invalid
from app.domain.matching import ENDED
from app.domain.query import with_word, without_word
from app.domain.source import EXTERNAL
from app.domain.workflow import Workflow
from app.services.asked import DATE, Search
from app.services.citation import CERTAIN, SHARED, nearness, texts_about, understand
from app.services.count import Count, Values, counts, label_of, values_of
from app.services.facet import (
    FACETS,
    OF_COMMISSION,
    OF_FOLLOWED,
    SOURCE,
    WHOSE,
    Wanted,
    narrowed,
)
from app.services.hit import HitRow, hit_rows, named_places
from app.services.meaning import reach, rerank
from app.services.onlooker import laws_without_file
from app.services.question import READ_IN_PART, Understood, understood
from app.services.search import hits_of, texts_like, texts_of_cases
from app.services.synonym import synonyms
from app.services.work import Work, beyond_sight

MOST = 1_000
"""So many texts are ordered, counted and paged through; what is beyond is said and not shown."""
STRETCH, MOST_ALIKE = 10, 200
MOST_SUGGESTED, MOST_WAYS, MOST_CASES = 3, 6, 5
SOLVES = "record_working_solution"
"""The effect of the action that establishes a solution."""
NOT_A_PLACE = "Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: a stretch of it, and the number after which the next begins.

    `total` is counted to `MOST`; `capped` says that there is more. `every`: each of them has all the words.
    `ids` are the texts that were counted, in their order, or the query for them where nothing was ranked.
    """

    asked: Understood
    rows: Sequence[HitRow]
    following: str | None
    total: int
    capped: bool
    every: bool
    missing: Sequence[str]
    ids: Sequence[int] | Select[int]
    values: Values | None = None

    @property
    def notes(self) -> list[str]:
        """What was asked that no text has, and what was not read of what could be found, in sentences."""
        return [*self.asked.unknown, *([READ_IN_PART] if self.asked.partly else [])]

    @property
    def is_ranked(self) -> bool:
        """There was something to rank by; without it the newest come first."""
        return not self.asked.is_empty


class Way(NamedTuple):
    """A search beside this one that finds something: what is different, and how much it finds."""

    label: str
    search: Search
    amount: int
    capped: bool = False


class KnownCase(NamedTuple):
    """A known bottleneck that the words find, and whether it has a solution that works."""

    case: Process
    solved: bool


def found(
    work: Work,
    search: Search,
    *,
    after: str | None = None,
    amount: int = STRETCH,
    among: ColumnElement[bool] | None = None,
    every: bool | None = None,
) -> Finding:
    """What the words find, the best first; without words the newest, those of the commission before the others.

    `among` is a condition on the texts to look in. Texts that have all the words are looked for first; with `every`
    nothing else will do. Raises `Invalid` for a place that is not in the list.
    """
    asked = understood(work, search.words, search.wanted, among)
    more = [*asked.conditions, *([among] if among is not None else [])]
    if asked.is_empty:
        return _newest(work, search, asked, more, after=after, amount=amount)

    ranking = _ranked(work, asked, search.wanted, more, every=every)
    values = values_of(work, ranking.ids)
    scores = _in_order(work, search, ranking, values.ended)
    order, beyond = list(scores)[:MOST], list(scores)[MOST:]
    start = _place(work, order, after) if after is not None else 0
    shown = order[start : start + amount]
    known = {one.text_id: one for one in ranking.found}
    known |= {one.text_id: one for one in in_full(work.session, ranking, [one for one in shown if one not in known])}
    articles = named_places(work, shown, asked.places)
    hits = [known[one]._replace(score=scores[one]) for one in shown if one in known]
    rows = hit_rows(work, hits, asked.question, articles)
    return Finding(
        asked=asked,
        rows=rows,
        following=rows[-1].number if rows and start + amount < len(order) else None,
        total=len(order),
        capped=ranking.amount > MOST,
        every=ranking.every,
        missing=ranking.missing,
        ids=order,
        values=values.without(beyond),
    )


def alike(work: Work, text: str, laws: Sequence[Reference], *, amount: int) -> list[HitRow]:
    """What looks like a text, with what names the same places in the law lifted up.

    Who is logged in also finds known cases, as far as they may be seen.
    """
    cited = understand(text)
    places = [*laws, *cited.references]
    worth, cases = CERTAIN if cited.is_citation else SHARED, work.actor.account_id is not None
    like = texts_like(
        work,
        text,
        cases=cases,
        limit=MOST_ALIKE,
        bonus=texts_about(work.session, places, worth=worth),
        bonus_of_cases=_bonus_of_cases(work, places, worth=worth) if cases else None,
    )
    ended = values_of(work, [one.text_id for one in like]).ended
    lowered = [one._replace(score=round(one.score * ENDED, 3)) if one.text_id in ended else one for one in like]
    best = sorted(lowered, key=lambda one: (-one.score, one.text_id))[:amount]
    texts = [one.text_id for one in best]
    articles = named_places(work, texts, places, laws_without_file(work, texts) if cases else {})
    return hit_rows(work, best, question(text, synonyms=synonyms(work)), articles)


def _bonus_of_cases(work: Work, places: Sequence[Reference], *, worth: float) -> dict[int, float]:
    """What naming these places brings a known case; of whose file is closed only the laws count that its page shows."""
    bonus = texts_about(work.session, places, public=False, worth=worth)
    closed = {text_id: worth * nearness(places, laws) for text_id, laws in laws_without_file(work, bonus).items()}
    return {text_id: more for text_id, more in (bonus | closed).items() if more}


def facets(work: Work, search: Search, finding: Finding) -> dict[str, list[Count]]:
    """How many of what was found have a value; of a facet that is narrowed, as if it were not.

    So the number beside a value is what one gets by choosing it alone in its facet.
    """
    narrowing = [facet for facet, values in search.wanted.items() if values]
    if _reach(search, finding.asked) != search.wanted:
        narrowing += [SOURCE, WHOSE]
    of_all = finding.values or values_of(work, finding.ids)
    found_counts = counts(work, of_all, [facet for facet in FACETS if facet not in narrowing])
    for facet in narrowing:
        of_wider = values_of(work, _ids(work, search.widened(facet), facet, finding))
        found_counts |= counts(work, of_wider, [facet])
        found_counts[facet] += [
            Count(value, label_of(work, facet, value), 0)
            for value in search.wanted.get(facet, ())
            if value not in {one.value for one in found_counts[facet]}
        ]
    return {facet: found_counts[facet] for facet in FACETS}


def suggestions(work: Work, search: Search, finding: Finding) -> list[tuple[str, Search]]:
    """For words that stand nowhere words that do: each with the search in which it replaces the other."""
    meant = [(word, other) for word in finding.missing[:MOST_SUGGESTED] for other in suggest(work.session, word)[:1]]
    asked = finding.asked.query.asked
    return [(other, replace(search, words=with_word(asked, word, other))) for word, other in meant]


def ways_out(work: Work, search: Search, finding: Finding) -> list[Way]:
    """Searches beside one that found nothing, and what they would find: without a filter, or without a word."""
    asked = finding.asked
    tried = islice(_with_less(work, search), MOST_WAYS)
    ways = (Way(label, narrower, *_amount(work, narrower, asked)) for label, narrower in tried)
    return [way for way in ways if way.amount]


def _with_less(work: Work, search: Search) -> Iterator[tuple[str, Search]]:
    """The same search without all its filters, where it has more, and then without each of them."""
    if len(search.wanted) > 1:
        yield "alle filters", replace(search, wanted={})
    for facet, values in search.wanted.items():
        for value in values:
            yield f"{FACETS[facet]}: {label_of(work, facet, value)}", search.toggled(facet, value)


def meant_laws(search: Search, finding: Finding) -> list[tuple[str, list[tuple[str, Search]]]]:
    """For a name that more laws have, each of these with the search in which it is written in full."""
    asked = finding.asked.query.asked
    return [
        (one.name, [(law.name, replace(search, words=with_word(asked, one.name, law.title))) for law in one.laws])
        for one in finding.asked.unclear
    ]


def known_cases(work: Work, search: Search, finding: Finding) -> list[KnownCase]:
    """The bottlenecks that the actor may see and that the words find; they stand beside what is public.

    Filters, fields and phrases are read of public texts alone, so who asks for these finds no cases.
    """
    is_plain = finding.asked.query.is_plain and not search.wanted
    if work.actor.account_id is None or finding.asked.question.is_empty or not is_plain:
        return []
    found_cases = rank(
        work.session,
        finding.asked.question,
        public=False,
        limit=MOST_CASES,
        among=texts_of_cases(),
        every=None,
        counted=MOST_CASES,
    ).found
    solved = {(kind, version): _solved_states(flow) for (kind, version), flow in work.workflows.items()}
    known = (hit.process for hit in hits_of(work, found_cases))
    return [KnownCase(case, case.state in solved[case.kind, case.version]) for case in known]


def not_yet_public(work: Work) -> Sequence[Precedent]:
    """The newest precedents that the actor may see before everybody can; a search does not know these."""
    query = select(Precedent).where(~Precedent.public).order_by(Precedent.id.desc()).limit(MOST_CASES)
    return work.session.scalars(query).all() if work.actor.account_id is not None else []


def _solved_states(workflow: Workflow) -> set[str | None]:
    """The states in which a solution stands that was found without the commission."""
    return {step.target for step in workflow.transitions if SOLVES in step.effects}


def shorter(search: Search, finding: Finding) -> list[tuple[str, Search]]:
    """The same search without a word that stands nowhere, for as far as something is left."""
    asked = finding.asked.query.asked
    left = ((word, without_word(asked, word)) for word in finding.missing[:MOST_SUGGESTED])
    return [(word, replace(search, words=words)) for word, words in left if words]


# --- ranked ----------------------------------------------------------------------------------------------------------


def _ranked(
    work: Work,
    asked: Understood,
    wanted: Wanted,
    more: Sequence[ColumnElement[bool]],
    *,
    every: bool | None = None,
    ordered: bool = True,
) -> Ranking:
    """The texts that match. Unless they are `ordered` what they mean does not count: it changes no number of them."""
    among = narrowed(wanted, *more) if wanted or more else None
    most = reach(work, 0) if ordered else 0
    ranking = rank(
        work.session,
        asked.question,
        public=True,
        limit=most,
        among=among,
        bonus=asked.bonus,
        every=every,
        naming=asked.naming,
    )
    return rerank(work, asked.query.text, ranking, asked.bonus)


def _in_order(work: Work, search: Search, ranking: Ranking, ended: Collection[int]) -> dict[int, float]:
    """The texts in the order that was asked, with their scores; what no longer stands is lower, and never left out."""
    scores = dict(zip(ranking.ids, ranking.scores, strict=True))
    if not ended and search.order != DATE:
        return scores
    for one in ended:
        scores[one] = round(scores[one] * ENDED, 3)
    best = sorted(scores.items(), key=lambda one: -one[1])
    if search.order == DATE:
        days = _days(work, list(scores))
        best.sort(key=lambda one: days.get(one[0]) or date.min, reverse=True)
    return dict(best)


def _days(work: Work, texts: Sequence[int]) -> dict[int, date | None]:
    """When each was decided."""
    own = (
        select(SearchText.id, PublicRecord.adopted_on)
        .join(Process, Process.id == SearchText.process_id)
        .join(PublicRecord, and_(PublicRecord.number == Process.number, PublicRecord.current))
    )
    others = select(SearchText.id, ExternalDecision.decided_on).join(
        ExternalDecision, ExternalDecision.id == SearchText.external_id
    )
    return {
        text_id: day
        for query in (own, others)
        for text_id, day in work.session.execute(query.where(is_among(SearchText.id, texts)))
    }


def _place(work: Work, order: Sequence[int], after: str) -> int:
    """Where the next begins after the text with a number."""
    text_id, *_ = _numbered(work, after)
    if text_id not in order:
        raise Invalid({"na": [NOT_A_PLACE]})
    return order.index(text_id) + 1


def _numbered(work: Work, number: str) -> Sequence[int | None]:
    """The public text of what has a number, with its precedent or its decision of another body.

    Raises `Invalid` where there is none: whether what is not public exists is not told.
    """
    columns = select(SearchText.id, SearchText.process_id, SearchText.external_id).where(SearchText.public)
    own = columns.join(Precedent, Precedent.id == SearchText.process_id).where(Precedent.number == number)
    others = columns.join(ExternalDecision, ExternalDecision.id == SearchText.external_id)
    found = (
        work.session.execute(beyond_sight(own)).first()
        or work.session.execute(others.where(ExternalDecision.number == number)).first()
    )
    if found is None:
        raise Invalid({"na": [NOT_A_PLACE]})
    return tuple(found)


# --- without words ---------------------------------------------------------------------------------------------------


def _newest(
    work: Work,
    search: Search,
    asked: Understood,
    more: Sequence[ColumnElement[bool]],
    *,
    after: str | None,
    amount: int,
) -> Finding:
    """The newest texts, a stretch at a time: those of the commission, and then those of other bodies."""
    texts = narrowed(_reach(search, asked), *more)
    _, own, external = _numbered(work, after) if after is not None else (None, None, None)
    columns = (SearchText.id, SearchText.process_id, SearchText.external_id, SearchText.kind)
    parts: list[tuple[str, ColumnElement[bool] | None, Any]] = [
        (EXTERNAL, SearchText.external_id < external if external else None, SearchText.external_id)
    ]
    if external is None:
        before = SearchText.process_id < own if own else None
        parts.insert(0, (Precedent.kind_name(), before, SearchText.process_id))
    rows: list[Found] = []
    for kind, before, place in parts:
        query = select(*columns).where(SearchText.kind == kind, SearchText.id.in_(texts))
        query = query if before is None else query.where(before)
        some = work.session.execute(query.order_by(place.desc()).limit(amount + 1 - len(rows)))
        rows += [Found(*one, excerpt="", score=0.0, share=0.0, terms=(), meant=()) for one in some]
        if len(rows) > amount:
            break
    shown = hit_rows(work, rows[:amount], asked.question)
    counted, capped = _counted(work, texts)
    return Finding(
        asked=asked,
        rows=shown,
        following=shown[-1].number if shown and len(rows) > amount else None,
        total=counted,
        capped=capped,
        every=False,
        missing=(),
        ids=_first_of(texts),
    )


def _reach(search: Search, asked: Understood) -> Wanted:
    """Who asks nothing in words finds the commission and who we follow, and other bodies where these are chosen.

    Otherwise an import of many would hide the rulings.
    """
    if not asked.is_empty or asked.query.fields or search.wanted.keys() & {SOURCE, WHOSE}:
        return search.wanted
    return {**search.wanted, WHOSE: (OF_COMMISSION, OF_FOLLOWED)}


def _first_of(texts: Select[int]) -> Select[int]:
    """The texts that are counted where there are many."""
    some = texts.order_by(SearchText.external_id.desc().nulls_first(), SearchText.process_id.desc()).limit(MOST)
    return select(some.subquery().c.id)


def _counted(work: Work, texts: Select[int]) -> tuple[int, bool]:
    amount = work.session.scalar(select(func.count()).select_from(texts.limit(MOST + 1).subquery())) or 0
    return min(amount, MOST), amount > MOST


def _ids(work: Work, search: Search, facet: str, finding: Finding) -> Sequence[int] | Select[int]:
    """The texts that a search with the same words finds once a value is chosen in a facet.

    Where what was found has only some of the words, so do these: what is in the list is never counted as nothing.
    """
    asked = finding.asked
    if asked.is_empty:
        reach = search.wanted if facet in (SOURCE, WHOSE) else _reach(search, asked)
        return _first_of(narrowed(reach, *asked.conditions))
    every = finding.every if finding.total else None
    return _ranked(work, asked, search.wanted, asked.conditions, every=every, ordered=False).ids[:MOST]


def _amount(work: Work, search: Search, asked: Understood) -> tuple[int, bool]:
    if asked.is_empty:
        return _counted(work, narrowed(_reach(search, asked), *asked.conditions))
    amount = _ranked(work, asked, search.wanted, asked.conditions, ordered=False).amount
    return min(amount, MOST), amount > MOST
