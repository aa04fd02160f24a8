"""What a search on the page of precedents finds: precedents and decisions of other bodies, narrowed alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select

from app.db.external import ExternalDecision
from app.services.external import ExternalFilters, excerpts_of, external_decisions
from app.services.facet import (
    CONCLUSION,
    LAW,
    SOURCE,
    STATE,
    TYPE,
    YEAR,
    Wanted,
    decisions_with,
    precedents_with,
    texts_of,
)
from app.services.precedent import PrecedentFilters, PrecedentRow, found_precedents, precedents
from app.services.search import AnyHit, ExternalHit, Hit, hits_of_every_body
from app.services.work import Work

MOST_HITS = 50
STRETCH = 25
ASKED = ("q", "status", "type", "conclusie", "jaar", "wet", "orgaan", "van")
"""The parameters by which the page is asked."""
OF_COMMISSION, OF_OTHERS = "commissie", "anderen"
"""Whose decisions: those of the commission, or those of other bodies."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; what is empty narrows nothing."""

    words: str = ""
    whose: str | None = None
    filters: PrecedentFilters = field(default_factory=PrecedentFilters)

    @property
    def reaches_others(self) -> bool:
        """Other bodies have no state, conclusion or body in the words of the commission."""
        filters = self.filters
        return self.whose != OF_COMMISSION and not (filters.state or filters.conclusion or filters.body)


class ExternalRow(NamedTuple):
    """What a list shows of a decision of another body; `terms` are the stems that were found."""

    number: str
    title: str
    excerpt: str
    source: str
    decided_on: date | None
    terms: tuple[str, ...] = ()


FoundRow = PrecedentRow | ExternalRow


@dataclass(frozen=True, slots=True)
class FoundStretch:
    """A stretch of what was found, and the number after which the next begins."""

    rows: Sequence[FoundRow]
    following: str | None = None


def search_of(asked: Mapping[str, str]) -> Search:
    """A search from the parameters of an address; what cannot be read narrows nothing."""
    year, whose = asked.get("jaar", ""), asked.get("van")
    return Search(
        words=asked.get("q", "").strip(),
        whose=whose if whose in (OF_COMMISSION, OF_OTHERS) else None,
        filters=PrecedentFilters(
            state=asked.get("status") or None,
            type=asked.get("type") or None,
            conclusion=asked.get("conclusie") or None,
            year=int(year) if year.isdecimal() and len(year) == 4 else None,
            law=asked.get("wet") or None,
            body=asked.get("orgaan") or None,
        ),
    )


def found(
    work: Work, search: Search, *, after: str | None = None, amount: int = STRETCH, since: datetime | None = None
) -> FoundStretch:
    """What the words find, the best first; without words the newest, a stretch at a time.

    `since` leaves of other bodies only what was taken in after it.
    """
    if search.words:
        return FoundStretch(found_by_words(work, search))
    if search.whose == OF_OTHERS:
        return _others(work, search, after=after, amount=amount, since=since)
    stretch = precedents(work, search.filters, after=after, amount=amount)
    return FoundStretch(stretch.rows, stretch.following)


def found_by_words(work: Work, search: Search, *, among: Select[int] | None = None) -> list[FoundRow]:
    """What the words find, as far as the filters leave it; `among` are the ids of the texts to look in."""
    wanted = _wanted(search)
    if wanted or search.whose is not None:
        # Before the ranking, or what was not asked would fill the best that are looked at.
        among = texts_of(
            precedents_with(wanted) if search.whose != OF_OTHERS else None,
            decisions_with(wanted) if search.reaches_others else None,
            among=among,
        )
    hits = hits_of_every_body(work, search.words, limit=MOST_HITS, among=among)
    own = {} if search.whose == OF_OTHERS else _own(work, search, hits)
    rows = (own.get(hit.number) if isinstance(hit, Hit) else _external(search, hit) for hit in hits)
    return [row for row in rows if row is not None]


def _wanted(search: Search) -> Wanted:
    filters = search.filters
    asked = {
        STATE: filters.state,
        TYPE: filters.type,
        CONCLUSION: filters.conclusion,
        YEAR: f"{filters.year:04}" if filters.year is not None else None,
        LAW: filters.law,
        SOURCE: filters.body,
    }
    return {facet: [value] for facet, value in asked.items() if value is not None}


def _own(work: Work, search: Search, hits: Sequence[AnyHit]) -> dict[str, FoundRow]:
    of_commission = [hit for hit in hits if isinstance(hit, Hit)]
    return {row.number: row for row in found_precedents(work, of_commission, search.filters)}


def _external(search: Search, hit: ExternalHit) -> ExternalRow | None:
    decision, filters = hit.decision, search.filters
    fits = (
        search.reaches_others
        and filters.type in (None, *decision.types)
        and filters.year in (None, decision.decided_on and decision.decided_on.year)
        and filters.law in (None, *(law["identifier"] for law in decision.laws))
    )
    return _row(decision, hit.excerpt, hit.words) if fits else None


def _others(work: Work, search: Search, *, after: str | None, amount: int, since: datetime | None) -> FoundStretch:
    if not search.reaches_others:
        return FoundStretch([])
    filters = search.filters
    narrowed = ExternalFilters(type=filters.type, year=filters.year, law=filters.law, since=since)
    stretch = external_decisions(work, narrowed, after=after, amount=amount)
    excerpts = excerpts_of(work, stretch.rows)
    return FoundStretch([_row(one, excerpts.get(one.id, "")) for one in stretch.rows], stretch.following)


def _row(decision: ExternalDecision, excerpt: str, terms: tuple[str, ...] = ()) -> ExternalRow:
    return ExternalRow(decision.number, decision.title, excerpt, decision.source, decision.decided_on, terms)
