"""The facets of what can be found: which values a text has, and which texts have a value.

What a text has is read from what everybody may read of it, when it is indexed: of its file more may be known. Two are
read where they change or stand by themselves: the status of a precedent, and the places in the law that a text names.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, or_, select
from sqlalchemy.orm import Session

from app.config import value_list
from app.db.organisation import Organisation
from app.db.peer import CopiedDecision
from app.db.precedent import Precedent
from app.db.search import LawMention, SearchFacet, SearchText
from app.domain.citation import Reference
from app.domain.law import IDENTIFIERS, system_of
from app.domain.ruling import WEIGHED
from app.domain.source import EXTERNAL
from app.services.citation import kept_places
from app.services.work import Work

TYPE, LAW, ARTICLE, SECTOR, PARTY, STATE = "type", "wet", "artikel", "sector", "partij", "status"
CONCLUSION, YEAR, SOURCE, WHOSE = "conclusie", "jaar", "bron", "van"
CAN, MAY, SHOULD = WEIGHED
FACETS: Mapping[str, str] = {
    TYPE: "Soort knelpunt",
    CONCLUSION: "Conclusie",
    CAN: "Kan het?",
    MAY: "Mag het?",
    SHOULD: "Is het wenselijk?",
    STATE: "Status",
    LAW: "Wet",
    ARTICLE: "Artikel",
    SECTOR: "Sector",
    PARTY: "Partij",
    YEAR: "Jaar",
    SOURCE: "Wie besliste",
    WHOSE: "Van wie",
}
OF_COMMISSION, OF_FOLLOWED, OF_OTHERS = "commissie", "gevolgd", "anderen"
KINDS = (Precedent.kind_name(), EXTERNAL)
LONGEST_VALUE = 200

LISTS = {
    TYPE: "knelpunttype",
    CONCLUSION: "conclusie",
    CAN: "oordeel",
    MAY: "oordeel",
    SHOULD: "oordeel",
    SECTOR: "sector",
}
"""The value lists that say what people read."""
WORDS = {
    WHOSE: {
        OF_COMMISSION: "De commissie",
        OF_FOLLOWED: "Gevolgde installaties",
        OF_OTHERS: "Andere instanties",
    }
}
OUTSIDE_GOVERNMENT = "overig"

Wanted = Mapping[str, Sequence[str]]
"""By facet the values of which one is wanted; none wanted narrows nothing."""


# --- what a text has --------------------------------------------------------------------------------------------------


def keep_facets(session: Session, values: Mapping[int, Iterable[tuple[str, str]]]) -> None:
    """Let new texts have these values; by the id of the text. They go when the text goes."""
    rows = [
        {"text_id": text_id, "facet": facet, "value": value}
        for text_id, having in values.items()
        for facet, value in dict.fromkeys(having)
    ]
    if rows:
        session.execute(insert(SearchFacet), rows)


def told(facets: Iterable[tuple[str, str]], laws: Iterable[Reference]) -> str:
    """All values of a text as counting reads them. A text that names local law in two versions names one law."""
    places = [place for place in kept_places(laws) if place.system in IDENTIFIERS]
    having = [
        *(f"{facet}:{value}" for facet, value in facets),
        *(f"{LAW}:{place.identifier.partition('/')[0]}" for place in places),
        *(f"{ARTICLE}:{place.identifier}:{place.article}" for place in places if place.article is not None),
    ]
    return "\n".join(dict.fromkeys(" ".join(one.split()) for one in having))


def facets_of_record(work: Work, precedent: Precedent, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the public record of a ruling says."""
    names = [row.get("naam") or "" for row in record.get("partijen") or ()]
    weighing = record.get("weging") or {}
    body = record.get("orgaan")
    having = [
        *facets_of_gone(precedent),
        *((TYPE, _code(row)) for row in record.get("typen") or ()),
        (CONCLUSION, _code(record.get("conclusie"))),
        *((part, _code((weighing.get(part) or {}).get("oordeel"))) for part in WEIGHED),
        *((SECTOR, sector) for sector in _sectors(work, names)),
        *((PARTY, name[:LONGEST_VALUE]) for name in names),
        (SOURCE, body if isinstance(body, str) else ""),
    ]
    return [(facet, value) for facet, value in having if value]


