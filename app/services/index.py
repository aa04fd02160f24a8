"""What texts are found by: indexed with the change that makes them, and kept in order by the worker.

What everybody may find comes from public records and from decisions of other bodies; a case is found by who may
see it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from textwrap import shorten
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from app.adapters.search import EXTERNAL, analysis
from app.adapters.search.postings import Entry, hold, put, put_many
from app.adapters.search.settling import compact, end_purge, gone_texts, purge, settle, unsettled
from app.adapters.search.vocabulary import has_new_words, keep_new_words
from app.db.case import Case
from app.db.engine import open_session
from app.db.external import ExternalDecision
from app.db.peer import CopiedDecision
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.db.search import SearchState
from app.domain.access import SYSTEM
from app.domain.citation import Reference
from app.domain.register import TEXTS
from app.services.citation import Indexed as Mentioning
from app.services.citation import (
    keep_mentions_of_many,
    references_of_case,
    references_of_decision,
    references_of_record,
)
from app.services.facet import (
    facets_of_copy,
    facets_of_decision,
    facets_of_gone,
    facets_of_record,
    keep_facets,
    told,
)
from app.services.work import Work

SETTLED_AT_ONCE = 128
"""So many texts wait before they are moved to blocks: fewer, and blocks would be rewritten for each."""
BATCH = 200
ATTEMPTS = 5
PURGED_AT_ONCE = 20_000
MOST_AT_A_TURN = 10_000
"""After so many texts of a rebuild the worker first sends what waits."""
TITLE_OF_WORDS = 100
ANALYSIS, REBUILD, SCATTERED = "analysis", "rebuild", "scattered"

Progress = Callable[[int, int], None]
"""Told how many texts are done, of how many."""
Result = TypeVar("Result")


class Indexed(NamedTuple):
    """A text with everything it is found by: its words, the law it names, and the values it has in each facet."""

    entry: Entry
    laws: Sequence[Reference] = ()
    facets: Sequence[tuple[str, str]] = ()


def index_case(work: Work, case: Case) -> None:
    """Make a case findable for who may see it."""
    _keep(work, [_of_case(work, case)])


def index_precedent(work: Work, precedent: Precedent, record: Mapping[str, Any]) -> None:
    """Make a precedent findable for everybody, from its public record alone."""
    _keep(work, [_of_precedent(work, precedent, record)])


def index_title_alone(work: Work, precedent: Precedent) -> None:
    """Leave the title and nothing else of what was made public: its text was taken away."""
    _keep(work, [_of_title(precedent)])


def index_decisions(work: Work, decisions: Sequence[ExternalDecision]) -> None:
    """Make decisions of other bodies findable, with their text at hand."""
    copied = _records_of_copies(work, [one.id for one in decisions])
    _keep(work, [_of_decision(one, copied) for one in decisions])


def _keep(work: Work, texts: Sequence[Indexed], *, again: bool = False) -> None:
    """Few texts get postings of their own, many go to blocks at once."""
    entries = [_counted(one) for one in texts]
    if again or len(entries) >= SETTLED_AT_ONCE:
        ids = put_many(work.session, entries, again=again)
        say(work, SCATTERED, {"since": work.now.isoformat()})
    else:
        ids = [put(work.session, entry) for entry in entries]
    texts_with_laws = [
        Mentioning(text_id, one.entry.public, one.laws) for text_id, one in zip(ids, texts, strict=True) if one.laws
    ]
    keep_mentions_of_many(work.session, texts_with_laws)
    keep_facets(work.session, {text_id: one.facets for text_id, one in zip(ids, texts, strict=True) if one.facets})


def _counted(one: Indexed) -> Entry:
    """A text with what is counted of it; of what not everybody may read nothing is."""
    return one.entry._replace(facets=told(one.facets, one.laws)) if one.entry.public else one.entry


def _of_case(work: Work, case: Case) -> Indexed:
    # A solution that stands is knowledge for who has the same bottleneck.
    solution = case.solution or {}
    adopted = solution.get("tekst") or "" if solution.get("vastgesteldOp") else ""
    entry = Entry(
        process_id=case.id,
        external_id=None,
        kind=case.kind,
        public=False,
        title=f"{case.title} {case.key_question}",
        body=f"{case.description} {adopted}",
        excerpt=case.key_question,
    )
    return Indexed(entry, references_of_case(work, case))


def _of_precedent(work: Work, precedent: Precedent, record: Mapping[str, Any]) -> Indexed:
    told = [record.get(name) or "" for name in TEXTS]
    laws = [row["label"] for row in record.get("grondslagen") or ()]
    entry = Entry(
        process_id=precedent.id,
        external_id=None,
        kind=precedent.kind,
        public=True,
        title=f"{record['titel']} {record['kernvraag']}",
        # People quote a ruling by its number, with or without the letters before it.
        body=" ".join([*told, *laws, precedent.number, precedent.number.partition(":")[2]]),
        excerpt=record["kernregel"],
    )
    return Indexed(entry, references_of_record(record), facets_of_record(work, precedent, record))


def _of_title(precedent: Precedent) -> Indexed:
    entry = Entry(precedent.id, None, precedent.kind, public=True, title=precedent.title, body="", excerpt="")
    return Indexed(entry, facets=facets_of_gone(precedent))


def first_words(text: str) -> str:
    """What a decision that has no title is called."""
    return shorten(text[: 10 * TITLE_OF_WORDS], TITLE_OF_WORDS, placeholder="…")


def _records_of_copies(work: Work, ids: Sequence[int]) -> dict[int, Mapping[str, Any] | None]:
    """The records of those among decisions that are copies from a followed installation, by the id of the decision."""
    query = select(CopiedDecision.external_id, CopiedDecision.record).where(CopiedDecision.external_id.in_(ids))
    return dict(work.session.execute(query).all())


def _of_decision(decision: ExternalDecision, copied: Mapping[int, Mapping[str, Any] | None]) -> Indexed:
    # First words that are shown as its title weigh no more than the others.
    titled = decision.title != first_words(decision.text)
    entry = Entry(
        process_id=None,
        external_id=decision.id,
        kind=EXTERNAL,
        public=True,
        title=decision.title if titled else "",
        body=f"{decision.summary} {decision.text} {decision.source} {decision.source_id}",
        excerpt=decision.summary or decision.text,
    )
    facets = facets_of_decision(decision.source, decision.types, decision.decided_on)
    if decision.id in copied:
        facets += facets_of_copy(copied[decision.id])
    return Indexed(entry, references_of_decision(decision), facets)


# --- keeping it in order ---------------------------------------------------------------------------------------------


class Keeper:
    """Keeps the index in order, beside everybody who uses it; each step is a short transaction of its own."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine, self.clock = engine, clock

    def look_after(self) -> None:
        """Make the index anew after a change of analysis, move texts to blocks, and take out what is gone."""
        if not self._look(_is_of_these_rules):
            self.rebuild(most=MOST_AT_A_TURN)
        while self._look(lambda work: has_new_words(work.session)):
            self._step(lambda work: keep_new_words(work.session))
        while self._look(lambda work: unsettled(work.session)) >= SETTLED_AT_ONCE:
            self._step(_settle)
        self.tidy()

    def tidy(self) -> None:
        """Take what is gone out of the blocks, and put together what lies scattered."""
        gone = self._look(lambda work: gone_texts(work.session))
        if gone:
            self._by_terms(lambda after, work: purge(work.session, gone, after=after))
            self._step(lambda work: end_purge(work.session, gone))
        if self._look(lambda work: said(work, SCATTERED)):
            self._step(lambda work: unsay(work, SCATTERED))
            self._by_terms(lambda after, work: compact(work.session, after=after))

    def rebuild(self, progress: Progress | None = None, *, afresh: bool = False, most: int | None = None) -> int:
        """Index every text again while people search: each is found by its old words or by its new ones.

        Goes on where an earlier one stopped, unless that was by other rules or `afresh` is asked; stops itself after
        `most` texts. How many texts were done.
        """
        stopped = None if afresh else self._look(_where_it_stopped)
        total, done, anew = self._look(_total), 0, 0
        for source in SOURCES:
            if stopped and stopped["source"] != source.record.__name__:
                done += self._look(source.amount)
                continue
            after = stopped["after"] if stopped else 0
            stopped = None
            while True:
                after, amount = self._step(partial(source.index_after, after))
                if not amount:
                    break
                done, anew = done + amount, anew + amount
                if progress:
                    progress(min(done, total), total)
                if anew // PURGED_AT_ONCE > (anew - amount) // PURGED_AT_ONCE:
                    # Each question looks at what is gone until it has left the blocks.
                    self.tidy()
                if most is not None and anew >= most:
                    return anew
        self._step(_end_rebuild)
        self.tidy()
        # The index is at rest now, so of each term no more blocks are left than it needs.
        self._by_terms(lambda after, work: compact(work.session, after=after, most=1))
        return anew

    def _by_terms(self, stretch: Callable[[str, Work], str | None]) -> None:
        """Go through the terms of the index, a transaction for each stretch of them."""
        after: str | None = ""
        while after is not None:
            after = self._step(partial(stretch, after))

    def _look(self, step: Callable[[Work], Result]) -> Result:
        with open_session(self.engine, SYSTEM, writes=False) as session:
            return step(Work(session, SYSTEM, self.clock(), {}))

    def _step(self, step: Callable[[Work], Result]) -> Result:
        """A step in a transaction; who indexes the same text at the same moment goes first, and it is taken again."""
        for attempt in range(1, ATTEMPTS + 1):
            with open_session(self.engine, SYSTEM, writes=True) as session:
                try:
                    result = step(Work(session, SYSTEM, self.clock(), {}))
                    session.commit()
                except IntegrityError:
                    if attempt == ATTEMPTS:
                        raise
                    continue
                return result
        raise AssertionError("the last attempt returns or raises")


