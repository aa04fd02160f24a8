"""Copies of what followed installations published: kept up to date with where each stands, and never ours."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from app.config import value_list
from app.db.external import ExternalDecision
from app.db.peer import CopiedCitation, CopiedDecision, Peer, PeerEvent
from app.domain import journal
from app.domain import number as numbers
from app.domain.errors import Invalid
from app.domain.law import parse
from app.services.external import Kept
from app.services.index import index_decisions
from app.services.law import known_laws
from app.services.work import Work

LONGEST = 100
OLD = timedelta(days=1)
NOT_PUBLIC_THERE = "niet meer openbaar bij de bron"
TEXTS = ("key_question", "rule", "facts", "legal_framework", "considerations")
NOT_TREATMENT = frozenset({"titel", "status", "statusLabel"})

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an installation says today of one of its rulings: its record, or why it is no longer public.

    Both mappings have the answers of the form that read them; `record` and `treatment` are the same under the names of
    the register.
    """

    number: str
    at: datetime
    ruling: Values | None = None
    record: Values | None = None
    precedent: Values | None = None
    treatment: Values | None = None
    gone_because: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a copy comes from and how old it is, and what its source says of it."""

    decision: CopiedDecision
    peer: Peer
    fault: str | None = None

    @property
    def is_followed(self) -> bool:
        """The copy is still kept up to date."""
        return self.peer.ended_at is None

    def is_old(self, now: datetime) -> bool:
        """Nothing was heard of the source for so long that the copy may be wrong."""
        return _is_old(self.peer.heard_at, now)


class Followed(NamedTuple):
    """A source that is followed, and when it was last heard; `is_old` when that was too long ago to rely on."""

    source: str
    heard_at: datetime | None
    is_old: bool


class Later(NamedTuple):
    """What a later ruling of the same source did; `number` is that of its copy, where that is here."""

    text: str
    ruling: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Treatment:
    """What became of a copied precedent there."""

    nuances: Sequence[Later]
    replaced_by: Later | None


class Cites(NamedTuple):
    """A citation between copies, seen from either side; `known` says that the other is here too."""

    number: str
    title: str
    relation: str
    relation_label: str
    reason: str | None
    known: bool = True


def keep_copies(work: Work, peer: Peer, told: Sequence[Told]) -> Kept:
    """Keep what an installation says of its rulings, in the place of what it said before."""
    known = _known(work, [_number(peer, one) for one in told])
    touched, added = [], 0
    for one in told:
        decision = known.get(_number(peer, one))
        row = _row(work, peer, one, decision)
        if decision is not None and decision.digest == row["digest"]:
            continue
        added += decision is None
        touched.append(_keep(work, peer, one, decision, row))
    if touched:
        index_decisions(work, touched)
    return Kept(added, len(touched) - added, len(told) - len(touched))


def copy_of(work: Work, decision: ExternalDecision) -> Copy | None:
    """What is known of a decision that is a copy, with what its source says of it; None where it was imported."""
    query = select(CopiedDecision, Peer).join(Peer, Peer.id == CopiedDecision.peer_id)
    query = query.where(CopiedDecision.external_id == decision.id).options(undefer(CopiedDecision.record))
    found = work.session.execute(query).one_or_none()
    if found is None:
        return None
    last = (
        select(PeerEvent.fault)
        .where(PeerEvent.peer_id == found[1].id, PeerEvent.subject == decision.source_id)
        .order_by(PeerEvent.id.desc())
        .limit(1)
    )
    return Copy(found[0], found[1], work.session.scalar(last))


def followed(work: Work) -> list[Followed]:
    """Whose rulings are here, and until when these are up to date; everybody may know."""
    rows = work.session.connection().execute(FOLLOWED).all()
    return [Followed(source, heard_at, is_old=_is_old(heard_at, work.now)) for source, heard_at in rows]


# Each search shows it; made once, since to make a query costs as much as to ask it.
FOLLOWED = (
    select(Peer.source, Peer.heard_at)
    .where(Peer.ended_at.is_(None), Peer.id.in_(select(CopiedDecision.peer_id)))
    .order_by(Peer.source)
)


def treatment_of(work: Work, copied: Copy) -> Treatment:
    """What later rulings did, each with its copy here where there is one."""
    told = copied.decision.treatment
    nuances = [(row.get("nuance") or "", row.get("uitspraak")) for row in told.get("nuances") or ()]
    replaced_by = told.get("vervangenDoor")
    here = {there: numbers.external(copied.peer.source, there) for _, there in (*nuances, ("", replaced_by)) if there}
    known = set(work.session.scalars(select(ExternalDecision.number).where(ExternalDecision.number.in_(here.values()))))

    def later(text: str, there: str | None) -> Later:
        number = here.get(there or "")
        return Later(text, there, number if number in known else None)

    return Treatment([later(*one) for one in nuances], later("", replaced_by) if replaced_by else None)


def standings(work: Work, wanted: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Of those of these decisions that are copies: what its source says of it, and whether it has ended there."""
    query = (
        select(ExternalDecision.number, CopiedDecision)
        .join(CopiedDecision, CopiedDecision.external_id == ExternalDecision.id)
        .where(ExternalDecision.number.in_(wanted))
    )
    found: dict[str, tuple[str, bool]] = {}
    for number, copied in work.session.execute(query) if wanted else ():
        gone = copied.withdrawn_at is not None
        found[number] = (NOT_PUBLIC_THERE if gone else copied.state_label or "", copied.ended or gone)
    return found