def facets_of_gone(precedent: Precedent) -> list[tuple[str, str]]:
    """What is still told of a ruling of which the text was taken away."""
    return [(WHOSE, OF_COMMISSION), (YEAR, _year(precedent.number))]


def facets_of_decision(source: str, types: Iterable[str], decided_on: date | None) -> list[tuple[str, str]]:
    """What a decision of another body has: no state and no conclusion in the words of the commission."""
    year = [(YEAR, f"{decided_on.year:04}")] if decided_on else []
    return [(WHOSE, OF_OTHERS), (SOURCE, source), *((TYPE, code) for code in types), *year]


def facets_of_copy(record: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What a copy has beside that: what its record says, as far as it is still public where it comes from."""
    record = record or {}
    weighing = record.get("weging") or {}
    having = [
        (WHOSE, OF_FOLLOWED),
        (CONCLUSION, _code(record.get("conclusie"))),
        *((part, _code((weighing.get(part) or {}).get("oordeel"))) for part in WEIGHED),
        *((PARTY, (row.get("naam") or "")[:LONGEST_VALUE]) for row in record.get("partijen") or ()),
    ]
    return [(facet, value) for facet, value in having if value]


def _code(coded: Any) -> str:
    return str(coded["code"]) if isinstance(coded, Mapping) else ""


def _year(number: str) -> str:
    parts = number.split(":")
    return parts[1] if len(parts) == 3 else ""


def _sectors(work: Work, names: Collection[str]) -> set[str]:
    """The kinds of organisations that take part, as far as their public names tell."""
    known = value_list("sector")
    query = select(Organisation.name, Organisation.kind).where(Organisation.name.in_(names))
    kinds = dict(work.session.execute(query).all()) if names else {}
    found = {kinds.get(name) or name.partition(" ")[0].lower() for name in names}
    outside = {OUTSIDE_GOVERNMENT} if any(name in kinds and kinds[name] not in known for name in names) else set()
    return {sector for sector in found if sector in known} | outside


# --- which texts have a value -----------------------------------------------------------------------------------------


def narrowed(wanted: Wanted, *more: ColumnElement[bool]) -> Select[int]:
    """The ids of the public texts that have one of the wanted values in each facet for which any is wanted."""
    having = (SearchText.id.in_(texts_with(facet, values)) for facet, values in wanted.items() if values)
    return select(SearchText.id).where(SearchText.public, SearchText.kind.in_(KINDS), *having, *more)


def texts_with(facet: str, values: Sequence[str]) -> Select[int]:
    """The ids of the texts that have one of these values."""
    if facet in OTHERWISE:
        return OTHERWISE[facet](values)
    return select(SearchFacet.text_id).where(SearchFacet.facet == facet, SearchFacet.value.in_(values))


def _in_state(values: Sequence[str]) -> Select[int]:
    """Of the commission, and of who says of a copy that it is in a state with this name."""
    own = select(Precedent.id).where(Precedent.state.in_(values))
    copied = select(CopiedDecision.external_id).where(CopiedDecision.state.in_(values))
    return select(SearchText.id).where(or_(SearchText.process_id.in_(own), SearchText.external_id.in_(copied)))


def _naming_law(values: Sequence[str]) -> Select[int]:
    """Local law is meant in every version, unless one is said."""
    named: list[ColumnElement[bool]] = [LawMention.identifier.in_(values)]
    named += [LawMention.identifier.startswith(f"{value}/", autoescape=True) for value in values if "/" not in value]
    return select(LawMention.text_id).where(LawMention.public, or_(*named))


def _naming_article(values: Sequence[str]) -> Select[int]:
    """By law and article: BWBR0031331:3; without a law the article of any."""
    named = []
    for value in values:
        identifier, _, article = value.partition(":")
        if system_of(identifier) and article:
            named.append(and_(LawMention.identifier == identifier, LawMention.article == article))
        else:
            named.append(LawMention.article == value)
    return select(LawMention.text_id).where(LawMention.public, or_(*named))


OTHERWISE: Mapping[str, Callable[[Sequence[str]], Select[int]]] = {
    STATE: _in_state,
    LAW: _naming_law,
    ARTICLE: _naming_article,
}
"""What is not kept with the index."""
