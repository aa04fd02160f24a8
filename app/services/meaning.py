"""Searching by meaning, where the extra for it is installed: vectors of public texts, and another order by them.

Vectors are made after the texts, by the worker or a command. Without the extra, or before there are vectors,
everything is found by its words alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, pstdev
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Engine, delete, exists, func, insert, select
from sqlalchemy.orm import Session, undefer

from app.adapters.meaning import LONGEST_TEXT, Meaning, MeaningAway, Middle
from app.adapters.search.ranking import Found, Ranking
from app.db.engine import open_session
from app.db.external import ExternalDecision
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.db.search import SearchState, SearchText, SearchVector
from app.domain.access import SYSTEM
from app.services.citation import CERTAIN
from app.services.index import first_words
from app.services.work import Work

STATE = "meaning"
REACH = 200
"""So many of the best by their words are put in order by what they mean."""
WEIGHT_OF_WORDS = 0.3
AT_ONCE = 8
OVERLAP = 5_000
"""Texts that were written at the same time may appear in another order than that of their ids."""
PLACES = 5
SAYS_NOTHING = b""
"""The vector of a text without words, so that it is not asked for again."""
TOLD_IN_RECORD = ("titel", "kernvraag", "kernregel", "samenvatting", "beschouwing")

log = structlog.get_logger()
Progress = Callable[[int, int], None]
"""Told how many texts have a vector, of how many."""


class Said(NamedTuple):
    """A public text, with how it begins."""

    id: int
    text: str


def is_on(work: Work) -> bool:
    """Is the model there, and are there texts with a vector of it?"""
    model = _model(work.session)
    return model is not None and _middle(work.session, model).amount > 0


def told(work: Work) -> str:
    """Whether there is searching by meaning, as a sentence for who searches."""
    if _model(work.session) is None:
        return "Zoeken naar betekenis staat uit."
    if not is_on(work):
        return "Zoeken naar betekenis begint zodra de eerste teksten zijn verwerkt."
    return "Zoeken naar betekenis staat aan."


def reach(work: Work, limit: int) -> int:
    """How many texts to look for by their words, so that the best of them by their meaning are among them."""
    return max(limit, REACH) if _model(work.session) is not None else limit


def rerank(work: Work, asked: str, ranking: Ranking, bonus: Mapping[int, float] | None = None) -> Ranking:
    """The same texts in the order of words and meaning together; a text without a vector keeps its place.

    `bonus` is what was added to the score of a text for the places in the law that it names, and counts in full.
    Who asks for all words, or for one place in the law, is not answered by a guess: that order stays as it is.
    """
    model, bonus = _model(work.session), bonus or {}
    if model is None or ranking.every or not (ranking.found and asked.strip()) or CERTAIN in bonus.values():
        return ranking
    middle = _middle(work.session, model)
    vectors = _vectors(work.session, model, [one.text_id for one in ranking.found[:REACH]]) if middle.amount else {}
    if len(vectors) < 2:
        return ranking
    try:
        close = dict(zip(vectors, model.closeness(asked, list(vectors.values()), middle), strict=True))
    except MeaningAway as error:
        log.warning("meaning", error=str(error))
        return ranking
    found = _in_order(ranking.found[:REACH], close, bonus)
    before = {one.text_id: place for place, one in enumerate(ranking.found)}
    found = [one._replace(lifted=place < before[one.text_id]) for place, one in enumerate(found)]
    others = [one for one in ranking.ids if one not in before]
    return replace(
        ranking,
        found=[*found, *ranking.found[REACH:]],
        ids=[*(one.text_id for one in found), *(one.text_id for one in ranking.found[REACH:]), *others],
        scores=[*(one.score for one in found), *ranking.scores[len(found) :]],
    )


def _in_order(found: Sequence[Found], close: Mapping[int, float], bonus: Mapping[int, float]) -> list[Found]:
    """By the sum of both standard scores; the scores that are told are as far apart as these sums."""
    compared = [one for one in found if one.text_id in close]
    extra = [bonus.get(one.text_id, 0.0) for one in compared]
    words = [one.score - more for one, more in zip(compared, extra, strict=True)]
    by_words, by_meaning = _standard(words), _standard([close[one.text_id] for one in compared])
    step_of_words = pstdev(words) or 1.0
    sums = [
        round(WEIGHT_OF_WORDS * said + (1 - WEIGHT_OF_WORDS) * meant + more / step_of_words, PLACES)
        for said, meant, more in zip(by_words, by_meaning, extra, strict=True)
    ]
    # Of equal sums the one that came first by its words comes first.
    order = sorted(range(len(compared)), key=lambda place: -sums[place])
    highest, lowest = found[0].score, found[-1].score
    best, worst = max(sums), min(sums)
    step = (highest - lowest) / (best - worst) if best > worst else 0.0
    reordered = iter(
        [compared[place]._replace(score=round(lowest + step * (sums[place] - worst), 3)) for place in order]
    )
    placed: list[Found] = []
    for one in found:
        following = next(reordered) if one.text_id in close else one
        # What has no vector is told no higher than what stands above it.
        placed.append(following._replace(score=min([following.score, *(above.score for above in placed[-1:])])))
    return placed


def _standard(numbers: Sequence[float]) -> list[float]:
    """How far each is from the middle, in standard deviations."""
    middle, deviation = fmean(numbers), pstdev(numbers)
    return [(one - middle) / deviation if deviation else 0.0 for one in numbers]


def _vectors(session: Session, model: Meaning, ids: Sequence[int]) -> dict[int, bytes]:
    query = select(SearchVector.text_id, SearchVector.vector).where(
        SearchVector.text_id.in_(ids), SearchVector.model == model.model
    )
    known = {text_id: vector for text_id, vector in session.execute(query) if vector != SAYS_NOTHING}
    return {one: known[one] for one in ids if one in known}


def _model(session: Session) -> Meaning | None:
    found: Meaning | None = session.info.get("meaning")
    return found


def _middle(session: Session, model: Meaning) -> Middle:
    kept = session.scalar(select(SearchState.value).where(SearchState.name == STATE))
    return Middle.of(kept) if kept and kept["model"] == model.model else Middle()


# --- after the texts -------------------------------------------------------------------------------------------------


def embed_missing(engine: Engine, *, limit: int = AT_ONCE) -> int:
    """Give the first public texts that have none a vector, outside any transaction; how many were looked at."""
    model: Meaning | None = engine.get_execution_options().get("meaning")
    if model is None:
        return 0
    with open_session(engine, SYSTEM, writes=False) as session:
        waiting = _waiting(session, model, limit)
        said = _said(session, waiting)
    if not waiting:
        return 0
    try:
        packed = model.passages([one.text for one in said])
    except MeaningAway as error:
        log.warning("meaning", error=str(error))
        return 0
    with open_session(engine, SYSTEM, writes=True) as session:
        _keep(session, model, waiting, dict(zip([one.id for one in said], packed, strict=True)))
        session.commit()
    return len(waiting)


def embed_all(engine: Engine, progress: Progress | None = None) -> int:
    """Give every public text a vector, also those that were passed over; can be stopped and started again."""
    _look_from_the_beginning(engine)
    done = 0
    with open_session(engine, SYSTEM, writes=False) as session:
        total = session.scalar(select(func.count()).select_from(SearchText).where(SearchText.public)) or 0
        known = session.scalar(select(func.count()).select_from(SearchVector)) or 0
    while looked_at := embed_missing(engine):
        done += looked_at
        if progress:
            progress(min(total, known + done), total)
    return done


def _waiting(session: Session, model: Meaning, limit: int) -> list[int]:
    """The ids of texts without a vector of this model, the oldest first."""
    having = exists(
        select(SearchVector.text_id).where(SearchVector.text_id == SearchText.id, SearchVector.model == model.model)
    )
    after = _after(session, model)
    query = select(SearchText.id).where(SearchText.id > after - OVERLAP, SearchText.public, ~having)
    return list(session.scalars(query.order_by(SearchText.id).limit(limit)))


def _after(session: Session, model: Meaning) -> int:
    kept = session.scalar(select(SearchState.value).where(SearchState.name == STATE))
    return kept["after"] if kept and kept["model"] == model.model else 0


def _said(session: Session, ids: Sequence[int]) -> list[Said]:
    """How public texts begin: of a ruling its public record, of a decision of another body its text.

    What was made public and taken away again says nothing.
    """
    rulings = (
        select(SearchText.id, PublicRecord)
        .join(Precedent, Precedent.id == SearchText.process_id)
        .join(PublicRecord, PublicRecord.number == Precedent.number)
        .where(SearchText.id.in_(ids), PublicRecord.current, PublicRecord.withdrawn_at.is_(None))
        .options(undefer(PublicRecord.record))
    )
    decisions = (
        select(SearchText.id, ExternalDecision)
        .join(ExternalDecision, ExternalDecision.id == SearchText.external_id)
        .where(SearchText.id.in_(ids))
        .options(undefer(ExternalDecision.text), undefer(ExternalDecision.summary))
    )
    said = [Said(identity, _of_record(public.record)) for identity, public in session.execute(rulings)]
    said += [Said(identity, _of_decision(decision)) for identity, decision in session.execute(decisions)]
    return sorted(one for one in said if one.text.strip())


def _of_record(record: Mapping[str, Any]) -> str:
    return " ".join(record.get(name) or "" for name in TOLD_IN_RECORD)[:LONGEST_TEXT]


def _of_decision(decision: ExternalDecision) -> str:
    """Without a title of its own, the first words are shown as one."""
    titled = decision.title != first_words(decision.text)
    return f"{decision.title if titled else ''} {decision.summary} {decision.text}".strip()[:LONGEST_TEXT]


def _keep(session: Session, model: Meaning, looked_at: Sequence[int], packed: Mapping[int, bytes]) -> None:
    """Keep vectors of texts that are still there; the row of the state keeps two writers apart."""
    state = session.get(SearchState, STATE, with_for_update=True)
    if state is None or state.value["model"] != model.model:
        value = {"model": model.model, "after": 0, **Middle().kept()}
        if state is None:
            state = SearchState(name=STATE, value=value)
            session.add(state)
        state.value = value
    there = select(SearchText.id).where(SearchText.id.in_(looked_at), SearchText.public).with_for_update(key_share=True)
    known = select(SearchVector.text_id).where(SearchVector.text_id.in_(looked_at), SearchVector.model == model.model)
    new = sorted(set(session.scalars(there)) - set(session.scalars(known)))
    if new:
        session.execute(delete(SearchVector).where(SearchVector.text_id.in_(new)))
        rows = [{"text_id": one, "model": model.model, "vector": packed.get(one, SAYS_NOTHING)} for one in new]
        session.execute(insert(SearchVector), rows)
    middle = Middle.of(state.value).plus([packed[one] for one in new if one in packed])
    state.value = {**state.value, **middle.kept(), "after": max(state.value["after"], looked_at[-1])}


def _look_from_the_beginning(engine: Engine) -> None:
    with open_session(engine, SYSTEM, writes=True) as session:
        state = session.get(SearchState, STATE, with_for_update=True)
        if state is not None:
            state.value = {**state.value, "after": 0}
        session.commit()
