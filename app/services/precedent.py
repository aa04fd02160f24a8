"""Precedents as people look for them: which there are, whether they still stand, and what cites what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import undefer

from app.config import value_list
from app.db.precedent import Nuance, Precedent
from app.db.publication import PublicRecord
from app.db.ruling import Citation, Ruling
from app.domain.calendar import amsterdam_day
from app.services.record import citations_of
from app.services.work import Work

LONGEST = 100


class LaterNuance(NamedTuple):
    """What a later ruling adds; without a text or a number as long as the reader may not know those."""

    text: str | None
    ruling: str | None


class LaterRulings(NamedTuple):
    """What became of a precedent, as far as this reader may know."""

    nuances: Sequence[LaterNuance]
    replaced_by: str | None
    review_because: Sequence[str]


class Cite(NamedTuple):
    """One citation, seen from either side."""

    number: str
    title: str
    relation: str
    relation_label: str
    reason: str | None
    adopted_on: date | None = None
    status: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Citations:
    """What a precedent builds on, and what builds on it."""

    cites: Sequence[Cite]
    cited_by: Sequence[Cite]


def public_text(work: Work, precedent: Precedent) -> PublicRecord | None:
    """The public record of the ruling of a precedent, with its text; nothing before the publication."""
    query = (
        select(PublicRecord)
        .where(PublicRecord.number == precedent.number, PublicRecord.current)
        .options(undefer(PublicRecord.record))
    )
    return work.session.scalars(query).one_or_none()


def later_rulings(work: Work, precedent: Precedent) -> LaterRulings:
    """What later rulings did to a precedent.

    Between its adoption and its publication a later ruling is there and cannot be read: what it says and its number are
    told only to who may see it. After that its words are those of its public record.
    """
    numbers = {nuance.ruling_number for nuance in precedent.nuances} | {precedent.replaced_by or ""}
    if numbers == {""}:
        return LaterRulings([LaterNuance(one.text, None) for one in precedent.nuances], None, _reasons(precedent))
    seen = set(work.session.scalars(select(Precedent.number).where(Precedent.number.in_(numbers))))
    query = select(PublicRecord.number, PublicRecord.withdrawn_at, PublicRecord.record)
    public = {
        number: {} if withdrawn_at else record
        for number, withdrawn_at, record in work.session.execute(
            query.where(PublicRecord.number.in_(numbers), PublicRecord.current)
        )
    }
    citing = [nuance.citation_id for nuance in precedent.nuances if nuance.citation_id]
    relations = dict(work.session.execute(select(Citation.id, Citation.relation).where(Citation.id.in_(citing))).all())
    nuances = [
        LaterNuance(
            _text_of(nuance, precedent, relations, public, seen),
            nuance.ruling_number if nuance.ruling_number in seen else None,
        )
        for nuance in precedent.nuances
    ]
    replaced_by = precedent.replaced_by if precedent.replaced_by in seen else None
    return LaterRulings(nuances, replaced_by, _reasons(precedent))


def _text_of(
    nuance: Nuance,
    precedent: Precedent,
    relations: Mapping[int, str],
    public: Mapping[str, Mapping[str, Any]],
    seen: Collection[str],
) -> str | None:
    """The words of a nuance: those of the secretary, or of the public record, or before that for who may see it."""
    number = nuance.ruling_number
    if nuance.citation_id is None or (number not in public and number in seen):
        return nuance.text
    rows = public.get(number, {}).get("citaties") or ()
    return _reason(rows, precedent.number, relations.get(nuance.citation_id, ""))


def _reasons(precedent: Precedent) -> list[str]:
    return (precedent.review_because or "").splitlines()


def flags_of(precedent: Precedent) -> tuple[str, ...]:
    """What a list says beside the status."""
    flags = {
        "wordt heroverwogen": precedent.under_reconsideration,
        "wordt opnieuw bekeken": precedent.to_reassess,
    }
    return tuple(words for words, holds in flags.items() if holds)


def citations(work: Work, precedent: Precedent, public: PublicRecord | None) -> Citations:
    """What it cites and what cites it, as far as everybody may read that."""
    if public is not None:
        cites = [_cite(row) for row in public.record.get("citaties") or ()]
    else:
        ruling = work.session.get_one(Ruling, precedent.ruling_id)
        cites = [_cite(row) for row in citations_of(work, ruling)]
    cited_by = _cited_by(work, precedent)
    known = _as_they_stand(work, [one.number for one in (*cites, *cited_by)])
    return Citations(
        [one._replace(**known.get(one.number, {})) for one in cites],
        [one._replace(**known.get(one.number, {})) for one in cited_by],
    )


def _as_they_stand(work: Work, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """When rulings were adopted and whether they still stand, as far as the reader may know; one query."""
    query = (
        select(Precedent.number, Precedent.version, Precedent.state, Precedent.in_force_until, Ruling.adopted_at)
        .join(Ruling, Ruling.id == Precedent.ruling_id)
        .where(Precedent.number.in_(numbers))
    )
    return {
        number: {
            "adopted_on": amsterdam_day(adopted_at) if adopted_at else None,
            "status": work.workflows[Precedent.kind_name(), version].states[state].label,
            "ended": until is not None,
        }
        for number, version, state, until, adopted_at in work.session.execute(query)
    }


def _cited_by(work: Work, precedent: Precedent) -> list[Cite]:
    query = (
        select(Citation.relation, PublicRecord)
        .join(Ruling, Ruling.id == Citation.ruling_id)
        .join(PublicRecord, PublicRecord.number == Ruling.number)
        .where(
            Citation.precedent_id == precedent.id,
            PublicRecord.current,
            PublicRecord.withdrawn_at.is_(None),
        )
        .options(undefer(PublicRecord.record))
        .order_by(PublicRecord.adopted_on.desc(), PublicRecord.id.desc(), Citation.id)
        .limit(LONGEST)
    )
    labels = value_list("citatierelatie")
    return [
        Cite(
            public.number,
            public.title,
            relation,
            labels.get(relation, relation),
            _reason(public.record.get("citaties") or (), precedent.number, relation),
        )
        for relation, public in work.session.execute(query)
    ]


def _reason(rows: Sequence[dict[str, Any]], number: str, relation: str) -> str | None:
    """Why the citing ruling cites, in the words that its own record shows."""
    found = (row["reden"] for row in rows if row["nummer"] == number and row["relatie"]["code"] == relation)
    return next(found, None)


def _cite(row: dict[str, Any]) -> Cite:
    relation = row["relatie"]
    return Cite(row["nummer"], row["titel"] or row["nummer"], relation["code"], relation["label"], row["reden"])


def said_in_record(
    *, kind: str | None = None, law: str | None = None, body: str | None = None
) -> list[ColumnElement[bool]]:
    """What a public record has to say itself; of the case behind it more may be known than everybody reads."""
    conditions: list[ColumnElement[bool]] = []
    for field, wanted in (("typen", kind), ("grondslagen", law)):
        if wanted is not None:
            mark = f'"{wanted}"' if field == "typen" else wanted
            conditions.append(PublicRecord.record[field].as_string().contains(mark, autoescape=True))
    if body is not None:
        conditions.append(PublicRecord.record["orgaan"].as_string() == body)
    return conditions