def said(work: Work, name: str) -> Mapping[str, Any] | None:
    """What is kept of the index under this name."""
    state = work.session.get(SearchState, name)
    return state.value if state else None


def say(work: Work, name: str, value: Mapping[str, Any]) -> None:
    """Keep something of the index as a whole."""
    work.session.merge(SearchState(name=name, value=dict(value)))
    work.session.flush()


def unsay(work: Work, name: str) -> None:
    """Keep it no longer."""
    state = work.session.get(SearchState, name)
    if state is not None:
        work.session.delete(state)


def _settle(work: Work) -> None:
    settle(work.session, limit=SETTLED_AT_ONCE)
    say(work, SCATTERED, {"since": work.now.isoformat()})


def _is_of_these_rules(work: Work) -> bool:
    return (said(work, ANALYSIS) or {}).get("version") == analysis.version()


def _where_it_stopped(work: Work) -> Mapping[str, Any] | None:
    stopped = said(work, REBUILD)
    return stopped if stopped and stopped["analysis"] == analysis.version() else None


def _end_rebuild(work: Work) -> None:
    unsay(work, REBUILD)
    say(work, ANALYSIS, {"version": analysis.version()})


def _precedents(work: Work, after: int) -> Iterator[tuple[int, Indexed]]:
    query = (
        select(Precedent, PublicRecord)
        .join(PublicRecord, (PublicRecord.number == Precedent.number) & PublicRecord.current)
        .where(Precedent.id > after)
        .order_by(Precedent.id)
        .limit(BATCH)
        .options(undefer(PublicRecord.record))
    )
    for precedent, public in work.session.execute(query):
        gone = public.withdrawn_at is not None
        yield precedent.id, _of_title(precedent) if gone else _of_precedent(work, precedent, public.record)


