"""What can be found: precedents by everybody, cases by who may see them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import with_polymorphic

from app.adapters import search
from app.db.case import Case
from app.db.external import ExternalDecision
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.search import SearchText
from app.services.work import Work

TITLE, QUESTION, BODY = 3, 3, 1
WORDS = re.compile(r"(\w+(?:[:.]\w+)*)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A precedent or case that was found, with why."""

    process: Process
    score: float
    excerpt: str
    words: tuple[str, ...]

    @property
    def number(self) -> str:
        """The number of what was found."""
        return self.process.number


@dataclass(frozen=True, slots=True)
class ExternalHit:
    """A decision of another body that was found, with why."""

    decision: ExternalDecision
    score: float
    excerpt: str
    words: tuple[str, ...]

    @property
    def number(self) -> str:
        """The number of what was found."""
        return self.decision.number


AnyHit = Hit | ExternalHit


def index_case(work: Work, case: Case) -> None:
    """Make a case findable for who may see it."""
    search.index(
        work.session,
        case,
        public=False,
        fields=[(case.title, TITLE), (case.key_question, QUESTION), (case.description, BODY)],
        excerpt=case.key_question,
    )


def index_precedent(work: Work, precedent: Precedent, record: Mapping[str, Any]) -> None:
    """Make a precedent findable for everybody, from its public record alone."""
    body = [record.get(field) or "" for field in ("samenvatting", "kernregel", "feiten", "beschouwing")]
    laws = [row["label"] for row in record.get("grondslagen") or ()]
    search.index(
        work.session,
        precedent,
        public=True,
        fields=[(record["titel"], TITLE), (record["kernvraag"], QUESTION), *((text, BODY) for text in (*body, *laws))],
        excerpt=record["kernregel"],
    )


def index_title_alone(work: Work, precedent: Precedent) -> None:
    """Leave the title and nothing else of what was made public: its text was taken away."""
    search.index(work.session, precedent, public=True, fields=[(precedent.title, TITLE)], excerpt="")


def hits(work: Work, text: str, *, cases: bool, limit: int = 10) -> list[Hit]:
    """The precedents, and with `cases` also the known cases that the actor may see, which look like a text."""
    found = search.find(work.session, text, kinds=_kinds(cases=cases), limit=limit)
    return [hit for hit in _hits(work, found) if isinstance(hit, Hit)]


def hits_of_every_body(
    work: Work, text: str, *, cases: bool = False, limit: int = 10, among: Select[int] | None = None
) -> list[AnyHit]:
    """The same, and between them the decisions of other bodies; `among` are the ids of the texts to look in.

    What a search is narrowed to stands in `among`: after the ranking only the best of everything are left.
    """
    kinds = [*_kinds(cases=cases), search.EXTERNAL]
    return _hits(work, search.find(work.session, text, kinds=kinds, limit=limit, among=among))


def _kinds(*, cases: bool) -> list[str]:
    return [Precedent.kind_name(), *([Case.kind_name()] if cases else [])]


def _hits(work: Work, found: Sequence[search.Found]) -> list[AnyHit]:
    # With the columns of a precedent, or each would be a query of its own.
    known = with_polymorphic(Process, [Precedent])
    query = select(known).where(known.id.in_([row.process_id for row in found if row.process_id is not None]))
    processes = {process.id: process for process in work.session.scalars(query)}
    externals = _decisions(work, [row.external_id for row in found if row.external_id is not None])
    hits: list[AnyHit] = []
    for row in found:
        if row.process_id in processes:
            hits.append(Hit(processes[row.process_id], row.score, row.excerpt, row.terms))
        elif row.external_id in externals:
            hits.append(ExternalHit(externals[row.external_id], row.score, row.excerpt, row.terms))
    return hits


def _decisions(work: Work, ids: Sequence[int]) -> dict[int, ExternalDecision]:
    if not ids:
        return {}
    query = select(ExternalDecision).where(ExternalDecision.id.in_(ids))
    return {decision.id: decision for decision in work.session.scalars(query)}


def newest(work: Work, *, limit: int = 10, among: Select[int] | None = None) -> list[Hit]:
    """The newest precedents that the actor may see, for who did not ask for words; `among` are the ids of some."""
    query = (
        select(Precedent, SearchText.excerpt)
        .outerjoin(SearchText, SearchText.process_id == Precedent.id)
        .order_by(Precedent.id.desc())
        .limit(limit)
    )
    if among is not None:
        query = query.where(Precedent.id.in_(among))
    return [Hit(precedent, 0.0, excerpt or "", ()) for precedent, excerpt in work.session.execute(query)]


def newest_of_other_bodies(
    work: Work, sources: Sequence[str], *, limit: int = 10, among: Select[int] | None = None
) -> list[ExternalHit]:
    """The decisions of some bodies that were taken in last; `among` are the ids of some."""
    query = (
        select(ExternalDecision, SearchText.excerpt)
        .outerjoin(SearchText, SearchText.external_id == ExternalDecision.id)
        .where(ExternalDecision.source.in_(sources))
        .order_by(ExternalDecision.id.desc())
        .limit(limit)
    )
    if among is not None:
        query = query.where(ExternalDecision.id.in_(among))
    return [ExternalHit(decision, 0.0, excerpt or "", ()) for decision, excerpt in work.session.execute(query)]


def public_record_of(work: Work, number: str) -> PublicRecord | None:
    """The current public record of a ruling."""
    query = select(PublicRecord).filter_by(number=number).order_by(PublicRecord.issue.desc()).limit(1)
    return work.session.scalars(query).first()


def similar_numbers(found: Sequence[Hit]) -> list[str]:
    """The numbers of what was shown."""
    return [hit.process.number for hit in found]


def marked(text: str, terms: Collection[str]) -> list[tuple[str, bool]]:
    """A text in stretches, each with whether it is a word that was looked for; `terms` are stems."""
    found = [(part, bool(set(search.stems(part)) & set(terms))) for part in WORDS.split(text) if part]
    return [("".join(part for part, _ in stretch), hit) for hit, stretch in groupby(found, key=itemgetter(1))]


def words_of(text: str, terms: Collection[str]) -> list[str]:
    """The words of a question that were found, as they were typed; `terms` are stems."""
    return list(dict.fromkeys(part for part, hit in marked(text, terms) if hit))