def cited_by_copies(work: Work, number: str) -> list[Cites]:
    """The copies that cite a decision, the newest first."""
    query = (
        select(ExternalDecision.number, ExternalDecision.title, CopiedCitation.relation, CopiedCitation.reason)
        .join(CopiedCitation, CopiedCitation.external_id == ExternalDecision.id)
        .where(CopiedCitation.cited == number)
        .order_by(ExternalDecision.decided_on.desc(), ExternalDecision.id.desc(), CopiedCitation.id)
        .limit(LONGEST)
    )
    return [
        Cites(citing, title, relation, _relation(relation), reason)
        for citing, title, relation, reason in work.session.execute(query)
    ]


def cited_in_copy(work: Work, decision: ExternalDecision) -> list[Cites]:
    """What a copy cites; of what is here too the title that it has here."""
    query = (
        select(CopiedCitation, ExternalDecision.title)
        .outerjoin(ExternalDecision, ExternalDecision.number == CopiedCitation.cited)
        .where(CopiedCitation.external_id == decision.id)
        .order_by(CopiedCitation.id)
        .limit(LONGEST)
    )
    return [
        Cites(
            one.cited,
            title or one.title or one.cited,
            one.relation,
            _relation(one.relation),
            one.reason,
            title is not None,
        )
        for one, title in work.session.execute(query)
    ]


def _is_old(heard_at: datetime | None, now: datetime) -> bool:
    return heard_at is None or now - heard_at > OLD


def _relation(code: str) -> str:
    return value_list("citatierelatie").get(code, code)


def _number(peer: Peer, one: Told) -> str:
    return numbers.external(peer.source, one.number)


def _known(work: Work, wanted: Sequence[str]) -> dict[str, ExternalDecision]:
    query = select(ExternalDecision).where(ExternalDecision.number.in_(wanted)).options(undefer("*"))
    return {decision.number: decision for decision in work.session.scalars(query)}


def _row(work: Work, peer: Peer, one: Told, known: ExternalDecision | None) -> dict[str, Any]:
    """The columns of the decision, and a digest over all that is kept of it."""
    row = _of_ruling(peer, one, one.ruling) if one.ruling is not None else _of_gone(one, known)
    row["url"] = f"{peer.url}/uitspraken/{numbers.in_path(one.number)}"
    told = {**row, "decided_on": str(row["decided_on"]), "precedent": _standing(one), "gone": one.gone_because}
    kept = {**told, "record": one.record, "treatment": _treatment(one)}
    return {**row, "digest": sha256(journal.canonical(kept).encode()).hexdigest(), "imported_at": work.now}


