"""What a reader may be told of why a case was found: without the file only what its page shows, by decision 0006."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from app.adapters.search import analysis
from app.adapters.search.among import is_among
from app.db.case import Case, CaseLaw
from app.db.search import SearchText
from app.domain.law import LawReference
from app.services.particulars import involved_in
from app.services.work import Work


class Readable(NamedTuple):
    """What the page of a case shows to everybody who may see it; `terms` are those in it, `None` for the whole file."""

    title: str
    key_question: str
    laws: Sequence[LawReference]
    terms: Collection[str] | None

    def of(self, terms: Iterable[str]) -> tuple[str, ...]:
        """Of the terms by which the case was found those that its reader may be told."""
        return tuple(term for term in terms if self.terms is None or term in self.terms)

    def says(self, expression: str) -> bool:
        """Does an expression stand in what its reader may read?"""
        return self.terms is None or set(analysis.stems(expression)) <= set(self.terms)


def readable_cases(work: Work, ids: Sequence[int]) -> dict[int, Readable]:
    """By id what the actor may be told of cases that the actor may see."""
    if not ids:
        return {}
    laws, files = laws_of_cases(work, ids), involved_in(work, ids)
    rows = work.session.execute(select(Case.id, Case.title, Case.key_question).where(Case.id.in_(ids)))
    return {
        one: Readable(title, question, laws.get(one, ()), None if one in files else _terms(f"{title} {question}"))
        for one, title, question in rows
    }


def laws_of_cases(work: Work, ids: Sequence[int]) -> Mapping[int, Sequence[LawReference]]:
    """The laws that each of these cases was given, which its page shows to everybody who may see it."""
    found: dict[int, list[LawReference]] = defaultdict(list)
    for row in work.session.scalars(select(CaseLaw).where(CaseLaw.case_id.in_(ids)).order_by(CaseLaw.id)):
        found[row.case_id].append(LawReference(row.system, row.identifier, row.article, row.paragraph, row.part))
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


def _terms(text: str) -> Collection[str]:
    return analysis.weights(analysis.words(text))[0].keys()
