"""What can be found: precedents by everybody, cases by who may see them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import with_polymorphic

from app.adapters.search.question import question
from app.adapters.search.ranking import Found, rank
from app.db.external import ExternalDecision
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.search import SearchText
from app.services.meaning import reach, rerank
from app.services.synonym import synonyms
from app.services.work import Work

WORDS = re.compile(r"(\w+(?:[:.]\w+)*)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A precedent or case that was found, with why: the stems it has, and the expressions that mean what was asked.

    Of the stems, the rarest come first; `common` are those that tell nothing. `share` is the score as a part of the
    best that a text could have. `lifted`: because of what it means it stands higher than its words would bring it.
    """

    process: Process
    score: float
    excerpt: str
    words: tuple[str, ...]
    share: float = 0.0
    meant: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    lifted: bool = False

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
    share: float = 0.0
    meant: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    lifted: bool = False

    @property
    def number(self) -> str:
        """The number of what was found."""
        return self.decision.number


AnyHit = Hit | ExternalHit


def hits(work: Work, text: str, *, cases: bool, limit: int = 10) -> list[Hit]:
    """The precedents, and with `cases` also the known cases that the actor may see, which look like a text."""
    of_commission = select(SearchText.id).where(SearchText.kind == Precedent.kind_name())
    found = hits_of_every_body(work, text, cases=cases, limit=limit, among=of_commission)
    return [hit for hit in found if isinstance(hit, Hit)]


def hits_of_every_body(
    work: Work,
    text: str,
    *,
    cases: bool = False,
    limit: int = 10,
    among: Select[int] | None = None,
    bonus: Mapping[int, float] | None = None,
) -> list[AnyHit]:
    """The same, and between them the decisions of other bodies; otherwise as `texts_like`."""
    return hits_of(work, texts_like(work, text, cases=cases, limit=limit, among=among, bonus=bonus))


def texts_like(
    work: Work,
    text: str,
    *,
    cases: bool = False,
    limit: int = 10,
    among: Select[int] | None = None,
    bonus: Mapping[int, float] | None = None,
    bonus_of_cases: Mapping[int, float] | None = None,
) -> Sequence[Found]:
    """The texts that look like this one, the best first.

    `among` are the ids of the public texts to look in; `bonus` is added to the score of a public text, by its id, and
    `bonus_of_cases` to that of the text of a case.
    """
    asked = question(text, synonyms=synonyms(work))
    most = reach(work, limit)
    ranking = rank(work.session, asked, public=True, limit=most, among=among, bonus=bonus, counted=most)
    found = rerank(work, text, ranking, bonus).found[:limit]
    if cases:
        known = rank(
            work.session,
            asked,
            public=False,
            limit=limit,
            among=texts_of_cases(),
            bonus=bonus_of_cases,
            counted=limit,
        )
        found = sorted([*found, *known.found], key=lambda one: (-one.score, one.text_id))[:limit]
    return found


def texts_of_cases() -> Select[int]:
    """The ids of the texts of cases; the session leaves of these what the actor may see."""
    return select(SearchText.id).join(Process, Process.id == SearchText.process_id).where(~SearchText.public)


def hits_of(work: Work, found: Sequence[Found]) -> list[AnyHit]:
    """What texts are of, in the same order; what the actor may not see is left out."""
    # With the columns of a precedent, or each would be a query of its own.
    known = with_polymorphic(Process, [Precedent])
    query = select(known).where(known.id.in_([row.process_id for row in found if row.process_id is not None]))
    processes = {process.id: process for process in work.session.scalars(query)}
    externals = _decisions(work, [row.external_id for row in found if row.external_id is not None])
    hits: list[AnyHit] = []
    for row in found:
        how = (row.score, row.excerpt, row.terms, row.share, row.meant, row.common, row.lifted)
        if row.process_id in processes:
            hits.append(Hit(processes[row.process_id], *how))
        elif row.external_id in externals:
            hits.append(ExternalHit(externals[row.external_id], *how))
    return hits


def _decisions(work: Work, ids: Sequence[int]) -> dict[int, ExternalDecision]:
    if not ids:
        return {}
    query = select(ExternalDecision).where(ExternalDecision.id.in_(ids))
    return {decision.id: decision for decision in work.session.scalars(query)}


def similar_numbers(found: Sequence[Hit]) -> list[str]:
    """The numbers of what was shown."""
    return [hit.process.number for hit in found]