def _of_ruling(peer: Peer, one: Told, ruling: Values) -> dict[str, Any]:
    conditions = [
        " ".join(row[name] for name in ("who", "what", "check") if row.get(name))
        for row in ruling.get("conditions") or ()
    ]
    texts = [ruling.get(name) or "" for name in TEXTS]
    return {
        "title": ruling["title"],
        "text": "\n\n".join(text for text in (*texts, *conditions) if text),
        "summary": ruling.get("summary") or "",
        "decided_on": ruling.get("decided_on"),
        "laws": _laws(ruling.get("bases") or ()),
        "types": [row["code"] for row in ruling.get("types") or () if row["code"] in value_list("knelpunttype")],
    }


def _of_gone(one: Told, known: ExternalDecision | None) -> dict[str, Any]:
    """Of what is no longer public there, nothing but its title is left here."""
    title = (one.precedent or {}).get("title") or (known.title if known else one.number)
    day = known.decided_on if known else None
    return {"title": title, "text": "", "summary": "", "decided_on": day, "laws": [], "types": []}


def _laws(bases: Sequence[Values]) -> list[dict[str, Any]]:
    """The law that a ruling rests on, as far as it can be read here."""
    found: dict[str, dict[str, Any]] = {}
    for row in bases:
        for address in (row.get("jci"), row.get("label"), row.get("url")):
            try:
                law = parse(address, known_laws()) if address else None
            except Invalid:
                continue
            if law is not None:
                found[str(law)] = {**asdict(law), "valid_on": law.valid_on.isoformat() if law.valid_on else None}
                break
    return list(found.values())


def _standing(one: Told) -> dict[str, Any]:
    precedent = one.precedent or {}
    return {
        "state": precedent.get("state"),
        "state_label": precedent.get("state_label") or precedent.get("state"),
        "ended": precedent.get("in_force_until") is not None,
    }


def _treatment(one: Told) -> dict[str, Any]:
    return {name: value for name, value in (one.treatment or {}).items() if name not in NOT_TREATMENT}


def _keep(work: Work, peer: Peer, one: Told, known: ExternalDecision | None, row: Values) -> ExternalDecision:
    decision = known
    if decision is None:
        decision = ExternalDecision(number=_number(peer, one), source=peer.source, source_id=one.number, **row)
        work.session.add(decision)
    else:
        for name, value in row.items():
            setattr(decision, name, value)
    work.session.flush()
    copied = work.session.get(CopiedDecision, decision.id)
    if copied is None:
        copied = CopiedDecision(external_id=decision.id, peer_id=peer.id)
        work.session.add(copied)
    for name, value in _standing(one).items():
        setattr(copied, name, value)
    copied.record = dict(one.record) if one.record is not None else None
    copied.treatment = _treatment(one)
    gone = one.ruling is None
    copied.withdrawn_at = (copied.withdrawn_at or min(one.at, work.now)) if gone else None
    copied.withdrawn_because = one.gone_because if gone else None
    _cite(work, peer, decision, one)
    work.session.flush()
    return decision


def _cite(work: Work, peer: Peer, decision: ExternalDecision, one: Told) -> None:
    """What it cites now, by the numbers that these have here."""
    work.session.execute(delete(CopiedCitation).where(CopiedCitation.external_id == decision.id))
    cited: dict[tuple[str, str], CopiedCitation] = {}
    for row in (one.ruling or {}).get("citations") or ():
        number, relation = numbers.external(peer.source, row["number"]), row["relation"]["code"]
        cited[number, relation] = CopiedCitation(
            external_id=decision.id,
            cited=number,
            relation=relation,
            title=row.get("title"),
            reason=row.get("reason"),
        )
    work.session.add_all(cited.values())
