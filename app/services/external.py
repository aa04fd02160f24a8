"""Decisions of other bodies: taking them in, listing them, and what the commission cites of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import undefer

from app.config import value_list
from app.db.external import ExternalCitation, ExternalDecision
from app.db.peer import Peer
from app.db.publication import PublicRecord
from app.db.ruling import Ruling
from app.domain import journal, source
from app.domain import number as numbers
from app.domain.errors import Invalid, NotVisible
from app.domain.law import LawReference
from app.services.index import first_words, index_decisions
from app.services.work import Work

LONGEST = 100


class Kept(NamedTuple):
    """What became of the decisions that were offered."""

    added: int = 0
    replaced: int = 0
    same: int = 0

    def plus(self, other: "Kept") -> "Kept":
        """Both together."""
        return Kept(*(one + more for one, more in zip(self, other, strict=True)))


class CitedBy(NamedTuple):
    """A published ruling that cites a decision of another body."""

    number: str
    title: str
    relation: str
    relation_label: str
    reason: str | None


def keep_decisions(work: Work, offered: Sequence[Mapping[str, Any]]) -> Kept:
    """Keep decisions by their source and number: new, in the place of an older text, or the same as before.

    Of two with the same number in one batch the last counts. What a followed installation publishes comes from there.
    """
    _refuse_followed(work, {one["source"] for one in offered})
    texts = {numbers.external(one["source"], one["source_id"]): one for one in offered}
    rows = {number: _row(work, number, one) for number, one in texts.items()}
    query = select(ExternalDecision.number, ExternalDecision.id, ExternalDecision.digest)
    known = {
        number: (identity, digest)
        for number, identity, digest in work.session.execute(query.where(ExternalDecision.number.in_(rows)))
    }
    added = [row for number, row in rows.items() if number not in known]
    changed = [
        {**row, "id": known[number][0]}
        for number, row in rows.items()
        if number in known and known[number][1] != row["digest"]
    ]
    if added:
        work.session.execute(insert(ExternalDecision), added)
    if changed:
        work.session.execute(update(ExternalDecision), changed)
    touched = [*added, *changed]
    if touched:
        _index(work, [row["number"] for row in touched])
    return Kept(len(added), len(changed), len(offered) - len(touched))


def _refuse_followed(work: Work, sources: Collection[str]) -> None:
    followed = work.session.scalars(select(Peer.source).where(Peer.source.in_(sources)).order_by(Peer.source))
    if names := ", ".join(followed):
        raise Invalid({"bron": [f"{names} is de naam van een installatie die u volgt. Gebruik een andere naam."]})


def external_decision(work: Work, number: str) -> ExternalDecision:
    """The decision with this number, with its text; `NotVisible` where there is none."""
    query = select(ExternalDecision).where(ExternalDecision.number == number).options(undefer("*"))
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotVisible(number)
    return found


def laws_of(decision: ExternalDecision) -> tuple[LawReference, ...]:
    """The law that a decision names."""
    return tuple(LawReference(**{**row, "valid_on": _day(row.get("valid_on"))}) for row in decision.laws)


def citing_rulings(work: Work, decision: ExternalDecision) -> list[CitedBy]:
    """The public rulings that cite a decision, each with the words of its own public record."""
    query = (
        select(ExternalCitation.relation, PublicRecord)
        .join(Ruling, Ruling.id == ExternalCitation.ruling_id)
        .join(PublicRecord, PublicRecord.number == Ruling.number)
        .where(
            ExternalCitation.external_id == decision.id,
            PublicRecord.current,
            PublicRecord.withdrawn_at.is_(None),
        )
        .options(undefer(PublicRecord.record))
        .order_by(PublicRecord.adopted_on.desc(), PublicRecord.id.desc(), ExternalCitation.id)
        .limit(LONGEST)
    )
    labels = value_list("bronrelatie")
    return [
        CitedBy(
            public.number,
            public.title,
            relation,
            labels.get(relation, relation),
            _reason(public.record.get("bronnen") or (), decision.number, relation),
        )
        for relation, public in work.session.execute(query)
        if _is_told(public.record.get("bronnen") or (), decision.number, relation)
    ]


def _is_told(rows: Sequence[Mapping[str, Any]], number: str, relation: str) -> bool:
    """Does the public record itself say that it cites this? What was left out of it stays out here."""
    return any(row["verwijzing"] == number and row["relatie"]["code"] == relation for row in rows)


def sources_of_draft(work: Work, ruling: Ruling, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sources outside of a draft as the record has them; each has to be one, and one of ours has to be there."""
    read = [_source(work, place, row) for place, row in enumerate(rows)]
    work.session.execute(delete(ExternalCitation).where(ExternalCitation.ruling_id == ruling.id))
    cited = {(decision.id, kept["relatie"]) for kept, decision in read if decision is not None}
    work.session.add_all(
        ExternalCitation(ruling_id=ruling.id, external_id=identity, relation=relation)
        for identity, relation in sorted(cited)
    )
    work.session.flush()
    return [kept for kept, _ in read]


def _source(work: Work, place: int, row: Mapping[str, Any]) -> tuple[dict[str, Any], ExternalDecision | None]:
    field = f"bronnen.{place}.verwijzing"
    try:
        found = source.parse(row["reference"])
    except Invalid as error:
        raise Invalid({field: error.faults["verwijzing"]}) from error
    decision = None
    if found.kind == source.EXTERNAL:
        query = select(ExternalDecision).where(ExternalDecision.number == found.reference)
        decision = work.session.scalars(query).one_or_none()
        if decision is None:
            raise Invalid({field: [f"{found.reference} staat niet in het register. Kijk of het nummer klopt."]})
    kept = {
        "relatie": row["relation"],
        "soort": found.kind,
        "verwijzing": found.reference,
        "titel": decision.title if decision else None,
        "url": decision.url if decision else found.url,
        "reden": row.get("reason") or None,
    }
    return kept, decision


def _reason(rows: Sequence[Mapping[str, Any]], number: str, relation: str) -> str | None:
    """Why a ruling cites, in the words that its own record shows."""
    found = (row["reden"] for row in rows if row["verwijzing"] == number and row["relatie"]["code"] == relation)
    return next(found, None)


def _row(work: Work, number: str, offered: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a decision; without a title of its own its first words are shown."""
    row = {
        "number": number,
        "source": offered["source"],
        "source_id": offered["source_id"],
        "title": offered.get("title") or first_words(offered["text"]),
        "text": offered["text"],
        "summary": offered.get("summary") or "",
        "decided_on": offered.get("decided_on"),
        "url": offered.get("url"),
        "laws": [{**law, "valid_on": _written(law["valid_on"])} for law in offered.get("laws") or ()],
        "types": list(offered.get("types") or ()),
    }
    said = {**row, "title": offered.get("title"), "decided_on": _written(row["decided_on"])}
    digest = sha256(journal.canonical(said).encode()).hexdigest()
    return {**row, "digest": digest, "imported_at": work.now}


def _index(work: Work, touched: Collection[str]) -> None:
    query = select(ExternalDecision).where(ExternalDecision.number.in_(touched)).options(undefer("*"))
    found = work.session.scalars(query.order_by(ExternalDecision.id).execution_options(populate_existing=True))
    index_decisions(work, found.all())


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
