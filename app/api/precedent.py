"""Precedents: searching them, what looks like a text, and what cites what."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from werkzeug.routing import BaseConverter

from app.api import process
from app.api.operation import JSON, Answer, Call, operation
from app.api.process import known_states
from app.api.representation import Values
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.db.precedent import Precedent
from app.domain import number as numbers
from app.domain.law import LawReference
from app.domain.source import EXTERNAL
from app.schemas.external import ExternalDecisionSchema
from app.schemas.hit import CitationsSchema, SearchSchema, SimilarSchema
from app.schemas.precedent import SimilarForm
from app.schemas.process import ENTITIES
from app.schemas.query import PrecedentQuery
from app.services import facet
from app.services.asked import ORDER, WORDS, search_of
from app.services.copied import Cites, Copy, cited_by_copies, cited_in_copy, copy_of
from app.services.external import CitedBy, citing_rulings, external_decision, laws_of
from app.services.finding import alike, facets, found, suggestions
from app.services.fragment import as_html
from app.services.hit import CASE, RULING, HitRow
from app.services.law import known_laws
from app.services.overview import process_numbered
from app.services.precedent import Cite, citations, public_text
from app.services.work import Work

COLLECTION = COLLECTIONS[Precedent.kind_name()]
TAG = COLLECTION.capitalize()
FACETS = {
    facet.TYPE: "types",
    facet.CONCLUSION: "conclusions",
    facet.CAN: "can",
    facet.MAY: "may",
    facet.SHOULD: "should",
    facet.STATE: "states",
    facet.LAW: "laws",
    facet.ARTICLE: "articles",
    facet.SECTOR: "sectors",
    facet.PARTY: "parties",
    facet.YEAR: "years",
    facet.SOURCE: "sources",
    facet.WHOSE: "whose",
}
"""What each facet is called in what is asked and in the answer."""
PROCESSES = {RULING: Precedent.kind_name(), CASE: Case.kind_name()}
PREFIX = f"{numbers.EXTERNAL}:"


class PrecedentNumber(BaseConverter):
    """A number of ours, or one of another body, in which any sign may stand."""

    regex = f"{PREFIX}.+?|[^/:]+:[^/]+"
    part_isolating = False


@operation(
    "GET",
    f"/{COLLECTION}",
    name="precedentenZoeken",
    summary="Zoeken in precedenten, het beste eerst; zonder woorden de nieuwste",
    tag=TAG,
    gives=SearchSchema,
    query=PrecedentQuery,
    public=True,
)
def search(call: Call) -> Answer:
    """What was found, narrowed and counted."""
    work, query = call.work, call.query
    known_states(work, Precedent.kind_name(), query.get("states") or ())
    asked = {one: query.get(name) or () for one, name in FACETS.items()}
    search = search_of({**asked, WORDS: query.get("words") or "", ORDER: query["order"]})
    finding = found(work, search, amount=query["amount"])
    counted = facets(work, search, finding)
    body = {
        "results": [_row(work, row) for row in finding.rows],
        "total": finding.total,
        "capped": finding.capped,
        "every": finding.every,
        "missing": finding.missing,
        "notes": finding.notes,
        "meant": [word for word, _ in suggestions(work, search, finding)],
        "facets": {
            name: [{"value": one.value, "label": one.label, "amount": one.amount} for one in counted[of]]
            for of, name in FACETS.items()
        },
    }
    return Answer(body)


@operation(
    "POST",
    f"/{COLLECTION}/gelijkende",
    name="gelijkende",
    summary="Precedenten die op een tekst lijken; met een sleutel ook bekende knelpunten die u mag zien",
    tag=TAG,
    gives=SimilarSchema,
    body=SimilarForm,
    media=JSON,
    public=True,
)
def similar(call: Call) -> Answer:
    """What looks like the text, with what shares an article of law lifted up."""
    work, asked = call.work, call.body
    laws = [LawReference(**row) for row in asked.get("laws") or ()]
    rows = alike(work, asked["text"], laws, amount=asked["limit"])
    return Answer({"results": [_row(work, row) for row in rows]})


@operation(
    "GET",
    f"/{COLLECTION}/<precedent:number>",
    name=f"{COLLECTION}Een",
    summary="Eén precedent, of één besluit van een andere instantie",
    tag=TAG,
    gives=ENTITIES[COLLECTION],
    gives_also=(ExternalDecisionSchema,),
    tagged=True,
    public=True,
)
def show(call: Call, number: str) -> Answer:
    """One of ours as every process is shown, and one of another body as that body published it."""
    return _external(call, number) if number.startswith(PREFIX) else process.show(COLLECTION, call, number)


@operation(
    "GET",
    f"/{COLLECTION}/<precedent:number>/verwijzingen",
    name="verwijzingen",
    summary="Wat een precedent aanhaalt, en wat het precedent aanhaalt",
    tag=TAG,
    gives=CitationsSchema,
    public=True,
)
def cited(call: Call, number: str) -> Answer:
    """Both sides, in the words of the public records; of another body only a copy says what it cites."""
    if number.startswith(PREFIX):
        found = external_decision(call.work, number)
        citing = _cites(citing_rulings(call.work, found)) + _cites(cited_by_copies(call.work, number))
        return Answer({"cites": _cites(cited_in_copy(call.work, found)), "cited_by": citing})
    precedent = process_numbered(call.work, Precedent, number)
    public = public_text(call.work, precedent)
    around = citations(call.work, precedent, public)
    outside = _cites_outside(public.record if public is not None else {})
    return Answer({"cites": [*_cites(around.cites), *outside], "cited_by": _cites(around.cited_by)})


def _external(call: Call, number: str) -> Answer:
    found = external_decision(call.work, number)
    names = ("number", "source", "source_id", "title", "decided_on", "url", "summary", "text", "types", "imported_at")
    laws = [
        {
            **asdict(law),
            "label": law.label(known_laws()),
            "jci": law.jci(),
            "url": law.public_url(),
        }
        for law in laws_of(found)
    ]
    body = {**{name: getattr(found, name) for name in names}, "kind": EXTERNAL, "laws": laws}
    return Answer({**body, **_standing(copy_of(call.work, found))}, schema=ExternalDecisionSchema)


def _standing(copied: Copy | None) -> Values:
    """What a copy says of its source; what was imported says nothing."""
    if copied is None:
        return {"state": None, "state_label": None, "copied": None}
    decision = copied.decision
    names = ("ended", "withdrawn_at", "withdrawn_because", "treatment", "record")
    told = {
        **{name: getattr(decision, name) for name in names},
        "url": copied.peer.url,
        "heard_at": copied.peer.heard_at,
        "followed": copied.is_followed,
        "fault": copied.fault is not None,
    }
    return {"state": decision.state, "state_label": decision.state_label, "copied": told}


def _cites_outside(record: Mapping[str, Any]) -> list[Values]:
    """The decisions of other bodies on which a ruling says that it rests."""
    return [
        {
            "number": row["verwijzing"],
            "relation": row["relatie"]["code"],
            "reason": row["reden"],
            "title": row["titel"] or row["verwijzing"],
        }
        for row in record.get("bronnen") or ()
        if row["soort"] == EXTERNAL
    ]


def _cites(found: Sequence[Cite | CitedBy | Cites]) -> list[Values]:
    return [{"number": one.number, "relation": one.relation, "reason": one.reason, "title": one.title} for one in found]


def _row(work: Work, row: HitRow) -> Values:
    """What was found; of decisions of other bodies only a copy has a status, and that is what its source says."""
    kind = PROCESSES.get(row.kind)
    state = work.workflows[kind, row.version].states[row.state] if kind else None
    return {
        "number": row.number,
        "kind": row.kind,
        "title": row.name,
        "source": row.source,
        "state": row.state or None,
        "state_label": state.label if state else row.state_label or None,
        "score": row.score,
        "fragment": as_html(row.best),
        "why": row.why.lines(),
    }
