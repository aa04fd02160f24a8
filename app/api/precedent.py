"""Precedents: searching them, what looks like a text, and what cites what."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

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
from app.schemas.query import PrecedentQuery
from app.services import facet
from app.services.external import CitedBy, citing_rulings, external_decision, laws_of
from app.services.finding import ORDER, WORDS, alike, facets, found, search_of, suggestions
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
# Of another body everything after the prefix, which may hold any sign.
EXTERNAL_NUMBER = f"{numbers.EXTERNAL}:<path:external>"


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
    summary="Precedenten die op een tekst lijken; met een token ook bekende knelpunten die u mag zien",
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
    f"/{COLLECTION}/<number>/verwijzingen",
    name="verwijzingen",
    summary="Wat een precedent aanhaalt, en wat het precedent aanhaalt",
    tag=TAG,
    gives=CitationsSchema,
    public=True,
)
def cited(call: Call, number: str) -> Answer:
    """Both sides, in the words of the public records."""
    precedent = process_numbered(call.work, Precedent, number)
    public = public_text(call.work, precedent)
    found = citations(call.work, precedent, public)
    outside = _cites_outside(public.record if public is not None else {})
    return Answer({"cites": [*_cites(found.cites), *outside], "cited_by": _cites(found.cited_by)})


@operation(
    "GET",
    f"/{COLLECTION}/{EXTERNAL_NUMBER}",
    name="externBesluit",
    summary="Eén besluit van een andere instantie",
    tag=TAG,
    gives=ExternalDecisionSchema,
    public=True,
    tagged=True,
)
def show_external(call: Call, external: str) -> Answer:
    """The decision as that body published it."""
    found = external_decision(call.work, f"{numbers.EXTERNAL}:{external}")
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
    return Answer({**{name: getattr(found, name) for name in names}, "kind": EXTERNAL, "laws": laws})


@operation(
    "GET",
    f"/{COLLECTION}/{EXTERNAL_NUMBER}/verwijzingen",
    name="verwijzingenExtern",
    summary="Welke openbare uitspraken een besluit van een andere instantie aanhalen",
    tag=TAG,
    gives=CitationsSchema,
    public=True,
)
def external_cited(call: Call, external: str) -> Answer:
    """What another body cites is not known here."""
    found = external_decision(call.work, f"{numbers.EXTERNAL}:{external}")
    return Answer({"cites": [], "cited_by": _cites(citing_rulings(call.work, found))})


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


def _cites(found: Sequence[Cite | CitedBy]) -> list[Values]:
    return [{"number": one.number, "relation": one.relation, "reason": one.reason, "title": one.title} for one in found]


def _row(work: Work, row: HitRow) -> Values:
    """What was found; a decision of another body never has a status of the commission."""
    kind = PROCESSES.get(row.kind)
    state = work.workflows[kind, row.version].states[row.state] if kind else None
    return {
        "number": row.number,
        "kind": row.kind,
        "title": row.name,
        "source": row.source,
        "state": row.state if state else None,
        "state_label": state.label if state else None,
        "score": row.score,
        "fragment": as_html(row.best),
        "why": row.why.lines(),
    }
