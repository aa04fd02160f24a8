"""What can be found: precedents by everybody, cases by who may see them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import with_polymorphic

from app.adapters.search.question import question
from app.adapters.search.ranking import Found, rank
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


class Least(NamedTuple):
    """From which share on a text counts, and the texts of the index that count with any: public ones, and of cases."""

    share: float = 0.0
    public: Sequence[int] = ()
    cases: Sequence[int] = ()


ANY = Least()


def hits(work: Work, text: str, *, cases: bool, limit: int = 10, least: Least = ANY) -> list[Hit]:
    """The precedents, and with `cases` also the known cases that the actor may see, which look like a text.

    What has too little in common is left out by `least`.
    """
    of_commission = select(SearchText.id).where(SearchText.kind == Precedent.kind_name())
    return hits_of(work, texts_like(work, text, cases=cases, limit=limit, among=of_commission, least=least))


def texts_like(
    work: Work,
    text: str,
    *,
    cases: bool = False,
    limit: int = 10,
    among: Select[int] | None = None,
    bonus: Mapping[int, float] | None = None,
    bonus_of_cases: Mapping[int, float] | None = None,
    least: Least = ANY,
) -> Sequence[Found]:
    """The texts that look like this one, the best first.

    `among` are the ids of the public texts to look in; `bonus` is added to the score of a public text, by its id, and
    `bonus_of_cases` to that of the text of a case. What has too little in common is left out by `least`.
    """
    asked = question(text, synonyms=synonyms(work))
    most = reach(work, limit)
    ranking = rank(
        work.session,
        asked,
        public=True,
        limit=most,
        among=among,
        bonus=bonus,
        counted=most,
        least=least.share,
        but=least.public,
    )
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
            least=least.share,
            but=least.cases,
        )
        found = sorted([*found, *known.found], key=lambda one: (-one.score, one.text_id))[:limit]
    return found


def texts_of_cases() -> Select[int]:
    """The ids of the texts of cases; the session leaves of these what the actor may see."""
    return select(SearchText.id).join(Process, Process.id == SearchText.process_id).where(~SearchText.public)


def hits_of(work: Work, found: Sequence[Found]) -> list[Hit]:
    """The precedents and cases that texts are of, in the same order; what the actor may not see is left out."""
    ids = [row.process_id for row in found if row.process_id is not None]
    # With the columns of a precedent, or each would be a query of its own.
    known = with_polymorphic(Process, [Precedent])
    processes = {one.id: one for one in work.session.scalars(select(known).where(known.id.in_(ids)))} if ids else {}
    return [
        Hit(processes[row.process_id], row.score, row.excerpt, row.terms, row.share, row.meant, row.common, row.lifted)
        for row in found
        if row.process_id in processes
    ]


def similar_numbers(found: Sequence[Hit]) -> list[str]:
    """The numbers of what was shown."""
    return [hit.process.number for hit in found]
