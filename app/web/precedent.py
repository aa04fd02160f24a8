"""Precedents: looking for one, and reading when it can be used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.external import ExternalDecision
from app.db.kind import path_of
from app.db.precedent import Precedent
from app.domain import number as numbers
from app.domain.access import PRECEDENT_KEEPERS
from app.domain.dutch import listing
from app.domain.errors import Invalid
from app.services import hit
from app.services.application import objections
from app.services.asked import ORDERS, WORDS, Search, search_of, written
from app.services.copied import Cites, Copy, cited_by_copies, cited_in_copy, copy_of, followed, treatment_of
from app.services.count import Count, label_of
from app.services.export import table_of_precedents
from app.services.external import citing_rulings, external_decision, laws_of
from app.services.facet import FACETS, LAW
from app.services.finding import (
    KnownCase,
    facets,
    found,
    known_cases,
    meant_laws,
    not_yet_public,
    shorter,
    suggestions,
    ways_out,
)
from app.services.hit import HitRow, Why
from app.services.law import known_laws
from app.services.matching import like_ruling
from app.services.meaning import told
from app.services.outcome import outcome_of_ruling
from app.services.overview import overview, process_numbered
from app.services.precedent import citations, later_rulings, public_text
from app.services.recognition import times_answered
from app.services.synonym import may_extend
from app.web import record as records
from app.web import shape
from app.web.access import EVERYBODY, WHEN_PUBLIC, access
from app.web.errors import sentences
from app.web.matching import cards
from app.web.record import path_of_external
from app.web.table import csv_response

pages = Blueprint("precedent", __name__)


@pages.get("/precedenten")
@access(EVERYBODY)
def index() -> ResponseReturnValue:
    """What looks like the words that were given, the best first; or every precedent, the newest first."""
    asked = request.args.to_dict(flat=False)
    try:
        search = search_of(asked)
    except Invalid as error:
        return _refused(written(asked), sentences(error)), 400
    finding = found(g.work, search, after=request.args.get("na") or None)
    following, begun = finding.following, "na" in request.args
    return render_template(
        "precedent/index.html",
        faults={},
        search=search,
        finding=finding,
        rows=[_row(row) for row in finding.rows],
        orders=[
            (label, _address(replace(search, order=order)), order == search.order) for order, label in ORDERS.items()
        ],
        hidden=[one for one in _parameters(search) if one[0] != WORDS],
        parameters=_parameters(search),
        notes=finding.notes,
        facets=_facets(search, facets(g.work, search, finding)),
        chosen=_chosen(search),
        said=[] if finding.asked.query.is_plain else finding.asked.query.said(),
        places=[place.label(known_laws()) for place in finding.asked.places],
        meant=[(name, _linked(laws)) for name, laws in meant_laws(search, finding)],
        suggested=_linked(suggestions(g.work, search, finding)),
        shorter=_linked(shorter(search, finding)),
        ways=[] if finding.rows else [(way, _address(way.search)) for way in ways_out(g.work, search, finding)],
        cases=[_case(one) for one in known_cases(g.work, search, finding)],
        unpublished=[] if not search.is_empty else not_yet_public(g.work),
        law=search.wanted[LAW][0] if LAW in search.wanted else None,
        table_url=url_for("precedent.table", **search.parameters()),
        all_url=url_for("precedent.index"),
        keeps=bool(g.work.actor.roles & PRECEDENT_KEEPERS),
        meaning=told(g.work),
        followed=followed(g.work),
        may_extend=may_extend(g.work),
        next_url=url_for("precedent.index", **search.parameters(), na=following) if following else None,
        first_url=_address(search) if begun else None,
    )


@pages.get("/precedenten.csv")
@access(EVERYBODY)
def table() -> ResponseReturnValue:
    """Exactly that list as a file."""
    search = search_of(request.args.to_dict(flat=False))
    return csv_response("precedenten", table_of_precedents(g.work, search))


@pages.get("/precedenten/EXT:<path:external>")
@access(EVERYBODY)
def show_external(external: str) -> ResponseReturnValue:
    """A decision of another body, plainly marked as that, with where it can be read there."""
    decision = external_decision(g.work, f"{numbers.EXTERNAL}:{external}")
    copied = copy_of(g.work, decision)
    shown = {
        "decision": decision,
        "url": path_of_external(decision.number),
        "laws": [{"label": law.label(known_laws()), "url": law.public_url()} for law in laws_of(decision)],
        "types": [value_list("knelpunttype").get(code, code) for code in decision.types],
        "cited_by": [
            {
                "number": row.number,
                "url": url_for("ruling.show", number=row.number),
                "title": row.title,
                "relation": row.relation_label,
                "reason": row.reason,
            }
            for row in citing_rulings(g.work, decision)
        ],
    }
    if copied is None:
        return render_template("external/show.html", **shown)
    return render_template("external/copy.html", **shown, **_copied(decision, copied))


def _copied(decision: ExternalDecision, copied: Copy) -> dict[str, Any]:
    """What a copy has beside that: where it comes from and how old it is, where it stands, and its whole record."""
    record = copied.decision.record or {}
    return {
        "copied": copied.decision,
        "peer": copied.peer,
        "is_followed": copied.is_followed,
        "is_old": copied.is_old(g.work.now),
        "fault": copied.fault,
        "told": copied.decision.treatment,
        "treatment": treatment_of(g.work, copied),
        "path_of": path_of_external,
        "record": record,
        "conclusion": records.concluded(record.get("conclusie")),
        "weights": records.weights(record.get("weging")),
        "tests": records.tests(record),
        "status": hit.standing_of_copy(copied.decision),
        "cites": _cited(cited_in_copy(g.work, decision)),
        "cited_there": _cited(cited_by_copies(g.work, decision.number)),
    }


def _cited(rows: Sequence[Cites]) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "url": path_of_external(row.number) if row.known else None,
            "title": row.title,
            "relation": row.relation_label,
            "reason": row.reason,
        }
        for row in rows
    ]


@pages.get("/precedenten/<number>")
@access(WHEN_PUBLIC)
def show(number: str) -> ResponseReturnValue:
    """One precedent: whether it stands, the rule, and when one can rely on it."""
    precedent = process_numbered(g.work, Precedent, number)
    shown = overview(g.work, precedent)
    public = public_text(g.work, precedent)
    cited = citations(g.work, precedent, public)
    readable = public is not None and public.withdrawn_at is None
    record = public.record if public is not None and readable else {}
    state = records.state_of(g.work, precedent.version, precedent.state)
    in_force = precedent.in_force_from is not None
    given = shape.page(g.work, shown)
    return render_template(
        "precedent/show.html",
        **{**given, "tone": records.standing(state, is_nuanced=precedent.is_nuanced, in_force=in_force)},
        precedent=precedent,
        objections=objections(g.work, precedent),
        later=later_rulings(g.work, precedent),
        heading=public.title if public else precedent.title,
        rule=record.get("kernregel") or ("" if precedent.public else precedent.rule),
        question=record.get("kernvraag"),
        conclusion=records.concluded(
            {"code": precedent.conclusion, "label": value_list("conclusie").get(precedent.conclusion, "")}
        ),
        record=record,
        is_published=public is not None,
        gone_because=public.withdrawn_because if public is not None and not readable else None,
        drawn=records.picture(precedent.number, state.label, ended=state.final, record=record, around=cited),
        cites=records.cited(cited.cites),
        cited_by=records.cited(cited.cited_by),
        questions=list(value_list("toepassingsvraag").values()),
        outcomes=outcome_of_ruling(g.work, precedent.number),
        answered=times_answered(g.work, precedent.number) if precedent.public else 0,
        alike=cards(g.work, like_ruling(g.work, public)),
    )


def _refused(search: Search, faults: Sequence[str]) -> str:
    """The search as it was written, with what cannot be asked, and nothing found."""
    return render_template(
        "precedent/index.html",
        faults={"": faults},
        search=search,
        hidden=[one for one in _parameters(search) if one[0] != WORDS],
        chosen=_chosen(search),
        all_url=url_for("precedent.index"),
        keeps=bool(g.work.actor.roles & PRECEDENT_KEEPERS),
        cases=[],
        unpublished=[],
        facets=[],
    )


def _address(search: Search) -> str:
    return _at(url_for("precedent.index"), search.words, _filters(search))


def _at(root: str, words: str, filters: str) -> str:
    asked = "&".join(written for written in (_of_words(words), filters) if written)
    return f"{root}?{asked}" if asked else root


# A page has many links that differ in their filters alone, and these are those of the page before it.
@lru_cache(maxsize=8)
def _of_words(words: str) -> str:
    return urlencode({WORDS: words}) if words else ""


@lru_cache(maxsize=2048)
def _toggled(wanted: tuple[tuple[str, Sequence[str]], ...], order: str, facet: str, value: str) -> str:
    """What is asked beside the words once a value is chosen, or taken away."""
    return _filters(Search(wanted=dict(wanted), order=order).toggled(facet, value))


def _filters(search: Search) -> str:
    return urlencode([one for one in _parameters(search) if one[0] != WORDS])


def _parameters(search: Search) -> list[tuple[str, str]]:
    """The search as the fields of a form."""
    given = search.parameters().items()
    return [(name, one) for name, values in given for one in ([values] if isinstance(values, str) else values)]


def _linked(searches: Iterable[tuple[str, Search]]) -> list[tuple[str, str]]:
    return [(label, _address(search)) for label, search in searches]


def _facets(search: Search, counted: Mapping[str, Sequence[Count]]) -> list[dict[str, Any]]:
    """Each facet with its values: a link adds one, or takes it away again."""
    root, wanted = url_for("precedent.index"), tuple(search.wanted.items())
    return [
        {
            "name": facet,
            "label": FACETS[facet],
            "chosen": facet in search.wanted,
            "values": [
                {
                    "label": one.label,
                    "amount": one.amount,
                    "chosen": one.value in search.wanted.get(facet, ()),
                    "url": _at(root, search.words, _toggled(wanted, search.order, facet, one.value)),
                }
                for one in values
            ],
        }
        for facet, values in counted.items()
        if values
    ]


def _chosen(search: Search) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the address without it."""
    return [
        {
            "label": f"{FACETS[facet]}: {label_of(g.work, facet, value)}",
            "url": _address(search.toggled(facet, value)),
        }
        for facet, values in search.wanted.items()
        for value in values
    ]