def _decisions(work: Work, after: int) -> Iterator[tuple[int, Indexed]]:
    query = select(ExternalDecision).where(ExternalDecision.id > after).order_by(ExternalDecision.id)
    found = work.session.scalars(query.limit(BATCH).options(undefer("*"))).all()
    copied = _records_of_copies(work, [decision.id for decision in found])
    for decision in found:
        yield decision.id, _of_decision(decision, copied)


def _cases(work: Work, after: int) -> Iterator[tuple[int, Indexed]]:
    query = select(Case).where(Case.id > after).order_by(Case.id).limit(BATCH).options(undefer("*"))
    for case in work.session.scalars(query):
        yield case.id, _of_case(work, case)


class Source(NamedTuple):
    """A kind of text, and how to read those that follow an id."""

    record: type[Any]
    kind: str
    texts_after: Callable[[Work, int], Iterator[tuple[int, Indexed]]]

    def amount(self, work: Work) -> int:
        """How many there are at most."""
        return work.session.scalar(select(func.count()).select_from(self.record)) or 0

    def index_after(self, after: int, work: Work) -> tuple[int, int]:
        """Index a stretch of texts again; the id of the last, and how many."""
        hold(work.session, self.kind, after=after, amount=BATCH)
        found = list(self.texts_after(work, after))
        if not found:
            return after, 0
        _keep(work, [text for _, text in found], again=True)
        last = found[-1][0]
        say(work, REBUILD, {"analysis": analysis.version(), "source": self.record.__name__, "after": last})
        return last, len(found)


SOURCES = (
    Source(Precedent, Precedent.kind_name(), _precedents),
    Source(ExternalDecision, EXTERNAL, _decisions),
    Source(Case, Case.kind_name(), _cases),
)
"""What is indexed, in the order in which a rebuild goes: what most people look for comes first."""


def _total(work: Work) -> int:
    return sum(source.amount(work) for source in SOURCES)
