"""Precedents: searching them, what looks like a text, and what cites what."""

import html
import re
from collections.abc import Sequence
from typing import Any

from app.adapters.search import stems
from app.api.operation import JSON, Answer, Call, operation
from app.api.process import known_states
from app.api.representation import Values
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.db.precedent import Precedent
from app.domain.law import LawReference
from app.schemas.hit import CitationsSchema, SearchSchema, SimilarSchema
from app.schemas.precedent import SimilarForm
from app.schemas.query import PrecedentQuery
from app.services.facet import (
    CONCLUSION,
    LAW,
    SOURCE,
    STATE,
    TYPE,
    YEAR,
    Faceted,
    counts,
    faceted,
    remaining,
    shared_articles,
)
from app.services.law import known_laws
from app.services.overview import process_numbered
from app.services.precedent import Cite, citations, public_text
from app.services.search import hits, newest
from app.services.work import Work

COLLECTION = COLLECTIONS[Precedent.kind_name()]
TAG = COLLECTION.capitalize()
RULING, CASE = "uitspraak", Case.kind_name()
CANDIDATES = 200
SHARED_ARTICLE = 2.0
WORD = re.compile(r"\w+")


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
    candidates = hits(work, words, cases=False, limit=CANDIDATES) if words else newest(work, limit=CANDIDATES)
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
    candidates = hits(work, asked["text"], cases=work.actor.account_id is not None, limit=CANDIDATES)
    found = sorted(faceted(work, candidates), key=lambda one: (-_score(one, laws), one.hit.process.number))
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
    found = citations(call.work, precedent, public_text(call.work, precedent))
    return Answer({"cites": _cites(found.cites), "cited_by": _cites(found.cited_by)})


def _cites(found: Sequence[Cite]) -> list[Values]:
    return [{"number": one.number, "relation": one.relation, "reason": one.reason, "title": one.title} for one in found]


def _hit(work: Work, one: Faceted, laws: Sequence[LawReference]) -> dict[str, Any]:
    hit, process = one.hit, one.hit.process
    shared = shared_articles(one, laws)
    why = [f"woorden: {', '.join(hit.words)}"] if hit.words else []
    why += [f"artikel: {law.label(known_laws())}" for law in shared]
    return {
        "number": process.number,
        "kind": RULING if isinstance(process, Precedent) else CASE,
        "title": one.title,
        "state": process.state,
        "state_label": work.workflows[process.kind, process.version].states[process.state].label,
        "score": _score(one, laws),
        "fragment": highlighted(hit.excerpt, hit.words),
        "why": why,
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
