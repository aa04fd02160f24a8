"""What was found, counted by type, law, state and so on: from the public records alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from app.config import value_list
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.domain.errors import Invalid
from app.domain.law import LawReference, parse
from app.services.external import laws_of
from app.services.law import known_laws
from app.services.search import AnyHit, ExternalHit, Hit
from app.services.work import Work

MOST_VALUES = 20
TYPE, LAW, STATE, CONCLUSION, YEAR, SOURCE = "type", "law", "state", "conclusion", "year", "source"
FACETS = (TYPE, LAW, STATE, CONCLUSION, YEAR, SOURCE)

Values = Mapping[str, Mapping[str, str]]
"""By facet the values that something has, each with its label."""


class Count(NamedTuple):
    """How many of what was found have a value."""

    value: str
    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class Faceted:
    """A hit with its title in public words, and its values in each facet."""

    hit: AnyHit
    title: str
    values: Values
    laws: tuple[LawReference, ...]


def faceted(work: Work, found: Sequence[AnyHit]) -> list[Faceted]:
    """What was found, with what its public record says of it; one query for all of them."""
    numbers = [hit.number for hit in found if not isinstance(hit, ExternalHit) and isinstance(hit.process, Precedent)]
    record = PublicRecord.record
    query = select(
        PublicRecord.number, PublicRecord.title, record["typen"], record["grondslagen"], record["orgaan"]
    ).where(PublicRecord.number.in_(numbers), PublicRecord.current)
    public = {number: tuple(rest) for number, *rest in work.session.execute(query)}
    return [
        _of_another_body(hit)
        if isinstance(hit, ExternalHit)
        else _faceted(work, hit, *public.get(hit.number, (hit.process.title, [], [], None)))
        for hit in found
    ]


def remaining(found: Iterable[Faceted], wanted: Mapping[str, Sequence[str]]) -> list[Faceted]:
    """What has one of the wanted values in each facet for which any is wanted."""
    return [
        one
        for one in found
        if all(any(value in one.values[facet] for value in values) for facet, values in wanted.items() if values)
    ]


def counts(found: Iterable[Faceted]) -> dict[str, list[Count]]:
    """For each facet the values that occur most, with how often."""
    tally: dict[str, Counter[tuple[str, str]]] = {facet: Counter() for facet in FACETS}
    for one in found:
        for facet, values in one.values.items():
            tally[facet].update(values.items())
    return {facet: [Count(*pair, amount) for pair, amount in _most(counter)] for facet, counter in tally.items()}


def shared_articles(one: Faceted, laws: Sequence[LawReference]) -> tuple[LawReference, ...]:
    """The references of a hit to a law, and where one was named to an article, among these."""
    wanted = {(law.identifier, law.article) for law in laws} | {(law.identifier, None) for law in laws}
    exact = {(law.identifier, law.article) for law in laws}
    found = (law for law in one.laws if (law.identifier, law.article) in exact or (law.identifier, None) in wanted)
    return tuple(dict.fromkeys(found))


def _most(counter: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES]


def _of_another_body(hit: ExternalHit) -> Faceted:
    """Another body has no state, and no conclusion, in the words of the commission."""
    decision = hit.decision
    laws = laws_of(decision)
    year = str(decision.decided_on.year) if decision.decided_on else None
    values = {
        TYPE: {code: value_list("knelpunttype").get(code, code) for code in decision.types},
        LAW: {law.identifier: _name(law.identifier) for law in laws},
        STATE: {},
        CONCLUSION: {},
        YEAR: {year: year} if year else {},
        SOURCE: {decision.source: decision.source},
    }
    return Faceted(hit, decision.title, values, laws)


def _faceted(work: Work, hit: Hit, title: str, types: Any, bases: Any, source: Any) -> Faceted:
    process = hit.process
    laws = tuple(_laws(bases or ()))
    conclusion = process.conclusion if isinstance(process, Precedent) else None
    values = {
        TYPE: {row["code"]: row["label"] for row in types or () if row},
        LAW: {law.identifier: _name(law.identifier) for law in laws},
        STATE: {process.state: work.workflows[process.kind, process.version].states[process.state].label},
        CONCLUSION: {conclusion: value_list("conclusie").get(conclusion, conclusion)} if conclusion else {},
        YEAR: {year: year for year in [_year(process.number)] if year},
        SOURCE: {source: source} if isinstance(source, str) else {},
    }
    return Faceted(hit, title, values, laws)


def _laws(bases: Sequence[Mapping[str, Any]]) -> Iterable[LawReference]:
    """The references of a record; it keeps them as the texts that people follow."""
    for row in bases:
        text = row.get("jci") or row.get("url")
        if text:
            try:
                yield parse(text, known_laws())
            except Invalid:
                continue


def _name(identifier: str) -> str:
    law = known_laws().get(identifier)
    return law.name if law else identifier


def _year(number: str) -> str | None:
    parts = number.split(":")
    return parts[1] if len(parts) == 3 else None
