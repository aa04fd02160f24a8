"""Precedents: searching them, what looks like a text, and what cites what."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from app.adapters.search import EXTERNAL, stems
from app.api.operation import JSON, Answer, Call, operation
from app.api.process import known_states
from app.api.representation import Values
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.db.precedent import Precedent
from app.domain import number as numbers
from app.domain.law import LawReference
from app.schemas.external import ExternalDecisionSchema
from app.schemas.hit import CitationsSchema, SearchSchema, SimilarSchema
from app.schemas.precedent import SimilarForm
from app.schemas.query import PrecedentQuery
from app.services.external import CitedBy, citing_rulings, external_decision, laws_of
from app.services.facet import (
    CONCLUSION,
    LAW,
    SOURCE,
    STATE,
    TYPE,
    YEAR,
    Faceted,
    Wanted,
    counts,
    decisions_with,
    faceted,
    precedents_with,
    remaining,
    shared_articles,
    texts_of,
)
from app.services.law import known_laws
from app.services.overview import process_numbered
from app.services.precedent import Cite, citations, public_text
from app.services.search import AnyHit, ExternalHit, hits_of_every_body, newest, newest_of_other_bodies
from app.services.work import Work

COLLECTION = COLLECTIONS[Precedent.kind_name()]
TAG = COLLECTION.capitalize()
RULING, CASE = "uitspraak", Case.kind_name()
CANDIDATES = 200
SHARED_ARTICLE = 2.0
WORD = re.compile(r"\w+")
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
    words = query.get("words") or ""
    wanted = {
        STATE: known_states(work, Precedent.kind_name(), query.get("states") or ()),
        TYPE: query.get("types") or (),
        LAW: query.get("laws") or (),
        CONCLUSION: query.get("conclusions") or (),
        YEAR: query.get("years") or (),
        SOURCE: query.get("sources") or (),
    }
    candidates = _candidates(work, words, wanted)
    found = remaining(faceted(work, candidates), wanted)
    facets = {
        facet: [{"value": one.value, "label": one.label, "amount": one.amount} for one in values]
        for facet, values in counts(found).items()
    }
    body = {
        "results": [_hit(work, one, ()) for one in found[: query["amount"]]],
        "total": len(found),
        "capped": len(candidates) == CANDIDATES,
        "facets": facets,
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
    candidates = hits_of_every_body(work, asked["text"], cases=work.actor.account_id is not None, limit=CANDIDATES)
    found = sorted(faceted(work, candidates), key=lambda one: (-_score(one, laws), one.hit.number))
    return Answer({"results": [_hit(work, one, laws) for one in found[: asked["limit"]]]})


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


def _candidates(work: Work, words: str, wanted: Wanted) -> Sequence[AnyHit]:
    """What the words find, or without words the newest; decisions of other bodies then only where they are asked.

    It is narrowed before the best are taken: what is not wanted takes no place among them.
    """
    if not any(wanted.values()):
        return hits_of_every_body(work, words, limit=CANDIDATES) if words else newest(work, limit=CANDIDATES)
    own, others = precedents_with(wanted), decisions_with(wanted)
    if words:
        return hits_of_every_body(work, words, limit=CANDIDATES, among=texts_of(own, others))
    sources = wanted[SOURCE]
    return [
        *newest(work, limit=CANDIDATES, among=own),
        *(newest_of_other_bodies(work, sources, limit=CANDIDATES, among=others) if sources else ()),
    ]


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


def _hit(work: Work, one: Faceted, laws: Sequence[LawReference]) -> dict[str, Any]:
    hit = one.hit
    shared = shared_articles(one, laws)
    why = [f"woorden: {', '.join(hit.words)}"] if hit.words else []
    why += [f"artikel: {law.label(known_laws())}" for law in shared]
    return {
        "number": hit.number,
        "title": one.title,
        **_standing(work, hit),
        "score": _score(one, laws),
        "fragment": highlighted(hit.excerpt, hit.words),
        "why": why,
    }


def _standing(work: Work, hit: AnyHit) -> dict[str, Any]:
    """What was found; a decision of another body never has a status of the commission."""
    if isinstance(hit, ExternalHit):
        return {"kind": EXTERNAL, "source": hit.decision.source, "state": None, "state_label": None}
    process = hit.process
    return {
        "kind": RULING if isinstance(process, Precedent) else CASE,
        "source": None,
        "state": process.state,
        "state_label": work.workflows[process.kind, process.version].states[process.state].label,
    }


def _score(one: Faceted, laws: Sequence[LawReference]) -> float:
    return round(one.hit.score + SHARED_ARTICLE * len(shared_articles(one, laws)), 3)


def highlighted(excerpt: str, words: Sequence[str]) -> str:
    """A stretch of text as HTML, with the words that match in `em`.

    >>> highlighted("Gemeenten & gegevens", stems("gegevens"))
    'Gemeenten &amp; <em>gegevens</em>'
    """
    parts, end = [], 0
    for match in WORD.finditer(excerpt):
        if set(stems(match[0])) & set(words):
            parts += [html.escape(excerpt[end : match.start()], quote=False), f"<em>{match[0]}</em>"]
            end = match.end()
    return "".join([*parts, html.escape(excerpt[end:], quote=False)])
