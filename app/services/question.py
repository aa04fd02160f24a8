"""What a question asks of the register: words for the index, conditions on the texts, and places in the law."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.adapters.search.among import is_among
from app.adapters.search.analysis import stems
from app.adapters.search.question import Question, question
from app.adapters.search.reading import texts_having
from app.config import value_list
from app.db.precedent import Precedent
from app.db.search import LawMention, SearchFacet, SearchText
from app.domain import query as queries
from app.domain.citation import Reference, Unclear, places_of
from app.domain.dutch import listing
from app.domain.query import FieldAsked, Query
from app.services.citation import CERTAIN, OTHER_PARAGRAPH, SHARED, texts_about, understand
from app.services.facet import (
    ARTICLE,
    CONCLUSION,
    LAW,
    PARTY,
    SECTOR,
    SOURCE,
    STATE,
    TYPE,
    YEAR,
    Wanted,
    narrowed,
    texts_with,
)
from app.services.hit import public_texts
from app.services.synonym import synonyms
from app.services.work import Work

MOST_NAMED = 30
"""Of a field that knows more values than this, these are named."""
MOST_READ = 1_000
"""So many texts are read for words that stand together: the index knows which words a text has, and not where."""
READ_IN_PART = (
    "Meer dan 1.000 teksten hebben alle woorden die u tussen aanhalingstekens zette. Daarvan lazen wij de nieuwste "
    "1.000, en die binnen uw filters het eerst. De andere tonen en tellen wij niet."
)

Run = Sequence[str]
"""Stems that stand together, in this order."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the register understands it.

    `places` are the places in the law that it names, and `bonus` what naming these brings a text, by its id.
    `naming` are the texts that name one of them, and not just another article of the same law.
    `unclear` are names in it that more laws have. `unknown` says of values of fields that no text has which there are.
    `partly`: not every text was read that may have words together.
    """

    query: Query
    question: Question
    conditions: tuple[ColumnElement[bool], ...] = ()
    places: tuple[Reference, ...] = ()
    bonus: Mapping[int, float] = field(default_factory=dict)
    naming: Collection[int] = ()
    unclear: tuple[Unclear, ...] = ()
    unknown: tuple[str, ...] = ()
    partly: bool = False

    @property
    def is_empty(self) -> bool:
        """There is nothing in it that can be ranked."""
        return self.question.is_empty and not self.bonus


def understood(
    work: Work, text: str, wanted: Wanted | None = None, among: ColumnElement[bool] | None = None
) -> Understood:
    """Read a question; whatever it holds, it is never refused.

    `wanted` and `among` say where is looked: there words that stand together are read first. What is a citation is not
    looked for as words: it lifts the texts that name that place, however they write it.
    """
    query = queries.read(text)
    cited = understand(query.free)
    worth = CERTAIN if cited.is_citation and query.is_plain else SHARED
    bonus = texts_about(work.session, cited.references, worth=worth)
    naming = [text_id for text_id, more in bonus.items() if more >= worth * OTHER_PARAGRAPH]
    words = queries.read(cited.words).words if bonus else query.words
    excluded = [stems(one) for one in query.without]
    asked = question(
        " ".join(words),
        phrases=query.phrases,
        without=[one for one in query.without if len(stems(one)) == 1],
        titled=query.titled,
        synonyms=synonyms(work),
    )
    conditions = [_condition(work, one) for one in query.fields if one.field != queries.TITLE]
    reading = _Reading(work, wanted or {}, (*conditions, *([among] if among is not None else [])))
    if runs := [stems(one) for one in query.phrases if len(stems(one)) > 1]:
        conditions.append(is_among(SearchText.id, reading.saying(runs)))
    if runs := [run for run in excluded if len(run) > 1]:
        conditions.append(~is_among(SearchText.id, reading.not_clear_of(runs)))
    if asked.is_empty and (words_out := [run for run in excluded if len(run) == 1]):
        having = set().union(*(texts_having(work.session, run) for run in words_out))
        conditions.append(~is_among(SearchText.id, sorted(having)))
    unknown = tuple(_not_known(work, one) for one in query.fields if one.field in KNOWN and not _is_known(work, one))
    return Understood(
        query, asked, tuple(conditions), cited.references, bonus, naming, cited.unclear, unknown, reading.is_cut
    )


@dataclass(slots=True)
class _Reading:
    """Public texts that are read to see whether words stand together in them; those that are wanted first."""

    work: Work
    wanted: Wanted
    conditions: Sequence[ColumnElement[bool]]
    is_cut: bool = False

    def saying(self, runs: Sequence[Run]) -> list[int]:
        """The texts in which each of these runs stands."""
        candidates = set.intersection(*(texts_having(self.work.session, run) for run in runs))
        return [text_id for text_id, said in self._read(candidates).items() if all(map(said.__contains__, _told(runs)))]

    def not_clear_of(self, runs: Sequence[Run]) -> list[int]:
        """The texts in which one of these runs stands, and those that may have one and were not read."""
        candidates = set().union(*(texts_having(self.work.session, run) for run in runs))
        read = self._read(candidates).items()
        clear = {text_id for text_id, said in read if not any(map(said.__contains__, _told(runs)))}
        return sorted(candidates - clear)

    def _read(self, candidates: Collection[int]) -> dict[int, str]:
        """The stems of these texts as one line each; of too many the newest."""
        chosen = sorted(candidates, reverse=True)
        if len(chosen) > MOST_READ:
            self.is_cut = True
            within = narrowed(self.wanted, *self.conditions, is_among(SearchText.id, chosen))
            first = self.work.session.scalars(within.order_by(SearchText.id.desc()).limit(MOST_READ))
            chosen = list(dict.fromkeys([*first, *chosen]))[:MOST_READ]
        return {text_id: _line(stems(text)) for text_id, text in public_texts(self.work, chosen).items()}


def _told(runs: Sequence[Run]) -> list[str]:
    return [_line(run) for run in runs]


def _line(run: Run) -> str:
    return f" {' '.join(run)} "


def _condition(work: Work, asked: FieldAsked) -> ColumnElement[bool]:
    having = SearchText.id.in_(VALUES[asked.field](work, asked.value))
    return ~having if asked.excluded else having


# --- fields: the texts that have a value, as people write it ---------------------------------------------------------


def _of_type(_: Work, value: str) -> Select[int]:
    return texts_with(TYPE, _coded(value_list("knelpunttype"), value))


def _in_state(work: Work, value: str) -> Select[int]:
    return texts_with(STATE, _coded(_states(work), value))


def _states(work: Work) -> dict[str, str]:
    return {slug: state.label for slug, state in work.newest(Precedent.kind_name()).states.items()}


def _of_source(work: Work, value: str) -> Select[int]:
    """By its name, or by what means the same, such as an abbreviation."""
    return _named(SOURCE, [value, *synonyms(work).get(tuple(stems(value)), ())])


def _of_party(work: Work, value: str) -> Select[int]:
    return _named(PARTY, [value, *synonyms(work).get(tuple(stems(value)), ())])


def _named(facet: str, names: Sequence[str]) -> Select[int]:
    of_facet = select(SearchFacet.text_id).where(SearchFacet.facet == facet)
    return of_facet.where(func.lower(SearchFacet.value).in_([name.lower() for name in names]))


def _of_law(_: Work, value: str) -> Select[int]:
    places = [place for reference in understand(value).references for place in places_of(reference)]
    return texts_with(LAW, [place.identifier for place in places] or [value])


def _of_article(_: Work, value: str) -> Select[int]:
    places = [place for reference in understand(value).references for place in places_of(reference)]
    named = [
        and_(LawMention.identifier == place.identifier, LawMention.article == place.article)
        for place in places
        if place.article is not None
    ]
    if not named:
        return texts_with(ARTICLE, [value])
    return select(LawMention.text_id).where(LawMention.public, or_(*named))


VALUES: Mapping[str, Callable[[Work, str], Select[int]]] = {
    queries.TYPE: _of_type,
    queries.STATE: _in_state,
    queries.YEAR: lambda _, value: texts_with(YEAR, [value]),
    queries.SOURCE: _of_source,
    queries.PARTY: _of_party,
    queries.SECTOR: lambda _, value: texts_with(SECTOR, _coded(value_list("sector"), value)),
    queries.CONCLUSION: lambda _, value: texts_with(CONCLUSION, _coded(value_list("conclusie"), value)),
    queries.LAW: _of_law,
    queries.ARTICLE: _of_article,
}


# --- values that no text has: what people can ask instead ------------------------------------------------------------


def _held(facet: str) -> Callable[[Work], Sequence[str]]:
    """The values that public texts have in a facet."""
    query = select(SearchFacet.value).where(SearchFacet.facet == facet).distinct().order_by(SearchFacet.value)
    return lambda work: work.session.scalars(query.limit(MOST_NAMED)).all()


KNOWN: Mapping[str, Callable[[Work], Sequence[str]]] = {
    queries.TYPE: lambda _: tuple(value_list("knelpunttype")),
    queries.STATE: lambda work: tuple(_states(work)),
    queries.YEAR: _held(YEAR),
    queries.SOURCE: _held(SOURCE),
    queries.PARTY: _held(PARTY),
    queries.SECTOR: lambda _: tuple(value_list("sector")),
    queries.CONCLUSION: lambda _: tuple(value_list("conclusie")),
}

CODED: Mapping[str, Callable[[Work], Collection[str]]] = {
    queries.TYPE: lambda _: _said(value_list("knelpunttype")),
    queries.STATE: lambda work: _said(_states(work)),
    queries.SECTOR: lambda _: _said(value_list("sector")),
    queries.CONCLUSION: lambda _: _said(value_list("conclusie")),
}
"""Of the fields with a list, every way to write a value that it has."""


def _said(labels: Mapping[str, str]) -> set[str]:
    return {one.lower() for row in labels.items() for one in row}


def _is_known(work: Work, asked: FieldAsked) -> bool:
    """Is it one of the values that there are, or does a text have it all the same, as a copy may?"""
    if asked.field in CODED and asked.value.lower() in CODED[asked.field](work):
        return True
    having = VALUES[asked.field](work, asked.value)
    return work.session.scalar(select(SearchText.id).where(SearchText.id.in_(having)).limit(1)) is not None


def _not_known(work: Work, asked: FieldAsked) -> str:
    there = [f"“{value}”" if " " in value else value for value in KNOWN[asked.field](work)]
    said = f"Bij {asked.field} kennen wij “{asked.value}” niet."
    return f"{said} U kunt kiezen uit: {listing(there, 'of')}." if there else said


def _coded(labels: Mapping[str, str], value: str) -> list[str]:
    """The code of a value that is written as its code or as its label."""
    wanted = value.lower()
    return [code for code, label in labels.items() if wanted in (code.lower(), label.lower())] or [value]
