"""What a reader may be told of why a case was found: without the file only what its page shows, by decision 0006."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from app.adapters.search import analysis
from app.adapters.search.among import is_among
from app.db.case import Case, CaseLaw
from app.db.search import SearchText
from app.domain.law import LawReference
from app.services.particulars import involved_in
from app.services.work import Work


@dataclass(frozen=True)
class Readable:
    """What the page of a case shows to everybody who may see it; `whole` for who reads the whole file."""

    title: str
    key_question: str
    laws: Sequence[LawReference]
    whole: bool

    def of(self, terms: Iterable[str]) -> tuple[str, ...]:
        """Of the terms by which the case was found those that its reader may be told."""
        return tuple(term for term in terms if self.whole or term in self._terms)

    def says(self, expression: str) -> bool:
        """Does an expression stand in what its reader may read?"""
        return self.whole or set(analysis.stems(expression)) <= set(self._terms)

    @cached_property
    def _terms(self) -> Collection[str]:
        """The terms that stand on the page; of most cases that were found nobody asks."""
        return analysis.weights(analysis.words(f"{self.title} {self.key_question}"))[0].keys()


# Each search and each page of a case asks these, so they are made once.
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_CASES = select(Case.id, Case.title, Case.key_question).where(Case.id.in_(_ids))
_LAWS = (
    select(CaseLaw.case_id, CaseLaw.system, CaseLaw.identifier, CaseLaw.article, CaseLaw.paragraph, CaseLaw.part)
    .where(CaseLaw.case_id.in_(_ids))
    .order_by(CaseLaw.id)
)


def readable_cases(work: Work, ids: Sequence[int]) -> dict[int, Readable]:
    """By id what the actor may be told of cases that the actor may see."""
    if not ids:
        return {}
    laws, files = laws_of_cases(work, ids), involved_in(work, ids)
    rows = work.session.execute(_CASES, {"ids": list(ids)})
    return {one: Readable(title, question, laws.get(one, ()), one in files) for one, title, question in rows}


# Many cases name the same places, and each is checked when it is made.
_reference = lru_cache(maxsize=4096)(LawReference)


def laws_of_cases(work: Work, ids: Sequence[int]) -> Mapping[int, Sequence[LawReference]]:
    """The laws that each of these cases was given, which its page shows to everybody who may see it."""
    found: dict[int, list[LawReference]] = defaultdict(list)
    for case_id, system, identifier, article, paragraph, part in work.session.execute(_LAWS, {"ids": list(ids)}):
        found[case_id].append(_reference(system, identifier, article, paragraph, part))
    return found


def laws_without_file(work: Work, texts: Collection[int]) -> dict[int, Sequence[LawReference]]:
    """The laws to go by for each of these texts of the index that is of a case of which the actor reads no file."""
    query = select(SearchText.id, SearchText.process_id).where(
        is_among(SearchText.id, list(texts)), SearchText.kind == Case.kind_name()
    )
    rows = work.session.execute(query).all() if texts else []
    cases = {text_id: case for text_id, case in rows if case is not None}
    if not cases:
        return {}
    files = involved_in(work, list(cases.values()))
    closed = {text_id: case for text_id, case in cases.items() if case not in files}
    laws = laws_of_cases(work, list(closed.values()))
    return {text_id: laws.get(case, ()) for text_id, case in closed.items()}