def _case(known: KnownCase) -> dict[str, Any]:
    case = known.case
    state = g.work.workflows[case.kind, case.version].states[case.state]
    return {
        "number": case.number,
        "url": path_of(case),
        "title": case.title,
        "status": state.label,
        "tone": shape.tone(state),
        "solved": known.solved,
    }


def _row(row: HitRow) -> dict[str, Any]:
    shown = {
        "number": row.number,
        "title": row.title,
        "text": row.text,
        "passage": row.passage,
        "place": row.place,
        "why": _why(row.why),
        "source": row.source,
        "day": row.day,
    }
    if row.source is not None:
        told = {"status": row.state_label, "tone": _tone(row), "conclusion": row.conclusion, "flags": row.flags}
        return {**shown, **told, "example": row.demonstration, "url": path_of_external(row.number)}
    state = records.state_of(g.work, row.version, row.state)
    return {
        **shown,
        "url": url_for("precedent.show", number=row.number),
        "conclusion": row.conclusion,
        "status": state.label,
        "tone": records.standing(state, is_nuanced=row.is_nuanced, in_force=row.in_force_from is not None),
        "ended": state.final,
        "flags": row.flags,
        "used": row.used_count,
        "example": row.demonstration,
    }


def _tone(row: HitRow) -> str:
    """Whether one may rely on a copy, as far as its source says."""
    if row.ended:
        return "danger"
    return "warning" if row.is_nuanced else "success"


def _why(why: Why) -> list[str]:
    """The reasons in words; of words alone only the words are told."""
    return [
        *([listing(why.words)] if why.words else []),
        *([f"het woorddeel {listing(why.parts)}"] if why.parts else []),
        *([f"dezelfde betekenis: {listing(why.meant)}"] if why.meant else []),
        *(why.articles),
    ]
