"""What was found, counted by type, law, state and so on: from the public records alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, extract, false, or_, select

from app.config import value_list
from app.db.external import ExternalDecision
from app.db.precedent import Precedent
from app.db.publication import PublicRecord, RecordSubject
from app.db.search import SearchText
from app.domain.errors import Invalid
from app.domain.law import LawReference, parse
from app.domain.register import law_subject
from app.services.external import laws_of
from app.services.law import known_laws
from app.services.precedent import not_taken_away, said_in_record
from app.services.search import AnyHit, ExternalHit, Hit
from app.services.work import Work

MOST_VALUES = 20
TYPE, LAW, STATE, CONCLUSION, YEAR, SOURCE = "type", "law", "state", "conclusion", "year", "source"
FACETS = (TYPE, LAW, STATE, CONCLUSION, YEAR, SOURCE)

Wanted = Mapping[str, Sequence[str]]
"""By facet the values of which one is wanted; none wanted narrows nothing."""
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
        PublicRecord.number,
        PublicRecord.title,
        PublicRecord.withdrawn_at,
        *(record["typen"], record["grondslagen"], record["orgaan"]),
    ).where(PublicRecord.number.in_(numbers), PublicRecord.current)
    public = {number: tuple(rest) for number, *rest in work.session.execute(query)}
    return [
        _of_another_body(hit)
        if isinstance(hit, ExternalHit)
        else _faceted(work, hit, *public.get(hit.number, (hit.process.title, None, [], [], None)))
        for hit in found
    ]


def precedents_with(wanted: Wanted) -> Select[int]:
    """The ids of the precedents that can have the wanted values; `remaining` is exact about a law."""
    anyhow: dict[str, Callable[[str], ColumnElement[bool]]] = {
        TYPE: lambda value: and_(*said_in_record(kind=value)),
        LAW: lambda value: and_(not_taken_away(), or_(_is_about(law_subject(value)), *said_in_record(law=value))),
        STATE: lambda value: Precedent.state == value,
        CONCLUSION: lambda value: and_(Precedent.conclusion == value, not_taken_away()),
        YEAR: lambda value: Precedent.number.contains(f":{value}:", autoescape=True),
        SOURCE: lambda value: and_(*said_in_record(body=value)),
    }
    query = select(Precedent.id).outerjoin(
        PublicRecord, and_(PublicRecord.number == Precedent.number, PublicRecord.current)
    )
    return query.where(*(or_(*map(anyhow[facet], values)) for facet, values in wanted.items() if values))


def _is_about(subject: str) -> ColumnElement[bool]:
    about = select(RecordSubject.record_id)
    return exists(about.where(RecordSubject.record_id == PublicRecord.id, RecordSubject.subject == subject))


def decisions_with(wanted: Wanted) -> Select[int]:
    """The same of the decisions of other bodies, which have no state and no conclusion."""
    anyhow: dict[str, Callable[[str], ColumnElement[bool]]] = {
        TYPE: lambda value: cast(ExternalDecision.types, String).contains(f'"{value}"', autoescape=True),
        LAW: lambda value: cast(ExternalDecision.laws, String).contains(f'"{value}"', autoescape=True),
        STATE: lambda _: false(),
        CONCLUSION: lambda _: false(),
        YEAR: lambda value: cast(extract("year", ExternalDecision.decided_on), String) == value,
        SOURCE: lambda value: ExternalDecision.source == value,
    }
    query = select(ExternalDecision.id)
    return query.where(*(or_(*map(anyhow[facet], values)) for facet, values in wanted.items() if values))


def texts_of(
    precedents: Select[int] | None, decisions: Select[int] | None, *, among: Select[int] | None = None
) -> Select[int]:
    """The ids of the texts of precedents and of decisions of other bodies, for a search to look in."""
    places = [
        *([SearchText.process_id.in_(precedents)] if precedents is not None else []),
        *([SearchText.external_id.in_(decisions)] if decisions is not None else []),
    ]
    query = select(SearchText.id).where(or_(false(), *places))
    return query if among is None else query.where(SearchText.id.in_(among))


def remaining(found: Iterable[Faceted], wanted: Wanted) -> list[Faceted]:
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


def _faceted(
    work: Work, hit: Hit, title: str, withdrawn_at: datetime | None, types: Any, bases: Any, source: Any
) -> Faceted:
    process = hit.process
    laws = tuple(_laws(bases or ()))
    conclusion = process.conclusion if isinstance(process, Precedent) and withdrawn_at is None else None
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
