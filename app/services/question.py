"""What a question asks of the register: words for the index, conditions on the texts, and places in the law."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.adapters.search.analysis import stems
from app.adapters.search.question import Question, question
from app.adapters.search.ranking import rank
from app.config import value_list
from app.db.precedent import Precedent
from app.db.search import LawMention, SearchFacet, SearchText
from app.domain import query as queries
from app.domain.citation import Reference, Unclear, places_of
from app.domain.query import FieldAsked, Query
from app.services.citation import CERTAIN, SHARED, texts_about, understand
from app.services.facet import ARTICLE, LAW, SOURCE, STATE, TYPE, YEAR, texts_with
from app.services.hit import public_texts
from app.services.synonym import synonyms
from app.services.work import Work

MOST_EXCLUDED, MOST_READ = 1_000, 300


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the register understands it.

    `places` are the places in the law that it names, and `bonus` what naming these brings a text, by its id.
    `unclear` are names in it that more laws have.
    """

    query: Query
    question: Question
    conditions: tuple[ColumnElement[bool], ...] = ()
    places: tuple[Reference, ...] = ()
    bonus: Mapping[int, float] = field(default_factory=dict)
    unclear: tuple[Unclear, ...] = ()

    @property
    def is_empty(self) -> bool:
        """There is nothing in it that can be ranked."""
        return self.question.is_empty and not self.bonus


def understood(work: Work, text: str) -> Understood:
    """Read a question; whatever it holds, it is never refused.

    What is a citation is not looked for as words: it lifts the texts that name that place, however they write it.
    """
    query = queries.read(text)
    cited = understand(query.free)
    bonus = texts_about(
        work.session, cited.references, worth=CERTAIN if cited.is_citation and query.is_plain else SHARED
    )
    words = queries.read(cited.words).words if bonus else query.words
    asked = question(
        " ".join(words),
        phrases=query.phrases,
        without=[one for one in query.without if " " not in one],
        titled=query.titled,
        synonyms=synonyms(work),
    )
    conditions = [_condition(work, one) for one in query.fields if one.field != queries.TITLE]
    excluded = [one for one in query.without if " " in one or asked.is_empty]
    conditions += [SearchText.id.not_in(_saying(work, one)) for one in excluded if stems(one)]
    conditions += [SearchText.id.in_(_saying(work, one)) for one in query.phrases if stems(one)]
    return Understood(query, asked, tuple(conditions), cited.references, bonus, cited.unclear)


def _saying(work: Work, words: str) -> list[int]:
    """The ids of the public texts in which words stand together, in this order; a single word stands anywhere.

    The index knows which words a text has, and not where: of several words the best texts that have them are read.
    """
    asked = question("", phrases=[words])
    run = asked.phrases[0] if asked.phrases else ()
    ids = rank(
        work.session, asked, public=True, limit=0, every=True, counted=MOST_READ if len(run) > 1 else MOST_EXCLUDED
    ).ids
    if len(run) < 2:
        return list(ids)
    said = f" {' '.join(run)} "
    return [text_id for text_id, text in public_texts(work, ids).items() if said in f" {' '.join(stems(text))} "]


def _condition(work: Work, asked: FieldAsked) -> ColumnElement[bool]:
    having = SearchText.id.in_(VALUES[asked.field](work, asked.value))
    return ~having if asked.excluded else having


# --- fields: the texts that have a value, as people write it ---------------------------------------------------------


def _of_type(_: Work, value: str) -> Select[int]:
    return texts_with(TYPE, _coded(value_list("knelpunttype"), value))


def _in_state(work: Work, value: str) -> Select[int]:
    labels = {slug: state.label for slug, state in work.newest(Precedent.kind_name()).states.items()}
    return texts_with(STATE, _coded(labels, value))


def _of_source(_: Work, value: str) -> Select[int]:
    of_source = select(SearchFacet.text_id).where(SearchFacet.facet == SOURCE)
    return of_source.where(func.lower(SearchFacet.value) == value.lower())


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
    queries.LAW: _of_law,
    queries.ARTICLE: _of_article,
}


def _coded(labels: Mapping[str, str], value: str) -> list[str]:
    """The code of a value that is written as its code or as its label."""
    wanted = value.lower()
    return [code for code, label in labels.items() if wanted in (code.lower(), label.lower())] or [value]
