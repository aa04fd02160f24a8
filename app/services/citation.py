"""Places in the law that texts name: kept with the index, and what naming them brings a text in a search."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.adapters.search.among import among_words
from app.db.case import Case, CaseLaw
from app.db.external import ExternalDecision
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.search import LawMention, SearchText
from app.domain.citation import UNCLEAR, Asked, Mention, Place, Reference, asked, mentions, places_of
from app.domain.errors import Invalid
from app.domain.law import BWB, CELEX, CVDR, LawReference, parse
from app.domain.law import Laws as KnownLaws
from app.domain.register import TEXTS
from app.services.law import known_laws
from app.services.work import Work

CERTAIN = 1_000.0
"""What an exact place brings a text when the question is about that place: more than words ever do."""
SHARED = 8.0
"""What it brings when somebody tells a story that names it: as much as a rare word."""
MOST_OF_A_TEXT = 200
MOST_ASKED = 20
MOST_FOUND, ENOUGH = 5_000, 1_000
"""So many rows are read of each level; and of so many texts nobody asks for one that is further away."""
LONGEST_TEXT = 200_000
AT_ONCE = 500
MOST_LAWS, MOST_ARTICLES, MOST_OF_A_LAW = 100, 50, 300

# How near a place that a text names is to the place that is asked.
EXACT, PART_OF_IT, SAME_PARAGRAPH, SAME_ARTICLE, OTHER_PARAGRAPH, SAME_LAW = 1.0, 0.7, 0.5, 0.4, 0.25, 0.05
LESS_LIKELY = 0.9
"""What is left of it for each next name that a law may have."""


class Counted(NamedTuple):
    """A law or an article, in how many public precedents and in how many decisions of other bodies it is named."""

    reference: LawReference
    precedents: int
    decisions: int


class Indexed(NamedTuple):
    """A text of the index with the places that it names."""

    text_id: int
    public: bool
    references: Iterable[Reference]


def understand(question: str) -> Asked:
    """Which places in the law a question names, and what else it says."""
    return asked(question, known_laws())


def named_in(text: str) -> list[Mention]:
    """The places in the law that a text names, in order, with the stretches that name them."""
    return mentions(text, known_laws())


def references_of(text: str, laws: KnownLaws | None = None) -> list[Reference]:
    """The places that a text names, each once."""
    found = mentions(text[:LONGEST_TEXT], known_laws() if laws is None else laws)
    return list(dict.fromkeys(mention.reference for mention in found))


def references_of_case(work: Work, case: Case) -> list[Reference]:
    """The laws that a case was given, and the places that its words name."""
    rows = work.session.scalars(select(CaseLaw).where(CaseLaw.case_id == case.id).order_by(CaseLaw.id))
    given = [_given(row.system, row.identifier, row.article, row.paragraph, row.part) for row in rows]
    return _each_once(given, (case.title, case.key_question, case.description))


def references_of_record(record: Mapping[str, Any]) -> list[Reference]:
    """The laws on which a public record rests, and the places that its texts name."""
    given = [_addressed(row.get("jci"), row.get("label"), row.get("url")) for row in record.get("grondslagen") or ()]
    return _each_once(given, [record.get(name) or "" for name in ("titel", "kernvraag", *TEXTS)])


def references_of_decision(decision: ExternalDecision) -> list[Reference]:
    """The laws that a decision of another body was brought in with, and the places that its text names."""
    given = [
        _given(row["system"], row["identifier"], row.get("article"), row.get("paragraph"), row.get("part"))
        for row in decision.laws
    ]
    # A judgment is found by its own number.
    return _each_once(given, (decision.source_id, decision.title, decision.summary, decision.text))


def keep_mentions_of_many(session: Session, texts: Sequence[Indexed]) -> None:
    """Replace the places of many texts: one statement for as many as an import has."""
    ids = [one.text_id for one in texts]
    for start in range(0, len(ids), AT_ONCE):
        session.execute(delete(LawMention).where(LawMention.text_id.in_(ids[start : start + AT_ONCE])))
    rows = [
        {"text_id": one.text_id, "public": one.public, **place._asdict()}
        for one in texts
        for place in kept_places(one.references)
    ]
    if rows:
        session.execute(insert(LawMention).execution_options(render_nulls=True), rows)


def texts_about(
    session: Session, references: Iterable[Reference], *, public: bool = True, worth: float = CERTAIN
) -> dict[int, float]:
    """What naming these places, or others near to them, brings each text of the index, by its id.

    Looks in what everybody may read; or, with `public` false, in the cases that the reader of this session may see.
    `worth` is for the exact place; each place that is asked counts apart.
    """
    asked_places = [places_of(reference) for reference in list(references)[:MOST_ASKED]]
    if not asked_places:
        return {}
    named = _named(session, [place for places in asked_places for place in places], public=public)
    near = {
        text_id: sum(_nearest(places, mentioned) for places in asked_places) for text_id, mentioned in named.items()
    }
    return {text_id: worth * value for text_id, value in near.items() if value}


def texts_naming(session: Session, articles: Collection[tuple[str, str]]) -> list[tuple[int, bool]]:
    """The texts of the index that name one of these articles, by law, each with whether everybody may read it.

    Who may see a text has still to be asked, and some more may be among them. All are told: where it stopped would
    depend on texts that the reader may not see.
    """
    if not articles:
        return []
    asked = {"laws": [law for law, _ in articles], "articles": [article for _, article in articles]}
    return [(text_id, public) for text_id, public in session.connection().execute(_NAMING, asked)]


# Each page of a case asks it, so it is made once.
_NAMING = (
    select(LawMention.text_id, LawMention.public)
    .where(among_words(LawMention.identifier, "laws"), among_words(LawMention.article, "articles"))
    .distinct()
)


def nearness(references: Iterable[Reference], named: Iterable[Reference]) -> float:
    """How near what a text names comes to these places; one for an exact place, and each that is asked counts apart."""
    mentioned = [place for reference in named for place in places_of(reference)]
    return sum(_nearest(places_of(reference), mentioned) for reference in list(references)[:MOST_ASKED])


def counts_by_law(work: Work) -> list[Counted]:
    """The laws that public texts name, the most named first; one query."""
    return _counts(work, [LawMention.system, LawMention.identifier], MOST_LAWS)


def counts_by_article(work: Work, law: str | None = None) -> list[Counted]:
    """The articles that public texts name, of all laws or of one, the most named first; one query."""
    columns = [LawMention.system, LawMention.identifier, LawMention.article]
    is_article = LawMention.article.is_not(None)
    if law is None:
        return _counts(work, columns, MOST_ARTICLES, is_article)
    return _counts(work, columns, MOST_OF_A_LAW, is_article, LawMention.identifier == law.partition("/")[0])


def _counts(work: Work, columns: Sequence[Any], most: int, *conditions: ColumnElement[bool]) -> list[Counted]:
    texts = func.count(LawMention.text_id.distinct())
    of_commission = texts.filter(SearchText.kind == Precedent.kind_name())
    of_others = texts.filter(SearchText.process_id.is_(None))
    query = (
        select(*columns, of_commission, of_others)
        .join(SearchText, SearchText.id == LawMention.text_id)
        .where(LawMention.public, SearchText.public, LawMention.system.in_((BWB, CVDR, CELEX)), *conditions)
        .group_by(*columns)
        .order_by(texts.desc(), *columns[1:])
        .limit(most)
    )
    return [
        Counted(reference, one, other)
        for *place, one, other in work.session.execute(query)
        if (reference := _given(*place))
    ]


def _each_once(given: Iterable[LawReference | None], texts: Iterable[str]) -> list[Reference]:
    """What was given goes first, so that it is never what no longer fits."""
    found: list[Reference] = [reference for reference in given if reference is not None]
    for text in texts:
        found += references_of(text)
    return list(dict.fromkeys(found))


def kept_places(references: Iterable[Reference]) -> list[Place]:
    """The places that are kept of a text that names these."""
    places = dict.fromkeys(place for reference in references for place in places_of(reference))
    return list(places)[:MOST_OF_A_TEXT]


def _given(
    system: str, identifier: str, article: str | None = None, paragraph: str | None = None, part: str | None = None
) -> LawReference | None:
    try:
        return LawReference(system, identifier, article, paragraph, part)
    except Invalid:
        # What was taken in before the rules were as they are now.
        return None


def _addressed(*addresses: str | None) -> LawReference | None:
    """The reference with the most in it: a jci string, the words, or an address, which for Europe has no article."""
    for address in addresses:
        try:
            if address:
                return parse(address, known_laws())
        except Invalid:
            # An address of which something was left out is no address any more.
            continue
    return None


# --- near to what is asked -------------------------------------------------------------------------------------------


def _named(session: Session, places: Sequence[Place], *, public: bool) -> dict[int, list[Place]]:
    """The places in these laws that texts name, by the id of the text.

    First of those with the same article, and of too many with just that place; only of a few texts the law alone.
    """
    found: dict[int, list[Place]] = {}

    def read(condition: ColumnElement[bool]) -> bool:
        rows = session.execute(_mentioning(condition, public=public)).all()
        for text_id, *place in rows:
            found.setdefault(text_id, []).append(Place(*place))
        return len(rows) == MOST_FOUND

    articles = [place for place in places if place.article is not None]
    if articles and read(or_(*(and_(_in_law(place), LawMention.article == place.article) for place in articles))):
        read(or_(*(and_(_in_law(place), *_exactly(place)) for place in articles)))
    if len(found) < ENOUGH:
        read(or_(*(_in_law(place) for place in places)))
    return found


def _in_law(place: Place) -> ColumnElement[bool]:
    return and_(LawMention.identifier == place.identifier, LawMention.system.in_((place.system, UNCLEAR)))


def _exactly(place: Place) -> Iterator[ColumnElement[bool]]:
    columns = (LawMention.article, LawMention.paragraph, LawMention.part)
    for column, value in zip(columns, place[2:], strict=True):
        yield column.is_(None) if value is None else column == value


def _mentioning(condition: ColumnElement[bool], *, public: bool) -> Select[Any]:
    """The newest texts that name such places, so many at most, each with the place it names."""
    columns: tuple[InstrumentedAttribute[Any], ...] = (
        LawMention.text_id,
        LawMention.system,
        LawMention.identifier,
        LawMention.article,
        LawMention.paragraph,
        LawMention.part,
    )
    query = select(*columns).where(condition).order_by(LawMention.text_id.desc(), LawMention.id).limit(MOST_FOUND)
    if public:
        return query.where(LawMention.public)
    # Joined with the process, so that the session leaves out what its reader may not see.
    seen = query.join(SearchText, SearchText.id == LawMention.text_id).join(
        Process, Process.id == SearchText.process_id
    )
    return seen.where(~LawMention.public)


def _nearest(places: Sequence[Place], mentioned: Sequence[Place]) -> float:
    """How near a text comes to a place that is asked, which may be called by several names."""
    return max(
        (_nearness(place, one) * LESS_LIKELY**order for order, place in enumerate(places) for one in mentioned),
        default=0.0,
    )


def _nearness(place: Place, named: Place) -> float:
    if place.identifier != named.identifier or named.system not in {place.system, UNCLEAR}:
        return 0.0
    certainty = LESS_LIKELY if named.system != place.system else 1.0
    return certainty * _nearness_in_law(place, named)


def _nearness_in_law(place: Place, named: Place) -> float:
    if place[2:] == named[2:]:
        return EXACT
    if place.article is None:
        return PART_OF_IT
    if place.article != named.article:
        return SAME_LAW
    if place.paragraph != named.paragraph:
        return SAME_ARTICLE if None in (place.paragraph, named.paragraph) else OTHER_PARAGRAPH
    return PART_OF_IT if None in (place.part, named.part) else SAME_PARAGRAPH
